// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The pass over the text. Every function that a trigger calls looks at no byte
 * more than a constant number of times: it walks to the ends of a run that it
 * then leaves behind, or no further than a name can be long.
 */
#include "ioc_scan.h"

#include "text.h"

/* How far before a defanged byte its word may start. */
#define WORD_BEFORE_MAX 512
/* CVE-2021-44228: the numbers have four digits at least. */
#define CVE_DIGITS_MIN 4
#define CVE_DIGITS_MAX 7

#define LETTER (SCAN_ALNUM | SCAN_HOST | SCAN_MAIL)
#define HEX    (LETTER | SCAN_HEX)
#define ENDS   (SCAN_URL_END | SCAN_BREAK)

const uint8_t scan_class[256] = {
	[0 ... 0x20] = ENDS,
	['!'] = 0,
	['"'] = ENDS,
	['%'] = SCAN_MAIL,
	['\''] = ENDS,
	['('] = SCAN_TRIGGER,
	['+'] = SCAN_MAIL,
	['-'] = SCAN_HOST | SCAN_MAIL,
	['.'] = SCAN_HOST | SCAN_MAIL | SCAN_TRIGGER,
	['/'] = SCAN_SLASH,
	['0' ... '9'] = HEX,
	[':'] = SCAN_TRIGGER,
	['<'] = ENDS,
	['>'] = ENDS,
	['@'] = SCAN_TRIGGER,
	['A' ... 'F'] = HEX,
	['G' ... 'U'] = LETTER,
	['V'] = LETTER | SCAN_TRIGGER,
	['W' ... 'Z'] = LETTER,
	['['] = SCAN_TRIGGER,
	['\\'] = SCAN_TRIGGER | SCAN_URL_END,
	['^'] = SCAN_URL_END,
	['_'] = SCAN_HOST | SCAN_MAIL,
	['`'] = ENDS,
	['a' ... 'f'] = HEX,
	['g' ... 'u'] = LETTER,
	['v'] = LETTER | SCAN_TRIGGER,
	['w' ... 'z'] = LETTER,
	['{'] = SCAN_TRIGGER,
	['|'] = ENDS,
	[0x7f ... 0xff] = ENDS,
};

/* The first trigger at or after i, but for slashes. */
static size_t next_of_blocks(const struct scan *s, size_t i)
{
	const char *p = s->text.p;
	size_t len = s->text.len;

	while (len - i >= BLOCK_LEN) {
		struct block_marks m = scan_marks(block_load(p + i));

		if (!(m.lo | m.hi)) {
			i += BLOCK_LEN;
			continue;
		}
		i += block_first(m);
		if (scan_is(p[i], SCAN_TRIGGER))
			return i;
		i++;
	}
	while (i < len && !scan_is(p[i], SCAN_TRIGGER))
		i++;
	return i;
}

static size_t next_trigger(const struct scan *s, size_t i)
{
	if (!(s->types & 1u << IOC_LINUX_PATH))
		return next_of_blocks(s, i);
	while (i < s->text.len &&
		!scan_is(s->text.p[i], SCAN_TRIGGER | SCAN_SLASH))
		i++;
	return i;
}

void scan_found(
	struct scan *s, size_t at, enum ioc_type type, struct bytes value)
{
	if (!(s->types & 1u << type) || !value.len)
		return;
	scan_runs(s, at);
	if (!s->is_full)
		s->is_full = !s->take(s->arg, type, value);
}

void scan_inner(struct scan *s, size_t at, struct bytes inner,
	unsigned int types, bool is_sure)
{
	struct scan in = { .text = inner,
		.types = s->types & types,
		.depth = s->depth + 1,
		.is_sure = is_sure,
		.suffixes = s->suffixes,
		.take = s->take,
		.arg = s->arg };

	scan_runs(s, at);
	if (s->is_full)
		return;
	scan_run(&in);
	s->is_full = in.is_full;
}

static size_t cve(struct scan *s, size_t i)
{
	const char *p = s->text.p + i - 1;
	size_t len = s->text.len - i + 1, n = 9;
	char value[24] = "CVE-";

	if (!i || len < 9 + CVE_DIGITS_MIN || (p[0] | 32) != 'c' ||
		(p[2] | 32) != 'e' || p[3] != '-' || p[8] != '-' ||
		(i > 1 && scan_is(p[-1], SCAN_ALNUM)))
		return i + 1;
	while (n < len && n < 9 + CVE_DIGITS_MAX + 1 && scan_is_digit(p[n]))
		n++;
	for (size_t k = 4; k < 8; k++)
		if (!scan_is_digit(p[k]))
			return i + 1;
	if (n < 9 + CVE_DIGITS_MIN || n > 9 + CVE_DIGITS_MAX ||
		(n < len && scan_is(p[n], SCAN_ALNUM)) ||
		(p[4] != '1' && p[4] != '2'))
		return i + 1;
	memcpy(value + 4, p + 4, n - 4);
	scan_found(s, i - 1, IOC_CVE, (struct bytes){ value, n });
	return i - 1 + n;
}

