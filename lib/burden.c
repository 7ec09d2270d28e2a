// SPDX-License-Identifier: GPL-3.0-or-later
#include "burden.h"

#include "event.h"

/* More halves than this leave nothing. */
#define HALVES_MAX 63

/* The user's entry, or else that with the least. */
static struct burden_user *find(struct burden *b, bool is_uid, uint32_t id)
{
	struct burden_user *least = b->users;

	for (size_t i = 0; i < BURDEN_USERS; i++) {
		struct burden_user *u = &b->users[i];

		if (u->weight && u->is_uid == is_uid && u->id == id)
			return u;
		if (u->weight < least->weight)
			least = u;
	}
	*least = (struct burden_user){ .is_uid = is_uid,
		.id = id,
		.weight = least->weight,
		.doubt = least->weight };
	return least;
}

void burden_note(struct burden *b, const struct event *ev)
{
	bool is_uid = !ev->auid.has || ev->auid.id == EVENT_UNSET;
	const struct event_user *who = is_uid ? &ev->uid : &ev->auid;

	b->total += ev->bytes;
	if (who->has)
		find(b, is_uid, who->id)->weight += ev->bytes;
}

void burden_tick(struct burden *b, int64_t now_ms)
{
	int64_t n = (now_ms - b->halved_ms) / BURDEN_HALF_MS;

	if (n <= 0)
		return;
	b->halved_ms = now_ms;
	if (n > HALVES_MAX)
		n = HALVES_MAX;
	b->total >>= n;
	for (size_t i = 0; i < BURDEN_USERS; i++) {
		b->users[i].weight >>= n;
		b->users[i].doubt >>= n;
	}
}

const struct burden_user *burden_top(
	const struct burden *b, unsigned int *percent)
{
	const struct burden_user *top = b->users;
	double part;

	for (size_t i = 1; i < BURDEN_USERS; i++)
		if (b->users[i].weight > top->weight)
			top = &b->users[i];
	if (!top->weight || !b->total)
		return NULL;
	part = (double)(top->weight - top->doubt) / (double)b->total;
	*percent = part < 1 ? (unsigned int)(part * 100) : 100;
	return top;
}
