// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Records are written as words: a letter for the type, the serial, and what
 * it says; S1 is a SYSCALL that announces two files, F1 one that failed, N1
 * one that is no exec, K1 one of connect, U1 one of an unknown architecture, M1
 * one of socketcall, W1 one of chmod that sets set-user-ID, V1 one that failed,
 * I1 SOCKADDR of inet, L1 of netlink, X1 EXECVE, C1 CWD, P1.0 PATH item=0, T1
 * PROCTITLE, E1 EOE. S1@b comes from node b. ~50 is a tick 50 ms later, ! the
 * end. What comes out is written "1 2@b:no_end,forced".
 */
#include <stdint.h>

#include "check.h"
#include "event.h"
#include "gather.h"
#include "metrics.h"
#include "record.h"
#include "saddr.h"
#include "syscalls.h"

struct reader {
	struct gather *gather;
	struct metrics metrics;
	struct str log;
	int64_t now_ms;
	unsigned long long n_in;
	size_t bytes; /* of the longest event */
	uint64_t input_pos; /* of the last event */
};

static void take(void *arg, const struct gathered *g)
{
	static const char *const names[] = { "no_syscall", "no_execve",
		"no_cwd", "no_path", "no_end", "argv_gap", "argv_dup",
		"argv_cut", "forced" };
	struct reader *r = arg;
	char before = ':';

	if (r->log.len)
		str_addc(&r->log, ' ');
	str_addu(&r->log, g->serial);
	if (g->node.len) {
		str_addc(&r->log, '@');
		str_addb(&r->log, g->node);
	}
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (g->flaws >> i & 1) {
			str_addf(&r->log, "%c%s", before, names[i]);
			before = ',';
		}
	if (g->execve.len > r->bytes)
		r->bytes = g->execve.len;
	r->input_pos = g->input_pos;
}

static void start(struct reader *r)
{
	struct gather_conf cf = {
		.take = take, .arg = r, .metrics = &r->metrics
	};

	*r = (struct reader){ .now_ms = 1000 };
	str_init(&r->log, 1 << 20);
	r->gather = gather_new(&cf);
	if (!r->gather)
		abort();
	gather_take_network(r->gather, 1u << SADDR_INET);
}

static void stop(struct reader *r)
{
	gather_free(r->gather);
	str_fini(&r->log);
}

static void push(struct reader *r, const char *line, size_t len)
{
	struct record rec;

	if (!CHECK_EQ(record_parse(line, len, NULL, &rec), 0))
		return;
	rec.input_pos = 100 + r->n_in++;
	gather_record(r->gather, &rec);
}

#define EXEC "arch=c000003e syscall=59 success=yes exit=0"
#define REST                                                                   \
	" ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 "       \
	"sgid=0 fsgid=0 tty=pts0 ses=1 comm=\"a\" exe=\"/a\" key=(null)"

static const struct word {
	char c;
	const char *type, *body, *what, *tail; /* what can be told: .1 */
} words[] = {
	{ 'S', "SYSCALL", EXEC " a0=1 a1=2 a2=3 a3=4 items=", "2", REST },
	{ 'Z', "SYSCALL", EXEC " a0=1 a1=2 a2=3 a3=4 items=", "0", REST },
	{ 'F', "SYSCALL",
		"arch=c000003e syscall=59 success=no exit=-2 a0=1 "
		"a1=2 a2=3 a3=4 items=",
		"1", REST },
	{ 'N', "SYSCALL",
		"arch=c000003e syscall=2 success=yes exit=3 a0=1 "
		"a1=2 a2=3 a3=4 items=",
		"1", REST },
	{ 'K', "SYSCALL",
		"arch=c000003e syscall=42 success=yes exit=0 a0=3 "
		"a1=2 a2=10 a3=4 items=",
		"0", REST },
	{ 'M', "SYSCALL", "arch=40000003 syscall=102 success=yes exit=0 a0=",
		"3", " a1=2 a2=3 a3=4 items=0" REST },
	{ 'W', "SYSCALL",
		"arch=c000003e syscall=90 success=yes exit=0 a0=1 a1=", "9ed",
		" a2=3 a3=4 items=1" REST },
	{ 'V', "SYSCALL",
		"arch=c000003e syscall=90 success=no exit=-1 a0=1 a1=", "9ed",
		" a2=3 a3=4 items=1" REST },
	{ 'I', "SOCKADDR", "saddr=0200003508080808", "", "" },
	{ 'L', "SOCKADDR", "saddr=100000000000000000000000", "", "" },
	{ 'U', "SYSCALL",
		"arch=deadbeef syscall=59 success=yes exit=0 a0=1 "
		"a1=2 a2=3 a3=4 items=",
		"2", REST },
	{ 'X', "EXECVE", "argc=2 a0=\"a\" a1=\"", "b", "\"" },
	{ 'C', "CWD", "cwd=\"/", "", "\"" },
	{ 'P', "PATH", "item=", "0", " name=\"/a\"" },
	{ 'T', "PROCTITLE", "proctitle=", "61", "" },
	{ 'E', "EOE", "", "", "" },
};

