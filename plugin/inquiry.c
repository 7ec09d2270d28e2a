// SPDX-License-Identifier: GPL-3.0-or-later
#include "inquiry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config.h"
#include "emit.h"
#include "event.h"
#include "intel.h"
#include "late.h"
#include "loop.h"
#include "map.h"
#include "metrics.h"
#include "question.h"
#include "sink.h"

/* Between two calls, doubled each time until one brought an answer: who is
 * started again is back in no time, who is not there will not be soon. */
#define RETRY_MS     100
#define RETRY_MAX_MS 5000
/* Questions without an answer are looked at this often. */
#define LOOK_MS 60000
/* Answers that are read at a time. */
#define ANSWERS_MAX 64
/* Peers are many: they are asked about while fewer questions wait. */
#define CROWD (INQUIRY_QUESTIONS_MAX / 4)

struct asked {
	uint32_t id; /* 0: there is none */
	bool is_sent;
	uint64_t key;
	int64_t since_ms;
	enum ioc_type type;
	struct bytes value; /* malloced */
};

struct waiting {
	struct event *ev; /* NULL: there is none */
	uint32_t ids[LATE_IOCS_MAX]; /* of its indicators; 0: answered */
};

struct inquiry {
	struct loop *loop;
	struct emit *emit;
	struct metrics *metrics;
	const struct config *cf;
	struct intel_table *learnt;
	int64_t learnt_ms; /* since when */
	struct asked asked[INQUIRY_QUESTIONS_MAX];
	struct waiting waiting[INQUIRY_EVENTS_MAX];
	struct map *places; /* in asked, by key_of */
	uint64_t seed[2];
	uint32_t last_id;
	size_t n_asked, n_unsent;
	size_t next_waiting; /* the oldest, to go first */
	int fd; /* -1: there is no connection */
	bool is_watched_write;
	int64_t retry_ms, due_ms;
	int64_t pause_ms; /* before the call after next */
};

/* By which a question is found again: it is the type, too. */
static uint64_t key_of(
	const struct inquiry *q, enum ioc_type type, struct bytes value)
{
	return map_siphash(q->seed, value.p, value.len) ^ type;
}

static int open_tables(struct inquiry *q)
{
	struct map_conf cf = { .key_len = sizeof(uint64_t),
		.value_len = sizeof(uint32_t),
		.max = INQUIRY_QUESTIONS_MAX };

	if (getrandom(q->seed, sizeof(q->seed), 0) != sizeof(q->seed))
		return -1;
	cf.seed[0] = q->seed[1];
	cf.seed[1] = q->seed[0];
	q->places = map_new(&cf);
	q->learnt = intel_table_new(q->seed, INQUIRY_LEARNT);
	return q->places && q->learnt ? 0 : -1;
}

struct inquiry *inquiry_new(struct loop *loop, struct emit *emit,
	struct metrics *metrics, const struct config *cf)
{
	struct inquiry *q = calloc(1, sizeof(*q));

	if (!q)
		return NULL;
	q->loop = loop;
	q->emit = emit;
	q->metrics = metrics;
	q->cf = cf;
	q->fd = -1;
	q->pause_ms = RETRY_MS;
	if (open_tables(q) == 0)
		return q;
	inquiry_free(q);
	return NULL;
}

static bool is_on(const struct inquiry *q)
{
	return q->cf->n_providers && strcmp(q->cf->intel_socket, "none") != 0;
}

static void forget_asked(struct inquiry *q, struct asked *a)
{
	map_drop(q->places, &a->key);
	free((void *)(uintptr_t)a->value.p);
	q->n_asked--;
	q->n_unsent -= !a->is_sent;
	*a = (struct asked){ 0 };
}

static void forget_waiting(struct waiting *w)
{
	event_destroy(w->ev);
	*w = (struct waiting){ 0 };
}

static void hang_up(struct inquiry *q)
{
	if (q->fd < 0)
		return;
	(void)!loop_watch(q->loop, q->fd, 0);
	close(q->fd);
	q->fd = -1;
	q->is_watched_write = false;
	for (size_t i = 0; i < INQUIRY_QUESTIONS_MAX; i++)
		q->asked[i].is_sent = false;
	q->n_unsent = q->n_asked;
}

static void forget_all(struct inquiry *q)
{
	for (size_t i = 0; i < INQUIRY_QUESTIONS_MAX; i++)
		if (q->asked[i].id)
			forget_asked(q, &q->asked[i]);
	for (size_t i = 0; i < INQUIRY_EVENTS_MAX; i++)
		if (q->waiting[i].ev)
			forget_waiting(&q->waiting[i]);
}

void inquiry_free(struct inquiry *q)
{
	if (!q)
		return;
	hang_up(q);
	forget_all(q);
	intel_table_free(q->learnt);
	map_free(q->places);
	free(q);
}

