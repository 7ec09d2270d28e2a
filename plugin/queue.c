// SPDX-License-Identifier: GPL-3.0-or-later
#include "queue.h"

#include <stdbool.h>
#include <stdlib.h>

/* Streams and files are written to in pieces of about this size. */
#define BLOCK_LEN (64 * 1024)
/* A line takes more while it is written than when it is cut to its limit. */
#define BLOCK_MAX (64u << 20)
/* Of an empty block's memory; a line may have needed more. */
#define KEEP_BYTES  (256 * 1024)
#define LINES_FIRST 64

struct queue_block {
	struct queue_block *next, *prev;
	struct str text;
	size_t head; /* of text: what is before it has gone */
	size_t end; /* of the lines; behind it one may be being written */
	struct queue_line *lines;
	size_t at, n, size; /* at: lines that have gone, of n */
	uint64_t pos; /* the least that a line came with */
	uint32_t n_class[QUEUE_CLASSES];
};

unsigned int queue_class(double score)
{
	unsigned int steps;

	if (score >= (QUEUE_CLASSES - 1) / 2.0)
		return QUEUE_CLASSES - 1;
	steps = score > 0 ? (unsigned int)(score * 2) : 0;
	return score * 2 > steps ? steps + 1 : steps;
}

void queue_init(struct queue *q)
{
	*q = (struct queue){ 0 };
}

static void block_free(struct queue_block *b)
{
	if (!b)
		return;
	str_fini(&b->text);
	free(b->lines);
	free(b);
}

void queue_fini(struct queue *q)
{
	while (q->first) {
		struct queue_block *next = q->first->next;

		block_free(q->first);
		q->first = next;
	}
	block_free(q->spare);
	queue_init(q);
}

static void block_reset(struct queue_block *b)
{
	struct queue_line *lines = b->lines;
	struct str text = b->text;
	size_t size = b->size;

	str_shrink(&text, KEEP_BYTES);
	*b = (struct queue_block){
		.text = text, .lines = lines, .size = size, .pos = UINT64_MAX
	};
}

static struct queue_block *add_block(struct queue *q)
{
	struct queue_block *b = q->spare;

	q->spare = NULL;
	if (!b) {
		b = calloc(1, sizeof(*b));
		if (!b)
			return NULL;
		str_init(&b->text, BLOCK_MAX);
		b->pos = UINT64_MAX;
	}
	if (q->last) {
		str_fit(&q->last->text);
		q->last->next = b;
		b->prev = q->last;
	} else {
		q->first = b;
	}
	q->last = b;
	return b;
}

struct str *queue_room(struct queue *q)
{
	struct queue_block *b = q->last;
	struct queue_line *lines;
	size_t size;

	if (!b || b->end >= BLOCK_LEN)
		b = add_block(q);
	if (!b)
		return NULL;
	if (b->n == b->size) {
		size = b->size ? 2 * b->size : LINES_FIRST;
		lines = realloc(b->lines, size * sizeof(*lines));
		if (!lines)
			return NULL;
		b->lines = lines;
		b->size = size;
	}
	return &b->text;
}

void queue_undo(struct queue *q)
{
	struct queue_block *b = q->last;

	str_cut(&b->text, b->end);
	b->text.is_short = false;
}

int queue_add(struct queue *q, const struct queue_line *about)
{
	struct queue_block *b = q->last;
	size_t len = b->text.len - b->end;
	unsigned int class = queue_class((double)about->score);

	if (!str_ok(&b->text) || len == 0 || len > UINT32_MAX) {
		queue_undo(q);
		return -1;
	}
	b->lines[b->n] = *about;
	b->lines[b->n++].len = (uint32_t)len;
	b->end = b->text.len;
	b->n_class[class]++;
	if (about->pos < b->pos)
		b->pos = about->pos;
	if (q->n_class[class]++ == 0)
		q->lowest[class] = b;
	q->n++;
	q->bytes += len;
	return 0;
}

