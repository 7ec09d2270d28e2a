// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A state file as somebody else left it: the input itself, or a good file in
 * which it changes bytes. It is taken or refused, and what comes of it are rows
 * that can be.
 */
#include "state.h"

#include <fcntl.h>

#include "../unit/kept.h"
#include "detect.h"
#include "event.h"
#include "frequency.h"
#include "fuzz.h"
#include "lineage.h"
#include "log.h"
#include "metrics.h"
#include "payload.h"
#include "record.h"
#include "session.h"

#define GOOD_MAX (1u << 18)

static char good[GOOD_MAX];
static size_t good_len;
static struct kept kept;

/* The stages that get their rows. */
struct stages {
	struct frequency *frequency;
	struct lineage *lineage;
	struct payload_table *payload;
	struct detect *detect;
	struct session_table *sessions;
	struct metrics metrics;
};

static struct frequency *make_frequency(void)
{
	struct frequency_conf cf = {
		.commands_max = 64, .window_h = 336, .seed = { 3, 4 }
	};
	struct frequency *fr = frequency_new(&cf);

	MUST(fr);
	return fr;
}

static void make_stages(struct stages *s)
{
	struct lineage_conf lc = { .processes_max = 64, .seed = { 5, 6 } };
	struct detect_conf dc = { .seed = { 9, 10 } };
	struct session_conf sc = { .sessions_max = 64,
		.addresses_max = 64,
		.window_m = 60,
		.seed = { 7, 8 } };

	*s = (struct stages){ .frequency = make_frequency() };
	s->lineage = lineage_new(&lc);
	s->payload = payload_table_new(lc.seed);
	s->sessions = session_table_new(&sc);
	s->detect = detect_new(&dc);
	MUST(s->lineage && s->payload && s->sessions && s->detect);
}

static void free_stages(struct stages *s)
{
	frequency_free(s->frequency);
	lineage_free(s->lineage);
	payload_table_free(s->payload);
	session_table_free(s->sessions);
	detect_free(s->detect);
}

static struct state *make_state(struct stages *s, bool is_reader)
{
	struct state_conf cf = { .file = kept_file,
		.boot_id = "boot",
		.started_ms = KEPT_NOW,
		.max_age_ms = 86400000,
		.is_reader = is_reader,
		.metrics = &s->metrics };
	struct state_section section = kept_section(&kept, 2);
	struct state *st = state_new(&cf);

	MUST(st && state_add(st, &section) == 0);
	MUST(state_keep_frequency(st, s->frequency) == 0);
	MUST(state_keep_lineage(st, s->lineage) == 0);
	MUST(state_keep_payload(st, s->payload) == 0);
	MUST(state_keep_sessions(st, s->sessions) == 0);
	MUST(state_keep_failures(st, s->sessions) == 0);
	MUST(state_keep_detect(st, s->detect) == 0);
	MUST(state_keep_counters(st, &s->metrics) == 0);
	return st;
}

static void see(struct frequency *fr, unsigned char command)
{
	struct event_layer layer = { .depth = 1 };
	struct event ev = { .node = BYTES("n"),
		.time_ms = KEPT_NOW,
		.auid = { .has = true, .id = command },
		.layers = &layer,
		.n_layers = 1 };

	layer.sha256[0] = command;
	frequency_run(fr, &ev, FREQUENCY_BLOG);
}

/* sh -c with something hidden, and what it starts. */
static void run(struct stages *s, uint32_t pid, bool has_hidden)
{
	struct bytes argv[] = { BYTES("sh"), BYTES("-c"), BYTES("x") };
	struct event_layer layer = { .depth = 1,
		.is_text = true,
		.is_run = true,
		.text = BYTES("id; uname -a") };
	struct event *ev = event_create();

	MUST(ev);
	ev->node = BYTES("n");
	ev->time_ms = KEPT_NOW;
	ev->serial = pid;
	ev->has_pid = ev->has_ppid = ev->has_execve = true;
	ev->pid = pid;
	ev->ppid = pid - 1;
	ev->exe = BYTES("/bin/sh");
	ev->argv = argv;
	ev->argc = has_hidden ? 3 : 1;
	ev->layers = has_hidden ? &layer : NULL;
	ev->n_layers = has_hidden;
	ev->has_ses = true;
	ev->ses = pid % 8;
	ev->auid = (struct event_user){ .has = true, .id = 1000 };
	lineage_run(s->lineage, ev);
	session_run(s->sessions, ev);
	payload_run(s->payload, ev);
	lineage_tell(s->lineage, ev);
	event_destroy(ev);
}

