// SPDX-License-Identifier: GPL-3.0-or-later
/* Decoders, pack and unpack, and what makes texts of numbers and back. */
#include "script_state.h"

#include <ctype.h>

#include "decode.h"
#include "inflate.h"
#include "script_calls.h"
#include "text.h"
#include "undo.h"

#define UNPACKER(name) extern const struct unpacker unpacker_##name;
#include "unpackers.def"
#undef UNPACKER

static const struct unpacker *const by_content[] = { &unpacker_gzip,
	&unpacker_zlib, &unpacker_bzip2, &unpacker_xz, &unpacker_lzma };

#define N_UNPACKERS (sizeof(by_content) / sizeof(by_content[0]))
/* What an inflater costs before it gives a byte, in steps. */
#define STREAM_STEPS 1024

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

/* What came out of v behind at. */
static struct script_value decoded(struct script *s, size_t at,
	const struct script_value *v, const char *name)
{
	struct script_value to = script_made(s, at);

	s->steps += (s->arena.len - at) / 16;
	if (to.type != SCRIPT_TEXT || !to.len)
		return unknown;
	script_inherit(s, &to, v);
	script_undone(s, &to, name, IS_HIDDEN);
	to.number = to.len;
	to.flags &= (unsigned char)~IS_COUNTED;
	return to;
}

static struct script_value inflated(
	struct script *s, const struct script_value *v, bool is_raw)
{
	struct bytes in = script_text(s, v);
	struct decode_packed packed = { .bytes = in };
	size_t at = s->arena.len, pos = 0;

	s->steps += STREAM_STEPS;
	if (s->steps > s->steps_max)
		return unknown;
	for (size_t i = 0; i < N_UNPACKERS && !is_raw; i++)
		if (by_content[i]->is_it(&packed)) {
			if (!by_content[i]->unpack(&packed, &pos, &s->arena))
				break;
			return decoded(s, at, v, by_content[i]->name);
		}
	str_cut(&s->arena, at);
	(void)inflate_bytes(in, INFLATE_RAW, &pos, &s->arena);
	return decoded(s, at, v, "deflate");
}

static void uudecode(struct bytes in, struct str *out)
{
	while (in.len) {
		const char *nl = memchr(in.p, '\n', in.len);
		size_t len = nl ? (size_t)(nl - in.p) : in.len;
		size_t n = ((unsigned char)in.p[0] - 32u) & 63;

		for (size_t i = 1; i + 1 < len && n; i += 4) {
			unsigned int v = 0;

			for (size_t k = 0; k < 4; k++)
				v = v << 6 |
				    (i + k < len ? ((unsigned char)in.p[i + k] -
							   32u) &
							    63
						 : 0);
			for (unsigned int k = 0; k < 3 && n; k++, n--)
				str_addc(out, (char)(v >> (16 - 8 * k)));
		}
		in.p += len + (nl != NULL);
		in.len -= len + (nl != NULL);
	}
}

struct script_value script_decoder(
	struct script *s, unsigned int id, struct script_value *a, size_t n)
{
	static const char *const names[] = { "base64", "base32", "hex", "rot13",
		"percent", "uuencode" };
	struct script_value v = n ? a[0] : unknown;
	struct bytes in = script_text(s, &v);
	size_t at = s->arena.len;
	bool is_url;

	if (v.type != SCRIPT_TEXT || !in.len)
		return unknown;
	switch (id) {
	case CALL_BASE64:
		is_url = undo_is_url(in);
		(void)undo_base(UNDO_BASE64, in, true, &s->arena);
		v = decoded(s, at, &v, is_url ? "base64url" : "base64");
		break;
	case CALL_BASE32:
		(void)undo_base(UNDO_BASE32, in, true, &s->arena);
		v = decoded(s, at, &v, names[1]);
		break;
	case CALL_BASE85:
	case CALL_ASCII85:
		undo_base85(id == CALL_ASCII85 ? UNDO_ASCII85 : UNDO_RFC1924,
			in, &s->arena);
		v = decoded(s, at, &v, "ascii85");
		break;
	case CALL_HEX:
		(void)undo_base(UNDO_BASE16, in, false, &s->arena);
		v = decoded(s, at, &v, names[2]);
		break;
	case CALL_ROT13:
		undo_rotate(in, 13, &s->arena);
		v = decoded(s, at, &v, names[3]);
		/* Of a text it makes a text whatever that was. */
		if (!(a[0].flags & IS_HIDDEN))
			v.flags = (unsigned char)((v.flags & ~IS_HIDDEN) |
						  IS_CHANGED);
		break;
	case CALL_PERCENT:
		if (!memchr(in.p, '%', in.len))
			return v;
		undo_percent(in, false, &s->arena);
		v = decoded(s, at, &v, names[4]);
		break;
	case CALL_UU:
		uudecode(in, &s->arena);
		v = decoded(s, at, &v, names[5]);
		break;
	default:
		v = inflated(s, &v, id == CALL_RAW);
		break;
	}
	if (id != CALL_ROT13 && id != CALL_PERCENT)
		v.flags |= IS_BYTES;
	if (script_is(s, INVOCATION_PERL) || script_is(s, INVOCATION_PHP) ||
		script_is(s, INVOCATION_RUBY) || script_is(s, INVOCATION_LUA))
		v.flags &= (unsigned char)~IS_BYTES;
	return v;
}

