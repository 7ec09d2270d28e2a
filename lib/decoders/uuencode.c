// SPDX-License-Identifier: GPL-3.0-or-later
/* uuencode (POSIX): lines between "begin MODE NAME" and "end". */
#include "decode.h"

#include "text.h"

#define LINE_MAX 45

static const char *const words[] = { "begin 6", "begin 7", "begin 4", "begin 0",
	NULL };

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

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct bytes t = in->text;

	while (from < t.len) {
		struct bytes rest = { t.p + from, t.len - from }, line;
		const char *begin = text_find(rest, BYTES("begin "));
		size_t at, i;

		if (!begin)
			return false;
		at = (size_t)(begin - t.p);
		line = line_at(t, at);
		from = at + 6;
		if (!is_begin(line))
			continue;
		str_reset(out);
		i = at + line.len;
		while (i < t.len) {
			i += t.p[i] == '\r';
			line = line_at(t, i + 1);
			if (!decode(line, out))
				break;
			i += 1 + line.len;
		}
		if (!out->len)
			continue;
		*found = (struct decode_found){
			.at = at, .end = i, .name = "uuencode"
		};
		return true;
	}
	return false;
}

const struct decoder decoder_uuencode = {
	.name = "uuencode",
	.words = words,
	.find = find,
};
