// SPDX-License-Identifier: GPL-3.0-or-later
#include "classify.h"

#include <stdlib.h>
#include <string.h>

#include "classify_state.h"
#include "event.h"

/* Memory kept between events. */
#define KEEP_BYTES       (256 * 1024)
#define SORT_BY_HAND_MAX 16

struct classify *classify_new(void)
{
	struct classify *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	str_init(&c->joined, EVENT_BYTES_MAX);
	str_init(&c->scratch, QUEUE_MAX);
	str_init(&c->queue, QUEUE_MAX);
	c->shell = shell_new();
	c->matcher = pattern_matcher_new();
	if (c->shell && c->matcher && str_grow(&c->queue, QUEUE_MAX))
		return c;
	classify_free(c);
	return NULL;
}

void classify_free(struct classify *c)
{
	if (!c)
		return;
	shell_free(c->shell);
	pattern_matcher_free(c->matcher);
	str_fini(&c->joined);
	str_fini(&c->scratch);
	str_fini(&c->queue);
	free(c->row_run);
	free(c->row_text);
	free(c->row_bits);
	free(c->writers);
	free(c->category_run);
	free(c->bin_run);
	free(c->category_weight);
	free(c->bin_context);
	free(c->tried);
	free(c->rows);
	free(c->categories);
	free(c->bins);
	free(c);
}

static int resize(void *table, uint32_t n, size_t len)
{
	void *p = calloc(n ? n : 1, len), *old;

	if (!p)
		return -1;
	memcpy(&old, table, sizeof(old));
	free(old);
	memcpy(table, &p, sizeof(p));
	return 0;
}

#define RESIZE(c, what, n) resize(&(c)->what, n, sizeof(*(c)->what))

/* Other rules may have come since the last run. */
static int fit(struct classify *c)
{
	const struct classify_rules *r = c->r;

	if (c->n_rows == r->has_rows.n && c->n_bins == r->has_bins.n &&
		c->n_categories == r->has_categories.n &&
		c->n_patterns == r->has_patterns.n && c->row_run)
		return 0;
	c->n_rows = UINT32_MAX;
	if (RESIZE(c, row_run, r->has_rows.n) < 0 ||
		RESIZE(c, row_text, r->has_rows.n) < 0 ||
		RESIZE(c, row_bits, r->has_rows.n) < 0 ||
		RESIZE(c, writers, r->has_rows.n) < 0 ||
		RESIZE(c, rows, r->has_rows.n) < 0 ||
		RESIZE(c, category_run, r->has_categories.n) < 0 ||
		RESIZE(c, categories, r->has_categories.n) < 0 ||
		RESIZE(c, category_weight, r->has_categories.n) < 0 ||
		RESIZE(c, bin_run, r->has_bins.n) < 0 ||
		RESIZE(c, bin_context, r->has_bins.n) < 0 ||
		RESIZE(c, bins, r->has_bins.n) < 0 ||
		RESIZE(c, tried, r->has_patterns.n) < 0)
		return -1;
	c->run = c->text = c->n_shells = 0;
	c->n_rows = r->has_rows.n;
	c->n_bins = r->has_bins.n;
	c->n_categories = r->has_categories.n;
	c->n_patterns = r->has_patterns.n;
	return 0;
}

static int start(struct classify *c, const struct classify_rules *r)
{
	c->r = r;
	/* After some thousand million runs the marks begin anew. */
	if (c->run >= UINT32_MAX / 2 || c->text >= UINT32_MAX / 2 ||
		c->n_shells >= UINT32_MAX / 2)
		c->n_rows = UINT32_MAX;
	if (fit(c) < 0)
		return -1;
	c->run++;
	c->n_found_rows = c->n_found_categories = c->n_found_bins = 0;
	c->tries = 0;
	c->is_capped = false;
	pattern_matcher_allow(c->matcher, STEPS_MAX);
	c->n_jobs = 0;
	str_reset(&c->queue);
	return 0;
}

