// SPDX-License-Identifier: GPL-3.0-or-later
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "metrics.h"
#include "stamp.h"
#include "state_file.h"

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"
/* A child at work is looked after this often; it takes some 10 ms. */
#define REAP_MS 50
/* What changed nothing is still said to be alive now and then. */
#define IDLE_MS 3600000
/* Descriptors that a child has no use for. */
#define FDS_MAX 64

/* Empty if the kernel does not tell: then every boot is another. */
static void read_boot_id(char *to, size_t size)
{
	int fd = open(BOOT_ID_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, to, size - 1);

	if (fd >= 0)
		close(fd);
	to[n > 0 ? n : 0] = '\0';
	to[strcspn(to, "\n")] = '\0';
}

struct state *state_new(const struct state_conf *cf)
{
	struct state *st = calloc(1, sizeof(*st));

	if (!st)
		return NULL;
	st->cf = *cf;
	st->lock_fd = -1;
	/* The configuration that named it goes with a reload. */
	st->file = strdup(cf->file);
	st->cf.file = st->file;
	if (!st->file) {
		free(st);
		return NULL;
	}
	if (cf->boot_id)
		strncat(st->boot_id, cf->boot_id, sizeof(st->boot_id) - 1);
	else
		read_boot_id(st->boot_id, sizeof(st->boot_id));
	return st;
}

void state_free(struct state *st)
{
	if (!st)
		return;
	for (size_t i = 0; i < st->n_sections; i++) {
		if (st->sections[i].fini)
			st->sections[i].fini(st->sections[i].arg);
		free(st->owned[i]);
	}
	state_unlock(st, false);
	free(st->file);
	free(st);
}

int state_add(struct state *st, const struct state_section *section)
{
	if (st->n_sections == STATE_SECTIONS_MAX)
		return -1;
	st->sections[st->n_sections++] = *section;
	return 0;
}

int state_own(struct state *st, const struct state_section *section, void *arg)
{
	if (!arg || state_add(st, section) < 0) {
		free(arg);
		return -1;
	}
	st->owned[st->n_sections - 1] = arg;
	return 0;
}

const struct state_info *state_info(const struct state *st)
{
	return &st->info;
}

static int look(struct state *st, int64_t now_ms, struct str *why)
{
	int rc = state_read(st, now_ms, why);

	if (rc == 0 && st->info.saved_ms)
		return 0;
	str_addf(why, "%s: %s\n", st->cf.file,
		rc ? state_db_reason(rc) : "nothing was saved yet");
	return -1;
}

static const char in_use[] = "another process keeps the state up";

/* What could not be read and is not out of the way is not overwritten. */
static int give_up(struct state *st, bool is_bad, struct str *why)
{
	if (is_bad && state_set_aside(st->cf.file, why) == 0)
		return 0;
	st->is_off = true;
	state_unlock(st, true);
	return -1;
}

int state_load(struct state *st, int64_t now_ms, struct str *why)
{
	enum state_trust trust;
	int rc;

	if (st->cf.is_reader)
		return look(st, now_ms, why);
	trust = state_trust(st->cf.file, why);
	if (trust == STATE_NO_PLACE)
		return give_up(st, false, why);
	/* What a process before us still saves is not to be missed. */
	if (state_lock(st, st->cf.wait_ms) < 0)
		str_addf(why, "%s.lock: %s; nothing is saved meanwhile\n",
			st->cf.file,
			errno == EAGAIN ? in_use : strerror(errno));
	if (trust == STATE_ABSENT)
		trust = state_trust(st->cf.file, why);
	if (trust == STATE_ABSENT)
		return 0;
	if (trust != STATE_TRUSTED)
		return give_up(st, trust == STATE_FOREIGN, why);
	rc = state_read(st, now_ms, why);
	if (rc == 0)
		return 0;
	if (rc != STATE_REFUSED)
		str_addf(why, "%s: %s\n", st->cf.file, state_db_reason(rc));
	return give_up(st, rc == STATE_REFUSED || state_db_is_bad(rc), why);
}

static bool has_changed(struct state *st)
{
	bool has = false;

	for (size_t i = 0; i < st->n_sections; i++) {
		const struct state_section *s = &st->sections[i];

		st->going[i] = s->change(s->arg);
		has |= st->going[i] != st->saved[i];
	}
	return has;
}

static void set_aside(struct state *st)
{
	struct str why;

	str_init(&why, 1024);
	st->is_off = state_set_aside(st->cf.file, &why) < 0;
	log_warn_lines(str_z(&why));
	str_fini(&why);
}

