// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TABLES_ALERTS_H
#define TABLES_ALERTS_H

#include "str.h"

/* A row of alerts: the columns it may have, and what takes it. */
#define TABLES_ALERT_NAMES                                                     \
	{                                                                      \
		"host", "AlertName", "Severity", "TimeGenerated",              \
			"DisplayName", "AlertSeverity", "Entities",            \
			"CompromisedEntity", "TimeGenerated [UTC]"             \
	}
#define TABLES_ALERT_COLUMNS 9

/* -1: *why says what is wrong with the row. One that is about no host is left
 * out. */
int tables_take_alert(void *table, const struct bytes *values, struct str *why)
	__attribute__((warn_unused_result));

#endif
