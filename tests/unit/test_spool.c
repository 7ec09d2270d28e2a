// SPDX-License-Identifier: GPL-3.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "metrics.h"
#include "queue.h"
#include "spool.h"
#include "spool_file.h"

#define MAX    (8u << 20)
#define LINE   100
#define NUMBER 12 /* digits at the start of each line */

static char top[] = "/tmp/test_spool.XXXXXX";
static char dir[64];
static struct metrics m;
static uint32_t dice_state;

static uint32_t dice(uint32_t sides)
{
	dice_state = dice_state * 1664525 + 1013904223;
	return (dice_state >> 8) % sides;
}

static struct spool *start(size_t max)
{
	struct spool_conf cf = {
		.dir = dir, .name = "json-1", .max = max, .metrics = &m
	};
	struct spool *s = spool_new(&cf);

	if (!s)
		abort();
	return s;
}

/* A run of n lines, numbered, all of that score. */
static void fill(struct queue *q, uint64_t number, size_t n, double score)
{
	while (n--) {
		struct str *to = queue_room(q);

		str_addf(to, "%0*llu", NUMBER, (unsigned long long)number);
		for (int i = NUMBER; i < LINE - 1; i++)
			str_addc(to, 'x');
		str_addc(to, '\n');
		if (queue_add(q, &(struct queue_line){ .pos = number++,
					 .score = (float)score,
					 .dup_at = NUMBER }) < 0)
			abort();
	}
}

/* -1: not all of them were taken. */
static int put(struct spool *s, uint64_t number, size_t n, double score)
{
	struct queue_run run;
	struct queue q;
	int took = 1;

	queue_init(&q);
	fill(&q, number, n, score);
	while (q.n && took > 0) {
		queue_peek(&q, &run);
		took = spool_put(s, &run, 1000000);
		if (took > 0)
			queue_pop(&q, (size_t)took);
	}
	queue_fini(&q);
	return took > 0 ? 0 : -1;
}

/* The number of the oldest line, which is taken; 0: there is none. */
static uint64_t get(struct spool *s, bool is_sent)
{
	struct spool_line line;
	uint64_t number;

	if (!spool_peek(s, &line))
		return 0;
	number = strtoull(line.text, NULL, 10);
	CHECK_EQ(line.len, LINE);
	CHECK_EQ(line.dup_at, NUMBER);
	CHECK(line.text[LINE - 1] == '\n');
	spool_take(s);
	if (is_sent)
		spool_sent(s, line.order);
	return number;
}

static size_t each_file(void (*what)(const char *path))
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[512];
	size_t n = 0;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		n += strstr(path, ".sent") == NULL;
		if (what)
			what(path);
	}
	if (d)
		closedir(d);
	return n;
}

static void erase_one(const char *path)
{
	if (remove(path) < 0)
		CHECK(errno == ENOENT);
}

static void erase(void)
{
	each_file(erase_one);
	memset(&m, 0, sizeof(m));
}

static char last_path[512];

static void note_path(const char *path)
{
	if (!strstr(path, ".sent"))
		snprintf(last_path, sizeof(last_path), "%s", path);
}

/* The path of the one file of lines there is. */
static const char *only_file(void)
{
	CHECK_EQ(each_file(note_path), 1);
	return last_path;
}

static void test_order(void)
{
	struct spool *s;
	struct stat st;

	check_start("order over classes and files");
	erase();
	s = start(MAX);
	CHECK(access(dir, F_OK) < 0); /* not before it is needed */
	for (uint64_t i = 1; i <= 30000; i += 10)
		CHECK(put(s, i, 10, (double)(i / 10 % 17) / 2) == 0);
	CHECK(stat(dir, &st) == 0 && (st.st_mode & 07777) == 0700);
	each_file(note_path);
	CHECK(stat(last_path, &st) == 0 && (st.st_mode & 07777) == 0600);
	CHECK_EQ(spool_count(s), 30000);
	CHECK_EQ(m.lines_spooled, 30000);
	for (uint64_t i = 1; i <= 30000; i++)
		CHECK_EQ(get(s, true), i);
	CHECK_EQ(get(s, true), 0);
	CHECK_EQ(m.lines_spooled, 0);
	CHECK_EQ(each_file(NULL), 0);
	CHECK_EQ(m.spool_full + m.spool_damaged + m.spool_errors, 0);
	spool_free(s);
}

