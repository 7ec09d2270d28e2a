// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "alert.h"
#include "alertfile.h"
#include "auhunt_options.h"
#include "baseline.h"
#include "config.h"
#include "event.h"
#include "intel.h"
#include "log.h"
#include "logfile.h"
#include "metrics.h"
#include "pipeline.h"
#include "shelf.h"
#include "state.h"
#include "tables.h"
#include "views.h"

/* A line of output: an argv of 2 MiB, each byte escaped, and its Base64. */
#define OUT_MAX    (64u << 20)
#define KEEP_BYTES (256 * 1024)
/* What a log has of processes, sessions and peers may be more than a daemon is
 * to remember. Tables grow as they fill. */
#define LOG_ROWS 262144

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
	struct baseline_draft *draft; /* of --baseline */
	struct baseline baseline;
	struct shelf *shelf; /* lists of indicators */
	int rc;
};

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

static void on_event(void *arg, struct event *ev)
{
	struct hunt *h = arg;
	struct select select = h->options.select;

	select.has_min_score &= !h->view->has_totals;
	if (!h->view->feed && !select_has(&select, ev))
		return;
	if (ev->told) {
		if (h->view->alert)
			h->view->alert(&h->run, ev);
		return;
	}
	if (ev->kind == EVENT_EXEC)
		h->view->event(&h->run, ev);
	else if (ev->kind == EVENT_MESSAGE && h->view->message)
		h->view->message(&h->run, ev);
	else if (ev->kind == EVENT_TYPED && ev->n_layers && h->view->typed)
		h->view->typed(&h->run, ev);
	else if (ev->kind == EVENT_NETWORK && h->view->network)
		h->view->network(&h->run, ev);
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

/* All that the daemon knew when it saved its state last. */
static void read_state(struct hunt *h)
{
	struct state_conf cf = { .file = settings_state(
					 &h->options.settings, &h->config),
		.is_reader = true };
	struct state *st = cf.file ? state_new(&cf) : NULL;
	struct str why;

	str_init(&why, 8192);
	h->rc = EXIT_FAILURE;
	if (!cf.file)
		str_addz(&why, "the configuration keeps no state\n");
	else if (!st || pipeline_keep(h->pipeline, st) < 0)
		str_addz(&why, "out of memory\n");
	else if (state_load(st, now_ms(), &why) == 0)
		h->rc = EXIT_SUCCESS;
	if (h->rc == EXIT_SUCCESS && !state_info(st)->is_this_boot)
		str_addf(&why, "%s: of before the last boot\n", cf.file);
	else if (h->rc == EXIT_SUCCESS && !state_is_locked(cf.file))
		str_addf(&why, "%s: no daemon keeps it up\n", cf.file);
	log_warn_lines(str_z(&why));
	state_free(st);
	str_fini(&why);
}

static void on_judge(void *arg, struct event *ev)
{
	struct hunt *h = arg;

	pipeline_judge(h->pipeline, ev, true);
}

static void on_redact(void *arg, struct event *ev)
{
	struct hunt *h = arg;

	pipeline_redact(h->pipeline, ev);
}

/* In place of the configuration's. */
static int load_baseline(struct hunt *h, struct str *why)
{
	const char *file = h->options.baseline_file;

	h->baseline = *shelf_baseline(h->shelf);
	if (!file)
		return 0;
	h->draft = baseline_draft_new();
	if (!h->draft || tables_load_baseline(h->draft, file, why) < 0)
		return -1;
	return baseline_open(&h->baseline, baseline_draft_rows(h->draft));
}

/* --ti, --alerts and --baseline, and the lists of the configuration. -1: a
 * message was printed. */
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
		h->intel = intel_table_new(seed, INTEL_ENTRIES_MAX);
		if (!h->intel ||
			tables_load_intel(h->intel, o->ti_file, &why) < 0)
			goto out;
	}
	h->alerts = alert_table_new();
	if (!h->alerts)
		goto out;
	if (o->alerts_file ? tables_load_alerts(
				     h->alerts, o->alerts_file, &why) < 0
			   : alertfile_load(h->alerts, &h->config, &why) < 0)
		goto out;
	h->shelf = shelf_new();
	if (!h->shelf || shelf_load(h->shelf, &h->config, now_ms(), &why) < 0)
		goto out;
	if (load_baseline(h, &why) < 0)
		goto out;
	rc = 0;
out:
	if (rc < 0)
		log_warn("%s", why.len ? str_z(&why) : "out of memory");
	str_fini(&why);
	return rc;
}

