// SPDX-License-Identifier: GPL-3.0-or-later
#include "repeat_page.h"

#include <math.h>
#include <string.h>

#include "event.h"
#include "repeat.h"

/* Arguments that a line of repeats shows: texts that short hold no more that
 * a person would read. */
#define ARGS_MAX 64
/* The year 9999: what format_time takes. */
#define TIME_MAX_MS 253402300799999

static const uint16_t room_of[REPEAT_N_TEXTS] = {
	[REPEAT_NODE] = 64,
	[REPEAT_AUSER] = 32,
	[REPEAT_USER] = 32,
	[REPEAT_TTY] = 16,
	[REPEAT_COMM] = 16,
	[REPEAT_EXE] = 128,
	[REPEAT_CWD] = 128,
	[REPEAT_DECODED] = 224,
	[REPEAT_ARGS] = 512,
};

static size_t offset_of(enum repeat_text which)
{
	size_t at = 0;

	for (unsigned int i = 0; i < which; i++)
		at += room_of[i];
	return at;
}

/* How many bytes of b fit into room without the beginning of a character. */
static size_t fit(struct bytes b, size_t room)
{
	size_t n = b.len < room ? b.len : room;

	if (n == b.len)
		return n;
	for (size_t back = 0; back < 3 && n > back; back++)
		if (((unsigned char)b.p[n - back] & 0xc0) != 0x80)
			return n - back;
	return n;
}

static void put(
	struct repeat_slot *slot, enum repeat_text which, struct bytes b)
{
	size_t n = b.p ? fit(b, room_of[which]) : 0;

	if (n)
		memcpy(slot->text + offset_of(which), b.p, n);
	slot->lens[which] = b.p ? (uint16_t)n : REPEAT_ABSENT;
}

static void put_args(struct repeat_slot *slot, const struct event *ev)
{
	char *to = slot->text + offset_of(REPEAT_ARGS);
	size_t len = 0, i;

	if (!ev->has_execve) {
		put(slot, REPEAT_ARGS,
			ev->n_paths ? ev->paths[0].name : (struct bytes){ 0 });
		return;
	}
	for (i = 0; i < ev->argc && i < ARGS_MAX; i++) {
		size_t room = room_of[REPEAT_ARGS] - len;
		size_t n = room ? fit(ev->argv[i], room - 1) : 0;

		if (!room || (n < ev->argv[i].len && !n))
			break;
		memcpy(to + len, ev->argv[i].p, n);
		to[len + n] = '\0';
		len += n + 1;
		slot->is_cut |= n < ev->argv[i].len;
		if (slot->is_cut)
			break;
	}
	slot->is_cut |= i < ev->argc;
	slot->lens[REPEAT_ARGS] = (uint16_t)len;
}

static uint32_t id_of(const struct event_user *u)
{
	return u->has ? u->id : EVENT_UNSET;
}

void repeat_slot_fill(struct repeat_slot *slot, const struct event *ev)
{
	slot->is_cut = 0;
	slot->has_execve = ev->has_execve;
	slot->auid = id_of(&ev->auid);
	slot->uid = id_of(&ev->uid);
	slot->euid = id_of(&ev->euid);
	slot->ses = ev->has_ses ? ev->ses : EVENT_UNSET;
	put(slot, REPEAT_NODE, ev->node);
	put(slot, REPEAT_AUSER, ev->auid.name);
	put(slot, REPEAT_USER, ev->uid.name);
	put(slot, REPEAT_TTY, ev->tty);
	put(slot, REPEAT_COMM, ev->comm);
	put(slot, REPEAT_EXE, ev->exe);
	put(slot, REPEAT_CWD, ev->cwd);
	put(slot, REPEAT_DECODED,
		ev->n_layers ? ev->layers[0].text : (struct bytes){ 0 });
	put_args(slot, ev);
}

const struct repeat_tally *repeat_slot_tally(const struct repeat_slot *slot)
{
	uint32_t at =
		atomic_load_explicit(&slot->tally_at, memory_order_acquire);

	return &slot->tallies[at & 1];
}

static bool is_sound(const struct repeat_slot *slot)
{
	const struct repeat_tally *t = repeat_slot_tally(slot);

	for (size_t i = 0; i < REPEAT_N_TEXTS; i++)
		if (slot->lens[i] != REPEAT_ABSENT &&
			slot->lens[i] > room_of[i])
			return false;
	return isfinite(slot->total) && slot->total >= 0 &&
	       slot->total <= 1e9 && slot->time_ms >= 0 &&
	       slot->time_ms <= TIME_MAX_MS && t->last_ms >= 0 &&
	       t->last_ms <= TIME_MAX_MS;
}

