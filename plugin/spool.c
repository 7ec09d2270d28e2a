// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A chain of files for each class of score. The order of all lines is a number
 * in their records: the next to go is the least of the chains' first ones, and
 * one number in NAME.sent tells which have gone.
 */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "spool_state.h"

/* A file is a part of the whole, so that little goes when one has to, but not
 * so small that many have to be made. */
#define FILE_PART    64
#define FILE_MIN     (64 * 1024)
#define FILE_MAX     (1024 * 1024)
#define RETRY_MIN_MS 1000
#define RETRY_MAX_MS 30000

void spool_complain(struct spool *s, const char *what)
{
	s->cf.metrics->spool_errors++;
	log_warn_limited(&s->limit, "spool %s/%s: %s: %s; lines stay in memory",
		s->cf.dir, s->cf.name, what, strerror(errno));
}

/* Of file contents and of files that are not as we made them. */
void spool_complain_of(
	struct spool *s, const struct spool_segment *g, const char *what)
{
	log_warn_limited(&s->limit_bad, "spool %s/%s-%x-%016" PRIx64 ": %s",
		s->cf.dir, s->cf.name, g->class, g->first, what);
}

static void close_out(struct spool *s)
{
	if (s->out >= 0)
		close(s->out);
	s->out = -1;
	s->out_of = NULL;
}

void spool_remove(struct spool *s, struct spool_segment *g)
{
	if (s->out_of == g)
		close_out(s);
	if (spool_file_remove(&s->place, g) < 0 && errno != ENOENT)
		spool_complain(s, "cannot remove a file");
	s->bytes -= g->len;
	free(g);
}

/* The chain's first file leaves it. */
struct spool_segment *spool_unchain(struct spool *s, struct spool_chain *c)
{
	struct spool_segment *g = c->first;

	s->n -= g->n;
	s->cf.metrics->lines_spooled -= g->n;
	c->first = g->next;
	c->is_read = false;
	c->buf_len = 0;
	if (c->open == g)
		c->open = NULL;
	if (!c->first) {
		c->last = NULL;
		free(c->buf);
		c->buf = NULL;
	}
	return g;
}

void spool_drop(struct spool *s, struct spool_chain *c, uint64_t *counter)
{
	struct spool_segment *g;

	*counter += c->first->n;
	g = spool_unchain(s, c);
	spool_remove(s, g);
}

void spool_append(struct spool_chain *c, struct spool_segment *g)
{
	if (c->last)
		c->last->next = g;
	else
		c->first = g;
	c->last = g;
}

static void fail(struct spool *s, const char *what, int64_t now_ms)
{
	spool_complain(s, what);
	s->retry_ms = now_ms + s->pause_ms;
	s->pause_ms =
		s->pause_ms > RETRY_MAX_MS / 2 ? RETRY_MAX_MS : 2 * s->pause_ms;
}

static int open_place(struct spool *s, bool is_new, int64_t now_ms)
{
	bool is_untrusted = false;

	if (spool_place_open(&s->place, s->cf.dir, is_new, &is_untrusted) < 0) {
		s->is_in_the_way = errno == EAGAIN;
		if (!is_new && errno == ENOENT)
			return -1;
		fail(s,
			is_untrusted
				? "it has to be a directory of our own that "
				  "nobody else may write to"
				: "cannot open it",
			now_ms);
		return -1;
	}
	s->is_in_the_way = false;
	if (spool_load(s) == 0)
		return 0;
	fail(s, "cannot read it", now_ms);
	spool_place_close(&s->place);
	return -1;
}

struct spool *spool_new(const struct spool_conf *cf)
{
	struct spool *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->cf = *cf;
	s->place.dir = s->place.sent = s->out = -1;
	s->pause_ms = RETRY_MIN_MS;
	snprintf(s->place.name, sizeof(s->place.name), "%s", cf->name);
	s->cf.name = s->place.name;
	s->cf.dir = strdup(cf->dir);
	str_init(&s->records, 2 * SPOOL_BATCH_LEN + SPOOL_LINE_MAX);
	if (!s->cf.dir) {
		free(s);
		return NULL;
	}
	(void)!open_place(s, false, 0);
	return s;
}

static void free_list(struct spool_segment *g)
{
	while (g) {
		struct spool_segment *next = g->next;

		free(g);
		g = next;
	}
}

void spool_free(struct spool *s)
{
	if (!s)
		return;
	for (unsigned int i = 0; i < QUEUE_CLASSES; i++) {
		struct spool_segment *g = s->chains[i].open;
		uint64_t size;
		int fd =
			g ? spool_file_open(&s->place, g, O_WRONLY, &size) : -1;

		if (fd >= 0) {
			(void)!spool_file_seal(fd, g);
			close(fd);
		}
		free_list(s->chains[i].first);
		free(s->chains[i].buf);
	}
	free_list(s->taken);
	close_out(s);
	spool_place_close(&s->place);
	str_fini(&s->records);
	free((char *)(uintptr_t)s->cf.dir);
	free(s);
}

