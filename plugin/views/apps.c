// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What ran: each program with how often, by whom and when, and its command
 * lines in as few forms as there are: numbers in them count as one.
 */
#include <stdlib.h>
#include <sys/random.h>

#include "detect.h"
#include "event.h"
#include "json.h"
#include "lineage.h"
#include "log.h"
#include "map.h"
#include "payload.h"
#include "text.h"
#include "view_alert.h"
#include "view_form.h"
#include "view_process.h"
#include "views.h"

/* Programs, of which the oldest go; and of each, users and forms. */
#define APPS_MAX  65536
#define USERS_MAX 8
#define FORMS_MAX 16
/* Forms that a line of text shows, and bytes of one. */
#define SHOWN_MAX 3
#define FORM_MAX  160

struct form {
	uint64_t hash, count;
	uint64_t first; /* run that had it */
	struct bytes text; /* own */
};

struct app {
	struct bytes node, exe; /* own */
	uint64_t runs, failed, hidden, calls, alerts, as_root;
	int64_t first_ms, last_ms;
	double score;
	uint32_t users[USERS_MAX]; /* auid */
	size_t n_users, more_users;
	struct form forms[FORMS_MAX];
	size_t n_forms;
	uint64_t more_forms; /* runs of others */
};

struct key {
	uint64_t node, exe;
};

struct apps {
	struct map *map; /* to struct app * */
	uint64_t seed[2], evicted;
	struct str form;
};

static int start(struct view_run *run)
{
	struct apps *as = calloc(1, sizeof(*as));
	struct map_conf cf = { .key_len = sizeof(struct key),
		.value_len = sizeof(struct app *),
		.max = APPS_MAX + 1 };

	if (as && getrandom(as->seed, sizeof(as->seed), 0) > 0) {
		memcpy(cf.seed, as->seed, sizeof(cf.seed));
		as->map = map_new(&cf);
	}
	if (!as || !as->map) {
		free(as);
		log_warn("out of memory");
		return -1;
	}
	str_init(&as->form, 4096);
	run->state = as;
	return 0;
}

static struct bytes copy_of(struct bytes b)
{
	char *copy = b.p ? malloc(b.len + 1) : NULL;

	if (copy && b.len)
		memcpy(copy, b.p, b.len);
	return (struct bytes){ copy, copy ? b.len : 0 };
}

static void drop(struct bytes b)
{
	free((void *)(uintptr_t)b.p);
}

static void app_free(struct app *a)
{
	drop(a->node);
	drop(a->exe);
	for (size_t i = 0; i < a->n_forms; i++)
		drop(a->forms[i].text);
	free(a);
}

static uint64_t hash(const struct apps *as, struct bytes b)
{
	return map_siphash(as->seed, b.p ? b.p : "", b.len);
}

static void drop_oldest(struct apps *as)
{
	const void *found;
	struct key key;
	uint32_t i = 0;
	struct app **a = map_next(as->map, &i, &found);

	memcpy(&key, found, sizeof(key));
	app_free(*a);
	map_drop(as->map, &key);
	as->evicted++;
}

static void note_time(struct app *a, int64_t time_ms)
{
	if (time_ms < a->first_ms)
		a->first_ms = time_ms;
	if (time_ms > a->last_ms)
		a->last_ms = time_ms;
}

/* NULL: out of memory. */
static struct app *app_of(
	struct apps *as, struct bytes node, struct bytes exe, int64_t time_ms)
{
	struct key key = { hash(as, node), hash(as, exe) };
	struct app **to = map_touch(as->map, &key);

	if (to) {
		note_time(*to, time_ms);
		return *to;
	}
	if (map_count(as->map) == APPS_MAX)
		drop_oldest(as);
	to = map_note(as->map, &key);
	if (!to)
		return NULL;
	*to = calloc(1, sizeof(**to));
	if (!*to) {
		map_drop(as->map, &key);
		return NULL;
	}
	(*to)->node = copy_of(node);
	(*to)->exe = copy_of(exe);
	(*to)->first_ms = (*to)->last_ms = time_ms;
	return *to;
}

static struct app *app_of_event(struct apps *as, const struct event *ev)
{
	return app_of(as, ev->node, ev->exe, ev->time_ms);
}

