// SPDX-License-Identifier: GPL-3.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "alert.h"
#include "config.h"
#include "event.h"
#include "intel.h"
#include "json.h"
#include "log.h"
#include "logfile.h"
#include "metrics.h"
#include "pipeline.h"
#include "tables.h"
#include "text.h"
#include "views.h"

#define EXIT_USAGE 2
/* A line of output: an argv of 2 MiB, each byte escaped, and its Base64. */
#define OUT_MAX    (64u << 20)
#define KEEP_BYTES (256 * 1024)

#define VIEW(name) extern const struct view view_##name;
#include "views.def"
#undef VIEW

const struct view *const view_all[] = {
#define VIEW(name) &view_##name,
#include "views.def"
#undef VIEW
};

const size_t view_n = sizeof(view_all) / sizeof(view_all[0]);

struct hunt {
	const struct view *view;
	struct view_options options;
	struct view_run run;
	struct config config;
	struct metrics metrics;
	struct pipeline *pipeline;
	struct intel_table *intel;
	struct alert_table *alerts;
	int rc;
};

static void usage(FILE *to)
{
	fputs("usage: auhunt COMMAND [OPTIONS] [FILE...]\n\ncommands:\n", to);
	for (size_t i = 0; i < view_n; i++)
		fprintf(to, "  %-10s %s\n", view_all[i]->name,
			view_all[i]->help);
	fputs("\noptions:\n"
	      "  --json                 JSON Lines\n"
	      "  --since, --until TIME  as ausearch takes it\n"
	      "  --node, --user NAME, --session N\n"
	      "  --min-score X, --top N\n"
	      "  --sort NAME, --columns NAME,NAME...  of rank\n"
	      "  --ti FILE, --alerts FILE  verdicts and alerts, JSON or CSV\n"
	      "  --no-color             plain text\n"
	      "  -c FILE, -o NAME=VALUE configuration\n"
	      "  --version, --help\n\n"
	      "FILE is an audit log, plain, .gz or .xz, - standard input; "
	      "without one,\n" LOGFILE_DIR "/audit.log and its rotations.\n",
		to);
}

bool view_print(struct view_run *run)
{
	bool is_open;

	str_addc(&run->out, '\n');
	is_open = fwrite(run->out.p, 1, run->out.len, stdout) == run->out.len;
	str_shrink(&run->out, KEEP_BYTES);
	return is_open;
}

static int64_t now_ms(void)
{
	return (int64_t)time(NULL) * 1000;
}

static int bad(const char *option, const char *value)
{
	fprintf(stderr, "auhunt: --%s: not a valid value: '%s'\n", option,
		value);
	return EXIT_USAGE;
}

static int set_number(
	struct view_options *o, const char *option, const char *value)
{
	uint64_t n;
	char *end;

	if (!strcmp(option, "min-score")) {
		o->select.min_score = strtod(value, &end);
		o->select.has_min_score = true;
		return end == value || *end ? bad(option, value) : -1;
	}
	if (text_u64(bytes_of(value), 10, &n) < 0 || n > UINT32_MAX)
		return bad(option, value);
	if (!strcmp(option, "top")) {
		o->top = n;
		return -1;
	}
	o->select.session = (uint32_t)n;
	o->select.has_session = true;
	return -1;
}

static int set_time(
	struct view_options *o, const char *option, const char *value)
{
	bool is_since = !strcmp(option, "since");
	int64_t *to = is_since ? &o->select.since_ms : &o->select.until_ms;

	if (select_time(value, !is_since, now_ms(), to) < 0)
		return bad(option, value);
	*(is_since ? &o->select.has_since : &o->select.has_until) = true;
	return -1;
}

enum { NUMBER = 256, TIME, NODE, USER, SORT, COLUMNS, TI, ALERTS, VERSION_OPT };