void spool_set_max(struct spool *s, size_t max)
{
	s->cf.max = max;
}

uint64_t spool_count(const struct spool *s)
{
	return s->n;
}

/* Lines of one class, as many as one write takes. */
static size_t gather(struct spool *s, const struct queue_run *run)
{
	unsigned int class = queue_class((double)run->lines[0].score);
	const char *text = run->text;
	size_t n = 0;

	str_reset(&s->records);
	while (n < run->n && s->records.len < SPOOL_BATCH_LEN) {
		const struct queue_line *line = &run->lines[n];

		if (queue_class((double)line->score) != class)
			break;
		spool_record_add(&s->records, line, text, s->order + n + 1);
		if (!str_ok(&s->records))
			break;
		text += line->len;
		n++;
	}
	return n;
}

/* Lets go of lines of no higher a class. False: those there are are worth more
 * than what is to come. */
static bool make_room(struct spool *s, unsigned int class, size_t len)
{
	unsigned int lowest = 0;

	while (s->bytes + len > s->cf.max) {
		while (lowest < QUEUE_CLASSES && !s->chains[lowest].first)
			lowest++;
		if (lowest > class)
			return false;
		spool_drop(s, &s->chains[lowest], &s->cf.metrics->spool_full);
	}
	return true;
}

static size_t file_max(const struct spool *s)
{
	size_t max = s->cf.max / FILE_PART;

	return max < FILE_MIN ? FILE_MIN : max > FILE_MAX ? FILE_MAX : max;
}

/* A descriptor to add to the chain's open file with, -1: there is none. */
static int open_out(struct spool *s, struct spool_chain *c)
{
	uint64_t size;

	if (s->out_of != c->open) {
		close_out(s);
		s->out = spool_file_open(&s->place, c->open, O_WRONLY, &size);
		s->out_of = s->out >= 0 ? c->open : NULL;
	}
	return s->out;
}

static struct spool_segment *start_file(
	struct spool *s, struct spool_chain *c, unsigned int class)
{
	struct spool_segment *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	close_out(s);
	g->class = class;
	g->first = s->order + 1;
	s->out = spool_file_create(&s->place, g);
	if (s->out < 0) {
		/* Somebody's file has the name: the next try has another. */
		s->order += errno == EEXIST;
		free(g);
		return NULL;
	}
	s->out_of = g;
	s->bytes += g->len;
	spool_append(c, g);
	c->open = g;
	return g;
}

/* The file that len more bytes go to, open as s->out. */
static struct spool_segment *find_file(
	struct spool *s, unsigned int class, size_t len)
{
	struct spool_chain *c = &s->chains[class];

	if (c->open && open_out(s, c) < 0)
		c->open = NULL;
	if (c->open && c->open->n_all && c->open->len + len > file_max(s)) {
		(void)!spool_file_seal(s->out, c->open);
		c->open = NULL;
	}
	return c->open ? c->open : start_file(s, c, class);
}

static bool is_usable(struct spool *s, int64_t now_ms)
{
	if (now_ms < s->retry_ms || !s->cf.max)
		return false;
	return s->place.dir >= 0 || open_place(s, true, now_ms) == 0;
}

int spool_put(struct spool *s, const struct queue_run *run, int64_t now_ms)
{
	unsigned int class = queue_class((double)run->lines[0].score);
	struct metrics *m = s->cf.metrics;
	struct spool_segment *g;
	size_t n;

	if (!is_usable(s, now_ms))
		return -1;
	n = gather(s, run);
	if (!n)
		return -1;
	if (!make_room(s, class, s->records.len)) {
		m->spool_full += n;
		return (int)n;
	}
	g = find_file(s, class, s->records.len);
	if (!g || spool_file_append(s->out, g, str_bytes(&s->records)) < 0) {
		fail(s, "cannot write", now_ms);
		return -1;
	}
	s->pause_ms = RETRY_MIN_MS;
	s->bytes += s->records.len;
	s->order += n;
	s->n += n;
	g->last = s->order;
	g->n += n;
	g->n_all += (uint32_t)n;
	m->lines_spooled += n;
	return (int)n;
}

void spool_tick(struct spool *s, int64_t now_ms)
{
	if (s->is_in_the_way && s->place.dir < 0 && now_ms >= s->retry_ms)
		(void)!open_place(s, false, now_ms);
}
