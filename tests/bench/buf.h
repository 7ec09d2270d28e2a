// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A growing buffer and the forms in which bytes are written. Running out of
 * memory ends the program.
 */
#ifndef BENCH_BUF_H
#define BENCH_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct buf {
	char *p;
	size_t len;
	size_t cap;
};

static inline void buf_reserve(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 4096;

	while (cap - b->len < more)
		cap *= 2;
	if (cap == b->cap)
		return;
	b->p = realloc(b->p, cap);
	if (!b->p)
		abort();
	b->cap = cap;
}

static inline void buf_add(struct buf *b, const void *p, size_t len)
{
	buf_reserve(b, len);
	memcpy(b->p + b->len, p, len);
	b->len += len;
}

static inline void buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

__attribute__((format(printf, 2, 3))) static inline void buf_addf(
	struct buf *b, const char *fmt, ...)
{
	const int max = 1024;
	va_list ap;
	int len;

	buf_reserve(b, (size_t)max);
	va_start(ap, fmt);
	len = vsnprintf(b->p + b->len, (size_t)max, fmt, ap);
	va_end(ap);
	if (len < 0 || len >= max)
		abort();
	b->len += (size_t)len;
}

static inline void buf_add_hex(struct buf *b, const char *p, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";

	buf_reserve(b, len * 2);
	for (size_t i = 0; i < len; i++) {
		b->p[b->len++] = digits[(unsigned char)p[i] >> 4];
		b->p[b->len++] = digits[p[i] & 15];
	}
}

static inline void buf_add_base64(struct buf *b, const char *p, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char in[3];
	size_t n;

	buf_reserve(b, len / 3 * 4 + 4);
	for (size_t i = 0; i < len; i += n) {
		n = len - i < 3 ? len - i : 3;
		memset(in, 0, sizeof(in));
		memcpy(in, p + i, n);
		b->p[b->len++] = digits[in[0] >> 2];
		b->p[b->len++] = digits[(in[0] << 4 | in[1] >> 4) & 63];
		b->p[b->len++] =
			n > 1 ? digits[(in[1] << 2 | in[2] >> 6) & 63] : '=';
		b->p[b->len++] = n > 2 ? digits[in[2] & 63] : '=';
	}
}

/* A quote or a byte outside 0x21-0x7e makes the kernel write hexadecimal. */
static inline bool needs_hex(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] == '"' || p[i] < 0x21 || p[i] > 0x7e)
			return true;
	return false;
}

static inline void buf_add_quoted(struct buf *b, const char *p, size_t len)
{
	buf_add(b, "\"", 1);
	buf_add(b, p, len);
	buf_add(b, "\"", 1);
}

#endif
