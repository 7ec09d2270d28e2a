// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef RING_H
#define RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "str.h"

struct ledger_page;
struct mark;
struct metrics;
struct repeat_page;

/*
 * What front has read and engine has yet to take, in memory that outlives
 * the engine: one writer, one reader, no locks. Front puts whole lines at the
 * end and never waits: what does not fit is dropped by whole lines and counted.
 * Engine reads on from the beginning and commits what it is done with; a new
 * engine starts at what its predecessor committed.
 *
 * Positions count bytes from the start of front and never repeat. Where the
 * ring runs empty front goes on at its first byte, so that a quiet host's ring
 * is as large as its bursts: positions jump there.
 *
 * Neither side believes the other: engine cannot write to what front owns, and
 * what front reads of engine's part, a value that cannot be is as if it had not
 * changed. The memory cannot be made smaller under either of them.
 */
struct ring;

/* 32 MiB: 10,000 execs at 7 records each, or 14 s of 1,000 a second. */
#define RING_SIZE (32u << 20)
/* What ring_get gives at most. */
#define RING_PIECE_MAX (32u << 10)
/* Outputs whose next number is kept. */
#define RING_SEQS 8
/* Marks that a new engine passes over. */
#define RING_POISONS_MAX 8

/* What front counts, for engine to report. */
enum ring_count {
	RING_LINES, /* read from auditd */
	RING_DROPPED_SLOW, /* lines that found the ring full */
	RING_DROPPED_DEAD, /* the same while no engine ran */
	RING_STARTS, /* engines started */
	RING_CRASHES, /* of them, those that ended by themselves */
	RING_STUCK, /* those that front had to kill */
	RING_REFUSED, /* SIGTERMs from other processes than auditd */
	RING_N_COUNTS
};

/* Front's. size is a power of two; NULL: errno says why. */
struct ring *ring_new(size_t size) __attribute__((warn_unused_result));
int ring_fd(const struct ring *r);
/* Takes lines[0..n), which should end in a newline. Returns how many lines did
 * not fit; the first of them fit. */
size_t ring_put(struct ring *r, const char *lines, size_t n);
/* Whether engine sleeps and is to be woken; asking takes the wish away. */
bool ring_wants_bell(struct ring *r);
/* Nothing comes any more. */
void ring_end(struct ring *r);
void ring_count(struct ring *r, enum ring_count what, uint64_t n);
/* Whether engine has still to read some of it; *beat changes with each step
 * it takes. */
bool ring_is_behind(const struct ring *r, uint64_t *beat);
/* How far engine is done, as far as front believes it. */
uint64_t ring_committed(struct ring *r);
/* How many events engines have gone about to send; those that one before had
 * sent do not count. */
uint64_t ring_begun(const struct ring *r);
/* What engine was at (mark.h), MARK_NONE if nothing or nonsense. */
uint64_t ring_at(const struct ring *r);
/* Has the next engine pass over a mark; false when there are too many. */
bool ring_poison(struct ring *r, uint64_t mark);

/* Engine's. Takes the descriptor over; NULL: it is no ring, or errno. */
struct ring *ring_open(int fd) __attribute__((warn_unused_result));
void ring_free(struct ring *r);
/* The next bytes and their position, which stays until ring_advance; empty when
 * there are none now. */
struct bytes ring_get(struct ring *r, uint64_t *pos);
void ring_advance(struct ring *r, size_t n);
/* Before a reading: what is read is held back from now on. now_ms is
 * CLOCK_BOOTTIME's, one that an engine's successor goes on with. */
void ring_touch(struct ring *r, int64_t now_ms);
/* Nothing before pos is needed any more. */
void ring_commit(struct ring *r, uint64_t pos, int64_t now_ms);
/* For how long what has been read was held back and none of it got done, over
 * all engines; 0 when nothing is. */
int64_t ring_held_ms(const struct ring *r, int64_t now_ms);
/* Asks to be woken. False: there is something to read already. */
bool ring_sleep(struct ring *r);
/* Whether everything is read and nothing comes any more. */
bool ring_is_ended(const struct ring *r);
/* Where this engine began. Before anything is committed. */
uint64_t ring_resumed(const struct ring *r);
/* Bytes not yet committed, and those not yet read, of how many there may be. */
uint64_t ring_used(const struct ring *r);
uint64_t ring_unread(const struct ring *r);
uint64_t ring_size(const struct ring *r);
/* Front's pid, though front may be gone. */
pid_t ring_front(const struct ring *r);
uint64_t ring_counted(const struct ring *r, enum ring_count what);
/* Engine's memory that its successor finds again. */
struct metrics *ring_metrics(struct ring *r);
struct metrics *ring_told(struct ring *r); /* as herald.h has it */
uint64_t *ring_seqs(struct ring *r); /* RING_SEQS of them */
struct ledger_page *ring_ledger(struct ring *r);
struct repeat_page *ring_repeats(struct ring *r);
/* Where engine notes what it is at, and what it is to pass over. */
struct mark ring_mark(struct ring *r);

#endif
