// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Execs, forks and exits of a few pids, boots and restarts, 8 bytes each, and a
 * command line for the execs out of what stands behind the first NUL NUL;
 * tables that hold next to nothing and are the same for all inputs. Whatever
 * the order, ancestors are as many as there may be, no process is told to be
 * another's, and a payload's processes have an id.
 *
 * seeds: argv
 */
#include "lineage.h"

#include "decode.h"
#include "event.h"
#include "fuzz.h"
#include "payload.h"

/* Bytes of command lines in one input, over all its execs. */
#define DECODED_MAX (256u << 10)

static struct lineage *lineage;
static struct payload_table *payload;
static struct decode *decode;
static uint32_t serial;

static bool look(
	void *arg, uint32_t pid, int64_t time_ms, struct lineage_seen *seen)
{
	(void)arg;
	(void)time_ms;
	*seen = (struct lineage_seen){ .ppid = pid / 2,
		.start = pid,
		.comm = BYTES("comm"),
		.container = pid % 5 ? (struct bytes){ NULL, 0 }
				     : BYTES("0123456789ab") };
	return pid % 3;
}

static struct lineage *make_lineage(void)
{
	struct lineage_conf cf = {
		.processes_max = 64, .seed = { 1, 2 }, .look = look
	};
	struct lineage *l = lineage_new(&cf);

	MUST(l);
	return l;
}

/* As after a restart, but that rows come back in no order. */
static void renew(void)
{
	struct lineage *to = make_lineage();
	struct lineage_process p;
	uint32_t at = 0, row, n = 0;
	bool is_gone;

	while (lineage_changed(lineage, 0, &at, &row, &p, &is_gone)) {
		if (is_gone)
			continue;
		MUST(lineage_restore(to, &p) == 0);
		n++;
	}
	MUST(lineage_count(to) == n);
	lineage_free(lineage);
	lineage = to;
}

static void start(void)
{
	static const uint64_t seed[2] = { 1, 2 };

	if (lineage)
		return;
	lineage = make_lineage();
	payload = payload_table_new(seed);
	decode = decode_new();
	MUST(lineage && payload && decode);
}

static void check(const struct event *ev)
{
	const struct event_lineage *l = &ev->lineage;

	MUST(l->n_ancestors <= LINEAGE_ANCESTORS_MAX);
	MUST(!l->has || (l->guid && l->container.len <= CONTAINER_ID_MAX));
	fuzz_touch(l->container);
	for (size_t i = 0; i < l->n_ancestors; i++) {
		const struct event_ancestor *a = &l->ancestors[i];

		MUST(a->guid && (i || a->guid != l->guid));
		MUST(a->exe.len <= LINEAGE_EXE_MAX);
		MUST(a->cmd.len <= LINEAGE_CMD_MAX + 3);
		fuzz_touch(a->exe);
		fuzz_touch(a->comm);
		fuzz_touch(a->cmd);
	}
	MUST(!ev->payload.id == (ev->payload.role == EVENT_PAYLOAD_NONE));
	MUST(ev->payload.id >> 48 == 0);
	MUST(!ev->payload.is_executed || ev->payload.id);
	MUST(lineage_count(lineage) <= 64);
}

static void exec(const unsigned char *op, struct fuzz_args *args)
{
	static const struct decode_conf cf = { .depth_max = 4,
		.layer_max = 4096,
		.event_max = 16384,
		.len_min = 20,
		.len_min_context = 8 };
	static const char *const exes[] = { "/bin/sh", "/usr/bin/runc",
		"/usr/bin/base64", "", "/tmp/x", "/memfd:x (deleted)",
		"/usr/bin/python3.11", "/usr/bin/id" };
	struct event *ev = fuzz_event(args);

	ev->node = op[4] & 1 ? BYTES("web1") : (struct bytes){ NULL, 0 };
	ev->time_ms = op[5] * 100;
	ev->serial = ++serial;
	ev->has_pid = ev->has_ppid = ev->has_ses = ev->has_success = true;
	ev->pid = op[1] * (op[4] & 2 ? 1000u : 1u);
	ev->ppid = op[2];
	ev->ses = op[3] & 3;
	ev->success = !(op[4] & 4);
	ev->exe = bytes_of(exes[op[6] & 7]);
	if (!ev->success)
		ev->argc = 0;
	lineage_run(lineage, ev);
	decode_run(decode, ev, &cf);
	payload_run(payload, ev);
	lineage_tell(lineage, ev);
	check(ev);
	ev->argv = NULL;
	event_destroy(ev);
}

static void happen(const unsigned char *op, struct fuzz_args *args)
{
	struct lineage_birth birth = { .time_ms = op[5] * 100,
		.serial = ++serial,
		.child = op[1],
		.pid = op[2],
		.ppid = op[3],
		.exe = BYTES("/bin/sh") };
	struct lineage_seen seen = {
		.ppid = op[2], .start = op[3], .start_ms = op[5] * 100
	};

	switch (op[0] & 15) {
	case 0:
		lineage_fork(lineage, &birth);
		return;
	case 1:
		lineage_exit(lineage, birth.node, op[1], op[5] * 100, serial);
		return;
	case 2:
		lineage_seed(lineage, op[1], &seen);
		return;
	case 3:
		lineage_seeded(lineage, op[5] * 100);
		return;
	case 4:
		lineage_boot(lineage,
			op[4] & 1 ? BYTES("web1") : (struct bytes){ NULL, 0 });
		return;
	case 5:
		renew();
		return;
	default:
		exec(op, args);
	}
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_bytes(data, len);
	const char *end = len > 1 ? memmem(in.p, len, "\0\0", 2) : NULL;
	size_t n = end ? (size_t)(end - in.p) : len;
	struct bytes argv = end ? (struct bytes){ end + 2, len - n - 2 } : in;
	/* Each exec decodes them anew. */
	size_t most = DECODED_MAX / (argv.len + 1) + 1;
	struct fuzz_args args;

	start();
	fuzz_args_init(&args, argv);
	for (size_t i = 0; i + 8 <= n && i / 8 < least(512, most); i += 8)
		happen((const unsigned char *)in.p + i, &args);
	fuzz_args_fini(&args);
	return 0;
}