static void count(struct state *st, bool is_error)
{
	if (!st->cf.metrics)
		return;
	if (is_error)
		st->cf.metrics->checkpoint_errors++;
	else
		st->cf.metrics->checkpoints++;
}

/* What a checkpoint came to: an SQLite code. */
static void note(struct state *st, int rc)
{
	count(st, rc != 0);
	if (rc == 0) {
		memcpy(st->saved, st->going, sizeof(st->saved));
		st->generation = st->going_generation;
		return;
	}
	log_warn_limited(&st->limit,
		"%s: checkpoint failed: %s; what is "
		"learnt stays in memory",
		st->cf.file, state_db_reason(rc));
	if (!state_db_is_bad(rc) && !state_db_is_strange(rc))
		return;
	if (state_db_is_bad(rc))
		set_aside(st);
	/* The next one writes all of it. */
	memset(st->saved, 0, sizeof(st->saved));
	st->generation = 0;
}

static _Noreturn void run_child(const struct state *st)
{
	/* It may outlive us, and is to keep no socket open. */
	for (int fd = 0; fd < FDS_MAX; fd++)
		if (fd != STDERR_FILENO && fd != st->lock_fd)
			close(fd);
	_exit(state_write(st, stamp_now_ms()));
}

static int64_t next_generation(const struct state *st)
{
	uint64_t n = 0;

	while (!n || (int64_t)n == st->generation)
		if (getrandom(&n, sizeof(n), 0) != sizeof(n))
			n = (uint64_t)st->generation + 1;
	return (int64_t)n;
}

static bool is_ours(struct state *st)
{
	if (state_lock(st, 0) == 0)
		return true;
	count(st, true);
	log_warn_limited(&st->limit,
		"%s.lock: %s; what is learnt stays in memory", st->cf.file,
		errno == EAGAIN ? in_use : strerror(errno));
	return false;
}

static void start(struct state *st)
{
	if (!is_ours(st))
		return;
	st->going_generation = next_generation(st);
	st->child = fork();
	if (st->child == 0)
		run_child(st);
	if (st->child > 0)
		return;
	/* Where no child is allowed, a late line is better than no history. */
	st->child = 0;
	note(st, state_write(st, stamp_now_ms()));
}

static void reap(struct state *st)
{
	int status;
	pid_t pid = waitpid(st->child, &status, WNOHANG);

	if (pid == 0 || (pid < 0 && errno == EINTR))
		return;
	st->child = 0;
	note(st, pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status)
					      : STATE_KILLED);
}

void state_tick(struct state *st, int64_t mono_ms, int64_t every_ms)
{
	int64_t since_ms = mono_ms - st->saved_mono_ms;

	if (st->is_off)
		return;
	if (!st->saved_mono_ms)
		st->saved_mono_ms = mono_ms;
	else if (st->child)
		reap(st);
	else if ((since_ms >= every_ms || st->is_wanted) &&
		 (has_changed(st) || since_ms >= IDLE_MS)) {
		st->saved_mono_ms = mono_ms;
		st->is_wanted = false;
		start(st);
	}
	st->due_mono_ms = mono_ms + REAP_MS;
	if (!st->child)
		st->due_mono_ms = st->saved_mono_ms + every_ms;
	if (st->due_mono_ms <= mono_ms)
		st->due_mono_ms = mono_ms + every_ms;
}

void state_want(struct state *st)
{
	if (!st)
		return;
	st->is_wanted = true;
	if (!st->child)
		st->due_mono_ms = 0;
}

int64_t state_due_ms(const struct state *st)
{
	return st->is_off ? INT64_MAX : st->due_mono_ms;
}

static int64_t mono_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void wait_until(struct state *st, int64_t end_ms)
{
	const struct timespec pause = { .tv_nsec = 2000000 };

	while (st->child) {
		reap(st);
		if (!st->child || mono_ms() >= end_ms)
			return;
		nanosleep(&pause, NULL);
	}
}

int state_save(struct state *st)
{
	if (st->is_off)
		return -1;
	wait_until(st, INT64_MAX);
	if (has_changed(st) && is_ours(st)) {
		st->going_generation = next_generation(st);
		note(st, state_write(st, stamp_now_ms()));
	}
	return has_changed(st) ? -1 : 0;
}

int state_finish(struct state *st, int64_t wait_ms)
{
	int64_t end_ms = mono_ms() + wait_ms;

	if (st->is_off)
		return -1;
	wait_until(st, end_ms);
	if (!st->child && has_changed(st)) {
		start(st);
		wait_until(st, end_ms);
	}
	if (st->child)
		log_warn(
			"%s: the last checkpoint is not done yet", st->cf.file);
	return st->child || has_changed(st) ? -1 : 0;
}
