// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A stream of lines through gather and libauparse, with time passing where a
 * line is "~": every record has one fate, and events hold to their caps. The
 * reader is the same for all inputs, so that what one leaves behind is there
 * for the next.
 *
 * seeds: log
 * dict: record
 */
#include "gather.h"

#include "assemble.h"
#include "fuzz.h"
#include "metrics.h"
#include "record.h"

static struct assemble *assemble;
static struct gather *gather;
static struct metrics metrics;
static int64_t now_ms = 1000;

static void check_lines(struct bytes lines)
{
	static const struct bytes head =
		BYTES("type=EXECVE msg=audit(" GATHER_STAMP "): ");
	struct bytes line;

	MUST(lines.len <= GATHER_EVENT_MAX);
	while (fuzz_next(&lines, '\n', &line)) {
		MUST(line.len >= head.len);
		MUST(!memcmp(line.p, head.p, head.len));
		MUST(!memchr(line.p, '\0', line.len));
	}
}

static void check_event(const struct event *ev, const struct gathered *g)
{
	MUST(bytes_equal(ev->node, g->node) && ev->serial == g->serial);
	MUST(ev->time_ms == g->time_ms && (ev->flaws & g->flaws) == g->flaws);
	MUST(ev->argc <= EVENT_ARGS_MAX && ev->n_paths <= EVENT_PATHS_MAX);
	MUST(ev->has_execve || !ev->argc);
	for (size_t i = 0; i < ev->argc; i++)
		fuzz_touch(ev->argv[i]);
	for (size_t i = 0; i < ev->n_paths; i++) {
		fuzz_touch(ev->paths[i].name);
		fuzz_touch(ev->paths[i].record);
	}
	fuzz_touch(ev->tty);
	fuzz_touch(ev->comm);
	fuzz_touch(ev->exe);
	fuzz_touch(ev->key);
	fuzz_touch(ev->cwd);
	fuzz_touch(ev->proctitle);
	fuzz_touch(ev->syscall_record);
	fuzz_touch(ev->syscall_enriched);
	fuzz_touch(ev->path_enriched);
	fuzz_touch(ev->network.record);
	MUST(ev->kind == EVENT_EXEC || !ev->has_execve);
	MUST(ev->bytes <= EVENT_BYTES_MAX);
}

static void take(void *arg, const struct gathered *g)
{
	struct event *ev;

	(void)arg;
	check_lines(g->execve);
	ev = assemble_run(assemble, g);
	if (!ev)
		return;
	check_event(ev, g);
	event_destroy(ev);
}

static void start(void)
{
	struct gather_conf cf = { .take = take, .metrics = &metrics };

	if (gather)
		return;
	gather = gather_new(&cf);
	assemble = assemble_new();
	MUST(gather && assemble);
	gather_take_network(gather, ~0u);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_bytes(data, len), line;
	struct record_memo memo = { 0 };
	struct record rec;

	start();
	while (fuzz_next(&in, '\n', &line)) {
		struct bytes copy;

		if (bytes_equal(line, BYTES("~"))) {
			now_ms += GATHER_LINGER_MS;
			gather_tick(gather, now_ms);
			continue;
		}
		copy = fuzz_copy(line);
		/* feed lets none of these through. */
		if (!memchr(copy.p, '\0', copy.len) && copy.len <= 16384 &&
			record_parse(copy.p, copy.len, &memo, &rec) == 0 &&
			rec.type < RECORD_PARTS) {
			metrics.lines++;
			gather_record(gather, &rec);
		}
		fuzz_free(copy);
		metrics.events_emitted = metrics.events;
		MUST(metrics_residual(&metrics) == 0);
	}
	if (fuzz_hash(fuzz_bytes(data, len)) % 4)
		gather_flush(gather);
	return 0;
}
