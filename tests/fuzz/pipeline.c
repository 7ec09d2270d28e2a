// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * All of it: a stream of bytes, with a tick where a line is "~", through every
 * stage with the shipped rows, and each event in every format. What went in is
 * accounted for, and nothing that an attacker writes gets out of its line.
 *
 * seeds: log
 * dict: record
 */
#include "pipeline.h"

#include "config.h"
#include "intel.h"
#include "lines.h"
#include "metrics.h"
#include "rules.h"

static struct pipeline *pipeline;
static struct config config;
static struct metrics metrics;
static size_t line_max = 6000;

static void out(void *arg, struct event *ev)
{
	(void)arg;
	MUST(ev->score.total >= 0 && ev->score.total < 1e6);
	MUST(ev->frequency.points >= 0 && ev->frequency.points <= 1);
	metrics.events_emitted += !ev->told; /* an alert is no event */
	lines_run(ev, line_max);
}

static void start(void)
{
	struct pipeline_conf pc = { .out = out, .metrics = &metrics };
	const uint64_t seed[2] = { 1, 2 };
	struct rules *rules;
	struct intel_table *intel;
	struct str why;

	if (pipeline)
		return;
	str_init(&why, 1 << 16);
	config_init(&config);
	config.tag = 1;
	config.frequency_commands = 64;
	rules = rules_load("conf/hunt.d", "basic", &why);
	if (!rules)
		fputs(str_z(&why), stderr);
	intel = intel_table_new(seed, INTEL_ENTRIES_MAX);
	MUST(rules && intel);
	MUST(intel_table_add(
		     intel, BYTES("192.0.2.1"), BYTES("x"), INTEL_HIGH) == 0);
	pc.intel = intel;
	pipeline = pipeline_new(&pc, &config);
	MUST(pipeline);
	pipeline_reload(pipeline, &config, rules);
	str_fini(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static int64_t now_ms = 1000;
	struct bytes in = fuzz_bytes(data, len), part;
	uint64_t hash = fuzz_hash(in);

	start();
	line_max = FORMAT_LINE_MIN + hash % 8192;
	while (fuzz_next(&in, '~', &part)) {
		struct bytes copy = fuzz_copy(part);

		pipeline_push(pipeline, copy.p, copy.len);
		fuzz_free(copy);
		now_ms += 50;
		pipeline_tick(pipeline, now_ms);
	}
	/* Else the next input goes on where this one stops. */
	if (hash / 8192 % 8)
		pipeline_end(pipeline);
	pipeline_gauge(pipeline);
	MUST(metrics_residual(&metrics) == 0);
	return 0;
}
