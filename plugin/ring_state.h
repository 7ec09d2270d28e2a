// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef RING_STATE_H
#define RING_STATE_H

/*
 * Memory: front's page, engine's pages, the bytes. Engine maps all of it to
 * read, and its own part once more to write. For ring's own files.
 */

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger.h"
#include "metrics.h"
#include "repeat_page.h"
#include "ring.h"

#define MAGIC  0x68756e7472696e67u /* "huntring" */
#define LAYOUT 4u
/* The largest page there is. */
#define PAGE 65536

struct head {
	uint64_t magic;
	uint32_t version, metrics_len;
	uint64_t size;
	int64_t front; /* its pid */
	_Atomic uint64_t write;
	/* After skip_from comes skip_to. */
	_Atomic uint64_t skip_from, skip_to;
	_Atomic uint32_t is_ended;
	_Atomic uint32_t n_poisons;
	_Atomic uint64_t poisons[RING_POISONS_MAX];
	_Atomic uint64_t counts[RING_N_COUNTS];
};

struct tail {
	_Atomic uint64_t read, commit;
	_Atomic uint64_t beat;
	_Atomic uint64_t moved_ms; /* when commit last did, or had no need to */
	_Atomic uint64_t at;
	_Atomic uint32_t is_asleep;
	uint64_t seqs[RING_SEQS];
	struct metrics metrics, told;
	struct ledger_page ledger;
	struct repeat_page repeats;
};

#define ROUND(n) (((n) + PAGE - 1) / PAGE * PAGE)
#define TAIL_AT  ROUND(sizeof(struct head))
#define DATA_AT  (TAIL_AT + ROUND(sizeof(struct tail)))

struct ring {
	int fd;
	size_t size;
	struct head *head;
	struct tail *tail;
	char *data;
	void *writable; /* engine's second mapping */
	/* The own side's positions: those in the memory are copies. */
	uint64_t write, read, commit;
	uint64_t skip_from, skip_to;
	uint64_t heir_to; /* how far the engine before had read */
	size_t touched; /* bytes of data that have memory behind them */
	uint64_t poisons[RING_POISONS_MAX];
};

static inline uint64_t ring_load(const _Atomic uint64_t *from)
{
	return atomic_load_explicit(from, memory_order_acquire);
}

static inline void ring_store(_Atomic uint64_t *to, uint64_t v)
{
	atomic_store_explicit(to, v, memory_order_release);
}

#endif
