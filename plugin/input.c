// SPDX-License-Identifier: GPL-3.0-or-later
#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "mark.h"
#include "metrics.h"
#include "pipeline.h"
#include "ring.h"

/* auditd's socket holds some 250 records. Reading when it is half full costs
 * the fewest wake-ups that never let it fill. */
#define SOCKET_RECORDS 128
/* No longer a pause where auditd itself would have to wait, or where more comes
 * than gathers in this time. */
#define SHORT_MS 20
/* Some ten events: so many share what a wake-up costs, and no more are sent at
 * once than a datagram socket holds. */
#define GATHER_LEN (12u << 10)
/* More than one engine waits for the rest of an event. */
#define HELD_MS 3000
/* Taken from the ring before others have their turn. */
#define RING_TURN (4 * RING_PIECE_MAX)

static enum input_kind kind_of_stdin(void)
{
	struct stat st;

	if (fstat(STDIN_FILENO, &st) < 0)
		return INPUT_PIPE;
	if (S_ISSOCK(st.st_mode))
		return INPUT_SOCKET;
	return S_ISFIFO(st.st_mode) || isatty(STDIN_FILENO) ? INPUT_PIPE
							    : INPUT_FILE;
}

void input_init(struct input *in, struct ring *ring, struct pipeline *p,
	const struct metrics *metrics)
{
	*in = (struct input){ .ring = ring, .pipeline = p, .metrics = metrics };
	in->kind = ring ? INPUT_RING : kind_of_stdin();
}

/* How long auditd's socket may fill at the rate just seen. */
static int64_t socket_pause(const struct input *in, uint64_t records,
	int64_t elapsed_ms, int64_t ms)
{
	if (in->kind != INPUT_SOCKET || records >= SOCKET_RECORDS)
		return 0;
	if (ms > SHORT_MS)
		ms = SHORT_MS;
	if (records && elapsed_ms * SOCKET_RECORDS / (int64_t)records < ms)
		ms = elapsed_ms * SOCKET_RECORDS / (int64_t)records;
	return ms;
}

static enum input_next read_stdin(struct input *in, int64_t now_ms,
	unsigned int longest_ms, int64_t *pause_ms)
{
	uint64_t before = in->metrics->lines;
	ssize_t n = pipeline_read(in->pipeline, STDIN_FILENO);
	int64_t elapsed_ms = now_ms - in->read_ms;

	in->read_ms = now_ms;
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
		if (n < 0)
			log_warn("reading standard input: %s", strerror(errno));
		in->has_failed |= n < 0;
		return INPUT_END;
	}
	*pause_ms = socket_pause(in, in->metrics->lines - before, elapsed_ms,
		(int64_t)longest_ms);
	return *pause_ms > 0 ? INPUT_PAUSE : INPUT_WAIT;
}

/* How many bytes it took. */
static size_t take(struct input *in)
{
	size_t n = 0;

	while (n < RING_TURN) {
		uint64_t pos;
		struct bytes b = ring_get(in->ring, &pos);

		if (!b.len)
			break;
		if (pos != in->next_pos)
			pipeline_seek(in->pipeline, pos);
		pipeline_push(in->pipeline, b.p, b.len);
		ring_advance(in->ring, b.len);
		in->next_pos = pos + b.len;
		n += b.len;
	}
	return n;
}

/* The fewer come the longer, so that there is something to read. */
static int64_t ring_pause(size_t n, int64_t elapsed_ms, int64_t longest_ms)
{
	int64_t ms = longest_ms;

	if (n >= RING_TURN)
		return 0;
	if (n)
		ms = elapsed_ms * GATHER_LEN / (int64_t)n;
	if (ms < SHORT_MS)
		ms = SHORT_MS;
	return ms < longest_ms ? ms : longest_ms;
}

static enum input_next read_ring(struct input *in, int64_t now_ms,
	unsigned int longest_ms, int64_t *pause_ms)
{
	int64_t elapsed_ms = now_ms - in->read_ms;
	uint64_t rung;
	size_t n;

	(void)!read(STDIN_FILENO, &rung, sizeof(rung));
	ring_touch(in->ring, now_ms);
	in->read_ms = now_ms;
	n = take(in);
	if (n < RING_TURN)
		in->behind_ms = 0;
	else if (!in->behind_ms)
		in->behind_ms = now_ms;
	*pause_ms = ring_pause(n, elapsed_ms, (int64_t)longest_ms);
	if (n && (*pause_ms || n >= RING_TURN))
		return INPUT_PAUSE;
	if (ring_sleep(in->ring))
		return INPUT_WAIT;
	*pause_ms = 0;
	return ring_is_ended(in->ring) ? INPUT_END : INPUT_PAUSE;
}

enum input_next input_read(struct input *in, int64_t now_ms,
	unsigned int longest_ms, int64_t *pause_ms)
{
	return in->kind == INPUT_RING
		       ? read_ring(in, now_ms, longest_ms, pause_ms)
		       : read_stdin(in, now_ms, longest_ms, pause_ms);
}

void input_commit(struct input *in, uint64_t safe_pos, int64_t now_ms)
{
	struct mark mark;
	uint64_t pos;

	if (!in->ring)
		return;
	pos = pipeline_pos(in->pipeline);
	/* Waiting for the rest of an event, no engine got old enough to give
	 * it up, and the next would wait again. Or half a ring has come in
	 * since then, and it holds up all of that. */
	if (pos < safe_pos &&
		(ring_held_ms(in->ring, now_ms) > HELD_MS ||
			ring_used(in->ring) - ring_unread(in->ring) >
				ring_size(in->ring) / 2)) {
		pipeline_expire(in->pipeline, pos);
		pos = pipeline_pos(in->pipeline);
	}
	ring_commit(in->ring, pos < safe_pos ? pos : safe_pos, now_ms);
	mark = ring_mark(in->ring);
	(void)!mark_set(&mark, MARK_NONE);
}

struct overload_look input_look(const struct input *in, int64_t now_ms)
{
	struct overload_look look = { .now_ms = now_ms };

	if (!in->ring)
		return look;
	look.behind_ms = in->behind_ms ? now_ms - in->behind_ms : 0;
	look.used = ring_used(in->ring);
	look.size = ring_size(in->ring);
	return look;
}

void input_gauge(const struct input *in, struct metrics *m)
{
	const struct ring *r = in->ring;

	if (!r)
		return;
	m->front_lines = ring_counted(r, RING_LINES);
	m->front_dropped_slow = ring_counted(r, RING_DROPPED_SLOW);
	m->front_dropped_dead = ring_counted(r, RING_DROPPED_DEAD);
	m->front_refused = ring_counted(r, RING_REFUSED);
	m->ring_used = ring_used(r);
	m->engine_starts = ring_counted(r, RING_STARTS);
	m->engine_crashes = ring_counted(r, RING_CRASHES);
	m->engine_stuck = ring_counted(r, RING_STUCK);
}