void queue_peek(const struct queue *q, struct queue_run *run)
{
	const struct queue_block *b = q->first;

	*run = (struct queue_run){ 0 };
	if (!q->n)
		return;
	*run = (struct queue_run){ .text = b->text.p + b->head,
		.lines = b->lines + b->at,
		.n = b->n - b->at,
		.len = b->end - b->head };
}

/* The last block stays, for the next line. */
static void drop_empty(struct queue *q, struct queue_block *b)
{
	if (b->at < b->n)
		return;
	if (b == q->last) {
		struct queue_block *prev = b->prev;

		block_reset(b);
		b->prev = prev;
		return;
	}
	for (unsigned int c = 0; c < QUEUE_CLASSES; c++)
		if (q->lowest[c] == b)
			q->lowest[c] = b->next;
	b->next->prev = b->prev;
	if (b->prev)
		b->prev->next = b->next;
	else
		q->first = b->next;
	block_reset(b);
	block_free(q->spare);
	q->spare = b;
}

static void forget(struct queue *q, struct queue_block *b, size_t i)
{
	unsigned int class = queue_class((double)b->lines[i].score);

	b->n_class[class]--;
	q->n_class[class]--;
	q->n--;
	q->bytes -= b->lines[i].len;
}

void queue_pop(struct queue *q, size_t n)
{
	struct queue_block *b = q->first;

	while (b && n && b->at < b->n) {
		forget(q, b, b->at);
		b->head += b->lines[b->at++].len;
		n--;
	}
	if (b)
		drop_empty(q, b);
}

unsigned int queue_lowest(const struct queue *q)
{
	unsigned int class = 0;

	while (class < QUEUE_CLASSES && !q->n_class[class])
		class ++;
	return class;
}

/* The few lines that high scores leave of a block must not hold all of its
 * memory. */
static void give_back(struct queue_block *b)
{
	size_t len = b->end - b->head, n = b->n - b->at;
	struct queue_line *lines;

	if (b->text.size / 2 > len) {
		memmove(b->text.p, b->text.p + b->head, len);
		b->head = 0;
		b->end = len;
		str_cut(&b->text, len);
		str_fit(&b->text);
	}
	if (b->size / 2 <= n || b->size <= LINES_FIRST)
		return;
	memmove(b->lines, b->lines + b->at, n * sizeof(*lines));
	b->at = 0;
	b->n = n;
	lines = realloc(b->lines, (n + 1) * sizeof(*lines));
	if (!lines)
		return;
	b->lines = lines;
	b->size = n + 1;
}

static void take_out(struct queue_block *b, size_t i, size_t at)
{
	size_t len = b->lines[i].len;

	if (i == b->at) {
		b->head += len;
		b->at++;
		return;
	}
	memmove(b->text.p + at, b->text.p + at + len, b->end - at - len);
	memmove(b->lines + i, b->lines + i + 1,
		(b->n - i - 1) * sizeof(*b->lines));
	b->n--;
	b->end -= len;
	str_cut(&b->text, b->end);
}

void queue_drop(struct queue *q)
{
	unsigned int class = queue_lowest(q);
	struct queue_block *b;
	size_t i, at;

	if (class == QUEUE_CLASSES)
		return;
	b = q->lowest[class];
	while (!b->n_class[class])
		b = b->next;
	q->lowest[class] = b;
	i = b->at;
	at = b->head;
	while (queue_class((double)b->lines[i].score) != class)
		at += b->lines[i++].len;
	forget(q, b, i);
	take_out(b, i, at);
	if (b != q->last)
		give_back(b);
	drop_empty(q, b);
}

uint64_t queue_pos(const struct queue *q)
{
	uint64_t pos = UINT64_MAX;

	for (const struct queue_block *b = q->first; b; b = b->next)
		if (b->pos < pos)
			pos = b->pos;
	return pos;
}
