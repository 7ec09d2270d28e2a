// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef INTEL_H
#define INTEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intel_severity.h"
#include "str.h"

struct event;
struct event_ioc;
struct listmap;

/* Verdicts by indicator, whatever the case of its letters: the worst one of
 * each is kept. */
struct intel_table;

#define INTEL_ENTRIES_MAX (8u << 20)

/* Of max indicators; the oldest go. NULL when out of memory. */
struct intel_table *intel_table_new(const uint64_t seed[2], uint32_t max)
	__attribute__((warn_unused_result));
void intel_table_free(struct intel_table *t);
/* Forgets all of it; where there is no memory for that, nothing. */
void intel_table_clear(struct intel_table *t);
/* -1: out of memory. */
int intel_table_add(struct intel_table *t, struct bytes ioc,
	struct bytes provider, enum intel_severity severity)
	__attribute__((warn_unused_result));
/* What is known of it; *provider (borrowed) says whose word it is. */
enum intel_severity intel_table_get(
	struct intel_table *t, struct bytes ioc, struct bytes *provider);

struct intel_conf {
	const struct listmap *lists; /* NULL: there are none */
	double not_asked;
	/* What a row says an indicator is worth counts; not the notebook's. */
	bool has_weights;
	/* The notebook looks at decoded text only, not at argv. */
	bool is_decoded_only;
};

/* Fills ev->verdicts and ev->intel_points, each indicator once, by the worst
 * of what the table, the lists and its row say. t may be NULL: nobody was asked
 * about anything. */
void intel_run(
	struct intel_table *t, struct event *ev, const struct intel_conf *cf);

/* What an indicator counts with that severity, by cf and its row. */
double intel_points(const struct event_ioc *ioc, enum intel_severity severity,
	const struct intel_conf *cf);

#endif
