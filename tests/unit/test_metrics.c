// SPDX-License-Identifier: GPL-3.0-or-later
#include "check.h"
#include "metrics.h"

/* Books closed in the middle of anything: the laws hold, and what was done
 * stays done. */
static void test_redo(void)
{
	static const struct {
		const char *name;
		struct metrics before;
		uint64_t lines_redone, events_redone, lines_unsent;
		uint64_t repeats_redone;
	} rows[] = {
		{ "nothing", { 0 }, 0, 0, 0, 0 },
		{ "nothing open",
			{ .lines = 7,
				.records_taken = 5,
				.lines_long = 1,
				.lines_poisoned = 1,
				.events = 3,
				.events_emitted = 1,
				.events_poisoned = 1,
				.events_replayed = 1,
				.lines_out = 1,
				.lines_sent = 1 },
			0, 0, 0, 0 },
		{ "records open, lines queued",
			{ .lines = 9,
				.records_taken = 5,
				.records_open = 4,
				.events = 1,
				.events_emitted = 1,
				.lines_out = 3,
				.lines_sent = 1,
				.lines_queued = 2 },
			4, 0, 2, 0 },
		{ "lines in the spool, some restored before",
			{ .lines_out = 6,
				.lines_restored = 4,
				.lines_sent = 2,
				.lines_queued = 1,
				.lines_spooled = 6,
				.spool_full = 1 },
			0, 0, 1, 0 },
		{ "in a line, in an event",
			{ .lines = 6,
				.records_open = 0,
				.events = 2,
				.events_emitted = 1,
				.lines_out = 1 },
			6, 1, 1, 0 },
		{ "told before it was counted",
			{ .lines = 5, .records_taken = 6 }, 0, 0, 0, 0 },
		{ "repeats to be told",
			{ .events = 7,
				.events_emitted = 1,
				.events_suppressed = 6,
				.repeats_told = 2,
				.repeats_open = 4 },
			0, 0, 0, 0 },
		{ "in the line of some",
			{ .events = 7,
				.events_emitted = 1,
				.events_suppressed = 6,
				.repeats_told = 1,
				.repeats_open = 2 },
			0, 0, 0, 3 },
		{ "counted in a line to be, and nowhere else",
			{ .events = 3,
				.events_emitted = 1,
				.events_suppressed = 1,
				.repeats_open = 2 },
			0, 0, 0, 0 },
		{ "not the first to die",
			{ .lines = 9,
				.lines_redone = 3,
				.records_open = 6,
				.events = 2,
				.events_redone = 1,
				.events_filtered = 1 },
			9, 1, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct metrics m = rows[i].before;

		check_start("redo: %s", rows[i].name);
		metrics_redo(&m);
		CHECK_EQ(metrics_residual(&m), 0);
		CHECK_EQ(m.records_open, 0);
		CHECK_EQ(m.lines_queued, 0);
		CHECK_EQ(m.lines_spooled, 0);
		CHECK_EQ(m.lines_left, rows[i].before.lines_spooled);
		CHECK_EQ(m.records_taken, rows[i].before.records_taken);
		CHECK_EQ(m.events_emitted, rows[i].before.events_emitted);
		CHECK_EQ(m.lines_sent, rows[i].before.lines_sent);
		CHECK_EQ(m.lines_redone, rows[i].lines_redone);
		CHECK_EQ(m.events_redone, rows[i].events_redone);
		CHECK_EQ(m.lines_unsent, rows[i].lines_unsent);
		CHECK_EQ(m.repeats_redone, rows[i].repeats_redone);
		CHECK_EQ(m.repeats_open, rows[i].before.repeats_open);
	}
}

int main(void)
{
	check.module = "metrics";
	test_redo();
	return check_end();
}
