// SPDX-License-Identifier: GPL-3.0-or-later
#include "status.h"

#include <string.h>

#include "format.h"
#include "json.h"
#include "ring.h"
#include "views.h"

#define NAME_MAX_LEN 256

static const struct {
	const char *name;
	size_t at;
} losses[] = {
#define LOSS(name)  { #name, offsetof(struct metrics, name) },
#define GRAVE(name) LOSS(name)
#include "losses.def"
#undef GRAVE
#undef LOSS
};

#define N_LOSSES (sizeof(losses) / sizeof(losses[0]))

static long long value(const struct metrics *m, size_t i)
{
	return (long long)*(
		const uint64_t *)(const void *)((const char *)m + losses[i].at);
}

/* Gauges have no total. */
static long long total(const struct status *s, size_t i)
{
	return metrics_is_gauge(losses[i].name) ? value(&s->run, i)
						: value(&s->total, i);
}

static int64_t uptime_s(const struct status *s)
{
	return ((s->is_running ? s->now_ms : s->info.saved_ms) -
		       s->info.started_ms) /
	       1000;
}

/* --- for programs --------------------------------------------------------- */

static void json_process(
	struct str *out, const char *key, const struct daemon_process *p)
{
	if (!p->pid)
		return;
	json_key(out, key);
	json_open(out, '{');
	json_field_int(out, "pid", p->pid);
	json_field_int(out, "rss_kib", p->rss_kib);
	json_close(out, '}');
}

static void json_losses(struct str *out, const struct status *s)
{
	json_key(out, "losses");
	json_open(out, '{');
	for (size_t i = 0; i < N_LOSSES; i++) {
		if (!total(s, i))
			continue;
		json_key(out, losses[i].name);
		json_open(out, '{');
		json_field_int(out, "total", total(s, i));
		json_field_int(out, "run", value(&s->run, i));
		json_close(out, '}');
	}
	json_close(out, '}');
}

static void json_kernel(struct str *out, const struct kernel_audit *k)
{
	json_key(out, "kernel");
	json_open(out, '{');
	json_field_int(out, "enabled", k->enabled);
	json_field_int(out, "auditd", k->pid);
	json_field_int(out, "lost", k->lost);
	json_field_int(out, "backlog", k->backlog);
	json_field_int(out, "backlog_limit", k->backlog_limit);
	json_field_int(out, "rules", k->n_rules);
	json_close(out, '}');
}

static void json_unseen(struct str *out, const struct str *unseen)
{
	struct bytes rest = str_bytes(unseen);

	json_key(out, "unseen");
	json_open(out, '[');
	while (rest.len) {
		const char *nl = memchr(rest.p, '\n', rest.len);
		size_t len = nl ? (size_t)(nl - rest.p) : rest.len;

		json_bytes(out, (struct bytes){ rest.p, len });
		len += nl != NULL;
		rest.p += len;
		rest.len -= len;
	}
	json_close(out, ']');
}

static void json_seen(struct str *out, const struct status *s)
{
	json_process(out, "front", &s->seen.front);
	json_process(out, "engine", &s->seen.engine);
	if (s->seen.has_spool) {
		json_key(out, "spool");
		json_open(out, '{');
		json_field_int(out, "files", s->seen.spool_files);
		json_field_int(out, "bytes", s->seen.spool_bytes);
		json_close(out, '}');
	}
	if (s->seen.has_kernel)
		json_kernel(out, &s->seen.kernel);
	json_unseen(out, &s->seen.unseen);
}

void status_json(const struct status *s, struct str *out)
{
	const struct state_info *info = &s->info;

	json_open(out, '{');
	json_key(out, "running");
	json_bool(out, s->is_running);
	json_field_int(out, "uptime", uptime_s(s));
	json_seen(out, s);
	json_losses(out, s);
	json_field_int(out, "residual", (long long)metrics_residual(&s->run));
	json_field(out, "file", bytes_of(s->file));
	view_json_time(out, "saved", info->saved_ms);
	view_json_time(out, "started", info->started_ms);
	json_key(out, "this_boot");
	json_bool(out, info->is_this_boot);
	json_field(out, "version", bytes_of(info->program));
	json_key(out, "rows");
	json_open(out, '{');
	for (size_t i = 0; i < info->n_sections; i++)
		json_field_int(
			out, info->sections[i].name, info->sections[i].rows);
	json_close(out, '}');
	json_key(out, "counters");
	str_addb(out, str_bytes(&s->counters));
	json_close(out, '}');
}

static void json_counter(struct str *out, const struct state_counter *c)
{
	struct str name;

	str_init(&name, NAME_MAX_LEN);
	str_addb(&name, c->name);
	json_key(out, str_z(&name));
	str_fini(&name);
	json_open(out, '{');
	if (!c->is_gauge)
		json_field_int(out, "total", c->total);
	json_field_int(out, "run", c->run);
	if (!c->is_gauge)
		view_json_time(out, "since", c->since_ms);
	json_close(out, '}');
}

/* --- for eyes ------------------------------------------------------------- */

static void row(struct str *out, const char *what)
{
	str_addf(out, "%-12s", what);
}

static void add_ago(struct str *out, int64_t ms)
{
	int64_t s = ms / 1000;

	if (s < 0)
		str_addz(out, "from the future");
	else if (s < 2LL * 60)
		str_addf(out, "%lld s ago", (long long)s);
	else if (s < 2LL * 3600)
		str_addf(out, "%lld min ago", (long long)(s / 60));
	else if (s < 2LL * 86400)
		str_addf(out, "%lld h ago", (long long)(s / 3600));
	else
		str_addf(out, "%lld days ago", (long long)(s / 86400));
}

