// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "mark.h"
#include "process.h"
#include "ring.h"

/* The first two starts come at once; then this, doubled each time. */
#define BACKOFF_MS     25
#define BACKOFF_MAX_MS 60000
/* With nothing to read nobody gets further; alive this long counts as much. */
#define SETTLED_MS 10000
/* An engine takes a step several times a second. It is looked at this often,
 * and killed when it stood still at so many looks in a row: a machine that was
 * stopped for a while misses looks, not steps. */
#define LOOK_MS   1000
#define LOOKS_MAX 5
/* A crash is an event's fault twice; a SIGKILL may be anybody's. */
#define POINTS_CRASH  2
#define POINTS_KILLED 1
#define POINTS_POISON 4
/* Suspects remembered: a poison ends engines in a row. */
#define SUSPECTS_MAX 8

struct suspect {
	uint64_t mark;
	unsigned int points;
};

struct supervise {
	struct supervise_conf cf;
	pid_t pid; /* 0: none runs */
	int64_t started_ms, due_ms, look_ms;
	uint64_t committed, begun; /* when it was started */
	unsigned int n_vain; /* engines in a row that got nowhere */
	unsigned int n_still;
	uint64_t beat;
	bool has_ended; /* perhaps */
	bool was_stuck; /* we killed it */
	bool is_finishing, is_done;
	uint32_t random;
	struct suspect suspects[SUSPECTS_MAX];
	unsigned int next_suspect;
	struct log_limit limit;
};

struct supervise *supervise_new(const struct supervise_conf *cf)
{
	struct supervise *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->cf = *cf;
	s->random = (uint32_t)getpid() | 1;
	return s;
}

void supervise_free(struct supervise *s)
{
	free(s);
}

static void become_engine(const struct supervise *s, pid_t front)
{
	static char *const nothing[] = { NULL };

	/* A dead front's engine takes what is in the ring, and ends. Signals
	 * stay blocked, as front has them: those that come before the engine
	 * can take them wait. */
	(void)!prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != front)
		return;
	/* Its own descriptor 3 would lose FD_CLOEXEC only by being another. */
	if (ring_fd(s->cf.ring) == SUPERVISE_RING_FD) {
		if (fcntl(SUPERVISE_RING_FD, F_SETFD, 0) < 0)
			return;
	} else if (dup2(ring_fd(s->cf.ring), SUPERVISE_RING_FD) < 0) {
		return;
	}
	if (dup2(s->cf.bell_fd, STDIN_FILENO) < 0)
		return;
	fexecve(s->cf.program_fd, s->cf.argv, nothing);
}

static uint32_t next_random(struct supervise *s)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 17;
	s->random ^= s->random << 5;
	return s->random;
}

/* Up to a quarter more, so that a fleet does not start in step. */
static int64_t backoff_ms(struct supervise *s)
{
	int64_t ms = BACKOFF_MAX_MS;

	if (s->n_vain < 2)
		return 0;
	if (s->n_vain < 14)
		ms = BACKOFF_MS << (s->n_vain - 2);
	if (ms > BACKOFF_MAX_MS)
		ms = BACKOFF_MAX_MS;
	return ms + next_random(s) % ((uint32_t)ms / 4 + 1);
}

static void start(struct supervise *s, int64_t now_ms)
{
	pid_t front = getpid();

	s->started_ms = now_ms;
	s->look_ms = now_ms + LOOK_MS;
	s->committed = ring_committed(s->cf.ring);
	s->begun = ring_begun(s->cf.ring);
	s->n_still = 0;
	s->was_stuck = false;
	ring_count(s->cf.ring, RING_STARTS, 1);
	s->pid = fork();
	if (s->pid == 0) {
		become_engine(s, front);
		_exit(127);
	}
	if (s->pid > 0)
		return;
	log_warn_limited(
		&s->limit, "cannot start the engine: %s", strerror(errno));
	s->pid = 0;
	s->n_vain++;
	s->due_ms = now_ms + backoff_ms(s);
}

