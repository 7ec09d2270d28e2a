// SPDX-License-Identifier: GPL-3.0-or-later
#include "spool_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "queue.h"

struct header {
	char magic[8];
	uint64_t first;
	uint32_t class, crc;
};

static const char magic[8] = "hspool\0\1";

/* Ours alone, and no second name of anything. */
static int check_file(int fd, uint64_t *size)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
		st.st_nlink != 1 || st.st_mode & 077 ||
		st.st_size > (off_t)SPOOL_FILE_MAX) {
		errno = EPERM;
		return -1;
	}
	*size = (uint64_t)st.st_size;
	return 0;
}

static int open_checked(const struct spool_place *p, const char *file,
	int flags, uint64_t *size)
{
	int fd = openat(p->dir, file,
		flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	int saved;

	if (fd < 0) {
		if (errno == ELOOP || errno == EISDIR || errno == ENXIO)
			errno = EPERM;
		return -1;
	}
	if (check_file(fd, size) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* The directory and, where that is missing too, the one above it. */
static int make_dir(const char *dir)
{
	char above[4096];
	size_t len = strlen(dir);
	const char *slash;

	if (mkdir(dir, 0700) == 0 || errno == EEXIST)
		return 0;
	slash = strrchr(dir, '/');
	if (errno != ENOENT || !slash || slash == dir || len >= sizeof(above))
		return -1;
	memcpy(above, dir, len + 1);
	above[slash - dir] = '\0';
	if (mkdir(above, 0700) < 0)
		return -1;
	return mkdir(dir, 0700);
}

static int open_dir(const char *dir, bool *is_untrusted)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0) {
		*is_untrusted = errno == ELOOP || errno == ENOTDIR;
		return -1;
	}
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
		!(st.st_mode & 022))
		return fd;
	close(fd);
	*is_untrusted = true;
	errno = EPERM;
	return -1;
}

int spool_place_open(
	struct spool_place *p, const char *dir, bool is_new, bool *is_untrusted)
{
	char file[SPOOL_PATH_MAX];
	uint64_t size;
	int saved;

	*is_untrusted = false;
	if (is_new && make_dir(dir) < 0)
		return -1;
	p->dir = open_dir(dir, is_untrusted);
	if (p->dir < 0)
		return -1;
	snprintf(file, sizeof(file), "%s.sent", p->name);
	p->sent = open_checked(p, file, O_RDWR | O_CREAT, &size);
	if (p->sent >= 0 && flock(p->sent, LOCK_EX | LOCK_NB) == 0)
		return 0;
	saved = errno;
	*is_untrusted = saved == EPERM;
	spool_place_close(p);
	errno = saved;
	return -1;
}

void spool_place_close(struct spool_place *p)
{
	if (p->sent >= 0)
		close(p->sent);
	if (p->dir >= 0)
		close(p->dir);
	p->sent = p->dir = -1;
}

/* Whatever interrupts it. */
static int write_whole(int fd, const void *p, size_t len, off_t at)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pwrite(fd, (const char *)p + done, len - done,
			at + (off_t)done);

		if (n == 0)
			errno = ENOSPC;
		if (n <= 0 && !(n < 0 && errno == EINTR))
			return -1;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

ssize_t spool_file_read(int fd, void *p, size_t len, off_t at)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(
			fd, (char *)p + done, len - done, at + (off_t)done);

		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return -1;
		done += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)done;
}

/* Behind the end of the good part there may be what an earlier write left
 * that could not be undone: it is written over. */
static int write_at(int fd, uint32_t at, const void *p, size_t len)
{
	int saved;

	if (write_whole(fd, p, len, (off_t)at) == 0)
		return 0;
	saved = errno;
	(void)!ftruncate(fd, (off_t)at);
	errno = saved;
	return -1;
}

void spool_place_sent(
	const struct spool_place *p, uint64_t *sent, uint64_t *begun)
{
	uint64_t told[3];

	*sent = *begun = 0;
	if (spool_file_read(p->sent, told, sizeof(told), 0) !=
			(ssize_t)sizeof(told) ||
		told[2] != ~(told[0] + told[1]))
		return;
	*sent = told[0];
	*begun = told[1];
}

int spool_place_set_sent(
	const struct spool_place *p, uint64_t sent, uint64_t begun)
{
	uint64_t told[3] = { sent, begun, ~(sent + begun) };

	return write_whole(p->sent, told, sizeof(told), 0);
}

static void file_name(char file[SPOOL_PATH_MAX], const struct spool_place *p,
	unsigned int class, uint64_t first)
{
	snprintf(file, SPOOL_PATH_MAX, "%s-%x-%016" PRIx64, p->name, class,
		first);
}

bool spool_file_is_ours(const struct spool_place *p, const char *file,
	unsigned int *class, uint64_t *first)
{
	size_t len = strlen(p->name);
	char again[SPOOL_PATH_MAX], *end;

	if (strncmp(file, p->name, len) != 0 || file[len] != '-')
		return false;
	*class = (unsigned int)strtoul(file + len + 1, &end, 16);
	if (*end != '-' || *class >= QUEUE_CLASSES)
		return false;
	*first = strtoull(end + 1, NULL, 16);
	file_name(again, p, *class, *first);
	return strcmp(file, again) == 0;
}

int spool_file_open(const struct spool_place *p, const struct spool_segment *g,
	int flags, uint64_t *size)
{
	char file[SPOOL_PATH_MAX];

	file_name(file, p, g->class, g->first);
	return open_checked(p, file, flags, size);
}

