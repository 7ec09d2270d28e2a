// SPDX-License-Identifier: GPL-3.0-or-later
#include "relief.h"

#include "emit.h"
#include "event.h"
#include "input.h"
#include "metrics.h"
#include "pipeline.h"

static void tell(const struct relief *r, const struct overload_look *look,
	enum overload_level from, int64_t wall_ms)
{
	enum overload_level level = r->overload.level;
	struct format_counter rows[] = { { "level", level }, { "from", from },
		{ "behind_ms", (uint64_t)look->behind_ms },
		{ "ring_used", look->used }, { "events", r->metrics->events },
		{ "events_suppressed", r->metrics->events_suppressed },
		{ "auid", 0 }, { "auid_percent", 0 } };
	size_t n = sizeof(rows) / sizeof(rows[0]);
	const struct burden_user *top;
	unsigned int percent = 0;

	top = level > from ? burden_top(&r->burden, &percent) : NULL;
	if (top) {
		rows[n - 2].value = top->id;
		rows[n - 1].value = percent;
	} else {
		n -= 2;
	}
	if (top && top->is_uid) {
		rows[n - 2].name = "uid";
		rows[n - 1].name = "uid_percent";
	}
	emit_notice(r->emit, &(struct emit_notice){ .kind = "overload",
				     .sev = level > from ? SEVERITY_WARNING
							 : SEVERITY_NOTICE,
				     .time_ms = wall_ms,
				     .counters = rows,
				     .n = n });
}

void relief_init(struct relief *r, struct emit *emit, struct pipeline *p,
	struct metrics *metrics)
{
	*r = (struct relief){ .emit = emit, .pipeline = p, .metrics = metrics };
}

void relief_event(struct relief *r, const struct event *ev)
{
	/* What stands for others came in before. */
	if (!ev->repeat.count)
		burden_note(&r->burden, ev);
}

/* Of the room that lines may hold while they wait to be sent. */
#define HELD_PART 4

void relief_run(struct relief *r, const struct input *in, int64_t now_ms,
	int64_t wall_ms)
{
	struct overload_look look = input_look(in, now_ms);
	enum overload_level from = r->overload.level;

	burden_tick(&r->burden, now_ms);
	if (look.size && look.used > look.size / HELD_PART)
		emit_spill(r->emit);
	if (!look.size || !overload_run(&r->overload, &look))
		return;
	r->metrics->overload_level = r->overload.level;
	r->metrics->overload_changes++;
	pipeline_relieve(r->pipeline, r->overload.level);
	tell(r, &look, from, wall_ms);
}
