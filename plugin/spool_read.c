// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "spool_state.h"

#define READ_LEN (SPOOL_BATCH_LEN + SPOOL_RECORD_LEN + SPOOL_LINE_MAX)

static int fill(struct spool *s, struct spool_chain *c)
{
	struct spool_segment *g = c->first;
	uint64_t size;
	ssize_t n;
	int fd;

	if (!c->buf)
		c->buf = malloc(READ_LEN);
	fd = c->buf ? spool_file_open(&s->place, g, O_RDONLY, &size) : -1;
	if (fd < 0)
		return -1;
	n = spool_file_read(fd, c->buf,
		g->len - g->at < READ_LEN ? g->len - g->at : READ_LEN,
		(off_t)g->at);
	close(fd);
	c->buf_at = g->at;
	c->buf_len = n > 0 ? (uint32_t)n : 0;
	return n > 0 ? 0 : -1;
}

static struct bytes unread(const struct spool_chain *c)
{
	uint32_t skip = c->first->at - c->buf_at;

	if (!c->buf || c->buf_len <= skip)
		return (struct bytes){ NULL, 0 };
	return (struct bytes){ c->buf + skip, c->buf_len - skip };
}

/* Whether the chain has a line; files that cannot be read are done with. */
static bool read_head(struct spool *s, struct spool_chain *c)
{
	while (c->first) {
		if (c->is_read || spool_record_read(unread(c), &c->head) ||
			(fill(s, c) == 0 &&
				spool_record_read(unread(c), &c->head))) {
			c->is_read = true;
			return true;
		}
		s->cf.metrics->spool_errors++;
		spool_complain_of(s, c->first, "is damaged or has gone");
		spool_drop(s, c, &s->cf.metrics->spool_damaged);
	}
	return false;
}

static struct spool_chain *oldest(struct spool *s)
{
	struct spool_chain *found = NULL;

	for (unsigned int i = 0; i < QUEUE_CLASSES && s->n; i++) {
		struct spool_chain *c = &s->chains[i];

		if (read_head(s, c) &&
			(!found || c->head.order < found->head.order))
			found = c;
	}
	return found;
}

bool spool_peek(struct spool *s, struct spool_line *line)
{
	struct spool_chain *c = oldest(s);

	if (!c)
		return false;
	*line = (struct spool_line){ .text = unread(c).p + SPOOL_RECORD_LEN,
		.len = c->head.len,
		.dup_at = c->head.dup_at,
		.is_unsure = c->head.order <= s->unsure,
		.order = c->head.order };
	return true;
}

void spool_take(struct spool *s)
{
	struct spool_chain *c = oldest(s);
	struct spool_segment *g;

	if (!c)
		return;
	g = c->first;
	g->at += (uint32_t)SPOOL_RECORD_LEN + c->head.len;
	g->n--;
	s->n--;
	s->cf.metrics->lines_spooled--;
	c->is_read = false;
	if (g->n)
		return;
	spool_unchain(s, c);
	g->next = s->taken;
	s->taken = g;
}

static void note(struct spool *s, uint64_t begun)
{
	if (s->place.sent >= 0 &&
		spool_place_set_sent(&s->place, s->sent, begun) < 0)
		spool_complain(s, "cannot note what was sent");
}

void spool_begin(struct spool *s, uint64_t order)
{
	note(s, order ? order : s->sent);
}

void spool_sent(struct spool *s, uint64_t order)
{
	s->sent = order;
	note(s, order);
	while (s->taken) {
		struct spool_segment *g = s->taken;

		s->taken = g->next;
		spool_remove(s, g);
	}
}
