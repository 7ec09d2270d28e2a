// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>

#include "detect_draft.h"
#include "rowline.h"
#include "syscalls.h"

#define BLOCK_SIZE 16384
/* The usual every=, in seconds. */
#define EVERY_S 600

struct detect_block {
	struct detect_block *next;
	size_t used, size;
	char data[];
};

struct detect_rules *detect_rules_new(void)
{
	struct detect_rules *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	for (size_t i = 0; i < DETECT_INDEX_SIZE; i++)
		r->index[i] = DETECT_NONE;
	for (size_t i = 0; i < DETECT_N_ON; i++)
		r->others[i] = DETECT_NONE;
	return r;
}

void detect_rules_free(struct detect_rules *r)
{
	struct detect_block *b, *next;

	if (!r)
		return;
	for (b = r->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(r->rows);
	free(r->tests);
	free(r->values);
	free(r->alerts);
	free(r->entries);
	free(r->uses);
	free(r);
}

size_t detect_rules_count(const struct detect_rules *r)
{
	return r->n_alerts;
}

uint32_t detect_rules_calls(const struct detect_rules *r)
{
	return r->calls;
}

struct bytes detect_keep(struct detect_rules *r, struct bytes s)
{
	size_t size = s.len > BLOCK_SIZE ? s.len : BLOCK_SIZE;
	struct detect_block *b = r->blocks;
	char *to;

	if (!b || s.len > b->size - b->used) {
		b = malloc(sizeof(*b) + size);
		if (!b)
			return (struct bytes){ NULL, 0 };
		*b = (struct detect_block){ .next = r->blocks, .size = size };
		r->blocks = b;
	}
	to = b->data + b->used;
	if (s.len)
		memcpy(to, s.p, s.len);
	b->used += s.len;
	return (struct bytes){ to, s.len };
}

/* Rows and the like are made this many at a time. */
#define STEP 64

void *detect_one_more(void *array, size_t n, size_t size, size_t max)
{
	if (n >= max)
		return NULL;
	return n % STEP ? array : realloc(array, (n + STEP) * size);
}

static const char *const keywords[] = { "alert", "mark", "sequence", "burst" };

static bool is_taken(const struct detect_rules *r, struct bytes name)
{
	for (uint32_t i = 0; i < r->n_alerts; i++)
		if (bytes_equal(r->alerts[i].name, name))
			return true;
	return detect_find_mark(r, name) != DETECT_NONE;
}

static int take_name(struct detect_draft *d)
{
	int rc = rowline_next(d->l);
	struct bytes token = str_bytes(&d->l->token);

	if (rc < 0)
		return -1;
	if (!token.len || token.len > DETECT_NAME_LEN ||
		strspn(str_z(&d->l->token),
			"abcdefghijklmnopqrstuvwxyz0123456789_") != token.len) {
		str_addf(d->l->why,
			"a name has to follow, 1 to %d of a-z, 0-9 and _, not "
			"'%.64s'",
			DETECT_NAME_LEN, str_z(&d->l->token));
		return -1;
	}
	if (is_taken(d->r, token)) {
		str_addf(d->l->why, "a second '%.64s'", str_z(&d->l->token));
		return -1;
	}
	d->row.name = d->alert.name = detect_keep(d->r, token);
	return d->row.name.p ? 0 : rowline_full(d->l);
}

/* Whose value a later step is compared with, an earlier one has to have. */
static bool binds_to_the_end(const struct detect_draft *d)
{
	bool is_bound = false;

	for (uint32_t i = 0; i < d->alert.n_marks; i++) {
		bool binds =
			d->r->rows[d->alert.marks[i]].bind < DETECT_N_FIELDS;

		if (is_bound && !binds)
			return false;
		is_bound |= binds;
	}
	return true;
}

/* What a row lacks; NULL: nothing. */
static const char *lacks(const struct detect_draft *d)
{
	bool is_row = d->keyword == DETECT_ALERT || d->keyword == DETECT_MARK;

	if (is_row && !d->has_on)
		return "on=";
	if (d->keyword != DETECT_MARK && (!d->has_severity || !d->alert.why.p))
		return "severity= and why=";
	if (d->keyword == DETECT_ALERT && !d->row.n)
		return "a test, without which it would hold for every event";
	if (!is_row && !d->alert.within_ms)
		return "within=";
	if (d->keyword == DETECT_BURST && (!d->has_n || !d->alert.n_marks))
		return "n= and a mark";
	if (d->keyword == DETECT_SEQUENCE && d->alert.n_marks < 2)
		return "two marks";
	if (d->keyword == DETECT_SEQUENCE && !binds_to_the_end(d))
		return "bind= in a mark behind one that has it";
	return NULL;
}

static int put_alert(struct detect_draft *d)
{
	struct detect_rules *r = d->r;
	struct detect_alert *alerts =
		DETECT_ONE_MORE(r, alerts, DETECT_ROWS_MAX);

	if (!alerts)
		return rowline_full(d->l);
	r->alerts = alerts;
	d->row.alert = r->n_alerts;
	d->alert.hash = detect_text(d->alert.name);
	alerts[r->n_alerts++] = d->alert;
	return 0;
}

static int note_call(struct detect_draft *d, struct bytes name)
{
	enum syscalls_watched call = syscalls_watched_of(name);

	if (call == SYSCALLS_NOT_WATCHED) {
		str_addf(d->l->why,
			"no call '%.*s'; there are: ", rowline_shown(name),
			name.p);
		for (int i = 1; i < SYSCALLS_WATCHED_N; i++)
			str_addf(d->l->why, "%s%s", i > 1 ? ", " : "",
				syscalls_watched_name(
					(enum syscalls_watched)i));
		return -1;
	}
	d->r->calls |= 1u << call;
	return 0;
}

/* Of the calls that no row is about the records need not be read. */
static int note_calls(struct detect_draft *d)
{
	const struct detect_rules *r = d->r;
	bool has_names = false;

	for (uint32_t i = d->row.first; i < d->row.first + d->row.n; i++) {
		const struct detect_test *t = &r->tests[i];

		if (t->field != DETECT_FIELD_syscall || t->is_not ||
			t->op != DETECT_IS)
			continue;
		has_names = true;
		for (uint32_t k = t->first; k < t->first + t->n; k++)
			if (note_call(d, r->values[k]) < 0)
				return -1;
	}
	if (!has_names)
		d->r->calls = UINT32_MAX;
	return 0;
}

static int put_row(struct detect_draft *d)
{
	struct detect_rules *r = d->r;
	struct detect_row *rows = DETECT_ONE_MORE(r, rows, DETECT_ROWS_MAX);

	if (!rows)
		return rowline_full(d->l);
	r->rows = rows;
	rows[r->n_rows++] = d->row;
	return d->row.on == DETECT_CALL ? note_calls(d) : 0;
}

static int take_rest(struct detect_draft *d)
{
	bool is_row = d->keyword == DETECT_ALERT || d->keyword == DETECT_MARK;
	int rc;

	while ((rc = rowline_next(d->l)) > 0) {
		rc = detect_take_option(d);
		if (rc == 0)
			rc = is_row ? detect_take_test(d) : detect_take_mark(d);
		if (rc < 0)
			return -1;
	}
	return rc;
}

static int take_row(struct detect_rules *r, struct rowline *l)
{
	struct detect_draft d = { .r = r,
		.l = l,
		.row = { .first = r->n_tests,
			.uses = DETECT_NONE,
			.bind = DETECT_N_FIELDS,
			.fresh = DETECT_N_FIELDS },
		.alert = {
			.every_ms = EVERY_S * 1000, .of = DETECT_N_FIELDS } };
	int keyword = rowline_pick(
		l, keywords, DETECT_N_KEYWORDS, sizeof(keywords[0]));
	const char *what;

	if (keyword < 0)
		return -1;
	d.keyword = (enum detect_keyword)keyword;
	if (take_name(&d) < 0 || take_rest(&d) < 0)
		return -1;
	what = lacks(&d);
	if (what) {
		str_addf(l->why, "it lacks %s", what);
		return -1;
	}
	d.row.is_mark = d.keyword == DETECT_MARK;
	if (d.keyword != DETECT_MARK && put_alert(&d) < 0)
		return -1;
	return d.keyword <= DETECT_MARK ? put_row(&d) : 0;
}

int detect_rules_line(
	struct detect_rules *r, struct bytes line, struct str *why)
{
	struct rowline l;
	int rc = rowline_open(&l, line, why);

	if (rc > 0)
		rc = rowline_next(&l);
	if (rc > 0)
		rc = take_row(r, &l);
	rowline_close(&l);
	return rc;
}

/* --- finding them -----------------------------------------------------------
 */

uint32_t detect_hash(struct bytes word)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < word.len; i++)
		h = (h ^ (unsigned char)word.p[i]) * 16777619u;
	return h;
}

