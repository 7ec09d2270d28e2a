// SPDX-License-Identifier: GPL-3.0-or-later
#include "ring_state.h"

#include <fcntl.h>

#include "mark.h"

/* A ring that runs empty beyond this goes on at its start ... */
#define REWIND_LEN (1u << 20)
/* ... and gives back this much of what a burst left, each time. */
#define SLICE_LEN (1u << 20)

uint64_t ring_committed(struct ring *r)
{
	uint64_t commit = ring_load(&r->tail->commit);

	if (commit > r->commit && commit <= r->write)
		r->commit = commit;
	return r->commit;
}

/* The first byte still needed, behind a jump that was taken already. */
static uint64_t oldest(struct ring *r)
{
	uint64_t commit = ring_committed(r);

	return commit < r->skip_to ? r->skip_to : commit;
}

/* A slice of what a burst has touched goes back, the rest another time: this
 * must not take long. */
static void give_back(struct ring *r)
{
	if (r->touched <= REWIND_LEN + SLICE_LEN)
		return;
	r->touched -= SLICE_LEN;
	(void)fallocate(r->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		(off_t)(DATA_AT + r->touched), SLICE_LEN);
}

/* Everything is taken: on with the first byte. */
static void rewind_empty(struct ring *r)
{
	uint64_t offset = r->write & (r->size - 1);

	if (offset < REWIND_LEN || ring_committed(r) != r->write)
		return;
	give_back(r);
	r->skip_from = r->write;
	r->skip_to = r->write - offset + r->size;
	r->write = r->skip_to;
	ring_store(&r->head->skip_to, r->skip_to);
	ring_store(&r->head->skip_from, r->skip_from);
}

static void copy_in(struct ring *r, const char *p, size_t n)
{
	size_t at = (size_t)(r->write & (r->size - 1));
	size_t first = n < r->size - at ? n : r->size - at;

	memcpy(r->data + at, p, first);
	memcpy(r->data, p + first, n - first);
	if (first < n)
		r->touched = r->size;
	else if (at + n > r->touched)
		r->touched = at + n;
	r->write += n;
}

static size_t count_lines(const char *p, size_t n)
{
	const char *end = p + n, *nl;
	size_t lines = 0;

	for (; p < end; p = nl + 1) {
		lines++;
		nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl)
			break;
	}
	return lines;
}

size_t ring_put(struct ring *r, const char *lines, size_t n)
{
	size_t fits = n;
	uint64_t room;

	rewind_empty(r);
	room = r->size - (r->write - oldest(r));
	if (n > room) {
		const char *nl = memrchr(lines, '\n', (size_t)room);

		fits = nl ? (size_t)(nl - lines) + 1 : 0;
	}
	copy_in(r, lines, fits);
	ring_store(&r->head->write, r->write);
	ring_count(r, RING_LINES, count_lines(lines, n));
	return fits < n ? count_lines(lines + fits, n - fits) : 0;
}

bool ring_wants_bell(struct ring *r)
{
	atomic_thread_fence(memory_order_seq_cst);
	return atomic_load_explicit(
		       &r->tail->is_asleep, memory_order_relaxed) &&
	       atomic_exchange(&r->tail->is_asleep, 0);
}

void ring_end(struct ring *r)
{
	atomic_store(&r->head->is_ended, 1);
}

void ring_count(struct ring *r, enum ring_count what, uint64_t n)
{
	/* One writer: no need for an atomic addition. */
	ring_store(
		&r->head->counts[what], ring_load(&r->head->counts[what]) + n);
}

bool ring_is_behind(const struct ring *r, uint64_t *beat)
{
	uint64_t read = ring_load(&r->tail->read);

	*beat = ring_load(&r->tail->beat);
	return read != r->write &&
	       !(read == r->skip_from && r->skip_to == r->write);
}

uint64_t ring_begun(const struct ring *r)
{
	return ring_load(&r->tail->ledger.n_sent);
}

uint64_t ring_at(const struct ring *r)
{
	uint64_t at = ring_load(&r->tail->at);

	return at >> 1 <= r->write ? at : MARK_NONE;
}

bool ring_poison(struct ring *r, uint64_t mark)
{
	uint32_t n = atomic_load(&r->head->n_poisons);

	if (n >= RING_POISONS_MAX)
		return false;
	ring_store(&r->head->poisons[n], mark);
	atomic_store(&r->head->n_poisons, n + 1);
	return true;
}
