// SPDX-License-Identifier: GPL-3.0-or-later
/* What stands in a row of alerts: options, tests, marks. */
#include "detect_draft.h"
#include "rowline.h"
#include "text.h"

/* The most of every= and within=, in seconds. */
#define SECONDS_S 604800

static const char *const kinds[] = { "exec", "message", "network", "call" };
static const char *const whose[] = { "session", "user", "host", "addr" };

/* Which of n words the value is; -1: none, and all of them are told. */
static int pick(struct detect_draft *d, struct bytes value,
	const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (bytes_equal(bytes_of(words[i]), value))
			return i;
	str_addf(d->l->why, "no '%.*s'; there are: ", rowline_shown(value),
		value.p);
	for (int i = 0; i < n; i++)
		str_addf(d->l->why, "%s%s", i ? ", " : "", words[i]);
	return -1;
}

static int take_number(struct detect_draft *d, const char *name,
	struct bytes value, uint64_t max, uint64_t *to)
{
	if (text_u64(value, 10, to) == 0 && *to && *to <= max)
		return 0;
	str_addf(d->l->why, "%s is a number from 1 to %llu", name,
		(unsigned long long)max);
	return -1;
}

static int take_seconds(struct detect_draft *d, const char *name,
	struct bytes value, int64_t *ms)
{
	uint64_t s;

	if (take_number(d, name, value, SECONDS_S, &s) < 0)
		return -1;
	*ms = (int64_t)s * 1000;
	return 0;
}

static int take_field(
	struct detect_draft *d, struct bytes value, enum detect_field *to)
{
	*to = detect_field_of(value);
	if (*to < DETECT_N_FIELDS)
		return 0;
	str_addf(d->l->why,
		"no field '%.*s'; there are: ", rowline_shown(value), value.p);
	detect_field_names(d->l->why);
	return -1;
}

static bool is_technique(struct bytes id)
{
	if (id.len < 5 || id.len > 9 || id.p[0] != 'T')
		return false;
	for (size_t i = 1; i < id.len; i++)
		if ((id.p[i] < '0' || id.p[i] > '9') &&
			!(i == 5 && id.p[i] == '.'))
			return false;
	return true;
}

/* The next of a list off its front. */
static struct bytes next_of(struct bytes *list, char end)
{
	const char *p = list->len ? memchr(list->p, end, list->len) : NULL;
	struct bytes one = { list->p, p ? (size_t)(p - list->p) : list->len };

	list->p += one.len + (p ? 1 : 0);
	list->len -= one.len + (p ? 1 : 0);
	return one;
}

/* Ascending, as lines have them. */
static int take_attack(struct detect_draft *d, struct bytes value)
{
	struct detect_alert *a = &d->alert;

	while (value.len) {
		struct bytes id = next_of(&value, ',');
		size_t i = a->n_attack;

		if (!is_technique(id) || i == DETECT_ATTACK_MAX) {
			str_addf(d->l->why,
				"attack has up to %d ids like T1105 or "
				"T1053.003",
				DETECT_ATTACK_MAX);
			return -1;
		}
		id = detect_keep(d->r, id);
		if (!id.p)
			return rowline_full(d->l);
		for (; i && memcmp(a->attack[i - 1].p, id.p, 5) > 0; i--)
			a->attack[i] = a->attack[i - 1];
		a->attack[i] = id;
		a->n_attack++;
	}
	return 0;
}

/* {FIELD} stands for what may be told. */
static int take_why(struct detect_draft *d, struct bytes value)
{
	struct bytes rest = value;

	while (rest.len) {
		enum detect_field field;
		struct bytes name;

		(void)next_of(&rest, '{');
		if (!rest.len)
			break;
		name = next_of(&rest, '}');
		if (take_field(d, name, &field) < 0)
			return -1;
		if (!detect_field_is_told(field)) {
			str_addf(d->l->why, "{%.*s} may hold a secret",
				rowline_shown(name), name.p);
			return -1;
		}
	}
	d->alert.why = detect_keep(d->r, value);
	return d->alert.why.p ? 0 : rowline_full(d->l);
}

static int take_severity(struct detect_draft *d, struct bytes value)
{
	int severity = alert_severity(value);

	if (severity < 0) {
		str_addz(d->l->why, "severity is informational, low, medium "
				    "or high");
		return -1;
	}
	d->alert.severity = (enum alert_severity)severity;
	d->has_severity = true;
	return 0;
}

static int take_on(struct detect_draft *d, struct bytes value)
{
	int on = pick(d, value, kinds, DETECT_N_ON);

	d->row.on = (enum detect_on)on;
	d->has_on = true;
	return on < 0 ? -1 : 0;
}

static int take_by(struct detect_draft *d, struct bytes value)
{
	int by = pick(d, value, whose, 4);

	d->alert.by = (enum detect_by)by;
	return by < 0 ? -1 : 0;
}

static int take_n(struct detect_draft *d, struct bytes value)
{
	uint64_t n;

	if (take_number(d, "n", value, DETECT_BURST_MAX, &n) < 0)
		return -1;
	d->alert.n = (uint32_t)n;
	d->has_n = true;
	return 0;
}

static int take_every(struct detect_draft *d, struct bytes value)
{
	return take_seconds(d, "every", value, &d->alert.every_ms);
}

static int take_within(struct detect_draft *d, struct bytes value)
{
	return take_seconds(d, "within", value, &d->alert.within_ms);
}

static int take_bind(struct detect_draft *d, struct bytes value)
{
	return take_field(d, value, &d->row.bind);
}

