// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include "broker_state.h"

struct broker *broker_new(const struct broker_conf *cf)
{
	struct broker *b = calloc(1, sizeof(*b));
	struct map_conf memory = { .key_len = sizeof(struct key),
		.value_len = sizeof(struct memory),
		.max = BROKER_MEMORY_MAX,
		.seed = { cf->seed[0], ~cf->seed[1] } };
	struct map_conf places = { .key_len = sizeof(struct key),
		.value_len = sizeof(uint32_t),
		.max = BROKER_WAITING_MAX,
		.seed = { ~cf->seed[0], cf->seed[1] } };

	if (!b || cf->n > BROKER_PROVIDERS_MAX) {
		free(b);
		return NULL;
	}
	b->cf = *cf;
	b->memory = map_new(&memory);
	b->places = map_new(&places);
	for (size_t i = 0; i < cf->n; i++)
		gate_init(&b->gates[i], cf->providers[i].per_minute,
			cf->providers[i].per_day, cf->seed[0] + i);
	for (size_t i = 0; i < BROKER_WAITING_MAX; i++)
		str_init(&b->questions[i].value, IOC_VALUE_MAX);
	if (b->memory && b->places)
		return b;
	broker_free(b);
	return NULL;
}

void broker_free(struct broker *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < BROKER_WAITING_MAX; i++)
		str_fini(&b->questions[i].value);
	map_free(b->memory);
	map_free(b->places);
	free(b);
}

/* Of an indicator, as a provider (or nobody: "") sees it: 128 bits, of which
 * no two ever meet. The same in every process. */
static struct key key_of(
	const char *name, enum ioc_type type, struct bytes value)
{
	char text[PROVIDER_NAME_MAX + 1 + IOC_VALUE_MAX];
	size_t len = strlen(name);
	struct key key;

	memcpy(text, name, len);
	text[len++] = (char)type;
	if (value.len > IOC_VALUE_MAX)
		value.len = IOC_VALUE_MAX;
	memcpy(text + len, value.p, value.len);
	for (size_t i = 0; i < 2; i++) {
		const uint64_t seed[2] = { i, 0x6175487469ULL };
		uint64_t hash = map_siphash(seed, text, len + value.len);

		memcpy(key.bytes + 8 * i, &hash, sizeof(hash));
	}
	return key;
}

/* --- what is known ----------------------------------------------------------
 */

static const struct memory *recall(struct broker *b, size_t provider,
	const struct question *q, int64_t wall_ms)
{
	struct key key = key_of(
		b->cf.providers[provider].name, q->type, str_bytes(&q->value));
	const struct memory *m = map_touch(b->memory, &key);

	return m && m->until_ms > wall_ms &&
			       m->until_ms <= wall_ms + BROKER_KNOWN_MS
		       ? m
		       : NULL;
}

void broker_remember(struct broker *b, size_t provider,
	const struct question *q, const struct provider_answer *a,
	int64_t wall_ms)
{
	static const int64_t ms[] = { [PROVIDER_KNOWN] = BROKER_KNOWN_MS,
		[PROVIDER_NOTHING] = BROKER_NOTHING_MS,
		[PROVIDER_FAILED] = BROKER_FAILED_MS };
	struct key key = key_of(
		b->cf.providers[provider].name, q->type, str_bytes(&q->value));
	struct memory *m = map_note(b->memory, &key);

	if (m)
		*m = (struct memory){ .until_ms = wall_ms + ms[a->say],
			.change = ++b->change,
			.say = (uint8_t)a->say,
			.severity = (uint8_t)a->severity };
}

/* --- questions --------------------------------------------------------------
 */

static void tell(struct broker *b, const struct question *q)
{
	bool has = q->severity != INTEL_NOT_ASKED;
	struct broker_verdict v = { .type = q->type,
		.value = str_bytes(&q->value),
		.severity = q->severity,
		.provider = has ? b->cf.providers[q->provider].name : "",
		.is_final = !q->todo && !q->in_flight,
		.why = q->why };

	b->cf.tell(b->cf.arg, &v);
}

static void close_question(struct broker *b, struct question *q)
{
	struct key key = key_of("", q->type, str_bytes(&q->value));

	map_drop(b->places, &key);
	q->is_open = false;
	q->generation++;
	b->n_open--;
}

/* Notes what one of them said. Whoever has never heard of it is as good as
 * one who knows no harm of it: as msticpy has it. True: it is the worst. */
