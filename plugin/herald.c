// SPDX-License-Identifier: GPL-3.0-or-later
#include "herald.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "canary.h"
#include "config.h"
#include "emit.h"
#include "event.h"
#include "filter.h"
#include "log.h"
#include "process.h"
#include "textfile.h"

/* Prometheus scrapes each 15 s or more. */
#define FILE_MS 15000

#define S_MS 1000

#define RATE_MS 60000
/* Lines that wait for longer than a second are in the spool. */
#define SAFE_MS 2000

static const struct {
	const char *name;
	size_t at;
	bool is_grave;
} losses[] = {
#define LOSS(name)  { #name, offsetof(struct metrics, name), false },
#define GRAVE(name) { #name, offsetof(struct metrics, name), true },
#include "losses.def"
#undef GRAVE
#undef LOSS
};

#define N_LOSSES (sizeof(losses) / sizeof(losses[0]))

static uint64_t *field(struct metrics *m, size_t at)
{
	return (uint64_t *)(void *)((char *)m + at);
}

void herald_start(struct herald *h, struct metrics *told,
	const struct config *cf, int64_t now_ms)
{
	/* What an engine before lost and did not tell is told by this one:
	 * crashes are, for one. */
	*h = (struct herald){ .told = told,
		.going = *told,
		.look_ms = now_ms + HERALD_LOSS_MS,
		.status_ms = now_ms + (int64_t)cf->status_s * S_MS,
		.file_ms = now_ms };
	if (process_beside(h->tool, sizeof(h->tool), "auhunt") < 0)
		log_warn("figures of canaries are not taken: %s",
			strerror(errno));
}

/* The kernel counts from its start on, and so do we: what it lost before the
 * first canary is lost, too. Who sets its counter to 0 lost nothing. */
static void note_lost(struct metrics *m, uint32_t lost)
{
	uint64_t before = m->kernel_lost_boot;

	m->kernel_lost += lost >= before ? lost - before : lost;
	m->kernel_lost_boot = lost;
}

static void note_figures(struct metrics *m, const struct canary *c)
{
	static const struct {
		enum canary_figure figure;
		size_t at;
	} gauges[] = {
#define GAUGE(figure, name) { figure, offsetof(struct metrics, name) }
		GAUGE(CANARY_backlog, kernel_backlog),
		GAUGE(CANARY_backlog_limit, kernel_backlog_limit),
		GAUGE(CANARY_waited, kernel_waited),
		GAUGE(CANARY_queue_most, auditd_queue_most),
		GAUGE(CANARY_queue_size, auditd_queue_size),
		GAUGE(CANARY_overflow, auditd_overflow),
#undef GAUGE
	};

	if (c->has[CANARY_lost])
		note_lost(m, c->value[CANARY_lost]);
	for (size_t i = 0; i < sizeof(gauges) / sizeof(gauges[0]); i++)
		if (c->has[gauges[i].figure])
			*field(m, gauges[i].at) = c->value[gauges[i].figure];
}

void herald_event(struct herald *h, const struct event *ev, struct metrics *m)
{
	struct canary c;

	if (!canary_read(ev, h->tool, &c))
		return;
	h->canaries++;
	m->canaries++;
	m->canary = (uint64_t)ev->time_ms / S_MS;
	note_figures(m, &c);
}

bool herald_is_canary(const struct herald *h, const struct event *ev)
{
	struct canary c;

	return canary_read(ev, h->tool, &c);
}

int herald_due_ms(const struct herald *h, int64_t now_ms)
{
	return h->look_ms > now_ms ? (int)(h->look_ms - now_ms) : 0;
}

static void tell_losses(struct herald *h, const struct metrics *m,
	struct emit *e, int64_t now_ms, int64_t wall_ms)
{
	struct format_counter rows[N_LOSSES];
	struct metrics now = *m;
	bool is_grave = false;
	size_t n = 0;

	for (size_t i = 0; i < N_LOSSES; i++) {
		uint64_t *told = field(&h->going, losses[i].at);
		uint64_t value = *field(&now, losses[i].at);

		if (value > *told) {
			rows[n++] = (struct format_counter){ losses[i].name,
				value - *told };
			is_grave |= losses[i].is_grave;
		}
		/* A gap that late records filled may open again. */
		*told = value;
	}
	if (!n)
		return;
	h->has_going = true;
	h->going_ms = now_ms;
	emit_notice(
		e, &(struct emit_notice){ .kind = "loss",
			   .sev = is_grave ? SEVERITY_ERR : SEVERITY_WARNING,
			   .time_ms = wall_ms,
			   .counters = rows,
			   .n = n });
}

static void drop_sample(struct herald *h)
{
	memmove(h->samples, h->samples + 1,
		--h->n_samples * sizeof(h->samples[0]));
}

static void note_rate(struct herald *h, struct metrics *m, int64_t now_ms)
{
	while (h->n_samples == HERALD_SAMPLES ||
		(h->n_samples && now_ms - h->samples[0].at_ms > RATE_MS))
		drop_sample(h);
	h->samples[h->n_samples++] =
		(struct herald_sample){ now_ms, m->lines, m->events };
	m->lines_minute = m->lines - h->samples[0].lines;
	m->events_minute = m->events - h->samples[0].events;
}

/* The first canary arms it. */
static void watch_canary(struct herald *h, const struct config *cf,
	struct emit *e, int64_t now_ms, int64_t wall_ms)
{
	struct format_counter row = { "canary_missing_s", cf->canary_s };

	if (h->canaries) {
		h->canaries = 0;
		h->canary_ms = now_ms + (int64_t)cf->canary_s * S_MS;
	}
	if (!cf->canary_s || !h->canary_ms || now_ms < h->canary_ms)
		return;
	h->canary_ms = now_ms + (int64_t)cf->canary_s * S_MS;
	log_warn("no canary for %u s: rules, kernel or auditd do not deliver",
		cf->canary_s);
	emit_notice(e, &(struct emit_notice){ .kind = "loss",
			       .sev = SEVERITY_ERR,
			       .time_ms = wall_ms,
			       .counters = &row,
			       .n = 1 });
}

void herald_run(struct herald *h, struct metrics *m, const struct config *cf,
	struct emit *e, int64_t now_ms, int64_t wall_ms)
{
	struct format_counter filters[FILTER_NAMES_MAX];

	if (now_ms < h->look_ms)
		return;
	h->look_ms = now_ms + HERALD_LOSS_MS;
	note_rate(h, m, now_ms);
	tell_losses(h, m, e, now_ms, wall_ms);
	watch_canary(h, cf, e, now_ms, wall_ms);
	if (cf->status_s && now_ms >= h->status_ms) {
		h->status_ms = now_ms + (int64_t)cf->status_s * S_MS;
		emit_status(e, "status", wall_ms);
	}
	if (strcmp(cf->textfile, "none") != 0 && now_ms >= h->file_ms) {
		h->file_ms = now_ms + FILE_MS;
		textfile_write(
			cf->textfile, m, filters, emit_counts(e, filters));
	}
}

void herald_settle(struct herald *h, bool is_waiting, int64_t now_ms)
{
	if (!h->has_going || (is_waiting && now_ms < h->going_ms + SAFE_MS))
		return;
	*h->told = h->going;
	h->has_going = false;
}

void herald_stop(struct herald *h, const struct metrics *m, struct emit *e,
	int64_t wall_ms)
{
	tell_losses(h, m, e, h->look_ms, wall_ms);
	emit_notice(e, &(struct emit_notice){ .kind = "stop",
			       .sev = SEVERITY_INFO,
			       .time_ms = wall_ms });
}
