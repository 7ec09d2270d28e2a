// SPDX-License-Identifier: GPL-3.0-or-later
#include "payload.h"

#include <time.h>

#include "check.h"
#include "decode.h"
#include "event.h"
#include "lineage.h"

/*
 * Command lines run one after another, 1 ms apart or as at_ms says. What each
 * is to a payload: h holds it, d decodes it for another, x is it, f came of it,
 * . has nothing to do with it. A number behind that is the step whose payload
 * it is, where there are several; 1 is left out.
 */
#define ARGS_MAX  6
#define STEPS_MAX 9

struct step {
	uint32_t pid, ppid;
	const char *want;
	const char *argv[ARGS_MAX];
	uint32_t ses; /* 7 where it is 0 */
	int at_ms;
	bool has_failed;
};

struct story {
	const char *name;
	struct step steps[STEPS_MAX];
};

/* id; uname -a */
#define ID "aWQ7IHVuYW1lIC1h"
/* ( id -u; uname -a ) */
#define SUB "KCBpZCAtdTsgdW5hbWUgLWEgKQ=="
/* import os;os.system('id') */
#define PY "aW1wb3J0IG9zO29zLnN5c3RlbSgnaWQnKQ=="

#define R(i, p, w, ...)                                                        \
	{                                                                      \
		.pid = i, .ppid = p, .want = w, .argv = { __VA_ARGS__ }        \
	}

