// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell_state.h"
#include "text.h"

/* Arithmetic is short; and all that is looked ahead, of all there is. */
#define ARITHMETIC_MAX 256
#define LOOKED_MAX     (128u << 10)

/* Which bytes mean something: bits of IN(kind). */
#define IN(kind) (1u << ((kind)-FRAME_QUOTE))
#define ALL      (IN(FRAME_QUOTE) | IN(FRAME_PARAM) | IN(FRAME_ARRAY))

static const unsigned char special[256] = { ['\\'] = ALL | IN(FRAME_HERE),
	['$'] = ALL | IN(FRAME_HERE),
	['`'] = ALL | IN(FRAME_HERE),
	['\n'] = IN(FRAME_HERE),
	['"'] = ALL,
	['\''] = IN(FRAME_PARAM) | IN(FRAME_ARRAY),
	['}'] = IN(FRAME_PARAM),
	[')'] = IN(FRAME_ARRAY) };

void shell_single(struct shell *sh)
{
	const char *p = sh->source.p + sh->pos + 1;
	const char *limit = sh->source.p + sh->limit;
	const char *end = memchr(p, '\'', (size_t)(limit - p));

	if (!end)
		end = limit;
	shell_add(sh, p, (size_t)(end - p));
	draft_of(sh)->is_quoted = true;
	sh->pos += (size_t)(end - p) + 1 + (end < limit);
}

/* Digits of a number from p on, at most max of them. */
static size_t number(const char *p, const char *end, size_t max,
	unsigned int base, uint32_t *v)
{
	size_t n = 0;

	*v = 0;
	while (n < max && p + n < end) {
		int d = text_hexval(p[n]);

		if (d < 0 || (unsigned int)d >= base)
			break;
		*v = *v * base + (unsigned int)d;
		n++;
	}
	return n;
}

/* One escape of $'...' at p, behind its backslash; returns its length. */
static size_t add_escape(struct shell *sh, const char *p, const char *end)
{
	static const char from[] = "abeEfnrtv", to[] = "\a\b\33\33\f\n\r\t\v";
	const char *found = memchr(from, p[0], sizeof(from) - 1);
	size_t n, digits = p[0] == 'x' ? 2 : p[0] == 'u' ? 4 : 8;
	uint32_t v;
	char c;

	if (found) {
		shell_add(sh, to + (found - from), 1);
		return 1;
	}
	n = number(p, end, 3, 8, &v);
	if (n) {
		c = (char)v;
		shell_add(sh, &c, 1);
		return n;
	}
	if (p[0] == 'c' && p + 1 < end) {
		c = (char)(p[1] & 0x1f);
		shell_add(sh, &c, 1);
		return 2;
	}
	n = p[0] == 'x' || p[0] == 'u' || p[0] == 'U'
		    ? number(p + 1, end, digits, 16, &v)
		    : 0;
	if (!n) {
		/* \' \" \? \\ give the byte; of others the backslash stays. */
		if (!memchr("'\"?\\", p[0], 4))
			shell_add(sh, "\\", 1);
		shell_add(sh, p, 1);
		return 1;
	}
	c = (char)v;
	if (p[0] == 'x')
		shell_add(sh, &c, 1);
	else if (v <= 0x10ffff)
		text_add_utf8(&sh->build, v);
	return n + 1;
}

/* $'...', at its quote. */
static void ansi(struct shell *sh)
{
	const char *p = sh->source.p + sh->pos + 1;
	const char *end = sh->source.p + sh->limit;

	shell_open(sh);
	draft_of(sh)->is_quoted = true;
	while (p < end && *p != '\'') {
		const char *start = p;

		while (p < end && *p != '\'' && *p != '\\')
			p++;
		shell_add(sh, start, (size_t)(p - start));
		if (p + 1 >= end || *p != '\\') {
			p += p < end && *p == '\\';
			continue;
		}
		draft_of(sh)->is_escaped = true;
		p += 1 + add_escape(sh, p + 1, end);
	}
	sh->pos = (size_t)(p - sh->source.p) + (p < end);
}

void shell_escape(struct shell *sh)
{
	enum frame_kind kind = top_frame(sh)->kind;
	bool is_text = kind == FRAME_QUOTE || kind == FRAME_HERE;
	char c = peek(sh, 1);

	if (sh->limit - sh->pos < 2) {
		shell_add(sh, "\\", 1);
		sh->pos++;
		return;
	}
	if (c == '`' && top_frame(sh)->tick != NONE) {
		shell_tick(sh, true);
		sh->pos += 2;
		return;
	}
	if (c != '\n') {
		bool is_one = !is_text || c == '$' || c == '`' || c == '\\' ||
			      (c == '"' && kind == FRAME_QUOTE);

		shell_add(sh, sh->source.p + sh->pos + is_one, 2u - is_one);
		draft_of(sh)->is_quoted = true;
	}
	sh->pos += 2;
}

