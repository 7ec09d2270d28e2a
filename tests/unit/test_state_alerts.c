// SPDX-License-Identifier: GPL-3.0-or-later
/* What detect remembers, through a state file. */

#include "alert.h"
#include "detect.h"
#include "event.h"
#include "kept.h"

#define TIME INT64_C(1700000000000)
#define ROWS                                                                   \
	"mark m on=exec name=one\n"                                            \
	"mark n on=exec name=two\n"                                            \
	"sequence s severity=high within=60 \"why=s\" m n\n"                   \
	"alert a on=exec severity=high every=60 \"why={exe}\" name=id\n"       \
	"alert f on=exec severity=low new=exe \"why=f\" name=new\n"

struct bench {
	struct detect *detect;
	struct state *state;
};

static struct detect_rules *rules(void)
{
	struct detect_rules *r = detect_rules_new();
	struct bytes rest = BYTES(ROWS);
	struct str why;

	str_init(&why, 4096);
	while (r && rest.len) {
		const char *nl = memchr(rest.p, '\n', rest.len);
		size_t len = (size_t)(nl - rest.p);

		if (detect_rules_line(r, (struct bytes){ rest.p, len }, &why) <
			0)
			abort();
		rest.p += len + 1;
		rest.len -= len + 1;
	}
	if (!r || detect_rules_done(r) < 0)
		abort();
	str_fini(&why);
	return r;
}

static void open_bench(struct bench *b, const char *boot_id, uint64_t seed)
{
	struct detect_conf dc = { .seed = { seed, seed + 1 } };
	struct state_conf cf = { .file = kept_file,
		.boot_id = boot_id,
		.started_ms = KEPT_NOW,
		.max_age_ms = INT64_MAX / 2 };

	b->detect = detect_new(&dc);
	b->state = state_new(&cf);
	if (!b->detect || !b->state ||
		state_keep_detect(b->state, b->detect) < 0)
		abort();
	CHECK_EQ(kept_load(b->state, NULL), 0);
}

static void close_bench(struct bench *b)
{
	CHECK_EQ(state_finish(b->state, 10000), 0);
	state_free(b->state);
	detect_free(b->detect);
}

static struct event *exec_of(const char *exe, int64_t at_s)
{
	struct event *ev = event_create();

	if (!ev)
		abort();
	ev->time_ms = TIME + at_s * 1000;
	ev->node = BYTES("web1");
	ev->exe = bytes_of(exe);
	ev->session.number = 7;
	ev->has_ses = true;
	ev->ses = 3;
	return ev;
}

/* How many fired, and how many of the first were not told before. */
static size_t run(struct bench *b, const struct detect_rules *r,
	const char *exe, int64_t at_s, uint64_t *suppressed)
{
	struct event *ev = exec_of(exe, at_s);
	size_t n;

	detect_run(b->detect, ev, r);
	n = ev->n_fired;
	if (suppressed)
		*suppressed = n ? ev->fired[0].suppressed : 0;
	event_destroy(ev);
	return n;
}

static double related(struct bench *b, uint64_t session)
{
	struct event *ev = exec_of("/bin/x", 2);
	double points;

	ev->session.number = session;
	detect_relate(b->detect, ev);
	points = ev->alerts.points;
	event_destroy(ev);
	return points;
}

static void test_restart(void)
{
	struct detect_rules *r = rules();
	struct detect_alert_told told;
	uint64_t suppressed;
	struct bench b;

	check_start("the same boot");
	open_bench(&b, "boot", 1);
	CHECK_EQ(run(&b, r, "/bin/id", 1, NULL), 1);
	CHECK_EQ(run(&b, r, "/bin/id", 2, NULL), 0);
	CHECK_EQ(run(&b, r, "/bin/new", 2, NULL), 1);
	CHECK_EQ(run(&b, r, "/bin/one", 3, NULL), 0);
	close_bench(&b);
	open_bench(&b, "boot", 5);
	CHECK(detect_told_at(b.detect, 0, &told));
	CHECK_Z(told.host, "web1");
	CHECK_Z(told.name, "a");
	CHECK_Z(told.why, "/bin/id");
	CHECK_EQ(told.ses, 3);
	CHECK_EQ(told.auid, EVENT_UNSET);
	CHECK_EQ(told.severity, ALERT_HIGH);
	CHECK(detect_told_at(b.detect, 1, &told));
	CHECK(!detect_told_at(b.detect, 2, &told));
	CHECK(related(&b, 7) == 4);
	CHECK_EQ(run(&b, r, "/bin/id", 4, NULL), 0);
	CHECK_EQ(run(&b, r, "/bin/new", 1004, NULL), 0);
	CHECK_EQ(run(&b, r, "/bin/two", 5, NULL), 1);
	CHECK_EQ(run(&b, r, "/bin/id", 61, &suppressed), 1);
	CHECK_EQ(suppressed, 2);
	CHECK_EQ(run(&b, r, "/bin/one", 70, NULL), 0);
	close_bench(&b);

	check_start("another boot");
	open_bench(&b, "later", 9);
	CHECK(detect_told_at(b.detect, 0, &told));
	CHECK_EQ(told.session, 0);
	CHECK_EQ(run(&b, r, "/bin/two", 71, NULL), 0);
	CHECK_EQ(run(&b, r, "/bin/id", 72, NULL), 0);
	close_bench(&b);
	detect_rules_free(r);
}