static void add_time(
	const struct status *s, struct str *out, const char *what, int64_t ms)
{
	char ts[FORMAT_TIME_MAX];

	format_time(ts, ms);
	row(out, what);
	str_addf(out, "%s, ", ts);
	add_ago(out, s->now_ms - ms);
}

static void add_process(
	struct str *out, const char *what, const struct daemon_process *p)
{
	if (p->pid)
		str_addf(out, ", %s %d with %lld MiB", what, (int)p->pid,
			(long long)p->rss_kib / 1024);
}

static void text_daemon(const struct status *s, struct str *out)
{
	row(out, "daemon");
	str_addz(out, s->is_running ? "runs" : "does not run");
	add_process(out, "front", &s->seen.front);
	add_process(out, "engine", &s->seen.engine);
	str_addc(out, '\n');
	row(out, "version");
	json_escape(out, bytes_of(s->info.program));
	str_addc(out, '\n');
	add_time(s, out, "started", s->info.started_ms);
	str_addz(out, s->info.is_this_boot ? "\n" : ", before this boot\n");
	add_time(s, out, "saved", s->info.saved_ms);
	str_addz(out, "\n");
	row(out, "file");
	json_escape(out, bytes_of(s->file));
	for (size_t i = 0; i < s->info.n_sections; i++) {
		str_addc(out, '\n');
		row(out, i ? "" : "rows");
		str_addf(out, "%lld ", (long long)s->info.sections[i].rows);
		json_escape(out, bytes_of(s->info.sections[i].name));
	}
	str_addc(out, '\n');
}

static void text_flow(const struct status *s, struct str *out)
{
	const struct metrics *m = &s->run;

	row(out, "last minute");
	str_addf(out, "%llu lines, %llu events\n",
		(unsigned long long)m->lines_minute,
		(unsigned long long)m->events_minute);
	row(out, "ring");
	str_addf(out, "%llu KiB of %u\n",
		(unsigned long long)m->ring_used / 1024, RING_SIZE / 1024);
	row(out, "waiting");
	str_addf(out, "%llu lines in memory, %llu in the spool",
		(unsigned long long)m->lines_queued,
		(unsigned long long)m->lines_spooled);
	if (s->seen.has_spool)
		str_addf(out, ": %lld files, %lld KiB",
			(long long)s->seen.spool_files,
			(long long)s->seen.spool_bytes / 1024);
	str_addc(out, '\n');
}

static void text_chain(const struct status *s, struct str *out)
{
	const struct metrics *m = &s->run;
	const struct kernel_audit *k = &s->seen.kernel;

	if (!m->canary) {
		row(out, "canary");
		str_addz(out, "none came\n");
	} else {
		add_time(s, out, "canary", (int64_t)m->canary * 1000);
		str_addf(out,
			": kernel lost %llu, %llu of %llu waited; auditd "
			"%llu of %llu\n",
			(unsigned long long)m->kernel_lost_boot,
			(unsigned long long)m->kernel_backlog,
			(unsigned long long)m->kernel_backlog_limit,
			(unsigned long long)m->auditd_queue_most,
			(unsigned long long)m->auditd_queue_size);
	}
	if (!s->seen.has_kernel)
		return;
	row(out, "kernel");
	str_addf(out,
		"auditing %s, auditd %u, lost %u, %u of %u wait, %u "
		"rules\n",
		k->enabled ? "on" : "OFF", k->pid, k->lost, k->backlog,
		k->backlog_limit, k->n_rules);
}

static void text_losses(const struct status *s, struct str *out)
{
	size_t n = 0;

	for (size_t i = 0; i < N_LOSSES; i++) {
		if (!total(s, i))
			continue;
		row(out, n++ ? "" : "lost");
		str_addf(out, "%lld %s, %lld in this run\n", total(s, i),
			losses[i].name, value(&s->run, i));
	}
	if (!n) {
		row(out, "lost");
		str_addz(out, "nothing\n");
	}
	row(out, "residual");
	str_addf(out, "%llu\n", (unsigned long long)metrics_residual(&s->run));
}

static void text_unseen(const struct status *s, struct str *out)
{
	const char *p = str_z(&s->seen.unseen);

	for (size_t n = 0; *p; n++) {
		size_t len = strcspn(p, "\n");

		row(out, n ? "" : "unseen");
		json_escape(out, (struct bytes){ p, len });
		str_addc(out, '\n');
		p += len + (p[len] == '\n');
	}
}

static void text_counter(struct str *out, const struct state_counter *c)
{
	char ts[FORMAT_TIME_MAX];

	if (c->is_gauge) {
		str_addf(out, "%20s %20lld  %-24s  ", "-", (long long)c->run,
			"now");
	} else {
		format_time(ts, c->since_ms);
		str_addf(out, "%20lld %20lld  %-24s  ", (long long)c->total,
			(long long)c->run, ts);
	}
	json_escape(out, c->name);
	str_addc(out, '\n');
}

void status_text(const struct status *s, struct str *out)
{
	text_daemon(s, out);
	text_flow(s, out);
	text_chain(s, out);
	text_losses(s, out);
	text_unseen(s, out);
	str_addf(out, "\n%20s %20s  %-24s  counter\n", "total", "this run",
		"since");
	str_addb(out, str_bytes(&s->counters));
	/* view_print ends the last line. */
	str_cut(out, out->len - 1);
}

void status_counter(struct status *s, const struct state_counter *c)
{
	(s->is_json ? json_counter : text_counter)(&s->counters, c);
}
