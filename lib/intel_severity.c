// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel_severity.h"

#include <strings.h>

static const struct {
	const char *name;
	enum intel_severity severity;
	double points;
} severities[] = {
	{ "not asked", INTEL_NOT_ASKED, 0 },
	{ "unknown", INTEL_UNKNOWN, 1 },
	{ "information", INTEL_INFORMATION, 0 },
	{ "low", INTEL_LOW, 1 },
	{ "medium", INTEL_MEDIUM, 1.5 },
	{ "high", INTEL_HIGH, 3 },
	{ "informational", INTEL_INFORMATION, 0 },
	{ "warning", INTEL_MEDIUM, 1.5 },
};

#define N_SEVERITIES (sizeof(severities) / sizeof(severities[0]))

int intel_severity(struct bytes name)
{
	for (size_t i = 1; i < N_SEVERITIES; i++)
		if (strlen(severities[i].name) == name.len &&
			!strncasecmp(severities[i].name, name.p, name.len))
			return (int)severities[i].severity;
	return -1;
}

const char *intel_severity_name(enum intel_severity severity)
{
	return severities[severity].name;
}

double intel_severity_points(enum intel_severity severity, double not_asked)
{
	return severity == INTEL_NOT_ASKED ? not_asked
					   : severities[severity].points;
}