static void test_restart(void)
{
	struct spool *s;

	check_start("restart");
	erase();
	s = start(MAX);
	CHECK(put(s, 1, 100, 0) == 0 && put(s, 101, 100, 3) == 0);
	for (uint64_t i = 1; i <= 50; i++)
		CHECK_EQ(get(s, true), i);
	CHECK_EQ(get(s, false), 51); /* taken, but not yet sent */
	spool_free(s);
	memset(&m, 0, sizeof(m));
	s = start(MAX);
	CHECK_EQ(m.lines_restored, 150);
	CHECK_EQ(spool_count(s), 150);
	CHECK(put(s, 201, 100, 1) == 0);
	for (uint64_t i = 51; i <= 300; i++)
		CHECK_EQ(get(s, true), i);
	CHECK_EQ(get(s, true), 0);
	spool_free(s);
	s = start(MAX);
	CHECK_EQ(spool_count(s), 0);
	CHECK_EQ(m.spool_torn, 0);
	spool_free(s);
}

/* What a process does until it dies without a word. */
static void live_and_die(uint32_t seed, uint32_t steps, uint64_t *put_to,
	uint64_t *sent_to, bool is_real)
{
	static struct spool *s; /* not lost, when it dies */
	uint64_t n = *put_to - *sent_to;

	s = is_real ? start(MAX) : NULL;
	dice_state = seed;
	while (steps--) {
		uint32_t k = dice(50) + 1;

		if (dice(3)) {
			if (s && put(s, *put_to + 1, k, dice(16) / 2.0) < 0)
				_exit(1);
			if (!s)
				(void)dice(16);
			*put_to += k;
			n += k;
			continue;
		}
		for (k *= 2; k && n; k--, n--) {
			++*sent_to;
			if (s && get(s, true) != *sent_to)
				_exit(2);
		}
	}
	if (is_real)
		raise(SIGKILL);
}

static void test_unsure(void)
{
	static const struct {
		const char *name;
		uint64_t begun, sent;
		uint64_t first,
			unsure; /* the next line, and how many of them */
	} rows[] = {
		{ "nothing was to be sent", 0, 0, 1, 0 },
		{ "some were to be sent", 7, 0, 1, 7 },
		{ "some were sent", 7, 7, 8, 0 },
		{ "some were not sent after all", 0, 7, 8, 0 },
	};
	struct spool_line line;
	struct spool *s;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t n = 0;

		check_start("unsure: %s", rows[i].name);
		erase();
		s = start(MAX);
		CHECK(put(s, 1, 20, 0) == 0);
		for (uint64_t j = 0; j < 7; j++)
			CHECK_EQ(get(s, false), j + 1);
		spool_begin(s, 7);
		if (rows[i].sent)
			spool_sent(s, rows[i].sent);
		spool_begin(s, rows[i].begun);
		spool_free(s);
		s = start(MAX);
		CHECK(spool_peek(s, &line));
		CHECK_EQ(strtoull(line.text, NULL, 10), rows[i].first);
		for (; spool_peek(s, &line) && line.is_unsure; n++)
			spool_take(s);
		CHECK_EQ(n, rows[i].unsure);
		spool_free(s);
	}
}

static void test_killed(void)
{
	uint64_t put_to = 0, sent_to = 0;
	uint32_t n_lives;
	struct spool *s;
	int status = -1;

	check_start("processes that die one after the other");
	erase();
	n_lives = check_fewer(200, 20);
	for (uint32_t life = 1; life <= n_lives; life++) {
		uint32_t steps = dice(40);
		uint32_t seed = dice(1u << 20);
		pid_t pid = fork();

		if (pid == 0)
			live_and_die(seed, steps, &put_to, &sent_to, true);
		CHECK(waitpid(pid, &status, 0) == pid);
		CHECK_EQ(status, SIGKILL);
		live_and_die(seed, steps, &put_to, &sent_to, false);
		dice_state = life * 7919;
	}
	s = start(MAX);
	CHECK_EQ(m.lines_restored, put_to - sent_to);
	while (sent_to < put_to)
		CHECK_EQ(get(s, true), ++sent_to);
	CHECK_EQ(get(s, true), 0);
	CHECK_EQ(m.spool_torn, 0);
	spool_free(s);
}