/* One word; returns where it ends. */
static const char *push_word(struct reader *r, const char *p)
{
	char line[700] = "", what[2] = "";
	const struct word *w = words;
	unsigned long serial;
	size_t n = 0;
	char *end;

	while (w->c != *p && ++w < words + sizeof(words) / sizeof(words[0]))
		;
	if (w == words + sizeof(words) / sizeof(words[0]))
		abort();
	serial = strtoul(p + 1, &end, 10);
	if (*end == '.') {
		what[0] = end[1];
		end += 2;
	}
	if (*end == '@') {
		n = (size_t)snprintf(line, sizeof(line), "node=%c ", end[1]);
		end += 2;
	}
	n += (size_t)snprintf(line + n, sizeof(line) - n,
		"type=%s msg=audit(%u.000:%lu): %s%s%s", w->type,
		serial > 900 ? 2u : 1u, serial, w->body,
		what[0] ? what : w->what, w->tail);
	push(r, line, n);
	return end;
}

static void play(struct reader *r, const char *script)
{
	while (*script) {
		char *end;

		if (*script == '~') {
			r->now_ms += strtol(script + 1, &end, 10);
			gather_tick(r->gather, r->now_ms);
			script = end;
		} else if (*script == '!') {
			gather_flush(r->gather);
			script++;
		} else {
			script = push_word(r, script);
		}
		while (*script == ' ')
			script++;
	}
}

/* Every record has one fate. */
static void check_sum(const struct reader *r)
{
	const struct metrics *m = &r->metrics;

	CHECK_EQ(m->records_taken + m->records_not_exec + m->records_duplicate +
			 m->records_late + m->records_fragment +
			 m->records_open,
		r->n_in);
	CHECK_EQ(m->records_open > 0, gather_has_open(r->gather));
}

