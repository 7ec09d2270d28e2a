// SPDX-License-Identifier: GPL-3.0-or-later
/* Processes. Pids are of a boot, and worth nothing after it. */
#include <stdlib.h>
#include <string.h>

#include "lineage.h"
#include "state_file.h"
#include "state_pack.h"

enum column {
	CHANGE,
	NODE,
	PID,
	GUID,
	PARENT,
	PPID,
	EXECS,
	DEPTH,
	ROUND,
	TIME,
	FLAGS,
	IDS,
	EXE,
	CMD,
	CONTAINER,
	STARTS,
	N_COLUMNS
};

static const struct state_column columns[] = {
	[CHANGE] = { "change", STATE_INTEGER, 1 },
	[NODE] = { "node", STATE_BYTES, 1 },
	[PID] = { "pid", STATE_INTEGER, 1 },
	[GUID] = { "guid", STATE_INTEGER, 1 },
	[PARENT] = { "parent", STATE_INTEGER, 1 },
	[PPID] = { "ppid", STATE_INTEGER, 1 },
	[EXECS] = { "execs", STATE_INTEGER, 1 },
	[DEPTH] = { "depth", STATE_INTEGER, 1 },
	[ROUND] = { "round", STATE_INTEGER, 1 },
	[TIME] = { "time_ms", STATE_INTEGER, 1 },
	[FLAGS] = { "flags", STATE_INTEGER, 1 },
	[IDS] = { "ids", STATE_BYTES, 1 },
	[EXE] = { "exe", STATE_BYTES, 1 },
	[CMD] = { "cmd", STATE_BYTES, 1 },
	[CONTAINER] = { "container", STATE_BYTES, 1 },
	[STARTS] = { "starts", STATE_BYTES, 1 },
};

_Static_assert(N_COLUMNS <= STATE_COLUMNS_MAX, "too many columns");

enum flag { FLAG_PAST = 1, FLAG_COMM = 2, FLAG_CUT = 4, FLAG_LOOKED_UP = 8 };

/* What stands in the column of that name. */
enum id { SERIAL, EXIT_SERIAL, EXIT_MS, SES, AUID, UID, N_IDS };

struct kept {
	struct lineage *lineage;
	struct str ids; /* what values are borrowed from */
};

static uint64_t change(void *arg)
{
	const struct kept *k = arg;

	return lineage_change(k->lineage);
}

static void pack_ids(struct str *to, const struct lineage_process *p)
{
	str_reset(to);
	state_put(to, p->serial);
	state_put(to, p->exit_serial);
	state_put(to, (uint64_t)p->exit_ms);
	state_put(to, p->ses);
	state_put(to, p->auid);
	state_put(to, p->uid);
}

static bool next(void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	struct lineage_process p;
	struct kept *k = arg;
	union state_value *v = to->values;
	uint32_t row;

	if (!lineage_changed(k->lineage, after, at, &row, &p, &to->is_gone))
		return false;
	to->id = row;
	if (to->is_gone)
		return true;
	pack_ids(&k->ids, &p);
	v[CHANGE].i = (int64_t)p.change;
	v[NODE].b = p.node;
	v[PID].i = p.pid;
	v[GUID].i = (int64_t)p.guid;
	v[PARENT].i = (int64_t)p.parent;
	v[PPID].i = p.ppid;
	v[EXECS].i = p.execs;
	v[DEPTH].i = p.depth;
	v[ROUND].i = p.round;
	v[TIME].i = p.time_ms;
	v[FLAGS].i = (p.is_past ? FLAG_PAST : 0) | (p.is_comm ? FLAG_COMM : 0) |
		     (p.is_cut ? FLAG_CUT : 0) |
		     (p.is_looked_up ? FLAG_LOOKED_UP : 0);
	v[IDS].b = str_bytes(&k->ids);
	v[EXE].b = p.exe;
	v[CMD].b = p.cmd;
	v[CONTAINER].b = p.container;
	v[STARTS].b = p.starts;
	return true;
}

static bool unpack_ids(struct lineage_process *p, struct bytes b)
{
	uint64_t v[N_IDS] = { 0 };

	for (size_t i = 0; i < N_IDS; i++)
		if (!state_get(&b, &v[i]))
			return false;
	if (b.len || v[EXIT_MS] > INT64_MAX)
		return false;
	p->serial = (uint32_t)v[SERIAL];
	p->exit_serial = (uint32_t)v[EXIT_SERIAL];
	p->exit_ms = (int64_t)v[EXIT_MS];
	p->ses = (uint32_t)v[SES];
	p->auid = (uint32_t)v[AUID];
	p->uid = (uint32_t)v[UID];
	return true;
}

static int take(void *arg, const struct state_row *from)
{
	static const enum column numbers[] = { PID, PPID, EXECS, DEPTH, ROUND };
	const union state_value *v = from->values;
	int64_t flags = v[FLAGS].i;
	struct kept *k = arg;
	struct lineage_process p = { .node = v[NODE].b,
		.exe = v[EXE].b,
		.cmd = v[CMD].b,
		.container = v[CONTAINER].b,
		.starts = v[STARTS].b,
		.guid = (uint64_t)v[GUID].i,
		.parent = (uint64_t)v[PARENT].i,
		.pid = (uint32_t)v[PID].i,
		.ppid = (uint32_t)v[PPID].i,
		.execs = (uint32_t)v[EXECS].i,
		.depth = (uint32_t)v[DEPTH].i,
		.round = (uint32_t)v[ROUND].i,
		.time_ms = v[TIME].i,
		.is_past = flags & FLAG_PAST,
		.is_comm = flags & FLAG_COMM,
		.is_cut = flags & FLAG_CUT,
		.is_looked_up = flags & FLAG_LOOKED_UP };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (v[numbers[i]].i < 0 || v[numbers[i]].i > UINT32_MAX)
			return -1;
	if (!unpack_ids(&p, v[IDS].b))
		return -1;
	return lineage_restore(k->lineage, &p);
}

static void fini(void *arg)
{
	struct kept *k = arg;

	str_fini(&k->ids);
}

int state_keep_lineage(struct state *st, struct lineage *l)
{
	struct kept *k = calloc(1, sizeof(*k));
	struct state_section section = { .name = "processes",
		.version = 1,
		.columns = columns,
		.n_columns = N_COLUMNS,
		.order = CHANGE,
		.is_of_boot = true,
		.change = change,
		.next = next,
		.take = take,
		.fini = fini,
		.arg = k };

	if (!k)
		return -1;
	k->lineage = l;
	str_init(&k->ids, 256);
	return state_own(st, &section, k);
}