static void blame(struct supervise *s, uint64_t mark, unsigned int points)
{
	struct suspect *found = NULL;

	for (size_t i = 0; i < SUSPECTS_MAX; i++)
		if (s->suspects[i].points && s->suspects[i].mark == mark)
			found = &s->suspects[i];
	if (!found) {
		found = &s->suspects[s->next_suspect++ % SUSPECTS_MAX];
		*found = (struct suspect){ .mark = mark };
	}
	found->points += points;
	if (found->points < POINTS_POISON)
		return;
	found->points = 0;
	if (!ring_poison(s->cf.ring, mark))
		log_warn("more has ended the engine than can be set aside");
}

static void note_end(struct supervise *s, int status, int64_t now_ms)
{
	bool was_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	uint64_t mark = ring_at(s->cf.ring);
	char how[PROCESS_HOW_MAX];

	s->pid = 0;
	s->is_done = s->is_finishing && WIFEXITED(status) &&
		     WEXITSTATUS(status) == 0;
	if (s->is_done)
		return;
	ring_count(s->cf.ring, s->was_stuck ? RING_STUCK : RING_CRASHES, 1);
	if (ring_committed(s->cf.ring) != s->committed ||
		ring_begun(s->cf.ring) != s->begun ||
		now_ms - s->started_ms >= SETTLED_MS)
		s->n_vain = 0;
	else
		s->n_vain++;
	s->due_ms = now_ms + backoff_ms(s);
	if (mark != MARK_NONE)
		blame(s, mark,
			was_killed && !s->was_stuck ? POINTS_KILLED
						    : POINTS_CRASH);
	process_how(status, how, sizeof(how));
	log_warn_limited(&s->limit, "the engine ended %s%s; a new one reads on",
		how, s->was_stuck ? ", as it stood still" : "");
}

/* Standing still means: something to read, and no step taken. */
static void look(struct supervise *s, int64_t now_ms)
{
	uint64_t beat;
	bool is_behind = ring_is_behind(s->cf.ring, &beat);

	s->look_ms = now_ms + LOOK_MS;
	if (!is_behind || beat != s->beat) {
		s->n_still = 0;
		s->beat = beat;
		return;
	}
	if (++s->n_still < LOOKS_MAX)
		return;
	s->was_stuck = true;
	kill(s->pid, SIGKILL);
}

void supervise_run(struct supervise *s, int64_t now_ms)
{
	int status;

	if (s->has_ended && s->pid) {
		s->has_ended = false;
		if (waitpid(s->pid, &status, WNOHANG) == s->pid)
			note_end(s, status, now_ms);
	}
	if (!s->pid && !s->is_done && now_ms >= s->due_ms)
		start(s, now_ms);
	else if (s->pid && now_ms >= s->look_ms)
		look(s, now_ms);
}

void supervise_child(struct supervise *s)
{
	s->has_ended = true;
}

int64_t supervise_wait_ms(const struct supervise *s, int64_t now_ms)
{
	int64_t at_ms = s->pid ? s->look_ms : s->due_ms;
	uint64_t beat;

	if (s->pid && !ring_is_behind(s->cf.ring, &beat))
		return -1;
	return at_ms > now_ms ? at_ms - now_ms : 0;
}

bool supervise_is_alive(const struct supervise *s)
{
	return s->pid != 0;
}

void supervise_finish(struct supervise *s)
{
	s->is_finishing = true;
	(void)!ring_is_behind(s->cf.ring, &s->beat);
}

void supervise_leave(struct supervise *s)
{
	uint64_t beat;

	if (s->pid && (!ring_is_behind(s->cf.ring, &beat) || beat == s->beat))
		kill(s->pid, SIGKILL);
}

bool supervise_is_done(const struct supervise *s)
{
	return s->is_done;
}

void supervise_signal(const struct supervise *s, int number)
{
	if (s->pid)
		kill(s->pid, number);
}
