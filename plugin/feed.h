// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FEED_H
#define FEED_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct mark;
struct metrics;
struct record;

/* The kernel cuts a record at 8,970 bytes; a node name may come before it. */
#define FEED_LINE_MAX 16384
/* Hosts whose serials are followed; the stream of one host holds one. */
#define FEED_NODES_MAX 64

/*
 * Bytes to records: cuts the stream into lines whatever way it is chunked,
 * follows the serials of all of them, and hands on the records that process
 * events are made of. The rest is counted and never reaches libauparse.
 */
struct feed;

struct feed_conf {
	/* Takes one record, valid until it returns. */
	void (*take)(void *arg, const struct record *rec);
	void *arg;
	struct metrics *metrics;
	const struct mark *mark; /* where each line is noted; NULL: nowhere */
};

/* NULL when out of memory. */
struct feed *feed_new(const struct feed_conf *cf)
	__attribute__((warn_unused_result));
void feed_free(struct feed *f);
/* Reads fd once. Returns what read(2) returned, with errno. */
ssize_t feed_read(struct feed *f, int fd) __attribute__((warn_unused_result));
void feed_push(struct feed *f, const char *p, size_t n);
/* What comes next stands at pos in the input, between two lines. Without this
 * the first byte is 0 and positions count bytes. */
void feed_seek(struct feed *f, uint64_t pos);
/* Where the first line that has not been taken begins. */
uint64_t feed_pos(const struct feed *f);
/* The end of a stream: a last line without a newline counts as one. */
void feed_end(struct feed *f);
/* Serials that never came, over all nodes. */
uint64_t feed_missing(const struct feed *f);

#endif
