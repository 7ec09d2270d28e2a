// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef REPEAT_PAGE_H
#define REPEAT_PAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct event;

/*
 * What repeat counts, in memory that may outlive the process: whoever comes
 * next tells what was not told. It is read as something that anyone may have
 * written.
 */

/* Commands at once, and beside them lines told that are not yet safe. */
#define REPEAT_OPEN_MAX 3072
#define REPEAT_MAX      4096

/* What is kept of a command for its line; the first one's line has it all. */
enum repeat_text {
	REPEAT_NODE,
	REPEAT_AUSER,
	REPEAT_USER,
	REPEAT_TTY,
	REPEAT_COMM,
	REPEAT_EXE,
	REPEAT_CWD,
	REPEAT_DECODED,
	REPEAT_ARGS, /* a NUL behind each; without an argv: path */
	REPEAT_N_TEXTS
};

#define REPEAT_TEXTS_MAX 1152
#define REPEAT_ABSENT    UINT16_MAX

enum repeat_state { REPEAT_FREE, REPEAT_OPEN, REPEAT_TOLD };

struct repeat_slot {
	_Atomic uint32_t state;
	/* Which of the two holds: a count changes at once or not at all. */
	_Atomic uint32_t tally_at;
	struct repeat_tally {
		uint64_t n;
		uint64_t pos; /* input_pos of the last */
		int64_t last_ms;
		uint32_t last_serial;
	} tallies[2];
	/* Of the first, which was told. */
	int64_t time_ms;
	uint32_t serial;
	uint32_t auid, uid, euid, ses; /* UINT32_MAX: unset */
	uint32_t has_execve;
	uint32_t is_cut; /* not all arguments are there */
	uint64_t outputs, filters;
	double total, intel_points;
	uint16_t lens[REPEAT_N_TEXTS];
	char text[REPEAT_TEXTS_MAX];
};

struct repeat_page {
	/* The slot that was counted in last. */
	_Atomic uint32_t last;
	struct repeat_slot slots[REPEAT_MAX];
};

/* Where the event stood in the input that was counted last; UINT64_MAX if
 * none was. */
uint64_t repeat_page_pos(const struct repeat_page *page);
/* Events counted that nobody began to tell. */
uint64_t repeat_page_open(const struct repeat_page *page);

/* Fills all of a slot but its state. */
void repeat_slot_fill(struct repeat_slot *slot, const struct event *ev);
const struct repeat_tally *repeat_slot_tally(const struct repeat_slot *slot);
/* Tells what a slot holds, if it holds something that can be. */
void repeat_slot_tell(const struct repeat_slot *slot,
	void (*tell)(void *arg, struct event *ev), void *arg, bool is_dup);

#endif
