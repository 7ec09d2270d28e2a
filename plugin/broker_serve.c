// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "broker_state.h"

/* One that is not asked for longer has no say in what waits now. */
#define PATIENCE_MS (10 * 60 * 1000LL)
#define TRIES_MAX   2
/* A ticket is a place among those that wait, and a provider. */
#define PROVIDER_BITS 4

#define NOWHERE SIZE_MAX

_Static_assert(BROKER_PROVIDERS_MAX == 1 << PROVIDER_BITS, "tickets");

static void say(struct broker *b, size_t provider, const char *what)
{
	char text[PROVIDER_NAME_MAX + 160];

	snprintf(text, sizeof(text), "%s: %s", b->cf.providers[provider].name,
		what);
	b->cf.say(b->cf.arg, text);
}

/* --- sending ----------------------------------------------------------------
 */

static uint32_t ticket_of(
	const struct broker *b, const struct question *q, size_t provider)
{
	uint32_t place = (uint32_t)(q - b->questions);

	return (q->generation * BROKER_WAITING_MAX + place) << PROVIDER_BITS |
	       (uint32_t)provider;
}

/* NULL: nobody waits for it any more. */
static struct question *question_of(
	struct broker *b, uint32_t ticket, size_t *provider)
{
	uint32_t place = ticket >> PROVIDER_BITS;
	struct question *q = &b->questions[place % BROKER_WAITING_MAX];

	*provider = ticket & (BROKER_PROVIDERS_MAX - 1);
	return q->is_open && ticket == ticket_of(b, q, *provider) &&
			       (q->in_flight >> *provider & 1)
		       ? q
		       : NULL;
}

/* -1: it was not sent, and a says why. */
static int send(struct broker *b, struct question *q, size_t provider,
	struct broker_time now, struct provider_answer *a)
{
	const struct provider_conf *cf = &b->cf.providers[provider];
	struct gate *g = &b->gates[provider];
	struct provider_query query = { .type = q->type,
		.value = str_bytes(&q->value),
		.key = b->cf.keys[provider] };
	struct provider_request rq;
	int rc;

	provider_request_init(&rq);
	rc = provider_ask(cf, &query, &rq);
	if (rc < 0) {
		provider_say(a, PROVIDER_FAILED, "there is no such question");
		goto out;
	}
	gate_take(g, now.mono_ms, now.wall_ms / BROKER_DAY_MS);
	b->spent++;
	rc = b->cf.save(b->cf.arg);
	if (rc < 0) {
		gate_give_back(g);
		provider_say(a, PROVIDER_FAILED, "its quota cannot be noted");
		goto out;
	}
	rc = b->cf.send(b->cf.arg, ticket_of(b, q, provider), provider, &rq);
	if (rc < 0) {
		gate_give_back(g);
		provider_say(a, PROVIDER_FAILED, "it cannot be sent");
		goto out;
	}
out:
	provider_request_fini(&rq);
	return rc;
}

/* The place of the question that waits longest; NOWHERE if none does. */
static size_t oldest_for(const struct broker *b, size_t provider)
{
	size_t oldest = NOWHERE;

	for (size_t i = 0; b->n_open && i < BROKER_WAITING_MAX; i++) {
		const struct question *q = &b->questions[i];

		if (q->is_open && (q->todo >> provider & 1) &&
			(oldest == NOWHERE ||
				q->number < b->questions[oldest].number))
			oldest = i;
	}
	return oldest;
}

/* All that waits for one that will not be asked for long. */
static void give_up(struct broker *b, size_t provider, const char *why)
{
	struct provider_answer a;
	size_t i;

	provider_say(&a, PROVIDER_LIMITED, why);
	while ((i = oldest_for(b, provider)) != NOWHERE)
		broker_settle(b, &b->questions[i], provider, &a);
}

static void serve(struct broker *b, size_t provider, struct broker_time now)
{
	struct gate *g = &b->gates[provider];
	int64_t day = now.wall_ms / BROKER_DAY_MS;
	struct provider_answer a;
	size_t i;

	while ((i = oldest_for(b, provider)) != NOWHERE) {
		int64_t wait_ms = gate_wait_ms(g, now.mono_ms, day);
		struct question *q = &b->questions[i];

		if (wait_ms > PATIENCE_MS) {
			give_up(b, provider, gate_why(g, day));
			return;
		}
		if (wait_ms > 0)
			return;
		q->todo &= (uint16_t) ~(1u << provider);
		if (send(b, q, provider, now, &a) < 0) {
			broker_settle(b, q, provider, &a);
			continue;
		}
		q->in_flight |= (uint16_t)(1u << provider);
	}
}

void broker_tick(struct broker *b, struct broker_time now)
{
	for (size_t i = 0; i < b->cf.n; i++)
		serve(b, i, now);
}

int broker_due_ms(const struct broker *b, struct broker_time now)
{
	int64_t due = -1;

	for (size_t i = 0; i < b->cf.n; i++) {
		const struct gate *g = &b->gates[i];
		int64_t ms;

		if (oldest_for(b, i) == NOWHERE || gate_is_full(g))
			continue;
		ms = gate_wait_ms(g, now.mono_ms, now.wall_ms / BROKER_DAY_MS);
		if (due < 0 || ms < due)
			due = ms;
	}
	return due > 3600000 ? 3600000 : (int)due;
}

/* --- answers ----------------------------------------------------------------
 */

/* What it means for the provider. True: the question is asked once more. */
static bool note_gate(struct broker *b, struct question *q, size_t provider,
	const struct provider_answer *a, const struct broker_reply *reply,
	int64_t mono_ms)
{
	struct gate *g = &b->gates[provider];
	const char *name = "is not asked for a while, as it fails";

	switch (a->say) {
	case PROVIDER_DENIED:
		if (!g->is_denied)
			say(b, provider,
				"refuses its key; it is not asked any more "
				"until a reload");
		gate_deny(g, a->why);
		return false;
	case PROVIDER_LIMITED:
		gate_limit(g, mono_ms, reply->retry_after_ms, a->why);
		return q->tries[provider] < TRIES_MAX;
	case PROVIDER_FAILED:
		if (gate_fail(g, mono_ms, a->why))
			say(b, provider, name);
		return q->tries[provider] < TRIES_MAX;
	default:
		gate_succeed(g);
		return false;
	}
}

void broker_reply(struct broker *b, uint32_t ticket,
	const struct broker_reply *reply, struct broker_time now)
{
	struct provider_answer a = { .say = PROVIDER_FAILED };
	size_t provider;
	struct question *q = question_of(b, ticket, &provider);
	struct provider_query query;

	if (provider < b->cf.n)
		gate_leave(&b->gates[provider]);
	if (!q)
		return;
	q->in_flight &= (uint16_t) ~(1u << provider);
	q->tries[provider]++;
	query = (struct provider_query){ .type = q->type,
		.value = str_bytes(&q->value) };
	if (reply->status)
		provider_judge(&b->cf.providers[provider], &query,
			reply->status, reply->body, &a);
	else
		provider_say(&a, PROVIDER_FAILED, reply->error);
	if (note_gate(b, q, provider, &a, reply, now.mono_ms)) {
		q->todo |= (uint16_t)(1u << provider);
	} else {
		if (a.say != PROVIDER_DENIED && a.say != PROVIDER_LIMITED)
			broker_remember(b, provider, q, &a, now.wall_ms);
		broker_settle(b, q, provider, &a);
	}
	broker_tick(b, now);
}
