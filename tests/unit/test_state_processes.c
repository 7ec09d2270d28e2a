// SPDX-License-Identifier: GPL-3.0-or-later
/* What lineage and payload know, through a state file. */

#include "decode.h"
#include "event.h"
#include "kept.h"
#include "lineage.h"
#include "payload.h"

#define DROPPER "echo aWQ7IHVuYW1lIC1h|base64 -d|sh"
#define TIME    INT64_C(1700000000000)

struct bench {
	struct lineage *lineage;
	struct payload_table *payload;
	struct state *state;
};

static void open_bench(struct bench *b, const char *boot_id, uint64_t seed)
{
	struct lineage_conf lc = { .processes_max = 64,
		.seed = { seed, seed + 1 } };
	struct state_conf cf = { .file = kept_file,
		.boot_id = boot_id,
		.started_ms = KEPT_NOW,
		.max_age_ms = INT64_MAX / 2 };

	b->lineage = lineage_new(&lc);
	b->payload = payload_table_new(lc.seed);
	b->state = state_new(&cf);
	if (!b->lineage || !b->payload || !b->state ||
		state_keep_lineage(b->state, b->lineage) < 0 ||
		state_keep_payload(b->state, b->payload) < 0)
		abort();
	CHECK_EQ(kept_load(b->state, NULL), 0);
}

static void close_bench(struct bench *b, bool is_saved)
{
	if (is_saved)
		CHECK_EQ(state_finish(b->state, 10000), 0);
	state_free(b->state);
	payload_table_free(b->payload);
	lineage_free(b->lineage);
}

static struct event *play(struct bench *b, const char *node, uint32_t pid,
	uint32_t ppid, const char *script)
{
	static const struct decode_conf decode_conf = { .depth_max = 64,
		.layer_max = 1 << 20,
		.event_max = 4 << 20,
		.len_min = 20,
		.len_min_context = 8 };
	struct decode *d = decode_new();
	struct event *ev = event_create();

	if (!d || !ev)
		abort();
	ev->node = event_copy(ev, bytes_of(node));
	ev->time_ms = TIME + pid;
	ev->serial = pid;
	ev->has_pid = ev->has_ppid = ev->has_ses = ev->has_success = true;
	ev->has_execve = ev->success = true;
	ev->pid = pid;
	ev->ppid = ppid;
	ev->ses = 7;
	ev->auid = (struct event_user){ .has = true, .id = 1001 };
	ev->exe = event_copy(ev, BYTES("/usr/bin/dash"));
	ev->cwd = event_copy(ev, BYTES("/root"));
	ev->argv = event_alloc(ev, 3 * sizeof(*ev->argv));
	if (!ev->argv)
		abort();
	ev->argv[ev->argc++] = event_copy(ev, BYTES("sh"));
	if (script) {
		ev->argv[ev->argc++] = event_copy(ev, BYTES("-c"));
		ev->argv[ev->argc++] = event_copy(ev, bytes_of(script));
	}
	lineage_run(b->lineage, ev);
	decode_run(d, ev, &decode_conf);
	payload_run(b->payload, ev);
	lineage_tell(b->lineage, ev);
	decode_free(d);
	return ev;
}

/* The holder of a payload, saved: its guid and the payload. */
static void hold(const char *node, uint64_t *guid, uint64_t *payload)
{
	struct bench b;
	struct event *ev;

	kept_clear();
	open_bench(&b, "boot", 1);
	ev = play(&b, node, 100, 99, DROPPER);
	*guid = ev->lineage.guid;
	*payload = ev->payload.id;
	CHECK(*guid && *payload);
	event_destroy(ev);
	close_bench(&b, true);
}

/* The interpreter below it, after a restart. */
static void test_restart(const char *node)
{
	uint64_t guid, payload;
	struct bench b;
	struct event *ev;

	hold(node, &guid, &payload);
	open_bench(&b, "boot", 20);
	ev = play(&b, node, 101, 100, NULL);
	CHECK_EQ(ev->lineage.n_ancestors, 2);
	CHECK(ev->lineage.ancestors[0].guid == guid);
	CHECK_Z(ev->lineage.ancestors[0].exe, "/usr/bin/dash");
	CHECK_Z(ev->lineage.ancestors[0].cmd, "sh -c '" DROPPER "'");
	CHECK_EQ(ev->payload.role, EVENT_PAYLOAD_RUNS);
	CHECK(ev->payload.id == payload);
	event_destroy(ev);
	close_bench(&b, true);

	open_bench(&b, "boot", 30);
	ev = play(&b, node, 102, 101, NULL);
	CHECK_EQ(ev->payload.role, EVENT_PAYLOAD_FOLLOWS);
	CHECK(ev->payload.id == payload);
	CHECK_EQ(ev->lineage.n_ancestors, 3);
	event_destroy(ev);
	close_bench(&b, false);
}

