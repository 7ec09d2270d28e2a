// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include "check.h"
#include "record.h"

#define ABSENT NULL

static const struct {
	const char *name, *line;
	const char *node, *type;
	enum record_type kind;
	int64_t time_ms;
	uint32_t serial;
	const char *body, *enriched;
} good[] = {
	{ "syscall", "type=SYSCALL msg=audit(1521757638.392:262332): arch=c0",
		ABSENT, "SYSCALL", RECORD_SYSCALL, 1521757638392, 262332,
		"arch=c0", ABSENT },
	{ "node", "node=web1 type=CWD msg=audit(1.002:3): cwd=\"/\"", "web1",
		"CWD", RECORD_CWD, 1002, 3, "cwd=\"/\"", ABSENT },
	{ "odd node", "node=10.0.0.1:x=y type=CWD msg=audit(1.002:3): c",
		"10.0.0.1:x=y", "CWD", RECORD_CWD, 1002, 3, "c", ABSENT },
	{ "execve", "type=EXECVE msg=audit(1.000:3): argc=0", ABSENT, "EXECVE",
		RECORD_EXECVE, 1000, 3, "argc=0", ABSENT },
	{ "path", "type=PATH msg=audit(1.000:3): item=0", ABSENT, "PATH",
		RECORD_PATH, 1000, 3, "item=0", ABSENT },
	{ "proctitle", "type=PROCTITLE msg=audit(1.000:3): proctitle=00",
		ABSENT, "PROCTITLE", RECORD_PROCTITLE, 1000, 3, "proctitle=00",
		ABSENT },
	{ "sockaddr", "type=SOCKADDR msg=audit(1.000:3): saddr=00", ABSENT,
		"SOCKADDR", RECORD_SOCKADDR, 1000, 3, "saddr=00", ABSENT },
	{ "bprm_fcaps", "type=BPRM_FCAPS msg=audit(1.000:3): fver=0", ABSENT,
		"BPRM_FCAPS", RECORD_BPRM_FCAPS, 1000, 3, "fver=0", ABSENT },
	{ "eoe", "type=EOE msg=audit(1.000:3): ", ABSENT, "EOE", RECORD_EOE,
		1000, 3, "", ABSENT },
	{ "eoe without the blank", "type=EOE msg=audit(1.000:3):", ABSENT,
		"EOE", RECORD_EOE, 1000, 3, "", ABSENT },
	{ "other", "type=USER_AVC msg=audit(1.000:3): pid=1", ABSENT,
		"USER_AVC", RECORD_OTHER, 1000, 3, "pid=1", ABSENT },
	{ "message", "type=USER_CMD msg=audit(1.000:3): pid=1", ABSENT,
		"USER_CMD", RECORD_USER_CMD, 1000, 3, "pid=1", ABSENT },
	{ "names behind a message",
		"type=USER_CMD msg=audit(1.000:3): msg='a'\035UID=\"x\"",
		ABSENT, "USER_CMD", RECORD_USER_CMD, 1000, 3, "msg='a'",
		"UID=\"x\"" },
	{ "a mark in a message",
		"type=USER_CMD msg=audit(1.000:3): msg='a\035UID=\"x\"'",
		ABSENT, "USER_CMD", RECORD_USER_CMD, 1000, 3,
		"msg='a\035UID=\"x\"'", ABSENT },
	{ "a mark in a message, and names",
		"type=USER_CMD msg=audit(1.000:3): "
		"msg='a'\035UID=\"x\"'\035UID=\"y\"",
		ABSENT, "USER_CMD", RECORD_USER_CMD, 1000, 3,
		"msg='a'\035UID=\"x\"'", "UID=\"y\"" },
	{ "unknown", "type=UNKNOWN[1420] msg=audit(1.000:3): x=1", ABSENT,
		"UNKNOWN[1420]", RECORD_OTHER, 1000, 3, "x=1", ABSENT },
	{ "longer name", "type=SYSCALLS msg=audit(1.000:3): x=1", ABSENT,
		"SYSCALLS", RECORD_OTHER, 1000, 3, "x=1", ABSENT },
	{ "shorter name", "type=PAT msg=audit(1.000:3): x=1", ABSENT, "PAT",
		RECORD_OTHER, 1000, 3, "x=1", ABSENT },
	{ "lower case", "type=path msg=audit(1.000:3): x=1", ABSENT, "path",
		RECORD_OTHER, 1000, 3, "x=1", ABSENT },
	{ "enriched", "type=SYSCALL msg=audit(1.000:3): a=1\035UID=\"root\"",
		ABSENT, "SYSCALL", RECORD_SYSCALL, 1000, 3, "a=1",
		"UID=\"root\"" },
	{ "enriched with nothing", "type=SYSCALL msg=audit(1.000:3): a=1\035",
		ABSENT, "SYSCALL", RECORD_SYSCALL, 1000, 3, "a=1", "" },
	{ "two marks", "type=CWD msg=audit(1.000:3): a=1 \035B\035C", ABSENT,
		"CWD", RECORD_CWD, 1000, 3, "a=1", "B\035C" },
	{ "only the mark", "type=CWD msg=audit(1.000:3): \035B", ABSENT, "CWD",
		RECORD_CWD, 1000, 3, "", "B" },
	{ "blanks around", "type=EXECVE msg=audit(1.000:3):   a1=\"x \"   ",
		ABSENT, "EXECVE", RECORD_EXECVE, 1000, 3, "a1=\"x \"", ABSENT },
	{ "boot", "type=CWD msg=audit(0.440:2): x", ABSENT, "CWD", RECORD_CWD,
		440, 2, "x", ABSENT },
	{ "last serial", "type=CWD msg=audit(1.000:4294967295): x", ABSENT,
		"CWD", RECORD_CWD, 1000, UINT32_MAX, "x", ABSENT },
	{ "far future", "type=CWD msg=audit(999999999999.999:0): x", ABSENT,
		"CWD", RECORD_CWD, 999999999999999, 0, "x", ABSENT },
	{ "colon in the body", "type=CWD msg=audit(1.000:3): msg='a): b'",
		ABSENT, "CWD", RECORD_CWD, 1000, 3, "msg='a): b'", ABSENT },
};

