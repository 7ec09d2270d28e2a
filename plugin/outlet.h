// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef OUTLET_H
#define OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"
#include "queue.h"
#include "sink.h"

struct config;
struct metrics;

/*
 * One output on its way out: lines wait here in order and leave as fast as
 * their destination takes them, which is never waited for. One that went away
 * is tried again after 100 ms, then 200 ms, and so on up to once a second.
 * Lines that have waited for a second, or become many, go to the spool, and
 * leave from there ahead of those in memory.
 */
struct outlet {
	const struct output_conf *conf;
	struct metrics *metrics;
	/* Asks for one outlet_flush when fd can be written to, or no longer. */
	void (*watch)(void *arg, int fd, bool is_on);
	/* A line from that input_pos is the i-th of the next write, to where it
	 * goes or to disk; and has gone there. NULL: nobody asks. */
	void (*sending)(void *arg, uint64_t pos, size_t i);
	void (*sent)(void *arg, uint64_t pos);
	void *arg;
	size_t line_max; /* may be less than the configured one */
	uint64_t seq; /* of the next line */

	struct sink sink;
	struct queue queue;
	struct str *line; /* being written, from the length from on */
	size_t from;
	size_t queue_max;
	struct spool *spool; /* NULL: there is none */
	/* Lines that come first: they are from the spool, or a stream has taken
	 * a part of them. */
	struct outlet_flight {
		struct str text;
		size_t at; /* bytes that went */
		uint64_t n; /* lines */
		uint64_t pos; /* of the one from the queue */
		uint64_t order; /* of the last one from the spool; 0: none is */
	} flight;
	int64_t now_ms, retry_ms;
	int64_t since_ms; /* when the queue was last empty */
	int64_t seen_ms; /* when the destination itself was last there */
	int64_t moved_ms; /* when it last took anything */
	unsigned int patience_ms; /* before the fallback will do */
	unsigned int pause_ms; /* until the next try but one */
	bool is_dead; /* standard output was closed */
	bool is_watched;
	bool is_paused; /* till retry_ms, though open */
	bool is_busy; /* more would have gone */
	struct log_limit limit;
};

/* watch, sending, sent and arg are the caller's to fill in. cf lives as long as
 * o. */
void outlet_init(
	struct outlet *o, const struct config *cf, size_t i, struct metrics *m);
/* What still waits goes to the spool, or counts as dropped. */
void outlet_fini(struct outlet *o);
/* The same output under another configuration. */
void outlet_reload(struct outlet *o, const struct config *cf, size_t i);

/* Where to add the next line, without its newline; then comes outlet_end. NULL
 * when out of memory: the line is counted as dropped. */
struct str *outlet_begin(struct outlet *o) __attribute__((warn_unused_result));
/* Counts the line, of which about says all but its length, and sends what can
 * go. -1: it was alone, and too long for
 * the socket; line_max is lower now, and it is to be written anew. */
int outlet_end(struct outlet *o, const struct queue_line *about)
	__attribute__((warn_unused_result));

/* Sends what waits, as far as it goes. now_ms never steps. */
void outlet_flush(struct outlet *o, int64_t now_ms);
/* Puts what waits into the spool, where there is one. */
void outlet_spill(struct outlet *o);
/* In how many ms outlet_flush is due, should the watched descriptor say
 * nothing sooner; -1: nothing waits. */
int outlet_due_ms(const struct outlet *o, int64_t now_ms);
/* The least position of the lines that a crash would lose, UINT64_MAX if none.
 */
uint64_t outlet_pos(const struct outlet *o);

#endif
