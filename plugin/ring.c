// SPDX-License-Identifier: GPL-3.0-or-later
#include "ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mark.h"
#include "ring_state.h"

static int open_memory(size_t len)
{
	int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
	int fd = memfd_create("audisp-hunt", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int saved;

	if (fd < 0)
		return -1;
	if (ftruncate(fd, (off_t)len) == 0 &&
		fcntl(fd, F_ADD_SEALS, seals) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static void place(struct ring *r, char *all)
{
	r->head = (struct head *)(void *)all;
	r->tail = (struct tail *)(void *)(all + TAIL_AT);
	r->data = all + DATA_AT;
}

struct ring *ring_new(size_t size)
{
	struct ring *r = calloc(1, sizeof(*r));
	void *all = MAP_FAILED;

	if (!r)
		return NULL;
	r->size = size;
	r->fd = open_memory(DATA_AT + size);
	if (r->fd >= 0)
		all = mmap(NULL, DATA_AT + size, PROT_READ | PROT_WRITE,
			MAP_SHARED, r->fd, 0);
	if (all == MAP_FAILED) {
		ring_free(r);
		return NULL;
	}
	place(r, all);
	r->head->magic = MAGIC;
	r->head->version = LAYOUT;
	r->head->metrics_len = sizeof(struct metrics);
	r->head->size = size;
	r->head->front = getpid();
	atomic_store(&r->tail->at, MARK_NONE);
	return r;
}

void ring_free(struct ring *r)
{
	int saved = errno;

	if (!r)
		return;
	if (r->head)
		munmap(r->head, DATA_AT + r->size);
	if (r->writable)
		munmap(r->writable, ROUND(sizeof(struct tail)));
	if (r->fd >= 0)
		close(r->fd);
	free(r);
	errno = saved;
}

int ring_fd(const struct ring *r)
{
	return r->fd;
}

static int map_engine(struct ring *r)
{
	struct stat st;
	void *all;

	if (fstat(r->fd, &st) < 0)
		return -1;
	errno = EINVAL;
	if (!S_ISREG(st.st_mode) || st.st_size < (off_t)(DATA_AT + PAGE) ||
		(uint64_t)st.st_size > SIZE_MAX / 4 ||
		fcntl(r->fd, F_GET_SEALS) < 0)
		return -1;
	r->size = (size_t)st.st_size - DATA_AT;
	if (r->size & (r->size - 1))
		return -1;
	all = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, r->fd, 0);
	if (all == MAP_FAILED)
		return -1;
	place(r, all);
	r->writable = mmap(NULL, ROUND(sizeof(struct tail)),
		PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, TAIL_AT);
	if (r->writable == MAP_FAILED) {
		r->writable = NULL;
		return -1;
	}
	r->tail = r->writable;
	return 0;
}

static bool is_ring(const struct ring *r)
{
	const struct head *h = r->head;

	errno = EINVAL;
	return h->magic == MAGIC && h->version == LAYOUT &&
	       h->metrics_len == sizeof(struct metrics) && h->size == r->size;
}

/* Where the engine before left off; nonsense counts as nothing done that can
 * still be read. */
static void resume(struct ring *r)
{
	uint64_t write = ring_load(&r->head->write);
	uint32_t n = atomic_load(&r->head->n_poisons);

	r->heir_to = ring_load(&r->tail->read);
	if (r->heir_to > write)
		r->heir_to = 0;
	r->commit = ring_load(&r->tail->commit);
	if (r->commit > write || write - r->commit > 2 * r->size)
		r->commit = write;
	r->read = r->commit;
	ring_store(&r->tail->commit, r->commit);
	ring_store(&r->tail->read, r->read);
	ring_store(&r->tail->at, MARK_NONE);
	for (uint32_t i = 0; i < n && i < RING_POISONS_MAX; i++)
		r->poisons[i] = ring_load(&r->head->poisons[i]);
}

struct ring *ring_open(int fd)
{
	struct ring *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->fd = fd;
	if (map_engine(r) < 0 || !is_ring(r)) {
		ring_free(r);
		return NULL;
	}
	close(r->fd);
	r->fd = -1;
	resume(r);
	return r;
}

/* How many bytes follow r->read, all of them in one piece. */
static size_t unread(struct ring *r)
{
	uint64_t write = ring_load(&r->head->write);
	uint64_t from = ring_load(&r->head->skip_from);
	uint64_t at, n;

	if (r->read == from) {
		r->read = ring_load(&r->head->skip_to);
		if (r->commit == from)
			r->commit = r->read;
	}
	if (write <= r->read)
		return 0;
	if (r->read < from && from < write)
		write = from;
	n = write - r->read;
	if (n > r->size)
		return 0;
	at = r->read & (r->size - 1);
	if (n > r->size - at)
		n = r->size - at;
	return n < RING_PIECE_MAX ? (size_t)n : RING_PIECE_MAX;
}

struct bytes ring_get(struct ring *r, uint64_t *pos)
{
	size_t n = unread(r);

	*pos = r->read;
	return (struct bytes){ r->data + (r->read & (r->size - 1)), n };
}

void ring_advance(struct ring *r, size_t n)
{
	r->read += n;
	ring_store(&r->tail->read, r->read);
	ring_store(&r->tail->beat, ring_load(&r->tail->beat) + 1);
}

void ring_touch(struct ring *r, int64_t now_ms)
{
	(void)!unread(r);
	if (r->commit == r->read && r->read >= r->heir_to)
		ring_store(&r->tail->moved_ms, (uint64_t)now_ms);
}

void ring_commit(struct ring *r, uint64_t pos, int64_t now_ms)
{
	if (pos > r->read)
		pos = r->read;
	if (pos <= r->commit)
		return;
	r->commit = pos;
	ring_store(&r->tail->moved_ms, (uint64_t)now_ms);
	ring_store(&r->tail->commit, pos);
}

int64_t ring_held_ms(const struct ring *r, int64_t now_ms)
{
	int64_t moved_ms = (int64_t)ring_load(&r->tail->moved_ms);

	if (r->commit == r->read || moved_ms > now_ms || moved_ms <= 0)
		return 0;
	return now_ms - moved_ms;
}

bool ring_sleep(struct ring *r)
{
	atomic_store(&r->tail->is_asleep, 1);
	atomic_thread_fence(memory_order_seq_cst);
	if (!unread(r) && !atomic_load(&r->head->is_ended))
		return true;
	atomic_store(&r->tail->is_asleep, 0);
	return false;
}

bool ring_is_ended(const struct ring *r)
{
	/* The end is set after the last line. */
	return atomic_load(&r->head->is_ended) &&
	       ring_load(&r->head->write) <= r->read;
}

/* Without what a jump passes over. */
static uint64_t bytes_since(const struct ring *r, uint64_t pos)
{
	uint64_t write = ring_load(&r->head->write);
	uint64_t from = ring_load(&r->head->skip_from);
	uint64_t to = ring_load(&r->head->skip_to);
	uint64_t n = write - pos;

	if (pos <= from && from < to && to <= write)
		n -= to - from;
	return n <= r->size ? n : 0;
}

uint64_t ring_used(const struct ring *r)
{
	return bytes_since(r, r->commit);
}

uint64_t ring_unread(const struct ring *r)
{
	return bytes_since(r, r->read);
}

uint64_t ring_size(const struct ring *r)
{
	return r->size;
}

pid_t ring_front(const struct ring *r)
{
	return (pid_t)r->head->front;
}

uint64_t ring_counted(const struct ring *r, enum ring_count what)
{
	return ring_load(&r->head->counts[what]);
}

uint64_t ring_resumed(const struct ring *r)
{
	return r->commit;
}

struct metrics *ring_metrics(struct ring *r)
{
	return &r->tail->metrics;
}

struct metrics *ring_told(struct ring *r)
{
	return &r->tail->told;
}

uint64_t *ring_seqs(struct ring *r)
{
	return r->tail->seqs;
}

struct ledger_page *ring_ledger(struct ring *r)
{
	return &r->tail->ledger;
}

struct repeat_page *ring_repeats(struct ring *r)
{
	return &r->tail->repeats;
}

struct mark ring_mark(struct ring *r)
{
	uint32_t n = atomic_load(&r->head->n_poisons);

	return (struct mark){ .at = &r->tail->at,
		.poisons = r->poisons,
		.n_poisons = n < RING_POISONS_MAX ? n : RING_POISONS_MAX };
}