static const struct row {
	const char *name, *script, *out;
	unsigned int taken, duplicate, late, not_exec, fragment;
} rows[] = {
	{ "in order", "S1 X1 C1 P1.0 P1.1 T1 E1", "1", 7, 0, 0, 0, 0 },
	{ "without EOE", "S1 X1 C1 P1.0 P1.1 T1", "1", 6, 0, 0, 0, 0 },
	{ "without PROCTITLE", "S1 X1 C1 P1.0 P1.1 E1", "1", 6, 0, 0, 0, 0 },
	{ "backwards", "E1 T1 P1.1 P1.0 C1 X1 S1", "1", 6, 0, 0, 0, 1 },
	{ "EOE in between", "S1 E1 X1 C1 T1 P1.0 P1.1", "1", 7, 0, 0, 0, 0 },
	{ "EOE first", "S1 E1 X1 C1 P1.0 P1.1 T1", "1", 6, 0, 1, 0, 0 },
	{ "SYSCALL last", "X1 C1 P1.0 P1.1 T1 S1 E1", "1", 7, 0, 0, 0, 0 },
	{ "interleaved", "S1 S2 X2 X1 C2 C1 P2.0 P1.0 P2.1 T2 P1.1 T1 E2 E1",
		"2 1", 14, 0, 0, 0, 0 },
	{ "one serial, two nodes",
		"S1@a S1@b X1@b X1@a C1@a C1@b P1.0@a P1.1@a T1@a P1.0@b "
		"P1.1@b T1@b",
		"1@a 1@b", 12, 0, 0, 0, 0 },
	{ "no files announced", "Z1 X1 T1 E1", "1", 4, 0, 0, 0, 0 },
	{ "failed", "F1 C1 P1.0 T1 E1", "1", 5, 0, 0, 0, 0 },
	{ "failed, with EXECVE", "F1 X1 C1 P1.0 T1 E1", "1", 6, 0, 0, 0, 0 },
	{ "another call", "N1 C1 P1.0 T1 E1", "", 0, 0, 0, 5, 0 },
	{ "another call, late", "C1 P1.0 N1 T1 E1", "", 0, 0, 0, 5, 0 },
	{ "network", "K1 I1 T1 E1", "1", 4, 0, 0, 0, 0 },
	{ "network, address first", "I1 K1 T1 E1", "1", 4, 0, 0, 0, 0 },
	{ "network, backwards", "T1 I1 K1 E1", "1", 4, 0, 0, 0, 0 },
	{ "network, end first", "T1 K1 I1 E1", "1", 4, 0, 0, 0, 0 },
	{ "network, interleaved", "K1 S2 I1 X2 C2 T1 P2.0 P2.1 E1 T2 E2", "1 2",
		11, 0, 0, 0, 0 },
	{ "network, doubled", "K1 K1 I1 I1 T1 E1", "1", 4, 2, 0, 0, 0 },
	{ "network, lost end", "K1 I1 ~ ~50", "1:no_end,forced", 2, 0, 0, 0,
		0 },
	{ "network, lost call", "I1 T1 ~ ~2000", "", 0, 0, 0, 0, 2 },
	{ "network, lost address", "K1 T1 E1", "", 0, 0, 0, 3, 0 },
	{ "network, late address", "K1 T1 I1 E1", "", 0, 0, 0, 4, 0 },
	{ "network, nothing more", "K1 ~ ~2000", "", 0, 0, 0, 1, 0 },
	{ "socketcall", "M1.3 I1 T1 E1", "1", 4, 0, 0, 0, 0 },
	{ "socketcall, no address in it", "M1.1 I1 T1 E1", "", 0, 0, 0, 4, 0 },
	{ "netlink", "K1 L1 T1 E1", "", 0, 0, 0, 4, 0 },
	{ "netlink, address first", "L1 K1 T1 E1", "", 0, 0, 0, 4, 0 },
	{ "unknown architecture", "U1 X1 C1 P1.0 P1.1 T1 E1", "1", 7, 0, 0, 0,
		0 },
	{ "doubled", "S1 S1 X1 X1 C1 C1 P1.0 P1.0 P1.1 T1 E1", "1", 7, 4, 0, 0,
		0 },
	{ "late", "S1 X1 C1 P1.0 P1.1 T1 P1.2 X1 E1 E1", "1", 7, 0, 3, 0, 0 },
	{ "lost PATH, EOE came", "S1 X1 C1 P1.0 T1 E1 ~ ~49", "", 0, 0, 0, 0,
		0 },
	{ "lost PATH, 50 ms on", "S1 X1 C1 P1.0 T1 E1 ~ ~50",
		"1:no_path,forced", 6, 0, 0, 0, 0 },
	{ "lost PATH, no EOE", "S1 X1 C1 P1.0 T1 ~ ~1999", "", 0, 0, 0, 0, 0 },
	{ "lost PATH, 2 s on", "S1 X1 C1 P1.0 T1 ~ ~2000", "1:no_path,forced",
		5, 0, 0, 0, 0 },
	{ "lost EXECVE", "S1 C1 P1.0 P1.1 T1 E1 ~ ~50", "1:no_execve,forced", 6,
		0, 0, 0, 0 },
	{ "lost SYSCALL", "X1 C1 P1.0 P1.1 T1 E1 ~ ~50", "1:no_syscall,forced",
		6, 0, 0, 0, 0 },
	{ "lost CWD", "S1 X1 P1.0 P1.1 T1 E1 ~ ~50", "1:no_cwd,forced", 6, 0, 0,
		0, 0 },
	{ "lost end", "S1 X1 C1 P1.0 P1.1 ~ ~49", "", 0, 0, 0, 0, 0 },
	{ "lost end, 50 ms on", "S1 X1 C1 P1.0 P1.1 ~ ~50", "1:no_end,forced",
		5, 0, 0, 0, 0 },
	{ "nothing but SYSCALL", "S1 ~ ~2000",
		"1:no_execve,no_cwd,no_path,no_end,forced", 1, 0, 0, 0, 0 },
	{ "still coming", "S1 ~ ~1999 X1 ~1999 C1 ~1999 ~1999", "", 0, 0, 0, 0,
		0 },
	{ "no longer coming", "S1 ~ ~1999 X1 ~1999 C1 ~1999 ~1999 ~1",
		"1:no_path,no_end,forced", 3, 0, 0, 0, 0 },
	{ "the end", "S1 X1 S2 !",
		"1:no_cwd,no_path,no_end 2:no_execve,no_cwd,no_path,no_end", 3,
		0, 0, 0, 0 },
	{ "fragments", "C1 P1.0 T1 ~ ~2000", "", 0, 0, 0, 0, 3 },
	{ "fragment at the end", "C1 P1.0 !", "", 0, 0, 0, 0, 2 },
	{ "EOE alone", "E1 E2 E1", "", 0, 0, 0, 0, 3 },
	{ "late behind a forced one", "S1 X1 ~ ~2000 C1 E1",
		"1:no_cwd,no_path,no_end,forced", 3, 0, 1, 0, 0 },
	{ "a serial again, later",
		"S1 X1 C1 P1.0 P1.1 T1 S8193 X8193 C8193 P8193.0 P8193.1 "
		"T8193 S1 X1 C1 P1.0 P1.1 T1",
		"1 8193 1", 18, 0, 0, 0, 0 },
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reader r;

		check_start("%s", rows[i].name);
		start(&r);
		play(&r, rows[i].script);
		CHECK_Z(str_bytes(&r.log), rows[i].out);
		CHECK_EQ(r.metrics.records_taken, rows[i].taken);
		CHECK_EQ(r.metrics.records_duplicate, rows[i].duplicate);
		CHECK_EQ(r.metrics.records_late, rows[i].late);
		CHECK_EQ(r.metrics.records_not_exec, rows[i].not_exec);
		CHECK_EQ(r.metrics.records_fragment, rows[i].fragment);
		CHECK_EQ(r.metrics.network_netlink,
			!strncmp(rows[i].name, "netlink", 7));
		check_sum(&r);
		stop(&r);
	}
}

