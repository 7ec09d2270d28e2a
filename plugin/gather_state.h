// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef GATHER_STATE_H
#define GATHER_STATE_H

/* The open events: for gather's own files. */

#include "call.h"
#include "closed.h"
#include "event.h"
#include "gather.h"
#include "record.h"
#include "str.h"
#include "tally.h"

/* What a slot keeps of its records. */
enum gather_text {
	GATHER_NODE,
	GATHER_EXECVE, /* for libauparse */
	GATHER_MARKS, /* of the EXECVE records: a word for each */
	GATHER_CWD,
	GATHER_PROCTITLE,
	GATHER_PATHS,
	GATHER_CALL_RECORD,
	GATHER_CALL_ENRICHED,
	GATHER_PATH_ENRICHED,
	GATHER_SOCKADDR,
	GATHER_TEXTS_N
};

struct gather_slot {
	bool is_open;
	uint64_t order; /* of opening */
	int64_t touched_ms;
	bool is_touched; /* since the last tick */
	int64_t time_ms;
	uint32_t serial;
	uint64_t input_pos;

	unsigned int count[RECORD_PARTS];
	struct call call;
	uint64_t items_seen; /* bit set, as far as 64 */
	bool is_over; /* some record did not fit */
	struct tally argv;
	struct str texts[GATHER_TEXTS_N];
};

struct gather {
	struct gather_conf cf;
	uint64_t n_opened;
	unsigned int n_open;
	size_t bytes;
	uint32_t calls; /* 1 << enum syscalls_watched: taken, too */
	unsigned int families; /* 1 << enum saddr_family: of calls taken */
	struct gather_slot *last;
	struct gather_slot slots[GATHER_OPEN_MAX];
	struct closed_ring closed;
};

#endif
