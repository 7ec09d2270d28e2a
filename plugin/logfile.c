// SPDX-License-Identifier: GPL-3.0-or-later
#include "logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <lzma.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* What xz may take to unpack: more than any preset but -9 needs. */
#define XZ_MEMORY (64u << 20)
/* auditd rotates no further than num_logs = 999. */
#define ROTATIONS_MAX 999

struct reader {
	const char *name;
	int fd;
	void (*push)(void *arg, const char *bytes, size_t n);
	void *arg;
	struct str *why;
	/* Read ahead to tell what it is. */
	char in[LOGFILE_CHUNK];
	size_t n_in;
};

static int fail(struct reader *r, const char *what)
{
	str_addf(r->why, "%s: %s", r->name, what);
	return -1;
}

/* The next bytes of the file in r->in; 0 at its end. */
static ssize_t fill(struct reader *r)
{
	ssize_t n;

	do
		n = read(r->fd, r->in + r->n_in, sizeof(r->in) - r->n_in);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		r->n_in += (size_t)n;
	return n;
}

static int read_plain(struct reader *r)
{
	ssize_t n;

	do {
		r->push(r->arg, r->in, r->n_in);
		r->n_in = 0;
		n = fill(r);
	} while (n > 0);
	return n < 0 ? fail(r, strerror(errno)) : 0;
}

static int inflate_some(struct reader *r, z_stream *z)
{
	char out[LOGFILE_CHUNK];
	int rc;

	z->next_in = (unsigned char *)r->in;
	z->avail_in = (unsigned int)r->n_in;
	while (z->avail_in) {
		z->next_out = (unsigned char *)out;
		z->avail_out = sizeof(out);
		rc = inflate(z, Z_NO_FLUSH);
		r->push(r->arg, out, sizeof(out) - z->avail_out);
		/* Members may follow one another. */
		if (rc == Z_STREAM_END)
			rc = inflateReset(z);
		if (rc != Z_OK && rc != Z_BUF_ERROR)
			return -1;
	}
	r->n_in = 0;
	return 0;
}

static int read_gzip(struct reader *r)
{
	z_stream z = { 0 };
	ssize_t n = 1;
	int rc = 0;

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return fail(r, "out of memory");
	while (rc == 0 && n > 0) {
		rc = inflate_some(r, &z);
		n = rc == 0 ? fill(r) : 0;
	}
	if (rc < 0)
		rc = fail(r, "damaged gzip data");
	else if (n < 0)
		rc = fail(r, strerror(errno));
	else if (z.total_in)
		rc = fail(r, "gzip data ends early");
	inflateEnd(&z);
	return rc;
}

static int read_xz(struct reader *r)
{
	lzma_stream z = LZMA_STREAM_INIT;
	char out[LOGFILE_CHUNK];
	lzma_ret rc = LZMA_OK;
	ssize_t n = 1;

	if (lzma_stream_decoder(&z, XZ_MEMORY, LZMA_CONCATENATED) != LZMA_OK)
		return fail(r, "out of memory");
	while (rc == LZMA_OK) {
		z.next_in = (const uint8_t *)r->in;
		z.avail_in = r->n_in;
		do {
			z.next_out = (uint8_t *)out;
			z.avail_out = sizeof(out);
			rc = lzma_code(&z, n > 0 ? LZMA_RUN : LZMA_FINISH);
			r->push(r->arg, out, sizeof(out) - z.avail_out);
		} while (rc == LZMA_OK && (z.avail_in || !z.avail_out));
		r->n_in = 0;
		if (n > 0)
			n = fill(r);
	}
	lzma_end(&z);
	if (n < 0)
		return fail(r, strerror(errno));
	if (rc == LZMA_MEMLIMIT_ERROR)
		return fail(r, "xz data needs over 64 MiB to unpack");
	if (rc == LZMA_BUF_ERROR)
		return fail(r, "xz data ends early");
	return rc == LZMA_STREAM_END ? 0 : fail(r, "damaged xz data");
}

int logfile_read(const char *path,
	void (*push)(void *arg, const char *bytes, size_t n), void *arg,
	struct str *why)
{
	bool is_stdin = !strcmp(path, "-");
	struct reader r = { .name = is_stdin ? "standard input" : path,
		.push = push,
		.arg = arg,
		.why = why };
	ssize_t n = 1;
	int rc;

	r.fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (r.fd < 0)
		return fail(&r, strerror(errno));
	while (r.n_in < 6 && n > 0)
		n = fill(&r);
	if (n < 0)
		rc = fail(&r, strerror(errno));
	else if (r.n_in >= 2 && !memcmp(r.in, "\x1f\x8b", 2))
		rc = read_gzip(&r);
	else if (r.n_in >= 6 && !memcmp(r.in,
					"\xfd"
					"7zXZ",
					6))
		rc = read_xz(&r);
	else
		rc = read_plain(&r);
	if (!is_stdin)
		close(r.fd);
	return rc;
}

size_t logfile_each(
	const char *dir, void (*take)(void *arg, const char *path), void *arg)
{
	static const char *const suffixes[] = { "", ".gz", ".xz" };
	char path[4096];
	size_t n = 0;

	for (int i = ROTATIONS_MAX; i >= 0; i--) {
		for (size_t j = 0; j < sizeof(suffixes) / sizeof(suffixes[0]);
			j++) {
			if (i)
				snprintf(path, sizeof(path),
					"%s/audit.log.%d%s", dir, i,
					suffixes[j]);
			else
				snprintf(path, sizeof(path), "%s/audit.log%s",
					dir, suffixes[j]);
			if (access(path, F_OK) < 0)
				continue;
			take(arg, path);
			n++;
			break;
		}
	}
	return n;
}