static void test_no_network(void)
{
	struct reader r;

	check_start("network, not asked for");
	start(&r);
	gather_take_network(r.gather, 0);
	play(&r, "K1 I1 T1 E1 K2 L2 T2 E2");
	CHECK_EQ(r.log.len, 0);
	CHECK_EQ(r.metrics.records_not_exec, 8);
	CHECK_EQ(r.metrics.network_netlink, 0);
	check_sum(&r);
	stop(&r);
}

static void test_watched(void)
{
	static const struct {
		const char *name, *script, *out;
		unsigned int taken, not_exec;
	} calls[] = {
		{ "in order", "W1 C1 P1.0 T1 E1", "1", 5, 0 },
		{ "files first", "C1 P1.0 W1 T1 E1", "1", 5, 0 },
		{ "interleaved", "W1 S2 C1 X2 C2 P2.0 P1.0 T1 P2.1 T2 E1 E2",
			"1 2", 12, 0 },
		{ "that does nothing", "W1.9 C1 P1.0 T1 E1", "", 0, 5 },
		{ "that failed", "V1 C1 P1.0 T1 E1", "", 0, 5 },
		{ "lost PATH", "W1 C1 T1 E1 ~ ~50", "1:no_path,forced", 4, 0 },
		{ "lost end", "W1 C1 P1.0 ~ ~50", "1:no_end,forced", 3, 0 },
		{ "with EXECVE", "W1 X1 C1 P1.0 T1 E1", "1", 6, 0 },
		{ "another", "N1 C1 P1.0 T1 E1", "", 0, 5 },
	};
	struct reader r;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		check_start("watched, %s", calls[i].name);
		start(&r);
		gather_take_calls(r.gather, 1u << SYSCALLS_CHMOD);
		play(&r, calls[i].script);
		CHECK_Z(str_bytes(&r.log), calls[i].out);
		CHECK_EQ(r.metrics.records_taken, calls[i].taken);
		CHECK_EQ(r.metrics.records_not_exec, calls[i].not_exec);
		check_sum(&r);
		stop(&r);
	}
	check_start("watched, not asked for");
	start(&r);
	play(&r, "W1 C1 P1.0 T1 E1");
	CHECK_EQ(r.log.len, 0);
	CHECK_EQ(r.metrics.records_not_exec, 5);
	stop(&r);
}

