// SPDX-License-Identifier: GPL-3.0-or-later
#include "payload.h"

#include <stdlib.h>

#include "event.h"
#include "payload_state.h"
#include "shell.h"

#define SIBLINGS_MAX 4096

static const uint64_t id_seed[2] = { 0x7061796c6f616420ULL,
	0x7468617420726e21ULL };

static struct map *table(
	const uint64_t seed[2], size_t key_len, size_t value_len, uint32_t max)
{
	struct map_conf cf = { .key_len = key_len,
		.value_len = value_len,
		.max = max,
		.seed = { seed[0], seed[1] } };

	return map_new(&cf);
}

struct payload_table *payload_table_new(const uint64_t seed[2])
{
	struct payload_table *t = calloc(1, sizeof(*t));
	const size_t key = sizeof(uint64_t);

	if (!t)
		return NULL;
	t->processes = table(seed, key, sizeof(struct payload_process),
		PAYLOAD_PROCESSES_MAX);
	t->suspects = table(seed, key, sizeof(struct payload_suspect),
		PAYLOAD_SUSPECTS_MAX);
	t->siblings =
		table(seed, key, sizeof(struct payload_siblings), SIBLINGS_MAX);
	t->files = table(
		seed, key, sizeof(struct payload_known), PAYLOAD_FILES_KEPT);
	t->sessions = table(
		seed, key, sizeof(struct payload_known), PAYLOAD_SESSIONS_KEPT);
	t->shells = table(
		seed, key, sizeof(struct payload_shell), PAYLOAD_SHELLS_KEPT);
	t->shell = shell_new();
	if (t->processes && t->suspects && t->siblings && t->files &&
		t->sessions && t->shells && t->shell)
		return t;
	payload_table_free(t);
	return NULL;
}

void payload_table_free(struct payload_table *t)
{
	const void *key;
	struct payload_suspect *s;
	uint32_t i = 0;

	if (!t)
		return;
	while (t->suspects && (s = map_next(t->suspects, &i, &key)))
		payload_drop_suspect(s);
	map_free(t->processes);
	map_free(t->suspects);
	map_free(t->siblings);
	map_free(t->files);
	map_free(t->sessions);
	map_free(t->shells);
	shell_free(t->shell);
	free(t);
}

struct payload_suspect *payload_add(struct payload_table *t, uint64_t id)
{
	const void *found;
	struct payload_suspect *s;
	uint64_t oldest;
	uint32_t i = 0;

	if (map_count(t->suspects) == PAYLOAD_SUSPECTS_MAX) {
		s = map_next(t->suspects, &i, &found);
		payload_drop_suspect(s);
		memcpy(&oldest, found, sizeof(oldest));
		map_drop(t->suspects, &oldest);
		t->evicted++;
	}
	return map_note(t->suspects, &id);
}

uint64_t payload_evicted(const struct payload_table *t)
{
	return map_evicted(t->processes) + t->evicted;
}

uint64_t payload_id_of(uint64_t guid, uint64_t which)
{
	uint64_t parts[2] = { guid, which };
	uint64_t id = map_siphash(id_seed, parts, sizeof(parts)) >> 16;

	return id ? id : 1;
}

void payload_mark(struct payload_table *t, uint64_t guid, uint64_t id,
	enum payload_state state)
{
	struct payload_process *p = map_note(t->processes, &guid);

	if (p && (!p->id || p->state < state))
		*p = (struct payload_process){ id, ++t->change, state };
}

void payload_know(
	struct payload_table *t, struct map *in, uint64_t key, uint64_t id)
{
	struct payload_known *known = map_note(in, &key);

	if (known)
		*known = (struct payload_known){ id, ++t->change };
}

static void tell(struct event *ev, uint64_t id, enum event_payload_role role,
	const char *why)
{
	ev->payload.id = id;
	ev->payload.role = role;
	ev->payload.is_executed =
		role == EVENT_PAYLOAD_RUNS || role == EVENT_PAYLOAD_FOLLOWS;
	ev->payload.why = event_copy(ev, bytes_of(why));
}

static void run(
	struct payload_table *t, struct event *ev, uint64_t id, const char *why)
{
	payload_mark(t, ev->lineage.guid, id, PAYLOAD_EXECUTED);
	tell(ev, id, EVENT_PAYLOAD_RUNS, why);
}

