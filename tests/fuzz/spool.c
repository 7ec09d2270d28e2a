// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Files of a spool as somebody else left them. The input says what stands in
 * two of them, record by record: whole ones of any order, position and mark,
 * loose bytes, and what the spool notes of what was sent; then what is done
 * with it. Whatever it finds, it counts, and what it gives is a whole record.
 */
#include "spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "log.h"
#include "metrics.h"
#include "queue.h"
#include "spool_file.h"

#define NAME     "json-1"
#define FILE_LEN 4096

static char dir[512];

static void make_dir(void)
{
	const char *tmp = getenv("TMPDIR");

	if (dir[0])
		return;
	snprintf(dir, sizeof(dir), "%s/fuzz-XXXXXX", tmp ? tmp : "/tmp");
	MUST(mkdtemp(dir));
	log_init(LOG_TO_SYSLOG);
}

static void empty_dir(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	MUST(d);
	while ((e = readdir(d)))
		if (e->d_name[0] != '.')
			MUST(unlinkat(dirfd(d), e->d_name, 0) == 0);
	closedir(d);
}

static void write_file(const char *name, struct bytes b)
{
	char path[600];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	MUST(fd >= 0 && write(fd, b.p, b.len) == (ssize_t)b.len);
	close(fd);
}

/* The header, as the spool itself writes it. */
static void make_header(unsigned int class, uint64_t first, char *header)
{
	struct spool_place p = { .name = NAME, .sent = -1 };
	struct spool_segment g = { .class = class, .first = first };
	int fd;

	p.dir = open(dir, O_RDONLY | O_DIRECTORY);
	fd = spool_file_create(&p, &g);
	MUST(fd >= 0 &&
		pread(fd, header, SPOOL_HEADER_LEN, 0) == SPOOL_HEADER_LEN);
	close(fd);
	close(p.dir);
}

static void add_record(struct str *file, struct bytes *in)
{
	unsigned int how = fuzz_byte(in), len = fuzz_byte(in) & 63;
	uint64_t order = fuzz_byte(in);
	size_t from = file->len;
	struct queue_line line = { .pos = order };
	char text[64];

	for (unsigned int i = 0; i < len; i++)
		text[i] = (char)fuzz_byte(in);
	if (how & 1)
		order |= (uint64_t)fuzz_byte(in) << 56;
	if (how & 2) {
		str_add(file, text, len);
		return;
	}
	text[len] = '\n';
	line.len = how & 4 ? len : len + 1;
	line.dup_at = how & 8 ? fuzz_byte(in) : 0;
	spool_record_add(file, &line, text, order);
	if (how & 16)
		file->p[from + fuzz_byte(in) % (file->len - from)] ^= 1;
}

static void make_file(struct bytes *in, unsigned int class, uint64_t first)
{
	unsigned int n = fuzz_byte(in) & 15;
	char header[SPOOL_HEADER_LEN], name[64];
	struct str file;

	str_init(&file, FILE_LEN);
	make_header(class, first, header);
	str_add(&file, header, sizeof(header));
	while (n--)
		add_record(&file, in);
	snprintf(name, sizeof(name), NAME "-%x-%016llx", class,
		(unsigned long long)first);
	write_file(name, str_bytes(&file));
	str_fini(&file);
}

static void check(const struct metrics *m, const struct spool *s, uint64_t put,
	uint64_t taken)
{
	MUST(m->lines_spooled == spool_count(s));
	MUST(m->lines_restored + put ==
		spool_count(s) + taken + m->spool_damaged + m->spool_full);
}

static bool put(struct spool *s)
{
	struct queue_line line = { .len = 4 };
	struct queue_run run = {
		.text = "put\n", .lines = &line, .n = 1, .len = 4
	};

	return spool_put(s, &run, 1000000) == 1;
}

static void use(struct spool *s, const struct metrics *m, struct bytes *in)
{
	uint64_t n_put = 0, n_taken = 0;
	struct spool_line line;

	check(m, s, 0, 0);
	do {
		unsigned int what = fuzz_byte(in);

		if (what & 1 && n_put < 100)
			n_put += put(s);
		if (!spool_peek(s, &line))
			break;
		MUST(line.len > 0 && line.dup_at <= line.len);
		fuzz_touch((struct bytes){ line.text, line.len });
		if (what & 2)
			spool_begin(s, line.order);
		spool_take(s);
		n_taken++;
		if (what & 4)
			spool_sent(s, line.order);
		check(m, s, n_put, n_taken);
	} while (true);
	check(m, s, n_put, n_taken);
	MUST(spool_count(s) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_bytes(data, len);
	struct metrics m = { 0 };
	struct spool_conf cf = {
		.dir = dir, .name = NAME, .max = 1u << 20, .metrics = &m
	};
	unsigned int what = fuzz_byte(&in);
	uint64_t told[3];
	struct spool *s;

	make_dir();
	empty_dir();
	for (int i = 0; i < 2; i++)
		told[i] = fuzz_byte(&in);
	told[2] = ~(told[0] + told[1]) + !(what & 1);
	write_file(NAME ".sent",
		(struct bytes){ (char *)told, what & 2 ? 24 : what >> 4 });
	make_file(&in, 0, 1);
	if (what & 4)
		make_file(&in, 15, fuzz_byte(&in));
	s = spool_new(&cf);
	MUST(s);
	use(s, &m, &in);
	spool_free(s);
	return 0;
}