/* Every order of one event's records, with another's in between: one event,
 * whole, as soon as there is an end. */
static void test_orders(void)
{
	static const char *const records[] = { "S1", "X1", "C1", "P1.0", "P1.1",
		"T1" };
	unsigned int bad = 0;

	check_start("every order of records");
	for (unsigned int k = 0; k < 720; k++) {
		unsigned int left[] = { 0, 1, 2, 3, 4, 5 }, n = 6, code = k;
		struct reader r;

		start(&r);
		while (n) {
			unsigned int i = code % n;

			code /= n;
			play(&r, records[left[i]]);
			play(&r, n % 2 ? "C2" : "P3.0");
			left[i] = left[--n];
		}
		bad += !bytes_equal(str_bytes(&r.log), BYTES("1"));
		check_sum(&r);
		stop(&r);
	}
	CHECK_EQ(bad, 0);
}

static void test_open_max(void)
{
	struct reader r;
	char word[32];

	check_start("more open than there is room");
	start(&r);
	for (int i = 1; i <= GATHER_OPEN_MAX; i++) {
		snprintf(word, sizeof(word), "S%d X%d", i, i);
		play(&r, word);
	}
	CHECK_EQ(r.log.len, 0);
	play(&r, "S100");
	CHECK_Z(str_bytes(&r.log), "1:no_cwd,no_path,no_end,forced");
	play(&r, "X1 C1 S101");
	CHECK_EQ(r.metrics.records_late, 2);
	CHECK_Z(str_bytes(&r.log), "1:no_cwd,no_path,no_end,forced "
				   "2:no_cwd,no_path,no_end,forced");
	gather_flush(r.gather);
	check_sum(&r);
	CHECK_EQ(r.metrics.records_open, 0);
	stop(&r);
}

/* n EXECVE records of 7500 bytes: pieces of one argument. */
static void push_pieces(struct reader *r, unsigned int serial, unsigned int n)
{
	static char line[8000];

	for (unsigned int k = 0; k < n; k++) {
		int len = snprintf(line, sizeof(line),
			"type=EXECVE msg=audit(1.000:%u): a1[%u]=%07500d",
			serial, k, 0);

		push(r, line, (size_t)len);
	}
}

static void test_memory(void)
{
	struct reader r;

	check_start("memory of one event");
	start(&r);
	play(&r, "S1 C1 P1.0 P1.1");
	push_pieces(&r, 1, 2500);
	play(&r, "T1 E1 ~ ~50");
	CHECK(r.bytes > GATHER_EVENT_MAX - 8000);
	CHECK(r.bytes <= GATHER_EVENT_MAX);
	CHECK_Z(str_bytes(&r.log), "1:argv_cut,forced");
	check_sum(&r);
	stop(&r);

	check_start("memory of all");
	start(&r);
	for (unsigned int i = 1; i <= 3; i++)
		push_pieces(&r, i, 2000);
	CHECK_EQ(r.log.len, 0);
	push_pieces(&r, 4, 2000);
	CHECK_Z(str_bytes(&r.log), "1:no_syscall,no_end,forced");
	gather_flush(r.gather);
	check_sum(&r);
	stop(&r);
}

