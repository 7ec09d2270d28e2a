// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef INTEL_H
#define INTEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct event;

/* In the order of gravity, as the notebook has it: what somebody says goes
 * before unknown. "warning", as msticpy says for medium, is medium. */
enum intel_severity {
	INTEL_NOT_ASKED,
	INTEL_UNKNOWN, /* asked, and nobody knew */
	INTEL_INFORMATION,
	INTEL_LOW,
	INTEL_MEDIUM,
	INTEL_HIGH
};

/* "High", "information"... in any case; -1: none of them. */
int intel_severity(struct bytes name) __attribute__((warn_unused_result));
const char *intel_severity_name(enum intel_severity severity);
/*
 * The notebook's points for one indicator: information 0, low 1, medium 1.5,
 * high 3, unknown 1. One that nobody was asked about is worth not_asked: 0 in
 * profile hunt; 1 in profile notebook, as the notebook has it.
 */
double intel_points(enum intel_severity severity, double not_asked);

/* Verdicts by indicator, whatever the case of its letters: the worst one of
 * each is kept. */
struct intel_table;

#define INTEL_ENTRIES_MAX (8u << 20)

/* NULL when out of memory. */
struct intel_table *intel_table_new(const uint64_t seed[2])
	__attribute__((warn_unused_result));
void intel_table_free(struct intel_table *t);
/* -1: out of memory. */
int intel_table_add(struct intel_table *t, struct bytes ioc,
	struct bytes provider, enum intel_severity severity)
	__attribute__((warn_unused_result));
/* What is known of it; *provider (borrowed) says whose word it is. */
enum intel_severity intel_table_get(
	struct intel_table *t, struct bytes ioc, struct bytes *provider);

struct intel_conf {
	double not_asked;
	/* The notebook looks at decoded text only, not at argv. */
	bool is_decoded_only;
};

/* Fills ev->verdicts and ev->intel_points, each indicator once. t may be
 * NULL: nobody was asked about anything. */
void intel_run(
	struct intel_table *t, struct event *ev, const struct intel_conf *cf);

#endif