/* By a codec's name; v itself if it only says how characters are stored. */
static struct script_value by_codec(struct script *s,
	const struct script_value *v, const struct script_value *codec)
{
	static const struct {
		const char *names;
		unsigned int id;
	} codecs[] = { { "hex hex_codec", CALL_HEX },
		{ "base64 base64_codec base64url", CALL_BASE64 },
		{ "rot13 rot_13", CALL_ROT13 },
		{ "zlib zip zlib_codec bz2 bz2_codec", CALL_INFLATE },
		{ "uu uu_codec", CALL_UU } };
	struct script_value a[1] = { *v };
	struct bytes name = script_text(s, codec);

	if (codec->type == SCRIPT_TEXT)
		for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
			if (invocation_is_listed(codecs[i].names, name))
				return script_decoder(s, codecs[i].id, a, 1);
	if (bytes_equal(name, BYTES("unicode_escape")) ||
		bytes_equal(name, BYTES("unicode-escape")))
		return unknown;
	a[0].flags &= (unsigned char)~IS_BYTES;
	return a[0];
}

static struct script_value from(
	struct script *s, struct script_value *a, size_t n, bool has_self)
{
	if (has_self || !n)
		return unknown;
	if (a[0].type == SCRIPT_LIST && n > 1 && a[1].type == SCRIPT_FUNCTION)
		return script_call(
			s, script_call_of(s, BYTES("map")), &a[0], &a[1], 1);
	if (a[0].type == SCRIPT_LIST)
		return script_bytes(s, &a[0], true);
	a[0] = by_codec(s, &a[0], &a[1]);
	if (a[0].type == SCRIPT_TEXT)
		a[0].flags |= IS_BYTES;
	return a[0];
}

/* Digits of a text in a base. */
static struct script_value digits(
	struct script *s, const struct script_value *v, int64_t base)
{
	struct bytes b = script_text(s, v);
	struct script_value to;
	uint64_t n = 0;
	size_t i = 0;

	if (v->type == SCRIPT_INT || v->type == SCRIPT_BIG)
		return *v;
	while (i < b.len && isspace((unsigned char)b.p[i]))
		i++;
	if (b.len > i + 1 && b.p[i] == '0' && (b.p[i + 1] | 0x20) == 'x') {
		base = 16;
		i += 2;
	} else if (b.len > i + 1 && b.p[i] == '0' &&
		   (b.p[i + 1] | 0x20) == 'b' && base <= 8) {
		base = 2;
		i += 2;
	}
	if (v->type != SCRIPT_TEXT || base < 2 || base > 36 || i >= b.len)
		return unknown;
	for (size_t k = i; k < b.len; k++) {
		int c = tolower((unsigned char)b.p[k]);
		int d = isdigit(c) ? c - '0' : isalpha(c) ? c - 'a' + 10 : 99;

		if (d >= base) {
			if (k == i)
				return unknown;
			break;
		}
		if (n >= UINT64_MAX / 256)
			return script_big(s,
				(struct bytes){ b.p + i, b.len - i },
				(int)base);
		n = n * (uint64_t)base + (uint64_t)d;
	}
	to = script_int((int64_t)n);
	to.flags = v->flags & (IS_HIDDEN | IS_CHANGED);
	to.chain = v->chain;
	return to;
}

static struct script_value cased(
	struct script *s, const struct script_value *v, bool is_upper)
{
	size_t at = s->arena.len;
	struct script_value to;