static const struct story stories[] = {
	{ "pipe_into_shell",
		{ R(20, 10, "h", "sh", "-c", "echo " ID "|base64 -d|sh"),
			R(21, 20, ".", "base64", "-d"), R(22, 20, "x", "sh"),
			R(23, 22, "f", "id"), R(24, 22, "f", "uname", "-a"),
			R(25, 10, ".", "id") } },
	{ "reader_first",
		{ R(20, 10, "h", "sh", "-c", "echo " ID "|base64 -d|sh"),
			R(22, 20, "x", "sh"), R(21, 20, ".", "base64", "-d"),
			R(23, 22, "f", "id") } },
	{ "interactive",
		{ R(20, 10, "h", "bash", "-c",
			  "{echo," ID "}|{base64,-d}|{bash,-i}"),
			R(22, 20, "x", "bash", "-i"), R(23, 22, "f", "id") } },
	{ "behind_sudo",
		{ R(20, 10, "h", "sudo", "sh", "-c",
			  "echo " ID "|base64 -d|sh"),
			R(21, 20, "h", "sh", "-c", "echo " ID "|base64 -d|sh"),
			R(22, 21, "x", "sh"), R(23, 22, "f", "id") } },
	{ "shell_behind_sudo",
		{ R(20, 10, "h", "sh", "-c", "echo " ID "|base64 -d|sudo sh"),
			R(21, 20, "x", "sudo", "sh"), R(22, 21, "f", "sh"),
			R(23, 22, "f", "id") } },
	{ "left_to_init", /* setsid -f: nobody told of the child */
		{ R(20, 10, "h", "setsid", "-f", "sh", "-c",
			  "echo " ID "|base64 -d|sh"),
			R(21, 1, "h", "sh", "-c", "echo " ID "|base64 -d|sh"),
			R(22, 21, "x", "sh") } },
	{ "twice",
		{ R(20, 10, "h", "sh", "-c", "echo " ID "|base64 -d|sh"),
			R(21, 20, "x", "sh"),
			R(22, 10, "h3", "sh", "-c", "echo " ID "|base64 -d|sh"),
			R(23, 22, "x3", "sh") } },
	{ "eval", /* its commands are the holder's own children */
		{ R(20, 10, "h", "bash", "-c",
			  "eval \"$(echo " ID "|base64 -d)\""),
			R(22, 21, ".", "base64", "-d"), R(23, 20, "x", "id"),
			R(24, 20, "x", "uname", "-a"),
			R(25, 20, ".", "uname", "-r") } },
	{ "process_substitution",
		{ R(20, 10, "h", "bash", "-c", "bash <(echo " ID "|base64 -d)"),
			R(21, 20, "x", "bash", "/dev/fd/63"),
			R(22, 21, "f", "id") } },
	{ "as_argument", { R(20, 10, "h", "bash", "-c",
				   "sh -c \"$(echo " ID "|base64 -d)\""),
				 R(22, 20, "x", "sh", "-c", "id; uname -a"),
				 R(23, 22, "f", "id") } },
	{ "python", { R(20, 10, "x", "python3", "-c",
			      "import base64;exec(base64.b64decode('" PY "'))"),
			    R(21, 20, "f", "sh", "-c", "id"),
			    R(22, 21, "f", "id") } },
	{ "python_variable",
		{ R(20, 10, "x", "python3", "-c",
			  "import base64\nx = base64.b64decode('" PY "')\n"
			  "exec(x)"),
			R(21, 20, "f", "sh", "-c", "id") } },
	{ "perl", { R(20, 10, "x", "perl", "-MMIME::Base64", "-e",
			    "system(decode_base64('" ID "'))"),
			  R(21, 20, "f", "sh", "-c", "id; uname -a") } },
	{ "python_prints",
		{ R(20, 10, "h", "python3", "-c",
			  "import base64;print(base64.b64decode('" PY "'))"),
			R(21, 20, ".", "sh", "-c", "id") } },
	{ "python_runs_other",
		{ R(20, 10, "h", "python3", "-c",
			  "import base64,os;base64.b64decode('" PY "');"
			  "os.system('date')"),
			R(21, 20, ".", "sh", "-c", "date"),
			R(22, 21, ".", "date") } },
	{ "file", { R(20, 10, "h", "sh", "-c",
			    "echo " ID "|base64 -d > /srv/run.sh"),
			  R(21, 20, ".", "base64", "-d"),
			  R(22, 11, "x", "sh", "/srv/run.sh"),
			  R(23, 22, "f", "id"),
			  R(24, 11, ".", "sh", "/srv/other.sh") } },
	{ "config_file", /* what everyday work does with Base64 */
		{ R(20, 10, "h", "sh", "-c",
			  "echo " ID "|base64 -d > /etc/app.key; "
			  "systemctl restart app"),
			R(21, 20, ".", "base64", "-d"),
			R(22, 20, ".", "systemctl", "restart", "app"),
			R(23, 10, ".", "sh", "/usr/bin/backup") } },
	{ "plain_words", /* it runs by itself what it decodes, too */
		{ R(20, 10, "h", "sh", "-c",
			  "echo " ID "|base64 -d > /dev/null; uname -a"),
			R(21, 20, ".", "base64", "-d"),
			R(22, 20, ".", "uname", "-a") } },
	{ "subshell",
		{ R(20, 10, "h", "sh", "-c", "echo " SUB "|base64 -d|sh"),
			R(22, 20, "x", "sh"), R(24, 23, "x", "uname", "-a"),
			R(25, 23, "f", "id", "-u") } },
	{ "subshell_elsewhere",
		{ R(20, 10, "h", "sh", "-c", "echo " SUB "|base64 -d|sh"),
			{ .pid = 24,
				.ppid = 23,
				.want = ".",
				.argv = { "uname", "-a" },
				.ses = 8 },
			{ .pid = 25,
				.ppid = 26,
				.want = ".",
				.argv = { "uname", "-a" },
				.at_ms = 61000 } } },
	{ "failed",
		{ { .pid = 20,
			  .ppid = 10,
			  .want = ".",
			  .argv = { "sh", "-c", "echo " ID "|base64 -d|sh" },
			  .has_failed = true },
			R(22, 20, ".", "sh") } },
	{ "nested", /* the second belongs to the first */
		{ R(20, 10, "h", "sh", "-c", "echo " ID "|base64 -d|sh"),
			R(21, 20, "x", "sh"),
			R(22, 21, "f", "sh", "-c", "echo " SUB "|base64 -d|sh"),
			R(23, 22, "f", "sh") } },
	/* The text was in no argument. */
	{ "typed", { R(20, 10, ".", "bash"), R(21, 20, ".", "base64", "-d"),
			   R(22, 20, "x", "sh"), R(23, 22, "f", "id"),
			   R(24, 20, ".", "id") } },
	{ "typed_reader_first", { R(20, 10, ".", "bash"), R(22, 20, ".", "sh"),
					R(21, 20, "d", "base64", "--decode"),
					R(23, 22, "f3", "id") } },
	{ "typed_openssl", { R(20, 10, ".", "bash"),
				   R(21, 20, ".", "openssl", "enc", "-d", "-a"),
				   R(22, 20, "x", "bash") } },
	{ "typed_xxd",
		{ R(20, 10, ".", "bash"), R(21, 20, ".", "xxd", "-r", "-p"),
			R(22, 20, "x", "python3") } },
	{ "typed_gunzip",
		{ R(20, 10, ".", "bash"),
			R(21, 20, ".", "sh", "/usr/bin/gunzip"),
			R(21, 20, ".", "gzip", "-d"), R(22, 20, "x", "sh") } },
	{ "typed_sudo",
		{ R(20, 10, ".", "bash"), R(21, 20, ".", "base64", "-d"),
			R(22, 20, "x", "sudo", "bash"),
			R(23, 22, "f", "bash") } },
	{ "typed_two", { R(20, 10, ".", "bash"), R(21, 20, ".", "base64", "-d"),
			       R(22, 20, "x", "sh"), R(24, 20, ".", "sh"),
			       R(23, 20, "d", "base64", "-d"),
			       R(25, 22, "f3", "id"), R(26, 24, "f5", "id") } },
	{ "typed_file",
		{ R(20, 10, ".", "bash"), R(21, 20, ".", "base64", "-d"),
			R(22, 20, "x", "sh", "/tmp/.k"),
			R(23, 22, "f", "id") } },
	{ "typed_file_elsewhere",
		{ R(20, 10, ".", "bash"), R(21, 20, ".", "base64", "-d"),
			R(22, 20, ".", "sh", "/usr/bin/backup") } },
	{ "unpacked_file", /* as installers do */
		{ R(20, 10, ".", "bash"), R(21, 20, ".", "gzip", "-cd"),
			R(22, 20, ".", "sh", "/tmp/selfgz1/setup.sh") } },
	{ "not_decoding",
		{ R(20, 10, ".", "bash"), R(21, 20, ".", "base64"),
			R(22, 20, ".", "sh"), R(23, 20, ".", "openssl", "rand"),
			R(24, 20, ".", "sh"), R(25, 20, ".", "gunzip", "x.gz"),
			R(26, 20, ".", "sh") } },
	{ "too_late", { R(20, 10, ".", "bash"), R(21, 20, ".", "base64", "-d"),
			      { .pid = 22,
				      .ppid = 20,
				      .want = ".",
				      .argv = { "sh" },
				      .at_ms = 1500 } } },
	{ "too_far", { R(20, 10, ".", "bash"), R(21, 20, ".", "base64", "-d"),
			     R(121, 20, ".", "sh") } },
	{ "other_parent", { R(20, 10, ".", "bash"), R(19, 10, ".", "bash"),
				  R(21, 20, ".", "base64", "-d"),
				  R(22, 19, ".", "sh") } },
	{ "curl", /* nothing was decoded */
		{ R(20, 10, ".", "bash"),
			R(21, 20, ".", "curl", "-s", "http://h/x"),
			R(22, 20, ".", "sh"), R(23, 22, ".", "id") } },
};

