// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode_program.h"

#include "decode_flow.h"
#include "script.h"
#include "str_block.h"
#include "text.h"

/* Options that may stand between an interpreter and its program. */
#define LOOK_BACK 16
/* Arguments that are one program's lines. */
#define LINES_MAX 32
/* Nothing is put together in fewer characters. */
#define LEN_MIN 12

static bool has_quote(struct bytes t)
{
	return t.len && (memchr(t.p, '\'', t.len) || memchr(t.p, '"', t.len) ||
				memchr(t.p, '`', t.len));
}

/* Whether a text has what strings are written or put together with, in any
 * language; most arguments have nothing of it. */
static bool may_join(struct bytes t)
{
	size_t i = 0;

	for (; t.len - i >= BLOCK_LEN; i += BLOCK_LEN) {
		block b = block_load(t.p + i);
		struct block_marks m = block_marks(
			(block)((b == '\'') | (b == '"') | (b == '`') |
				(b == '(') | (b == '[')));

		if (m.lo | m.hi)
			return true;
	}
	for (; i < t.len; i++)
		if (memchr("'\"`([", t.p[i], 5))
			return true;
	return false;
}

/* The interpreter before argument i that it may be a program of. */
static enum invocation_language language_of(const struct event *ev, size_t i)
{
	for (size_t n = 0; i && n < LOOK_BACK; n++) {
		enum invocation_language language =
			invocation_language_of(invocation_base(ev->argv[--i]));

		if (language != INVOCATION_NONE)
			return language;
	}
	return INVOCATION_NONE;
}

/* perl -e a -e b: the lines of one program, in the place of its longest. */
static bool add_lines(const struct event *ev, size_t i, struct str *to)
{
	size_t first = i, longest = i, n;

	if (!i || !invocation_is_option(ev->argv[i - 1]))
		return false;
	while (first > 2 && i - first < LINES_MAX &&
		invocation_is_option(ev->argv[first - 3]))
		first -= 2;
	n = invocation_lines(ev->argv, ev->argc, first);
	for (size_t k = first; k < first + 2 * n && n <= LINES_MAX; k += 2) {
		if (ev->argv[k].len > ev->argv[longest].len)
			longest = k;
		str_addb(to, ev->argv[k]);
		str_addc(to, '\n');
	}
	return n > 1 && n <= LINES_MAX && longest == i;
}

static bool join(struct program *p, struct bytes text,
	enum invocation_language language, struct str *out)
{
	if (language == INVOCATION_NONE)
		language = program_guess(p, text);
	if (language == INVOCATION_NONE || language == INVOCATION_SH)
		return program_join_strings(p, text, out);
	return program_make(p, text, language, out);
}

struct bytes decode_program_arg(
	struct program *p, const struct event *ev, size_t i, struct str *out)
{
	struct bytes text = ev->argv[i];
	enum invocation_language language;

	if (!(i && invocation_is_option(ev->argv[i - 1])) &&
		(text.len < LEN_MIN || !may_join(text)))
		return text;
	language = language_of(ev, i);
	if (language == INVOCATION_PERL || language == INVOCATION_RUBY) {
		struct str *lines = program_scratch(p);

		if (add_lines(ev, i, lines))
			text = str_bytes(lines);
	} else if ((language == INVOCATION_NONE || language == INVOCATION_SH) &&
		   !has_quote(text)) {
		return text;
	}
	return join(p, text, language, out) ? str_bytes(out) : text;
}

struct bytes decode_program_layer(
	struct program *p, struct bytes text, struct str *out)
{
	if (text.len < LEN_MIN || !has_quote(text) ||
		!join(p, text, INVOCATION_NONE, out))
		return text;
	return str_bytes(out);
}

void decode_program_hold(struct program *p, struct str *held)
{
	struct script *s = program_script(p);
	const struct script_result *from;

	for (size_t i = 0; (from = script_result(s, i)); i++) {
		struct flow_result r = { .text = from->text,
			.chain = from->chain,
			.is_run = from->is_run,
			.is_final = true };

		decode_flow_add(&r, held);
	}
	if (script_result(s, 0))
		script_reset(s);
}

size_t decode_program_place(struct bytes written, struct bytes text,
	struct event_span s, struct event_span *to)
{
	const char *p = text.p + s.at;

	if (text.p == written.p) {
		*to = s;
		return 1;
	}
	p = text_find(written, (struct bytes){ p, s.end - s.at });
	if (!p)
		return 0;
	to->at = (size_t)(p - written.p);
	to->end = to->at + s.end - s.at;
	return 1;
}
