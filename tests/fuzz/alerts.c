// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Rows of alerts, one a line up to the first NUL, held against the arguments
 * behind it as an exec, a message, a network call and another call: whatever
 * the rows, what fires lies in the event, and is no more than there may be.
 *
 * seeds: alerts
 * dict: rows
 */
#include "detect.h"

#include "fuzz.h"

static void take_rows(struct detect_rules *r, struct bytes rows)
{
	struct bytes line;
	struct str why;

	str_init(&why, 1u << 20);
	while (fuzz_next(&rows, '\n', &line)) {
		size_t before = why.len;
		int rc = detect_rules_line(r, line, &why);

		MUST((rc < 0) == (why.len > before) || !str_ok(&why));
	}
	MUST(detect_rules_done(r) == 0);
	MUST(detect_rules_count(r) <= DETECT_ROWS_MAX);
	str_fini(&why);
}

static void check_fired(const struct event *ev)
{
	MUST(ev->n_fired <= DETECT_FIRED_MAX);
	for (size_t i = 0; i < ev->n_fired; i++) {
		fuzz_touch(ev->fired[i].name);
		fuzz_touch(ev->fired[i].why);
		MUST(ev->fired[i].name.len <= DETECT_NAME_LEN);
		MUST(ev->fired[i].n_attack <= DETECT_ATTACK_MAX);
	}
}

static void run(struct detect *d, const struct detect_rules *r,
	struct fuzz_args *args, enum event_kind kind, int64_t time_ms)
{
	struct event *ev = fuzz_event(args);
	struct bytes first = args->n ? args->v[0] : BYTES("x");
	struct event_path path = { .name = first, .record = first };

	ev->kind = kind;
	ev->time_ms = time_ms;
	ev->exe = ev->comm = ev->cwd = first;
	ev->paths = &path;
	ev->n_paths = 1;
	ev->message.record = ev->message.acct = ev->message.addr = first;
	ev->message.type_name = BYTES("USER_START");
	ev->session.evt = "logon";
	ev->session.action = "failed";
	ev->network.address = first;
	detect_run(d, ev, r);
	check_fired(ev);
	detect_relate(d, ev);
	MUST(ev->alerts.points >= 0);
	event_destroy(ev);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct detect_conf cf = { .seed = { 1, 2 } };
	struct bytes in = fuzz_bytes(data, len), rows = { NULL, 0 };
	struct detect_rules *r = detect_rules_new();
	struct detect *d = detect_new(&cf);
	struct fuzz_args args;

	MUST(r && d);
	(void)fuzz_next(&in, '\0', &rows);
	take_rows(r, rows);
	fuzz_args_init(&args, in);
	for (int64_t i = 0; i < 12; i++)
		run(d, r, &args, (enum event_kind)(i % 4), 1000 + 700 * i);
	fuzz_args_fini(&args);
	detect_free(d);
	detect_rules_free(r);
	return 0;
}
