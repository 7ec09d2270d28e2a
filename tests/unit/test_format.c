// SPDX-License-Identifier: GPL-3.0-or-later
/* One event in every format, to the byte. */
#include "readjson.h"
#include "sample.h"
#include "text.h"

#define SHA                                                                    \
	"abababababababababababababababababababababababababababababababab,"    \
	"0101010101010101010101010101010101010101010101010101010101010101"
#define JSON                                                                   \
	"{\"v\":1,\"evt\":\"exec\",\"id\":\"1521757638.392:262332\",\"seq\":"  \
	"42,"                                                                  \
	"\"sev\":\"warning\",\"score\":1.625,\"parts\":{\"freq\":1.625},"      \
	"\"decoded\":\"id;\\n\\n\\\"q\\\"\",\"why\":\"decoded command never "  \
	"seen "                                                                \
	"before\",\"ts\":\"2018-03-22T22:27:18.392Z\",\"auid\":1000,"          \
	"\"auser\":\"ann\",\"uid\":0,\"user\":\"root\",\"euid\":0,\"gid\":5,"  \
	"\"ses\":7,\"tty\":\"pts0\",\"node\":\"web1\",\"pid\":2,\"ppid\":1,"   \
	"\"comm\":\"sh\",\"exe\":\"/usr/bin/dash\",\"cwd\":\"/root/x y\","     \
	"\"syscall\":\"execve\",\"success\":true,\"exit\":0,\"key\":\"exec,"   \
	"two\","                                                               \
	"\"chain\":\"base64,base64url\",\"sha256\":\"" SHA "\","               \
	"\"cmd\":\"sh -c 'echo aWQ=|base64 -d' 'a b'\"}"
#define HUNT                                                                   \
	"type=HUNT_EXEC audit(1521757638.392:262332): v=1 evt=exec "           \
	"id=1521757638.392:262332 seq=42 sev=warning score=1.625 "             \
	"parts=freq:1.625 decoded=\"id;\\x0A\\x0A\\\"q\\\"\" why=\"decoded "   \
	"command never seen before\" ts=2018-03-22T22:27:18.392Z auid=1000 "   \
	"auser=ann uid=0 user=root euid=0 gid=5 ses=7 tty=pts0 node=web1 "     \
	"pid=2 ppid=1 comm=sh exe=/usr/bin/dash cwd=\"/root/x y\" "            \
	"syscall=execve success=true exit=0 key=exec,two "                     \
	"chain=base64,base64url sha256=" SHA " cmd=\"sh -c 'echo "             \
	"aWQ=|base64 -d' 'a b'\""
#define AUOMS                                                                  \
	"type=AUOMS_EXECVE audit(1521757638.392:262332): arch=x86_64 "         \
	"syscall=execve syscall_r=59 success=yes exit=0 a0=1f a1=2 a2=3 a3=8 " \
	"ppid=1 pid=2 audit_user=ann auid=1000 user=root uid=0 group=tty "     \
	"gid=5 effective_user=root euid=0 set_user=root suid=0 "               \
	"filesystem_user=root fsuid=0 effective_group=unknown-gid(5) egid=5 "  \
	"set_group=unknown-gid(5) sgid=5 filesystem_group=unknown-gid(5) "     \
	"fsgid=5 tty=pts0 ses=7 comm=\"sh\" exe=\"/usr/bin/dash\" "            \
	"subj=unconfined key=exec,two key_r=657865630174776F "                 \
	"cwd=\"/root/x y\" name=\"/bin/sh\" inode=7 dev=fe:01 "                \
	"mode=file,suid,755 o_user=root ouid=0 owner_group=tty ogid=5 "        \
	"rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 "    \
	"cap_frootid=0 path_name=[\"/bin/sh\",\"/lib/ld.so\"] "                \
	"path_nametype=[\"NORMAL\",\"NORMAL\"] "                               \
	"path_mode=[\"0104755\",\"0100644\"] path_ouid=[\"0\",\"0\"] "         \
	"path_ogid=[\"5\",\"0\"] argc=4 cmdline=\"sh -c \"echo aWQ=|base64 "   \
	"-d\" \"a b\"\" containerid="

