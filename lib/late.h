// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LATE_H
#define LATE_H

#include <stdbool.h>
#include <stddef.h>

#include "intel.h"

struct event;

/*
 * What is left of an event once it is told, for verdicts that come later: its
 * id, whom it is about, its score, and the indicators that nobody was asked
 * about yet, LATE_IOCS_MAX at most. NULL: there is none of those, or no memory.
 */
#define LATE_IOCS_MAX 16

struct event *late_new(const struct event *ev)
	__attribute__((warn_unused_result));

/* How many indicators late_new would keep. */
size_t late_count(const struct event *ev);

/*
 * A verdict about indicator i of what late_new gave; weight is the score's for
 * its part intel. Where it says more than what is known, ev's score is amended,
 * why says it, and verdicts[i] has it. False: it does not.
 */
bool late_amend(struct event *ev, size_t i, enum intel_severity severity,
	struct bytes provider, const struct intel_conf *cf, double weight);

#endif
