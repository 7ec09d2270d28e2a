// SPDX-License-Identifier: GPL-3.0-or-later
#include "base64_context.h"

#include <ctype.h>

#include "decode.h"
#include "text.h"

/* How far an operand may stand behind its command. */
#define LOOK_BACK 32
/* How far an option may stand behind its command. */
#define LOOK_AHEAD 64

/* How long the blank at the start of s is; a shell's variable stands for one
 * as well. */
static size_t blank(struct bytes s)
{
	static const struct bytes blanks[] = { BYTES("${IFS}"), BYTES("$IFS"),
		BYTES(" "), BYTES("\t"), BYTES(","), BYTES("\\\n"), BYTES("'"),
		BYTES("\"") };

	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++)
		if (s.len >= blanks[i].len &&
			!memcmp(s.p, blanks[i].p, blanks[i].len))
			return blanks[i].len;
	return 0;
}

/* An option that makes base64(1) decode: -d, -di, -D, --decode, --d. */
static bool has_decode_option(struct bytes s)
{
	bool is_start = false;

	if (s.len > LOOK_AHEAD)
		s.len = LOOK_AHEAD;
	while (s.len && !memchr("|;&\n}", s.p[0], 5)) {
		size_t n = blank(s), j = 1;

		if (is_start && s.p[0] == '-') {
			while (j < s.len && (s.p[j] == '-' || s.p[j] == 'i'))
				j++;
			if (j < s.len && (s.p[j] == 'd' || s.p[j] == 'D'))
				return true;
		}
		is_start = n > 0;
		n += n == 0;
		s.p += n;
		s.len -= n;
	}
	return false;
}

static bool ends_with(struct bytes b, struct bytes tail)
{
	return b.len >= tail.len &&
	       !memcmp(b.p + b.len - tail.len, tail.p, tail.len);
}

/* One of b64, e64, atob(, unpack and openssl is in every decoder's name, and
 * most texts have none: asked first, in one pass. */
static bool may_name_decoder(struct bytes text)
{
	static const bool is_last[256] = {
		['4'] = true, ['('] = true, ['l'] = true
	};

	for (size_t i = 2; i < text.len; i++) {
		struct bytes head = { text.p, i };
		char c = text.p[i];

		if (!is_last[(unsigned char)c])
			continue;
		if (c == '4' && text.p[i - 1] == '6' &&
			(text.p[i - 2] == 'b' || text.p[i - 2] == 'e'))
			return true;
		if (c == '(' && (ends_with(head, BYTES("atob")) ||
					ends_with(head, BYTES("unpack")) ||
					ends_with(head, BYTES("unpack1"))))
			return true;
		if (c == 'l' && text.p[i - 1] == 's' &&
			ends_with(head, BYTES("openss")))
			return true;
	}
	return false;
}

bool base64_is_named(struct bytes text)
{
	static const struct bytes calls[] = { BYTES("b64decode"), BYTES("b64d"),
		BYTES("decodebytes"), BYTES("decodestring"),
		BYTES("a2b_base64"), BYTES("base64_decode"),
		BYTES("decode_base64"), BYTES("decode64"), BYTES("atob("),
		BYTES("FromBase64String"), BYTES("MIME::Base64"),
		BYTES("'base64'"), BYTES("\"base64\""), BYTES("Base64/"),
		BYTES("unpack(\"m"), BYTES("unpack('m"), BYTES("unpack1(") };
	static const struct bytes tools[] = { BYTES("base64"), BYTES("basenc"),
		BYTES("openssl enc"), BYTES("openssl,enc") };

	if (!may_name_decoder(text))
		return false;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (text_find(text, calls[i]))
			return true;
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		struct bytes rest = text;
		const char *p;

		while ((p = text_find(rest, tools[i]))) {
			rest.len -= (size_t)(p - rest.p) + tools[i].len;
			rest.p = p + tools[i].len;
			if (has_decode_option(rest))
				return true;
		}
	}
	return false;
}

/* The text before the run, quotes and blanks at its end taken away. */
static struct bytes lead_of(const struct decode_text *in, size_t at)
{
	size_t from = at > LOOK_BACK ? at - LOOK_BACK : 0;
	struct bytes lead = { in->text.p + from, at - from };

	while (lead.len && memchr("\"'`\\ \t,", lead.p[lead.len - 1], 8))
		lead.len--;
	return lead;
}

static bool ends_with_any(struct bytes b, const struct bytes *tails, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ends_with(b, tails[i]))
			return true;
	return false;
}

bool base64_is_alone(const struct decode_text *in, const struct base64_run *r)
{
	for (size_t i = r->end; i < in->text.len; i++)
		if (!strchr("\"' \t\r\n", in->text.p[i]))
			return false;
	return r->at <= LOOK_BACK && !lead_of(in, r->at).len;
}

bool base64_is_operand(const struct decode_text *in, const struct base64_run *r)
{
	static const struct bytes leads[] = { BYTES("echo"), BYTES("echo -n"),
		BYTES("echo -e"), BYTES("echo -ne"), BYTES("echo -en"),
		BYTES("printf"), BYTES("%s"), BYTES("%b"), BYTES("<<<"),
		BYTES("("), BYTES("(b"), BYTES("Base64/"), BYTES("-enc"),
		BYTES("-ec"), BYTES("-EncodedCommand"), BYTES("=") };

	return ends_with_any(
		lead_of(in, r->at), leads, sizeof(leads) / sizeof(leads[0]));
}

bool base64_is_command_option(struct bytes arg)
{
	static const struct bytes options[] = { BYTES("-enc"), BYTES("-ec"),
		BYTES("-e"), BYTES("-en"), BYTES("-enco"), BYTES("-encod"),
		BYTES("-encodedcommand") };
	char lower[24];

	if (!arg.p || arg.len < 2 || arg.len > sizeof(lower) ||
		arg.p[0] != '-' || (arg.p[1] | 0x20) != 'e')
		return false;
	for (size_t i = 0; i < arg.len; i++)
		lower[i] = (char)tolower((unsigned char)arg.p[i]);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (bytes_equal((struct bytes){ lower, arg.len }, options[i]))
			return true;
	return false;
}

bool base64_is_transport(
	const struct decode_text *in, const struct base64_run *r)
{
	static const struct bytes leads[] = { BYTES("Basic"), BYTES("basic"),
		BYTES(";base64"), BYTES("Bearer"), BYTES("integrity=") };
	const char *p = in->text.p + r->at;
	bool is_jws = r->n > 3 && !memcmp(p, "eyJ", 3);
	char after = r->end < in->text.len ? in->text.p[r->end] : '\0';
	char ahead = r->at ? p[-1] : '\0';

	if (is_jws && (after == '.' || ahead == '.'))
		return true;
	return ends_with_any(
		lead_of(in, r->at), leads, sizeof(leads) / sizeof(leads[0]));
}
