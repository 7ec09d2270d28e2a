// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CHECK_H
#define CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"

/*
 * A program is a module, a case a row of its tables. check_start begins one
 * and ends the one before; a case is good when no CHECK in it failed. Prints
 * "ok MODULE/CASE" and "FAIL MODULE/CASE: why", and at the end the counts.
 */
static struct {
	const char *module;
	char name[80];
	bool is_open;
	unsigned int n_bad, passed, failed, skipped;
} check;

/* Complaints printed of one case: the first is its FAIL line. */
#define CHECK_SAID_MAX 5

static inline void check_close(void)
{
	if (!check.is_open)
		return;
	check.is_open = false;
	if (check.n_bad)
		check.failed++;
	else if (++check.passed)
		printf("ok %s/%s\n", check.module, check.name);
	fflush(stdout);
}

__attribute__((format(printf, 1, 2))) static inline void check_start(
	const char *fmt, ...)
{
	va_list ap;

	check_close();
	check.is_open = true;
	check.n_bad = 0;
	va_start(ap, fmt);
	vsnprintf(check.name, sizeof(check.name), fmt, ap);
	va_end(ap);
}

__attribute__((format(printf, 2, 3))) static inline void check_fail(
	int line, const char *fmt, ...)
{
	va_list ap;

	if (check.n_bad++ >= CHECK_SAID_MAX)
		return;
	printf("%s%s/%s: line %d: ", check.n_bad > 1 ? "  " : "FAIL ",
		check.module, check.name, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static inline void check_skip(const char *name, const char *why)
{
	check_close();
	check.skipped++;
	printf("skip %s/%s: %s\n", check.module, name, why);
}

/* The last words of main: its exit status. */
static inline int check_end(void)
{
	check_close();
	printf("%u passed, %u failed, %u skipped\n", check.passed, check.failed,
		check.skipped);
	return check.failed != 0;
}

/* What a person can read of b around at. */
static inline const char *check_show(
	char *to, size_t size, struct bytes b, size_t at)
{
	size_t from = at > 30 ? at - 30 : 0, n = 0;

	if (!b.p)
		return "(absent)";
	for (size_t i = from; i < b.len && n + 12 < size; i++) {
		unsigned char c = (unsigned char)b.p[i];
		bool is_plain = c >= 0x20 && c < 0x7f && c != '\\';

		n += (size_t)snprintf(
			to + n, size - n, is_plain ? "%c" : "\\x%02x", c);
	}
	to[n] = '\0';
	return to;
}

static inline bool check_bytes(
	int line, const char *what, struct bytes got, struct bytes want)
{
	char g[160], w[160];
	size_t at = 0;

	while (at < got.len && at < want.len && got.p[at] == want.p[at])
		at++;
	if (at == got.len && at == want.len && !got.p == !want.p)
		return true;
	check_fail(line, "%s: at %zu of %zu (want %zu) got '%s', want '%s'",
		what, at, got.len, want.len, check_show(g, sizeof(g), got, at),
		check_show(w, sizeof(w), want, at));
	return false;
}

static inline bool check_eq(
	int line, const char *what, long long got, long long want)
{
	if (got != want)
		check_fail(line, "%s is %lld, want %lld", what, got, want);
	return got == want;
}

/* Each says whether it held. */
#define CHECK(cond) ((cond) ? true : (check_fail(__LINE__, "%s", #cond), false))
#define CHECK_EQ(got, want)                                                    \
	check_eq(__LINE__, #got, (long long)(got), (long long)(want))
#define CHECK_BYTES(got, want) check_bytes(__LINE__, #got, got, want)
#define CHECK_Z(got, want)     check_bytes(__LINE__, #got, got, bytes_of(want))

/* gcc says it one way, clang the other. */
#ifdef __SANITIZE_ADDRESS__
#define CHECK_IS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define CHECK_IS_SANITIZED true
#endif
#endif
#ifndef CHECK_IS_SANITIZED
#define CHECK_IS_SANITIZED false
#endif

/* An emulator takes up to fifty times as long. */
static inline bool check_is_slow(void)
{
	return getenv("UNDER") != NULL;
}

/* Whether times mean anything: under valgrind, say, or sanitizers they don't.
 * The case that takes them is skipped then. */
static inline bool check_has_clock(const char *name)
{
	if (!CHECK_IS_SANITIZED && !check_is_slow())
		return true;
	check_skip(name, "it measures, which nothing can under sanitizers "
			 "or an emulator");
	return false;
}

/* n, or few where an emulator would take too long for n, which is told. */
static inline unsigned int check_fewer(unsigned int n, unsigned int few)
{
	static unsigned int told;

	if (!check_is_slow())
		return n;
	if (told != n)
		printf("# %s/%s: %u, not %u: it runs under an emulator\n",
			check.module, check.name, few, n);
	told = n;
	return few;
}

/* Of n tries, as many as there is time for. */
static inline unsigned int check_rounds(unsigned int n)
{
	return check_fewer(n, n / 50 + 1);
}

/* Numbers that look random and are the same in every run: xorshift64*. */
static inline unsigned long long check_random(unsigned long long *seed)
{
	unsigned long long x = *seed ? *seed : 0x9e3779b97f4a7c15ULL;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*seed = x;
	return x * 0x2545f4914f6cdd1dULL;
}

static inline size_t check_below(unsigned long long *seed, size_t n)
{
	return (size_t)(check_random(seed) % n);
}

#endif
