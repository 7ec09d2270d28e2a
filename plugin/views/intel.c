// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "intel.h"
#include "ioc.h"
#include "json.h"
#include "log.h"
#include "lookup.h"
#include "loop.h"
#include "views.h"

#define WHY_MAX 8192
/* An answer that is not there by then is none. */
#define WAIT_MS   60000
#define ASKED_MAX 1000

/* An argument: what it is, and what is known of it. */
struct asked {
	struct bytes text;
	enum ioc_type type;
	bool is_ioc;
	struct str value, as;
	bool is_over;
	enum intel_severity severity;
	char provider[PROVIDER_NAME_MAX], why[160];
};

struct run {
	struct view_run *view;
	struct lookup *lookup;
	struct loop *loop;
	struct asked *asked;
	size_t n, n_open;
};

/* The first indicator of a text, if it is all of it. */
static bool on_ioc(void *arg, enum ioc_type type, struct bytes value)
{
	struct asked *a = arg;

	if (a->is_ioc && a->type == IOC_URL)
		return false;
	a->is_ioc = true;
	a->type = type;
	str_reset(&a->value);
	str_addb(&a->value, value);
	return type != IOC_URL;
}

static void read_argument(struct asked *a, const char *text)
{
	const struct ioc_conf cf = { .types = IOC_TYPES_DEFAULT };
	struct str line;

	a->text = bytes_of(text);
	str_init(&a->value, IOC_VALUE_MAX);
	str_init(&a->as, IOC_VALUE_MAX);
	str_init(&line, IOC_VALUE_MAX + 16);
	/* Behind a command that has hosts as its arguments. */
	str_addf(&line, "curl %s", text);
	if (str_ok(&line))
		ioc_scan(str_bytes(&line), &cf, on_ioc, a);
	str_fini(&line);
}

static void on_tell(void *arg, const struct broker_verdict *v)
{
	struct run *r = arg;

	for (size_t i = 0; i < r->n; i++) {
		struct asked *a = &r->asked[i];

		if (a->is_over || a->type != v->type ||
			!bytes_equal(str_bytes(&a->as), v->value))
			continue;
		a->severity = v->severity;
		snprintf(a->provider, sizeof(a->provider), "%s", v->provider);
		snprintf(a->why, sizeof(a->why), "%s", v->why);
		if (!v->is_final)
			continue;
		a->is_over = true;
		r->n_open--;
	}
}

static void on_watch(void *arg, int fd, unsigned int what)
{
	struct run *r = arg;

	if (loop_watch(r->loop, fd, what) < 0)
		log_warn("too many connections");
}

static void on_ready(void *arg, int fd, unsigned int what)
{
	struct run *r = arg;

	lookup_ready(r->lookup, fd, what);
}

static void on_timer(void *arg)
{
	struct run *r = arg;

	lookup_tick(r->lookup);
}

static void on_signal(void *arg, int number, pid_t pid)
{
	struct run *r = arg;

	(void)number;
	(void)pid;
	r->n_open = 0;
}

static void give_up(struct asked *a, const char *why)
{
	a->is_over = true;
	snprintf(a->why, sizeof(a->why), "%s", why);
}

static void ask_all(struct run *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct asked *a = &r->asked[i];

		if (!a->is_ioc)
			give_up(a, "not an indicator");
		else if (!lookup_may(r->lookup, a->type, str_bytes(&a->value),
				 &a->as))
			give_up(a, "nobody outside is asked about it");
		r->n_open += !a->is_over;
	}
	for (size_t i = 0; i < r->n; i++)
		if (!r->asked[i].is_over)
			lookup_ask(r->lookup, r->asked[i].type,
				str_bytes(&r->asked[i].as));
}

static void wait_for_answers(struct run *r)
{
	int64_t left_ms = WAIT_MS, end_ms = loop_now_ms() + left_ms;

	/* Nobody is asked at the end, whose answer no one would wait for. */
	while (r->n_open && left_ms > 0) {
		int64_t ms = lookup_due_ms(r->lookup);

		if (ms < 0 || ms > left_ms)
			ms = left_ms;
		loop_wait(r->loop, ms > 1000 ? 1000 : (unsigned)ms);
		left_ms = end_ms - loop_now_ms();
		if (left_ms > 0)
			lookup_tick(r->lookup);
	}
	lookup_end(r->lookup);
}

static void print_json(struct view_run *run, const struct asked *a)
{
	struct str *out = &run->out;

	json_open(out, '{');
	json_field(out, "ioc", a->text);
	if (a->is_ioc)
		json_field(out, "type", bytes_of(ioc_type_name(a->type)));
	if (a->as.len && !bytes_equal(str_bytes(&a->as), a->text))
		json_field(out, "asked", str_bytes(&a->as));
	if (a->severity != INTEL_NOT_ASKED) {
		json_field(out, "severity",
			bytes_of(intel_severity_name(a->severity)));
		json_field(out, "provider", bytes_of(a->provider));
	}
	if (a->why[0])
		json_field(out, "why", bytes_of(a->why));
	json_close(out, '}');
}