static void test_boot(void)
{
	uint64_t guid, payload;
	struct bench b;
	struct event *ev;

	check_start("another boot");
	hold(NULL, &guid, &payload);
	open_bench(&b, "the next", 20);
	CHECK_EQ(lineage_count(b.lineage), 0);
	ev = play(&b, NULL, 101, 100, NULL);
	CHECK(ev->lineage.ancestors[0].guid != guid);
	CHECK_EQ(ev->payload.role, EVENT_PAYLOAD_NONE);
	event_destroy(ev);
	close_bench(&b, false);
}

/* What is shown of it. */
static void test_shown(void)
{
	struct lineage_process p;
	uint64_t guid, payload;
	struct bench b;
	uint32_t i = 0, n = 0;
	bool is_executed;

	check_start("shown");
	hold("web1", &guid, &payload);
	open_bench(&b, "boot", 20);
	while (lineage_next(b.lineage, &i, &p)) {
		n++;
		CHECK_Z(p.node, "web1");
		if (p.guid != guid)
			continue;
		CHECK_EQ(p.pid, 100);
		CHECK_EQ(p.ppid, 99);
		CHECK_EQ(p.ses, 7);
		CHECK_EQ(p.auid, 1001);
		CHECK_EQ(p.time_ms, TIME + 100);
		CHECK_EQ(p.execs, 1);
		CHECK(p.parent && p.parent_number);
	}
	CHECK_EQ(n, 2);
	CHECK(payload_of(b.payload, guid, &is_executed) == payload);
	CHECK(!is_executed);
	close_bench(&b, false);
}

/* Rows that no engine has written, as the stages get them. */
static void test_hostile(void)
{
	char big[PAYLOAD_COMMANDS_MAX * 1024];
	struct bytes too_long = { big, sizeof(big) };
	const struct lineage_process good = { .guid = 5, .pid = 20 };
	struct lineage_process p;
	struct payload_text text = { .id = 1,
		.sha256 = { big, 32 },
		.text = { big, 100 },
		.text_len = 100 };
	struct payload_mark mark = { .id = 1, .state = 3 };
	struct bench b;

	check_start("hostile");
	memset(big, 'x', sizeof(big));
	kept_clear();
	open_bench(&b, "boot", 1);
	CHECK_EQ(lineage_restore(b.lineage, &good), 0);
	CHECK_EQ(lineage_restore(b.lineage, &good), -1);
#define REFUSED(field, value)                                                  \
	do {                                                                   \
		p = good;                                                      \
		p.pid = 21;                                                    \
		p.field = value;                                               \
		CHECK_EQ(lineage_restore(b.lineage, &p), -1);                  \
	} while (0)
	REFUSED(guid, 0);
	REFUSED(pid, 0);
	REFUSED(parent, 5);
	REFUSED(node, too_long);
	REFUSED(exe, too_long);
	REFUSED(cmd, too_long);
	REFUSED(container, too_long);
	REFUSED(starts, too_long);
	REFUSED(time_ms, -1);
	REFUSED(exit_ms, -1);
#undef REFUSED
	CHECK_EQ(payload_restore_mark(b.payload, &mark), -1);
	mark = (struct payload_mark){ .id = UINT64_C(1) << 48 };
	CHECK_EQ(payload_restore_mark(b.payload, &mark), -1);
	CHECK_EQ(payload_restore_text(b.payload, &text), 0);
	CHECK_EQ(payload_restore_text(b.payload, &text), -1);
	text.id = 2;
	text.text_len = 99;
	CHECK_EQ(payload_restore_text(b.payload, &text), -1);
	text.text_len = 101; /* there would be more of it */
	CHECK_EQ(payload_restore_text(b.payload, &text), -1);
	text.text = too_long;
	text.text_len = sizeof(big);
	CHECK_EQ(payload_restore_text(b.payload, &text), -1);
	close_bench(&b, false);
}

int main(void)
{
	check.module = "state_processes";
	kept_begin();
	check_start("restart");
	test_restart(NULL);
	check_start("restart, with a node");
	test_restart("web1");
	test_boot();
	test_shown();
	test_hostile();
	kept_end();
	return check_end();
}
