// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef QUEUE_H
#define QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * Lines in memory, oldest first. They lie end to end in blocks, each with its
 * newline, so that a stream can take many at once. When there must be room,
 * the oldest of the lowest class goes; finding it costs no search.
 */

/* Lines are let go by class of score: 0, up to 0.5, up to 1, ... over 7. */
#define QUEUE_CLASSES 16
/* Of lines that are no events: status and the like, in the highest class. */
#define QUEUE_SCORE_MAX 1000.0

struct queue_line {
	uint64_t pos; /* where in the input it came from */
	float score;
	uint32_t len; /* newline included */
	uint32_t dup_at; /* where it could be marked as sent before; 0: not */
};

/* The oldest lines, as many as lie end to end; borrowed. */
struct queue_run {
	const char *text;
	const struct queue_line *lines;
	size_t n; /* 0: there is none */
	size_t len; /* of all the text */
};

struct queue_block;

struct queue {
	struct queue_block *first, *last, *spare;
	/* No block before it has lines of that class. */
	struct queue_block *lowest[QUEUE_CLASSES];
	uint64_t n_class[QUEUE_CLASSES];
	uint64_t n;
	size_t bytes;
};

unsigned int queue_class(double score);

void queue_init(struct queue *q);
void queue_fini(struct queue *q);
/* Where the next line, newline included, is to be added; then comes queue_add.
 * NULL when out of memory. */
struct str *queue_room(struct queue *q) __attribute__((warn_unused_result));
/* What was added since queue_room is a line, and about says all of it but its
 * length. -1: there was no memory for all of it, and it is gone. */
int queue_add(struct queue *q, const struct queue_line *about)
	__attribute__((warn_unused_result));
/* What was added since queue_room is not to be a line. */
void queue_undo(struct queue *q);
void queue_peek(const struct queue *q, struct queue_run *run);
/* Takes the n oldest lines off, which one run has shown. */
void queue_pop(struct queue *q, size_t n);
/* The lowest class of which there are lines; QUEUE_CLASSES if there are none */
unsigned int queue_lowest(const struct queue *q);
/* Takes the oldest line of the lowest class off. */
void queue_drop(struct queue *q);
/* The least position of all lines, UINT64_MAX without any; may be lower than
 * that, where the line it was of has just gone. */
uint64_t queue_pos(const struct queue *q);

#endif