static int take_new(struct detect_draft *d, struct bytes value)
{
	return take_field(d, value, &d->row.fresh);
}

static int take_of(struct detect_draft *d, struct bytes value)
{
	return take_field(d, value, &d->alert.of);
}

#define IN(keyword) (1u << (keyword))
#define ALERTING    (IN(DETECT_ALERT) | IN(DETECT_SEQUENCE) | IN(DETECT_BURST))
#define TOGETHER    (IN(DETECT_SEQUENCE) | IN(DETECT_BURST))

static const struct option {
	const char *name;
	unsigned int in; /* rows that may have it */
	int (*take)(struct detect_draft *d, struct bytes value);
} options[] = {
	{ "on", IN(DETECT_ALERT) | IN(DETECT_MARK), take_on },
	{ "severity", ALERTING, take_severity },
	{ "attack", ALERTING, take_attack },
	{ "every", ALERTING, take_every },
	{ "why", ALERTING, take_why },
	{ "new", IN(DETECT_ALERT), take_new },
	{ "bind", IN(DETECT_MARK), take_bind },
	{ "within", TOGETHER, take_within },
	{ "by", TOGETHER, take_by },
	{ "n", IN(DETECT_BURST), take_n },
	{ "of", IN(DETECT_BURST), take_of },
};

/* 1: it was one, 0: it is none. */
int detect_take_option(struct detect_draft *d)
{
	struct bytes token = str_bytes(&d->l->token), name;

	name = next_of(&token, '=');
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (!(options[i].in >> d->keyword & 1) || !token.len ||
			!bytes_equal(bytes_of(options[i].name), name))
			continue;
		return options[i].take(d, token) < 0 ? -1 : 1;
	}
	return 0;
}

/* --- tests ------------------------------------------------------------------
 */

/* Those of two characters come first: each of them ends in the last one. */
static const struct {
	const char *text;
	enum detect_op op;
} ops[] = { { "^=", DETECT_BEGINS }, { "$=", DETECT_ENDS },
	{ "*=", DETECT_HAS }, { ">=", DETECT_LEAST }, { "=", DETECT_IS } };

#define N_OPS (sizeof(ops) / sizeof(ops[0]))

static int take_values(
	struct detect_draft *d, struct detect_test *t, struct bytes rest)
{
	struct detect_rules *r = d->r;

	t->first = r->n_values;
	if (t->op == DETECT_LEAST && text_u64(rest, 10, &t->least) < 0) {
		str_addz(d->l->why, ">= takes a number");
		return -1;
	}
	do {
		struct bytes value = next_of(&rest, '|'), *values;

		/* Any text has nothing in it. */
		if (!value.len && t->op != DETECT_HAS) {
			str_addz(d->l->why, "a test without a value");
			return -1;
		}
		values = DETECT_ONE_MORE(r, values, DETECT_VALUES_MAX);
		if (!values)
			return rowline_full(d->l);
		r->values = values;
		values[r->n_values] = detect_keep(r, value);
		if (!values[r->n_values].p)
			return rowline_full(d->l);
		r->n_values++;
	} while (rest.len);
	t->n = r->n_values - t->first;
	return 0;
}

/* FIELD, or .NAME for a field of the record. */
static int take_subject(
	struct detect_draft *d, struct detect_test *t, struct bytes name)
{
	if (name.len < 2 || name.p[0] != '.')
		return take_field(d, name, &t->field);
	t->field = DETECT_FIELD_record;
	t->name = detect_keep(d->r, (struct bytes){ name.p + 1, name.len - 1 });
	return t->name.p ? 0 : rowline_full(d->l);
}

int detect_take_test(struct detect_draft *d)
{
	struct detect_test t = { .is_not = false }, *tests;
	struct detect_rules *r = d->r;
	const char *text = str_z(&d->l->token), *op;
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz_.-"), i = 0;

	op = text + len;
	t.is_not = *op == '!';
	op += t.is_not;
	while (i < N_OPS && strncmp(op, ops[i].text, strlen(ops[i].text)) != 0)
		i++;
	if (i == N_OPS) {
		str_addf(d->l->why,
			"'%.64s' is neither a test nor an option of such a row",
			text);
		return -1;
	}
	t.op = ops[i].op;
	if (take_subject(d, &t, (struct bytes){ text, len }) < 0)
		return -1;
	op += strlen(ops[i].text);
	if (take_values(d, &t, bytes_of(op)) < 0)
		return -1;
	tests = DETECT_ONE_MORE(r, tests, DETECT_TESTS_MAX);
	if (!tests)
		return rowline_full(d->l);
	r->tests = tests;
	tests[r->n_tests++] = t;
	d->row.n++;
	return 0;
}

uint32_t detect_find_mark(const struct detect_rules *r, struct bytes name)
{
	for (uint32_t i = 0; i < r->n_rows; i++)
		if (r->rows[i].is_mark && bytes_equal(r->rows[i].name, name))
			return i;
	return DETECT_NONE;
}

int detect_take_mark(struct detect_draft *d)
{
	struct detect_alert *a = &d->alert;
	uint32_t row = detect_find_mark(d->r, str_bytes(&d->l->token));

	if (row == DETECT_NONE || a->n_marks == DETECT_STEPS_MAX) {
		str_addf(d->l->why,
			"'%.64s' is no mark of a row before this, or one of "
			"more than %d",
			str_z(&d->l->token), DETECT_STEPS_MAX);
		return -1;
	}
	a->marks[a->n_marks++] = row;
	return 0;
}
