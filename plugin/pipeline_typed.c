// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What was typed at a terminal: of it only what is hidden in a line that runs
 * it is told. The rest may be anything, a password for one.
 */
#include "pipeline_state.h"

#include "config.h"
#include "decode.h"
#include "filter.h"
#include "frequency.h"
#include "metrics.h"
#include "payload.h"
#include "rules.h"
#include "score.h"
#include "typed.h"

/* The kernel has 4,096 bytes of keys in a record, and programs twice that. */
#define TYPED_MAX 16384

/* As if a shell had it for its argument. */
static bool set_script(struct event *ev, struct bytes script)
{
	struct bytes *argv = event_alloc(ev, 3 * sizeof(*argv));

	script = event_copy(ev, script);
	if (!argv || !script.p)
		return false;
	argv[0] = BYTES("sh");
	argv[1] = BYTES("-c");
	argv[2] = script;
	ev->argv = argv;
	ev->argc = 3;
	return true;
}

static bool is_run(const struct event *ev)
{
	for (size_t i = 0; i < ev->n_layers; i++)
		if (ev->layers[i].is_run)
			return true;
	return false;
}

static bool hides(struct pipeline *p, struct event *ev, struct bytes line)
{
	bool is_it;

	if (!typed_may_run(line) || !set_script(ev, line))
		return false;
	decode_run(p->decode, ev, &p->cf->decode);
	is_it = is_run(ev);
	ev->layers = NULL;
	ev->n_layers = ev->decoded_bytes = 0;
	ev->is_capped = false;
	return is_it;
}

/* The lines that run what they hide. */
static void pick(struct pipeline *p, struct event *ev, struct str *script)
{
	struct bytes rest = ev->message.typed;
	struct str line;

	str_init(&line, TYPED_MAX);
	while (typed_line(&rest, &line)) {
		if (hides(p, ev, str_bytes(&line))) {
			str_addb(script, str_bytes(&line));
			str_addc(script, '\n');
		}
		str_reset(&line);
	}
	str_fini(&line);
}

void pipeline_typed(struct pipeline *p, struct event *ev)
{
	bool has_script;
	struct str script;

	pipeline_mark(p, ev);
	str_init(&script, TYPED_MAX);
	pick(p, ev, &script);
	ev->message.typed = (struct bytes){ NULL, 0 };
	has_script = script.len && set_script(ev, str_bytes(&script));
	str_fini(&script);
	if (!has_script)
		return;
	pipeline_judge_all(p, &ev, 1, false);
	p->pc.metrics->layers += ev->n_layers;
	frequency_run(p->frequency, ev, p->cf->frequency);
	payload_typed(p->payload, ev);
	pipeline_alerts_sum(p, ev);
	score_run(ev, &p->cf->score);
	if (p->rules && p->rules->filters)
		filter_run(p->filter, ev, p->rules->filters);
}