static size_t slurp(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, buf, size);

	close(fd);
	return n > 0 ? (size_t)n : 0;
}

static void spit(const char *path, const char *buf, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(write(fd, buf, len) == (ssize_t)len);
	close(fd);
}

/* Loads what is there, and reads all of it: 1, 2, 3 and so on. */
static uint64_t read_all(void)
{
	struct spool *s;
	uint64_t n = 0, number;

	memset(&m, 0, sizeof(m));
	s = start(MAX);
	while ((number = get(s, true)))
		CHECK_EQ(number, ++n);
	CHECK_EQ(m.lines_restored, n + m.spool_damaged);
	CHECK_EQ(each_file(NULL), 0);
	spool_free(s);
	return n;
}

static void test_torn(void)
{
	const size_t record = SPOOL_RECORD_LEN + LINE;
	char buf[4096], path[512];
	struct spool *s;
	size_t len;

	check_start("a file cut at any length");
	erase();
	s = start(MAX);
	CHECK(put(s, 1, 5, 0) == 0);
	spool_free(s);
	snprintf(path, sizeof(path), "%s", only_file());
	len = slurp(path, buf, sizeof(buf));
	CHECK_EQ(len, SPOOL_HEADER_LEN + 5 * record + SPOOL_RECORD_LEN);
	for (size_t cut = 0; cut <= len; cut++) {
		size_t whole = cut < SPOOL_HEADER_LEN
				       ? 0
				       : (cut - SPOOL_HEADER_LEN) / record;

		erase();
		spit(path, buf, cut);
		CHECK_EQ(read_all(), whole > 5 ? 5 : whole);
		CHECK_EQ(m.spool_torn,
			cut < SPOOL_HEADER_LEN ||
				(cut < len &&
					(cut - SPOOL_HEADER_LEN) % record));
	}
	check_start("a file with any byte turned");
	for (size_t at = 0; at < len; at++) {
		size_t whole = at < SPOOL_HEADER_LEN
				       ? 0
				       : (at - SPOOL_HEADER_LEN) / record;

		erase();
		buf[at] ^= 0x40;
		spit(path, buf, len);
		buf[at] ^= 0x40;
		CHECK_EQ(read_all(), whole);
		CHECK_EQ(m.spool_torn, 1);
	}
}

/* Between loading and reading. */
static void test_damaged(void)
{
	char buf[65536], path[512];
	struct spool *s;
	size_t len;

	check_start("damage while it runs");
	erase();
	s = start(MAX);
	CHECK(put(s, 1, 300, 0) == 0 && put(s, 301, 10, 1) == 0);
	spool_free(s);
	memset(&m, 0, sizeof(m));
	s = start(MAX);
	CHECK(each_file(note_path) == 2);
	snprintf(path, sizeof(path), "%s/json-1-0-%016x", dir, 1);
	len = slurp(path, buf, sizeof(buf));
	buf[SPOOL_HEADER_LEN + 20 * (SPOOL_RECORD_LEN + LINE) + 50] ^= 1;
	spit(path, buf, len);
	for (uint64_t i = 1; i <= 20; i++)
		CHECK_EQ(get(s, true), i);
	CHECK_EQ(get(s, true), 301);
	CHECK_EQ(m.spool_damaged, 280);
	for (uint64_t i = 302; i <= 310; i++)
		CHECK_EQ(get(s, true), i);
	CHECK_EQ(get(s, true), 0);
	CHECK_EQ(m.lines_spooled, 0);
	spool_free(s);

	check_start("files that go while it runs");
	erase();
	s = start(MAX);
	CHECK(put(s, 1, 100, 0) == 0);
	each_file(erase_one);
	CHECK_EQ(get(s, true), 0);
	CHECK_EQ(m.spool_damaged, 100);
	CHECK_EQ(m.lines_spooled, 0);
	CHECK(put(s, 101, 1, 0) == 0);
	CHECK_EQ(get(s, true), 101);
	spool_free(s);
}

/* Lines of the size that a file holds, when there are to be 64 files of 1 MiB
 * and none under 64 KiB. */
#define FILE_LINES ((64u << 10) / (SPOOL_RECORD_LEN + LINE))
#define FULL_LINES ((1u << 20) / (SPOOL_RECORD_LEN + LINE))

