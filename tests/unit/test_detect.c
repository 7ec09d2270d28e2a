// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include "check.h"
#include "detect.h"
#include "event.h"
#include "syscalls.h"

#define T0 INT64_C(1521757638000)

static struct detect_rules *rules_of(const char *text, struct str *why)
{
	struct detect_rules *r = detect_rules_new();
	struct bytes rest = bytes_of(text);

	if (!r)
		abort();
	while (rest.len) {
		const char *nl = memchr(rest.p, '\n', rest.len);
		size_t len = nl ? (size_t)(nl - rest.p) : rest.len;

		if (detect_rules_line(r, (struct bytes){ rest.p, len }, why) <
			0) {
			detect_rules_free(r);
			return NULL;
		}
		rest.p += len + (nl != NULL);
		rest.len -= len + (nl != NULL);
	}
	if (detect_rules_done(r) < 0)
		abort();
	return r;
}

static struct detect_rules *must(const char *text)
{
	struct detect_rules *r;
	struct str why;

	str_init(&why, 4096);
	r = rules_of(text, &why);
	if (!r) {
		printf("%s: %s\n", text, str_z(&why));
		abort();
	}
	str_fini(&why);
	return r;
}

static struct detect *fresh(void)
{
	struct detect_conf cf = { .seed = { 1, 2 } };
	struct detect *d = detect_new(&cf);

	if (!d)
		abort();
	return d;
}

/* An exec of words, by pid 2 in session 7 of ann. */
static struct event *exec_of(const char *exe, const char *words, int64_t at_s)
{
	struct event *ev = event_create();
	struct bytes rest = bytes_of(words);

	if (!ev)
		abort();
	ev->time_ms = T0 + at_s * 1000;
	ev->serial = (uint32_t)at_s;
	ev->has_syscall = ev->has_success = ev->success = true;
	ev->syscall_name = "execve";
	ev->has_pid = true;
	ev->pid = 2;
	ev->auid = (struct event_user){ true, 1000, BYTES("ann") };
	ev->uid = (struct event_user){ true, 0, BYTES("root") };
	ev->exe = bytes_of(exe);
	ev->comm = bytes_of(strrchr(exe, '/') + 1);
	ev->session.number = 7;
	ev->session.kind = "login";
	ev->has_execve = true;
	ev->argv = event_alloc(ev, 16 * sizeof(*ev->argv));
	while (rest.len && ev->argc < 16) {
		const char *end = memchr(rest.p, ' ', rest.len);
		size_t len = end ? (size_t)(end - rest.p) : rest.len;

		ev->argv[ev->argc++] = (struct bytes){ rest.p, len };
		rest.p += len + (end != NULL);
		rest.len -= len + (end != NULL);
	}
	ev->paths = event_alloc(ev, sizeof(*ev->paths));
	ev->paths[0] = (struct event_path){ .name = ev->exe };
	ev->n_paths = 1;
	return ev;
}

static struct event *logon(const char *action, const char *addr, int64_t at_s)
{
	struct event *ev = event_create();

	if (!ev)
		abort();
	ev->kind = EVENT_MESSAGE;
	ev->time_ms = T0 + at_s * 1000;
	ev->serial = (uint32_t)at_s;
	ev->exe = BYTES("/usr/sbin/sshd");
	ev->message.type_name = BYTES("USER_START");
	ev->message.acct = BYTES("ann");
	ev->message.addr = bytes_of(addr);
	ev->message.record = BYTES("pid=1 x=5 name=6162 msg='y=6'");
	ev->session.evt = "logon";
	ev->session.action = action;
	ev->session.failed_before = 6;
	return ev;
}

/* Names of what fired, and lets the event go. */
static const char *run(
	struct detect *d, const struct detect_rules *r, struct event *ev)
{
	static char names[256];
	size_t len = 0;

	names[0] = '\0';
	detect_run(d, ev, r);
	for (size_t i = 0; i < ev->n_fired; i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len,
			"%s%.*s", i ? " " : "", (int)ev->fired[i].name.len,
			ev->fired[i].name.p);
	event_destroy(ev);
	return names;
}

#define HEAD "alert a on=exec severity=high \"why=w\" "