static int load_rules(struct hunt *h)
{
	struct rules *rules;
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

static int run_alone(struct hunt *h)
{
	int rc;

	h->run.options = &h->options;
	h->run.config = &h->config;
	str_init(&h->run.out, OUT_MAX);
	rc = h->view->feed(&h->run, NULL, NULL);
	if (fflush(stdout) != 0)
		rc = EXIT_FAILURE;
	str_fini(&h->run.out);
	return rc;
}

/* What views may see of the pipeline. */
static void show_tables(struct hunt *h)
{
	h->run.alerts = h->alerts;
	h->run.baseline = &h->baseline;
	h->run.sessions = pipeline_sessions(h->pipeline);
	h->run.detect = pipeline_detect(h->pipeline);
	h->run.lineage = pipeline_lineage(h->pipeline);
	h->run.payloads = pipeline_payloads(h->pipeline);
	h->run.network = pipeline_peers(h->pipeline);
	h->run.geo = pipeline_geo(h->pipeline);
	h->run.judge = on_judge;
	h->run.redact = on_redact;
	h->run.arg = h;
}

static void widen(unsigned int *rows)
{
	if (*rows < LOG_ROWS)
		*rows = LOG_ROWS;
}

static void widen_all(struct config *cf)
{
	widen(&cf->lineage_processes);
	widen(&cf->sessions_max);
	widen(&cf->sessions_addresses);
	widen(&cf->network_peers);
	widen(&cf->network_processes);
}

static int run(struct hunt *h)
{
	struct pipeline_conf pc = {
		.out = on_event, .arg = h, .metrics = &h->metrics
	};

	h->run.options = &h->options;
	h->run.config = &h->config;
	str_init(&h->run.out, OUT_MAX);
	if (h->view->work) {
		h->rc = h->view->work(&h->run);
		str_fini(&h->run.out);
		return h->rc;
	}
	if (load_tables(h) < 0)
		return EXIT_FAILURE;
	pc.intel = h->intel;
	pc.alerts = h->alerts;
	pc.lists = shelf_map(h->shelf);
	pc.baseline = &h->baseline;
	h->pipeline = pipeline_new(&pc, &h->config);
	if (!h->pipeline) {
		log_warn("out of memory");
		return EXIT_FAILURE;
	}
	/* Asked about a command line, all of it is told. */
	if (h->view->feed) {
		h->config.tag = 1;
		h->config.detect = 0;
	}
	if (load_rules(h) < 0) {
		pipeline_free(h->pipeline);
		return AUHUNT_USAGE;
	}
	show_tables(h);
	if (h->view->start && h->view->start(&h->run) < 0) {
		h->rc = EXIT_FAILURE;
		goto out;
	}
	if (h->view->feed)
		h->rc = h->view->feed(&h->run, on_fed, h);
	else if (h->options.is_live)
		read_state(h);
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
	baseline_draft_free(h->draft);
	shelf_free(h->shelf);
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
		auhunt_usage(stderr);
		return AUHUNT_USAGE;
	}
	rc = h.view ? auhunt_parse(argc - 1, argv + 1, &h.options)
		    : auhunt_parse(argc, argv, &h.options);
	if (rc >= 0)
		return rc;
	if (!h.view) {
		auhunt_usage(stderr);
		return AUHUNT_USAGE;
	}
	/* A file of such a name can be called ./7. */
	if (h.view->takes_id && h.options.n_args &&
		select_session(&h.options.select, h.options.args[0])) {
		h.options.has_id = true;
		h.options.args++;
		h.options.n_args--;
	}
	h.options.is_live |= h.view->has_live && h.options.settings.state;
	if (h.options.is_live && (!h.view->has_live || h.options.n_args)) {
		fprintf(stderr, "auhunt: --live: %s reads %s\n", h.view->name,
			h.view->has_live ? "logs or the state" : "no state");
		return AUHUNT_USAGE;
	}
	str_init(&why, 64 * 1024);
	rc = settings_config(&h.options.settings, &h.config, &why);
	if (rc < 0 && h.view->needs_no_config) {
		config_init(&h.config);
		rc = 0;
	}
	if (rc < 0)
		fputs(str_z(&why), stderr);
	str_fini(&why);
	if (rc < 0)
		return AUHUNT_USAGE;
	if (!h.options.is_live)
		widen_all(&h.config);
	return h.view->is_alone ? run_alone(&h) : run(&h);
}