uint32_t detect_slot(enum detect_on on, uint32_t field, uint32_t hash)
{
	hash += field * 0x9e3779b1u + (uint32_t)on * 0x85ebca6bu;
	return (hash ^ hash >> 15) % DETECT_INDEX_SIZE;
}

/* Whether each of its values begins or ends an executable by DETECT_EDGE bytes
 * of it. */
static bool is_edge(const struct detect_rules *r, const struct detect_test *t)
{
	if (t->field != DETECT_FIELD_exe || t->is_not ||
		(t->op != DETECT_BEGINS && t->op != DETECT_ENDS))
		return false;
	for (uint32_t k = t->first; k < t->first + t->n; k++)
		if (r->values[k].len < DETECT_EDGE)
			return false;
	return true;
}

/* A test that names words which the event has to have. */
static const struct detect_test *finding(
	const struct detect_rules *r, const struct detect_row *row)
{
	for (uint32_t i = row->first; i < row->first + row->n; i++) {
		const struct detect_test *t = &r->tests[i];

		if (t->op == DETECT_IS && !t->is_not &&
			(t->field == DETECT_FIELD_name ||
				t->field == DETECT_FIELD_category ||
				t->field == DETECT_FIELD_type ||
				t->field == DETECT_FIELD_evt))
			return t;
		if (is_edge(r, t))
			return t;
	}
	return NULL;
}

