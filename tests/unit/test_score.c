// SPDX-License-Identifier: GPL-3.0-or-later
#include "check.h"
#include "event.h"
#include "score.h"

static void test_severity(void)
{
	static const struct score_conf cf = {
		.notice = 0.01, .warning = 1, .err = 3, .crit = 5
	};
	static const struct {
		double total;
		enum score_severity severity;
		const char *name;
	} rows[] = {
		{ 0, SEVERITY_INFO, "info" },
		{ 0.00999, SEVERITY_INFO, "info" },
		{ 0.01, SEVERITY_NOTICE, "notice" },
		{ 0.99, SEVERITY_NOTICE, "notice" },
		{ 1, SEVERITY_WARNING, "warning" },
		{ 2.99, SEVERITY_WARNING, "warning" },
		{ 3, SEVERITY_ERR, "err" },
		{ 4.99, SEVERITY_ERR, "err" },
		{ 5, SEVERITY_CRIT, "crit" },
		{ 173, SEVERITY_CRIT, "crit" },
	};
	static const struct score_conf flat = {
		.notice = 1, .warning = 1, .err = 1, .crit = 1
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("severity of %g", rows[i].total);
		CHECK_EQ(score_severity(rows[i].total, &cf), rows[i].severity);
		CHECK_Z(bytes_of(score_severity_name(rows[i].severity)),
			rows[i].name);
	}
	check_start("severities as syslog numbers them");
	CHECK_EQ(SEVERITY_CRIT, 2);
	CHECK_EQ(SEVERITY_ERR, 3);
	CHECK_EQ(SEVERITY_WARNING, 4);
	CHECK_EQ(SEVERITY_NOTICE, 5);
	CHECK_EQ(SEVERITY_INFO, 6);
	check_start("thresholds that are the same");
	CHECK_EQ(score_severity(1, &flat), SEVERITY_CRIT);
	CHECK_EQ(score_severity(0.5, &flat), SEVERITY_INFO);
}

static const struct score_conf all = { .weights = { 1, 1, 1, 1, 1, 1 } };

static double part(const struct event *ev, const char *name)
{
	for (size_t i = 0; i < score_n_scorers; i++)
		if (!strcmp(score_scorers[i]->name, name))
			return ev->score.parts[i];
	return -1;
}

static void test_freq(void)
{
	static const struct {
		const char *name;
		struct event_frequency f;
		const char *why;
	} rows[] = {
		{ "nothing", { 0 }, "" },
		{ "never seen", { true, 1, 1, 1, 1, 1, 1 },
			"decoded command never seen before" },
		{ "on one host", { true, 4, 4, 1, 0.25, 4, 0.25 },
			"decoded command seen 4 times on this host" },
		{ "on several", { true, 1, 4, 3, 0.625, 4, 0.25 },
			"decoded command seen 1 times on this host, 4 times on "
			"3 hosts" },
	};
	struct event *ev = event_create();

	if (!ev)
		abort();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("freq: %s", rows[i].name);
		ev->frequency = rows[i].f;
		for (int again = 0; again < 2; again++) {
			score_run(ev, &all);
			CHECK_Z(bytes_of(str_z(&ev->score.why)), rows[i].why);
			CHECK(part(ev, "freq") == rows[i].f.points);
			CHECK(ev->score.total == rows[i].f.points);
		}
	}
	event_destroy(ev);
}

/* Repeating a command makes it no cheaper, but in the notebook's profile. */
static void test_training(void)
{
	static const struct {
		const char *name;
		struct event_frequency f;
		double points;
		const char *why;
	} rows[] = {
		{ "by one user", { true, 8, 8, 1, 0.125, 1, 1 }, 0.875,
			"decoded command seen 8 times on this host; in 1 "
			"sittings only" },
		{ "on four days", { true, 8, 8, 1, 0.125, 4, 0.25 }, 0.125,
			"decoded command seen 8 times on this host; in 4 "
			"sittings only" },
		{ "once a day", { true, 8, 8, 1, 0.125, 8, 0.125 }, 0,
			"decoded command seen 8 times on this host" },
		{ "rarer here than elsewhere", { true, 1, 9, 2, 0.5, 9, 0.1 },
			0,
			"decoded command seen 1 times on this host, 9 times on "
			"2 hosts" },
	};
	struct event *ev = event_create();
	struct score_conf book = all;

	if (!ev)
		abort();
	book.profile = SCORE_NOTEBOOK;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("training: %s", rows[i].name);
		ev->frequency = rows[i].f;
		score_run(ev, &all);
		CHECK(part(ev, "training") == rows[i].points);
		CHECK_Z(bytes_of(str_z(&ev->score.why)), rows[i].why);
		score_run(ev, &book);
		CHECK(ev->score.total == rows[i].f.points);
	}
	event_destroy(ev);
}

/* What each part is worth, and what its weight and the profile make of it. */
static void test_profiles(void)
{
	struct event_layer layers[2] = { { .depth = 1,
						 .chain = BYTES("base64") },
		{ .depth = 2, .chain = BYTES("base64+gzip") } };
	struct score_conf cf = all;
	struct event *ev = event_create();

	if (!ev)
		abort();
	ev->frequency = (struct event_frequency){ true, 1, 1, 1, 1, 1, 1 };
	ev->layers = layers;
	ev->n_layers = 2;
	ev->alerts.points = 3;
	ev->alerts.n = 1;
	ev->alerts.worst = BYTES("brute force");
	ev->tags.weight = 2.5;
	ev->tags.heaviest = BYTES("reverse shell");
	check_start("profile hunt");
	score_run(ev, &cf);
	CHECK(part(ev, "obfuscation") == 2);
	CHECK(part(ev, "tooling") == 2.5);
	CHECK(ev->score.total == 1 + 2 + 3 + 2.5);
	CHECK_Z(bytes_of(str_z(&ev->score.why)),
		"decoded command never seen before; 1 alerts on the host, "
		"among them brute force; hidden by base64+gzip, 2 levels deep; "
		"reverse shell");
	check_start("a budget ended the decoding");
	ev->is_capped = true;
	score_run(ev, &cf);
	CHECK(part(ev, "obfuscation") == 3);
	ev->n_layers = 0;
	score_run(ev, &cf);
	CHECK(part(ev, "obfuscation") == 1);
	ev->n_layers = 2;
	ev->is_capped = false;
	check_start("a part switched off");
	cf.weights[SCORE_tooling] = 0;
	cf.weights[SCORE_alert] = 0.5;
	score_run(ev, &cf);
	CHECK(ev->score.total == 1 + 2 + 1.5);
	check_start("profile notebook");
	cf.profile = SCORE_NOTEBOOK;
	score_run(ev, &cf);
	CHECK(ev->score.total == 1 + 3);
	event_destroy(ev);
}

static void test_parts(void)
{
	struct event *ev = event_create();
	double sum = 0;

	if (!ev)
		abort();
	check_start("the parts add up");
	CHECK(score_n_scorers >= 1);
	ev->frequency = (struct event_frequency){ true, 3, 9, 2, 0.3, 3, 0.4 };
	score_run(ev, &all);
	for (size_t i = 0; i < score_n_scorers; i++) {
		CHECK(score_scorers[i]->name[0]);
		sum += ev->score.parts[i];
	}
	CHECK(sum == ev->score.total);
	CHECK(str_ok(&ev->score.why));
	CHECK_EQ(strlen(str_z(&ev->score.why)), ev->score.why.len);
	event_destroy(ev);
}

int main(void)
{
	check.module = "score";
	test_severity();
	test_freq();
	test_training();
	test_profiles();
	test_parts();
	return check_end();
}
