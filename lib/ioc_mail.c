// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What stands around an @: an address of electronic mail, or somebody's place
 * on a host that ssh, git or a database is given.
 */
#include "ioc_scan.h"

/* RFC 5321, section 4.5.3.1. */
#define LOCAL_MAX 64
#define MAIL_MAX  254

/* user:password@host and //user@host. */
static bool is_login(const struct scan *s, size_t at)
{
	const char *p = s->text.p;
	size_t i = at;

	if (!i || (p[i - 1] != ':' && p[i - 1] != '/'))
		return false;
	if (p[i - 1] == ':')
		for (i--; i && at - i <= LOCAL_MAX &&
			  scan_is(p[i - 1], SCAN_MAIL);)
			i--;
	return i >= 2 && p[i - 1] == '/' && p[i - 2] == '/';
}

/* git@host:path, user@host:22; but not a colon that ends a phrase. */
static bool is_place(struct scan *s, size_t local, size_t at, size_t end)
{
	char next = scan_at(s, end + 1);
	struct bytes user = { s->text.p + local, at - local };

	if (scan_at(s, end) == ':' && next && !scan_is(next, SCAN_BREAK))
		return true;
	return bytes_equal(user, BYTES("git")) || is_login(s, local) ||
	       sense_is_ssh(s, local);
}

static size_t local_of(const struct scan *s, size_t i)
{
	size_t at = i;

	while (at > s->floor && i - at <= LOCAL_MAX &&
		scan_is(s->text.p[at - 1], SCAN_MAIL))
		at--;
	while (at < i && !scan_is(s->text.p[at], SCAN_ALNUM))
		at++;
	return at;
}

static void found(struct scan *s, size_t local, size_t at, size_t end)
{
	char value[MAIL_MAX];
	size_t n = end - local;

	if (n > MAIL_MAX)
		return;
	for (size_t i = 0; i < n; i++)
		value[i] = i > at - local ? scan_lower(s->text.p[local + i])
					  : s->text.p[local + i];
	scan_found(s, local, IOC_EMAIL, (struct bytes){ value, n });
}

size_t scan_mail_at(struct scan *s, size_t i)
{
	const char *p = s->text.p;
	size_t local = local_of(s, i), end = i + 1, next;
	enum name_kind kind;
	struct bytes host;
	char plain;

	if (local == i || i - local > LOCAL_MAX || p[i - 1] == '.')
		return i + 1;
	while (end < s->text.len && scan_is(p[end], SCAN_HOST))
		end++;
	if (scan_marker(s, end, &plain))
		return scan_refang(s, end);
	next = end;
	while (end > i + 1 && !scan_is(p[end - 1], SCAN_ALNUM))
		end--;
	host = (struct bytes){ p + i + 1, end - i - 1 };
	kind = scan_name_kind(s, host);
	/* The dots of an address are still ahead. */
	if (!kind)
		return scan_is(scan_at(s, i + 1), SCAN_ALNUM) &&
				       scan_ipv4_len(host)
			       ? i + 1
			       : next;
	if (kind == NAME_ONION || is_place(s, local, i, end))
		scan_name_found(s, i + 1, kind, host);
	else if (scan_at(s, next) != '(')
		found(s, local, i, end);
	s->floor = end;
	return next;
}