/* A wrong password over ssh. */
static void fail(struct stages *s, uint32_t pid)
{
	struct event *ev = event_create();

	MUST(ev);
	ev->kind = EVENT_MESSAGE;
	ev->time_ms = KEPT_NOW;
	ev->serial = ev->pid = pid;
	ev->has_pid = true;
	ev->exe = BYTES("/usr/sbin/sshd");
	ev->message.type = RECORD_USER_AUTH;
	ev->message.has_result = true;
	ev->message.acct = BYTES("root");
	ev->message.addr = pid % 2 ? BYTES("192.0.2.1") : BYTES("192.0.2.2");
	session_run(s->sessions, ev);
	event_destroy(ev);
}

/* An alert, and a key of each kind. */
static void alert(struct stages *s, uint32_t n)
{
	static const size_t numbers[] = { 2, 1, DETECT_KEY_NUMBERS };
	struct detect_key key = { .kind = (enum detect_key_kind)(n % 3),
		.key = n,
		.n = numbers[n % 3] };
	struct detect_alert_told told = { .host = BYTES("n"),
		.name = BYTES("name"),
		.why = BYTES("why"),
		.severity = n % 4,
		.time_ms = KEPT_NOW };

	MUST(detect_restore_key(s->detect, &key) == 0);
	MUST(detect_restore_told(s->detect, &told) == 0);
}

/* Once: a file with something in each section. */
static void start(void)
{
	struct stages s;
	struct state *st;
	int fd;

	if (good_len)
		return;
	kept_begin();
	log_init(LOG_TO_SYSLOG);
	make_stages(&s);
	s.metrics.lines = 7;
	for (unsigned char c = 0; c < 20; c++) {
		see(s.frequency, c);
		run(&s, 100 + c, c % 3 == 0);
		fail(&s, 200 + c);
		alert(&s, c);
		kept_set(&kept, c, c, "text of a row");
	}
	st = make_state(&s, false);
	MUST(state_finish(st, 10000) == 0);
	state_free(st);
	free_stages(&s);
	fd = open(kept_file, O_RDONLY);
	MUST(fd >= 0);
	good_len = (size_t)read(fd, good, sizeof(good));
	MUST(good_len > 4096 && good_len < GOOD_MAX);
	close(fd);
}

static void write_file(struct bytes b)
{
	int fd;

	kept_clear();
	fd = open(kept_file, O_WRONLY | O_CREAT | O_EXCL, 0600);
	MUST(fd >= 0 && write(fd, b.p, b.len) == (ssize_t)b.len);
	close(fd);
}

/* Three bytes of the input change one of the file. */
static void write_changed(struct bytes in)
{
	static char file[GOOD_MAX];

	memcpy(file, good, good_len);
	while (in.len >= 3) {
		size_t at = fuzz_byte(&in) << 8;

		at |= fuzz_byte(&in);
		file[at % good_len] = (char)fuzz_byte(&in);
	}
	write_file((struct bytes){ file, good_len });
}

static void check_frequency(const struct frequency *fr)
{
	for (int table = 0; table < 2; table++) {
		struct frequency_row row;
		uint32_t at = 0;

		while (frequency_next(
			fr, (enum frequency_table)table, 0, &at, &row))
			MUST(row.is_gone || row.slice_ms > 0);
	}
}

static void check_processes(struct lineage *l)
{
	struct lineage_process p;
	uint32_t i = 0;

	while (lineage_next(l, &i, &p)) {
		MUST(p.guid && p.pid && p.cmd.len <= LINEAGE_CMD_MAX);
		fuzz_touch(p.node);
		fuzz_touch(p.exe);
		fuzz_touch(p.cmd);
	}
}

static void check_sessions(const struct session_table *t)
{
	const struct session *s;
	uint32_t i = 0;

	while ((s = session_next(t, &i))) {
		MUST(s->n_sudo <= SESSION_LIST_MAX);
		fuzz_touch(s->user);
		for (uint32_t k = 0; k < s->n_sudo; k++)
			fuzz_touch(s->sudo[k].text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_bytes(data, len);
	unsigned int what = fuzz_byte(&in);
	struct stages s;
	struct state *st;
	struct str why;
	int rc;

	start();
	if (what & 1)
		write_file(in);
	else
		write_changed(in);
	memset(&kept, 0, sizeof(kept));
	make_stages(&s);
	st = make_state(&s, what & 2);
	str_init(&why, 1 << 16);
	rc = state_load(st, KEPT_NOW, &why);
	MUST(rc == 0 || why.len);
	check_frequency(s.frequency);
	check_processes(s.lineage);
	check_sessions(s.sessions);
	for (unsigned char c = 0; c < 20; c++) {
		see(s.frequency, c);
		run(&s, 110 + c, c % 4 == 0);
		fail(&s, 210 + c);
	}
	/* What was not changed is taken whole. */
	if (!(what & 1) && in.len < 3)
		MUST(rc == 0 && kept.taken == 20 && !why.len);
	state_free(st);
	free_stages(&s);
	str_fini(&why);
	return 0;
}
