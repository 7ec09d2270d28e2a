// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Pipelines whose text was typed. The kernel tells of keys when its buffer is
 * full or the shell ends, long after what they did; a shell that tells of its
 * lines does so before it runs them.
 */
#include "event.h"
#include "payload_state.h"
#include "record.h"

static uint64_t shell_of(const struct event *ev, uint32_t pid)
{
	uint64_t parts[3] = { payload_hash(ev->node),
		(uint64_t)(ev->has_ses ? ev->ses : EVENT_UNSET), pid };

	return payload_hash(
		(struct bytes){ (const char *)parts, sizeof(parts) });
}

uint64_t payload_note_pipe(
	struct payload_table *t, const struct event *ev, uint64_t id)
{
	uint64_t key = shell_of(ev, ev->ppid);
	struct payload_shell *s;

	if (!ev->has_ppid || !ev->tty.p)
		return id;
	s = map_note(t->shells, &key);
	if (!s)
		return id;
	if (s->typed && ev->time_ms >= s->typed_ms &&
		ev->time_ms - s->typed_ms <= PAYLOAD_SUBSHELL_MS) {
		id = s->typed;
		s->typed = 0;
		return id;
	}
	/* The first of those that nobody has seen the text of. */
	if (!s->id) {
		s->id = id;
		s->time_ms = ev->time_ms;
	}
	return id;
}

static uint64_t typed_id(const struct event *ev, uint64_t shell)
{
	return payload_id_of(shell ^ (uint64_t)ev->time_ms, ev->serial);
}

void payload_typed(struct payload_table *t, struct event *ev)
{
	uint64_t key = shell_of(ev, ev->pid);
	struct event_payload *p = &ev->payload;
	struct payload_shell *s;

	if (!ev->has_pid || !ev->n_layers)
		return;
	s = map_note(t->shells, &key);
	p->role = EVENT_PAYLOAD_CARRIES;
	p->id = typed_id(ev, key);
	if (!s)
		return;
	if (s->id && ev->time_ms >= s->time_ms) {
		p->role = EVENT_PAYLOAD_RUNS;
		p->is_executed = true;
		p->id = s->id;
		p->why = event_copy(
			ev, BYTES("typed at the terminal of a shell that piped "
				  "what it decoded to an interpreter"));
		*s = (struct payload_shell){ .id = 0 };
		return;
	}
	/* The kernel comes too late for what follows. */
	if (ev->message.type != RECORD_USER_TTY)
		return;
	s->typed = p->id;
	s->typed_ms = ev->time_ms;
}