void classify_note_row(struct classify *c, uint32_t i)
{
	const struct rows_row *row = &c->r->rows[i];
	uint32_t category = row->category;

	if (c->row_run[i] == c->run || c->r->categories[category].is_off)
		return;
	c->row_run[i] = c->run;
	c->rows[c->n_found_rows++] = i;
	if (c->category_run[category] != c->run) {
		c->category_run[category] = c->run;
		c->category_weight[category] = row->weight;
		c->categories[c->n_found_categories++] = category;
	}
	if (row->weight > c->category_weight[category])
		c->category_weight[category] = row->weight;
}

void classify_note_bin(
	struct classify *c, uint32_t bin, enum rows_context context)
{
	if (c->bin_run[bin] != c->run) {
		c->bin_run[bin] = c->run;
		c->bin_context[bin] = (uint8_t)context;
		c->bins[c->n_found_bins++] = bin;
	}
	if (context > c->bin_context[bin])
		c->bin_context[bin] = (uint8_t)context;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

/* Mostly there are two or three. */
static void sort(uint32_t *p, uint32_t n)
{
	if (n > SORT_BY_HAND_MAX) {
		qsort(p, n, sizeof(*p), by_number);
		return;
	}
	for (uint32_t i = 1; i < n; i++) {
		uint32_t x = p[i], j = i;

		for (; j && p[j - 1] > x; j--)
			p[j] = p[j - 1];
		p[j] = x;
	}
}

static void set_categories(
	struct classify *c, struct event *ev, struct event_tags *to)
{
	double best = -1;

	sort(c->categories, c->n_found_categories);
	to->categories = event_alloc(
		ev, c->n_found_categories * sizeof(*to->categories));
	if (!to->categories)
		return;
	for (uint32_t i = 0; i < c->n_found_categories; i++) {
		uint32_t id = c->categories[i];
		const struct rows_category *category = &c->r->categories[id];
		struct bytes *name = &to->categories[to->n_categories];

		if (category->is_function)
			continue;
		*name = event_copy(ev, category->name);
		if (!name->p)
			return;
		to->n_categories++;
		to->weight += c->category_weight[id];
		if (c->category_weight[id] > best) {
			best = c->category_weight[id];
			to->heaviest = *name;
		}
	}
}

/* Returns the functions of all of them. */
static uint32_t set_bins(
	struct classify *c, struct event *ev, struct event_tags *to)
{
	uint32_t mask = 0;

	sort(c->bins, c->n_found_bins);
	to->bins = event_alloc(ev, c->n_found_bins * sizeof(*to->bins));
	if (!to->bins)
		return 0;
	for (uint32_t i = 0; i < c->n_found_bins; i++) {
		const struct rows_bin *bin = &c->r->bins[c->bins[i]];
		unsigned int context = c->bin_context[c->bins[i]];
		struct event_bin *b = &to->bins[to->n_bins];

		b->name = event_copy(ev, bin->name);
		b->functions = event_copy(ev, bin->functions[context]);
		if (!b->name.p || !b->functions.p)
			return mask;
		to->n_bins++;
		mask |= bin->mask[context];
	}
	return mask;
}

/* Whether a found program has the function that the row is about. */
static bool is_open(const struct classify_rules *r, const struct rows_row *row,
	uint32_t mask)
{
	if (!r->categories[row->category].is_function)
		return true;
	for (uint32_t i = 0; i < r->n_functions; i++)
		if (r->functions[i].category == row->category)
			return mask & 1u << i;
	return false;
}

/* Inserts where it belongs by order, each once. */
static void add_attack(struct event_tags *to, struct bytes id)
{
	size_t i = to->n_attack;

	while (i && strcmp(to->attack[i - 1].p, id.p) > 0)
		i--;
	if (i && !strcmp(to->attack[i - 1].p, id.p))
		return;
	memmove(&to->attack[i + 1], &to->attack[i],
		(to->n_attack - i) * sizeof(id));
	to->attack[i] = id;
	to->n_attack++;
}

static void set_attack(struct classify *c, struct event *ev,
	struct event_tags *to, uint32_t mask)
{
	const struct classify_rules *r = c->r;
	size_t n = c->n_found_rows * (size_t)ROWS_ATTACK_MAX;

