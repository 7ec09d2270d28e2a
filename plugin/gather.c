// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Open events stand in a small array of slots; those that closed are
 * remembered in a direct-mapped ring, so that what comes late is known for
 * what it is. Most records belong to the event of the one before them.
 */
#include "gather.h"

#include <stdlib.h>

#include "gather_fork.h"
#include "gather_net.h"
#include "gather_state.h"
#include "gather_watch.h"
#include "metrics.h"
#include "text.h"

/* Memory a slot keeps between events. */
#define KEEP_BYTES (64 * 1024)
/* One record, or what auditd added to it. */
#define BODY_MAX 32768
/* As many records as an event keeps paths. */
#define PATHS_MAX (EVENT_PATHS_MAX * 16384)

static const size_t text_max[GATHER_TEXTS_N] = {
	[GATHER_NODE] = BODY_MAX,
	[GATHER_EXECVE] = GATHER_EVENT_MAX,
	[GATHER_MARKS] = BODY_MAX,
	[GATHER_CWD] = BODY_MAX,
	[GATHER_PROCTITLE] = BODY_MAX,
	[GATHER_PATHS] = PATHS_MAX,
	[GATHER_CALL_RECORD] = BODY_MAX,
	[GATHER_CALL_ENRICHED] = BODY_MAX,
	[GATHER_PATH_ENRICHED] = BODY_MAX,
	[GATHER_SOCKADDR] = BODY_MAX,
};

struct gather *gather_new(const struct gather_conf *cf)
{
	struct gather *ga = calloc(1, sizeof(*ga));

	if (!ga)
		return NULL;
	ga->cf = *cf;
	for (int i = 0; i < GATHER_OPEN_MAX; i++)
		for (int t = 0; t < GATHER_TEXTS_N; t++)
			str_init(&ga->slots[i].texts[t], text_max[t]);
	return ga;
}

void gather_free(struct gather *ga)
{
	if (!ga)
		return;
	for (int i = 0; i < GATHER_OPEN_MAX; i++)
		for (int t = 0; t < GATHER_TEXTS_N; t++)
			str_fini(&ga->slots[i].texts[t]);
	free(ga);
}

static bool is_of(const struct gather_slot *s, const struct record *rec)
{
	return s->is_open && s->serial == rec->serial &&
	       s->time_ms == rec->time_ms &&
	       bytes_equal(str_bytes(&s->texts[GATHER_NODE]), rec->node);
}

static struct gather_slot *find(struct gather *ga, const struct record *rec)
{
	if (ga->last && is_of(ga->last, rec))
		return ga->last;
	for (unsigned int i = 0; ga->n_open && i < GATHER_OPEN_MAX; i++)
		if (is_of(&ga->slots[i], rec))
			return &ga->slots[i];
	return NULL;
}

static unsigned int n_records(const struct gather_slot *s)
{
	unsigned int n = 0;

	for (int t = 0; t < RECORD_PARTS; t++)
		n += s->count[t];
	return n;
}

/* No EXECVE will come. */
static bool is_failed(const struct gather_slot *s)
{
	return s->call.has_success && !s->call.is_success;
}

/* Every record that the event announced is there, but perhaps its end. */
static bool is_whole(const struct gather_slot *s)
{
	if (s->call.socket)
		return s->count[RECORD_SOCKADDR];
	return s->count[RECORD_SYSCALL] &&
	       (!s->call.items || s->count[RECORD_CWD]) &&
	       s->count[RECORD_PATH] >= s->call.items &&
	       (s->call.watched || tally_is_whole(&s->argv) ||
		       (is_failed(s) && !s->count[RECORD_EXECVE]));
}

/* Nothing shows that it was an exec, and nothing more will come to show it. */
static bool is_other(const struct gather_slot *s)
{
	return s->call.is_unclear && s->count[RECORD_EOE] &&
	       !s->count[RECORD_EXECVE];
}

static bool has_end(const struct gather_slot *s)
{
	return s->count[RECORD_EOE] || s->count[RECORD_PROCTITLE];
}