/* The nearest above that has something to do with a payload. Whoever ran a
 * program below it got a mark of its own, so that nobody above has to be asked
 * for but those that only forked. */
static bool find_above(struct payload_table *t, const struct event *ev,
	struct payload_process *found)
{
	for (size_t i = 0; i < ev->lineage.n_ancestors; i++) {
		const struct event_ancestor *a = &ev->lineage.ancestors[i];
		const struct payload_process *p =
			map_touch(t->processes, &a->guid);

		if (p)
			*found = *p;
		if (p || a->execs)
			return p;
	}
	return false;
}

static const struct event_layer *suspicious(const struct event *ev)
{
	const struct event_layer *found = NULL;

	for (size_t i = 0; i < ev->n_layers; i++) {
		const struct event_layer *l = &ev->layers[i];

		if (!l->is_text || !l->text.len)
			continue;
		if (l->is_run)
			return l;
		if (!found)
			found = l;
	}
	return found;
}

static uint64_t session_of(const struct event *ev)
{
	uint64_t parts[2] = { payload_hash(ev->node),
		(uint64_t)(ev->has_ses ? ev->ses : EVENT_UNSET) };

	return payload_hash(
		(struct bytes){ (const char *)parts, sizeof(parts) });
}

static uint64_t parent_of(const struct event *ev)
{
	return ev->lineage.n_ancestors ? ev->lineage.ancestors[0].guid : 0;
}

/* The id of the same text that a process before this one holds: sudo bash -c X
 * holds what its bash -c X holds, and setsid what it leaves to itself, though
 * lineage may not know; 0: none does. */
static uint64_t same_text(struct payload_table *t, const struct event *ev,
	const struct event_layer *layer, const struct payload_process *above)
{
	const struct payload_suspect *s;
	const struct payload_known *last;
	uint64_t session;

	s = above ? map_find(t->suspects, &above->id) : NULL;
	if (s && !memcmp(s->sha256, layer->sha256, sizeof(s->sha256)))
		return above->id;
	session = session_of(ev);
	last = map_find(t->sessions, &session);
	s = last ? map_find(t->suspects, &last->id) : NULL;
	if (!s || memcmp(s->sha256, layer->sha256, sizeof(s->sha256)) != 0 ||
		ev->time_ms < s->time_ms ||
		ev->time_ms - s->time_ms > PAYLOAD_PIPE_MS ||
		parent_of(ev) == s->above)
		return 0;
	return last->id;
}

static struct payload_suspect *add_suspect(struct payload_table *t,
	const struct event *ev, const struct event_layer *layer, uint64_t id)
{
	struct payload_suspect *s = payload_add(t, id);

	if (!s)
		return NULL;
	s->change = ++t->change;
	s->time_ms = ev->time_ms;
	s->above = parent_of(ev);
	s->is_run = layer->is_run;
	memcpy(s->sha256, layer->sha256, sizeof(s->sha256));
	payload_set_text(s, layer->text);
	payload_know(t, t->sessions, session_of(ev), id);
	return s;
}

/* Its own arguments hide something. False: nothing that could run. */
static bool hold(struct payload_table *t, struct event *ev,
	const struct invocation *inv, const struct payload_process *above)
{
	const struct event_layer *layer = suspicious(ev);
	uint64_t id;

	if (!layer)
		return false;
	id = same_text(t, ev, layer, above);
	if (!id)
		id = payload_id_of(ev->lineage.guid, ev->lineage.execs);
	if (!map_find(t->suspects, &id) && !add_suspect(t, ev, layer, id))
		return false;
	if (payload_runs_itself(ev, inv, layer)) {
		run(t, ev, id, "runs what its own arguments hide");
		return true;
	}
	payload_mark(t, ev->lineage.guid, id, PAYLOAD_HOLDS);
	payload_note_holder(t, ev, inv, id);
	tell(ev, id, EVENT_PAYLOAD_CARRIES, NULL);
	return true;
}

static bool reads_pipe(const struct event *ev, const struct invocation *inv)
{
	static const struct bytes fds[] = { BYTES("/dev/fd/"),
		BYTES("/proc/self/fd/"), BYTES("/dev/stdin") };

	if (inv->reads_stdin)
		return true;
	for (size_t i = 0; inv->script < ev->argc && i < 3; i++)
		if (ev->argv[inv->script].len >= fds[i].len &&
			!memcmp(ev->argv[inv->script].p, fds[i].p, fds[i].len))
			return true;
	return false;
}