static void test_full(void)
{
	const double scores[] = { 0, 0, 0, 0.5, 0, 0, 3, 0, 1, 0, 0.5, 8 };
	const size_t kinds = sizeof(scores) / sizeof(scores[0]);
	uint64_t kept[QUEUE_CLASSES] = { 0 }, n = 0, number;
	struct spool *s;

	check_start("full: the lowest go, counted");
	erase();
	s = start(1u << 20);
	for (uint64_t i = 0; i < 60000; i += 20)
		CHECK(put(s, i + 1, 20, scores[i / 20 % kinds]) == 0);
	CHECK_EQ(spool_count(s) + m.spool_full, 60000);
	CHECK_EQ(m.lines_spooled, spool_count(s));
	while ((number = get(s, true))) {
		CHECK(number > n);
		n = number;
		kept[queue_class(scores[(number - 1) / 20 % kinds])]++;
	}
	/* All of the best, and of the second best what there is room for. */
	CHECK_EQ(kept[15], 5000);
	CHECK(kept[6] > FULL_LINES - 5000 - 2 * FILE_LINES);
	CHECK(kept[0] + kept[1] + kept[2] <= FILE_LINES);
	CHECK(60000 - m.spool_full > FULL_LINES - FILE_LINES - 60);
	CHECK_EQ(m.lines_spooled, 0);

	check_start("full of one kind: the oldest go");
	m.spool_full = 0;
	CHECK(put(s, 1, 20000, 2) == 0);
	CHECK_EQ(spool_count(s) + m.spool_full, 20000);
	CHECK(spool_count(s) > FULL_LINES - FILE_LINES - 60);
	n = m.spool_full;
	/* What is worth less gets the room that is left, and no more. */
	CHECK(put(s, 20001, 2 * FILE_LINES, 1) == 0);
	CHECK(m.spool_full > n + FILE_LINES - 60);
	CHECK_EQ(get(s, true), n + 1);
	spool_free(s);
}

static void test_locked(void)
{
	struct spool *a, *b;

	check_start("two processes, one spool");
	erase();
	a = start(MAX);
	CHECK(put(a, 1, 10, 0) == 0);
	b = start(MAX);
	CHECK(put(b, 11, 10, 0) < 0);
	CHECK_EQ(spool_count(b), 0);
	CHECK_EQ(get(a, true), 1);
	spool_free(a);
	spool_tick(b, 2000000);
	CHECK_EQ(spool_count(b), 9);
	CHECK_EQ(get(b, true), 2);
	spool_free(b);
}

/* No room is what a file size limit looks like too, but for the number. */
static void test_refused(void)
{
	struct rlimit before, none;
	struct queue_run run;
	struct spool *s;
	struct queue q;

	check_start("a disk without room");
	erase();
	signal(SIGXFSZ, SIG_IGN);
	s = start(MAX);
	CHECK(put(s, 1, 10, 0) == 0);
	CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
	none = before;
	none.rlim_cur = 2000; /* in the midst of a record to come */
	CHECK(setrlimit(RLIMIT_FSIZE, &none) == 0);
	CHECK(put(s, 11, 10, 0) < 0);
	CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
	CHECK_EQ(m.spool_errors, 1);
	CHECK_EQ(spool_count(s), 10);
	CHECK(put(s, 11, 10, 0) < 0); /* not yet again */
	CHECK_EQ(m.spool_errors, 1);
	queue_init(&q);
	fill(&q, 11, 10, 0);
	queue_peek(&q, &run);
	CHECK_EQ(spool_put(s, &run, 1001000), 10);
	queue_fini(&q);
	for (uint64_t i = 1; i <= 20; i++)
		CHECK_EQ(get(s, true), i);
	CHECK_EQ(get(s, true), 0);
	spool_free(s);
	s = start(MAX);
	CHECK_EQ(m.spool_torn, 0);
	spool_free(s);
}

/* --- what somebody else put there ----------------------------------------- */

static void make_symlink(const char *path)
{
	CHECK(symlink("/etc/passwd", path) == 0);
}

static void make_dangling(const char *path)
{
	CHECK(symlink("/tmp/test_spool.not.there", path) == 0);
}

static void make_readable(const char *path)
{
	spit(path, "x", 1);
	CHECK(chmod(path, 0644) == 0);
}

