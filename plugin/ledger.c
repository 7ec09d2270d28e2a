// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Events seldom wait for one another, so the log's order is almost that of
 * the positions; it is sorted once, when an engine starts.
 */
#include "ledger.h"

#include <stdlib.h>

/* What an entry says. The less it says the surer it is. */
#define BEGUN   ((uint64_t)1) /* sent, once the log is settled beyond it */
#define UNSURE  ((uint64_t)2)
#define TOLD    ((uint64_t)4) /* had it been in a write, that would be known */
#define SHIFT   3
#define NOTHING UINT64_MAX
/* Entries among which the order of the log and of the input are apart. */
#define OLDEST (LEDGER_MAX / 16)

struct ledger {
	struct ledger_page *page;
	uint64_t begun;
	/* What the page said at the start: sorted, each position once. */
	size_t n_old;
	uint64_t old[LEDGER_MAX];
};

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Sorts what there is; of two entries for one event the surer stays. */
static void sort(struct ledger *l)
{
	size_t kept = 0;

	qsort(l->old, l->n_old, sizeof(l->old[0]), compare);
	for (size_t i = 0; i < l->n_old; i++) {
		uint64_t entry = l->old[i];

		if (entry == NOTHING)
			break;
		if (!kept || l->old[kept - 1] >> SHIFT != entry >> SHIFT)
			l->old[kept++] = entry;
	}
	l->n_old = kept;
}

/* The entry of that event, NULL if there is none. */
static const uint64_t *find(const struct ledger *l, uint64_t input_pos)
{
	size_t low = 0, high = l->n_old;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->old[middle] >> SHIFT < input_pos)
			low = middle + 1;
		else
			high = middle;
	}
	return low < l->n_old && l->old[low] >> SHIFT == input_pos
		       ? &l->old[low]
		       : NULL;
}

static bool was_flying(const struct ledger_page *page, uint64_t input_pos)
{
	uint64_t n = atomic_load(&page->n_flight);

	if (n > LEDGER_FLIGHT_MAX)
		return true;
	for (uint64_t i = 0; i < n; i++)
		if (page->flight[i] == input_pos)
			return true;
	return false;
}

/* What had begun and was not settled is doubtful from now on, or had not been
 * sent at all. */
static void doubt(struct ledger *l, uint64_t done, uint64_t begun)
{
	for (uint64_t i = done; i < begun; i++) {
		uint64_t *entry = &l->page->log[i % LEDGER_MAX];
		const uint64_t *known = find(l, *entry >> SHIFT);

		if (!(*entry & BEGUN) || *entry & UNSURE ||
			(known && !(*known & BEGUN)))
			continue;
		if (*entry & TOLD && !was_flying(l->page, *entry >> SHIFT))
			*entry = NOTHING;
		else
			*entry |= UNSURE;
	}
}

static void copy(struct ledger *l, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		l->old[i] = l->page->log[i];
	l->n_old = (size_t)n;
	sort(l);
}

/* Events whose entries were overwritten had come in up to about there: not much
 * later than those of the oldest that are left. */
static void find_floor(struct ledger_page *page, uint64_t begun)
{
	if (begun <= LEDGER_MAX)
		return;
	for (uint64_t i = begun - LEDGER_MAX; i < begun - LEDGER_MAX + OLDEST;
		i++) {
		uint64_t entry = page->log[i % LEDGER_MAX];

		if (entry >> SHIFT > page->floor)
			page->floor = entry >> SHIFT;
	}
}

/* What is still of use begins the log anew, so that engine after engine does
 * not fill it with the same events. */
static void compact(struct ledger *l, uint64_t from)
{
	struct ledger_page *page = l->page;
	size_t kept = 0;

	atomic_store(&page->is_torn, 1);
	for (size_t i = 0; i < l->n_old; i++)
		if (l->old[i] >> SHIFT >= from)
			l->old[kept++] = l->old[i];
	for (size_t i = 0; i < kept; i++)
		page->log[i] = l->old[i];
	l->n_old = kept;
	l->begun = kept;
	atomic_store(&page->begun, kept);
	atomic_store(&page->done, kept);
	atomic_store(&page->n_flight, 0);
	atomic_store(&page->is_torn, 0);
}

static void load(struct ledger *l, uint64_t from)
{
	struct ledger_page *page = l->page;
	uint64_t begun = atomic_load(&page->begun);
	uint64_t done = atomic_load(&page->done);
	uint64_t n = begun < LEDGER_MAX ? begun : LEDGER_MAX;

	if (done > begun || begun - done > n)
		done = begun - n;
	if (atomic_load(&page->is_torn))
		page->floor = UINT64_MAX;
	find_floor(page, begun);
	copy(l, n);
	doubt(l, done, begun);
	copy(l, n);
	compact(l, from);
}

struct ledger *ledger_new(struct ledger_page *page, uint64_t from)
{
	struct ledger *l = malloc(sizeof(*l));

	if (!l)
		return NULL;
	l->page = page;
	load(l, from);
	return l;
}

void ledger_free(struct ledger *l)
{
	free(l);
}

enum ledger_fate ledger_find(const struct ledger *l, uint64_t input_pos)
{
	const uint64_t *entry = find(l, input_pos);

	if (entry)
		return *entry & UNSURE ? LEDGER_UNSURE : LEDGER_DONE;
	return input_pos < l->page->floor ? LEDGER_UNSURE : LEDGER_NEW;
}

static void add(struct ledger *l, uint64_t entry)
{
	l->page->log[l->begun % LEDGER_MAX] = entry;
	l->begun++;
	atomic_store_explicit(&l->page->begun, l->begun, memory_order_release);
}

void ledger_begin(struct ledger *l, uint64_t input_pos, bool is_told)
{
	add(l, input_pos << SHIFT | BEGUN | (is_told ? TOLD : 0));
	atomic_store_explicit(&l->page->n_sent,
		atomic_load_explicit(&l->page->n_sent, memory_order_relaxed) +
			1,
		memory_order_release);
}

void ledger_send(struct ledger *l, uint64_t input_pos, size_t i)
{
	if (i < LEDGER_FLIGHT_MAX)
		l->page->flight[i] = input_pos;
	atomic_store_explicit(&l->page->n_flight, i + 1, memory_order_release);
}

void ledger_done(struct ledger *l, uint64_t input_pos)
{
	add(l, input_pos << SHIFT);
}

void ledger_settle(struct ledger *l)
{
	atomic_store_explicit(&l->page->done, l->begun, memory_order_release);
}

void ledger_forget(struct ledger *l, uint64_t input_pos)
{
	if (input_pos > l->page->floor)
		l->page->floor = input_pos;
}
