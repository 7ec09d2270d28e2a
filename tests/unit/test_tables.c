// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "alert.h"
#include "alertfile.h"
#include "check.h"
#include "config.h"
#include "tables.h"

static char path[64];

static void put_file(const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		abort();
}

#define T  "\"TimeGenerated\":\"2026-11-22T06:57:21.714Z\""
#define MS INT64_C(1795330641714)

/* What is read: HOST/NAME/SEVERITY, and ! where the time is another. */
static const struct {
	const char *name, *text, *want;
} rows[] = {
	{ "our columns",
		"[{\"host\":\"w\",\"AlertName\":\"a\",\"Severity\":\"High\"," T
		"}]",
		"w/a/high " },
	{ "an object a line",
		"{\"host\":\"w\",\"AlertName\":\"a\",\"Severity\":\"low\"," T
		"}\n\n{\"host\":\"x\",\"AlertName\":\"b\",\"Severity\":"
		"\"medium\"," T "}\n",
		"w/a/low x/b/medium " },
	{ "CSV",
		"Severity,host,TimeGenerated,AlertName\n"
		"High,w,2026-11-22 06:57:21.714,\"a, b\"\n",
		"w/a, b/high " },
	{ "Sentinel's API",
		"[{\"DisplayName\":\"d\",\"AlertSeverity\":\"Medium\"," T
		",\"Entities\":\"[{\\\"$id\\\":\\\"2\\\",\\\"HostName\\\":"
		"\\\"w\\\",\\\"DnsDomain\\\":\\\"x.org\\\",\\\"Type\\\":"
		"\\\"host\\\"},{\\\"Address\\\":\\\"192.0.2.1\\\","
		"\\\"Type\\\":\\\"ip\\\"}]\"}]",
		"w/d/medium w.x.org/d/medium " },
	{ "entities as they are",
		"[{\"AlertName\":\"a\",\"DisplayName\":\"d\","
		"\"AlertSeverity\":\"Low\"," T
		",\"Entities\":[{\"Type\":\"Host\",\"HostName\":\"w\"}]}]",
		"w/a/low " },
	{ "whom it compromised",
		"[{\"DisplayName\":\"d\",\"AlertSeverity\":\"High\"," T
		",\"CompromisedEntity\":\"w\"}]",
		"w/d/high " },
	{ "entities without a host",
		"[{\"DisplayName\":\"d\",\"AlertSeverity\":\"High\"," T
		",\"CompromisedEntity\":\"w\",\"Entities\":\"[]\"}]",
		"" },
	{ "Sentinel's portal",
		"\"TimeGenerated [UTC]\",DisplayName,AlertSeverity,Entities\n"
		"\"11/22/2026, 6:57:21.714 AM\",d,High,\"[{\"\"HostName\"\":"
		"\"\"w\"\",\"\"Type\"\":\"\"host\"\"}]\"\n"
		"\"11/22/2026, 6:57:21.714 PM\",d,High,\"[{\"\"HostName\"\":"
		"\"\"v\"\",\"\"Type\"\":\"\"host\"\"}]\"\n",
		"w/d/high v/d/high! " },
	{ "nothing", "[]", "" },
	{ "no severity", "[{\"host\":\"w\",\"AlertName\":\"a\"," T "}]", NULL },
	{ "another severity",
		"[{\"host\":\"w\",\"AlertName\":\"a\",\"Severity\":\"x\"," T
		"}]",
		NULL },
	{ "no name", "[{\"host\":\"w\",\"Severity\":\"low\"," T "}]", NULL },
	{ "no host", "[{\"AlertName\":\"a\",\"Severity\":\"low\"," T "}]",
		NULL },
	{ "no time",
		"[{\"host\":\"w\",\"AlertName\":\"a\",\"Severity\":\"low\"}]",
		NULL },
	{ "no JSON", "[{", NULL },
	{ "a line that is none",
		"{\"host\":\"w\",\"AlertName\":\"a\",\"Severity\":\"low\"," T
		"}\n[1]\n",
		NULL },
};

