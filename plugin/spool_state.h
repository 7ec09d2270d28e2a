// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SPOOL_STATE_H
#define SPOOL_STATE_H

#include "log.h"
#include "metrics.h"
#include "queue.h"
#include "spool.h"
#include "spool_file.h"

/* What the files of the spool share. */

/* Records written at once. */
#define SPOOL_BATCH_LEN (64 * 1024)

struct spool_chain {
	struct spool_segment *first, *last;
	struct spool_segment *open; /* the last one, if it is added to */
	/* What was read of the first one, from the file's offset buf_at on. */
	char *buf;
	uint32_t buf_at, buf_len;
	bool is_read; /* head is the first record not taken */
	struct spool_record head;
};

struct spool {
	struct spool_conf cf;
	struct spool_place place;
	struct spool_chain chains[QUEUE_CLASSES];
	struct spool_segment *taken; /* all of their lines, but not yet sent */
	uint64_t n, bytes, order; /* order: of the last line put */
	uint64_t sent; /* order of the last line that was */
	uint64_t unsure; /* up to this one, a process before may have sent */
	int out; /* of out_of, for adding to it; -1: closed */
	const struct spool_segment *out_of;
	struct str records;
	int64_t retry_ms;
	int pause_ms;
	bool is_in_the_way; /* another process has the spool */
	struct log_limit limit, limit_bad;
};

void spool_complain(struct spool *s, const char *what);
/* Of a file's contents, or of one that is not as we made it. */
void spool_complain_of(
	struct spool *s, const struct spool_segment *g, const char *what);
void spool_append(struct spool_chain *c, struct spool_segment *g);
/* The chain's first file leaves it; whoever asked owns it. */
struct spool_segment *spool_unchain(struct spool *s, struct spool_chain *c);
/* The file goes, and g with it. */
void spool_remove(struct spool *s, struct spool_segment *g);
/* The chain's first file goes, and its lines are counted. */
void spool_drop(struct spool *s, struct spool_chain *c, uint64_t *counter);
/* What an earlier process left. */
int spool_load(struct spool *s) __attribute__((warn_unused_result));

#endif