size_t scan_marker(const struct scan *s, size_t i, char *plain)
{
	static const struct {
		struct bytes inside;
		char plain;
	} forms[] = { { BYTES("."), '.' }, { BYTES("dot"), '.' },
		{ BYTES("at"), '@' }, { BYTES("@"), '@' }, { BYTES(":"), ':' },
		{ BYTES("://"), '/' }, { BYTES("/"), '\\' } };
	char open = scan_at(s, i);
	char close = open == '[' ? ']' : open == '{' ? '}' : ')';
	char inside[3];
	size_t n = 0;

	if (open != '[' && open != '(' && open != '{')
		return 0;
	for (; n < sizeof(inside) && i + 1 + n < s->text.len; n++) {
		if (s->text.p[i + 1 + n] == close)
			break;
		inside[n] = scan_lower(s->text.p[i + 1 + n]);
	}
	if (scan_at(s, i + 1 + n) != close)
		return 0;
	for (size_t k = 0; k < sizeof(forms) / sizeof(forms[0]); k++)
		if (bytes_equal((struct bytes){ inside, n }, forms[k].inside)) {
			*plain = forms[k].plain;
			return n + 2;
		}
	return 0;
}

/* Appends what a marker stands for. */
static size_t add_plain(char *to, size_t n, char plain)
{
	if (plain == '/') {
		memcpy(to + n, "://", 3);
		return n + 3;
	}
	to[n] = plain == '\\' ? '/' : plain;
	return n + 1;
}

size_t scan_refang(struct scan *s, size_t i)
{
	char plain[SCAN_INNER_MAX];
	size_t n = 0, at = i, end;

	if (s->depth >= SCAN_DEPTH_MAX)
		return i + 1;
	while (at > s->floor && i - at < WORD_BEFORE_MAX &&
		!scan_is(s->text.p[at - 1], SCAN_BREAK))
		at--;
	for (end = at; end < s->text.len && n + 3 <= sizeof(plain);) {
		char c;
		size_t len = scan_marker(s, end, &c);

		if (!len && scan_is(s->text.p[end], SCAN_BREAK))
			break;
		n = len ? add_plain(plain, n, c)
			: (plain[n] = s->text.p[end], n + 1);
		end += len ? len : 1;
	}
	scan_inner(s, at, (struct bytes){ plain, n }, ~0u, true);
	s->floor = end;
	if (s->runs < end)
		s->runs = end;
	return end;
}

static size_t bracket(struct scan *s, size_t i)
{
	char before = scan_before(s, i), plain;
	size_t len;

	/* Nothing defanged starts with one. */
	if (!scan_is(before, SCAN_HEX | SCAN_ALNUM) && before != ':' &&
		before != ']' && before != '/')
		return i + 1;
	len = scan_marker(s, i, &plain);
	if (!len || scan_is(scan_at(s, i + len), SCAN_BREAK) ||
		i + len >= s->text.len)
		return i + 1;
	return scan_refang(s, i);
}

static size_t colon(struct scan *s, size_t i)
{
	size_t next = scan_url_colon(s, i);

	if (next == i + 1)
		next = scan_path_drive(s, i);
	return next == i + 1 ? scan_ipv6_colon(s, i) : next;
}

static size_t dispatch(struct scan *s, size_t i)
{
	switch (s->text.p[i]) {
	case '.':
		return scan_name_dot(s, i);
	case ':':
		return colon(s, i);
	case '@':
		return scan_mail_at(s, i);
	case '\\':
		return scan_path_backslash(s, i);
	case '/':
		return scan_path_slash(s, i);
	case 'v':
	case 'V':
		return cve(s, i);
	default:
		return bracket(s, i);
	}
}

void scan_run(struct scan *s)
{
	size_t i = 0;

	while ((i = next_trigger(s, i)) < s->text.len && !s->is_full)
		i = dispatch(s, i);
	if (s->text.len >= SCAN_RUN_MIN)
		scan_runs(s, s->text.len);
}
