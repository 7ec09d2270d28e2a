// SPDX-License-Identifier: GPL-3.0-or-later
/* Sessions. Their numbers are of a boot, and worth nothing after it. */
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "session.h"
#include "state_file.h"
#include "state_pack.h"

enum column {
	NUMBER,
	NODE,
	SES,
	AUID,
	USER,
	SERVICE,
	ADDR,
	TTY,
	START,
	END,
	SEEN,
	FLAGS,
	COUNTS,
	SUDO,
	ACCOUNTS,
	N_COLUMNS
};

static const struct state_column columns[] = {
	[NUMBER] = { "number", STATE_INTEGER, 1 },
	[NODE] = { "node", STATE_BYTES, 1 },
	[SES] = { "ses", STATE_INTEGER, 1 },
	[AUID] = { "auid", STATE_INTEGER, 1 },
	[USER] = { "user", STATE_BYTES, 1 },
	[SERVICE] = { "service", STATE_BYTES, 1 },
	[ADDR] = { "addr", STATE_BYTES, 1 },
	[TTY] = { "tty", STATE_BYTES, 1 },
	[START] = { "start_ms", STATE_INTEGER, 1 },
	[END] = { "end_ms", STATE_INTEGER, 1 },
	[SEEN] = { "seen_ms", STATE_INTEGER, 1 },
	[FLAGS] = { "flags", STATE_INTEGER, 1 },
	[COUNTS] = { "counts", STATE_BYTES, 1 },
	[SUDO] = { "sudo", STATE_BYTES, 1 },
	[ACCOUNTS] = { "accounts", STATE_BYTES, 1 },
};

enum flag {
	FLAG_KIND = 7, /* the lowest bits */
	FLAG_LOGIN = 8,
	FLAG_OPEN = 16,
	FLAG_END = 32,
	FLAG_CLOSED = 64,
	FLAG_ROOT = 128,
	FLAG_COUNTED = 256,
	FLAG_PORT = 512
};

/* Account records by what stands for them in the file. */
static const unsigned int types[] = { RECORD_USER_CHAUTHTOK, RECORD_USER_MGMT,
	RECORD_GRP_MGMT, RECORD_ADD_USER, RECORD_DEL_USER, RECORD_ADD_GROUP,
	RECORD_DEL_GROUP };

#define N_TYPES (sizeof(types) / sizeof(types[0]))
/* The lists with their texts at their longest. */
#define LIST_BYTES (SESSION_LIST_MAX * (SESSION_COMMAND_MAX + 32))

struct kept {
	struct session_table *table;
	struct str counts, sudo, accounts; /* what values are borrowed from */
	struct session_command commands[SESSION_LIST_MAX];
	struct session_account changes[SESSION_LIST_MAX];
};

/* Its length and one more, 0 for an absent one, then the text. */
static void put_text(struct str *to, struct bytes b)
{
	state_put(to, b.p ? (uint64_t)b.len + 1 : 0);
	if (b.p)
		str_addb(to, b);
}

static bool get_text(struct bytes *from, struct bytes *b)
{
	uint64_t n;

	*b = (struct bytes){ NULL, 0 };
	if (!state_get(from, &n) || (n && n - 1 > from->len))
		return false;
	if (!n)
		return true;
	*b = (struct bytes){ from->p, (size_t)n - 1 };
	from->p += b->len;
	from->len -= b->len;
	return true;
}

static unsigned int code_of(unsigned int type)
{
	for (unsigned int i = 0; i < N_TYPES; i++)
		if (types[i] == type)
			return i;
	return 0;
}

static void pack_lists(struct kept *k, const struct session *s)
{
	str_reset(&k->sudo);
	str_reset(&k->accounts);
	for (uint32_t i = 0; i < s->n_sudo; i++) {
		state_put(&k->sudo, (uint64_t)s->sudo[i].time_ms);
		state_put(&k->sudo, s->sudo[i].is_success);
		put_text(&k->sudo, s->sudo[i].text);
	}
	for (uint32_t i = 0; i < s->n_accounts; i++) {
		const struct session_account *a = &s->accounts[i];

		state_put(&k->accounts, (uint64_t)a->time_ms);
		state_put(&k->accounts,
			(uint64_t)a->is_success | (uint64_t)a->has_id << 1 |
				(uint64_t)code_of(a->type) << 2);
		state_put(&k->accounts, (uint64_t)a->pid << 32 | a->id);
		put_text(&k->accounts, a->name);
	}
}

static void pack_counts(struct str *to, const struct session *s)
{
	uint64_t score;

	memcpy(&score, &s->score, sizeof(score));
	str_reset(to);
	state_put(to, s->serial);
	state_put(to, s->opener);
	state_put(to, s->port);
	state_put(to, s->failed_before);
	state_put(to, s->failed);
	state_put(to, s->processes);
	state_put(to, s->payloads);
	state_put(to, s->all_sudo);
	state_put(to, s->all_accounts);
	state_put(to, score);
}

static int64_t flags_of(const struct session *s)
{
	return (int64_t)s->kind | (s->has_login ? FLAG_LOGIN : 0) |
	       (s->is_open ? FLAG_OPEN : 0) | (s->has_end ? FLAG_END : 0) |
	       (s->is_closed ? FLAG_CLOSED : 0) | (s->is_root ? FLAG_ROOT : 0) |
	       (s->has_addr_counts ? FLAG_COUNTED : 0) |
	       (s->has_port ? FLAG_PORT : 0);
}

static uint64_t change(void *arg)
{
	const struct kept *k = arg;

	return session_change(k->table);
}