void inquiry_reload(struct inquiry *q, const struct config *cf)
{
	if (!q)
		return;
	q->cf = cf;
	hang_up(q);
	if (!is_on(q))
		forget_all(q);
	q->retry_ms = 0;
	q->pause_ms = RETRY_MS;
}

struct intel_table *inquiry_learnt(struct inquiry *q)
{
	return q ? q->learnt : NULL;
}

/* --- asking -----------------------------------------------------------------
 */

static void watch(struct inquiry *q, bool is_write)
{
	if (is_write == q->is_watched_write)
		return;
	q->is_watched_write = is_write;
	(void)!loop_watch(
		q->loop, q->fd, LOOP_READ | (is_write ? LOOP_WRITE : 0U));
}

/* What is not sent yet, as far as it goes. */
static void send_all(struct inquiry *q)
{
	struct question m;

	for (size_t i = 0; q->n_unsent && i < INQUIRY_QUESTIONS_MAX; i++) {
		struct asked *a = &q->asked[i];

		if (!a->id || a->is_sent ||
			!question_make(&m, a->id, a->type, a->value))
			continue;
		if (send(q->fd, &m, question_size(&m),
			    MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
			if (errno == EAGAIN || errno == EINTR)
				watch(q, true);
			else
				hang_up(q);
			return;
		}
		a->is_sent = true;
		q->n_unsent--;
	}
	watch(q, false);
}

static void dial(struct inquiry *q, int64_t now_ms)
{
	if (!is_on(q) || !q->n_asked)
		return;
	if (q->fd < 0 && now_ms >= q->retry_ms) {
		q->retry_ms = now_ms + q->pause_ms;
		q->pause_ms *= 2;
		if (q->pause_ms > RETRY_MAX_MS)
			q->pause_ms = RETRY_MAX_MS;
		q->fd = sink_connect(q->cf->intel_socket, SOCK_SEQPACKET);
		if (q->fd >= 0 && loop_watch(q->loop, q->fd, LOOP_READ) < 0)
			hang_up(q);
	}
	if (q->fd >= 0)
		send_all(q);
}

/* NULL: nobody has asked about it. */
static struct asked *find(struct inquiry *q, uint64_t key)
{
	const uint32_t *place = map_find(q->places, &key);

	return place ? &q->asked[*place] : NULL;
}

/* Out of memory, it is not asked. */
static struct asked *add(
	struct inquiry *q, uint64_t key, const struct event_ioc *ioc)
{
	char *copy = malloc(ioc->value.len);
	uint32_t *place = copy ? map_note(q->places, &key) : NULL;
	struct asked *a = q->asked;

	if (!place) {
		free(copy);
		return NULL;
	}
	while (a->id)
		a++;
	*place = (uint32_t)(a - q->asked);
	memcpy(copy, ioc->value.p, ioc->value.len);
	if (!++q->last_id)
		q->last_id = 1;
	*a = (struct asked){ .id = q->last_id,
		.key = key,
		.type = (enum ioc_type)ioc->type,
		.value = { copy, ioc->value.len } };
	q->n_asked++;
	q->n_unsent++;
	return a;
}

/* The id of the question about it, which is asked once; 0: there is no room. */
static uint32_t ask(
	struct inquiry *q, const struct event_ioc *ioc, int64_t now_ms)
{
	uint64_t key = key_of(q, (enum ioc_type)ioc->type, ioc->value);
	struct asked *a = find(q, key);

	if (a)
		return a->id;
	if (q->n_asked < INQUIRY_QUESTIONS_MAX)
		a = add(q, key, ioc);
	if (!a) {
		q->metrics->intel_unasked++;
		return 0;
	}
	a->since_ms = now_ms;
	q->metrics->intel_asked++;
	return a->id;
}

/* The place of an event that is to wait; the oldest makes way, and what it
 * waited for nobody will tell it. */
static struct waiting *place_for(struct inquiry *q)
{
	struct waiting *w = &q->waiting[q->next_waiting];

	for (size_t i = 0; w->ev && i < w->ev->n_iocs; i++)
		q->metrics->intel_untold += w->ids[i] != 0;
	if (w->ev)
		forget_waiting(w);
	q->next_waiting = (q->next_waiting + 1) % INQUIRY_EVENTS_MAX;
	return w;
}

/* Of the calls to one peer the 1st, 2nd, 4th, 8th... ask. */
static bool is_worth(const struct inquiry *q, const struct event *ev)
{
	uint64_t n = ev->network.count;

	if (ev->repeat.slot || ev->repeat.count)
		return false;
	if (ev->kind == EVENT_NETWORK && q->n_asked < CROWD && n &&
		!(n & (n - 1)))
		return true;
	return (ev->kind == EVENT_EXEC || ev->kind == EVENT_NETWORK) &&
	       ev->score.total >= q->cf->score.notice;
}

void inquiry_event(struct inquiry *q, struct event *ev, int64_t now_ms)
{
	uint32_t ids[LATE_IOCS_MAX] = { 0 };
	struct event *late;
	struct waiting *w;

	if (!q || !is_on(q) || !is_worth(q, ev))
		return;
	late = late_new(ev);
	for (size_t i = 0; late && i < late->n_iocs; i++) {
		ids[i] = ask(q, &late->iocs[i], now_ms);
		ev->n_pending += ids[i] != 0;
	}
	/* What nobody will answer makes nobody else's event go. */
	if (!ev->n_pending) {
		event_destroy(late);
		return;
	}
	w = place_for(q);
	w->ev = late;
	memcpy(w->ids, ids, sizeof(ids));
	dial(q, now_ms);
}

/* --- answers ----------------------------------------------------------------
 */

static void amend(
	struct inquiry *q, struct waiting *w, size_t i, const struct answer *a)
{
	bool is_notebook = q->cf->score.profile == SCORE_NOTEBOOK;
	struct intel_conf cf = { .not_asked = is_notebook ? 1 : 0,
		.has_weights = !is_notebook };
	double weight = is_notebook ? 1 : q->cf->score.weights[SCORE_intel];
	struct event_ioc *iocs = w->ev->iocs;
	struct event_verdict *verdicts = w->ev->verdicts;
	size_t n = w->ev->n_iocs;

	if (!late_amend(w->ev, i, (enum intel_severity)a->severity,
		    bytes_of(a->provider), &cf, weight))
		return;
	/* The line is about that one. */
	w->ev->iocs += i;
	w->ev->verdicts += i;
	w->ev->n_iocs = 1;
	emit_late(q->emit, w->ev);
	w->ev->iocs = iocs;
	w->ev->verdicts = verdicts;
	w->ev->n_iocs = n;
}

static bool is_over(const struct waiting *w)
{
	for (size_t i = 0; i < w->ev->n_iocs; i++)
		if (w->ids[i])
			return false;
	return true;
}

static void give(struct inquiry *q, const struct answer *a)
{
	for (size_t k = 0; k < INQUIRY_EVENTS_MAX; k++) {
		struct waiting *w = &q->waiting[k];

		for (size_t i = 0; w->ev && i < w->ev->n_iocs; i++) {
			if (w->ids[i] != a->id)
				continue;
			amend(q, w, i, a);
			if (a->is_final)
				w->ids[i] = 0;
		}
		if (w->ev && is_over(w))
			forget_waiting(w);
	}
}

static void take(struct inquiry *q, const struct answer *a)
{
	for (size_t i = 0; i < INQUIRY_QUESTIONS_MAX; i++) {
		struct asked *one = &q->asked[i];

		if (!a->id || one->id != a->id)
			continue;
		if (a->severity != INTEL_NOT_ASKED)
			(void)!intel_table_add(q->learnt, one->value,
				bytes_of(a->provider),
				(enum intel_severity)a->severity);
		q->metrics->intel_answered += a->is_final;
		give(q, a);
		if (a->is_final)
			forget_asked(q, one);
		return;
	}
}

void inquiry_ready(struct inquiry *q, int fd, unsigned int what, int64_t now_ms)
{
	struct answer a;

	if (!q || fd != q->fd || fd < 0)
		return;
	for (int i = 0; what & LOOP_READ && i < ANSWERS_MAX; i++) {
		ssize_t n =
			recv(q->fd, &a, sizeof(a), MSG_DONTWAIT | MSG_TRUNC);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n <= 0 || !answer_is(&a, (size_t)n)) {
			hang_up(q);
			return;
		}
		q->pause_ms = RETRY_MS;
		take(q, &a);
	}
	dial(q, now_ms);
}

static void look_at_all(struct inquiry *q, int64_t now_ms)
{
	struct answer none = { .is_final = 1 };

	q->due_ms = now_ms + LOOK_MS;
	if (now_ms - q->learnt_ms >= INQUIRY_LEARNT_MS) {
		intel_table_clear(q->learnt);
		q->learnt_ms = now_ms;
	}
	for (size_t i = 0; q->n_asked && i < INQUIRY_QUESTIONS_MAX; i++) {
		struct asked *a = &q->asked[i];

		if (!a->id || now_ms - a->since_ms < INQUIRY_WAIT_MS)
			continue;
		none.id = a->id;
		q->metrics->intel_unasked++;
		give(q, &none);
		forget_asked(q, a);
	}
}

int64_t inquiry_run(struct inquiry *q, int64_t now_ms)
{
	if (!q || !is_on(q) || !q->n_asked)
		return INT64_MAX;
	if (now_ms >= q->due_ms)
		look_at_all(q, now_ms);
	if (q->fd < 0 && now_ms >= q->retry_ms)
		dial(q, now_ms);
	if (!q->n_asked)
		return INT64_MAX;
	return q->fd < 0 && q->retry_ms < q->due_ms ? q->retry_ms : q->due_ms;
}