/* Of /usr/bin/wget -O x.sh http://x, run by root in a login of ann. */
static const struct {
	const char *rows;
	bool has;
} rows[] = {
	{ HEAD "name=wget", true },
	{ HEAD "name=curl|wget", true },
	{ HEAD "name=curl", false },
	{ HEAD "name!=curl", true },
	{ HEAD "name!=wget|curl", false },
	{ HEAD "exe=/usr/bin/wget", true },
	{ HEAD "exe^=/usr/|/opt/", true },
	{ HEAD "exe!^=/usr/", false },
	{ HEAD "exe$=get", true },
	{ HEAD "exe^=/us", true },
	{ HEAD "exe^=/opt/|/usr/bin/", true },
	{ HEAD "exe$=/wget", true },
	{ HEAD "exe$=wge", false },
	{ HEAD "exe*=bin/w", true },
	{ HEAD "arg=-O", true },
	{ HEAD "arg!=-O", false },
	{ HEAD "arg!=-q", true },
	{ HEAD "arg^=http://|https://", true },
	{ HEAD "last=http://x", true },
	{ HEAD "last=-O", false },
	{ HEAD "user=root", true },
	{ HEAD "user=0", true },
	{ HEAD "user!=0", false },
	{ HEAD "auser=ann user=root", true },
	{ HEAD "auser=bob user=root", false },
	{ HEAD "session=login", true },
	{ HEAD "session!=cron", true },
	{ HEAD "early!=yes", true },
	{ HEAD "early=yes", false },
	{ HEAD "exe*=", true },
	{ HEAD "cwd*=", false },
	{ HEAD "cwd=/", false }, /* absent */
	{ HEAD "cwd!=/", true },
	{ HEAD "category=mining", false },
	{ HEAD "syscall=execve success=yes", true },
	{ HEAD "file=/usr/bin/wget", true },
	{ HEAD "name=wget arg=-q", false },
	{ "alert a on=call severity=low \"why=w\" syscall=chmod", false },
	{ "alert a on=message severity=low \"why=w\" type=LOGIN", false },
	{ "# nothing\n\n" HEAD "name=wget\n", true },
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct detect_rules *r = must(rows[i].rows);
		struct detect *d = fresh();
		const char *got = run(d, r,
			exec_of("/usr/bin/wget", "wget -O x.sh http://x", 1));

		check_start("%zu: %.*s", i, (int)strcspn(rows[i].rows, "\n"),
			rows[i].rows);
		CHECK(!strcmp(got, rows[i].has ? "a" : ""));
		detect_free(d);
		detect_rules_free(r);
	}
}

static void test_errors(void)
{
	static const struct {
		const char *row, *why;
	} errors[] = {
		{ "alarm a on=exec", "no 'alarm'; there are: alert" },
		{ "alert", "a name has to follow" },
		{ "alert A on=exec", "a name has to follow" },
		{ "alert a severity=low \"why=w\" exe=/x", "lacks on=" },
		{ "alert a on=exec \"why=w\" exe=/x", "severity= and why=" },
		{ "alert a on=exec severity=low exe=/x", "severity= and why=" },
		{ "alert a on=exec severity=low \"why=w\"", "a test" },
		{ "alert a on=fork", "no 'fork'; there are: exec" },
		{ "alert a severity=fatal", "severity is informational" },
		{ "alert a attack=1105", "ids like T1105" },
		{ "alert a attack=T1,T2", "ids like T1105" },
		{ "alert a every=0", "from 1 to 604800" },
		{ "alert a every=x", "from 1 to 604800" },
		{ "alert a \"why={arg}\"", "may hold a secret" },
		{ "alert a \"why={nothing}\"", "no field 'nothing'" },
		{ "alert a foo=x", "no field 'foo'" },
		{ "alert a exe", "neither a test nor an option" },
		{ "alert a exe!x", "neither a test nor an option" },
		{ "alert a exe=", "without a value" },
		{ "alert a exe=/x||/y", "without a value" },
		{ "alert a port>=x", ">= takes a number" },
		{ "alert a within=5 exe=/x", "no field 'within'" },
		{ "alert a on=call severity=low \"why=w\" syscall=mount",
			"no call 'mount'; there are: chmod" },
		{ "mark a exe=/x", "lacks on=" },
		{ "mark a on=exec exe=/x\nmark a on=exec exe=/y", "a second" },
		{ "sequence a severity=low \"why=w\" within=5 b",
			"'b' is no mark" },
		{ "mark b on=exec exe=/x\n"
		  "sequence a severity=low \"why=w\" within=5 b",
			"two marks" },
		{ "mark b on=exec exe=/x\n"
		  "sequence a severity=low \"why=w\" b b",
			"lacks within=" },
		{ "mark b on=exec bind=exe exe=/x\nmark c on=exec exe=/y\n"
		  "sequence a severity=low \"why=w\" within=5 b c",
			"lacks bind=" },
		{ "mark b on=exec exe=/x\n"
		  "burst a severity=low \"why=w\" within=5 b",
			"lacks n=" },
		{ "burst a severity=low \"why=w\" within=5 n=17",
			"from 1 to 16" },
		{ "alert a \"why=w", "without its end" },
	};
	struct str why;

	str_init(&why, 4096);
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct detect_rules *r;

		check_start("error %zu: %.*s", i,
			(int)strcspn(errors[i].row, "\n"), errors[i].row);
		str_reset(&why);
		r = rules_of(errors[i].row, &why);
		CHECK(!r);
		if (!strstr(str_z(&why), errors[i].why))
			check_fail(__LINE__, "says: %s", str_z(&why));
		detect_rules_free(r);
	}
	str_fini(&why);
}

