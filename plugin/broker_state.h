// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef BROKER_STATE_H
#define BROKER_STATE_H

#include "broker.h"
#include "broker_gate.h"
#include "map.h"

/* What the files of the broker share; nobody else includes this. */

struct key {
	unsigned char bytes[16];
};

/* What a provider said of an indicator. */
struct memory {
	int64_t until_ms; /* since the epoch */
	uint64_t change; /* when it said so: a number that grows */
	uint8_t say, severity;
};

/* An indicator that somebody has still to answer for. */
struct question {
	bool is_open;
	enum ioc_type type;
	struct str value;
	uint64_t number; /* in the order of their coming */
	uint16_t todo, in_flight; /* a bit for each provider */
	uint8_t tries[BROKER_PROVIDERS_MAX];
	unsigned int generation; /* of the place */
	enum intel_severity severity;
	size_t provider; /* whose word that is */
	char why[PROVIDER_NAME_MAX + 96];
};

struct broker {
	struct broker_conf cf;
	struct gate gates[BROKER_PROVIDERS_MAX];
	struct map *memory;
	uint64_t change, spent; /* grow with every answer, every question */
	struct map *places; /* indicators to places */
	struct question questions[BROKER_WAITING_MAX];
	size_t n_open;
	uint64_t next_number;
};

#define BROKER_DAY_MS 86400000LL

/* One of them is through with a question, for now or for good. */
void broker_settle(struct broker *b, struct question *q, size_t provider,
	const struct provider_answer *a);
/* Notes what one of them said, but that it is busy or refuses its key. */
void broker_remember(struct broker *b, size_t provider,
	const struct question *q, const struct provider_answer *a,
	int64_t wall_ms);

#endif
