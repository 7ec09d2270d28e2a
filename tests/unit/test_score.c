// SPDX-License-Identifier: GPL-3.0-or-later
#include "check.h"
#include "event.h"
#include "score.h"

static void test_severity(void)
{
	static const struct score_conf cf = { 0.01, 1, 3, 5 };
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
	static const struct score_conf flat = { 1, 1, 1, 1 };

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
		{ "never seen", { true, 1, 1, 1, 1 },
			"decoded command never seen before" },
		{ "on one host", { true, 4, 4, 1, 0.25 },
			"decoded command seen 4 times on this host" },
		{ "on several", { true, 1, 4, 3, 0.625 },
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
			score_run(ev);
			CHECK_Z(bytes_of(str_z(&ev->score.why)), rows[i].why);
			CHECK(part(ev, "freq") == rows[i].f.points);
			CHECK(ev->score.total == rows[i].f.points);
		}
	}
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
	ev->frequency = (struct event_frequency){ true, 3, 9, 2, 0.3 };
	score_run(ev);
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
	test_parts();
	return check_end();
}
