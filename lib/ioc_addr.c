// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Addresses. Four numbers with dots are a version as often as an address, and
 * colons stand in times, MAC addresses and C++ names: what is around them, and
 * the space that IANA has given out, decide.
 */
#include <stdio.h>

#include "ioc_scan.h"
#include "text.h"

#define OCTETS     4
#define GROUPS     8
#define IPV6_MAX   45
#define GROUP_HEX  4
#define UNICAST_TO 0x3fff

size_t scan_ipv4_len(struct bytes b)
{
	size_t i = 0;

	for (int octet = 0; octet < OCTETS; octet++) {
		unsigned int v = 0;
		size_t from;

		if (octet && (i == b.len || b.p[i++] != '.'))
			return 0;
		for (from = i;
			i < b.len && i - from < 4 && scan_is_digit(b.p[i]); i++)
			v = v * 10 + (unsigned int)(b.p[i] - '0');
		if (i == from || v > 255 || (b.p[from] == '0' && i - from > 1))
			return 0;
	}
	return i < b.len && scan_is_digit(b.p[i]) ? 0 : i;
}

/* "//" or /dev/tcp/ before at; a single slash is a path's or a product's:
 * Chrome/120.0.0.0, 10.0.0.0/255.0.0.0, /opt/app/1.2.3.4/bin. */
static bool is_behind_slashes(const struct scan *s, size_t at)
{
	const char *p = s->text.p + at;

	if (at >= 2 && p[-2] == '/')
		return at == 2 || !scan_is(p[-3], SCAN_HOST);
	return at >= 9 && (!memcmp(p - 9, "/dev/tcp/", 9) ||
				  !memcmp(p - 9, "/dev/udp/", 9));
}

/* Whether an address can stand behind the byte before at. */
static bool can_follow(struct scan *s, size_t at)
{
	char before = scan_before(s, at);
	char ahead = at > 1 ? s->text.p[at - 2] : '\0';

	switch (before) {
	case '/':
		return is_behind_slashes(s, at);
	case '=':
		return !scan_in("=<>!~^", ahead);
	case ':':
		return !scan_is(ahead, SCAN_ALNUM) || !sense_is_ids(s, at);
	case '-':
	case '.':
	case '+':
	case '~':
	case '^':
	case '_':
	case '$':
	case '#':
		return false;
	default: /* but for \n and its like */
		return !scan_is(before, SCAN_ALNUM) ||
		       (ahead == '\\' && scan_in("nrt", before));
	}
}

/* Whether an address can end before end. *is_range: a second one follows. */
static bool can_precede(const struct scan *s, size_t end, bool *is_range)
{
	char after = scan_at(s, end), next = scan_at(s, end + 1);
	struct bytes rest = { s->text.p + end, s->text.len - end };

	*is_range = false;
	switch (after) {
	case '.':
		return !scan_is(next, SCAN_ALNUM) && next != '*' && next != '$';
	case '-':
		rest.p++;
		*is_range = --rest.len && scan_ipv4_len(rest);
		return *is_range || !scan_is(next, SCAN_ALNUM | SCAN_HOST);
	case '_':
	case '+':
	case '~':
	case '$':
	case '(':
		return false;
	default:
		return !scan_is(after, SCAN_ALNUM);
	}
}

/* nmap 10.0.0.1-20, but not 2.36.1.2-5 of a package. */
static bool is_last_range(struct scan *s, size_t at, size_t end)
{
	return scan_at(s, end) == '-' && scan_is_digit(scan_at(s, end + 1)) &&
	       sense_is_host(s, at, 0);
}

/* 5.15.0.91, with nothing that makes it a host: Linux has counted to 6.19 with
 * a zero third. */
static bool is_kernel(struct scan *s, size_t at, struct bytes b)
{
	const char *dot = memchr(b.p, '.', b.len);
	size_t minor = (size_t)(dot - b.p) + 1;
	size_t third = minor + (b.p[minor + 1] == '.' ? 2 : 3);
	char after = scan_at(s, at + b.len);

	if (minor != 2 || b.p[0] < '3' || b.p[0] > '6' ||
		(third == 5 && b.p[minor] != '1') ||
		memcmp(b.p + third - 1, ".0.", 3))
		return false;
	return !scan_in("/@=", scan_before(s, at)) && after != ':' &&
	       after != '/' && !sense_is_host(s, at, 0) && !sense_is_ssh(s, at);
}

/* Whether the words around the number make it a version. */
static bool is_version(struct scan *s, size_t at)
{
	return !s->is_sure && scan_before(s, at) != '/' &&
	       (sense_is_version(s, at) || sense_is_package(s, at));
}

size_t scan_ipv4(struct scan *s, size_t at, size_t end)
{
	struct bytes b = { s->text.p + at, end - at };
	size_t n = scan_ipv4_len(b);
	bool is_range = n;

	if (!n || !can_follow(s, at) ||
		(!can_precede(s, at + n, &is_range) &&
			!is_last_range(s, at, at + n)))
		return 0;
	b.len = n;
	if (is_version(s, at) || (!s->is_sure && is_kernel(s, at, b)))
		return end;
	scan_found(s, at, IOC_IPV4, b);
	while (is_range) {
		at += n + 1;
		b = (struct bytes){ s->text.p + at, end - at };
		b.len = n = scan_ipv4_len(b);
		if (!can_precede(s, at + n, &is_range))
			break;
		scan_found(s, at, IOC_IPV4, b);
	}
	s->floor = at + n;
	return end;
}

struct ipv6 {
	unsigned int groups[GROUPS];
	size_t n; /* groups; a dotted tail is two */
	size_t gap; /* where :: stands, GROUPS + 1: nowhere */
	bool has_tail, is_pairs;
};

