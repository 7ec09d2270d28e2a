// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef GATHER_H
#define GATHER_H

#include <stdbool.h>
#include <stdint.h>

#include "call.h"
#include "str.h"

struct metrics;
struct record;

/* Events open at once. CPUs interleave a few; beyond this the oldest closes. */
#define GATHER_OPEN_MAX 64
/* Text of one event, and of all open ones; beyond the first the rest of its
 * records is left out, beyond the second the oldest closes. An exec at the
 * kernel's limit, 6 MiB of argv all in hex, is about 13 MB of records. */
#define GATHER_EVENT_MAX (16u << 20)
#define GATHER_BYTES_MAX (48u << 20)
/* How long to wait for records where only the end is missing, or where the end
 * was there before them ... */
#define GATHER_LINGER_MS 50
/* ... and where the event may still be on its way. */
#define GATHER_AGE_MS 2000

/* The records of one event, ready for libauparse. All runs are valid until
 * take returns. */
struct gathered {
	struct bytes node;
	int64_t time_ms;
	uint32_t serial;
	uint64_t input_pos; /* of the first record */
	unsigned int flaws; /* enum event_flaw, but those about argv */
	/* Lines of "type=EXECVE msg=audit(GATHER_STAMP): BODY". Identity and
	 * time are kept here and not told to libauparse, which would split and
	 * hold back events by them. */
	struct bytes execve;
	/* What the scanner reads itself, for a tenth of what libauparse takes:
	 * the call, which decides whether the event is wanted, and the records
	 * with a field or two that matter, whose bodies these are; PATH's are a
	 * line each. */
	bool has_call;
	struct call call;
	struct bytes cwd, proctitle, paths;
	/* The body of SYSCALL, and what auditd added to it and to the first
	 * PATH record. */
	struct bytes syscall_record, syscall_enriched;
	struct bytes path_enriched;
	/* The body of SOCKADDR, where call.socket is one. */
	struct bytes sockaddr;
};

/* 1.000:1 keeps libauparse's accessors happy, which refuse second 0. */
#define GATHER_STAMP "1.000:1"

/*
 * Records to events: gathers them by (node, time, serial). The kernel's order,
 * other events' records in between and steps of the clock do not matter.
 *
 * An event closes when every record it announces (items=, argc=, aN_len=) has
 * come and PROCTITLE or EOE with them; when that has not happened for
 * GATHER_LINGER_MS or GATHER_AGE_MS; or when another needs its place. Events
 * of other system calls than execve and execveat are dropped and counted, but
 * for calls with a socket's address that are asked for, which close when
 * SOCKADDR and an end are there, and for others that are.
 */
struct gather;

/* A process that forked, or one that ended where child is 0; valid until fork
 * returns. */
struct gathered_fork {
	struct bytes node;
	int64_t time_ms;
	uint32_t serial;
	uint32_t child, pid, ppid;
	struct bytes exe; /* absent where it is too long */
};

struct gather_conf {
	void (*take)(void *arg, const struct gathered *g);
	/* Of other events than execs, which are dropped all the same; may be
	 * NULL. */
	void (*fork)(void *arg, const struct gathered_fork *f);
	void *arg;
	struct metrics *metrics;
};

/* NULL when out of memory. */
struct gather *gather_new(const struct gather_conf *cf)
	__attribute__((warn_unused_result));
void gather_free(struct gather *ga);
/* Which addresses are asked for: bits of 1 << enum saddr_family; none so
 * far. */
void gather_take_network(struct gather *ga, unsigned int families);
/* Which others are: bits of 1 << enum syscalls_watched; none so far. Those that
 * failed, or do nothing that matters, are not. */
void gather_take_calls(struct gather *ga, uint32_t calls);
void gather_record(struct gather *ga, const struct record *rec);
/* Closes what has waited too long. now_ms is any clock that never steps;
 * records taken in since the last call count as having come now. */
void gather_tick(struct gather *ga, int64_t now_ms);
bool gather_has_open(const struct gather *ga);
/* The lowest input_pos of the open events, UINT64_MAX if there is none. */
uint64_t gather_oldest(const struct gather *ga);
/* Closes the event that came in at input_pos, which has waited too long by
 * another's clock. */
void gather_expire(struct gather *ga, uint64_t input_pos);
/* Closes everything, oldest first. */
void gather_flush(struct gather *ga);

#endif