static bool next(void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	struct kept *k = arg;
	union state_value *v = to->values;
	const struct session *s;
	uint32_t row;

	if (!session_changed(k->table, after, at, &row, &s))
		return false;
	to->id = row;
	to->is_gone = !s;
	if (!s)
		return true;
	pack_counts(&k->counts, s);
	pack_lists(k, s);
	v[NUMBER].i = (int64_t)s->number;
	v[NODE].b = s->node;
	v[SES].i = s->ses;
	v[AUID].i = s->auid;
	v[USER].b = s->user;
	v[SERVICE].b = s->service;
	v[ADDR].b = s->addr;
	v[TTY].b = s->tty;
	v[START].i = s->start_ms;
	v[END].i = s->end_ms;
	v[SEEN].i = s->seen_ms;
	v[FLAGS].i = flags_of(s);
	v[COUNTS].b = str_bytes(&k->counts);
	v[SUDO].b = str_bytes(&k->sudo);
	v[ACCOUNTS].b = str_bytes(&k->accounts);
	return true;
}

static bool unpack_counts(struct session *s, struct bytes b)
{
	uint64_t v[10] = { 0 };

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (!state_get(&b, &v[i]))
			return false;
	s->serial = (uint32_t)v[0];
	s->opener = (uint32_t)v[1];
	s->port = (uint32_t)v[2];
	s->failed_before = v[3];
	s->failed = v[4];
	s->processes = v[5];
	s->payloads = v[6];
	s->all_sudo = v[7];
	s->all_accounts = v[8];
	memcpy(&s->score, &v[9], sizeof(s->score));
	/* No JSON has a word for others. */
	return b.len == 0 && s->score >= 0 && s->score < 1e15;
}

static bool unpack_sudo(struct kept *k, struct session *s, struct bytes b)
{
	uint64_t time_ms, ok;

	s->sudo = k->commands;
	while (b.len) {
		struct session_command *c = &k->commands[s->n_sudo];

		if (s->n_sudo == SESSION_LIST_MAX || !state_get(&b, &time_ms) ||
			!state_get(&b, &ok) || !get_text(&b, &c->text))
			return false;
		c->time_ms = (int64_t)time_ms;
		c->is_success = ok & 1;
		s->n_sudo++;
	}
	return true;
}

static bool unpack_accounts(struct kept *k, struct session *s, struct bytes b)
{
	uint64_t time_ms, flags, ids;

	s->accounts = k->changes;
	while (b.len) {
		struct session_account *a = &k->changes[s->n_accounts];

		if (s->n_accounts == SESSION_LIST_MAX ||
			!state_get(&b, &time_ms) || !state_get(&b, &flags) ||
			flags >> 2 >= N_TYPES || !state_get(&b, &ids) ||
			!get_text(&b, &a->name))
			return false;
		a->time_ms = (int64_t)time_ms;
		a->is_success = flags & 1;
		a->has_id = flags >> 1 & 1;
		a->type = types[flags >> 2];
		a->pid = (uint32_t)(ids >> 32);
		a->id = (uint32_t)ids;
		s->n_accounts++;
	}
	return true;
}

static struct bytes text_of(struct bytes b)
{
	return b.len ? b : (struct bytes){ NULL, 0 };
}

static int take(void *arg, const struct state_row *from)
{
	const union state_value *v = from->values;
	int64_t flags = v[FLAGS].i;
	struct kept *k = arg;
	struct session s = { .number = (uint64_t)v[NUMBER].i,
		.node = text_of(v[NODE].b),
		.user = text_of(v[USER].b),
		.service = text_of(v[SERVICE].b),
		.addr = text_of(v[ADDR].b),
		.tty = text_of(v[TTY].b),
		.start_ms = v[START].i,
		.end_ms = v[END].i,
		.seen_ms = v[SEEN].i,
		.has_login = flags & FLAG_LOGIN,
		.is_open = flags & FLAG_OPEN,
		.has_end = flags & FLAG_END,
		.is_closed = flags & FLAG_CLOSED,
		.is_root = flags & FLAG_ROOT,
		.has_addr_counts = flags & FLAG_COUNTED,
		.has_port = flags & FLAG_PORT };

	if (v[SES].i < 0 || v[SES].i >= UINT32_MAX || v[AUID].i < 0 ||
		v[AUID].i >= UINT32_MAX ||
		(flags & FLAG_KIND) > SESSION_SERVICE || s.start_ms < 0 ||
		s.end_ms < 0 || s.seen_ms < 0)
		return -1;
	s.kind = (enum session_kind)(flags & FLAG_KIND);
	s.ses = (uint32_t)v[SES].i;
	s.auid = (uint32_t)v[AUID].i;
	if (!unpack_counts(&s, v[COUNTS].b) || !unpack_sudo(k, &s, v[SUDO].b) ||
		!unpack_accounts(k, &s, v[ACCOUNTS].b))
		return -1;
	return session_restore(k->table, &s);
}

static void fini(void *arg)
{
	struct kept *k = arg;

	str_fini(&k->counts);
	str_fini(&k->sudo);
	str_fini(&k->accounts);
}

int state_keep_sessions(struct state *st, struct session_table *t)
{
	struct kept *k = calloc(1, sizeof(*k));
	struct state_section section = { .name = "sessions",
		.version = 1,
		.columns = columns,
		.n_columns = N_COLUMNS,
		.order = NUMBER,
		.is_of_boot = true,
		.change = change,
		.next = next,
		.take = take,
		.fini = fini,
		.arg = k };

	if (!k)
		return -1;
	k->table = t;
	str_init(&k->counts, 256);
	str_init(&k->sudo, LIST_BYTES);
	str_init(&k->accounts, LIST_BYTES);
	return state_own(st, &section, k);
}
