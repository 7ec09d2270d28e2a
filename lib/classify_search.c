// SPDX-License-Identifier: GPL-3.0-or-later
/* Texts and patterns, wherever in a command line they stand. */
#include "classify_state.h"
#include "event.h"

/* Of a text, where a pattern has no literal to be tried around. */
#define HEAD_LEN 4096

struct search {
	struct classify *c;
	bool is_args; /* one argument: patterns wait for all of them */
	bool has_pattern;
	bool has_operand; /* of a row of "texts": the others may be anywhere */
};

static bool is_word_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_';
}

/* Whether a word goes on over the place between text[i - 1] and text[i]. */
static bool is_inside(struct bytes text, size_t i)
{
	return i && i < text.len && is_word_char(text.p[i - 1]) &&
	       is_word_char(text.p[i]);
}

static void try_pattern(struct classify *c, uint32_t i, struct bytes text,
	size_t from, size_t to)
{
	const struct rows_pattern *p = &c->r->patterns[i];
	struct classify_tried *t = &c->tried[i];
	enum pattern_found found;

	if (c->row_run[p->row] == c->run)
		return;
	if (t->run != c->run)
		*t = (struct classify_tried){ .run = c->run };
	if (t->text == c->text && to <= t->until)
		return;
	if (t->tries == PATTERN_TRIES_MAX || c->tries == TRIES_MAX)
		return;
	t->text = c->text;
	t->until = to;
	t->tries++;
	c->tries++;
	found = pattern_matcher_run(c->matcher, p->code, text, from, to);
	if (found == PATTERN_FOUND)
		classify_note_row(c, p->row);
	/* What takes too long once is not tried on more of the same. */
	if (found == PATTERN_FOUND_LIMIT) {
		t->tries = PATTERN_TRIES_MAX;
		c->is_capped = true;
	}
}

static void around(
	struct classify *c, struct bytes text, const struct finder_hit *hit)
{
	uint32_t i = ROWS_ID_INDEX(hit->id);
	size_t end = hit->at + hit->len;
	const struct classify_tried *t = &c->tried[i];

	/* Within what was tried, up to its end. */
	if (t->run == c->run && t->text == c->text && end <= t->until)
		return;
	try_pattern(c, i, text,
		hit->at > WINDOW_BEFORE ? hit->at - WINDOW_BEFORE : 0,
		text.len - end > WINDOW_BEHIND ? end + WINDOW_BEHIND
					       : text.len);
}

static void note_text(struct search *s, const struct rows_text *t)
{
	struct classify *c = s->c;
	const struct rows_row *row = &c->r->rows[t->row];

	if (t->bit) {
		s->has_operand = true;
		if (c->row_text[t->row] != c->text)
			c->row_bits[t->row] = 0;
		c->row_text[t->row] = c->text;
		c->row_bits[t->row] |= t->bit;
		if (c->row_bits[t->row] != (1u << row->n) - 1)
			return;
	}
	classify_note_row(c, t->row);
}

static void take_hit(void *arg, struct bytes text, const struct finder_hit *hit)
{
	struct search *s = arg;
	const struct rows_text *t;

	if (ROWS_ID_IS_SECOND(hit->id)) {
		s->has_pattern = true;
		if (!s->is_args)
			around(s->c, text, hit);
		return;
	}
	t = &s->c->r->texts[ROWS_ID_INDEX(hit->id)];
	if (is_inside(text, hit->at) || is_inside(text, hit->at + hit->len) ||
		memcmp(text.p + hit->at, t->s.p, t->s.len))
		return;
	note_text(s, t);
	while (t->same != ROWS_NONE) {
		t = &s->c->r->texts[t->same];
		note_text(s, t);
	}
}

/* Those that a literal speaks for were tried where it stands. */
static void try_others(struct classify *c, struct bytes text)
{
	for (uint32_t i = 0; i < c->r->has_patterns.n; i++)
		if (!pattern_literal(c->r->patterns[i].code).len)
			try_pattern(c, i, text, 0,
				text.len < HEAD_LEN ? text.len : HEAD_LEN);
}

/* Of texts[i .. end), an operand: the length of the shortest. */
static size_t shortest(const struct rows_text *texts, uint32_t i, uint32_t end)
{
	size_t len = SIZE_MAX;

	for (; i < end; i++)
		if (texts[i].s.len < len)
			len = texts[i].s.len;
	return len;
}

/* Behind the texts of the operand that starts at i. */
static uint32_t operand_end(const struct classify_rules *r, uint32_t i)
{
	const struct rows_text *t = &r->texts[i];

	while (i < r->has_texts.n && r->texts[i].row == t->row &&
		r->texts[i].bit == t->bit)
		i++;
	return i;
}

/* Of the operands of the row that texts[i] begins, the one with the longest
 * strings has to be there, so it will do. Returns where the next row begins. */
static uint32_t add_row(struct classify_rules *r, uint32_t i)
{
	uint32_t row = r->texts[i].row, best = i;
	size_t best_len = 0;

	while (i < r->has_texts.n && r->texts[i].row == row) {
		uint32_t end = operand_end(r, i);
		size_t len = shortest(r->texts, i, end);

		if (len > best_len) {
			best_len = len;
			best = i;
		}
		i = end;
	}
	for (uint32_t end = operand_end(r, best); best < end; best++)
		sieve_add(&r->sieve, r->texts[best].s);
	return i;
}

void classify_search_ready(struct classify_rules *r)
{
	for (uint32_t i = 0; i < r->has_texts.n;)
		i = add_row(r, i);
	for (uint32_t i = 0; i < r->has_patterns.n; i++) {
		struct bytes s = pattern_literal(r->patterns[i].code);

		if (s.len)
			sieve_add(&r->sieve, s);
	}
}

void classify_search(struct classify *c, struct bytes text)
{
	struct search s = { .c = c };

	c->text++;
	if (sieve_passes(&c->r->sieve, text))
		finder_run(c->r->find, text, take_hit, &s);
	if (c->r->n_others)
		try_others(c, text);
}

static bool may_have(const struct classify *c, const struct event *ev)
{
	return !ev->args.p || sieve_passes(&c->r->sieve, ev->args);
}

/* Those that pass the sieve, or the others. */
static void search_some(
	struct search *s, const struct event *ev, bool is_passing)
{
	const struct classify_rules *r = s->c->r;

	for (size_t i = 0; i < ev->argc; i++)
		if (sieve_passes(&r->sieve, ev->argv[i]) == is_passing)
			finder_run(r->find, ev->argv[i], take_hit, s);
}

void classify_search_args(struct classify *c, const struct event *ev)
{
	struct search s = { .c = c, .is_args = true };

	c->text++;
	if (may_have(c, ev))
		search_some(&s, ev, true);
	if (s.has_operand)
		search_some(&s, ev, false);
	if (!s.has_pattern && !c->r->n_others)
		return;
	/* A pattern sees the command line as a person reads it. */
	str_reset(&c->joined);
	for (size_t i = 0; i < ev->argc; i++) {
		if (i)
			str_addc(&c->joined, ' ');
		str_addb(&c->joined, ev->argv[i]);
	}
	classify_search(c, str_bytes(&c->joined));
}
