// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A file of verdicts, alerts or a baseline, CSV or JSON.
 *
 * seeds: table
 * dict: tables
 */
#include "tables.h"

#include "alert.h"
#include "baseline.h"
#include "fuzz.h"
#include "intel.h"

static void check_baseline(const char *file)
{
	struct baseline_draft *d = baseline_draft_new();
	struct baseline b;
	struct str why;
	int rc;

	MUST(d);
	str_init(&why, 4096);
	rc = tables_load_baseline(d, file, &why);
	MUST((rc < 0) == (why.len > 0 || !str_ok(&why)));
	MUST(baseline_open(&b, baseline_draft_rows(d)) == 0);
	for (size_t i = 0; i < b.n; i++)
		MUST(baseline_get(&b, b.rows[i].command) == &b.rows[i]);
	baseline_draft_free(d);
	str_fini(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const uint64_t seed[2] = { 1, 2 };
	struct intel_table *intel = intel_table_new(seed, INTEL_ENTRIES_MAX);
	struct alert_table *alerts = alert_table_new();
	const char *file = fuzz_file(fuzz_bytes(data, len));
	struct bytes who = { NULL, 0 };
	struct alert_sum sum;
	struct str why;
	int rc;

	MUST(intel && alerts);
	str_init(&why, 4096);
	rc = tables_load_intel(intel, file, &why);
	MUST((rc < 0) == (why.len > 0 || !str_ok(&why)));
	(void)intel_table_get(intel, BYTES("192.0.2.1"), &who);
	fuzz_touch(who);
	str_reset(&why);
	rc = tables_load_alerts(alerts, file, &why);
	MUST((rc < 0) == (why.len > 0 || !str_ok(&why)));
	str_reset(&why);
	if (len) {
		rc = tables_take_sent_alerts(
			alerts, fuzz_bytes(data, len), &why);
		MUST((rc < 0) == (why.len > 0 || !str_ok(&why)));
	}
	sum = alert_sum(alerts, BYTES("web1"), INT64_MIN, INT64_MAX);
	MUST(sum.points >= 0 && sum.n <= ALERT_MAX);
	fuzz_touch(sum.worst);
	check_baseline(file);
	str_fini(&why);
	intel_table_free(intel);
	alert_table_free(alerts);
	return 0;
}