static void test_good(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct record r;

		check_start("good: %s", good[i].name);
		if (!CHECK_EQ(record_parse(good[i].line, strlen(good[i].line),
				      NULL, &r),
			    0))
			continue;
		CHECK_Z(r.node, good[i].node);
		CHECK_Z(r.type_name, good[i].type);
		CHECK_EQ(r.type, good[i].kind);
		CHECK_EQ(r.time_ms, good[i].time_ms);
		CHECK_EQ(r.serial, good[i].serial);
		CHECK_Z(r.body, good[i].body);
		CHECK_Z(r.enriched, good[i].enriched);
	}
	check_start("names of types");
	CHECK_Z(bytes_of(record_type_name(RECORD_BPRM_FCAPS)), "BPRM_FCAPS");
	CHECK_Z(bytes_of(record_type_name(RECORD_EOE)), "EOE");
}

static void test_malformed(void)
{
	static const char *const bad[] = { "", " ", "\n", "garbage",
		" type=CWD msg=audit(1.000:3): x",
		"type=", "type= msg=audit(1.000:3): x", "type=CWD", "type=CWD ",
		"type=CWD msg=", "type=CWD msg=audit(",
		"type=CWD msg=audit(1.000:3)", "type=CWD msg=audit(1.000:3) x",
		"type=CWD msg=audit(1.000:3", "type=CWD msg=audit(1.000:): x",
		"type=CWD msg=audit(1.000): x", "type=CWD msg=audit(.000:3): x",
		"type=CWD msg=audit(1:3): x", "type=CWD msg=audit(1.:3): x",
		"type=CWD msg=audit(1.0000:3): x",
		"type=CWD msg=audit(1.000:4294967296): x",
		"type=CWD msg=audit(1.000:42949672950): x",
		"type=CWD msg=audit(1.000:99999999999): x",
		"type=CWD msg=audit(1000000000000.000:3): x",
		"type=CWD msg=audit(-1.000:3): x",
		"type=CWD msg=audit(1.-01:3): x",
		"type=CWD msg=audit(1.000:-3): x",
		"type=CWD msg=audit( 1.000:3): x",
		"type=CWD  msg=audit(1.000:3): x", "type=CWD msg=op=x",
		"msg=audit(1.000:3): x", "node=a",
		"node= type=CWD msg=audit(1.000:3): x",
		"node=a  type=CWD msg=audit(1.000:3): x",
		"node=a node=b type=CWD msg=audit(1.000:3): x",
		"node=atype=CWD msg=audit(1.000:3): x",
		"Type=CWD msg=audit(1.000:3): x" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct record r;

		check_start(
			"malformed: '%s'", bad[i][0] == '\n' ? "LF" : bad[i]);
		CHECK_EQ(record_parse(bad[i], strlen(bad[i]), NULL, &r), -1);
	}
}

/* No byte beyond the line is looked at, wherever it ends: the copy is as long
 * as the line, for the sanitizer to see. */
static void test_cut(void)
{
	static const char line[] =
		"node=n type=CWD msg=audit(1.234:56): cwd=\"/\" \035X=1";
	size_t n_good = 0;

	check_start("cut anywhere");
	for (size_t n = 0; n < sizeof(line); n++) {
		char *copy = malloc(n ? n : 1);
		struct record r;

		if (!copy)
			abort();
		memcpy(copy, line, n);
		n_good += record_parse(copy, n, NULL, &r) == 0;
		free(copy);
	}
	CHECK_EQ(n_good, sizeof(line) - strlen("node=n type=CWD "
					       "msg=audit(1.234:56):"));
}

static bool is_same(const struct record *a, const struct record *b)
{
	return bytes_equal(a->node, b->node) &&
	       bytes_equal(a->type_name, b->type_name) &&
	       bytes_equal(a->body, b->body) &&
	       bytes_equal(a->enriched, b->enriched) && a->type == b->type &&
	       a->time_ms == b->time_ms && a->serial == b->serial;
}

