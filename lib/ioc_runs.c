// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Runs of letters and digits as long as a hash or a wallet. Most text has
 * none, and is looked at once in as many bytes as the shortest would take.
 */
#include "ioc_scan.h"

#define MD5_HEX    32
#define SHA1_HEX   40
#define SHA256_HEX 64
/* Digits that differ: fewer are a mask or stand for nothing. */
#define DISTINCT_MIN 6

/* Where the first run of min bytes of a class at or after i starts; to or more
 * if none does before. */
static inline size_t next_run(
	struct bytes text, size_t i, size_t to, uint8_t class, size_t min)
{
	while (i < to && text.len - i >= min) {
		size_t j = i + min;

		while (j > i && scan_is(text.p[j - 1], class))
			j--;
		if (j == i)
			return i;
		i = j;
	}
	return to;
}

/* Whether the digits could be a hash's: of both sorts, and not few. */
static bool is_mixed(struct bytes hex)
{
	unsigned int seen = 0, n = 0;

	for (size_t i = 0; i < hex.len; i++) {
		char c = scan_lower(hex.p[i]);

		seen |= 1u << (scan_is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	for (unsigned int bits = seen; bits; bits &= bits - 1)
		n++;
	return n >= DISTINCT_MIN && seen > 0x3ff && (seen & 0x3ff);
}

/* /var/lib/docker/overlay2/<id>/merged: a directory's name. */
static bool is_directory(const struct scan *s, size_t at, size_t end)
{
	return s->depth == 0 && scan_before(s, at) == '/' &&
	       scan_at(s, end) == '/';
}

static void hex_run(struct scan *s, size_t at, size_t end)
{
	struct bytes hex = { s->text.p + at, end - at };
	enum ioc_type type = hex.len == MD5_HEX    ? IOC_MD5
			     : hex.len == SHA1_HEX ? IOC_SHA1
						   : IOC_SHA256;
	char value[SHA256_HEX];

	if ((hex.len != MD5_HEX && hex.len != SHA1_HEX &&
		    hex.len != SHA256_HEX) ||
		!is_mixed(hex) || is_directory(s, at, end) ||
		sense_is_ids(s, at))
		return;
	for (size_t i = 0; i < hex.len; i++)
		value[i] = scan_lower(hex.p[i]);
	scan_found(s, at, type, (struct bytes){ value, hex.len });
}

static void take_run(struct scan *s, size_t at, size_t end)
{
	struct bytes run = { s->text.p + at, end - at };
	struct bytes before = { s->text.p, end };

	if (scan_is_wallet(run)) {
		scan_found(s, at, IOC_WALLET, run);
		return;
	}
	/* A number in hexadecimal. */
	if (run.p[0] == '0' && (run.p[1] | 32) == 'x')
		return;
	while ((at = next_run(before, at, end, SCAN_HEX, MD5_HEX)) < end) {
		size_t from = at;

		while (at < end && scan_is(s->text.p[at], SCAN_HEX))
			at++;
		hex_run(s, from, at);
	}
}

void scan_runs(struct scan *s, size_t to)
{
	while (s->runs < to && !s->is_full) {
		size_t at = next_run(
			       s->text, s->runs, to, SCAN_ALNUM, SCAN_RUN_MIN),
		       end = at;

		if (at >= to) {
			s->runs = to;
			return;
		}
		while (end < s->text.len && scan_is(s->text.p[end], SCAN_ALNUM))
			end++;
		s->runs = end;
		take_run(s, at, end);
	}
}
