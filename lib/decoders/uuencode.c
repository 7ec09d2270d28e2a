// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * uuencode (POSIX): lines between "begin MODE NAME" and "end", and the same
 * lines without these as a string that a program undoes: unpack('u', ...),
 * a2b_uu, convert_uudecode.
 */
#include "decode.h"

#include "text.h"

#define LINE_MAX 45
/* How far the format of an unpack stands before or behind its string. */
#define LOOK_AROUND 16

static const char *const words[] = { "begin 6", "begin 7", "begin 4", "begin 0",
	"unpack", "a2b_uu", "uudecode", NULL };

static struct bytes line_at(struct bytes t, size_t at)
{
	const char *nl = at < t.len ? memchr(t.p + at, '\n', t.len - at) : NULL;
	struct bytes line = { t.p + at, 0 };

	if (at < t.len)
		line.len = nl ? (size_t)(nl - t.p) - at : t.len - at;
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	return line;
}

static unsigned int value(struct bytes line, size_t i)
{
	return i < line.len ? ((unsigned char)line.p[i] - 0x20u) & 0x3f : 0;
}

/* False: it is no line of data. */
static bool decode(struct bytes line, struct str *out)
{
	size_t n = value(line, 0), chars = (n + 2) / 3 * 4;

	if (!n || n > LINE_MAX || line.len > chars + 2)
		return false;
	for (size_t i = 0; i < line.len; i++)
		if (line.p[i] < 0x20 || line.p[i] > 0x60)
			return false;
	for (size_t i = 1; n; i += 4) {
		unsigned int v = value(line, i) << 18 |
				 value(line, i + 1) << 12 |
				 value(line, i + 2) << 6 | value(line, i + 3);
		char b[3] = { (char)(v >> 16), (char)(v >> 8), (char)v };
		size_t len = n < 3 ? n : 3;

		str_add(out, b, len);
		n -= len;
	}
	return true;
}

/* Whether a line begins a file: "begin 644 x". */
static bool is_begin(struct bytes line)
{
	size_t i = 6;

	if (line.len < 11 || memcmp(line.p, "begin ", 6) != 0)
		return false;
	while (i < line.len && line.p[i] >= '0' && line.p[i] <= '7')
		i++;
	return (i == 9 || i == 10) && i < line.len && line.p[i] == ' ';
}

/* Decodes the lines from i on; where they end. */
static size_t decode_lines(struct bytes t, size_t i, struct str *out)
{
	while (i < t.len) {
		struct bytes line = line_at(t, i);
		size_t past = i + line.len;

		if (!decode(line, out))
			return i;
		past += past < t.len && t.p[past] == '\r';
		i = past + 1;
	}
	return t.len;
}

static bool find_file(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct bytes t = in->text;

	while (from < t.len) {
		struct bytes rest = { t.p + from, t.len - from }, line;
		const char *begin = text_find(rest, BYTES("begin "));
		size_t at, end;

		if (!begin)
			return false;
		at = (size_t)(begin - t.p);
		line = line_at(t, at);
		from = at + 6;
		if (!is_begin(line))
			continue;
		str_reset(out);
		end = at + line.len;
		end += end < t.len && t.p[end] == '\r';
		end = decode_lines(t, end + 1, out);
		if (!out->len)
			continue;
		*found = (struct decode_found){
			.at = at, .end = end, .name = "uuencode"
		};
		return true;
	}
	return false;
}

/* Whether a program undoes the string from at to end. */
static bool is_undone(struct bytes t, size_t at, size_t end)
{
	static const struct bytes leads[] = { BYTES("a2b_uu("),
		BYTES("a2b_uu(b"), BYTES("convert_uudecode("),
		BYTES("uudecode("), BYTES("('u"), BYTES("(\"u"), BYTES("('u*"),
		BYTES("(\"u*"), BYTES("unpack u=>"), BYTES("unpack(u=>"),
		BYTES("unpack 'u"), BYTES("unpack \"u"), BYTES("unpack u"),
		BYTES("unpack(u"), BYTES("unpack'u"), BYTES("unpack\"u"),
		BYTES("'uu'"), BYTES("unpack 'u*") };
	struct bytes behind = { t.p + end, t.len - end };

	if (operand_ends_with(operand_lead(t, at), leads,
		    sizeof(leads) / sizeof(leads[0])))
		return true;
	if (behind.len > LOOK_AROUND)
		behind.len = LOOK_AROUND;
	return behind.len && (text_find(behind, BYTES(".unpack('u")) ||
				     text_find(behind, BYTES(".unpack(\"u")) ||
				     text_find(behind, BYTES(".unpack1('u")) ||
				     text_find(behind, BYTES(".unpack1(\"u")));
}

/* Behind what was found before, nothing is looked for twice. */
static bool find_string(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct operand_walk w = { .text = in->text, .i = from };

	while (operand_next(&w)) {
		struct bytes s = { w.text.p + w.at, w.end - w.at };
		size_t i = 0;

		if (!is_undone(w.text, w.at, w.end))
			continue;
		while (i < s.len && (s.p[i] == '\n' || s.p[i] == '\r'))
			i++;
		str_reset(out);
		decode_lines(s, i, out);
		if (!out->len)
			continue;
		*found = (struct decode_found){
			.at = w.at, .end = w.end, .name = "uuencode"
		};
		return true;
	}
	return false;
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	return find_file(in, from, found, out) ||
	       find_string(in, from, found, out);
}

const struct decoder decoder_uuencode = {
	.name = "uuencode",
	.words = words,
	.find = find,
};