static struct bytes text_of(
	const struct repeat_slot *slot, enum repeat_text which)
{
	if (slot->lens[which] == REPEAT_ABSENT)
		return (struct bytes){ 0 };
	return (struct bytes){ slot->text + offset_of(which),
		slot->lens[which] };
}

static struct event_user user_of(uint32_t id, struct bytes name)
{
	return (struct event_user){ id != EVENT_UNSET, id, name };
}

/* How many arguments stand in the text. */
static size_t split(struct bytes text, struct bytes argv[ARGS_MAX])
{
	size_t n = 0, from = 0;

	for (size_t i = 0; i < text.len && n < ARGS_MAX; i++) {
		if (text.p[i])
			continue;
		argv[n++] = (struct bytes){ text.p + from, i - from };
		from = i + 1;
	}
	return n;
}

void repeat_slot_tell(const struct repeat_slot *slot,
	void (*tell)(void *arg, struct event *ev), void *arg, bool is_dup)
{
	const struct repeat_tally *t = repeat_slot_tally(slot);
	struct bytes argv[ARGS_MAX + 1];
	struct event_layer layer = { .text = text_of(slot, REPEAT_DECODED) };
	struct event_path path = { .name = text_of(slot, REPEAT_ARGS) };
	struct event ev = { .node = text_of(slot, REPEAT_NODE),
		.time_ms = slot->time_ms,
		.serial = slot->serial,
		.input_pos = UINT64_MAX,
		.is_dup = is_dup,
		.has_ses = slot->ses != EVENT_UNSET,
		.ses = slot->ses,
		.auid = user_of(slot->auid, text_of(slot, REPEAT_AUSER)),
		.uid = user_of(slot->uid, text_of(slot, REPEAT_USER)),
		.euid = user_of(slot->euid, (struct bytes){ 0 }),
		.tty = text_of(slot, REPEAT_TTY),
		.comm = text_of(slot, REPEAT_COMM),
		.exe = text_of(slot, REPEAT_EXE),
		.cwd = text_of(slot, REPEAT_CWD),
		.has_execve = slot->has_execve != 0,
		.argv = argv,
		.layers = &layer,
		.n_layers = layer.text.p != NULL,
		.score = { .total = slot->total },
		.filters = slot->filters,
		.repeat = { .count = t->n,
			.last_ms = t->last_ms,
			.last_serial = t->last_serial } };

	if (!t->n || !is_sound(slot))
		return;
	if (ev.has_execve) {
		ev.argc = split(text_of(slot, REPEAT_ARGS), argv);
		if (slot->is_cut)
			argv[ev.argc++] = (struct bytes){ 0 };
	} else if (path.name.p) {
		ev.paths = &path;
		ev.n_paths = 1;
	}
	tell(arg, &ev);
}

void repeat_mask(struct event *ev)
{
	const struct repeat_slot *slot = ev->repeat.slot;
	struct bytes text = event_copy(ev, text_of(slot, REPEAT_ARGS));
	struct bytes *argv = event_alloc(ev, (ARGS_MAX + 1) * sizeof(*argv));

	ev->argc = 0;
	ev->args = (struct bytes){ 0 };
	if (!argv || !text.p || !slot->has_execve)
		return;
	ev->argc = split(text, argv);
	ev->argv = argv;
	if (slot->is_cut)
		argv[ev->argc++] = (struct bytes){ 0 };
}

uint64_t repeat_page_pos(const struct repeat_page *page)
{
	uint32_t last = atomic_load_explicit(&page->last, memory_order_acquire);
	const struct repeat_slot *slot = &page->slots[last % REPEAT_MAX];
	const struct repeat_tally *t = repeat_slot_tally(slot);

	return t->n ? t->pos : UINT64_MAX;
}

uint64_t repeat_page_open(const struct repeat_page *page)
{
	uint64_t n = 0;

	for (size_t i = 0; i < REPEAT_MAX; i++)
		if (atomic_load_explicit(&page->slots[i].state,
			    memory_order_acquire) == REPEAT_OPEN &&
			is_sound(&page->slots[i]))
			n += repeat_slot_tally(&page->slots[i])->n;
	return n;
}
