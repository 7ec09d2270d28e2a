// SPDX-License-Identifier: GPL-3.0-or-later
/* Prints what rank has found: as objects, or in the columns asked for. */
#include "rank.h"

#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "event.h"
#include "format.h"
#include "json.h"
#include "log.h"
#include "views.h"

/* What --sort and --columns name. */
enum column_type { COLUMN_TEXT, COLUMN_NUMBER };

struct column {
	const char *name, *title;
	int width;
	enum column_type type;
	double (*number)(const struct rank_row *row);
	void (*text)(struct str *out, const struct rank_row *row);
};

static double total_of(const struct rank_row *row)
{
	return row->judged->score.total;
}

static double freq_of(const struct rank_row *row)
{
	return row->judged->score.parts[SCORE_freq];
}

static double intel_of(const struct rank_row *row)
{
	return row->judged->score.parts[SCORE_intel];
}

static double alert_of(const struct rank_row *row)
{
	return row->judged->score.parts[SCORE_alert];
}

static double count_of(const struct rank_row *row)
{
	return (double)row->count;
}

static double n_hosts_of(const struct rank_row *row)
{
	return (double)row->n_hosts;
}

static void add_time(struct str *out, int64_t time_ms)
{
	char text[FORMAT_TIME_MAX];

	format_time(text, time_ms);
	str_addf(out, "%.19s", text);
}

static void add_first(struct str *out, const struct rank_row *row)
{
	add_time(out, row->first_ms);
}

static void add_last(struct str *out, const struct rank_row *row)
{
	add_time(out, row->last_ms);
}

static void add_hosts(struct str *out, const struct rank_row *row)
{
	for (const struct rank_host *h = row->hosts; h; h = h->next) {
		json_escape(out, bytes_of(h->name));
		if (h->next)
			str_addc(out, ',');
	}
}

static void add_list(struct str *out, const struct bytes *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			str_addc(out, ',');
		json_escape(out, items[i]);
	}
}

static void add_categories(struct str *out, const struct rank_row *row)
{
	add_list(out, row->judged->tags.categories,
		row->judged->tags.n_categories);
}

static void add_bins(struct str *out, const struct rank_row *row)
{
	const struct event_tags *t = &row->judged->tags;

	for (size_t i = 0; i < t->n_bins; i++) {
		if (i)
			str_addc(out, ',');
		json_escape(out, t->bins[i].name);
	}
}

static void add_iocs(struct str *out, const struct rank_row *row)
{
	for (size_t i = 0; i < row->judged->n_iocs; i++) {
		if (i)
			str_addc(out, ',');
		json_escape(out, row->judged->iocs[i].value);
	}
}

static void add_decoded(struct str *out, const struct rank_row *row)
{
	json_escape(out, row->shown);
}

/* The notebook's columns, under our names. */
static const struct column columns[] = {
	{ "total", "TOTAL", 6, COLUMN_NUMBER, total_of, NULL },
	{ "freq", "FREQ", 6, COLUMN_NUMBER, freq_of, NULL },
	{ "intel", "INTEL", 6, COLUMN_NUMBER, intel_of, NULL },
	{ "alert", "ALERT", 6, COLUMN_NUMBER, alert_of, NULL },
	{ "count", "COUNT", 6, COLUMN_NUMBER, count_of, NULL },
	{ "hosts", "HOSTS", 6, COLUMN_NUMBER, n_hosts_of, NULL },
	{ "first", "FIRST SEEN (UTC)", 20, COLUMN_TEXT, NULL, add_first },
	{ "last", "LAST SEEN (UTC)", 20, COLUMN_TEXT, NULL, add_last },
	{ "names", "HOST NAMES", 16, COLUMN_TEXT, NULL, add_hosts },
	{ "categories", "CATEGORIES", 30, COLUMN_TEXT, NULL, add_categories },
	{ "bins", "GTFOBINS", 20, COLUMN_TEXT, NULL, add_bins },
	{ "iocs", "IOCS", 30, COLUMN_TEXT, NULL, add_iocs },
	{ "decoded", "DECODED COMMAND", 0, COLUMN_TEXT, NULL, add_decoded },
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))
#define COLUMNS_USUAL                                                          \
	"total,freq,intel,alert,count,hosts,first,last,categories,decoded"

static const struct column *column_get(struct bytes name)
{
	for (size_t i = 0; i < N_COLUMNS; i++)
		if (bytes_equal(bytes_of(columns[i].name), name))
			return &columns[i];
	return NULL;
}

static int bad_column(struct bytes name)
{
	struct str names;

	str_init(&names, 1024);
	for (size_t i = 0; i < N_COLUMNS; i++)
		str_addf(&names, "%s%s", i ? ", " : "", columns[i].name);
	log_warn("no column '%.*s'; there are: %s", (int)name.len, name.p,
		str_z(&names));
	str_fini(&names);
	return -1;
}

/* Takes the names apart. -1: there is one we don't know. */
static int choose(const char *list, const struct column **chosen, size_t *n)
{
	struct bytes rest = bytes_of(list);

	for (*n = 0; rest.len && *n < N_COLUMNS;) {
		const char *comma = memchr(rest.p, ',', rest.len);
		struct bytes name = { rest.p,
			comma ? (size_t)(comma - rest.p) : rest.len };

		chosen[*n] = column_get(name);
		if (!chosen[*n])
			return bad_column(name);
		++*n;
		rest.p += name.len + (comma ? 1 : 0);
		rest.len -= name.len + (comma ? 1 : 0);
	}
	return 0;
}

