// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include "check.h"
#include "feed.h"
#include "metrics.h"
#include "record.h"

struct reader {
	struct feed *feed;
	struct metrics metrics;
	struct str log; /* what was handed on */
};

static void take(void *arg, const struct record *rec)
{
	struct reader *r = arg;

	str_addf(&r->log, "%.*s/%s/%u/%lld/", (int)rec->node.len,
		rec->node.len ? rec->node.p : "", record_type_name(rec->type),
		rec->serial, (long long)rec->time_ms);
	str_addb(&r->log, rec->body);
	str_addc(&r->log, '\n');
}

static void start(struct reader *r)
{
	struct feed_conf cf = {
		.take = take, .arg = r, .metrics = &r->metrics
	};

	r->metrics = (struct metrics){ 0 };
	str_init(&r->log, 4 << 20);
	r->feed = feed_new(&cf);
	if (!r->feed)
		abort();
}

static void stop(struct reader *r)
{
	feed_free(r->feed);
	str_fini(&r->log);
}

static unsigned long long n_taken(const struct reader *r)
{
	unsigned long long n = 0;

	for (size_t i = 0; i < r->log.len; i++)
		n += r->log.p[i] == '\n';
	return n;
}

static void push(struct reader *r, const char *text)
{
	feed_push(r->feed, text, strlen(text));
}

static void test_rows(void)
{
	static const struct {
		const char *name;
		struct bytes in;
		const char *log;
		unsigned int lines, malformed, other;
	} rows[] = {
		{ "nothing", BYTES(""), "", 0, 0, 0 },
		{ "one", BYTES("type=CWD msg=audit(1.002:3): cwd=\"/\"\n"),
			"/CWD/3/1002/cwd=\"/\"\n", 1, 0, 0 },
		{ "no newline at the end",
			BYTES("type=EOE msg=audit(1.000:1): \n"
			      "type=CWD msg=audit(1.002:3): x"),
			"/EOE/1/1000/\n/CWD/3/1002/x\n", 2, 0, 0 },
		{ "a node", BYTES("node=n type=CWD msg=audit(1.002:3): x\n"),
			"n/CWD/3/1002/x\n", 1, 0, 0 },
		{ "other types",
			BYTES("type=USER_AVC msg=audit(1.002:3): x\n"
			      "type=AVC msg=audit(1.002:4): x\n"),
			"", 2, 0, 2 },
		{ "messages", BYTES("type=LOGIN msg=audit(1.002:4): x\n"),
			"/LOGIN/4/1002/x\n", 1, 0, 0 },
		{ "malformed", BYTES("x\n\ntype=CWD\n\n"), "", 4, 4, 0 },
		{ "only a newline", BYTES("\n"), "", 1, 1, 0 },
		{ "a NUL", BYTES("type=CWD msg=audit(1.002:3): a\0b\n"), "", 1,
			1, 0 },
		{ "a NUL, then a good one",
			BYTES("\0\ntype=CWD msg=audit(1.002:3): ab\n"),
			"/CWD/3/1002/ab\n", 2, 1, 0 },
		{ "a carriage return",
			BYTES("type=CWD msg=audit(1.002:3): x\r\n"),
			"/CWD/3/1002/x\r\n", 1, 0, 0 },
		{ "cut in the middle",
			BYTES("type=CWD msg=audi\ntype=CWD msg=audit(1.002:3): "
			      "x\n"),
			"/CWD/3/1002/x\n", 2, 1, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reader r;

		check_start("%s", rows[i].name);
		start(&r);
		feed_push(r.feed, rows[i].in.p, rows[i].in.len);
		feed_end(r.feed);
		CHECK_Z(str_bytes(&r.log), rows[i].log);
		CHECK_EQ(r.metrics.lines, rows[i].lines);
		CHECK_EQ(r.metrics.lines_malformed, rows[i].malformed);
		CHECK_EQ(r.metrics.records_other, rows[i].other);
		stop(&r);
	}
}

static void test_long(void)
{
	static const size_t lens[] = { FEED_LINE_MAX - 1, FEED_LINE_MAX,
		FEED_LINE_MAX + 1, FEED_LINE_MAX + 2, 300000, 600000 };
	static const char head[] = "type=CWD msg=audit(1.002:3): ";

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		bool is_long = lens[i] > FEED_LINE_MAX;
		struct reader r;

		check_start("a line of %zu", lens[i]);
		start(&r);
		push(&r, head);
		for (size_t n = strlen(head); n < lens[i]; n++)
			push(&r, "x");
		push(&r, "\ntype=EOE msg=audit(1.002:3): \n");
		feed_end(r.feed);
		CHECK_EQ(r.metrics.lines, 2);
		CHECK_EQ(r.metrics.lines_long, is_long);
		CHECK_EQ(n_taken(&r), is_long ? 1 : 2);
		stop(&r);
	}
	check_start("a long line without its newline");
	{
		struct reader r;

		start(&r);
		for (size_t n = 0; n < 20000; n++)
			push(&r, "x");
		feed_end(r.feed);
		CHECK_EQ(r.metrics.lines, 1);
		CHECK_EQ(r.metrics.lines_long, 1);
		push(&r, "type=CWD msg=audit(1.002:3): x\n");
		CHECK_EQ(n_taken(&r), 1);
		stop(&r);
	}
}

