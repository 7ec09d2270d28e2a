// SPDX-License-Identifier: GPL-3.0-or-later
#include "address.h"
#include "check.h"
#include "event.h"
#include "message.h"
#include "record.h"
#include "session.h"

/*
 * A stream in short: words parted by blanks, each event "TIME:SERIAL WHAT", in
 * ms; WHAT is one of
 *
 *	login SES AUID PID	start SES AUID PID EXE	end SES AUID PID EXE
 *	auth PID ADDR		fail PID ADDR		nobody PID ADDR
 *	disp SES AUID PID EXE	exec SES AUID UID	boot	stop UID
 *	cmd SES AUID RES	su SES AUID RES
 */
static const struct {
	const char *name, *in, *want, *said;
} rows[] = {
	{ "a login",
		"1000:10 login 7 1000 50; 1010:11 exec 7 1000 0; "
		"1020:12 start 7 1000 50 sshd; 1030:13 exec 7 1000 1000; "
		"1040:14 end 7 1000 50 sshd; 1050:15 disp 7 1000 50 sshd",
		"7/1000 login sshd 1000-1040 n2", "logon:success logoff:end" },
	{ "root by sudo",
		"1:1 login 7 1000 50; 2:2 start 7 1000 50 sshd; "
		"3:3 cmd 7 1000 success; 4:4 exec 7 1000 0",
		"7/1000 login sshd 1- n1 root sudo1",
		"logon:success "
		"elevate:success" },
	{ "su that fails",
		"1:1 login 7 1000 50; 2:2 start 7 1000 50 sshd; "
		"3:3 su 7 1000 failed",
		"7/1000 login sshd 1- n0 failed1",
		"logon:success elevate:failed" },
	{ "cron, CRED_DISP first",
		"1:1 login 9 0 50; 2:2 start 9 0 50 cron; "
		"3:3 disp 9 0 50 cron; 4:4 end 9 0 50 cron",
		"9/0 cron cron 1-4 n0 root", "session:start session:end" },
	{ "no LOGIN", "2:2 start 7 1000 50 sshd; 3:3 end 7 1000 50 sshd",
		"7/1000 login sshd 2-3 n0", "logon:success logoff:end" },
	{ "only commands", "2:2 exec 7 1000 1000; 3:3 exec 7 1000 1000",
		"7/1000 other - 2- n2 partial", "" },
	{ "no end, and the number again",
		"1:1 login 7 1000 50; 2:2 start 7 1000 50 sshd; "
		"900:3 login 7 1000 60; 901:4 start 7 1000 60 login; "
		"902:5 exec 7 1000 1000",
		"7/1000 login sshd 1- n0; 7/1000 login login 900- n1",
		"logon:success logon:success" },
	{ "another auid under the number",
		"1:1 exec 7 1000 1000; 2:2 exec 7 1001 1001",
		"7/1000 other - 1- n1 partial; 7/1001 other - 2- n1 partial",
		"" },
	{ "a boot", "1:900 exec 7 1000 1000; 5:3 boot; 6:9 exec 7 1000 1000",
		"7/1000 other - 1- n1 partial; 7/1000 other - 6- n1 partial",
		"" },
	{ "a boot that is none",
		"1:900 exec 7 1000 1000; 5:901 boot; 6:902 exec 7 1000 1000",
		"7/1000 other - 1- n2 partial", "" },
	{ "a late LOGIN",
		"5:12 exec 7 1000 1000; 4:11 login 7 1000 50; "
		"6:13 start 7 1000 50 sshd",
		"7/1000 login sshd 4- n1", "logon:success" },
	{ "the clock goes back",
		"9000:10 login 7 1000 50; 9001:11 start 7 1000 50 sshd; "
		"20:12 exec 7 1000 1000; 30:13 end 7 1000 50 sshd",
		"7/1000 login sshd 9000-30 n1", "logon:success logoff:end" },
	{ "another process says it is over",
		"1:1 login 7 1000 50; 2:2 start 7 1000 50 sshd; "
		"3:3 end 7 1000 99 sshd; 4:4 disp 7 1000 98 sshd",
		"7/1000 login sshd 1- n0", "logon:success" },
	{ "another session's number does no harm",
		"1:1 login 7 1000 50; 2:2 start 7 1000 50 sshd; "
		"3:3 start 8 1001 77 x; 4:4 end 8 1001 77 x",
		"7/1000 login sshd 1- n0; 8/1001 other x 3-4 n0",
		"logon:success session:start session:end" },
	{ "failed before",
		"1:1 auth 40 1.2.3.4; 2:2 fail 40 1.2.3.4; "
		"3:3 auth 40 1.2.3.4; 4:4 fail 41 1.2.3.4; "
		"5:5 auth 42 9.9.9.9; 6:6 login 7 1000 50; "
		"7:7 start 7 1000 50 sshd",
		"7/1000 login sshd 6- n0 before3",
		"logon:failed logon:failed logon:failed logon:failed "
		"logon:success" },
	{ "four records of one attempt",
		"1:1 nobody 40 1.2.3.4; 1:2 nobody 40 1.2.3.4; "
		"5:3 auth 40 1.2.3.4; 2005:4 nobody 40 1.2.3.4; "
		"2006:6 login 7 1000 50; 2007:7 start 7 1000 50 sshd",
		"7/1000 login sshd 2006- n0 before1",
		"logon:failed logon:success" },
	{ "failed too long ago",
		"1:1 auth 40 1.2.3.4; 9000000:6 login 7 1000 50; "
		"9000001:7 start 7 1000 50 sshd",
		"7/1000 login sshd 9000000- n0", "logon:failed logon:success" },
	{ "systemd --user",
		"1:1 login 8 1000 60; 2:2 start 8 1000 60 systemd; "
		"3:3 stop 1001; 4:4 stop 1000; 5:5 stop 1000",
		"8/1000 service systemd --user 1-4 n0",
		"session:start session:end" },
	{ "no session",
		"1:1 exec 4294967295 4294967295 0; "
		"2:2 start 4294967295 4294967295 9 sshd",
		"", "" },
};

