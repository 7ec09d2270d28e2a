// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Percent-encoding (RFC 3986). Every URL may have some; what needs none and
 * has it, or what a lookup or a substitution becomes of, is hidden.
 */
#include "decode.h"

#include <ctype.h>

#include "text.h"

/* Characters that need no encoding and have one. */
#define HIDDEN_MIN 3
/* Encoded ones beside a function that decodes them. */
#define CODES_MIN 2

static const char *const words[] = { "%2", "%3", "%4", "%5", "%6", "%7",
	"unquote", "urldecode", "decodeuri", "unescape", NULL };

static bool is_named(struct bytes text)
{
	static const struct bytes calls[] = { BYTES("unquote"),
		BYTES("urldecode"), BYTES("UrlDecode"), BYTES("decodeURI"),
		BYTES("unescape"), BYTES("url_decode") };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (text_find(text, calls[i]))
			return true;
	return false;
}

struct part {
	size_t at, end;
	size_t codes, hidden;
};

/* JavaScript's %u0041 at i. */
static bool unit(struct bytes t, size_t i, struct str *out)
{
	uint32_t v = 0;

	if (t.len - i < 6 || t.p[i + 1] != 'u')
		return false;
	for (size_t k = i + 2; k < i + 6; k++) {
		int d = text_hexval(t.p[k]);

		if (d < 0)
			return false;
		v = v << 4 | (uint32_t)d;
	}
	text_add_utf8(out, v);
	return true;
}

/* Decodes the part of a URL, or the word, that begins at at. */
static struct part decode(struct bytes t, size_t at, struct str *out)
{
	struct part p = { .at = at };
	size_t i = at;

	while (i < t.len && t.p[i] && !strchr(" \t\n\"'`&=?<>|;()", t.p[i])) {
		int hi = -1, lo = -1;
		char c = t.p[i];

		if (c == '%' && i + 2 < t.len) {
			hi = text_hexval(t.p[i + 1]);
			lo = text_hexval(t.p[i + 2]);
		}
		if (c == '%' && unit(t, i, out)) {
			p.codes++;
			p.hidden++;
			i += 6;
			continue;
		}
		if (hi < 0 || lo < 0) {
			str_addc(out, c);
			i++;
			continue;
		}
		c = (char)(hi << 4 | lo);
		str_addc(out, c);
		p.codes++;
		p.hidden +=
			isalnum((unsigned char)c) || (c && strchr("-._~", c));
		i += 3;
	}
	p.end = i;
	return p;
}

static bool judge(const struct part *p, bool is_named, const struct str *out)
{
	struct bytes plain = text_whole(out);

	if (!p->codes || text_readable(plain.p, plain.len) != plain.len)
		return false;
	return p->hidden >= HIDDEN_MIN || (is_named && p->codes >= CODES_MIN) ||
	       text_find(plain, BYTES("${jndi:")) ||
	       text_find(plain, BYTES("$(")) ||
	       text_find(plain, BYTES("{echo,")) ||
	       text_find(plain, BYTES("@java.lang.")) ||
	       text_find(plain, BYTES("${IFS}"));
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct bytes t = in->text;
	bool has_name = is_named(t);
	size_t i = from;

	while (i < t.len) {
		struct part p;

		str_reset(out);
		p = decode(t, i, out);
		i = p.end + 1;
		if (!judge(&p, has_name, out))
			continue;
		*found = (struct decode_found){
			.at = p.at, .end = p.end, .name = "percent"
		};
		return true;
	}
	return false;
}

const struct decoder decoder_percent = {
	.name = "percent",
	.words = words,
	.find = find,
};
