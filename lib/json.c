// SPDX-License-Identifier: GPL-3.0-or-later
#include "json.h"

#include <stdint.h>

#include "text.h"

static bool needs_comma(const struct str *out)
{
	char last = out->len ? out->p[out->len - 1] : '\n';

	return last != '{' && last != '[' && last != ':' && last != '\n';
}

static void comma(struct str *out)
{
	if (needs_comma(out))
		str_addc(out, ',');
}

void json_open(struct str *out, char bracket)
{
	comma(out);
	str_addc(out, bracket);
}

void json_close(struct str *out, char bracket)
{
	str_addc(out, bracket);
}

void json_key(struct str *out, const char *key)
{
	size_t len = strlen(key);
	char *to = str_room(out, len + 4), *start = to;

	if (!to)
		return;
	if (needs_comma(out))
		*to++ = ',';
	*to++ = '"';
	memcpy(to, key, len);
	to += len;
	*to++ = '"';
	*to++ = ':';
	*to = '\0';
	out->len += (size_t)(to - start);
}

static void add_unit(struct str *out, uint32_t unit)
{
	static const char digits[] = "0123456789abcdef";
	char esc[6] = { '\\', 'u', digits[unit >> 12 & 15],
		digits[unit >> 8 & 15], digits[unit >> 4 & 15],
		digits[unit & 15] };

	str_add(out, esc, sizeof(esc));
}

static void add_escaped(struct str *out, uint32_t cp)
{
	switch (cp) {
	case '"':
		str_add(out, "\\\"", 2);
		return;
	case '\\':
		str_add(out, "\\\\", 2);
		return;
	case '\n':
		str_add(out, "\\n", 2);
		return;
	case '\t':
		str_add(out, "\\t", 2);
		return;
	case '\r':
		str_add(out, "\\r", 2);
		return;
	}
	if (cp > 0xffff) {
		add_unit(out, 0xd7c0 + (cp >> 10));
		cp = 0xdc00 | (cp & 0x3ff);
	}
	add_unit(out, cp);
}

/* Bytes that stand for themselves. */
static const bool plain[256] = {
#define P4(c)  [c] = true, [c + 1] = true, [c + 2] = true, [c + 3] = true
#define P16(c) P4(c), P4(c + 4), P4(c + 8), P4(c + 12)
	[0x20] = true,
	[0x21] = true,
	[0x23] = true,
	P4(0x24),
	P4(0x28),
	P4(0x2c),
	P16(0x30),
	P16(0x40),
	P4(0x50),
	P4(0x54),
	P4(0x58),
	[0x5d] = true,
	[0x5e] = true,
	[0x5f] = true,
	P16(0x60),
	P4(0x70),
	P4(0x74),
	P4(0x78),
	[0x7c] = true,
	[0x7d] = true,
	[0x7e] = true
#undef P16
#undef P4
};

/* Input looked at between two askings for room. */
#define STRIDE 256

bool json_escape(struct str *out, struct bytes b)
{
	bool is_utf8 = true;
	size_t i = 0;

	while (i < b.len) {
		size_t end = b.len - i < STRIDE ? b.len : i + STRIDE, n;
		char *to = str_room(out, end - i), *start = to;
		uint32_t cp;

		if (!to)
			return is_utf8;
		while (i < end && plain[(unsigned char)b.p[i]])
			*to++ = b.p[i++];
		*to = '\0';
		out->len += (size_t)(to - start);
		if (i == end)
			continue;
		n = text_utf8(b.p + i, b.len - i, &cp);
		if (!n) {
			is_utf8 = false;
			cp = 0xfffd;
			n = 1;
		}
		add_escaped(out, cp);
		i += n;
	}
	return is_utf8;
}

bool json_bytes(struct str *out, struct bytes b)
{
	bool is_utf8;

	if (!b.p) {
		json_null(out);
		return true;
	}
	comma(out);
	str_addc(out, '"');
	is_utf8 = json_escape(out, b);
	str_addc(out, '"');
	return is_utf8;
}

void json_base64(struct str *out, struct bytes b)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = (b.len + 2) / 3 * 4;
	char *to;

	comma(out);
	str_addc(out, '"');
	to = str_room(out, n + 1);
	if (!to)
		return;
	for (size_t i = 0; i < b.len; i += 3) {
		const unsigned char *p = (const unsigned char *)b.p + i;
		size_t left = b.len - i;
		uint32_t v = (uint32_t)p[0] << 16;

		v |= left > 1 ? (uint32_t)p[1] << 8 : 0;
		v |= left > 2 ? p[2] : 0;
		*to++ = set[v >> 18];
		*to++ = set[v >> 12 & 63];
		*to++ = left > 1 ? set[v >> 6 & 63] : '=';
		*to++ = left > 2 ? set[v & 63] : '=';
	}
	*to = '"';
	out->len += n + 1;
	out->p[out->len] = '\0';
}

void json_int(struct str *out, long long v)
{
	comma(out);
	str_addi(out, v);
}

void json_num(struct str *out, double v)
{
	comma(out);
	str_addd(out, v);
}

void json_bool(struct str *out, bool v)
{
	comma(out);
	str_addz(out, v ? "true" : "false");
}

void json_null(struct str *out)
{
	comma(out);
	str_addz(out, "null");
}

void json_field(struct str *out, const char *key, struct bytes b)
{
	bool is_utf8;

	if (!b.p)
		return;
	json_key(out, key);
	str_addc(out, '"');
	is_utf8 = json_escape(out, b);
	str_addc(out, '"');
	if (is_utf8)
		return;
	comma(out);
	str_addf(out, "\"%s_b64\":", key);
	json_base64(out, b);
}

void json_field_int(struct str *out, const char *key, long long v)
{
	json_key(out, key);
	str_addi(out, v);
}

void json_field_num(struct str *out, const char *key, double v)
{
	json_key(out, key);
	json_num(out, v);
}

void json_field_array(struct str *out, const char *key,
	const struct bytes *items, size_t n, size_t stride)
{
	const char *at = (const char *)items;
	bool is_utf8 = true;

	json_key(out, key);
	json_open(out, '[');
	for (size_t i = 0; i < n; i++)
		is_utf8 &= json_bytes(out,
			*(const struct bytes *)(const void *)(at + i * stride));
	json_close(out, ']');
	if (is_utf8)
		return;
	str_addf(out, ",\"%s_b64\":[", key);
	for (size_t i = 0; i < n; i++) {
		struct bytes b =
			*(const struct bytes *)(const void *)(at + i * stride);

		if (!b.p || text_is_utf8(b.p, b.len))
			json_null(out);
		else
			json_base64(out, b);
	}
	json_close(out, ']');
}