static unsigned int flaws_of(const struct gather_slot *s)
{
	unsigned int flaws = 0;

	if (!s->count[RECORD_SYSCALL])
		flaws |= EVENT_NO_SYSCALL;
	if (!has_end(s))
		flaws |= EVENT_NO_END;
	if (s->call.socket)
		return flaws;
	if (!s->call.watched && !s->count[RECORD_EXECVE] && !is_failed(s))
		flaws |= EVENT_NO_EXECVE;
	if (s->call.items && !s->count[RECORD_CWD])
		flaws |= EVENT_NO_CWD;
	if (s->count[RECORD_PATH] < s->call.items)
		flaws |= EVENT_NO_PATH;
	if (s->is_over)
		flaws |= EVENT_ARGV_CUT;
	return flaws;
}

static void release(struct gather *ga, struct gather_slot *s)
{
	ga->bytes -= s->texts[GATHER_EXECVE].len;
	ga->n_open--;
	if (ga->last == s)
		ga->last = NULL;
	s->is_open = false;
	str_shrink(&s->texts[GATHER_EXECVE], KEEP_BYTES);
}

static struct bytes node_of(const struct gather_slot *s)
{
	return s->texts[GATHER_NODE].len ? str_bytes(&s->texts[GATHER_NODE])
					 : (struct bytes){ NULL, 0 };
}

static void close_slot(
	struct gather *ga, struct gather_slot *s, unsigned int flaws)
{
	struct metrics *m = ga->cf.metrics;
	struct gathered g = { .node = node_of(s),
		.time_ms = s->time_ms,
		.serial = s->serial,
		.input_pos = s->input_pos,
		.flaws = flaws | flaws_of(s),
		.execve = str_bytes(&s->texts[GATHER_EXECVE]),
		.cwd = str_bytes(&s->texts[GATHER_CWD]),
		.proctitle = str_bytes(&s->texts[GATHER_PROCTITLE]),
		.paths = str_bytes(&s->texts[GATHER_PATHS]),
		.has_call = s->count[RECORD_SYSCALL] > 0,
		.call = s->call,
		.syscall_record = str_bytes(&s->texts[GATHER_CALL_RECORD]),
		.syscall_enriched = str_bytes(&s->texts[GATHER_CALL_ENRICHED]),
		.path_enriched = str_bytes(&s->texts[GATHER_PATH_ENRICHED]),
		.sockaddr = str_bytes(&s->texts[GATHER_SOCKADDR]) };
	unsigned int n = n_records(s);

	m->records_open -= n;
	closed_note(&ga->closed, g.node, s->time_ms, s->serial, FATE_TAKEN,
		s->count[RECORD_EOE] > 0);
	if (!s->count[RECORD_SYSCALL] && !s->count[RECORD_EXECVE]) {
		m->records_fragment += n;
	} else if (s->call.socket
			   ? !s->count[RECORD_SOCKADDR]
			   : s->call.is_unclear && !s->count[RECORD_EXECVE]) {
		m->records_not_exec += n;
	} else {
		m->records_taken += n;
		ga->cf.take(ga->cf.arg, &g);
	}
	release(ga, s);
}

static void close_oldest(struct gather *ga, unsigned int flaws)
{
	struct gather_slot *found = NULL;

	for (unsigned int i = 0; i < GATHER_OPEN_MAX; i++) {
		struct gather_slot *s = &ga->slots[i];

		if (s->is_open && (!found || s->order < found->order))
			found = s;
	}
	if (found)
		close_slot(ga, found, flaws);
}

static struct gather_slot *open_slot(
	struct gather *ga, const struct record *rec)
{
	struct gather_slot *s;

	if (ga->n_open == GATHER_OPEN_MAX)
		close_oldest(ga, EVENT_FORCED);
	for (s = ga->slots; s->is_open; s++)
		;
	s->is_open = true;
	s->order = ga->n_opened++;
	s->touched_ms = 0;
	s->time_ms = rec->time_ms;
	s->serial = rec->serial;
	s->input_pos = rec->input_pos;
	memset(s->count, 0, sizeof(s->count));
	s->call = (struct call){ 0 };
	s->items_seen = 0;
	s->is_over = false;
	s->argv = (struct tally){ 0 };
	for (int t = 0; t < GATHER_TEXTS_N; t++)
		str_reset(&s->texts[t]);
	str_addb(&s->texts[GATHER_NODE], rec->node);
	ga->n_open++;
	return s;
}

