// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Escapes of printf, echo -e, $'..' and of programs' strings: \x69, \151,
 * \0151, \u0069, \U00000069, \x{69}, \u{69}. A string that writes so what
 * needs no escape hides it.
 */
#include "decode.h"

#include "base64_context.h"
#include "escape.h"
#include "search.h"
#include "text.h"

/* Characters that need no escape and have one: in any string, and in one with
 * nothing but escapes in it that is given to a command. */
#define HIDDEN_MIN         4
#define HIDDEN_MIN_OPERAND 2
/* What is compressed into fewer bytes is not told from chance. */
#define FILE_MIN 12
/* Of bytes that an XOR makes a text of. */
#define MASKED_MIN 5

static const char *const words[] = { "\\x", "\\u", "\\0", "\\1", NULL };

/* printf's own string has its % doubled; what follows a %s has not. */
static bool is_operand(const struct decode_text *in, size_t at)
{
	bool is_ansi = at > 1 && in->text.p[at - 1] == '\'' &&
		       in->text.p[at - 2] == '$';

	return is_ansi || at == 0 || operand_is_in_place(in->text, at);
}

static bool is_noise(struct bytes plain)
{
	return text_readable(plain.p, plain.len) < plain.len &&
	       !base64_is_file(plain.p, plain.len, true);
}

/* Nothing but escapes, and no text: it is given to an XOR. */
static bool is_masked(const struct escape_count *c, struct bytes plain)
{
	return plain.len >= MASKED_MIN && !c->plain && !c->is_range &&
	       is_noise(plain);
}

/* Whether \c ends it: echo's, or printf's %b. */
static bool is_printed(const struct decode_text *in, size_t at)
{
	static const struct bytes leads[] = { BYTES("echo"), BYTES("echo -n"),
		BYTES("echo -e"), BYTES("echo -ne"), BYTES("echo -en"),
		BYTES("%b") };

	return operand_ends_with(operand_lead(in->text, at), leads,
		sizeof(leads) / sizeof(leads[0]));
}

static bool attempt(
	const struct decode_text *in, size_t at, size_t end, struct str *out)
{
	struct bytes s = { in->text.p + at, end - at }, plain;
	struct escape_count c;

	if (!memchr(s.p, '\\', s.len))
		return false;
	str_reset(out);
	c = is_printed(in, at) ? escape_print(s, out) : escape_undo(s, out);
	plain = text_whole(out);
	if (plain.len > FILE_MIN && base64_is_file(plain.p, plain.len, true))
		return true;
	if (in->has_xor && is_masked(&c, plain))
		return true;
	if (c.is_range || c.hidden < HIDDEN_MIN_OPERAND || !c.alnum)
		return false;
	if (c.hidden < HIDDEN_MIN && (c.plain || !is_operand(in, at)))
		return false;
	return text_readable(plain.p, plain.len) == plain.len;
}

/* exec('\x69\x64') is a string, too: the one in it says more. */
static void use_inner(
	const struct decode_text *in, struct operand_walk *w, struct str *out)
{
	struct operand_walk inner = *w;

	inner.i = w->at;
	if (!memchr(in->text.p + w->at, '\'', w->end - w->at) &&
		!memchr(in->text.p + w->at, '"', w->end - w->at))
		return;
	while (operand_next(&inner) && inner.at < w->end) {
		if (inner.at == w->at || inner.end > w->end ||
			!attempt(in, inner.at, inner.end, out))
			continue;
		*w = inner;
		return;
	}
	attempt(in, w->at, w->end, out);
}

static bool is_pattern(const struct decode_text *in, size_t at, size_t end)
{
	enum search_tool tool = search_tool_of(in->args, in->n_args);

	return search_is_pattern(in->text, at, end, tool);
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct operand_walk w = { .text = in->text, .i = from };
	bool has_string = from > 0;

	while (operand_next(&w)) {
		has_string = true;
		if (!attempt(in, w.at, w.end, out) ||
			is_pattern(in, w.at, w.end))
			continue;
		use_inner(in, &w, out);
		*found = (struct decode_found){ .at = w.at,
			.end = w.end,
			.name = "printf",
			.is_masked = is_noise(str_bytes(out)) };
		return true;
	}
	if (has_string || !attempt(in, 0, in->text.len, out) ||
		is_pattern(in, 0, in->text.len))
		return false;
	*found = (struct decode_found){ .end = in->text.len, .name = "printf" };
	return true;
}

const struct decoder decoder_printf = {
	.name = "printf",
	.words = words,
	.find = find,
};