static void add_line(struct str *line, const char *what, const char *stamp,
	const char *outer, const char *inner)
{
	str_reset(line);
	str_addf(line, "type=%s msg=audit(%s): %s msg='%s'", what, stamp, outer,
		inner);
}

/* The line of one of the words; false: it is an exec. */
static void make_line(
	struct str *line, const char *stamp, char *const *w, const char *addr)
{
	static const char *const types[][3] = { { "auth", "USER_AUTH", "a" },
		{ "fail", "USER_LOGIN", "a" },
		{ "nobody", "USER_LOGIN", "(invalid user)" } };
	char outer[128], inner[256];
	const char *unset = "uid=0 auid=4294967295 ses=4294967295";

	for (size_t i = 0; i < 3; i++) {
		if (strcmp(w[0], types[i][0]) != 0)
			continue;
		snprintf(outer, sizeof(outer), "pid=%s %s", w[1], unset);
		snprintf(inner, sizeof(inner),
			"op=x acct=%s exe=\"/usr/sbin/sshd\" addr=%s "
			"res=failed",
			i == 2 ? "28696E76616C6964207573657229" : "\"a\"",
			w[2]);
		add_line(line, types[i][1], stamp, outer, inner);
		return;
	}
	if (!strcmp(w[0], "boot")) {
		snprintf(outer, sizeof(outer), "pid=9 %s", unset);
		add_line(line, "SYSTEM_BOOT", stamp, outer, "");
	} else if (!strcmp(w[0], "stop")) {
		snprintf(outer, sizeof(outer), "pid=1 %s", unset);
		snprintf(
			inner, sizeof(inner), "unit=user@%s res=success", w[1]);
		add_line(line, "SERVICE_STOP", stamp, outer, inner);
	} else if (!strcmp(w[0], "login")) {
		str_reset(line);
		str_addf(line,
			"type=LOGIN msg=audit(%s): pid=%s uid=0 "
			"old-auid=4294967295 auid=%s old-ses=4294967295 ses=%s "
			"res=1",
			stamp, w[3], w[2], w[1]);
	} else if (!strcmp(w[0], "cmd") || !strcmp(w[0], "su")) {
		bool is_su = w[0][0] == 's';

		snprintf(outer, sizeof(outer), "pid=77 uid=1000 auid=%s ses=%s",
			w[2], w[1]);
		snprintf(inner, sizeof(inner),
			"acct=\"root\" cmd=\"id\" exe=\"/usr/bin/%s\" res=%s",
			is_su ? "su" : "sudo", w[3]);
		add_line(line, is_su ? "USER_AUTH" : "USER_CMD", stamp, outer,
			inner);
	} else {
		const char *type = !strcmp(w[0], "start") ? "USER_START"
				   : !strcmp(w[0], "end") ? "USER_END"
							  : "CRED_DISP";

		snprintf(outer, sizeof(outer), "pid=%s uid=0 auid=%s ses=%s",
			w[3], w[2], w[1]);
		snprintf(inner, sizeof(inner),
			"acct=\"a\" exe=\"/usr/sbin/%s\" addr=%s res=success",
			w[4], addr);
		add_line(line, type, stamp, outer, inner);
	}
}