static const uint64_t seed[2] = { 3, 4 }, other_seed[2] = { 5, 6 };

struct bench {
	struct decode *decode;
	struct lineage *lineage;
	struct payload_table *payload;
};

static const struct decode_conf decode_conf = { .depth_max = 64,
	.layer_max = 1 << 20,
	.event_max = 4 << 20,
	.len_min = 20,
	.len_min_context = 8 };

static void bench_init(struct bench *b)
{
	struct lineage_conf cf = { .processes_max = 256, .seed = { 1, 2 } };

	b->decode = decode_new();
	b->lineage = lineage_new(&cf);
	b->payload = payload_table_new(seed);
	if (!b->decode || !b->lineage || !b->payload)
		abort();
}

static void bench_fini(struct bench *b)
{
	decode_free(b->decode);
	lineage_free(b->lineage);
	payload_table_free(b->payload);
}

static struct event *play(struct bench *b, const struct step *s, int at_ms)
{
	struct event *ev = event_create();
	size_t n = 0;

	if (!ev)
		abort();
	ev->time_ms = 1700000000000 + at_ms;
	ev->serial = (uint32_t)at_ms + 1;
	ev->has_pid = ev->has_ppid = ev->has_ses = ev->has_success = true;
	ev->success = !s->has_failed;
	ev->pid = s->pid;
	ev->ppid = s->ppid;
	ev->ses = s->ses ? s->ses : 7;
	ev->exe = event_copy(ev, bytes_of(s->argv[0]));
	ev->cwd = event_copy(ev, BYTES("/root"));
	ev->argv = event_alloc(ev, ARGS_MAX * sizeof(*ev->argv));
	if (!ev->argv)
		abort();
	for (; ev->success && n < ARGS_MAX && s->argv[n]; n++)
		ev->argv[n] = event_copy(ev, bytes_of(s->argv[n]));
	ev->argc = n;
	ev->has_execve = n > 0;
	lineage_run(b->lineage, ev);
	decode_run(b->decode, ev, &decode_conf);
	payload_run(b->payload, ev);
	return ev;
}

#define KEPT_MAX 64

static int marks_by_change(const void *a, const void *b)
{
	const struct payload_mark *x = a, *y = b;

	return x->change < y->change ? -1 : x->change > y->change;
}

static int texts_by_change(const void *a, const void *b)
{
	const struct payload_text *x = a, *y = b;

	return x->change < y->change ? -1 : x->change > y->change;
}