static void describe(const struct alert_table *t, struct str *to)
{
	const void *at = NULL;
	struct alert_seen a;

	while (alert_next(t, &at, &a)) {
		str_addb(to, a.host);
		str_addc(to, '/');
		str_addb(to, a.name);
		str_addf(to, "/%s%s ", alert_severity_name(a.severity),
			a.time_ms == MS ? "" : "!");
	}
}

static void test_forms(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct alert_table *t = alert_table_new();
		struct str why, got;
		int rc;

		check_start("alerts: %s", rows[i].name);
		str_init(&why, 4096);
		str_init(&got, 4096);
		put_file(rows[i].text);
		rc = tables_load_alerts(t, path, &why);
		CHECK_EQ(rc, rows[i].want ? 0 : -1);
		CHECK_EQ(why.len > 0, rc < 0);
		describe(t, &got);
		if (rows[i].want)
			CHECK_Z(str_bytes(&got), rows[i].want);
		str_fini(&why);
		str_fini(&got);
		alert_table_free(t);
	}
}

static void test_own(void)
{
	struct alert_table *t = alert_table_new();
	struct str got;

	check_start("ours stay when others' go");
	str_init(&got, 4096);
	CHECK(alert_table_add(t, BYTES("w"), BYTES("a"), ALERT_LOW, MS) == 0);
	CHECK(alert_table_add_own(t, BYTES("w"), BYTES("b"), ALERT_LOW, MS) ==
		0);
	CHECK(alert_table_add(t, BYTES("w"), BYTES("c"), ALERT_LOW, MS) == 0);
	CHECK(alert_sum(t, BYTES("W"), MS, MS).points == 3);
	alert_table_clear_file(t);
	CHECK(alert_table_add(t, BYTES("w"), BYTES("d"), ALERT_HIGH, MS) == 0);
	describe(t, &got);
	CHECK_Z(str_bytes(&got), "w/b/low w/d/high ");
	CHECK(alert_sum(t, BYTES("w"), MS, MS).points == 4);
	str_fini(&got);
	alert_table_free(t);
}

static size_t count(const struct alert_table *t)
{
	const void *at = NULL;
	struct alert_seen a;
	size_t n = 0;

	while (alert_next(t, &at, &a))
		n++;
	return n;
}

/* Ticks until what is being read is there; the clock goes by what is due. */
static int64_t settle(
	struct alertfile *f, const struct config *cf, int64_t now_ms)
{
	struct timespec pause = { 0, 10000000 };

	alertfile_reload(f);
	do {
		alertfile_tick(f, cf, now_ms);
		nanosleep(&pause, NULL);
		now_ms += 10;
	} while (alertfile_due_ms(f) < now_ms + 1000);
	return now_ms;
}

static void test_file(void)
{
	static const char alert[] = "{\"host\":\"w\",\"AlertName\":\"a\","
				    "\"Severity\":\"low\"," T "}\n";
	struct alert_table *t = alert_table_new();
	struct alertfile *f = alertfile_new(t);
	static struct config cf;
	char text[1024];
	int64_t now_ms = 1000;

	config_init(&cf);
	check_start("a file is read beside the loop");
	CHECK(f != NULL);
	snprintf(cf.alerts_file, sizeof(cf.alerts_file), "%s", path);
	put_file(alert);
	now_ms = settle(f, &cf, now_ms);
	CHECK_EQ(count(t), 1);
	check_start("and again when it has changed");
	snprintf(text, sizeof(text), "%s%s", alert, alert);
	put_file(text);
	now_ms = settle(f, &cf, now_ms);
	CHECK_EQ(count(t), 2);
	check_start("what cannot be read leaves those before");
	put_file("{\"host\"");
	now_ms = settle(f, &cf, now_ms);
	CHECK_EQ(count(t), 2);
	check_start("without a file there are none");
	snprintf(cf.alerts_file, sizeof(cf.alerts_file), "none");
	settle(f, &cf, now_ms);
	CHECK_EQ(count(t), 0);
	alertfile_free(f);
	alert_table_free(t);
}

int main(void)
{
	check.module = "tables";
	snprintf(path, sizeof(path), "/tmp/test_tables.%d", (int)getpid());
	test_forms();
	test_own();
	test_file();
	unlink(path);
	return check_end();
}