static void run_one(struct session_table *t, char *const *w, int64_t time_ms,
	uint32_t serial, struct str *said)
{
	struct event *ev = event_create();
	struct record rec;
	struct str line;
	char stamp[64];

	str_init(&line, 4096);
	snprintf(stamp, sizeof(stamp), "%lld.%03lld:%u",
		(long long)time_ms / 1000, (long long)time_ms % 1000, serial);
	if (!strcmp(w[0], "exec")) {
		ev->time_ms = time_ms;
		ev->serial = serial;
		ev->has_ses = ev->auid.has = ev->uid.has = true;
		ev->ses = (uint32_t)strtoul(w[1], NULL, 10);
		ev->auid.id = (uint32_t)strtoul(w[2], NULL, 10);
		ev->uid.id = (uint32_t)strtoul(w[3], NULL, 10);
		ev->success = true;
	} else {
		make_line(&line, stamp, w, "1.2.3.4");
		CHECK(record_parse(line.p, line.len, NULL, &rec) == 0);
		CHECK(message_read(ev, &rec) == 0);
	}
	session_run(t, ev);
	session_settle(t, ev);
	if (ev->session.evt)
		str_addf(said, "%s%s:%s", said->len ? " " : "", ev->session.evt,
			ev->session.action);
	event_destroy(ev);
	str_fini(&line);
}

static void run(struct session_table *t, const char *in, struct str *said)
{
	char copy[1024], *event, *rest = copy;

	snprintf(copy, sizeof(copy), "%s", in);
	while ((event = strsep(&rest, ";"))) {
		char *w[8] = { NULL }, *word, *at = event;
		unsigned int serial;
		long long ms;
		size_t n = 0;

		while ((word = strsep(&at, " ")))
			if (*word && n < 8)
				w[n++] = word;
		CHECK(n > 1 && sscanf(w[0], "%lld:%u", &ms, &serial) == 2);
		run_one(t, w + 1, ms, serial, said);
	}
}

static void describe(const struct session_table *t, struct str *out)
{
	const struct session *s, *all[64];
	uint32_t i = 0;
	size_t n = 0;

	while ((s = session_next(t, &i)) && n < 64)
		all[n++] = s;
	for (uint64_t number = 1; number <= n; number++)
		for (size_t k = 0; k < n; k++) {
			s = all[k];
			if (s->number != number)
				continue;
			str_addf(out, "%s%u/%u %s %s %lld-",
				out->len ? "; " : "", s->ses, s->auid,
				session_kind_name(s->kind),
				s->service.p ? s->service.p : "-",
				(long long)s->start_ms);
			if (s->has_end)
				str_addf(out, "%lld", (long long)s->end_ms);
			str_addf(out, " n%d", (int)s->processes);
			if (!s->has_login && !s->is_open)
				str_addz(out, " partial");
			if (s->is_root)
				str_addz(out, " root");
			if (s->all_sudo)
				str_addf(out, " sudo%d", (int)s->all_sudo);
			if (s->failed)
				str_addf(out, " failed%d", (int)s->failed);
			if (s->failed_before)
				str_addf(out, " before%d",
					(int)s->failed_before);
		}
}

