// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker_gate.h"

#include <stdio.h>

#define MINUTE_MS 60000
#define HOUR_MS   3600000
/* Of backing off: doubled each time, to an hour. */
#define BACKOFF_MS 60000
/* After one failure: doubled with each. */
#define RETRY_MS   500
#define FOREVER_MS INT64_MAX / 2

void gate_init(struct gate *g, unsigned int per_minute, unsigned int per_day,
	uint64_t seed)
{
	*g = (struct gate){ .per_minute = per_minute,
		.per_day = per_day,
		.tokens = per_minute,
		.random = seed };
}

void gate_recall(struct gate *g, int64_t day, unsigned int used)
{
	g->day = day;
	g->used = used;
}

/* A clock that was set back does not give a day's questions twice. */
unsigned int gate_used(const struct gate *g, int64_t day)
{
	return day > g->day ? 0 : g->used;
}

static double tokens_at(const struct gate *g, int64_t now_ms)
{
	double n = g->tokens;

	if (g->filled_ms && now_ms > g->filled_ms)
		n += (double)(now_ms - g->filled_ms) * g->per_minute /
		     MINUTE_MS;
	return n > g->per_minute ? g->per_minute : n;
}

bool gate_is_full(const struct gate *g)
{
	/* After failures one question decides whether it opens. */
	return g->in_flight >=
	       (g->failures >= GATE_FAILURES_MAX ? 1 : GATE_IN_FLIGHT_MAX);
}

int64_t gate_closed_ms(const struct gate *g, int64_t now_ms)
{
	return g->closed_ms > now_ms ? g->closed_ms - now_ms : 0;
}

int64_t gate_wait_ms(const struct gate *g, int64_t now_ms, int64_t day)
{
	int64_t wait = gate_closed_ms(g, now_ms);
	double tokens;

	if (g->is_denied)
		return FOREVER_MS;
	if (g->per_day && gate_used(g, day) >= g->per_day)
		return FOREVER_MS;
	if (gate_is_full(g) && wait < 1)
		wait = 1;
	if (!g->per_minute)
		return wait;
	tokens = tokens_at(g, now_ms);
	if (tokens < 1) {
		int64_t ms =
			(int64_t)((1 - tokens) * MINUTE_MS / g->per_minute) + 1;

		wait = ms > wait ? ms : wait;
	}
	return wait;
}

const char *gate_why(const struct gate *g, int64_t day)
{
	if (!g->is_denied && g->per_day && gate_used(g, day) >= g->per_day)
		return "its daily quota is used up";
	return g->why;
}

void gate_take(struct gate *g, int64_t now_ms, int64_t day)
{
	if (day > g->day) {
		g->day = day;
		g->used = 0;
	}
	g->tokens = tokens_at(g, now_ms) - 1;
	g->filled_ms = now_ms;
	g->used++;
	g->in_flight++;
}

void gate_give_back(struct gate *g)
{
	g->tokens++;
	g->used--;
	g->in_flight--;
}

void gate_leave(struct gate *g)
{
	if (g->in_flight)
		g->in_flight--;
}

static void note_why(struct gate *g, const char *why)
{
	(void)snprintf(g->why, sizeof(g->why), "%s", why);
}

void gate_succeed(struct gate *g)
{
	g->failures = g->backoffs = 0;
	g->closed_ms = 0;
	g->why[0] = '\0';
}

static void back_off(struct gate *g, int64_t now_ms)
{
	int64_t ms = HOUR_MS;

	if (g->backoffs < 6)
		ms = BACKOFF_MS << g->backoffs;
	g->backoffs++;
	/* Up to a quarter more, so that a fleet does not come back at once. */
	g->random = g->random * 6364136223846793005ULL + 1442695040888963407ULL;
	ms += (int64_t)((g->random >> 33) % (uint64_t)(ms / 4 + 1));
	g->closed_ms = now_ms + ms;
}

bool gate_fail(struct gate *g, int64_t now_ms, const char *why)
{
	note_why(g, why);
	if (++g->failures < GATE_FAILURES_MAX) {
		g->closed_ms = now_ms + (RETRY_MS << g->failures);
		return false;
	}
	/* What was under way when it closed fails, too. */
	if (g->closed_ms <= now_ms)
		back_off(g, now_ms);
	return g->failures == GATE_FAILURES_MAX;
}

void gate_limit(
	struct gate *g, int64_t now_ms, int64_t retry_after_ms, const char *why)
{
	note_why(g, why);
	if (retry_after_ms < 0) {
		if (g->closed_ms <= now_ms)
			back_off(g, now_ms);
		return;
	}
	if (retry_after_ms > HOUR_MS)
		retry_after_ms = HOUR_MS;
	if (g->closed_ms < now_ms + retry_after_ms)
		g->closed_ms = now_ms + retry_after_ms;
}

void gate_deny(struct gate *g, const char *why)
{
	note_why(g, why);
	g->is_denied = true;
}
