// SPDX-License-Identifier: GPL-3.0-or-later
/* What an event's own text tells. */
#include "pipeline_state.h"

#include "classify.h"
#include "config.h"
#include "decode.h"
#include "ioc.h"
#include "redact.h"
#include "rules.h"

/* The operator may want the notebook's events and no more. */
static bool is_tagged(
	const struct pipeline *p, const struct event *ev, bool is_decoded)
{
	return ev->n_layers || is_decoded || p->cf->tag;
}

/* What was typed in plain text is not told. */
static void keep_decoded(struct event *ev)
{
	size_t n = 0;

	for (size_t i = 0; i < ev->n_iocs; i++)
		if (ev->iocs[i].layer != EVENT_IN_ARGV)
			ev->iocs[n++] = ev->iocs[i];
	ev->n_iocs = n;
}

static void find_iocs(
	struct pipeline *p, struct event *const *evs, size_t n, bool is_decoded)
{
	struct ioc_conf cf = { .types = IOC_TYPES_DEFAULT |
					p->cf->ioc_linux_paths
						<< IOC_LINUX_PATH,
		.rules = p->rules ? p->rules->iocs : NULL };

	for (size_t i = 0; i < n; i++) {
		if (!is_tagged(p, evs[i], is_decoded))
			continue;
		pipeline_mark(p, evs[i]);
		ioc_run(evs[i], &cf);
		if (evs[i]->kind == EVENT_TYPED)
			keep_decoded(evs[i]);
	}
}

static void classify(
	struct pipeline *p, struct event *const *evs, size_t n, bool is_decoded)
{
	struct classify_conf cf = { .match = p->cf->classify_match };

	if (!p->rules)
		return;
	cf.rules = p->rules->classify;
	for (size_t i = 0; i < n; i++) {
		if (!is_tagged(p, evs[i], is_decoded))
			continue;
		pipeline_mark(p, evs[i]);
		classify_run(p->classify, evs[i], &cf);
	}
}

struct intel_conf pipeline_intel_conf(const struct pipeline *p, bool is_decoded)
{
	bool is_notebook = p->cf->score.profile == SCORE_NOTEBOOK;

	return (struct intel_conf){ .lists = p->pc.lists,
		.not_asked = is_notebook ? 1 : 0,
		.has_weights = !is_notebook,
		.is_decoded_only = is_notebook && !is_decoded };
}

void pipeline_judge_all(
	struct pipeline *p, struct event *const *evs, size_t n, bool is_decoded)
{
	struct intel_conf intel = pipeline_intel_conf(p, is_decoded);

	for (size_t i = 0; i < n; i++) {
		pipeline_mark(p, evs[i]);
		decode_run(p->decode, evs[i], &p->cf->decode);
	}
	find_iocs(p, evs, n, is_decoded);
	classify(p, evs, n, is_decoded);
	for (size_t i = 0; i < n; i++)
		if (is_tagged(p, evs[i], is_decoded))
			intel_run(p->pc.intel, evs[i], &intel);
}

void pipeline_judge(struct pipeline *p, struct event *ev, bool is_decoded)
{
	pipeline_judge_all(p, &ev, 1, is_decoded);
}

void pipeline_redact(struct pipeline *p, struct event *ev)
{
	if (p->rules && p->cf->redact)
		redact_run(p->redact, ev, p->rules->redact);
}
