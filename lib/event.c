// SPDX-License-Identifier: GPL-3.0-or-later
#include "event.h"

#include <stdalign.h>
#include <stdlib.h>

/* Holds an ordinary event's strings, so that most events are one block. */
#define BLOCK_SIZE 4096
/* A reason is a sentence or two a scorer. */
#define WHY_MAX 1024

struct event_block {
	struct event_block *next;
	size_t used, size;
	char *data;
};

/* An event and its first block: one allocation for most. */
struct event_room {
	struct event event;
	struct event_block block;
	alignas(max_align_t) char data[BLOCK_SIZE];
};

struct event *event_create(void)
{
	struct event_room *room = malloc(sizeof(*room));

	if (!room)
		return NULL;
	room->event = (struct event){ .blocks = &room->block };
	room->block = (struct event_block){ .size = BLOCK_SIZE };
	room->block.data = room->data;
	str_init(&room->event.score.why, WHY_MAX);
	return &room->event;
}

void event_destroy(struct event *ev)
{
	struct event_block *b, *next;

	if (!ev)
		return;
	for (b = ev->blocks; b; b = next) {
		next = b->next;
		if (b != &((struct event_room *)ev)->block)
			free(b);
	}
	str_fini(&ev->score.why);
	free(ev);
}

struct block_room {
	struct event_block block;
	alignas(max_align_t) char data[];
};

static struct event_block *block_new(struct event *ev, size_t n)
{
	size_t size = n > BLOCK_SIZE / 2 ? n : BLOCK_SIZE;
	struct event_block *b;

	if (size > EVENT_BYTES_MAX - ev->bytes)
		return NULL;
	b = malloc(sizeof(struct block_room) + size);
	if (!b)
		return NULL;
	*b = (struct event_block){ .size = size };
	b->data = ((struct block_room *)b)->data;
	ev->bytes += size;
	/* A big one goes behind the one that still has room. */
	if (n > BLOCK_SIZE / 2 && ev->blocks) {
		b->next = ev->blocks->next;
		ev->blocks->next = b;
	} else {
		b->next = ev->blocks;
		ev->blocks = b;
	}
	return b;
}

static void *block_take(struct event *ev, size_t n, size_t align)
{
	struct event_block *b = ev->blocks;
	size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;

	if (!b || at > b->size || n > b->size - at) {
		if (n > EVENT_BYTES_MAX)
			return NULL;
		b = block_new(ev, n);
		at = 0;
	}
	if (!b)
		return NULL;
	b->used = at + n;
	return b->data + at;
}

void *event_alloc(struct event *ev, size_t n)
{
	return block_take(ev, n, alignof(max_align_t));
}

struct bytes event_copy(struct event *ev, struct bytes b)
{
	char *to;

	if (!b.p)
		return b;
	to = block_take(ev, b.len + 1, 1);
	if (!to)
		return (struct bytes){ NULL, 0 };
	if (b.len)
		memcpy(to, b.p, b.len);
	to[b.len] = '\0';
	return (struct bytes){ to, b.len };
}

double event_worth(const struct event *ev)
{
	return ev->told ? ev->told->severity : ev->score.total;
}

bool event_is_complete(const struct event *ev)
{
	return !(ev->flaws & EVENT_FLAWS_INCOMPLETE);
}

const struct invocation *event_invocation(struct event *ev)
{
	if (!ev->has_invocation)
		invocation_read(ev->argv, ev->argc, &ev->invocation);
	ev->has_invocation = true;
	return &ev->invocation;
}