#define DROPPER                                                                \
	"mark get on=exec name=wget|curl\n"                                    \
	"mark mod on=exec bind=last name=chmod arg=+x\n"                       \
	"mark ran on=exec bind=file\n"                                         \
	"sequence s severity=high attack=T1105 within=60 \"why={file}\" "      \
	"get mod ran"

static void test_sequence(void)
{
	static const struct {
		const char *name;
		struct {
			const char *exe, *words;
			int64_t at_s;
			uint64_t session;
		} steps[6];
		size_t n;
		bool has;
	} cases[] = {
		{ "as it comes",
			{ { "/bin/wget", "wget x", 1, 7 },
				{ "/bin/chmod", "chmod +x ./x", 2, 7 },
				{ "/tmp/x", "./x", 3, 7 } },
			3, true },
		{ "with others between",
			{ { "/bin/wget", "wget x", 1, 7 },
				{ "/bin/ls", "ls", 2, 7 },
				{ "/bin/chmod", "chmod +x x", 2, 7 },
				{ "/bin/chmod", "chmod +x y", 3, 7 },
				{ "/bin/ls", "ls", 4, 7 },
				{ "/tmp/x", "./x", 5, 7 } },
			6, true },
		{ "another file",
			{ { "/bin/wget", "wget x", 1, 7 },
				{ "/bin/chmod", "chmod +x x", 2, 7 },
				{ "/tmp/y", "./y", 3, 7 } },
			3, false },
		{ "another session",
			{ { "/bin/wget", "wget x", 1, 7 },
				{ "/bin/chmod", "chmod +x x", 2, 8 },
				{ "/tmp/x", "./x", 3, 8 } },
			3, false },
		{ "too late",
			{ { "/bin/wget", "wget x", 1, 7 },
				{ "/bin/chmod", "chmod +x x", 40, 7 },
				{ "/tmp/x", "./x", 62, 7 } },
			3, false },
		{ "begun anew",
			{ { "/bin/wget", "wget x", 1, 7 },
				{ "/bin/curl", "curl x", 30, 7 },
				{ "/bin/chmod", "chmod +x x", 40, 7 },
				{ "/tmp/x", "./x", 62, 7 } },
			4, true },
		{ "in another order",
			{ { "/bin/chmod", "chmod +x x", 1, 7 },
				{ "/bin/wget", "wget x", 2, 7 },
				{ "/tmp/x", "./x", 3, 7 } },
			3, false },
		{ "not run",
			{ { "/bin/wget", "wget x", 1, 7 },
				{ "/bin/chmod", "chmod +x x", 2, 7 } },
			2, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct detect_rules *r = must(DROPPER);
		struct detect *d = fresh();
		const char *got = "";

		check_start("sequence: %s", cases[i].name);
		for (size_t k = 0; k < cases[i].n; k++) {
			struct event *ev = exec_of(cases[i].steps[k].exe,
				cases[i].steps[k].words,
				cases[i].steps[k].at_s);

			CHECK_EQ(strlen(got), 0);
			ev->session.number = cases[i].steps[k].session;
			got = run(d, r, ev);
		}
		CHECK(!strcmp(got, cases[i].has ? "s" : ""));
		detect_free(d);
		detect_rules_free(r);
	}
}

static void test_burst(void)
{
	struct detect_rules *r = must(
		"mark look on=exec name=id|ps|who|w\n"
		"burst b severity=low within=10 n=3 of=name \"why=w\" look");
	struct detect *d = fresh();

	check_start("burst: three that differ");
	CHECK(!strcmp(run(d, r, exec_of("/bin/id", "id", 1)), ""));
	CHECK(!strcmp(run(d, r, exec_of("/bin/id", "id", 2)), ""));
	CHECK(!strcmp(run(d, r, exec_of("/bin/ps", "ps", 3)), ""));
	CHECK(!strcmp(run(d, r, exec_of("/bin/who", "who", 4)), "b"));
	check_start("burst: spread too thin");
	CHECK(!strcmp(run(d, r, exec_of("/bin/id", "id", 1001)), ""));
	CHECK(!strcmp(run(d, r, exec_of("/bin/ps", "ps", 1008)), ""));
	CHECK(!strcmp(run(d, r, exec_of("/bin/who", "who", 1012)), ""));
	CHECK(!strcmp(run(d, r, exec_of("/bin/w", "w", 1013)), "b"));
	detect_free(d);
	detect_rules_free(r);
}

static void test_messages(void)
{
	struct detect_rules *r = must(
		"mark failed on=message evt=logon action=failed\n"
		"burst b severity=low within=60 n=3 by=addr \"why=w\" failed\n"
		"alert first on=message severity=low new=addr \"why={addr} "
		"{acct} {cwd}\" evt=logon action=success class=public\n"
		"alert after on=message severity=high \"why=w\" "
		"action=success failed_before>=6 .x=5 .name=ab\n"
		"alert inner on=message severity=low \"why=w\" .y=6\n");
	struct detect *d = fresh();
	struct event *ev;

	check_start("failed logons from one address");
	CHECK(!strcmp(run(d, r, logon("failed", "9.9.9.9", 1)), ""));
	CHECK(!strcmp(run(d, r, logon("failed", "9.9.9.9", 2)), ""));
	CHECK(!strcmp(run(d, r, logon("failed", "9.9.9.8", 3)), ""));
	CHECK(!strcmp(run(d, r, logon("failed", "9.9.9.9", 4)), "b"));

	check_start("an address that is new");
	ev = logon("success", "8.8.8.8", 5);
	detect_run(d, ev, r);
	CHECK_EQ(ev->n_fired, 2);
	CHECK_Z(ev->fired[0].why, "8.8.8.8 ann ?");
	event_destroy(ev);
	CHECK(!strcmp(run(d, r, logon("success", "8.8.8.8", 2000)), "after"));
	CHECK(!strcmp(
		run(d, r, logon("success", "8.8.4.4", 4000)), "first after"));
	CHECK(!strcmp(run(d, r, logon("success", "10.0.0.1", 6000)), "after"));
	detect_free(d);
	detect_rules_free(r);
}

static void test_repeats(void)
{
	struct detect_rules *r =
		must("alert a on=exec severity=low every=60 \"why=w\" name=id\n"
		     "alert z on=exec severity=low \"why=w\" name=echo");
	struct detect *d = fresh();
	struct event *ev;
	char words[32];
	size_t n = 0;

	check_start("the same again is counted");
	CHECK(!strcmp(run(d, r, exec_of("/bin/id", "id", 1)), "a"));
	for (int i = 2; i < 60; i++)
		CHECK(!strcmp(run(d, r, exec_of("/bin/id", "id", i)), ""));
	CHECK_EQ(detect_suppressed(d), 58);
	CHECK(!strcmp(run(d, r, exec_of("/bin/id", "id x", 60)), "a"));
	ev = exec_of("/bin/id", "id", 61);
	detect_run(d, ev, r);
	CHECK_EQ(ev->n_fired, 1);
	CHECK_EQ(ev->fired[0].suppressed, 58);
	event_destroy(ev);

	check_start("of a flood few are told");
	for (int i = 0; i < 1000; i++) {
		snprintf(words, sizeof(words), "echo %d", i);
		n += *run(d, r, exec_of("/bin/echo", words, 120)) != '\0';
	}
	CHECK_EQ(n, DETECT_MINUTE_MAX);
	CHECK_EQ(detect_suppressed(d), 58 + 1000 - DETECT_MINUTE_MAX);
	check_start("and more a minute later");
	CHECK(!strcmp(run(d, r, exec_of("/bin/echo", "echo 9999", 180)), "z"));
	detect_free(d);
	detect_rules_free(r);
}

static void test_failed(void)
{
	struct detect_rules *r = must(HEAD "name=wget");
	struct event *ev = exec_of("/bin/wget", "wget", 1);
	struct detect *d = fresh();

	check_start("what did not start");
	ev->success = false;
	CHECK(!strcmp(run(d, r, ev), ""));

	check_start("an event is held against the rows once");
	ev = exec_of("/bin/wget", "wget", 2);
	detect_run(d, ev, r);
	detect_run(d, ev, r);
	CHECK_EQ(ev->n_fired, 1);
	CHECK_EQ(detect_suppressed(d), 0);
	event_destroy(ev);
	detect_free(d);
	detect_rules_free(r);
}

static void test_relations(void)
{
	static const struct {
		const char *name;
		uint64_t session, guid, above;
		int64_t at_s;
		double points;
	} cases[] = {
		{ "its own process", 0, 5, 0, 2, 3 },
		{ "its child", 0, 6, 5, 2, 3 },
		{ "its session", 7, 9, 8, 2, 3 },
		{ "its host", 8, 9, 8, 2, 0.75 },
		{ "an hour later", 7, 9, 8, 3602, 1.5 },
		{ "two hours before", 7, 9, 8, -7300, 0.75 },
		{ "a day later", 7, 5, 8, 86400, 0 },
	};
	struct detect_rules *r = must(HEAD "name=wget");
	struct detect *d = fresh();
	struct event *ev = exec_of("/bin/wget", "wget", 1);

	ev->lineage.has = true;
	ev->lineage.guid = 5;
	(void)run(d, r, ev);
	ev = exec_of("/bin/wget", "wget 2", 1);
	(void)run(d, r, ev);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct event_ancestor above = { .guid = cases[i].above };

		check_start("related by %s", cases[i].name);
		ev = exec_of("/bin/id", "id", cases[i].at_s);
		ev->session.number = cases[i].session;
		ev->lineage.has = true;
		ev->lineage.guid = cases[i].guid;
		ev->lineage.ancestors = &above;
		ev->lineage.n_ancestors = 1;
		detect_relate(d, ev);
		CHECK(ev->alerts.points == cases[i].points);
		CHECK_EQ(ev->alerts.n, cases[i].points > 0);
		event_destroy(ev);
	}
	check_start("not of another host");
	ev = exec_of("/bin/id", "id", 2);
	ev->node = BYTES("web2");
	detect_relate(d, ev);
	CHECK(ev->alerts.points == 0);
	event_destroy(ev);
	detect_free(d);
	detect_rules_free(r);
}