static void print_text(struct view_run *run, const struct asked *a)
{
	struct str *out = &run->out;
	bool has = a->severity != INTEL_NOT_ASKED;

	str_addf(out, "%-12s %-14s %-7s ",
		has ? intel_severity_name(a->severity) : "-",
		has ? a->provider : "-",
		a->is_ioc ? ioc_type_name(a->type) : "-");
	json_escape(out, a->text);
	if (a->why[0])
		str_addf(out, "  (%s)", a->why);
}

static void print_all(struct run *r)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->view->options->is_json)
			print_json(r->view, &r->asked[i]);
		else
			print_text(r->view, &r->asked[i]);
		if (!view_print(r->view))
			return;
	}
}

/* Whether everything was answered for. */
static bool is_answered(const struct run *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->asked[i].severity == INTEL_NOT_ASKED)
			return false;
	return true;
}

static void print_provider(struct run *r, const struct provider_conf *p,
	const struct broker_state *s)
{
	struct str *out = &r->view->out;

	if (r->view->options->is_json) {
		json_open(out, '{');
		json_field(out, "provider", bytes_of(p->name));
		json_field(out, "title", bytes_of(p->kind->title));
		json_field_int(out, "per_minute", p->per_minute);
		json_field_int(out, "per_day", p->per_day);
		json_field_int(out, "used_today", s->used);
		json_close(out, '}');
		return;
	}
	str_addf(out, "%-16s %-22s ", p->name, p->kind->title);
	if (p->per_day)
		str_addf(out, "%u of %u today", s->used, p->per_day);
	else
		str_addf(out, "%u today", s->used);
	if (p->per_minute)
		str_addf(out, ", %u a minute", p->per_minute);
}

static int print_providers(struct run *r)
{
	const struct broker *b = lookup_broker(r->lookup);
	struct provider_conf p;
	struct broker_state s;

	for (size_t i = 0; lookup_provider(r->lookup, i, &p); i++) {
		broker_state(b, i, lookup_now(), &s);
		print_provider(r, &p, &s);
		if (!view_print(r->view))
			break;
	}
	return EXIT_SUCCESS;
}

static int start(struct run *r, struct str *why)
{
	struct loop_conf loop = { .ready = on_ready,
		.timer = on_timer,
		.signal = on_signal,
		.arg = r };
	struct lookup_conf lookup = { .config = r->view->config,
		.watch = on_watch,
		.tell = on_tell,
		.arg = r };

	if (strcmp(r->view->config->intel_state, "none"))
		lookup.state = r->view->config->intel_state;
	r->loop = loop_new(&loop);
	r->lookup = r->loop ? lookup_new(&lookup, why) : NULL;
	return r->lookup ? 0 : -1;
}

static int run_arguments(struct run *r)
{
	const struct view_options *o = r->view->options;

	r->n = (size_t)o->n_args;
	r->asked = calloc(r->n, sizeof(*r->asked));
	if (!r->asked)
		return EXIT_FAILURE;
	for (size_t i = 0; i < r->n; i++)
		read_argument(&r->asked[i], o->args[i]);
	ask_all(r);
	wait_for_answers(r);
	print_all(r);
	return is_answered(r) ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* What the configured providers say of the arguments. */
static int feed(struct view_run *run, void (*take)(void *arg, struct event *ev),
	void *arg)
{
	struct run r = { .view = run };
	int rc = EXIT_FAILURE;
	struct str why;

	(void)take;
	(void)arg;
	if (!run->options->n_args && !run->options->has_providers) {
		log_warn("intel needs an indicator, or --providers");
		return 2;
	}
	if (run->options->n_args > ASKED_MAX) {
		log_warn("intel takes %d indicators at a time", ASKED_MAX);
		return 2;
	}
	if (!run->config->n_providers) {
		log_warn("the configuration names no provider; see "
			 "audisp-hunt.conf(5)");
		return EXIT_FAILURE;
	}
	str_init(&why, WHY_MAX);
	if (start(&r, &why) == 0)
		rc = run->options->has_providers ? print_providers(&r)
						 : run_arguments(&r);
	log_warn_lines(str_z(&why));
	str_fini(&why);
	for (size_t i = 0; r.asked && i < r.n; i++) {
		str_fini(&r.asked[i].value);
		str_fini(&r.asked[i].as);
	}
	free(r.asked);
	lookup_free(r.lookup);
	loop_free(r.loop);
	return rc;
}

const struct view view_intel = {
	.name = "intel",
	.help = "what the configured providers say of indicators",
	.is_alone = true,
	.feed = feed,
};
