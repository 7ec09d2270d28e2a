// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef HIDDEN_H
#define HIDDEN_H

#include "encoded.h"

/*
 * The tables of a decoder's test: command texts that hide something, and what;
 * and command texts that only look it. Each is an argument behind sh -c.
 */
struct hidden {
	const char *chain;
	const char *want;
	const char *text;
};

static inline struct event *hidden_run(const char *text)
{
	struct bytes argv[] = { BYTES("sh"), BYTES("-c"), bytes_of(text) };

	return payload_run(argv, 3, &payload_conf);
}

/* How much of a text names its case: some of its first line. */
static inline int hidden_width(const char *text)
{
	size_t n = strcspn(text, "\n");

	return n < 60 ? (int)n : 60;
}

/* One of the layers is what was hidden. */
static inline void hidden_check(
	const struct event *ev, const char *chain, const char *text)
{
	struct event_layer none = { .chain = BYTES("") };
	const struct event_layer *l = ev->n_layers ? ev->layers : &none;
	const struct bytes want = bytes_of(text);

	for (size_t j = 0; j < ev->n_layers; j++)
		if (bytes_equal(ev->layers[j].text, want))
			l = &ev->layers[j];
	/* In the order of argv, each behind what it was found in. */
	for (size_t j = 1; j < ev->n_layers; j++)
		CHECK(ev->layers[j].arg >= ev->layers[j - 1].arg &&
			(ev->layers[j].of == EVENT_IN_ARGV ||
				(ev->layers[j].of < j &&
					ev->layers[ev->layers[j].of].arg ==
						ev->layers[j].arg)));
	CHECK_BYTES(l->text, want);
	CHECK_Z(l->chain, chain);
	CHECK_EQ(ev->is_capped, 0);
}

static inline void hidden_none(const struct event *ev)
{
	char shown[160];

	for (size_t j = 0; j < ev->n_layers; j++)
		check_fail(__LINE__, "gave '%s'",
			check_show(
				shown, sizeof(shown), ev->layers[j].text, 0));
}

static inline void hidden_good(const struct hidden *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct event *ev = hidden_run(rows[i].text);

		check_start("%.*s", hidden_width(rows[i].text), rows[i].text);
		hidden_check(ev, rows[i].chain, rows[i].want);
		event_destroy(ev);
	}
}

static inline void hidden_not(const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct event *ev = hidden_run(texts[i]);

		check_start("not %.*s", hidden_width(texts[i]), texts[i]);
		hidden_none(ev);
		event_destroy(ev);
	}
}

#define HIDDEN_MAIN(name)                                                      \
	int main(void)                                                         \
	{                                                                      \
		check.module = "decode " name;                                 \
		hidden_good(good, sizeof(good) / sizeof(good[0]));             \
		hidden_not(not, sizeof(not ) / sizeof(not [0]));               \
		return check_end();                                            \
	}

#endif
