// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef IOC_RULES_H
#define IOC_RULES_H

/* An operator's own indicators: for ioc's own files. */

#include <stdbool.h>
#include <stdint.h>

#include "finder.h"
#include "ioc.h"
#include "pattern.h"
#include "str.h"

/* Rows, and with them types: what a person keeps in order is far less. */
#define IOC_RULES_MAX 256

struct ioc_rule {
	struct pattern *code;
	unsigned int type;
	unsigned int severity; /* enum intel_severity; NOT_ASKED: none given */
	double weight; /* 0: none given */
	uint32_t text; /* number of the text that next is about */
	size_t next; /* no match that is left starts before it */
	bool is_given_up; /* for this event */
};

struct ioc_rules {
	struct ioc_rule rules[IOC_RULES_MAX];
	char *types[IOC_RULES_MAX]; /* names of IOC_N_TYPES and on */
	unsigned int n_rules, n_types, n_others; /* others: no literal */
	struct finder *find; /* the literals, by rule */
	struct pattern_matcher *matcher;
	uint32_t text; /* number of the text that is searched, from 1 */
	bool is_capped; /* a rule was given up in this event */
};

/* Takes what a rule found. False: enough. */
typedef bool ioc_own_take(
	void *arg, const struct ioc_rule *rule, struct bytes value);

/* Begins an event, with a budget that is whole. */
void ioc_own_start(struct ioc_rules *r);
/* Finds what the rules are about in one text. False: take has had enough. */
bool ioc_own_scan(
	struct ioc_rules *r, struct bytes text, ioc_own_take *take, void *arg);

#endif