size_t shell_arithmetic(struct shell *sh, size_t from, bool is_for)
{
	const char *p = sh->source.p + sh->pos + from;
	size_t n = sh->limit - sh->pos - from, depth = 0, i;

	if (n > ARITHMETIC_MAX)
		n = ARITHMETIC_MAX;
	for (i = 0; i < n && sh->looked < LOOKED_MAX; i++) {
		char c = p[i];

		sh->looked++;
		depth += c == '(';
		if (c == '\'' || c == '"' || c == '`' || c == '\n' ||
			(c == '$' && i + 1 < n && p[i + 1] == '(') ||
			(c == ';' && !is_for))
			return 0;
		if (c == ')' && depth-- == 2)
			return i + 1 < n && p[i + 1] == ')' ? i + 2 : 0;
	}
	return 0;
}

/* ${...}, at its dollar. */
static void param(struct shell *sh)
{
	size_t at = sh->pos, skip = 2;
	bool is_odd = peek(sh, 2) == '!' || peek(sh, 2) == '#';
	struct bytes rest = { sh->source.p + sh->limit, 0 }, name;
	struct frame *f;

	skip += is_odd;
	if (skip < sh->limit - at)
		rest = (struct bytes){ sh->source.p + at + skip,
			sh->limit - at - skip };
	name = (struct bytes){ rest.p, shell_name_len(rest) };
	skip += name.len;
	if (!is_odd && name.len && peek(sh, skip) == '}') {
		sh->pos += skip + 1;
		shell_var_expand(sh, name,
			(struct bytes){ sh->source.p + at, skip + 1 });
		return;
	}
	f = shell_push(sh, FRAME_PARAM);
	if (!f) {
		shell_add(sh, "$", 1);
		sh->pos++;
		return;
	}
	f->at = at;
	f->from = sh->build.len;
	f->is_first = !draft_of(sh)->is_open;
	f->name = name;
	f->has_colon = peek(sh, skip) == ':';
	f->op = peek(sh, skip + f->has_colon);
	if (is_odd || !name.len || !f->op ||
		!memchr("-=+?#%/^,[", f->op, f->has_colon ? 4 : 10))
		f->op = f->has_colon && name.len && !is_odd ? ':' : '\0';
	else
		skip++;
	sh->pos += skip + f->has_colon;
	if (sh->pos > sh->limit)
		sh->pos = sh->limit;
}

/* $NAME, $1 and the like, or a dollar. */
static void variable(struct shell *sh)
{
	struct bytes rest = { sh->source.p + sh->pos + 1,
		sh->limit - sh->pos - 1 };
	struct bytes name = { rest.p, shell_name_len(rest) };

	if (!name.len && rest.len && memchr("@*#?$!-0123456789", rest.p[0], 17))
		name.len = 1;
	sh->pos += 1 + name.len;
	if (name.len)
		shell_var_expand(
			sh, name, (struct bytes){ rest.p - 1, name.len + 1 });
	else
		shell_add(sh, "$", 1);
}

void shell_dollar(struct shell *sh)
{
	enum frame_kind kind = top_frame(sh)->kind;
	bool is_text = kind == FRAME_QUOTE || kind == FRAME_HERE;
	char c = peek(sh, 1);
	size_t n;

	if (c == '{') {
		param(sh);
		return;
	}
	if (c == '\'' && !is_text) {
		sh->pos++;
		ansi(sh);
		return;
	}
	if (c == '"' && !is_text) {
		sh->pos++;
		return;
	}
	if (c != '(') {
		variable(sh);
		return;
	}
	n = peek(sh, 2) == '(' ? shell_arithmetic(sh, 1, false) : 0;
	if (n) {
		shell_open(sh);
		draft_of(sh)->is_opaque = true;
		sh->pos += 1 + n;
		return;
	}
	shell_push_nested(sh, FRAME_SUBST, SHELL_NESTING_OUTPUT);
	sh->pos += 2;
}

/* <<- takes the tabs off its lines. */
static void newline(struct shell *sh)
{
	shell_add(sh, "\n", 1);
	sh->pos++;
	while (top_frame(sh)->is_tabs && peek(sh, 0) == '\t')
		sh->pos++;
}

void shell_text_step(struct shell *sh)
{
	enum frame_kind kind = top_frame(sh)->kind;
	const char *p = sh->source.p + sh->pos;
	size_t n = 0, len = sh->limit - sh->pos;

	while (n < len && !(special[(unsigned char)p[n]] & IN(kind)))
		n++;
	if (n) {
		shell_add(sh, p, n);
		sh->pos += n;
		return;
	}
	switch (p[0]) {
	case '\\':
		shell_escape(sh);
		return;
	case '$':
		shell_dollar(sh);
		return;
	case '`':
		shell_tick(sh, false);
		sh->pos++;
		return;
	case '\n':
		newline(sh);
		return;
	case '\'':
		shell_single(sh);
		return;
	case '"':
		if (kind == FRAME_QUOTE)
			shell_close(sh);
		else
			shell_push(sh, FRAME_QUOTE);
		sh->pos++;
		return;
	default:
		shell_close(sh);
		sh->pos++;
	}
}
