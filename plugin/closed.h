// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CLOSED_H
#define CLOSED_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct record;

/* What became of an event whose records have been let go. */
enum fate { FATE_NONE, FATE_TAKEN, FATE_NOT_EXEC };

struct closed {
	int64_t time_ms;
	uint32_t serial;
	uint32_t node; /* hash */
	enum fate fate;
	bool has_eoe; /* its EOE came; another is one too many */
};

/* Events remembered: several times what CPUs and queues can reorder. */
#define CLOSED_MAX 8192

/* The latest of them, each serial in its place. Zero-initialise. */
struct closed_ring {
	struct closed at[CLOSED_MAX];
};

/* NULL: the record's event is not among them. */
struct closed *closed_find(struct closed_ring *ring, const struct record *rec);
void closed_note(struct closed_ring *ring, struct bytes node, int64_t time_ms,
	uint32_t serial, enum fate fate, bool has_eoe);

#endif
