// SPDX-License-Identifier: GPL-3.0-or-later
#include "check.h"

#include <stdlib.h>

#include "alert.h"
#include "event.h"
#include "intel.h"

static const uint64_t seed[2] = { 1, 2 };

static void test_severities(void)
{
	static const struct {
		const char *name;
		int severity;
		double points;
	} rows[] = {
		{ "information", INTEL_INFORMATION, 0 },
		{ "Informational", INTEL_INFORMATION, 0 },
		{ "LOW", INTEL_LOW, 1 },
		{ "medium", INTEL_MEDIUM, 1.5 },
		{ "warning", INTEL_MEDIUM, 1.5 },
		{ "High", INTEL_HIGH, 3 },
		{ "unknown", INTEL_UNKNOWN, 1 },
		{ "not asked", -1, 0 },
		{ "", -1, 0 },
		{ "highest", -1, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int got = intel_severity(bytes_of(rows[i].name));

		check_start("severity '%s'", rows[i].name);
		CHECK_EQ(got, rows[i].severity);
		if (got >= 0)
			CHECK(intel_severity_points((enum intel_severity)got,
				      7) == rows[i].points);
	}
	check_start("nobody asked");
	CHECK(intel_severity_points(INTEL_NOT_ASKED, 0) == 0);
	CHECK(intel_severity_points(INTEL_NOT_ASKED, 1) == 1);
}

static void test_table(void)
{
	struct intel_table *t = intel_table_new(seed, INTEL_ENTRIES_MAX);
	struct bytes by = { NULL, 0 };

	check_start("the worst verdict is kept");
	if (!t)
		abort();
	CHECK_EQ(intel_table_add(
			 t, BYTES("Evil.example"), BYTES("a"), INTEL_UNKNOWN),
		0);
	CHECK_EQ(intel_table_add(
			 t, BYTES("evil.example"), BYTES("b"), INTEL_HIGH),
		0);
	CHECK_EQ(intel_table_add(
			 t, BYTES("EVIL.EXAMPLE"), BYTES("c"), INTEL_LOW),
		0);
	CHECK_EQ(intel_table_get(t, BYTES("evil.EXAMPLE"), &by), INTEL_HIGH);
	CHECK_Z(by, "b");
	CHECK_EQ(
		intel_table_get(t, BYTES("evil.exampl"), &by), INTEL_NOT_ASKED);
	intel_table_free(t);
}

static void test_event(void)
{
	struct event_ioc iocs[2] = {
		{ .value = BYTES("203.0.113.1"), .layer = EVENT_IN_ARGV },
		{ .value = BYTES("203.0.113.2") },
	};
	struct intel_conf hunt = { 0 };
	struct intel_conf notebook = { .not_asked = 1,
		.is_decoded_only = true };
	struct intel_table *t = intel_table_new(seed, INTEL_ENTRIES_MAX);
	struct event *ev = event_create();

	if (!ev || !t)
		abort();
	ev->iocs = iocs;
	ev->n_iocs = 2;
	check_start("indicators of an event");
	CHECK_EQ(intel_table_add(
			 t, BYTES("203.0.113.1"), BYTES("x"), INTEL_HIGH),
		0);
	intel_run(t, ev, &hunt);
	CHECK(ev->intel_points == 3);
	intel_run(t, ev, &notebook);
	CHECK(ev->intel_points == 1);
	intel_run(NULL, ev, &hunt);
	CHECK(ev->intel_points == 0);
	event_destroy(ev);
	intel_table_free(t);
}

/* What its row says of an indicator: severity, and points. */
static void test_rows(void)
{
	struct event_ioc iocs[] = {
		{ .value = BYTES("low"), .severity = INTEL_LOW },
		{ .value = BYTES("heavy"), .weight = 2.5 },
		{ .value = BYTES("both"),
			.severity = INTEL_HIGH,
			.weight = 2.5 },
		{ .value = BYTES("worse"), .severity = INTEL_LOW },
	};
	struct intel_conf hunt = { .has_weights = true };
	struct intel_conf notebook = { .not_asked = 1 };
	struct intel_table *t = intel_table_new(seed, INTEL_ENTRIES_MAX);
	struct event *ev = event_create();

	if (!ev || !t)
		abort();
	ev->iocs = iocs;
	ev->n_iocs = 4;
	check_start("what rows say");
	CHECK_EQ(intel_table_add(t, BYTES("worse"), BYTES("x"), INTEL_MEDIUM),
		0);
	intel_run(t, ev, &hunt);
	CHECK(ev->intel_points == 1 + 2.5 + 3 + 1.5);
	CHECK_Z(ev->verdicts[0].provider, "hunt.d");
	CHECK_EQ(ev->verdicts[0].severity, INTEL_LOW);
	CHECK_EQ(ev->verdicts[1].severity, INTEL_NOT_ASKED);
	CHECK_Z(ev->verdicts[3].provider, "x");
	intel_run(t, ev, &notebook);
	CHECK(ev->intel_points == 1 + 1 + 3 + 1.5);
	event_destroy(ev);
	intel_table_free(t);
}

static void test_alerts(void)
{
	static const struct {
		const char *host, *name;
		enum alert_severity severity;
		int64_t time_ms;
	} rows[] = {
		{ "web", "old", ALERT_HIGH, 10 },
		{ "web", "ssh", ALERT_LOW, 100 },
		{ "WEB", "ssh", ALERT_HIGH, 150 },
		{ "web", "cron", ALERT_MEDIUM, 200 },
		{ "db", "dump", ALERT_HIGH, 150 },
		{ "web", "late", ALERT_HIGH, 201 },
	};
	struct alert_table *t = alert_table_new();
	struct alert_sum sum;

	if (!t)
		abort();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (alert_table_add(t, bytes_of(rows[i].host),
			    bytes_of(rows[i].name), rows[i].severity,
			    rows[i].time_ms) < 0)
			abort();
	check_start("each name of a host once, by its first severity");
	sum = alert_sum(t, BYTES("Web"), 100, 200);
	CHECK(sum.points == 1 + 2);
	CHECK_EQ(sum.n, 2);
	CHECK_Z(sum.worst, "cron");
	check_start("another host, and none");
	CHECK(alert_sum(t, BYTES("db"), 0, 1000).points == 3);
	CHECK(alert_sum(t, BYTES("w"), 0, 1000).n == 0);
	check_start("alert severities");
	CHECK_EQ(alert_severity(BYTES("HIGH")), ALERT_HIGH);
	CHECK_EQ(alert_severity(BYTES("Information")), ALERT_INFORMATIONAL);
	CHECK_EQ(alert_severity(BYTES("critical")), -1);
	alert_table_free(t);
}

int main(void)
{
	check.module = "intel";
	test_severities();
	test_table();
	test_event();
	test_rows();
	test_alerts();
	return check_end();
}
