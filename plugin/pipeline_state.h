// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PIPELINE_STATE_H
#define PIPELINE_STATE_H

/* For pipeline's own files. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "closed.h"
#include "event.h"
#include "intel.h"
#include "log.h"
#include "mark.h"
#include "pipeline.h"
#include "rollup.h"

/* Events that go through the stages together, so that what a stage has of code
 * and tables is fetched once for all of them; none waits for another read. */
#define BATCH_MAX   32
#define BATCH_BYTES (1u << 20)

struct pipeline {
	struct pipeline_conf pc;
	const struct config *cf;
	struct feed *feed;
	struct gather *gather;
	struct assemble *assemble;
	struct decode *decode;
	struct classify *classify;
	struct filter *filter;
	struct detect *detect;
	struct redact *redact;
	struct rules *rules; /* NULL: there are none */
	struct frequency *frequency;
	struct lineage *lineage;
	struct payload_table *payload;
	struct session_table *sessions;
	struct network_table *network;
	struct rollup rollup;
	int64_t time_ms;
	uint64_t missing_before; /* told by the process before */
	struct log_limit limit;
	struct event *batch[BATCH_MAX];
	size_t n_batch, batch_bytes;
	struct closed_ring messages; /* those that have come */
	size_t n_traced; /* of the batch: lineage has seen them */
};

/* Notes which event a stage is about to see. */
static inline void pipeline_mark(
	const struct pipeline *p, const struct event *ev)
{
	if (p->pc.mark)
		(void)!mark_set(p->pc.mark, mark_event(ev->input_pos));
}

/* What lineage and payload remember; NULL: out of memory. */
struct lineage *pipeline_lineage_new(const struct pipeline_conf *pc,
	const struct config *cf) __attribute__((warn_unused_result));
struct payload_table *pipeline_payload_new(void)
	__attribute__((warn_unused_result));
/* Has gather take what cf asks for. */
void pipeline_network_reload(struct pipeline *p);
/* What a network call tells, which no other event decides. */
void pipeline_network(struct pipeline *p, struct event *ev);
/* Whether it has no line of its own. */
bool pipeline_network_is_quiet(
	const struct pipeline *p, const struct event *ev);

/* Has gather take what rows of alerts are about. */
void pipeline_alerts_reload(struct pipeline *p);
/* What the rows make of an event, which is told by pipeline_alerts_tell once
 * the event itself was; and what other alerts say of it. */
void pipeline_alerts_find(struct pipeline *p, struct event *ev);
void pipeline_alerts_sum(struct pipeline *p, struct event *ev);
void pipeline_alerts_tell(struct pipeline *p, struct event *ev);
/* What was typed, if it hides something. */
void pipeline_typed(struct pipeline *p, struct event *ev);

/* What is known of the address of a network call or of a session's line. */
void pipeline_place(struct pipeline *p, struct event *ev);

/* How intel is to count; is_decoded as in pipeline_judge. */
struct intel_conf pipeline_intel_conf(
	const struct pipeline *p, bool is_decoded);
/* What pipeline_judge does, of many, stage by stage. */
void pipeline_judge_all(struct pipeline *p, struct event *const *evs, size_t n,
	bool is_decoded);

#endif
