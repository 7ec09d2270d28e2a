// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_rows.h"

#include <math.h>
#include <stdlib.h>

#include "pattern.h"
#include "rowline.h"
#include "text.h"

/* Rows and tests are made this many at a time. */
#define STEP 16

static const char *const fields[FILTER_N_FIELDS] = { "user", "auser", "group",
	"exe", "comm", "cmd", "cwd", "tty", "key", "node", "syscall", "success",
	"parent", "ancestor", "container" };

/* Those of two characters come first: each of them ends in the last one. */
static const struct {
	const char *text;
	enum filter_op op;
} ops[] = { { "!=", FILTER_NOT }, { "^=", FILTER_BEGINS },
	{ "$=", FILTER_ENDS }, { "*=", FILTER_HAS }, { "~=", FILTER_MATCHES },
	{ "=", FILTER_IS } };

struct filter_rules *filter_rules_new(void)
{
	return calloc(1, sizeof(struct filter_rules));
}

static void test_fini(struct filter_test *t)
{
	str_fini(&t->value);
	pattern_free(t->code);
}

void filter_rules_free(struct filter_rules *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_tests; i++)
		test_fini(&r->tests[i]);
	free(r->tests);
	free(r->rows);
	free(r);
}

size_t filter_rules_count(const struct filter_rules *r)
{
	return r->n_names;
}

const char *filter_rules_name(const struct filter_rules *r, size_t i)
{
	return r->names[i];
}

static int find_name(const struct filter_rules *r, struct bytes name)
{
	for (size_t i = 0; i < r->n_names; i++)
		if (bytes_equal(bytes_of(r->names[i]), name))
			return (int)i;
	return -1;
}

static int pick_one(const struct filter_rules *r, struct bytes name,
	uint64_t *bits, struct str *why)
{
	int i = r ? find_name(r, name) : -1;

	if (i >= 0) {
		*bits |= UINT64_C(1) << i;
		return 0;
	}
	str_addf(why, "no filter '%.*s'; there are: all, none",
		rowline_shown(name), name.p);
	for (size_t j = 0; r && j < r->n_names; j++)
		str_addf(why, ", %s", r->names[j]);
	return -1;
}

int filter_rules_pick(const struct filter_rules *r, struct bytes names,
	uint64_t *bits, struct str *why)
{
	*bits = UINT64_MAX;
	if (bytes_equal(names, BYTES("all")))
		return 0;
	*bits = 0;
	if (bytes_equal(names, BYTES("none")))
		return 0;
	while (names.len) {
		const char *comma = memchr(names.p, ',', names.len);
		size_t len = comma ? (size_t)(comma - names.p) : names.len;

		if (pick_one(r, (struct bytes){ names.p, len }, bits, why) < 0)
			return -1;
		names.p += len + (comma ? 1 : 0);
		names.len -= len + (comma ? 1 : 0);
	}
	return 0;
}

static int take_name(
	struct filter_rules *r, struct rowline *l, unsigned int *name)
{
	int rc = rowline_next(l), i;
	struct bytes token = str_bytes(&l->token);

	if (rc < 0)
		return -1;
	if (!token.len || token.len > FILTER_NAME_LEN ||
		strspn(str_z(&l->token),
			"abcdefghijklmnopqrstuvwxyz0123456789_") != token.len ||
		bytes_equal(token, BYTES("all")) ||
		bytes_equal(token, BYTES("none"))) {
		str_addf(l->why,
			"a name has to follow, 1 to %d of a-z, 0-9 and _, "
			"other than all and none, not '%.64s'",
			FILTER_NAME_LEN, str_z(&l->token));
		return -1;
	}
	i = find_name(r, token);
	if (i < 0 && r->n_names == FILTER_NAMES_MAX) {
		str_addf(l->why, "more than %d names", FILTER_NAMES_MAX);
		return -1;
	}
	if (i < 0) {
		i = (int)r->n_names++;
		memcpy(r->names[i], token.p, token.len);
	}
	*name = (unsigned int)i;
	return 0;
}