#define EXECVE "type=EXECVE msg=audit(" GATHER_STAMP "): "

static void add_body(struct str *to, struct bytes body)
{
	size_t before = to->len;

	str_addb(to, body);
	str_addc(to, '\n');
	if (!str_ok(to))
		to->len = before;
}

static void add_execve(
	struct gather *ga, struct gather_slot *s, struct bytes body)
{
	struct str *to = &s->texts[GATHER_EXECVE];
	size_t before = to->len, len = sizeof(EXECVE) + body.len;

	if (to->max - before < len || !str_room(to, len)) {
		s->is_over = true;
		return;
	}
	str_add(to, EXECVE, sizeof(EXECVE) - 1);
	str_addb(to, body);
	str_addc(to, '\n');
	ga->bytes += len;
}

/* Whether an EXECVE record came before: the first field and the length tell
 * one from every other of its event. */
static bool is_repeated(struct gather_slot *s, struct bytes body)
{
	uint64_t mark = 1469598103934665603u ^ body.len;
	size_t n = s->texts[GATHER_MARKS].len / sizeof(mark);

	for (size_t i = 0; i < body.len && body.p[i] != '='; i++)
		mark = (mark ^ (unsigned char)body.p[i]) * 1099511628211u;
	for (size_t i = 0; i < n; i++)
		if (!memcmp(s->texts[GATHER_MARKS].p + i * sizeof(mark), &mark,
			    sizeof(mark)))
			return true;
	str_add(&s->texts[GATHER_MARKS], (const char *)&mark, sizeof(mark));
	return false;
}

/* Notes what the record tells of its event. False: it came twice. */
static bool note(struct gather_slot *s, const struct record *rec)
{
	struct bytes item;
	uint64_t i;

	switch (rec->type) {
	case RECORD_EXECVE:
		if (is_repeated(s, rec->body))
			return false;
		tally_note(&s->argv, rec->body);
		return true;
	case RECORD_PATH:
		item = record_field(rec->body, BYTES("item"));
		if (text_u64(item, 10, &i) < 0 || i >= EVENT_PATHS_MAX)
			return true;
		if (s->items_seen >> i & 1)
			return false;
		s->items_seen |= (uint64_t)1 << i;
		if (i == 0)
			str_addb(
				&s->texts[GATHER_PATH_ENRICHED], rec->enriched);
		return true;
	case RECORD_SYSCALL:
		if (s->count[RECORD_SYSCALL])
			return false;
		str_addb(&s->texts[GATHER_CALL_RECORD], rec->body);
		str_addb(&s->texts[GATHER_CALL_ENRICHED], rec->enriched);
		return true;
	default:
		return !s->count[rec->type];
	}
}

/* body is what call_read left of it. */
static void keep(struct gather *ga, struct gather_slot *s,
	const struct record *rec, struct bytes body)
{
	s->is_touched = true;
	if (!note(s, rec)) {
		ga->cf.metrics->records_duplicate++;
		return;
	}
	s->count[rec->type]++;
	ga->cf.metrics->records_open++;
	switch (rec->type) {
	case RECORD_SYSCALL:
		call_read_ids(&s->call, &body);
		s->call.texts_at = (size_t)(body.p - rec->body.p);
		return;
	case RECORD_EXECVE:
		add_execve(ga, s, body);
		return;
	case RECORD_CWD:
		str_addb(&s->texts[GATHER_CWD], body);
		return;
	case RECORD_PATH:
		add_body(&s->texts[GATHER_PATHS], body);
		return;
	case RECORD_PROCTITLE:
		str_addb(&s->texts[GATHER_PROCTITLE], body);
		return;
	case RECORD_SOCKADDR:
		str_addb(&s->texts[GATHER_SOCKADDR], body);
		return;
	default:
		return;
	}
}

static void let_go(struct gather *ga, struct gather_slot *s)
{
	ga->cf.metrics->records_not_exec += n_records(s);
	ga->cf.metrics->records_open -= n_records(s);
	release(ga, s);
}