static struct sample sample;

static void test_whole(void)
{
	static const char *const rows[][2] = { { "json", JSON },
		{ "cee", "@cee: " JSON }, { "hunt", HUNT },
		{ "auoms", AUOMS } };

	for (size_t i = 0; i < 4; i++) {
		check_start("whole: %s", rows[i][0]);
		sample_init(&sample);
		CHECK(!sample_line(&sample, rows[i][0]));
		CHECK_Z(str_bytes(&sample.out), rows[i][1]);
		/* A second line goes behind what is there. */
		str_reset(&sample.out);
		str_addz(&sample.out, "before\n");
		format_get(bytes_of(rows[i][0]))
			->event(&sample.ev, &sample.job, &sample.out);
		CHECK_BYTES(((struct bytes){
				    sample.out.p + 7, sample.out.len - 7 }),
			bytes_of(rows[i][1]));
		sample_fini(&sample);
	}
}

/* What is not there is not written. */
static void test_bare(void)
{
	static const char *const rows[][2] = {
		{ "json", "{\"v\":1,\"evt\":\"exec\",\"id\":\"0.440:2\","
			  "\"seq\":42,\"sev\":\"info\",\"score\":0,"
			  "\"parts\":{},\"ts\":\"1970-01-01T00:00:00.440Z\","
			  "\"flaws\":\"no_syscall,no_execve\"}" },
		{ "hunt", "type=HUNT_EXEC audit(0.440:2): v=1 evt=exec "
			  "id=0.440:2 seq=42 sev=info score=0 parts=\"\" "
			  "ts=1970-01-01T00:00:00.440Z "
			  "flaws=no_syscall,no_execve" },
	};

	for (size_t i = 0; i < 2; i++) {
		check_start("bare: %s", rows[i][0]);
		sample_init(&sample);
		str_fini(&sample.ev.score.why);
		sample.ev = (struct event){ .time_ms = 440,
			.serial = 2,
			.flaws = EVENT_NO_SYSCALL | EVENT_NO_EXECVE,
			.auid = { true, EVENT_UNSET, { NULL, 0 } },
			.has_ses = true,
			.ses = EVENT_UNSET };
		CHECK(!sample_line(&sample, rows[i][0]));
		CHECK_Z(str_bytes(&sample.out), rows[i][1]);
		sample_fini(&sample);
	}
	check_start("bare: auoms");
	sample_init(&sample);
	str_fini(&sample.ev.score.why);
	sample.ev = (struct event){ .time_ms = 440, .serial = 2 };
	sample_line(&sample, "auoms");
	CHECK_Z(str_bytes(&sample.out),
		"type=AUOMS_SYSCALL_FRAGMENT "
		"audit(0.440:2): proctitle=\"\" containerid=");
	sample_fini(&sample);
}

/* A name that nobody has, longer than any: its number stands for it. */
static void test_long_name(void)
{
	char enriched[700] = "UID=\"";

	check_start("a long user name");
	memset(enriched + 5, 'a', 600);
	enriched[605] = '"';
	sample_init(&sample);
	sample.ev.syscall_enriched = bytes_of(enriched);
	CHECK(!sample_line(&sample, "auoms"));
	CHECK(text_find(str_bytes(&sample.out), BYTES(" user=root uid=0 ")));
	sample_fini(&sample);
}