/* Arguments in pieces: when the event is whole, and what comes twice. */
static void test_pieces(void)
{
	static const struct {
		const char *name;
		const char *records[4];
		const char *out;
	} table[] = {
		{ "whole",
			{ "argc=2 a0=\"a\" a1_len=8 a1[0]=4142", "a1[1]=4344" },
			"1" },
		{ "two arguments in pieces",
			{ "argc=3 a0=\"a\" a1_len=8 a1[0]=4142",
				"a1[1]=4344 a2_len=4 a2[0]=41", "a2[1]=42" },
			"1" },
		{ "quoted pieces",
			{ "argc=1 a0_len=4 a0[0]=\"ab\"", "a0[1]=\"cd\"" },
			"1" },
		{ "the last is missing",
			{ "argc=2 a0=\"a\" a1_len=8 "
			  "a1[0]=4142" },
			"" },
		{ "fewer than argc", { "argc=3 a0=\"a\" a1=\"b\"" }, "" },
		{ "a record of it is missing",
			{ "argc=2 a0=\"a\" a1_len=8 "
			  "a1[0]=41",
				"a1[2]=43" },
			"" },
		{ "no argument at all", { "argc=0" }, "1" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct reader r;

		check_start("pieces: %s", table[i].name);
		start(&r);
		play(&r, "S1 C1 P1.0 P1.1");
		for (int j = 0; j < 4 && table[i].records[j]; j++) {
			char line[300];
			int n = snprintf(line, sizeof(line),
				"type=EXECVE msg=audit(1.000:1): %s",
				table[i].records[j]);

			push(&r, line, (size_t)n);
			push(&r, line, (size_t)n);
		}
		CHECK_EQ(r.metrics.records_duplicate,
			table[i].records[1] ? table[i].records[2] ? 3 : 2 : 1);
		play(&r, "T1");
		CHECK_Z(str_bytes(&r.log), table[i].out);
		check_sum(&r);
		stop(&r);
	}
}

/* One serial at two times, of one node: two events. */
static void test_times(void)
{
	static const char *const lines[] = {
		"type=EXECVE msg=audit(1.000:1): argc=1 a0=\"a\"",
		"type=EXECVE msg=audit(1.001:1): argc=1 a0=\"a\"",
		"type=CWD msg=audit(1.000:1): cwd=\"/\"",
		"type=CWD msg=audit(1.001:1): cwd=\"/\"",
	};
	struct reader r;

	check_start("one serial at two times");
	start(&r);
	for (int i = 0; i < 4; i++)
		push(&r, lines[i], strlen(lines[i]));
	gather_flush(r.gather);
	CHECK_Z(str_bytes(&r.log), "1:no_syscall,no_end 1:no_syscall,no_end");
	CHECK_EQ(r.metrics.records_duplicate, 0);
	stop(&r);
}

/* A name of any length that fits a line is a node. */
static void test_long_node(void)
{
	struct reader r;
	char line[4000];

	check_start("a node of 2000 bytes");
	start(&r);
	for (int i = 0; i < 3; i++) {
		int n = snprintf(line, sizeof(line),
			"node=%02000d type=%s msg=audit(1.000:1): %s", 7,
			i == 0   ? "EXECVE"
			: i == 1 ? "CWD"
				 : "PATH",
			i == 0   ? "argc=1 a0=\"a\""
			: i == 1 ? "cwd=\"/\""
				 : "item=0");

		push(&r, line, (size_t)n);
	}
	gather_flush(r.gather);
	CHECK_EQ(r.metrics.records_taken, 3);
	CHECK_EQ(r.metrics.records_fragment, 0);
	stop(&r);
}

/* The first record's place is the event's; the oldest open one is told. */
static void test_positions(void)
{
	static const struct {
		const char *word;
		uint64_t oldest, last;
	} steps[] = {
		{ "N5", UINT64_MAX, 0 },
		{ "S1", 101, 0 },
		{ "S2", 101, 0 },
		{ "X2", 101, 0 },
		{ "C2", 101, 0 },
		{ "P2.0", 101, 0 },
		{ "P2.1", 101, 0 },
		{ "T2", 101, 102 },
		{ "S3", 101, 102 },
		{ "F1", 101, 102 },
		{ "X1", 101, 102 },
		{ "C1", 101, 102 },
		{ "P1.0", 101, 102 },
		{ "P1.1", 101, 102 },
		{ "T1", 108, 101 },
		{ "E1", 108, 101 },
	};
	struct reader r;

	check_start("positions");
	start(&r);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		push_word(&r, steps[i].word);
		CHECK_EQ(gather_oldest(r.gather), steps[i].oldest);
		CHECK_EQ(r.input_pos, steps[i].last);
	}
	gather_expire(r.gather, 107);
	CHECK_EQ(gather_oldest(r.gather), 108);
	gather_expire(r.gather, 108);
	CHECK_EQ(gather_oldest(r.gather), UINT64_MAX);
	CHECK_EQ(r.input_pos, 108);
	stop(&r);
}

int main(void)
{
	check.module = "gather";
	test_rows();
	test_no_network();
	test_watched();
	test_orders();
	test_open_max();
	test_memory();
	test_pieces();
	test_times();
	test_long_node();
	test_positions();
	return check_end();
}