/* Below one that holds a payload. */
static bool follow(struct payload_table *t, struct event *ev,
	const struct invocation *inv, uint64_t id)
{
	struct payload_suspect *s = map_touch(t->suspects, &id);

	payload_mark(t, ev->lineage.guid, id, PAYLOAD_BELOW);
	if (!s)
		return false;
	if (s->is_run && reads_pipe(ev, inv)) {
		run(t, ev, id, "an interpreter that was given what was hidden");
		return true;
	}
	if (payload_is_text(s, ev)) {
		run(t, ev, id, "has what was hidden for an argument");
		return true;
	}
	if (payload_is_command(t, s, ev, !s->is_run)) {
		run(t, ev, id, "a command of what was hidden");
		return true;
	}
	return false;
}

/* In a subshell that nobody told of, so that lineage ends there. */
static bool match_subshell(struct payload_table *t, struct event *ev)
{
	const struct event_lineage *l = &ev->lineage;
	struct payload_suspect *s;
	const struct payload_known *last;
	uint64_t session, id;

	if (!map_count(t->sessions) || l->n_ancestors != 1 ||
		l->ancestors[0].exe.p || l->ancestors[0].comm.p ||
		ev->ppid <= 1)
		return false;
	session = session_of(ev);
	last = map_find(t->sessions, &session);
	s = last ? map_find(t->suspects, &last->id) : NULL;
	if (!s || !s->is_run || ev->time_ms - s->time_ms < 0 ||
		ev->time_ms - s->time_ms > PAYLOAD_SUBSHELL_MS ||
		!payload_is_command(t, s, ev, true))
		return false;
	id = last->id;
	payload_mark(t, l->ancestors[0].guid, id, PAYLOAD_EXECUTED);
	run(t, ev, id, "a command of what was hidden, in a subshell");
	return true;
}

/* Of one that has nothing to do with a payload so far. */
static void look(struct payload_table *t, struct event *ev)
{
	const struct invocation *inv;
	uint64_t file;

	if (!map_count(t->files) && !payload_is_candidate(ev)) {
		match_subshell(t, ev);
		return;
	}
	inv = event_invocation(ev);
	file = payload_of_file(t, ev, inv);
	if (file)
		run(t, ev, file, "a file that what was hidden was written to");
	else if (!match_subshell(t, ev))
		payload_pair(t, ev, inv);
}

/* The nearest that has something to do with a payload, its own process or one
 * above. */
static bool find_near(struct payload_table *t, const struct event *ev,
	struct payload_process *found)
{
	const struct payload_process *own;
	bool has_above;

	if (!map_count(t->processes))
		return false;
	has_above = find_above(t, ev, found);
	own = map_find(t->processes, &ev->lineage.guid);
	if (own && (!has_above || own->state >= found->state)) {
		*found = *own;
		has_above = true;
	}
	return has_above;
}

void payload_tell(struct payload_table *t, struct event *ev)
{
	struct payload_process near;

	if (!ev->lineage.has || !find_near(t, ev, &near))
		return;
	if (near.state == PAYLOAD_EXECUTED)
		tell(ev, near.id, EVENT_PAYLOAD_FOLLOWS, NULL);
	else if (near.state == PAYLOAD_HOLDS)
		tell(ev, near.id, EVENT_PAYLOAD_CARRIES, NULL);
}

void payload_run(struct payload_table *t, struct event *ev)
{
	struct payload_process above;
	const struct invocation *inv;
	bool has_above;

	if (!ev->lineage.has)
		return;
	has_above = find_near(t, ev, &above);
	if (has_above && above.state == PAYLOAD_EXECUTED) {
		payload_mark(t, ev->lineage.guid, above.id, PAYLOAD_EXECUTED);
		tell(ev, above.id, EVENT_PAYLOAD_FOLLOWS, NULL);
		return;
	}
	if (!ev->argc || (ev->has_success && !ev->success))
		return;
	if (!ev->n_layers && !has_above) {
		look(t, ev);
		return;
	}
	inv = event_invocation(ev);
	if (hold(t, ev, inv, has_above ? &above : NULL))
		return;
	if (has_above)
		follow(t, ev, inv, above.id);
	else
		look(t, ev);
}