	for (uint32_t i = 0; i < v->len && str_ok(&s->arena); i++) {
		unsigned char c = (unsigned char)s->arena.p[v->at + i];

		str_addc(&s->arena, (char)(is_upper ? toupper(c) : tolower(c)));
	}
	to = script_made(s, at);
	to.flags = v->flags;
	to.chain = v->chain;
	to.number = v->number;
	return to;
}

static struct script_value stripped(
	struct script *s, const struct script_value *v)
{
	struct bytes b = script_text(s, v);
	struct script_value to = *v;
	size_t i = 0;

	while (i < b.len && isspace((unsigned char)b.p[i]))
		i++;
	while (b.len > i && isspace((unsigned char)b.p[b.len - 1]))
		b.len--;
	to.at += (uint32_t)i;
	to.len = (uint32_t)(b.len - i);
	return to;
}

static struct script_value characters(
	struct script *s, struct script_value *a, size_t n)
{
	struct script_value list;

	if (n == 1)
		return script_chr(s, &a[0]);
	list = script_list(s, a, n);
	return script_bytes(s, &list, false);
}

static struct script_value code_of(
	struct script *s, struct script_value *a, size_t n)
{
	int64_t i = 0;
	struct script_value one = a[0];

	if (a[0].type != SCRIPT_TEXT)
		return a[0].type == SCRIPT_INT ? a[0] : unknown;
	if (n > 1 && script_to_int(s, &a[1], &i))
		i -= script_is(s, INVOCATION_LUA);
	one.flags &= (unsigned char)~IS_BYTES;
	one = script_element(s, &one, i);
	return one.type == SCRIPT_TEXT ? script_element_number(s, &one)
				       : unknown;
}

static struct script_value packed(
	struct script *s, struct script_value *a, size_t n, bool is_pack)
{
	bool is_ruby = script_is(s, INVOCATION_RUBY);
	struct bytes how;

	if (n < 2)
		return unknown;
	if (is_ruby) {
		how = script_text(s, &a[1]);
		if (a[0].type == SCRIPT_LIST)
			return script_unpack(
				s, how, s->items + a[0].at, a[0].len, is_pack);
		return script_unpack(s, how, a, 1, is_pack);
	}
	/* Perl's unpack u => 'x', PHP's are given alike. */
	if (a[0].type == SCRIPT_BUILTIN)
		a[0] = script_string(s, s->names[a[0].at].text);
	how = script_text(s, &a[0]);
	if (n == 2 && a[1].type == SCRIPT_LIST)
		return script_unpack(
			s, how, s->items + a[1].at, a[1].len, is_pack);
	return script_unpack(s, how, a + 1, n - 1, is_pack);
}

/* Python's hex(n): 0x and the digits. */
static struct script_value hexadecimal(
	struct script *s, const struct script_value *v)
{
	struct script_value head = script_string(s, BYTES("0x"));
	struct script_value digit = script_digits(s, v, 16);

	return script_binary(s, OP_CONCAT, &head, &digit);
}

static struct script_value numbered(struct script *s, unsigned int id,
	const struct script_value *a, size_t n)
{
	int64_t base = 10;

	switch (id) {
	case CALL_HEXNUM:
		/* Of Python it writes one. */
		if (script_is(s, INVOCATION_PYTHON))
			return hexadecimal(s, &a[0]);
		return digits(s, &a[0], 16);
	case CALL_OCTNUM:
		return digits(s, &a[0], 8);
	case CALL_BINNUM:
		return digits(s, &a[0], 2);
	case CALL_INT:
		if (n > 1)
			(void)script_to_int(s, &a[1], &base);
		return n ? digits(s, &a[0], base) : unknown;
	default:
		return unknown;
	}
}

/* What is another kind of text at most. */
static struct script_value same(struct script *s, unsigned int id,
	const struct script_value *from, size_t n)
{
	struct script_value v = *from;
	int64_t base;

	/* n.toString(36), n.to_s(16) */
	if (n > 1 && id == CALL_SAME && script_to_int(s, &from[1], &base) &&
		(v.type == SCRIPT_INT || v.type == SCRIPT_BIG))
		return script_digits(s, &v, base);
	/* A match's group of a number. */
	if (id == CALL_GROUP && v.type == SCRIPT_LIST) {
		base = 0;
		if (n > 1 && !script_to_int(s, &from[1], &base))
			return unknown;
		return script_element(s, &v, base);
	}
	/* sys.stdin is its lines. */
	if (v.type == SCRIPT_LIST && s->lines.type == SCRIPT_LIST &&
		v.at == s->lines.at)
		return s->in;
	if (v.type == SCRIPT_LIST && id == CALL_GETSTRING)
		return script_bytes(s, &v, false);
	if (id == CALL_STR || script_is(s, INVOCATION_NODE))
		v.flags &= (unsigned char)~IS_BYTES;
	return id == CALL_STR && v.type == SCRIPT_INT ? script_to_text(s, &v)
						      : v;
}

