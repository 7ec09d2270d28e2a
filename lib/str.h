// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef STR_H
#define STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A borrowed run of bytes, not NUL-terminated. p is NULL when absent. */
struct bytes {
	const char *p;
	size_t len;
};

#define BYTES(lit) ((struct bytes){ (lit), sizeof(lit) - 1 })

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len &&
	       (a.len == 0 || (a.p[0] == b.p[0] && !memcmp(a.p, b.p, a.len)));
}

/* Borrows a C string; NULL gives an absent run. */
static inline struct bytes bytes_of(const char *s)
{
	return (struct bytes){ s, s ? strlen(s) : 0 };
}

/*
 * The only growing buffer. It never holds more than max bytes: what would
 * pass the cap, or could not be allocated, is left out whole and the buffer
 * stays marked until str_reset, so a writer adds freely and asks str_ok once.
 * When anything was added, p[len] is NUL.
 */
struct str {
	char *p;
	size_t len;
	size_t size; /* allocated */
	size_t max;
	bool is_short; /* something was left out */
};

void str_init(struct str *s, size_t max);
void str_fini(struct str *s);
/* Empties s and keeps its memory. */
void str_reset(struct str *s);
/* Frees memory beyond keep bytes; the contents are lost. */
void str_shrink(struct str *s, size_t keep);
/* Gives memory beyond the contents back. */
void str_fit(struct str *s);

static inline bool str_ok(const struct str *s)
{
	return !s->is_short;
}

static inline struct bytes str_bytes(const struct str *s)
{
	return (struct bytes){ s->p ? s->p : "", s->len };
}

/* What was added since the length was from; borrowed. */
static inline struct bytes str_tail(const struct str *s, size_t from)
{
	return (struct bytes){ s->p ? s->p + from : "", s->len - from };
}

/* Takes everything behind the first len bytes away again. */
static inline void str_cut(struct str *s, size_t len)
{
	s->len = len;
	if (s->p)
		s->p[len] = '\0';
}

/* Makes room for n more bytes and returns where they go, NULL if over the
 * cap. The caller writes at most n and then adds to len what it wrote. */
char *str_grow(struct str *s, size_t n);

static inline char *str_room(struct str *s, size_t n)
{
	if (!s->is_short && s->size > n && s->len < s->size - n &&
		s->len + n <= s->max)
		return s->p + s->len;
	return str_grow(s, n);
}

static inline void str_add(struct str *s, const char *p, size_t n)
{
	char *to = str_room(s, n);

	if (!to)
		return;
	if (n)
		memcpy(to, p, n);
	s->len += n;
	s->p[s->len] = '\0';
}

static inline void str_addc(struct str *s, char c)
{
	str_add(s, &c, 1);
}

static inline void str_addz(struct str *s, const char *z)
{
	str_add(s, z, strlen(z));
}

static inline void str_addb(struct str *s, struct bytes b)
{
	str_add(s, b.p, b.len);
}

void str_addu(struct str *s, unsigned long long v);
void str_addi(struct str *s, long long v);
/* In hexadecimal. */
void str_addx(struct str *s, const unsigned char *p, size_t n);
/* The shortest decimal that reads back as the same double; v is finite. */
void str_addd(struct str *s, double v);
/* The same without an exponent; v is 0, or from 1e-13 to 1e15 in size. */
void str_add_plain(struct str *s, double v);
void str_addf(struct str *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *s, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* The contents as a C string ("" when empty); borrowed. */
const char *str_z(const struct str *s);

#endif