int spool_file_remove(
	const struct spool_place *p, const struct spool_segment *g)
{
	char file[SPOOL_PATH_MAX];

	file_name(file, p, g->class, g->first);
	return unlinkat(p->dir, file, 0);
}

static uint32_t crc_of(const void *p, size_t len)
{
	return (uint32_t)crc32(0, p, (unsigned int)len);
}

int spool_file_create(const struct spool_place *p, struct spool_segment *g)
{
	struct header h = { .first = g->first, .class = g->class };
	uint64_t size;
	int saved, fd = spool_file_open(p, g, O_RDWR | O_CREAT | O_EXCL, &size);

	if (fd < 0)
		return -1;
	memcpy(h.magic, magic, sizeof(magic));
	h.crc = crc_of(&h, offsetof(struct header, crc));
	if (write_at(fd, 0, &h, sizeof(h)) == 0) {
		g->at = g->len = SPOOL_HEADER_LEN;
		return fd;
	}
	saved = errno;
	close(fd);
	(void)!spool_file_remove(p, g);
	errno = saved;
	return -1;
}

int spool_file_append(int fd, struct spool_segment *g, struct bytes records)
{
	if (write_at(fd, g->len, records.p, records.len) < 0)
		return -1;
	g->len += (uint32_t)records.len;
	return 0;
}

int spool_file_seal(int fd, struct spool_segment *g)
{
	struct spool_record r = { .order = g->last, .pos = g->n_all };

	r.crc = crc_of(&r.len, SPOOL_RECORD_LEN - sizeof(r.crc));
	return write_at(fd, g->len, &r, sizeof(r));
}

void spool_record_add(struct str *out, const struct queue_line *line,
	const char *text, uint64_t order)
{
	struct spool_record r = { .len = line->len,
		.order = order,
		.pos = line->pos,
		.score = line->score,
		.dup_at = line->dup_at };
	char *to = str_room(out, SPOOL_RECORD_LEN + line->len);

	if (!to)
		return;
	memcpy(to, &r, SPOOL_RECORD_LEN);
	memcpy(to + SPOOL_RECORD_LEN, text, line->len);
	r.crc = crc_of(to + sizeof(r.crc),
		SPOOL_RECORD_LEN - sizeof(r.crc) + line->len);
	memcpy(to, &r.crc, sizeof(r.crc));
	out->len += SPOOL_RECORD_LEN + line->len;
}

uint32_t spool_record_read(struct bytes from, struct spool_record *r)
{
	if (from.len < SPOOL_RECORD_LEN)
		return 0;
	memcpy(r, from.p, SPOOL_RECORD_LEN);
	if (r->len == 0 || r->len > SPOOL_LINE_MAX || r->dup_at > r->len ||
		r->len > from.len - SPOOL_RECORD_LEN)
		return 0;
	if (r->crc != crc_of(from.p + sizeof(r->crc),
			      SPOOL_RECORD_LEN - sizeof(r->crc) + r->len))
		return 0;
	return (uint32_t)SPOOL_RECORD_LEN + r->len;
}

static bool is_sealed(struct bytes file, struct spool_record *seal)
{
	if (file.len < SPOOL_HEADER_LEN + SPOOL_RECORD_LEN)
		return false;
	memcpy(seal, file.p + file.len - SPOOL_RECORD_LEN, SPOOL_RECORD_LEN);
	return seal->len == 0 &&
	       seal->crc == crc_of(&seal->len,
				    SPOOL_RECORD_LEN - sizeof(seal->crc)) &&
	       seal->pos <= file.len / SPOOL_RECORD_LEN;
}

static bool is_header(struct bytes file, const struct spool_segment *g)
{
	struct header h;

	if (file.len < sizeof(h))
		return false;
	memcpy(&h, file.p, sizeof(h));
	return !memcmp(h.magic, magic, sizeof(magic)) && h.first == g->first &&
	       h.class == g->class &&
	       h.crc == crc_of(&h, offsetof(struct header, crc));
}

/* Record by record, as far as they are whole. */
static void walk(struct bytes file, uint64_t sent, struct spool_segment *g)
{
	struct spool_record r;
	uint32_t n;

	g->at = g->len = SPOOL_HEADER_LEN;
	while ((n = spool_record_read(
			(struct bytes){ file.p + g->len, file.len - g->len },
			&r)) &&
		r.order > g->last) {
		g->len += n;
		g->last = r.order;
		g->n_all++;
		if (r.order > sent)
			g->n++;
		else
			g->at = g->len;
	}
}

int spool_file_load(int fd, uint64_t size, uint64_t sent, char *buf,
	struct spool_segment *g, uint32_t *torn)
{
	struct bytes file = { buf, (size_t)size };
	struct spool_record seal;
	bool was_sealed;

	*torn = 0;
	if (size > SPOOL_FILE_MAX ||
		spool_file_read(fd, buf, (size_t)size, 0) != (ssize_t)size)
		return -1;
	if (!is_header(file, g))
		return -1;
	was_sealed = is_sealed(file, &seal);
	walk(file, sent, g);
	if (was_sealed)
		file.len -= SPOOL_RECORD_LEN;
	*torn = (uint32_t)(file.len - g->len);
	if (was_sealed && !*torn)
		return 0;
	if (ftruncate(fd, (off_t)g->len) < 0)
		return 0;
	(void)!spool_file_seal(fd, g);
	return 0;
}