/* A system call nobody asked for: what came before and comes later of it goes
 * uncounted among the events. */
static void ignore(
	struct gather *ga, struct gather_slot *s, const struct record *rec)
{
	ga->cf.metrics->records_not_exec++;
	closed_note(&ga->closed, rec->node, rec->time_ms, rec->serial,
		FATE_NOT_EXEC, false);
	if (s)
		let_go(ga, s);
}

/* What its record has made complete, or void. */
static void settle(
	struct gather *ga, struct gather_slot *s, const struct record *rec)
{
	if (s->call.socket && gather_net_is_void(ga, s, rec->type)) {
		closed_note(&ga->closed, rec->node, rec->time_ms, rec->serial,
			FATE_NOT_EXEC, s->count[RECORD_EOE] > 0);
		let_go(ga, s);
	} else if (is_other(s) || (has_end(s) && is_whole(s))) {
		close_slot(ga, s, 0);
	} else {
		while (ga->bytes > GATHER_BYTES_MAX)
			close_oldest(ga, EVENT_FORCED);
	}
}

/* A record that opens no event: its event is closed, or it is but an end. */
static bool is_known(struct gather *ga, const struct record *rec)
{
	struct metrics *m = ga->cf.metrics;
	struct closed *c = closed_find(&ga->closed, rec);
	bool is_end = rec->type == RECORD_EOE;

	if (!c) {
		m->records_fragment += is_end;
		return is_end;
	}
	if (c->fate == FATE_NOT_EXEC) {
		m->records_not_exec++;
	} else if (is_end && !c->has_eoe) {
		c->has_eoe = true;
		m->records_taken++;
	} else {
		m->records_late++;
	}
	return true;
}

void gather_record(struct gather *ga, const struct record *rec)
{
	struct gather_slot *s = find(ga, rec);
	bool is_call = rec->type == RECORD_SYSCALL &&
		       (!s || !s->count[RECORD_SYSCALL]);
	struct call call = { 0 };
	struct bytes body = rec->body;

	if (!s && is_known(ga, rec))
		return;
	if (is_call && !call_read(&call, &body) &&
		!gather_net_takes(ga, rec, &call) &&
		!gather_watch_takes(ga, rec, &call)) {
		gather_fork(&ga->cf, rec, &call);
		ignore(ga, s, rec);
		return;
	}
	if (!s)
		s = open_slot(ga, rec);
	if (is_call)
		s->call = call;
	ga->last = s;
	keep(ga, s, rec, body);
	settle(ga, s, rec);
}

void gather_tick(struct gather *ga, int64_t now_ms)
{
	for (unsigned int i = 0; ga->n_open && i < GATHER_OPEN_MAX; i++) {
		struct gather_slot *s = &ga->slots[i];
		int64_t wait = GATHER_AGE_MS;

		if (!s->is_open)
			continue;
		if (s->is_touched) {
			s->is_touched = false;
			s->touched_ms = now_ms;
			continue;
		}
		if (is_whole(s) || s->count[RECORD_EOE])
			wait = GATHER_LINGER_MS;
		if (now_ms - s->touched_ms >= wait)
			close_slot(ga, s, EVENT_FORCED);
	}
}

bool gather_has_open(const struct gather *ga)
{
	return ga->n_open > 0;
}

uint64_t gather_oldest(const struct gather *ga)
{
	uint64_t pos = UINT64_MAX;

	for (unsigned int i = 0; ga->n_open && i < GATHER_OPEN_MAX; i++) {
		const struct gather_slot *s = &ga->slots[i];

		if (s->is_open && s->input_pos < pos)
			pos = s->input_pos;
	}
	return pos;
}

void gather_expire(struct gather *ga, uint64_t input_pos)
{
	for (unsigned int i = 0; ga->n_open && i < GATHER_OPEN_MAX; i++)
		if (ga->slots[i].is_open && ga->slots[i].input_pos == input_pos)
			close_slot(ga, &ga->slots[i], EVENT_FORCED);
}

void gather_flush(struct gather *ga)
{
	while (ga->n_open)
		close_oldest(ga, 0);
}