static bool note(struct broker *b, struct question *q, size_t provider,
	const struct provider_answer *a)
{
	enum intel_severity severity = a->say == PROVIDER_KNOWN ? a->severity
				       : a->say == PROVIDER_NOTHING
					       ? INTEL_INFORMATION
					       : INTEL_NOT_ASKED;

	if (severity == INTEL_NOT_ASKED && !q->why[0])
		snprintf(q->why, sizeof(q->why), "%s: %s",
			b->cf.providers[provider].name,
			a->why[0] ? a->why : "no answer");
	if (severity <= q->severity)
		return false;
	q->severity = severity;
	q->provider = provider;
	return true;
}

static void note_memory(struct broker *b, struct question *q, size_t provider,
	const struct memory *m)
{
	struct provider_answer a = { .say = (enum provider_say)m->say,
		.severity = (enum intel_severity)m->severity,
		.why = "failed a short while ago" };

	(void)note(b, q, provider, &a);
}

static struct question *find_place(struct broker *b)
{
	for (size_t i = 0; i < BROKER_WAITING_MAX; i++)
		if (!b->questions[i].is_open)
			return &b->questions[i];
	return NULL;
}

static void start(struct broker *b, struct question *q, enum ioc_type type,
	struct bytes value)
{
	unsigned int generation = q->generation;
	struct str room = q->value;

	*q = (struct question){ .is_open = true,
		.type = type,
		.value = room,
		.number = b->next_number++,
		.generation = generation };
	str_reset(&q->value);
	str_addb(&q->value, value);
	b->n_open++;
}

static void refuse(struct broker *b, enum ioc_type type, struct bytes value)
{
	struct broker_verdict v = { .type = type,
		.value = value,
		.provider = "",
		.is_final = true,
		.why = "too many indicators wait for an answer" };

	b->cf.tell(b->cf.arg, &v);
}

void broker_ask(struct broker *b, enum ioc_type type, struct bytes value,
	struct broker_time now)
{
	struct key key = key_of("", type, value);
	uint32_t *place = map_find(b->places, &key);
	struct question *q;

	if (place)
		return; /* its answer will be heard */
	q = find_place(b);
	if (q)
		start(b, q, type, value);
	place = q ? map_note(b->places, &key) : NULL;
	if (!place) {
		if (q)
			close_question(b, q);
		refuse(b, type, value);
		return;
	}
	*place = (uint32_t)(q - b->questions);
	for (size_t i = 0; i < b->cf.n; i++) {
		const struct memory *m;

		if (!(b->cf.providers[i].types >> type & 1))
			continue;
		m = recall(b, i, q, now.wall_ms);
		if (m)
			note_memory(b, q, i, m);
		else
			q->todo |= (uint16_t)(1u << i);
	}
	if (!q->todo || q->severity != INTEL_NOT_ASKED)
		tell(b, q);
	if (!q->todo)
		close_question(b, q);
	else
		broker_tick(b, now);
}

/* One of them is through with it, for now or for good. */
void broker_settle(struct broker *b, struct question *q, size_t provider,
	const struct provider_answer *a)
{
	uint16_t bit = (uint16_t)(1u << provider);
	bool is_worse = note(b, q, provider, a);

	q->todo &= (uint16_t)~bit;
	if (is_worse || (!q->todo && !q->in_flight))
		tell(b, q);
	if (!q->todo && !q->in_flight)
		close_question(b, q);
}

/* Who has not answered one question, and why. */
static void end_question(struct broker *b, struct question *q)
{
	struct provider_answer a;
	uint16_t left = (uint16_t)(q->todo | q->in_flight);

	q->in_flight = 0;
	q->todo = left;
	for (size_t i = 0; i < b->cf.n; i++) {
		const char *why = b->gates[i].why;

		if (!(left >> i & 1))
			continue;
		provider_say(&a, PROVIDER_LIMITED,
			why[0] ? why : "no answer in time");
		broker_settle(b, q, i, &a);
	}
}

void broker_end(struct broker *b)
{
	for (size_t i = 0; i < BROKER_WAITING_MAX; i++)
		if (b->questions[i].is_open)
			end_question(b, &b->questions[i]);
}

size_t broker_waiting(const struct broker *b)
{
	return b->n_open;
}

void broker_state(const struct broker *b, size_t provider,
	struct broker_time now, struct broker_state *to)
{
	const struct gate *g = &b->gates[provider];

	*to = (struct broker_state){ .used = gate_used(
					     g, now.wall_ms / BROKER_DAY_MS),
		.in_flight = g->in_flight,
		.is_denied = g->is_denied,
		.open_ms = gate_closed_ms(g, now.mono_ms),
		.failures = g->failures };
	snprintf(to->why, sizeof(to->why), "%s", g->why);
}
