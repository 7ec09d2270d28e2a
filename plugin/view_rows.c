// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_rows.h"

#include <stdlib.h>
#include <sys/random.h>

#include "format.h"
#include "json.h"
#include "log.h"
#include "map.h"
#include "views.h"

struct row {
	int64_t first_ms, last_ms;
	uint64_t count;
	double worth;
	size_t number; /* of coming */
	char id[FORMAT_ID_MAX];
	size_t len;
	char text[];
};

struct view_rows {
	uint64_t seed[2];
	struct map *map; /* by a hash of the text: an index */
	struct row **rows;
	size_t n, size;
	uint64_t left_out;
};

struct view_rows *view_rows_new(void)
{
	struct view_rows *r = calloc(1, sizeof(*r));
	struct map_conf cf = { .key_len = sizeof(uint64_t),
		.value_len = sizeof(size_t),
		.max = VIEW_ROWS_MAX };

	if (r && getrandom(r->seed, sizeof(r->seed), 0) > 0) {
		memcpy(cf.seed, r->seed, sizeof(cf.seed));
		r->map = map_new(&cf);
	}
	if (r && r->map)
		return r;
	free(r);
	log_warn("out of memory");
	return NULL;
}

void view_rows_free(struct view_rows *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++)
		free(r->rows[i]);
	free(r->rows);
	map_free(r->map);
	free(r);
}

/* NULL: out of memory, or too many. */
static struct row *add(struct view_rows *r, const struct view_row *from)
{
	size_t len = from->text.len;
	struct row *row, **more;

	if (r->n == VIEW_ROWS_MAX)
		return NULL;
	if (r->n == r->size) {
		more = realloc(
			r->rows, (r->size ? 2 * r->size : 256) * sizeof(*more));
		if (!more)
			return NULL;
		r->rows = more;
		r->size = r->size ? 2 * r->size : 256;
	}
	row = malloc(sizeof(*row) + len);
	if (!row)
		return NULL;
	*row = (struct row){ .first_ms = from->time_ms,
		.last_ms = from->time_ms,
		.worth = from->worth,
		.number = r->n,
		.len = len };
	if (len)
		memcpy(row->text, from->text.p, len);
	if (from->id.len < sizeof(row->id) && from->id.len)
		memcpy(row->id, from->id.p, from->id.len);
	r->rows[r->n++] = row;
	return row;
}

static bool is_same(const struct row *row, struct bytes text)
{
	return bytes_equal((struct bytes){ row->text, row->len }, text);
}

void view_rows_note(struct view_rows *r, const struct view_row *from)
{
	uint64_t key = map_siphash(r->seed, from->text.p, from->text.len);
	size_t *at = map_find(r->map, &key);
	struct row *row = NULL;

	if (at && is_same(r->rows[*at], from->text))
		row = r->rows[*at];
	else if ((row = add(r, from)) && !at && (at = map_note(r->map, &key)))
		*at = r->n - 1;
	if (!row) {
		r->left_out++;
		return;
	}
	row->count++;
	if (from->time_ms > row->last_ms)
		row->last_ms = from->time_ms;
	if (from->time_ms < row->first_ms)
		row->first_ms = from->time_ms;
	if (from->worth > row->worth)
		row->worth = from->worth;
}

static int by_worth(const void *a, const void *b)
{
	const struct row *x = *(const struct row *const *)a;
	const struct row *y = *(const struct row *const *)b;

	if (x->worth != y->worth)
		return x->worth > y->worth ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int by_time(const void *a, const void *b)
{
	const struct row *x = *(const struct row *const *)a;
	const struct row *y = *(const struct row *const *)b;

	if (x->first_ms != y->first_ms)
		return x->first_ms < y->first_ms ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static void print_json(struct str *out, const struct row *row)
{
	json_open(out, '{');
	view_json_time(out, "time", row->first_ms);
	if (row->id[0])
		json_field(out, "id", bytes_of(row->id));
	if (row->count > 1) {
		json_field_int(out, "count", (long long)row->count);
		view_json_time(out, "last", row->last_ms);
	}
	str_addc(out, ',');
	str_add(out, row->text, row->len);
	json_close(out, '}');
}

/* DATE TIME TEXT (N times, until DATE TIME) */
static void print_text(struct str *out, const struct row *row)
{
	view_add_time(out, row->first_ms);
	str_addc(out, ' ');
	str_add(out, row->text, row->len);
	if (row->count < 2)
		return;
	str_addf(out, " (%llu times, until ", (unsigned long long)row->count);
	view_add_time(out, row->last_ms);
	str_addc(out, ')');
}

void view_rows_print(struct view_rows *r, struct view_run *run)
{
	const struct view_options *o = run->options;
	size_t n = r->n;

	if (o->top && n > o->top) {
		qsort(r->rows, n, sizeof(r->rows[0]), by_worth);
		n = o->top;
	}
	if (n)
		qsort(r->rows, n, sizeof(r->rows[0]), by_time);
	for (size_t i = 0; i < n; i++) {
		if (o->select.has_min_score &&
			r->rows[i]->worth < o->select.min_score)
			continue;
		if (o->is_json)
			print_json(&run->out, r->rows[i]);
		else
			print_text(&run->out, r->rows[i]);
		if (!view_print(run))
			break;
	}
	if (r->left_out)
		log_warn("%llu rows did not fit into memory",
			(unsigned long long)r->left_out);
}
