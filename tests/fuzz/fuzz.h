// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event.h"
#include "str.h"

/*
 * What the targets share. A target is one file here: its comment says "seeds:
 * KIND..." for what it starts from (seeds.py has the kinds) and may name a
 * dictionary, "dict: NAME"; and it states what has to hold by MUST.
 * Inputs of several parts have a NUL between two, as no argument has one.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define MUST(claim)                                                            \
	((claim) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #claim))

__attribute__((noreturn)) static inline void fuzz_broken(
	const char *file, int line, const char *claim)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, claim);
	abort();
}

static inline struct bytes fuzz_bytes(const uint8_t *data, size_t len)
{
	return (struct bytes){ (const char *)data, len };
}

/* For choices that the input does not spell out: FNV-1a. */
static inline uint64_t fuzz_hash(struct bytes b)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < b.len; i++)
		h = (h ^ (unsigned char)b.p[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* Memory of its own, so that a sanitizer sees what is read behind it. */
static inline struct bytes fuzz_copy(struct bytes b)
{
	char *p = malloc(b.len + !b.len);

	MUST(p);
	if (b.len)
		memcpy(p, b.p, b.len);
	return (struct bytes){ p, b.len };
}

static inline void fuzz_free(struct bytes b)
{
	free((void *)(uintptr_t)b.p);
}

/* Takes what stands before the next end (or the end) off the front of *rest.
 * False: nothing is left. */
static inline bool fuzz_next(struct bytes *rest, char end, struct bytes *part)
{
	const char *p;

	if (!rest->len)
		return false;
	p = memchr(rest->p, end, rest->len);
	part->p = rest->p;
	part->len = p ? (size_t)(p - rest->p) : rest->len;
	rest->p += part->len + !!p;
	rest->len -= part->len + !!p;
	return true;
}

/* The first byte, 0 where there is none. */
static inline unsigned int fuzz_byte(struct bytes *rest)
{
	if (!rest->len)
		return 0;
	rest->len--;
	return (unsigned char)*rest->p++;
}

#define FUZZ_ARGS_MAX 64

/* An argv, each argument in memory of its own. */
struct fuzz_args {
	struct bytes v[FUZZ_ARGS_MAX];
	size_t n;
};

static inline void fuzz_args_init(struct fuzz_args *a, struct bytes in)
{
	struct bytes part;

	a->n = 0;
	while (a->n < FUZZ_ARGS_MAX && fuzz_next(&in, '\0', &part))
		a->v[a->n++] = fuzz_copy(part);
}

static inline void fuzz_args_fini(struct fuzz_args *a)
{
	while (a->n)
		fuzz_free(a->v[--a->n]);
}

/* An event of that argv, which has to outlive it. */
static inline struct event *fuzz_event(struct fuzz_args *a)
{
	struct event *ev = event_create();

	MUST(ev);
	ev->has_execve = true;
	ev->argv = a->v;
	ev->argc = a->n;
	return ev;
}

/* The same file each time, with these bytes in it. */
static inline const char *fuzz_file(struct bytes b)
{
	static char path[4096];
	static int fd = -1;

	if (fd < 0) {
		const char *dir = getenv("TMPDIR");

		snprintf(path, sizeof(path), "%s/fuzz-XXXXXX",
			dir ? dir : "/tmp");
		fd = mkstemp(path);
	}
	MUST(fd >= 0 && ftruncate(fd, 0) == 0);
	MUST(pwrite(fd, b.p, b.len, 0) == (ssize_t)b.len);
	return path;
}

/* Reads the first and the last byte: both have to be there. */
static inline void fuzz_touch(struct bytes b)
{
	volatile char last;

	if (!b.len)
		return;
	MUST(b.p);
	last = (char)(b.p[0] ^ b.p[b.len - 1]);
	(void)last;
}

/* Whether b lies in whole. */
static inline bool fuzz_is_inside(struct bytes b, struct bytes whole)
{
	return !b.p || (b.p >= whole.p && b.len <= whole.len &&
			       b.p + b.len <= whole.p + whole.len);
}

#endif