static void make_linked(const char *path)
{
	char other[600];

	spit(path, "x", 1);
	snprintf(other, sizeof(other), "%s.2", path);
	CHECK(link(path, other) == 0);
}

static void make_fifo(const char *path)
{
	CHECK(mkfifo(path, 0600) == 0);
}

static void make_dir(const char *path)
{
	CHECK(mkdir(path, 0700) == 0);
}

static void make_huge(const char *path)
{
	spit(path, "x", 1);
	CHECK(truncate(path, (off_t)1 << 40) == 0);
}

static const struct {
	const char *name;
	void (*make)(const char *path);
} intruders[] = { { "a symbolic link", make_symlink },
	{ "a link to nowhere", make_dangling },
	{ "a file others may read", make_readable },
	{ "a file with two names", make_linked }, { "a fifo", make_fifo },
	{ "a directory", make_dir }, { "a huge file", make_huge } };

static void test_intruders(void)
{
	char path[512];

	for (size_t i = 0; i < sizeof(intruders) / sizeof(intruders[0]); i++) {
		struct spool *s;

		check_start("%s for a file", intruders[i].name);
		erase();
		s = start(MAX);
		CHECK(put(s, 1, 3, 0) == 0);
		spool_free(s);
		/* Whose turn would come. */
		snprintf(path, sizeof(path), "%s/json-1-0-%016x", dir, 4);
		intruders[i].make(path);
		memset(&m, 0, sizeof(m));
		s = start(MAX);
		CHECK_EQ(m.spool_refused, 1);
		CHECK_EQ(m.lines_restored, 3);
		CHECK(put(s, 4, 3, 0) < 0);
		CHECK_EQ(m.spool_errors, 1);
		spool_free(s);

		check_start("%s for the number", intruders[i].name);
		erase();
		snprintf(path, sizeof(path), "%s/json-1.sent", dir);
		intruders[i].make(path);
		s = start(MAX);
		CHECK(put(s, 4, 3, 0) < 0);
		CHECK_EQ(m.spool_errors, 2);
		CHECK_EQ(spool_count(s), 0);
		spool_free(s);
	}
}

static void test_places(void)
{
	char other[80];
	struct spool *s;

	erase();
	CHECK(rmdir(dir) == 0);
	snprintf(other, sizeof(other), "%s/other", top);
	CHECK(mkdir(other, 0700) == 0);

	check_start("a symbolic link for the directory");
	CHECK(symlink(other, dir) == 0);
	s = start(MAX);
	CHECK(put(s, 1, 1, 0) < 0);
	CHECK_EQ(m.spool_errors, 2);
	spool_free(s);
	CHECK(unlink(dir) == 0);

	check_start("a directory that others may write to");
	CHECK(mkdir(dir, 0700) == 0 && chmod(dir, 0770) == 0);
	s = start(MAX);
	CHECK(put(s, 1, 1, 0) < 0);
	spool_free(s);
	CHECK_EQ(each_file(NULL), 0);

	check_start("somebody else's directory");
	if (geteuid() == 0) {
		CHECK(chmod(dir, 0700) == 0 && chown(dir, 1, 1) == 0);
		s = start(MAX);
		CHECK(put(s, 1, 1, 0) < 0);
		spool_free(s);
		CHECK_EQ(each_file(NULL), 0);
	}

	check_start("the directory and the one above are made");
	CHECK(rmdir(dir) == 0 && rmdir(other) == 0);
	snprintf(dir, sizeof(dir), "%s/lib/spool", top);
	s = start(MAX);
	CHECK(put(s, 1, 1, 0) == 0);
	CHECK_EQ(get(s, true), 1);
	spool_free(s);
}

int main(void)
{
	check.module = "spool";
#ifndef __SANITIZE_ADDRESS__
	if (!freopen("/dev/null", "w", stderr))
		return 1;
#endif
	if (!mkdtemp(top))
		return 1;
	snprintf(dir, sizeof(dir), "%s/spool", top);
	test_order();
	test_restart();
	test_unsure();
	test_killed();
	test_torn();
	test_damaged();
	test_full();
	test_locked();
	test_refused();
	test_intruders();
	test_places();
	erase();
	rmdir(dir);
	*strrchr(dir, '/') = '\0';
	rmdir(dir);
	rmdir(top);
	return check_end();
}
