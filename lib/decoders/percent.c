// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Percent-encoding (RFC 3986). Every URL may have some; what needs none and
 * has it, what a lookup or a substitution becomes of, and what a web shell is
 * sent (cmd=id%3Bls, z0=aWQ7bHMK%3D), is hidden. So is a parameter that decodes
 * something else: x=echo%20aWQ%3D%7Cbase64%20-d.
 */
#include "decode.h"

#include <ctype.h>

#include "base64_context.h"
#include "invocation.h"
#include "text.h"
#include "undo.h"

/* Characters that need no encoding and have one. */
#define HIDDEN_MIN 3
/* Encoded ones beside a function that decodes them. */
#define CODES_MIN 2
/* Base64 this short is more often a number or a name. */
#define BASE64_MIN 16
/* Of parameters. */
#define NAME_MAX 16
/* What ends a part of a URL, or a word. */
#define PART_STOP " \t\n\"'`&=?<>|;()"
/* Behind and before a parameter, and how far its name is looked for. */
#define BOUNDS   "&?#\"'` \t\n"
#define LOOK_MAX 96
/* Parameters that are asked whether they decode something. */
#define VALUES_MAX 256
/* Of what a parameter has decoded. */
#define OPERAND_MIN 8
/* How far from a part what decodes it is looked for. */
#define NEAR 8192

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
	size_t others; /* codes of what Base64 is not made of */
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

/* Decodes the part of a URL, or the word, that begins at at, up to one of stop;
 * of a form, + is a blank. */
static struct part decode(struct bytes t, size_t at, bool is_form,
	const char *stop, struct str *out)
{
	struct part p = { .at = at };
	size_t i = at;

	while (i < t.len && t.p[i] && !strchr(stop, t.p[i])) {
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
			str_addc(out, is_form && c == '+' ? ' ' : c);
			i++;
			continue;
		}
		c = (char)(hi << 4 | lo);
		str_addc(out, c);
		p.codes++;
		p.hidden +=
			isalnum((unsigned char)c) || (c && strchr("-._~", c));
		p.others += !c || !strchr("+/=", c);
		i += 3;
	}
	p.end = i;
	return p;
}

/* What some text around has, asked once for all parts that are near. */
struct surroundings {
	size_t until; /* of the text: for parts that end before */
	bool has_name; /* of what undoes it */
	bool has_plus; /* of what makes + a blank, too */
};

static void look_around(
	struct surroundings *s, struct bytes t, size_t at, size_t end)
{
	size_t from = at > NEAR ? at - NEAR : 0;
	struct bytes near = { t.p + from, t.len - from };

	if (end < s->until)
		return;
	s->until = t.len - end > NEAR ? end + NEAR : t.len + 1;
	if (s->until <= t.len && t.len - s->until > NEAR)
		near.len = s->until + NEAR - from;
	s->has_name = is_named(near);
	s->has_plus = text_find(near, BYTES("unquote_plus")) ||
		      text_find(near, BYTES("urldecode"));
}

