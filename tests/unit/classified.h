// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CLASSIFIED_H
#define CLASSIFIED_H

#include "check.h"
#include "classify.h"
#include "event.h"
#include "rules.h"

/* An event to classify and what came out, for the tests of classify. */

#define CLASSIFIED_ARGS_MAX 16

struct classified {
	struct classify *classify;
	struct classify_conf cf;
	struct event *ev;
	struct bytes argv[CLASSIFIED_ARGS_MAX];
	struct str said;
};

static inline void classified_init(
	struct classified *c, const struct classify_rules *rules)
{
	*c = (struct classified){ .classify = classify_new(),
		.cf = { .rules = rules, .match = CLASSIFY_WORDS } };
	str_init(&c->said, 1 << 16);
	if (!c->classify)
		abort();
}

static inline void classified_fini(struct classified *c)
{
	event_destroy(c->ev);
	classify_free(c->classify);
	str_fini(&c->said);
}

/* A new event of these arguments. */
static inline struct event *classified_event(
	struct classified *c, const char *const *argv)
{
	size_t n = 0;

	event_destroy(c->ev);
	c->ev = event_create();
	if (!c->ev)
		abort();
	while (argv[n])
		n++;
	c->ev->argv = c->argv;
	c->ev->argc = n;
	for (size_t i = 0; i < n; i++)
		c->argv[i] = bytes_of(argv[i]);
	return c->ev;
}

/* The same for a text that sh is given. */
static inline struct event *classified_shell(
	struct classified *c, const char *text)
{
	return classified_event(
		c, (const char *const[]){ "sh", "-c", text, NULL });
}

static inline void classified_run(struct classified *c)
{
	classify_run(c->classify, c->ev, &c->cf);
}

/* a|b|c of runs that are stride bytes apart. */
static inline struct bytes classified_join(
	struct classified *c, const void *items, size_t n, size_t stride)
{
	str_reset(&c->said);
	for (size_t i = 0; i < n; i++) {
		struct bytes b;

		memcpy(&b, (const char *)items + i * stride, sizeof(b));
		if (i)
			str_addc(&c->said, '|');
		str_addb(&c->said, b);
	}
	return str_bytes(&c->said);
}

static inline struct bytes classified_categories(struct classified *c)
{
	return classified_join(c, c->ev->tags.categories,
		c->ev->tags.n_categories, sizeof(struct bytes));
}

static inline struct bytes classified_bins(struct classified *c)
{
	return classified_join(c, c->ev->tags.bins, c->ev->tags.n_bins,
		sizeof(struct event_bin));
}

static inline struct bytes classified_attack(struct classified *c)
{
	return classified_join(c, c->ev->tags.attack, c->ev->tags.n_attack,
		sizeof(struct bytes));
}

#endif