/* What was remembered of one line changes nothing about another: every good
 * and odd stamp behind every other. */
static void test_memo(void)
{
	static const char *const stamps[] = { "1.000:3)", "1.000:3): x",
		"1.000:33)", "1.000:3", "1.000:3 )", "1.0:3)", "11.000:3)",
		"1.000:4)", "1.001:3)", "999999999999.999:4294967295)",
		"999999999999.999:4294967296)", "1.000:3)): y", "", ")" };
	enum { N = sizeof(stamps) / sizeof(stamps[0]) };

	check_start("memo");
	for (size_t i = 0; i < N * N * N; i++) {
		struct record_memo memo = { .len = 0 };
		size_t turn[] = { i / N / N, i / N % N, i % N };

		for (size_t j = 0; j < 3; j++) {
			struct record with, without;
			char line[96];
			int a, b, n;

			n = snprintf(line, sizeof(line),
				"type=CWD msg=audit(%s: cwd=1",
				stamps[turn[j]]);
			a = record_parse(line, (size_t)n, &memo, &with);
			b = record_parse(line, (size_t)n, NULL, &without);
			if (a != b || (!a && !is_same(&with, &without)))
				check_fail(__LINE__, "'%s' behind '%s'",
					stamps[turn[j]],
					stamps[turn[j ? j - 1 : 0]]);
		}
	}
}

static void test_fields(void)
{
	struct bytes body =
		BYTES("a=1 b= bare c=\"x=y\"  d=z=1 msg='e=5 a=2' =v a=3");
	static const char *const want[][2] = { { "a", "1" }, { "b", "" },
		{ "c", "\"x=y\"" }, { "d", "z=1" }, { "msg", "'e=5" },
		{ "a", "2'" }, { "", "v" }, { "a", "3" } };
	struct bytes rest = body, name, value;
	size_t n = 0;

	check_start("fields one by one");
	for (; record_next(&rest, &name, &value) && n < 8; n++) {
		CHECK_Z(name, want[n][0]);
		CHECK_Z(value, want[n][1]);
	}
	CHECK_EQ(n, 8);
	CHECK(!record_next(&rest, &name, &value));

	check_start("fields by name");
	CHECK_Z(record_field(body, BYTES("a")), "1");
	CHECK_Z(record_field(body, BYTES("b")), "");
	CHECK_Z(record_field(body, BYTES("d")), "z=1");
	CHECK(!record_field(body, BYTES("bare")).p);
	CHECK(!record_field(body, BYTES("x")).p);
	CHECK(!record_field(BYTES(""), BYTES("x")).p);
	CHECK(!record_field((struct bytes){ NULL, 0 }, BYTES("x")).p);
}

static void test_text(void)
{
	static const struct {
		const char *in;
		struct bytes want;
	} rows[] = {
		{ "\"bash\"", BYTES("bash") },
		{ "\"\"", BYTES("") },
		{ "\"(null)\"", BYTES("(null)") },
		{ "\"4142\"", BYTES("4142") },
		{ "\"in \"quotes\" too\"", BYTES("in \"quotes\" too") },
		{ "2F746D702F6120", BYTES("/tmp/a ") },
		{ "2f746d702f6120", BYTES("/tmp/a ") },
		{ "6100FF0A", BYTES("a\0\xff\n") },
		{ "(null)", { NULL, 0 } },
		{ "(none)", { NULL, 0 } },
		{ "pts0", BYTES("pts0") },
		{ "ABC", BYTES("ABC") },
		{ "DAEMON_END", BYTES("DAEMON_END") },
		{ "4142434Z", BYTES("4142434Z") },
		{ "\"", BYTES("\"") },
		{ "\"open", BYTES("\"open") },
		{ "close\"", BYTES("close\"") },
		{ "", BYTES("") },
	};
	char dst[64];
	struct str s;

	str_init(&s, 200);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("text: %s", rows[i].in);
		CHECK_BYTES(
			record_text(bytes_of(rows[i].in), dst), rows[i].want);
		str_reset(&s);
		str_addc(&s, '>');
		record_add_text(&s, bytes_of(rows[i].in));
		CHECK_EQ(s.len, rows[i].want.len + 1);
		CHECK(!rows[i].want.p ||
			!memcmp(s.p + 1, rows[i].want.p, rows[i].want.len));
	}
	check_start("text: absent");
	CHECK(!record_text((struct bytes){ NULL, 0 }, dst).p);
	check_start("text: as far as there is room");
	s.max = 4;
	str_reset(&s);
	record_add_text(&s, BYTES("4142434445"));
	CHECK(!str_ok(&s) && s.len <= 4);
	str_fini(&s);
}

int main(void)
{
	check.module = "record";
	test_good();
	test_malformed();
	test_cut();
	test_memo();
	test_fields();
	test_text();
	return check_end();
}
