// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rowfile.h"

struct fetch_file {
	char path[PATH_MAX]; /* where it goes */
	char part[PATH_MAX]; /* where it is */
	struct sha256_ctx sha;
	size_t len;
	int fd;
};

static void complain(const struct fetch_file *f, struct str *why)
{
	str_addf(why, "%s: %s", f->part, strerror(errno));
}

struct fetch_file *fetch_file_open(const char *file, struct str *why)
{
	struct fetch_file *f = calloc(1, sizeof(*f));

	if (!f) {
		str_addz(why, "out of memory");
		return NULL;
	}
	(void)snprintf(f->path, sizeof(f->path), "%s", file);
	(void)snprintf(f->part, sizeof(f->part), "%.*s.part",
		(int)sizeof(f->part) - 8, file);
	sha256_init(&f->sha);
	/* One is left over where we were killed. */
	(void)!unlink(f->part);
	f->fd = open(f->part,
		O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (f->fd >= 0)
		return f;
	complain(f, why);
	free(f);
	return NULL;
}

int fetch_file_add(struct fetch_file *f, struct bytes piece, struct str *why)
{
	sha256_update(&f->sha, piece.len, (const uint8_t *)piece.p);
	while (piece.len) {
		ssize_t n = write(f->fd, piece.p, piece.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			complain(f, why);
			return -1;
		}
		piece.p += n;
		piece.len -= (size_t)n;
		f->len += (size_t)n;
	}
	return 0;
}

size_t fetch_file_len(const struct fetch_file *f)
{
	return f->len;
}

int fetch_file_head(const struct fetch_file *f, size_t n, struct str *to)
{
	size_t done = 0;
	char *p;

	if (n > f->len)
		n = f->len;
	p = str_room(to, n + 1);
	while (p && done < n) {
		ssize_t got = pread(f->fd, p + done, n - done, (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		done += (size_t)got;
	}
	if (!p)
		return -1;
	p[n] = '\0';
	to->len += n;
	return 0;
}

bool fetch_file_is(struct fetch_file *f, const unsigned char pin[32])
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(&f->sha, sizeof(digest), digest);
	return !memcmp(digest, pin, sizeof(digest));
}

int fetch_file_keep(struct fetch_file *f, struct str *why)
{
	int rc = fchmod(f->fd, 0644) < 0 || fsync(f->fd) < 0 ? -1 : 0;

	if (rc == 0)
		rc = rowfile_move(f->part, f->path);
	if (rc < 0)
		complain(f, why);
	fetch_file_drop(f);
	return rc;
}

void fetch_file_drop(struct fetch_file *f)
{
	if (!f)
		return;
	close(f->fd);
	(void)!unlink(f->part);
	free(f);
}