static void note_user(struct app *a, uint32_t id)
{
	for (size_t i = 0; i < a->n_users; i++)
		if (a->users[i] == id)
			return;
	if (a->n_users == USERS_MAX)
		a->more_users++;
	else
		a->users[a->n_users++] = id;
}

static void set_form(struct apps *as, const struct event *ev)
{
	str_reset(&as->form);
	for (size_t i = 0; i < ev->argc && as->form.len < FORM_MAX; i++) {
		if (i)
			str_addc(&as->form, ' ');
		view_form_add(&as->form, ev->argv[i], FORM_MAX);
	}
}

/* Counts what stands in as->form. */
static void note_form(struct apps *as, struct app *a)
{
	struct bytes form = text_whole(&as->form);
	uint64_t h = hash(as, form);

	for (size_t i = 0; i < a->n_forms; i++) {
		if (a->forms[i].hash != h)
			continue;
		a->forms[i].count++;
		return;
	}
	if (a->n_forms == FORMS_MAX) {
		a->more_forms++;
		return;
	}
	a->forms[a->n_forms++] = (struct form){ h, 1, a->runs, copy_of(form) };
}

static void event(struct view_run *run, const struct event *ev)
{
	struct app *a = app_of_event(run->state, ev);

	if (!a)
		return;
	if (ev->has_success && !ev->success) {
		a->failed++;
		return;
	}
	a->runs++;
	a->hidden += ev->n_layers > 0;
	a->as_root += ev->euid.has && ev->euid.id == 0;
	if (ev->score.total > a->score)
		a->score = ev->score.total;
	note_user(a, ev->auid.has ? ev->auid.id : EVENT_UNSET);
	set_form(run->state, ev);
	note_form(run->state, a);
}

static void network(struct view_run *run, const struct event *ev)
{
	struct app *a = app_of_event(run->state, ev);

	if (a)
		a->calls++;
}

static void alert(struct view_run *run, const struct event *ev)
{
	struct app *a = ev->exe.p ? app_of_event(run->state, ev) : NULL;

	if (a)
		a->alerts++;
}

/* A process as the state has it: with the last of its programs. */
static void note_process(struct view_run *run, const struct lineage_process *p)
{
	struct apps *as = run->state;
	struct bytes node = p->node.len ? p->node : (struct bytes){ NULL, 0 };
	struct app *a = app_of(as, node, p->exe, p->time_ms);
	bool is_executed;

	if (!a)
		return;
	a->runs++;
	a->as_root += p->uid == 0;
	a->hidden += payload_of(run->payloads, p->guid, &is_executed) &&
		     !is_executed;
	note_user(a, p->auid);
	str_reset(&as->form);
	view_form_add(&as->form, p->cmd, FORM_MAX);
	note_form(as, a);
}

static int read_state(struct view_run *run)
{
	struct view_processes *vp = view_processes_new(run);
	struct lineage_process p;
	struct detect_alert_told told;
	uint32_t at = 0;

	while (vp && lineage_next(run->lineage, &at, &p))
		if (view_process_is_wanted(vp, &p))
			note_process(run, &p);
	for (size_t i = 0; vp && detect_told_at(run->detect, i, &told); i++) {
		struct app *a =
			told.exe.p && view_alert_is_asked_for(run, &told)
				? app_of(run->state, told.host, told.exe,
					  told.time_ms)
				: NULL;

		if (a)
			a->alerts++;
	}
	view_processes_free(vp);
	return vp ? 0 : -1;
}

static void json_forms(struct str *out, const struct app *a)
{
	json_key(out, "templates");
	json_open(out, '[');
	for (size_t i = 0; i < a->n_forms; i++) {
		json_open(out, '{');
		json_field(out, "cmd", a->forms[i].text);
		json_field_int(out, "count", (long long)a->forms[i].count);
		json_close(out, '}');
	}
	json_close(out, ']');
	if (a->more_forms)
		json_field_int(out, "templates_more", (long long)a->more_forms);
}