/* getattr(a, 'b') */
static struct script_value attribute(struct script *s,
	const struct script_value *of, const struct script_value *name)
{
	struct bytes key = script_text(s, name);
	const struct script_value *f;

	if (!key.len)
		return unknown;
	f = script_field(s, of, key);
	if (f)
		return *f;
	return (struct script_value){ .type = SCRIPT_BUILTIN,
		.at = script_name(s, key) };
}

static struct script_value coded(struct script *s, unsigned int id,
	struct script_value *a, size_t n, bool has_self)
{
	struct script_value v;

	switch (id) {
	case CALL_PACK:
		return packed(s, a, n, true);
	case CALL_UNPACK:
	case CALL_UNPACK1:
		if (script_is(s, INVOCATION_LUA))
			return n ? a[0] : unknown;
		v = packed(s, a, n, false);
		if (id == CALL_UNPACK && script_is(s, INVOCATION_RUBY) &&
			v.type == SCRIPT_TEXT)
			return script_list(s, &v, 1);
		return v;
	case CALL_LOADS:
		return n ? script_marshal(s, &a[0]) : unknown;
	case CALL_FROM:
		return from(s, a, n, has_self);
	case CALL_TO_BYTES:
		return n ? script_to_bytes(s, a, n) : unknown;
	case CALL_BIT_LENGTH:
		return script_bit_length(s, &a[0]);
	case CALL_DECODE:
		if (n && a[0].type == SCRIPT_LIST)
			a[0] = script_bytes(s, &a[0], false);
		return n && a[0].type == SCRIPT_TEXT ? by_codec(s, &a[0], &a[1])
						     : unknown;
	case CALL_GETATTR:
		return n > 1 ? attribute(s, &a[0], &a[1]) : unknown;
	default:
		return unknown;
	}
}

struct script_value script_about_texts(struct script *s, unsigned int id,
	struct script_value *a, size_t n, bool has_self)
{
	struct script_value v;

	switch (id) {
	case CALL_HEXNUM:
	case CALL_OCTNUM:
	case CALL_BINNUM:
	case CALL_INT:
		return numbered(s, id, a, n);
	case CALL_CHR:
		return characters(s, a, n);
	case CALL_ORD:
		return n ? code_of(s, a, n) : unknown;
	case CALL_READ:
		return script_input(s, a, n);
	case CALL_STR:
	case CALL_SAME:
	case CALL_GROUP:
	case CALL_GETSTRING:
		return n ? same(s, id, a, n) : unknown;
	case CALL_BYTES:
		if (n > 1 && a[1].type == SCRIPT_FUNCTION) {
			/* Ruby's each_byte { } */
			a[0] = script_bytes(s, &a[0], true);
			return script_call(s, script_call_of(s, BYTES("each")),
				&a[0], &a[1], 1);
		}
		return n ? script_bytes(s, &a[0], true) : unknown;
	case CALL_LEN:
		return a[0].type == SCRIPT_TEXT || a[0].type == SCRIPT_LIST
			       ? script_int((int64_t)script_length(s, &a[0]))
			       : unknown;
	case CALL_UPPER:
	case CALL_LOWER:
		return a[0].type == SCRIPT_TEXT
			       ? cased(s, &a[0], id == CALL_UPPER)
			       : unknown;
	case CALL_STRIP:
		return a[0].type == SCRIPT_TEXT && n == 1 ? stripped(s, &a[0])
							  : unknown;
	case CALL_REVERSE:
		if (n > 1) {
			v = script_list(s, a, n);
			return script_reverse(s, &v);
		}
		v = script_reverse(s, &a[0]);
		return script_is(s, INVOCATION_PYTHON) && v.type == SCRIPT_TEXT
			       ? script_as_list(s, &v)
			       : v;
	case CALL_XOR:
		return n == 2 ? script_binary(s, OP_XOR, &a[0], &a[1])
			      : unknown;
	default:
		return coded(s, id, a, n, has_self);
	}
}
