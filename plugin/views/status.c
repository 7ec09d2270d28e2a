// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * auhunt status: what the daemon saved of itself last, and what can be seen of
 * it now.
 */
#include <stdlib.h>
#include <time.h>

#include "config.h"
#include "daemon.h"
#include "format.h"
#include "json.h"
#include "log.h"
#include "metrics.h"
#include "stamp.h"
#include "state.h"
#include "status.h"
#include "views.h"

#define WHY_MAX 8192
/* There is something to show, but nothing that runs: as systemctl has it. */
#define EXIT_NOT_RUNNING 3

/* Counters are those of the file, which may be another version's. */
static void on_counter(void *arg, const struct state_counter *c)
{
	struct status *s = arg;
	char name[64];
	uint64_t *at;

	status_counter(s, c);
	if (c->name.len >= sizeof(name))
		return;
	memcpy(name, c->name.p, c->name.len);
	name[c->name.len] = '\0';
	at = metrics_find(&s->run, name);
	if (at)
		*at = (uint64_t)c->run;
	at = metrics_find(&s->total, name);
	if (at)
		*at = (uint64_t)c->total;
}

static int look(struct status *s, const struct config *config, struct str *why)
{
	struct state_conf cf = { .file = s->file, .is_reader = true };
	struct state *st = state_new(&cf);
	int rc = -1;

	if (st && state_read_counters(st, on_counter, s) == 0)
		rc = state_load(st, s->now_ms, why);
	if (rc == 0) {
		s->info = *state_info(st);
		s->is_running = state_is_locked(s->file);
		daemon_look(&s->seen,
			s->is_running ? (pid_t)s->run.engine_pid : 0,
			config->spool_dir);
	}
	state_free(st);
	return rc;
}

static int show(struct view_run *run, struct status *s)
{
	struct str why;
	int rc;

	str_init(&why, WHY_MAX);
	str_init(&s->counters, 64 * 1024);
	s->is_json = run->options->is_json;
	if (s->is_json)
		json_open(&s->counters, '{');
	rc = look(s, run->config, &why);
	if (rc == 0) {
		if (s->is_json)
			json_close(&s->counters, '}');
		(s->is_json ? status_json : status_text)(s, &run->out);
		(void)!view_print(run);
		str_fini(&s->seen.unseen);
	} else {
		log_warn_lines(why.len ? str_z(&why) : "out of memory");
	}
	str_fini(&s->counters);
	str_fini(&why);
	return rc;
}

static int feed(struct view_run *run, void (*take)(void *arg, struct event *ev),
	void *arg)
{
	static struct status s;

	(void)take;
	(void)arg;
	s.file = settings_state(&run->options->settings, run->config);
	s.now_ms = stamp_now_ms();
	if (!s.file) {
		log_warn("the configuration keeps no state");
		return EXIT_FAILURE;
	}
	if (show(run, &s) < 0)
		return EXIT_FAILURE;
	return s.is_running ? EXIT_SUCCESS : EXIT_NOT_RUNNING;
}

const struct view view_status = {
	.name = "status",
	.help = "how the daemon is, and all that it counts",
	.is_alone = true,
	.feed = feed,
};