/* Some of everything, for cutting into chunks. */
static void mix(struct str *s)
{
	str_addz(s, "type=SYSCALL msg=audit(1.000:10): arch=c000003e\n"
		    "type=CWD msg=audit(1.000:10): cwd=\"/\"\n\n"
		    "node=b type=CWD msg=audit(1.000:7): cwd=\"/x\"\n"
		    "type=USER_AVC msg=audit(1.000:12): pid=1\n"
		    "garbage\n");
	str_add(s, "type=CWD msg=audit(1.000:12): a\0b\n", 34);
	str_addf(s, "type=PROCTITLE msg=audit(1.000:13): %016380d\n", 0);
	str_addf(s, "type=PROCTITLE msg=audit(1.000:14): %08000d\n", 0);
	str_addf(s, "%040000d\n", 0);
	str_add(s, "type=CWD msg=audit(1.000:14): c\0d\n", 34);
	str_addz(s, "type=EOE msg=audit(1.000:14): \n"
		    "node=b type=EOE msg=audit(1.000:9): \n"
		    "type=CWD msg=audit(1.001:15): the end");
}

static void run_chunks(struct reader *r, struct bytes text, size_t chunk,
	unsigned long long seed)
{
	start(r);
	for (size_t i = 0, n; i < text.len; i += n) {
		n = chunk ? chunk : check_below(&seed, 9000) + 1;
		n = n < text.len - i ? n : text.len - i;
		feed_push(r->feed, text.p + i, n);
	}
	feed_end(r->feed);
}

static void compare(const struct reader *a, const struct reader *b)
{
	CHECK_BYTES(str_bytes(&a->log), str_bytes(&b->log));
	CHECK(!memcmp(&a->metrics, &b->metrics, sizeof(a->metrics)));
	CHECK_EQ(feed_missing(a->feed), feed_missing(b->feed));
}

static void test_chunks(void)
{
	struct reader whole, cut;
	struct str text;

	str_init(&text, 1 << 20);
	mix(&text);
	run_chunks(&whole, str_bytes(&text), text.len, 0);
	check_start("in one piece");
	CHECK_EQ(whole.metrics.lines, 14);
	CHECK_EQ(whole.metrics.lines_malformed, 4);
	CHECK_EQ(whole.metrics.lines_long, 2);
	CHECK_EQ(whole.metrics.records_other, 1);
	CHECK_EQ(n_taken(&whole), 7);
	CHECK_EQ(feed_missing(whole.feed), 3);
	check_start("in equal chunks");
	for (size_t n = 1; n < 300; n++) {
		run_chunks(&cut, str_bytes(&text), n, 0);
		compare(&cut, &whole);
		stop(&cut);
	}
	check_start("in two chunks, cut anywhere");
	for (size_t at = 1; at < text.len; at += at < 700 ? 1 : 97) {
		start(&cut);
		feed_push(cut.feed, text.p, at);
		feed_push(cut.feed, text.p + at, text.len - at);
		feed_end(cut.feed);
		compare(&cut, &whole);
		stop(&cut);
	}
	check_start("in random chunks");
	for (unsigned int n = 1; n < 300; n++) {
		run_chunks(&cut, str_bytes(&text), 0, n);
		compare(&cut, &whole);
		stop(&cut);
	}
	stop(&whole);
	str_fini(&text);
}

static void test_read(void)
{
	struct reader r;
	struct str text;
	int fds[2];
	ssize_t n;

	check_start("read");
	str_init(&text, 1000);
	str_addz(&text, "type=CWD msg=audit(1.002:3): x\ntype=CWD msg=aud");
	start(&r);
	if (CHECK(pipe(fds) == 0)) {
		CHECK_EQ(write(fds[1], text.p, text.len), text.len);
		n = feed_read(r.feed, fds[0]);
		CHECK_EQ(n, text.len);
		CHECK_EQ(n_taken(&r), 1);
		CHECK_EQ(write(fds[1], "it(1.003:4): y\n", 15), 15);
		n = feed_read(r.feed, fds[0]);
		CHECK_EQ(n, 15);
		CHECK_Z(str_bytes(&r.log), "/CWD/3/1002/x\n/CWD/4/1003/y\n");
		close(fds[1]);
		CHECK_EQ(feed_read(r.feed, fds[0]), 0);
		close(fds[0]);
		CHECK_EQ(feed_read(r.feed, fds[0]), -1);
	}
	stop(&r);
	str_fini(&text);
}