static const struct option longs[] = { { "json", no_argument, NULL, 'j' },
	{ "since", required_argument, NULL, TIME },
	{ "until", required_argument, NULL, TIME },
	{ "node", required_argument, NULL, NODE },
	{ "user", required_argument, NULL, USER },
	{ "session", required_argument, NULL, NUMBER },
	{ "min-score", required_argument, NULL, NUMBER },
	{ "top", required_argument, NULL, NUMBER },
	{ "sort", required_argument, NULL, SORT },
	{ "columns", required_argument, NULL, COLUMNS },
	{ "ti", required_argument, NULL, TI },
	{ "alerts", required_argument, NULL, ALERTS },
	{ "no-color", no_argument, NULL, 'n' },
	{ "version", no_argument, NULL, VERSION_OPT },
	{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };

/* at is the option's place in longs. -1: go on; else the exit status. */
static int take_option(struct view_options *o, int c, int at)
{
	switch (c) {
	case 'j':
		o->is_json = true;
		return -1;
	case 'n':
		o->is_plain = true;
		return -1;
	case 'c':
		o->settings.file = optarg;
		return -1;
	case 'o':
		if (settings_add(&o->settings, optarg) == 0)
			return -1;
		fprintf(stderr, "auhunt: too many -o\n");
		return EXIT_USAGE;
	case NODE:
		o->select.node = optarg;
		return -1;
	case USER:
		o->select.user = optarg;
		return -1;
	case SORT:
		o->sort = optarg;
		return -1;
	case COLUMNS:
		o->columns = optarg;
		return -1;
	case TI:
		o->ti_file = optarg;
		return -1;
	case ALERTS:
		o->alerts_file = optarg;
		return -1;
	case TIME:
		return set_time(o, longs[at].name, optarg);
	case NUMBER:
		return set_number(o, longs[at].name, optarg);
	case VERSION_OPT:
		puts("auhunt " VERSION);
		return EXIT_SUCCESS;
	case 'h':
		usage(stdout);
		return EXIT_SUCCESS;
	default:
		usage(stderr);
		return EXIT_USAGE;
	}
}

/* -1: go on; else the exit status. */
static int parse(int argc, char **argv, struct view_options *o)
{
	int c, at = 0, rc = -1;

	while (rc < 0 &&
		(c = getopt_long(argc, argv, "c:ho:", longs, &at)) != -1)
		rc = take_option(o, c, at);
	o->args = argv + optind;
	o->n_args = argc - optind;
	o->has_dashes = optind > 1 && !strcmp(argv[optind - 1], "--");
	return rc;
}

static void on_event(void *arg, struct event *ev)
{
	struct hunt *h = arg;
	struct select select = h->options.select;

	select.has_min_score &= !h->view->has_totals;
	if (h->view->feed || select_has(&select, ev))
		h->view->event(&h->run, ev);
}

static void on_bytes(void *arg, const char *bytes, size_t n)
{
	struct hunt *h = arg;

	pipeline_push(h->pipeline, bytes, n);
}

/* Each command line is judged by itself. */
static void on_fed(void *arg, struct event *ev)
{
	struct hunt *h = arg;

	pipeline_event(h->pipeline, ev);
	if (pipeline_forget(h->pipeline) < 0)
		log_warn("out of memory");
}

static void read_log(void *arg, const char *path)
{
	struct hunt *h = arg;
	struct str why;

	str_init(&why, 8192);
	if (logfile_read(path, on_bytes, h, &why) < 0) {
		log_warn("%s", str_z(&why));
		h->rc = EXIT_FAILURE;
	}
	str_fini(&why);
}

static void read_logs(struct hunt *h)
{
	for (int i = 0; i < h->options.n_args; i++)
		read_log(h, h->options.args[i]);
	if (!h->options.n_args && !logfile_each(LOGFILE_DIR, read_log, h)) {
		log_warn("no audit log in " LOGFILE_DIR "; name a FILE");
		h->rc = EXIT_FAILURE;
	}
	pipeline_end(h->pipeline);
	if (h->metrics.lines &&
		h->metrics.lines_malformed == h->metrics.lines) {
		log_warn("no line of the input is an audit record");
		h->rc = EXIT_FAILURE;
	}
}

static void on_judge(void *arg, struct event *ev)
{
	struct hunt *h = arg;

	pipeline_judge(h->pipeline, ev, true);
}

/* --ti and --alerts. -1: a message was printed. */
static int load_tables(struct hunt *h)
{
	const struct view_options *o = &h->options;
	uint64_t seed[2];
	struct str why;
	int rc = -1;

	str_init(&why, 8192);
	if (getrandom(seed, sizeof(seed), 0) < 0)
		goto out;
	if (o->ti_file) {
		h->intel = intel_table_new(seed);
		if (!h->intel ||
			tables_load_intel(h->intel, o->ti_file, &why) < 0)
			goto out;
	}
	if (o->alerts_file) {
		h->alerts = alert_table_new();
		if (!h->alerts ||
			tables_load_alerts(h->alerts, o->alerts_file, &why) < 0)
			goto out;
	}
	rc = 0;
out:
	if (rc < 0)
		log_warn("%s", why.len ? str_z(&why) : "out of memory");
	str_fini(&why);
	return rc;
}

static int load_rules(struct hunt *h)
{
	struct classify_rules *rules;
	struct str why;
	int rc;

	str_init(&why, 64 * 1024);
	rc = settings_rules(&h->config, &rules, &why);
	log_warn_lines(str_z(&why));
	str_fini(&why);
	if (rc == 0)
		pipeline_reload(h->pipeline, &h->config, rules);
	return rc;
}

static int run(struct hunt *h)
{
	struct pipeline_conf pc = {
		.out = on_event, .arg = h, .metrics = &h->metrics
	};

	gethostname(h->config.alerts.own_host,
		sizeof(h->config.alerts.own_host) - 1);
	if (load_tables(h) < 0)
		return EXIT_FAILURE;
	pc.intel = h->intel;
	pc.alerts = h->alerts;
	h->pipeline = pipeline_new(&pc, &h->config);
	if (!h->pipeline) {
		log_warn("out of memory");
		return EXIT_FAILURE;
	}
	/* Asked about a command line, all of it is told. */
	if (h->view->feed)
		h->config.tag = 1;
	if (load_rules(h) < 0) {
		pipeline_free(h->pipeline);
		return EXIT_USAGE;
	}
	h->run.options = &h->options;
	h->run.config = &h->config;
	h->run.alerts = h->alerts;
	h->run.judge = on_judge;
	h->run.arg = h;
	str_init(&h->run.out, OUT_MAX);
	if (h->view->start && h->view->start(&h->run) < 0) {
		h->rc = EXIT_FAILURE;
		goto out;
	}
	if (h->view->feed)
		h->rc = h->view->feed(&h->run, on_fed, h);
	else
		read_logs(h);
	if (h->view->finish)
		h->view->finish(&h->run);
	if (fflush(stdout) != 0)
		h->rc = EXIT_FAILURE;
out:
	str_fini(&h->run.out);
	pipeline_free(h->pipeline);
	intel_table_free(h->intel);
	alert_table_free(h->alerts);
	return h->rc;
}

static const struct view *find_view(const char *name)
{
	for (size_t i = 0; i < view_n; i++)
		if (!strcmp(view_all[i]->name, name))
			return view_all[i];
	return NULL;
}

int main(int argc, char **argv)
{
	static struct hunt h;
	struct str why;
	int rc;

	log_name("auhunt");
	if (argc > 1 && argv[1][0] != '-')
		h.view = find_view(argv[1]);
	if (!h.view && argc > 1 && argv[1][0] != '-') {
		fprintf(stderr, "auhunt: no command '%s'\n", argv[1]);
		usage(stderr);
		return EXIT_USAGE;
	}
	rc = h.view ? parse(argc - 1, argv + 1, &h.options)
		    : parse(argc, argv, &h.options);
	if (rc >= 0)
		return rc;
	if (!h.view) {
		usage(stderr);
		return EXIT_USAGE;
	}
	str_init(&why, 64 * 1024);
	rc = settings_config(&h.options.settings, &h.config, &why);
	if (rc < 0)
		fputs(str_z(&why), stderr);
	str_fini(&why);
	return rc < 0 ? EXIT_USAGE : run(&h);
}
