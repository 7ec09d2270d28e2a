// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef INTEL_SEVERITY_H
#define INTEL_SEVERITY_H

#include "str.h"

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

/* "High", "information"... in any case; -1: none of them, nor not asked. */
int intel_severity(struct bytes name) __attribute__((warn_unused_result));
const char *intel_severity_name(enum intel_severity severity);
/*
 * The notebook's points for one indicator: information 0, low 1, medium 1.5,
 * high 3, unknown 1. One that nobody was asked about is worth not_asked: 0 in
 * profile hunt; 1 in profile notebook, as the notebook has it.
 */
double intel_severity_points(enum intel_severity severity, double not_asked);

#endif