static int start(struct view_run *run)
{
	const struct view_options *o = run->options;
	const struct column *chosen[N_COLUMNS];
	struct rank_conf cf = { .config = run->config,
		.alerts = run->alerts,
		.baseline = run->baseline,
		.judge = run->judge,
		.redact = run->redact,
		.arg = run->arg };
	size_t n;

	if (o->columns && choose(o->columns, chosen, &n) < 0)
		return -1;
	if (o->sort && !column_get(bytes_of(o->sort)))
		return bad_column(bytes_of(o->sort));
	run->state = rank_new(&cf);
	if (run->state)
		return 0;
	log_warn("out of memory");
	return -1;
}

static void event(struct view_run *run, const struct event *ev)
{
	rank_note(run->state, ev);
}

/* In the order of first sight. */
static void json_hosts(struct str *out, const struct rank_host *h)
{
	if (!h)
		return;
	json_hosts(out, h->next);
	json_bytes(out, bytes_of(h->name));
}

static void print_json(
	struct view_run *run, const struct rank_row *row, size_t rank)
{
	struct str *out = &run->out;

	json_open(out, '{');
	json_field_int(out, "rank", (long long)rank);
	json_field_num(out, "total", total_of(row));
	json_field_num(out, "freq", freq_of(row));
	json_field_num(out, "intel", intel_of(row));
	json_field_num(out, "alert", alert_of(row));
	view_json_parts(out, row->judged);
	json_field(out, "decoded", row->shown);
	json_field_int(out, "count", (long long)row->count);
	json_key(out, "hosts");
	json_open(out, '[');
	json_hosts(out, row->hosts);
	json_close(out, ']');
	view_json_tags(out, row->judged);
	view_json_functions(out, row->judged);
	view_json_iocs(out, row->judged);
	view_json_time(out, "first_seen", row->first_ms);
	view_json_time(out, "last_seen", row->last_ms);
	view_json_redacted(out, row->judged);
	json_close(out, '}');
	view_print(run);
}

static void print_text(struct view_run *run, const struct rank_row *row,
	size_t rank, const struct column **chosen, size_t n)
{
	struct str *out = &run->out;

	str_addf(out, "%4zu ", rank);
	for (size_t i = 0; i < n; i++) {
		const struct column *c = chosen[i];
		size_t before = out->len, width = (size_t)c->width;

		if (c->type == COLUMN_NUMBER)
			str_addf(out, "%*.*f", c->width,
				c->number == count_of || c->number == n_hosts_of
					? 0
					: 2,
				c->number(row));
		else
			c->text(out, row);
		while (i + 1 < n && out->len - before < width)
			str_addc(out, ' ');
		str_addc(out, ' ');
	}
	out->len--;
	view_print(run);
}

static void print_titles(
	struct view_run *run, const struct column **chosen, size_t n)
{
	str_addz(&run->out, "RANK ");
	for (size_t i = 0; i < n; i++)
		str_addf(&run->out,
			chosen[i]->type == COLUMN_NUMBER ? "%*s " : "%-*s ",
			chosen[i]->width, chosen[i]->title);
	run->out.len--;
	view_print(run);
}

static const struct column *sort_column;

static int compare(const void *va, const void *vb)
{
	const struct rank_row *a = *(struct rank_row *const *)va;
	const struct rank_row *b = *(struct rank_row *const *)vb;
	double x, y;

	if (sort_column->type == COLUMN_TEXT)
		return a->first_ms < b->first_ms ? -1
						 : a->first_ms > b->first_ms;
	x = sort_column->number(a);
	y = sort_column->number(b);
	return x > y ? -1 : x < y;
}

static void print(struct view_run *run, struct rank_row **rows, size_t n)
{
	const struct view_options *o = run->options;
	double least = o->select.has_min_score ? o->select.min_score : 0;
	const struct column *chosen[N_COLUMNS];
	size_t n_chosen = 0, printed = 0;

	if (choose(o->columns ? o->columns : COLUMNS_USUAL, chosen, &n_chosen) <
		0)
		return;
	if (o->sort) {
		sort_column = column_get(bytes_of(o->sort));
		qsort(rows, n, sizeof(rows[0]), compare);
	}
	if (!o->is_json)
		print_titles(run, chosen, n_chosen);
	for (size_t i = 0; i < n && (!o->top || printed < o->top); i++) {
		if (total_of(rows[i]) < least)
			continue;
		if (o->is_json)
			print_json(run, rows[i], i + 1);
		else
			print_text(run, rows[i], i + 1, chosen, n_chosen);
		printed++;
	}
}

static void finish(struct view_run *run)
{
	struct rank *r = run->state;
	size_t n;
	struct rank_row **rows = rank_rows(r, &n);

	if (rows)
		print(run, rows, n);
	else
		log_warn("out of memory");
	if (rank_left_out(r))
		log_warn("%llu sightings left out: too many unique commands",
			(unsigned long long)rank_left_out(r));
	rank_free(r);
}

const struct view view_rank = {
	.name = "rank",
	.help = "unique decoded commands by score",
	.has_totals = true,
	.start = start,
	.event = event,
	.typed = event,
	.finish = finish,
};