static void test_calls(void)
{
	struct detect_rules *r = must(
		"alert a on=call severity=low \"why=w\" syscall=chmod|fchmod\n"
		"alert b on=exec severity=low \"why=w\" syscall=execve");

	check_start("which calls rows are about");
	CHECK_EQ(detect_rules_calls(r),
		1u << SYSCALLS_CHMOD | 1u << SYSCALLS_FCHMOD);
	CHECK_EQ(detect_rules_count(r), 2);
	detect_rules_free(r);
	r = must("alert a on=call severity=low \"why=w\" path=/etc/passwd");
	CHECK_EQ(detect_rules_calls(r), UINT32_MAX);
	detect_rules_free(r);

	CHECK_EQ(syscalls_watched(0xc000003e, 90), SYSCALLS_CHMOD);
	CHECK_EQ(syscalls_watched(0xc000003e, 0x40000000u | 521),
		SYSCALLS_PTRACE);
	CHECK_EQ(syscalls_watched(0xc00000b7, 90), SYSCALLS_NOT_WATCHED);
	CHECK_EQ(
		syscalls_watched(0xc00000b7, UINT32_MAX), SYSCALLS_NOT_WATCHED);
	CHECK(syscalls_watched_is_meant(SYSCALLS_FCHMODAT, 04755));
	CHECK(!syscalls_watched_is_meant(SYSCALLS_FCHMODAT, 0755));
}

/* More sessions, and more alerts, than are remembered. */
static void test_bounds(void)
{
	struct detect_rules *r = must(DROPPER);
	struct detect *d = fresh();
	struct event *ev;

	check_start("more half-done sequences than there is room for");
	for (uint64_t i = 1; i <= 2 * DETECT_STATE_MAX; i++) {
		ev = exec_of("/bin/wget", "wget x", 1);
		ev->session.number = i;
		(void)run(d, r, ev);
	}
	CHECK_EQ(detect_evicted(d), DETECT_STATE_MAX);
	detect_free(d);
	detect_rules_free(r);
}

int main(void)
{
	check.module = "detect";
	test_rows();
	test_errors();
	test_sequence();
	test_burst();
	test_messages();
	test_repeats();
	test_failed();
	test_relations();
	test_calls();
	test_bounds();
	return check_end();
}