static int put_entry(struct detect_rules *r, uint32_t *head, uint32_t row)
{
	struct detect_entry *entries =
		DETECT_ONE_MORE(r, entries, DETECT_VALUES_MAX);

	if (!entries)
		return -1;
	r->entries = entries;
	entries[r->n_entries] = (struct detect_entry){ row, *head };
	*head = r->n_entries++;
	return 0;
}

static struct bytes word_of(
	const struct detect_test *t, struct bytes value, uint32_t *field)
{
	*field = t->field;
	if (t->op == DETECT_IS)
		return value;
	*field = t->op == DETECT_BEGINS ? DETECT_BY_START : DETECT_BY_END;
	if (t->op == DETECT_ENDS)
		value.p += value.len - DETECT_EDGE;
	return (struct bytes){ value.p, DETECT_EDGE };
}

static int put_words(struct detect_rules *r, uint32_t i)
{
	const struct detect_row *row = &r->rows[i];
	const struct detect_test *t = finding(r, row);

	if (!t)
		return put_entry(r, &r->others[row->on], i);
	for (uint32_t k = t->first; k < t->first + t->n; k++) {
		uint32_t field;
		struct bytes word = word_of(t, r->values[k], &field);

		r->found_by[row->on] |= UINT64_C(1) << field;
		if (put_entry(r,
			    &r->index[detect_slot(
				    row->on, field, detect_hash(word))],
			    i) < 0)
			return -1;
	}
	return 0;
}

static int put_uses(struct detect_rules *r, uint32_t alert)
{
	const struct detect_alert *a = &r->alerts[alert];

	for (uint32_t i = 0; i < a->n_marks; i++) {
		struct detect_use *uses =
			DETECT_ONE_MORE(r, uses, DETECT_VALUES_MAX);
		struct detect_row *row = &r->rows[a->marks[i]];

		if (!uses)
			return -1;
		r->uses = uses;
		uses[r->n_uses] = (struct detect_use){ alert, i, row->uses };
		row->uses = r->n_uses++;
	}
	return 0;
}

/* The last first, so that they stand in the order of the file. */
int detect_rules_done(struct detect_rules *r)
{
	for (uint32_t i = r->n_rows; i; i--)
		if (put_words(r, i - 1) < 0)
			return -1;
	for (uint32_t i = 0; i < r->n_alerts; i++)
		if (put_uses(r, i) < 0)
			return -1;
	return 0;
}
