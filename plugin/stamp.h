// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef STAMP_H
#define STAMP_H

#include <stdint.h>

#include "str.h"

/* Reads ISO 8601 in UTC, 2026-01-02T03:04:05[.678][Z], or with a blank for T,
 * as milliseconds since the epoch; or 1/2/2026, 3:04:05.678 AM, as Sentinel's
 * portal has it. -1: it is none. */
int stamp_parse(struct bytes v, int64_t *time_ms)
	__attribute__((warn_unused_result));

/* Now, as milliseconds since the epoch. */
int64_t stamp_now_ms(void);

#endif