/* One group of up to four digits at the start of b; its length. */
static size_t read_group(struct ipv6 *a, struct bytes b)
{
	unsigned int v = 0;
	size_t n = 0;

	for (; n < b.len && scan_is(b.p[n], SCAN_HEX); n++) {
		if (n == GROUP_HEX)
			return 0;
		v = v << 4 | (unsigned int)text_hexval(b.p[n]);
	}
	if (n)
		a->groups[a->n++] = v;
	a->is_pairs &= n == 2;
	return n;
}

/* RFC 4291, section 2.2. */
static bool read_ipv6(struct ipv6 *a, struct bytes b)
{
	size_t i = 0;

	*a = (struct ipv6){ .gap = GROUPS + 1, .is_pairs = true };
	if (b.len < 2 || b.len > IPV6_MAX || (b.p[0] == ':' && b.p[1] != ':'))
		return false;
	while (i < b.len) {
		struct bytes rest = { b.p + i, b.len - i };
		size_t n;

		if (rest.len >= 2 && rest.p[0] == ':' && rest.p[1] == ':') {
			if (a->gap <= GROUPS)
				return false;
			a->gap = a->n;
			i += 2;
			continue;
		}
		if (i && b.p[i] == ':' && ++i == b.len)
			return false;
		rest = (struct bytes){ b.p + i, b.len - i };
		if (a->n <= GROUPS - 2 && scan_ipv4_len(rest) == rest.len) {
			a->n += 2;
			a->has_tail = true;
			break;
		}
		n = a->n < GROUPS ? read_group(a, rest) : 0;
		if (!n || (i + n < b.len && b.p[i + n] != ':'))
			return false;
		i += n;
	}
	return a->gap <= GROUPS ? a->n < GROUPS : a->n == GROUPS;
}

/* Zeros, and then 1 or an IPv4 address: loopback, compatible and mapped. */
static bool is_low(const struct ipv6 *a)
{
	size_t n = a->n - (a->has_tail ? 2 : 0);

	if (a->gap)
		return false;
	if (a->has_tail)
		return !n || (n == 1 && a->groups[0] == 0xffff);
	return n == 1 && a->groups[0] == 1;
}

/* Global unicast, 64:ff9b::/32, unique local, link-local and multicast: a::b
 * and dead::beef are names. */
static bool is_given_out(const struct ipv6 *a)
{
	unsigned int g = a->groups[0];

	if (!a->gap)
		return is_low(a);
	return (g >= 0x2000 && g <= UNICAST_TO) || (g & 0xfe00) == 0xfc00 ||
	       (g & 0xffc0) == 0xfe80 || (g & 0xff00) == 0xff00 ||
	       (g == 0x64 && a->n > 1 && a->groups[1] == 0xff9b);
}

enum ipv6_kind scan_ipv6_kind(struct bytes b, bool is_bracketed)
{
	struct ipv6 a;
	bool is_any = true;

	if (!read_ipv6(&a, b))
		return IPV6_NOT;
	for (size_t i = 0; i < GROUPS; i++)
		is_any &= !a.groups[i];
	if (is_any && !a.has_tail)
		return IPV6_NO_PEER;
	if (is_bracketed)
		return IPV6_PEER;
	/* Eight pairs are a hardware address of 64 bits. */
	if (a.gap > GROUPS)
		return a.is_pairs ? IPV6_NO_PEER : IPV6_PEER;
	return is_given_out(&a) ? IPV6_PEER : IPV6_NO_PEER;
}

void scan_ipv6_found(struct scan *s, size_t at, struct bytes b)
{
	char value[IPV6_MAX];
	size_t tail = b.len;

	for (size_t i = 0; i < b.len; i++)
		value[i] = scan_lower(b.p[i]);
	scan_found(s, at, IOC_IPV6, (struct bytes){ value, b.len });
	while (tail && b.p[tail - 1] != ':')
		tail--;
	b = (struct bytes){ b.p + tail, b.len - tail };
	if (scan_ipv4_len(b) == b.len)
		scan_found(s, at, IOC_IPV4, b);
}

/* Strips the one colon before or behind an address: "addr:", "1: ". */
static void strip_colons(const char *p, size_t *at, size_t *end)
{
	if (*end - *at > 2 && p[*at] == ':' && p[*at + 1] != ':')
		++*at;
	if (*end - *at > 2 && p[*end - 1] == ':' && p[*end - 2] != ':')
		--*end;
}

size_t scan_ipv6_colon(struct scan *s, size_t i)
{
	const char *p = s->text.p;
	size_t at = i, end = i, tail, next;
	struct bytes b;
	char before;

	while (at > s->floor && scan_is(p[at - 1], SCAN_HEX))
		at--;
	while (end < s->text.len &&
		(scan_is(p[end], SCAN_HEX) || p[end] == ':'))
		end++;
	next = end;
	if (end - at < 3)
		return next;
	for (tail = end;
		scan_at(s, end) == '.' && tail > at && p[tail - 1] != ':';)
		tail--;
	if (tail < end)
		end = tail + scan_ipv4_len((struct bytes){
				     p + tail, s->text.len - tail });
	strip_colons(p, &at, &end);
	before = scan_before(s, at);
	if (end - at > IPV6_MAX || scan_is(before, SCAN_HOST) ||
		before == '$' || before == '@' ||
		scan_is(scan_at(s, end), SCAN_ALNUM) ||
		scan_at(s, end) == '_' || scan_at(s, end) == '(')
		return next;
	b = (struct bytes){ p + at, end - at };
	if (scan_ipv6_kind(b, before == '[' && scan_at(s, end) == ']') !=
		IPV6_PEER)
		return next;
	scan_ipv6_found(s, at, b);
	s->floor = end;
	return end > next ? end : next;
}