static void print_json(struct str *out, const struct app *a)
{
	json_open(out, '{');
	json_field(out, "exe", a->exe.p ? a->exe : BYTES(""));
	json_field(out, "node", a->node.p ? a->node : BYTES(""));
	json_field_int(out, "count", (long long)a->runs);
	json_field_int(out, "failed", (long long)a->failed);
	json_field_int(out, "root", (long long)a->as_root);
	json_key(out, "auids");
	json_open(out, '[');
	for (size_t i = 0; i < a->n_users; i++) {
		if (a->users[i] == EVENT_UNSET)
			json_null(out);
		else
			json_int(out, a->users[i]);
	}
	json_close(out, ']');
	json_field_int(out, "hidden", (long long)a->hidden);
	json_field_int(out, "network", (long long)a->calls);
	json_field_int(out, "alerts", (long long)a->alerts);
	view_json_time(out, "first", a->first_ms);
	view_json_time(out, "last", a->last_ms);
	json_field_num(out, "score", a->score);
	json_forms(out, a);
	json_close(out, '}');
}

static void add_count(struct str *out, uint64_t n, const char *what)
{
	if (n)
		str_addf(out, ", %llu %s", (unsigned long long)n, what);
}

/* [NODE] EXE: COUNTS, FIRST to LAST, and below it the forms */
static void print_text(struct str *out, const struct app *a)
{
	if (a->node.p) {
		json_escape(out, a->node);
		str_addc(out, ' ');
	}
	json_escape(out, a->exe.p ? a->exe : BYTES("?"));
	str_addf(out, ": %llu times", (unsigned long long)a->runs);
	add_count(out, a->failed, "failed");
	add_count(out, a->as_root, "as root");
	add_count(out, a->n_users + a->more_users, "users");
	add_count(out, a->hidden, "with hidden text");
	add_count(out, a->calls, "network calls");
	add_count(out, a->alerts, "alerts");
	str_addz(out, ", score ");
	str_addd(out, a->score);
	str_addz(out, ", ");
	view_add_time(out, a->first_ms);
	str_addz(out, " to ");
	view_add_time(out, a->last_ms);
	for (size_t i = 0; i < a->n_forms && i < SHOWN_MAX; i++) {
		str_addf(out, "\n  %llu ",
			(unsigned long long)a->forms[i].count);
		json_escape(out, a->forms[i].text);
	}
	if (a->n_forms > SHOWN_MAX || a->more_forms)
		str_addz(out, "\n  ...");
}

static int by_score(const void *a, const void *b)
{
	const struct app *x = *(const struct app *const *)a;
	const struct app *y = *(const struct app *const *)b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->runs != y->runs)
		return x->runs > y->runs ? -1 : 1;
	return x->first_ms < y->first_ms ? -1 : x->first_ms > y->first_ms;
}

static int by_count(const void *a, const void *b)
{
	const struct form *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static void print_all(struct view_run *run, struct app **list, size_t n)
{
	const struct view_options *o = run->options;

	if (n)
		qsort(list, n, sizeof(*list), by_score);
	if (o->top && n > o->top)
		n = o->top;
	for (size_t i = 0; i < n; i++) {
		if (o->select.has_min_score &&
			list[i]->score < o->select.min_score)
			break;
		qsort(list[i]->forms, list[i]->n_forms,
			sizeof(list[i]->forms[0]), by_count);
		if (o->is_json)
			print_json(&run->out, list[i]);
		else
			print_text(&run->out, list[i]);
		if (!view_print(run))
			break;
	}
}

static void finish(struct view_run *run)
{
	struct apps *as = run->state;
	struct app **list, **a;
	const void *key;
	uint32_t i = 0;
	size_t n = 0;

	if (run->options->is_live && read_state(run) < 0)
		log_warn("out of memory");
	list = malloc((map_count(as->map) + (size_t)1) * sizeof(*list));
	while ((a = map_next(as->map, &i, &key))) {
		if (list)
			list[n++] = *a;
		else
			app_free(*a);
	}
	if (list)
		print_all(run, list, n);
	else
		log_warn("out of memory");
	if (as->evicted)
		log_warn("%llu programs did not fit into memory",
			(unsigned long long)as->evicted);
	while (n)
		app_free(list[--n]);
	free(list);
	map_free(as->map);
	str_fini(&as->form);
	free(as);
}

const struct view view_apps = {
	.name = "apps",
	.help = "what ran: programs with counts, users and forms of commands",
	.has_totals = true,
	.has_live = true,
	.start = start,
	.event = event,
	.network = network,
	.alert = alert,
	.finish = finish,
};
