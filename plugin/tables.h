// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TABLES_H
#define TABLES_H

#include "str.h"

struct alert_table;
struct baseline_draft;
struct intel_table;

/*
 * Verdicts, alerts and baselines from files: a JSON array of objects, or CSV
 * (RFC 4180) whose first line names the columns; the same names, in any order,
 * others ignored:
 *   verdicts: Ioc, Provider, Severity
 *   alerts:   host, AlertName, Severity, TimeGenerated (ISO 8601), or what
 *             Sentinel exports of its table SecurityAlert
 *   baseline: command (SHA-256 in hexadecimal), count, hosts
 * or one such object a line.
 * -1: *why says what is wrong, with the number of the object or line.
 */
int tables_load_intel(struct intel_table *t, const char *file, struct str *why)
	__attribute__((warn_unused_result));
int tables_load_alerts(struct alert_table *t, const char *file, struct str *why)
	__attribute__((warn_unused_result));
int tables_load_baseline(struct baseline_draft *d, const char *file,
	struct str *why) __attribute__((warn_unused_result));
/* Of JSON alone, and in it one object or an array of them: what is sent. */
int tables_take_sent_alerts(struct alert_table *t, struct bytes text,
	struct str *why) __attribute__((warn_unused_result));
/* The same of a text, which it may write over. */
int tables_take_alerts(struct alert_table *t, struct bytes text,
	const char *file, struct str *why) __attribute__((warn_unused_result));
int tables_take_baseline(struct baseline_draft *d, struct bytes text,
	const char *file, struct str *why) __attribute__((warn_unused_result));

#endif