/* Where the part ends that begins at at, and whether it has a % in it. */
static size_t part_end(struct bytes t, size_t at, bool *has_code)
{
	size_t i = at;

	while (i < t.len && t.p[i] && !strchr(PART_STOP, t.p[i]))
		i++;
	*has_code = memchr(t.p + at, '%', i - at) != NULL;
	return i;
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

/* The name of the parameter whose value begins at at. */
static struct bytes parameter(struct bytes t, size_t at)
{
	size_t i = at && t.p[at - 1] == '=' ? at - 1 : 0, end = i;

	while (i && end - i < NAME_MAX &&
		(isalnum((unsigned char)t.p[i - 1]) || t.p[i - 1] == '_'))
		i--;
	return (struct bytes){ t.p + i, end - i };
}

/* Whether a value is what a web shell is to run. */
static bool is_command(struct bytes name)
{
	static const char names[] =
		"cmd command exec execute run shell c system z0 z1 z2 ant";

	return name.len && invocation_is_listed(names, name);
}

/* Base64 whose + / = are encoded, undone as well; out must not move while it is
 * read. */
static bool is_base64(struct bytes t, const struct part *p, struct str *out)
{
	size_t from = out->len;
	struct bytes plain;

	if (!p->codes || p->others || from < BASE64_MIN || !p->at ||
		t.p[p->at - 1] != '=' || !str_room(out, from) ||
		!undo_base(UNDO_BASE64, str_bytes(out), false, out))
		return false;
	plain = str_tail(out, from);
	if (!str_ok(out) || text_ascii(plain.p, plain.len) != plain.len ||
		text_readable(plain.p, plain.len) != plain.len)
		return false;
	memmove(out->p, plain.p, plain.len);
	str_cut(out, plain.len);
	return true;
}

/* Whether the value of a parameter begins at at: behind the first = of it. */
static bool is_value(struct bytes t, size_t at)
{
	size_t i = at;

	if (!at || t.p[--i] != '=')
		return false;
	while (i && at - i < LOOK_MAX && t.p[i - 1] != '=' && t.p[i - 1] &&
		!strchr(BOUNDS, t.p[i - 1]))
		i--;
	return i + 1 < at && (!i || (t.p[i - 1] && strchr(BOUNDS, t.p[i - 1])));
}

/* Something that may be encoded, and is no function. */
static bool has_operand(struct bytes plain)
{
	bool has_code = false;
	size_t from = 0;

	for (size_t i = 0; i <= plain.len; i++) {
		unsigned char c = i < plain.len ? (unsigned char)plain.p[i] : 0;

		if (isalnum(c) || (c && strchr("+/=", c))) {
			has_code |= isupper(c) || isdigit(c) || c == '=';
			continue;
		}
		if (has_code && i - from >= OPERAND_MIN && c != '(' &&
			!(from && plain.p[from - 1] == '.'))
			return true;
		has_code = false;
		from = i + 1;
	}
	return false;
}

/* Whether a text decodes something, as a command or a program. */
static bool is_decoding(struct bytes plain)
{
	static const struct bytes marks[] = { BYTES("xxd -r"), BYTES("base32"),
		BYTES("unhexlify"), BYTES("fromhex"), BYTES("openssl enc"),
		BYTES("|rev"), BYTES("| rev") };
	bool is;

	if (!memchr(plain.p, '|', plain.len) &&
		!memchr(plain.p, '(', plain.len) &&
		!memchr(plain.p, '`', plain.len) &&
		!text_find(plain, BYTES("<<<")))
		return false;
	is = base64_has_context(plain);
	for (size_t i = 0; !is && i < sizeof(marks) / sizeof(marks[0]); i++)
		is = text_find(plain, marks[i]);
	return is && has_operand(plain);
}

/* All of a parameter's value. What stands in a shell's text ends there, too,
 * where the shell ends words. */
static bool decode_value(struct bytes t, size_t at, bool is_word,
	struct part *p, struct str *out)
{
	struct bytes plain;

	*p = decode(t, at, true, is_word ? BOUNDS : BOUNDS "|;<>()", out);
	plain = text_whole(out);
	return p->codes && plain.len &&
	       text_readable(plain.p, plain.len) == plain.len &&
	       is_decoding(plain);
}

/* What was decoded and is encoded throughout again is decoded again; out must
 * not move while it is read. */
static bool is_twice(struct part *p, struct str *out)
{
	size_t from = out->len;
	struct bytes plain;
	struct part again;

	if (!p->codes || !str_room(out, from))
		return false;
	again = decode(str_bytes(out), 0, false, PART_STOP, out);
	plain = str_tail(out, from);
	if (again.end != from || again.codes < CODES_MIN || !str_ok(out) ||
		text_readable(plain.p, plain.len) != plain.len) {
		str_cut(out, from);
		return false;
	}
	p->codes += again.codes;
	p->hidden += again.hidden;
	memmove(out->p, plain.p, plain.len);
	str_cut(out, plain.len);
	return true;
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct bytes t = in->text;
	struct surroundings near = { 0 };
	bool is_word = !memchr(t.p, ' ', t.len);
	size_t i = from, n_values = 0;

	while (i < t.len) {
		const char *name = "percent";
		struct part p;
		bool is_form, is_plain, has_code;
		size_t end;

		str_reset(out);
		if (is_value(t, i) && n_values++ < VALUES_MAX &&
			decode_value(t, i, is_word, &p, out)) {
			*found = (struct decode_found){
				.at = p.at, .end = p.end, .name = name
			};
			return true;
		}
		end = part_end(t, i, &has_code);
		if (!has_code) {
			i = end + 1;
			continue;
		}
		look_around(&near, t, i, end);
		is_form = near.has_plus || is_command(parameter(t, i));
		str_reset(out);
		p = decode(t, i, is_form, PART_STOP, out);
		i = p.end + 1;
		is_plain = is_base64(t, &p, out);
		if (is_plain)
			name = "percent+base64";
		else if (is_twice(&p, out))
			name = "percent+percent";
		if (!is_plain && !judge(&p, is_form || near.has_name, out))
			continue;
		*found = (struct decode_found){
			.at = p.at, .end = p.end, .name = name
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