static void test_refused(void)
{
	struct detect_key key = { .kind = DETECT_KEY_SEEN, .key = 1, .n = 1 };
	struct detect_alert_told told = { .name = BYTES("a"), .time_ms = 1 };
	struct detect_conf dc = { .seed = { 1, 2 } };
	struct detect *d = detect_new(&dc);

	check_start("rows that cannot be");
	CHECK_EQ(detect_restore_key(d, &key), 0);
	CHECK_EQ(detect_restore_key(d, &key), -1); /* twice */
	key = (struct detect_key){ .kind = DETECT_KEY_SEEN, .key = 2, .n = 2 };
	CHECK_EQ(detect_restore_key(d, &key), -1);
	key = (struct detect_key){ .kind = DETECT_KEY_STEP, .key = 2, .n = 16 };
	CHECK_EQ(detect_restore_key(d, &key), -1);
	key = (struct detect_key){ .kind = DETECT_KEY_TOLD, .key = 2, .n = 2 };
	key.numbers[0] = UINT64_MAX;
	CHECK_EQ(detect_restore_key(d, &key), -1);
	key.kind = (enum detect_key_kind)3;
	CHECK_EQ(detect_restore_key(d, &key), -1);
	CHECK_EQ(detect_restore_told(d, &told), 0);
	told.severity = ALERT_HIGH + 1;
	CHECK_EQ(detect_restore_told(d, &told), -1);
	told.severity = 0;
	told.name = (struct bytes){ NULL, 0 };
	CHECK_EQ(detect_restore_told(d, &told), -1);
	told.name = BYTES("a");
	told.time_ms = -1;
	CHECK_EQ(detect_restore_told(d, &told), -1);
	detect_free(d);
}

static struct state *open_sent(struct alert_table *t)
{
	struct state_conf cf = { .file = kept_file,
		.boot_id = "later",
		.started_ms = KEPT_NOW,
		.max_age_ms = INT64_MAX / 2 };
	struct state *st = state_new(&cf);

	if (!st || !t || state_keep_sent(st, t) < 0)
		abort();
	CHECK_EQ(kept_load(st, NULL), 0);
	return st;
}

static void send_one(struct alert_table *t, unsigned int number)
{
	char name[32];

	snprintf(name, sizeof(name), "sent %u", number);
	CHECK_EQ(alert_table_add_sent(t, BYTES("web1"), bytes_of(name),
			 ALERT_MEDIUM, TIME + number),
		0);
}

/* What was sent is there, in its order, whatever it took the place of. */
static void test_sent(void)
{
	struct alert_table *t = alert_table_new();
	struct state *st;
	struct alert_seen a;
	const void *at = NULL;
	unsigned int n = 0;

	check_start("sent");
	st = open_sent(t);
	for (unsigned int i = 0; i < ALERT_SENT_MAX; i++)
		send_one(t, i);
	CHECK_EQ(
		alert_table_add(t, BYTES("w"), BYTES("file"), ALERT_LOW, 1), 0);
	CHECK_EQ(state_save(st), 0);
	for (unsigned int i = 0; i < 10; i++)
		send_one(t, ALERT_SENT_MAX + i);
	CHECK_EQ(state_finish(st, 10000), 0);
	state_free(st);
	alert_table_free(t);
	t = alert_table_new();
	st = open_sent(t);
	for (; alert_next(t, &at, &a); n++) {
		CHECK_Z(a.host, "web1");
		CHECK_EQ(a.source, ALERT_SENT);
		CHECK_EQ(a.severity, ALERT_MEDIUM);
		CHECK_EQ(a.time_ms, TIME + 10 + n);
	}
	CHECK_EQ(n, ALERT_SENT_MAX);
	state_free(st);
	alert_table_free(t);
}

int main(void)
{
	check.module = "state_alerts";
	kept_begin();
	test_restart();
	test_refused();
	test_sent();
	kept_end();
	return check_end();
}