static struct session_table *make(uint32_t max)
{
	struct session_conf cf = { .sessions_max = max,
		.addresses_max = 64,
		.window_m = 60,
		.seed = { 1, 2 } };

	return session_table_new(&cf);
}

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct session_table *t = make(64);
		struct str got, said;

		check_start("%s", rows[i].name);
		str_init(&got, 4096);
		str_init(&said, 4096);
		run(t, rows[i].in, &said);
		describe(t, &got);
		CHECK_Z(str_bytes(&got), rows[i].want);
		CHECK_Z(str_bytes(&said), rows[i].said);
		str_fini(&got);
		str_fini(&said);
		session_table_free(t);
	}
}

/* Far more sessions, addresses and accounts than there is room for. */
static void test_bounds(void)
{
	struct session_table *t = make(100);
	const struct session *s;
	uint32_t n = 0, i = 0;
	struct str said;

	check_start("more than fit");
	str_init(&said, 1 << 20);
	for (unsigned int k = 0; k < 3000; k++) {
		char in[256];

		snprintf(in, sizeof(in),
			"%u:%u login %u 1000 50; %u:%u start %u 1000 50 sshd; "
			"%u:%u fail %u 10.%u.%u.1; %u:%u cmd %u 1000 success",
			k, 4 * k, k, k, 4 * k + 1, k, k, 4 * k + 2, k, k / 250,
			k % 250, k, 4 * k + 3, k);
		run(t, in, &said);
		str_reset(&said);
	}
	while ((s = session_next(t, &i))) {
		CHECK(s->ses >= 2900);
		CHECK_EQ(s->n_sudo, 1);
		n++;
	}
	CHECK_EQ(n, 100);
	CHECK(session_evicted(t) >= 2900 + 3000 - 64);
	for (unsigned int k = 0; k < 1000; k++) {
		char in[64];

		snprintf(in, sizeof(in), "%u:%u cmd 7777 1000 failed",
			20000 + k, 20000 + k);
		run(t, in, &said);
		str_reset(&said);
	}
	for (i = 0; (s = session_next(t, &i));)
		if (s->ses == 7777)
			break;
	CHECK(s && s->n_sudo == SESSION_LIST_MAX && s->all_sudo == 1000);
	session_table_free(t);
	str_fini(&said);
}

static void test_addresses(void)
{
	static const struct {
		const char *text, *want;
	} list[] = { { "127.0.0.66", "loopback" }, { "10.1.2.3", "private" },
		{ "172.31.0.1", "private" }, { "172.32.0.1", "public" },
		{ "192.168.9.9", "private" }, { "100.64.0.1", "shared" },
		{ "169.254.1.1", "link_local" },
		{ "203.0.113.9", "documentation" },
		{ "224.0.0.1", "multicast" }, { "255.255.255.255", "reserved" },
		{ "8.8.8.8", "public" }, { "::1", "loopback" },
		{ "fe80::1%eth0", "link_local" }, { "fd00::1", "private" },
		{ "2001:db8::1", "documentation" },
		{ "::ffff:10.0.0.1", "private" }, { "2a00:1450::1", "public" },
		{ "ff02::1", "multicast" }, { "::", "reserved" },
		{ "host.example", NULL }, { "1.2.3", NULL }, { "", NULL } };

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		const char *got = address_class(bytes_of(list[i].text));

		check_start("address '%s'", list[i].text);
		CHECK_Z(bytes_of(got ? got : "-"),
			list[i].want ? list[i].want : "-");
	}
}

int main(void)
{
	check.module = "session";
	test_rows();
	test_bounds();
	test_addresses();
	return check_end();
}