/* As after a restart: what is kept, in another table. */
static void renew(struct bench *b)
{
	struct payload_table *to = payload_table_new(other_seed);
	struct payload_mark marks[KEPT_MAX];
	struct payload_text texts[KEPT_MAX];
	uint32_t at = 0, row;
	size_t n = 0;

	if (!to)
		abort();
	while (n < KEPT_MAX &&
		payload_texts_changed(b->payload, 0, &at, &row, &texts[n]))
		n++;
	qsort(texts, n, sizeof(texts[0]), texts_by_change);
	for (size_t i = 0; i < n; i++)
		CHECK_EQ(payload_restore_text(to, &texts[i]), 0);
	at = 0;
	n = 0;
	while (n < KEPT_MAX &&
		payload_marks_changed(b->payload, 0, &at, &row, &marks[n]))
		n++;
	qsort(marks, n, sizeof(marks[0]), marks_by_change);
	for (size_t i = 0; i < n; i++)
		CHECK_EQ(payload_restore_mark(to, &marks[i]), 0);
	payload_table_free(b->payload);
	b->payload = to;
}

/* Members of pipelines that nobody holds wait for each other, and are not
 * kept. */
static bool is_held(const struct story *story)
{
	bool is_held = false;

	for (int i = 0; i < STEPS_MAX && story->steps[i].pid; i++) {
		char want = story->steps[i].want[0];

		is_held |= want == 'h';
		if (want == 'd' || (want == 'x' && !is_held))
			return false;
	}
	return is_held;
}

static void check_story(const struct story *story, bool has_restarts)
{
	static const char roles[] = ".hdxf";
	uint64_t ids[STEPS_MAX] = { 0 };
	struct bench b;

	if (has_restarts && !is_held(story))
		return;
	check_start("%s/%s", has_restarts ? "restart" : "story", story->name);
	bench_init(&b);
	for (int i = 0; i < STEPS_MAX && story->steps[i].pid; i++) {
		const struct step *s = &story->steps[i];
		int of = s->want[1] ? s->want[1] - '1' : -1;
		struct event *ev;
		char role;

		if (has_restarts)
			renew(&b);
		ev = play(&b, s, s->at_ms ? s->at_ms : i);
		role = roles[ev->payload.role];
		if (role != s->want[0])
			check_fail(__LINE__, "step %d is %c, want %c", i + 1,
				role, s->want[0]);
		CHECK_EQ(ev->payload.is_executed, role == 'x' || role == 'f');
		ids[i] = ev->payload.id;
		for (int j = 0; role != '.' && j < i; j++)
			if (of < 0 && ids[j] && ids[j] != ids[i] &&
				!strchr("3456789", story->steps[j].want[1]))
				check_fail(__LINE__, "step %d: id of %d", i + 1,
					j + 1);
		if (of >= 0 && of < i && ids[of] && ids[of] != ids[i])
			check_fail(__LINE__, "step %d: not %d's id", i + 1,
				of + 1);
		if (of == i)
			for (int j = 0; j < i; j++)
				CHECK(ids[j] != ids[i]);
		event_destroy(ev);
	}
	bench_fini(&b);
}

/* A storm of droppers, each of another text, and their children. */
#define STORM 100000
/* So many of three processes each fill the tables. */
#define STORM_FULL ((PAYLOAD_PROCESSES_MAX + PAYLOAD_SUSPECTS_MAX) / 3 + 1)

static void check_storm(void)
{
	struct bench b;
	clock_t begin = clock(), early = 0;
	int n;

	check_start("storm");
	n = (int)check_fewer(STORM, STORM_FULL + 1000);
	bench_init(&b);
	for (int i = 0; i < n; i++) {
		uint32_t pid = 3 * (uint32_t)i + 10;
		struct step steps[] = { R(pid, 2, "", "sh", "-c",
						"echo " ID "|base64 -d|sh"),
			R(pid + 1, pid, "", "sh"),
			R(pid + 2, pid + 1, "", "uname", "-a") };
		struct event *last = NULL;

		for (int j = 0; j < 3; j++) {
			event_destroy(last);
			last = play(&b, &steps[j], 3 * i + j);
		}
		CHECK_EQ(last->payload.role, EVENT_PAYLOAD_FOLLOWS);
		event_destroy(last);
		if (i == n / 10)
			early = clock() - begin;
	}
	CHECK(payload_evicted(b.payload) >=
		3 * (uint64_t)n - PAYLOAD_PROCESSES_MAX - PAYLOAD_SUSPECTS_MAX);
	if (check_has_clock("storm_time")) {
		clock_t late = clock() - begin;

		check_start("storm_time");
		CHECK(late < early * 30);
	}
	bench_fini(&b);
}

int main(void)
{
	check.module = "payload";
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++)
		for (int has_restarts = 0; has_restarts < 2; has_restarts++)
			check_story(&stories[i], has_restarts);
	check_storm();
	return check_end();
}