/* Splits FIELD OPERATOR VALUE. */
static int split(struct rowline *l, struct filter_test *t, struct bytes *value)
{
	const char *text = str_z(&l->token);
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"), i = 0, j = 0;
	struct bytes name = { text, len };

	while (i < FILTER_N_FIELDS && !bytes_equal(bytes_of(fields[i]), name))
		i++;
	while (j < sizeof(ops) / sizeof(ops[0]) &&
		strncmp(text + len, ops[j].text, strlen(ops[j].text)) != 0)
		j++;
	if (j == sizeof(ops) / sizeof(ops[0])) {
		str_addf(l->why,
			"'%.64s' is no test: FIELD, one of = != ^= $= *= ~=, "
			"VALUE",
			text);
		return -1;
	}
	if (i == FILTER_N_FIELDS) {
		str_addf(l->why,
			"no field '%.*s'; there are: ", rowline_shown(name),
			text);
		for (i = 0; i < FILTER_N_FIELDS; i++)
			str_addf(l->why, "%s%s", i ? ", " : "", fields[i]);
		return -1;
	}
	t->field = (enum filter_field)i;
	t->op = ops[j].op;
	len += strlen(ops[j].text);
	*value = (struct bytes){ text + len, l->token.len - len };
	return 0;
}

static int set_value(
	struct rowline *l, struct filter_test *t, struct bytes value)
{
	bool is_user = t->field <= FILTER_GROUP;
	uint64_t number = 0;

	if (!value.len) {
		str_addf(l->why, "%s has no value", fields[t->field]);
		return -1;
	}
	t->is_number = is_user && (t->op == FILTER_IS || t->op == FILTER_NOT) &&
		       text_u64(value, 10, &number) == 0 &&
		       number <= UINT32_MAX;
	t->number = (uint32_t)number;
	if (t->field == FILTER_SUCCESS && !bytes_equal(value, BYTES("yes")) &&
		!bytes_equal(value, BYTES("no"))) {
		str_addz(l->why, "success is yes or no");
		return -1;
	}
	str_init(&t->value, ROWLINE_LEN_MAX);
	str_addb(&t->value, value);
	if (t->op == FILTER_MATCHES)
		t->code = pattern_new(value, l->why);
	return !str_ok(&t->value) || (t->op == FILTER_MATCHES && !t->code) ? -1
									   : 0;
}

/* One more of an array that grows by steps. */
static void *one_more(void *array, size_t n, size_t size, size_t max)
{
	if (n >= max)
		return NULL;
	return n % STEP ? array : realloc(array, (n + STEP) * size);
}

static int take_test(struct filter_rules *r, struct rowline *l)
{
	struct filter_test t = { .is_number = false }, *tests;
	struct bytes value;

	if (split(l, &t, &value) < 0)
		return -1;
	if (set_value(l, &t, value) < 0) {
		test_fini(&t);
		return -1;
	}
	tests = one_more(
		r->tests, r->n_tests, sizeof(*r->tests), FILTER_TESTS_MAX);
	if (!tests) {
		test_fini(&t);
		return rowline_full(l);
	}
	r->tests = tests;
	r->tests[r->n_tests++] = t;
	return 0;
}

static int take_depth(struct rowline *l, struct bytes value, uint32_t *depth)
{
	uint64_t levels;

	if (text_u64(value, 10, &levels) < 0 || !levels ||
		levels > FILTER_DEPTH_MAX) {
		str_addf(l->why, "depth is a number from 1 to %d",
			FILTER_DEPTH_MAX);
		return -1;
	}
	*depth = (uint32_t)levels;
	return 0;
}

static int take_row(struct filter_rules *r, struct rowline *l)
{
	struct filter_row row = {
		.below = HUGE_VAL, .depth = UINT32_MAX, .first_test = r->n_tests
	};
	struct filter_row *rows;
	struct bytes value;
	int rc;

	if (take_name(r, l, &row.name) < 0)
		return -1;
	while ((rc = rowline_next(l)) > 0) {
		if (rowline_has_value(l, "below", &value))
			rc = rowline_weight(l, value, &row.below);
		else if (rowline_has_value(l, "depth", &value))
			rc = take_depth(l, value, &row.depth);
		else
			rc = take_test(r, l);
		if (rc < 0)
			return -1;
	}
	if (rc < 0)
		return -1;
	row.n_tests = r->n_tests - row.first_test;
	if (!row.n_tests) {
		str_addz(
			l->why, "without a test it would hold for every event");
		return -1;
	}
	rows = one_more(r->rows, r->n_rows, sizeof(*rows), FILTER_ROWS_MAX);
	if (!rows)
		return rowline_full(l);
	r->rows = rows;
	r->rows[r->n_rows++] = row;
	return 0;
}

int filter_rules_line(
	struct filter_rules *r, struct bytes line, struct str *why)
{
	struct rowline l;
	int rc = rowline_open_row(&l, line, "filter", why);

	if (rc > 0)
		rc = take_row(r, &l);
	rowline_close(&l);
	return rc;
}