	if (n > r->has_techniques.n)
		n = r->has_techniques.n;
	/* One more: add_attack moves before it counts. */
	to->attack = event_alloc(ev, (n + 1) * sizeof(*to->attack));
	if (!to->attack)
		return;
	for (uint32_t i = 0; i < c->n_found_rows; i++) {
		const struct rows_row *row = &r->rows[c->rows[i]];

		for (uint16_t j = 0; is_open(r, row, mask) && j < row->attack.n;
			j++)
			add_attack(to, r->techniques[row->attack.ids[j]]);
	}
	for (size_t i = 0; i < to->n_attack; i++) {
		to->attack[i] = event_copy(ev, to->attack[i]);
		if (!to->attack[i].p)
			to->n_attack = i;
	}
}

static void end(struct classify *c, struct event *ev, struct event_tags *to)
{
	uint32_t mask = c->n_found_bins ? set_bins(c, ev, to) : 0;

	to->is_capped = c->is_capped;
	if (c->n_found_rows) {
		set_categories(c, ev, to);
		set_attack(c, ev, to, mask);
	}
	str_shrink(&c->joined, KEEP_BYTES);
	str_shrink(&c->scratch, KEEP_BYTES);
}

/* How the event's commands run, as far as it says. */
static enum rows_context context_of(const struct event *ev)
{
	if (!ev->euid.has)
		return ROWS_CONTEXT_ANY;
	if (ev->uid.has && ev->uid.id != ev->euid.id)
		return ROWS_CONTEXT_SUID;
	return ev->euid.id ? ROWS_CONTEXT_UNPRIVILEGED : ROWS_CONTEXT_SUDO;
}

static void take_substring(
	void *arg, struct bytes text, const struct finder_hit *hit)
{
	struct classify *c = arg;

	(void)text;
	if (ROWS_ID_IS_SECOND(hit->id))
		classify_note_bin(c, ROWS_ID_INDEX(hit->id), ROWS_CONTEXT_ANY);
	else
		classify_note_row(c, ROWS_ID_INDEX(hit->id));
}

static void run_substrings(struct classify *c, const struct event *ev)
{
	const struct finder *f = c->r->substrings;
	size_t n = 0;

	for (size_t i = 0; i < ev->n_layers; i++) {
		if (!ev->layers[i].is_text)
			continue;
		finder_run(f, ev->layers[i].text, take_substring, c);
		n++;
	}
	for (size_t i = 0; !n && i < ev->argc; i++)
		finder_run(f, ev->argv[i], take_substring, c);
}

static void run_text(
	struct classify *c, struct bytes text, enum rows_context context)
{
	struct classify_job job = { .text = text,
		.language = classify_guess(text),
		.context = context };

	classify_push(c, &job);
	classify_jobs(c);
}

static void run_words(struct classify *c, struct event *ev)
{
	enum rows_context context = context_of(ev);

	if (ev->argc) {
		classify_search_args(c, ev);
		classify_command(
			c, ev->argv, ev->argc, context, event_invocation(ev));
		classify_jobs(c);
	}
	for (size_t i = 0; i < ev->n_layers; i++)
		if (ev->layers[i].is_text)
			run_text(c, ev->layers[i].text, context);
}

/* Without rows and bins there is nothing to be read for. */
static bool has_rows(const struct classify_conf *cf)
{
	return cf->rules && (cf->rules->has_rows.n || cf->rules->has_bins.n);
}

void classify_run(
	struct classify *c, struct event *ev, const struct classify_conf *cf)
{
	ev->tags = (struct event_tags){ 0 };
	if (!has_rows(cf) || start(c, cf->rules) < 0)
		return;
	if (cf->match == CLASSIFY_SUBSTRING)
		run_substrings(c, ev);
	else
		run_words(c, ev);
	end(c, ev, &ev->tags);
}

void classify_text(struct classify *c, struct event *ev, struct bytes text,
	const struct classify_conf *cf, struct event_tags *to)
{
	*to = (struct event_tags){ 0 };
	if (!has_rows(cf) || start(c, cf->rules) < 0)
		return;
	if (cf->match == CLASSIFY_SUBSTRING)
		finder_run(cf->rules->substrings, text, take_substring, c);
	else
		run_text(c, text, context_of(ev));
	end(c, ev, to);
}