static void test_odd(void)
{
	static const char *const members[][2] = {
		{ "exe", "\"/tmp/\\ufffd\\n\"" },
		{ "exe_b64", "\"L3RtcC//Cg==\"" },
		{ "comm", "\"\\u00fc\\\"\"" }, { "success", "false" },
		{ "exit", "-13" }, { "proctitle", "\"sh -c\"" },
		{ "path", "\"/bin/sh\"" }, { "score", "0.333333" },
		{ "flaws", "\"no_execve,forced\"" }, { "sev", "\"notice\"" },
		{ "capped", "true" }
	};

	check_start("odd values");
	sample_init(&sample);
	sample.ev.exe = BYTES("/tmp/\xff\n");
	sample.ev.comm = BYTES("\xc3\xbc\"");
	sample.ev.success = false;
	sample.ev.exit = -13;
	sample.ev.has_execve = false;
	sample.ev.score.total = 0.333333;
	sample.ev.is_capped = true;
	sample.ev.flaws = EVENT_NO_EXECVE | EVENT_FORCED;
	CHECK(!sample_line(&sample, "json"));
	CHECK(rj_is_json(str_bytes(&sample.out)));
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (!CHECK_Z(rj_member(str_bytes(&sample.out), members[i][0]),
			    members[i][1]))
			puts(members[i][0]);
	CHECK(!rj_member(str_bytes(&sample.out), "cmd").p);
	sample_fini(&sample);
}

static void test_status(void)
{
	static const char *const rows[][2] = {
		{ "json", "{\"v\":1,\"evt\":\"status\",\"id\":\"1700000000.123:"
			  "0\",\"seq\":42,\"sev\":\"info\",\"ts\":\"2023-11-14"
			  "T22:13:20.123Z\",\"lines\":5,\"events\":0}" },
		{ "hunt", "type=HUNT_STATUS audit(1700000000.123:0): v=1 "
			  "evt=status id=1700000000.123:0 seq=42 sev=info "
			  "ts=2023-11-14T22:13:20.123Z lines=5 events=0" }
	};
	static const struct format_counter counters[] = { { "lines", 5 },
		{ "events", 0 } };

	for (size_t i = 0; i < 2; i++) {
		check_start("status: %s", rows[i][0]);
		sample_init(&sample);
		sample.job.kind = "status";
		sample.job.sev = SEVERITY_INFO;
		sample.job.counters = counters;
		sample.job.n_counters = 2;
		sample.job.time_ms = 1700000000123;
		format_get(bytes_of(rows[i][0]))
			->status(&sample.job, &sample.out);
		CHECK_Z(str_bytes(&sample.out), rows[i][1]);
		sample_fini(&sample);
	}
}

static void test_times(void)
{
	static const struct {
		int64_t ms;
		const char *id, *ts;
	} rows[] = {
		{ 0, "0.000:9", "1970-01-01T00:00:00.000Z" },
		{ 951782400005, "951782400.005:9", "2000-02-29T00:00:00.005Z" },
		{ 1709251199999, "1709251199.999:9",
			"2024-02-29T23:59:59.999Z" },
		{ 1709251200000, "1709251200.000:9",
			"2024-03-01T00:00:00.000Z" },
		{ 4107542400000, "4107542400.000:9",
			"2100-03-01T00:00:00.000Z" },
		{ 253402300799999, "253402300799.999:9",
			"9999-12-31T23:59:59.999Z" },
		{ 999999999999999, "999999999999.999:9",
			"33658-09-27T01:46:39.999Z" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char id[FORMAT_ID_MAX], ts[FORMAT_TIME_MAX];

		check_start("time: %s", rows[i].ts);
		format_id(id, rows[i].ms, 9);
		format_time(ts, rows[i].ms);
		CHECK_Z(bytes_of(id), rows[i].id);
		CHECK_Z(bytes_of(ts), rows[i].ts);
	}
}

static void test_table(void)
{
	struct str names;

	check_start("the table");
	str_init(&names, 100);
	format_names(&names);
	CHECK_Z(str_bytes(&names), "json, cee, hunt, auoms");
	for (size_t i = 0; i < format_n; i++) {
		const struct format *f = format_all[i];

		CHECK(format_get(bytes_of(f->name)) == f);
		CHECK_EQ(f->is_user_info, !strcmp(f->name, "auoms"));
	}
	CHECK(!format_get(BYTES("jso")));
	CHECK(!format_get(BYTES("JSON")));
	CHECK(!format_get(BYTES("")));
	str_fini(&names);
}

int main(void)
{
	check.module = "format";
	test_whole();
	test_bare();
	test_long_name();
	test_odd();
	test_status();
	test_times();
	test_table();
	return check_end();
}