static void test_serials(void)
{
	static const struct {
		const char *name, *in;
		unsigned long long missing, restarts;
	} rows[] = {
		{ "all there", "1 2 3", 0, 0 },
		{ "two missing", "1 4", 2, 0 },
		{ "two nodes", "1 a1 2 a5 3", 3, 0 },
		{ "no node and a node", "1 a3 2 a4", 0, 0 },
		{ "others count too", "1 u2 u3 4", 0, 0 },
		{ "auditd's own do not", "1 d900000 2 d900001 3", 0, 0 },
		{ "a restart", "900000 900002 1 3", 2, 1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reader r;
		const char *p = rows[i].in;

		check_start("serials: %s", rows[i].name);
		start(&r);
		while (*p) {
			char line[100], *end;
			char c = *p > '9' ? *p++ : '\0';

			snprintf(line, sizeof(line),
				"%stype=%s msg=audit(1.000:%lu): x\n",
				c == 'a' ? "node=a " : "",
				c == 'u'   ? "USER_CMD"
				: c == 'd' ? "DAEMON_START"
					   : "CWD",
				strtoul(p, &end, 10));
			push(&r, line);
			p = *end ? end + 1 : end;
		}
		CHECK_EQ(feed_missing(r.feed), rows[i].missing);
		CHECK_EQ(r.metrics.serial_restarts, rows[i].restarts);
		stop(&r);
	}
}

/* More hosts than are followed: what was missing stays missing. */
static void test_many_nodes(void)
{
	struct reader r;

	check_start("serials: more nodes than are followed");
	start(&r);
	for (int i = 0; i < FEED_NODES_MAX + 20; i++) {
		char lines[160];

		snprintf(lines, sizeof(lines),
			"node=h%d type=CWD msg=audit(1.000:1): x\n"
			"node=h%d type=CWD msg=audit(1.000:3): x\n",
			i, i);
		push(&r, lines);
	}
	CHECK_EQ(feed_missing(r.feed), FEED_NODES_MAX + 20);
	stop(&r);
}

struct places {
	uint64_t pos[8];
	size_t n;
};

static void note_place(void *arg, const struct record *rec)
{
	struct places *p = arg;

	if (p->n < 8)
		p->pos[p->n++] = rec->input_pos;
}

/* Each record knows where its line began, however the input was cut. */
static void test_positions(void)
{
	static const char lines[] = "type=CWD msg=audit(1.000:1): x\n"
				    "junk\n"
				    "type=CWD msg=audit(1.000:2): yy\n"
				    "type=CWD msg=audit(1.000:3): z\n";
	static const uint64_t want[] = { 0, 36, 68 };

	for (size_t step = 1; step <= sizeof(lines); step++) {
		struct metrics metrics = { 0 };
		struct places got = { .n = 0 };
		struct feed_conf cf = {
			.take = note_place, .arg = &got, .metrics = &metrics
		};
		struct feed *feed = feed_new(&cf);
		size_t len = sizeof(lines) - 1;

		check_start("positions: in pieces of %zu", step);
		for (size_t i = 0; feed && i < len; i += step)
			feed_push(feed, lines + i,
				len - i < step ? len - i : step);
		CHECK_EQ(got.n, 3);
		for (size_t i = 0; i < 3; i++)
			CHECK_EQ(got.pos[i], want[i]);
		CHECK_EQ(feed_pos(feed), len);
		feed_seek(feed, 1000000);
		feed_push(feed, lines, 40);
		CHECK_EQ(got.pos[3], 1000000);
		CHECK_EQ(feed_pos(feed), 1000036);
		feed_free(feed);
	}
}

/* What a line too long leaves behind is counted in the positions too. */
static void test_position_after_long(void)
{
	static char text[3 * FEED_LINE_MAX];
	static const char end[] = "\ntype=CWD msg=audit(1.000:1): x\n";
	struct metrics metrics = { 0 };
	struct places got = { .n = 0 };
	struct feed_conf cf = {
		.take = note_place, .arg = &got, .metrics = &metrics
	};
	struct feed *feed = feed_new(&cf);

	check_start("positions: after a long line");
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < sizeof(text); i += 1000)
		feed_push(feed, text + i,
			sizeof(text) - i < 1000 ? sizeof(text) - i : 1000);
	feed_push(feed, end, sizeof(end) - 1);
	CHECK_EQ(got.n, 1);
	CHECK_EQ(got.pos[0], sizeof(text) + 1);
	CHECK_EQ(feed_pos(feed), sizeof(text) + sizeof(end) - 1);
	feed_free(feed);
}

int main(void)
{
	check.module = "feed";
	test_rows();
	test_long();
	test_chunks();
	test_read();
	test_serials();
	test_many_nodes();
	test_positions();
	test_position_after_long();
	return check_end();
}
