// SPDX-License-Identifier: GPL-3.0-or-later
#include "json.h"

#include <stdint.h>

#include "str_block.h"
#include "text.h"

/* Values that a loop has copied before anything else has begun, keys that
 * there are, and room for both with all that is around them. */
#define PLAIN_MAX  24
#define KEY_MAX    32
#define FIELD_ROOM (PLAIN_MAX + KEY_MAX + 8)

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
	size_t len = 0;
	char *to, *start;

	while (key[len])
		len++;
	start = to = str_room(out, len + 4);
	if (!to)
		return;
	if (needs_comma(out))
		*to++ = ',';
	*to++ = '"';
	for (size_t i = 0; i < len; i++)
		*to++ = key[i];
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

/* Bytes that are added at once: what has no room is left out whole. */
#define STRIDE 256

/* How many of them p starts with. */
static size_t plain_len(const char *p, size_t n)
{
	size_t i = 0;

	for (; n - i >= BLOCK_LEN; i += BLOCK_LEN) {
		block b = block_load(p + i);
		struct block_marks m =
			block_marks((block)((b < 0x20) | (b > 0x7e) |
					    (b == '"') | (b == '\\')));

		if (m.lo | m.hi)
			return i + block_first(m);
	}
	while (i < n && plain[(unsigned char)p[i]])
		i++;
	return i;
}

bool json_escape(struct str *out, struct bytes b)
{
	bool is_utf8 = true;
	size_t i = 0;

	while (i < b.len) {
		size_t end = b.len - i < STRIDE ? b.len : i + STRIDE, n;
		uint32_t cp;

		n = plain_len(b.p + i, end - i);
		str_add(out, b.p + i, n);
		i += n;
		if (!str_ok(out))
			return is_utf8;
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

/* Where the value of a short field goes, behind its key. NULL: there may be no
 * room, or the key is long. */
static char *add_key(struct str *out, const char *key)
{
	char *to = out->p + out->len;

	if (out->is_short || !out->len || out->size - out->len <= FIELD_ROOM ||
		out->max - out->len < FIELD_ROOM)
		return NULL;
	if (needs_comma(out))
		*to++ = ',';
	*to++ = '"';
	for (size_t n = 0; key[n]; n++) {
		if (n == KEY_MAX) {
			out->p[out->len] = '\0';
			return NULL;
		}
		*to++ = key[n];
	}
	*to++ = '"';
	*to++ = ':';
	return to;
}

/* The same that is behind its value. */
static void end_at(struct str *out, char *to)
{
	*to = '\0';
	out->len = (size_t)(to - out->p);
}

/* A field of a few bytes that all stand for themselves, as most are. False: it
 * is none, and nothing was added. */
static bool add_plain(struct str *out, const char *key, struct bytes b)
{
	char *to = b.len <= PLAIN_MAX ? add_key(out, key) : NULL;
	size_t n = 0;

	if (!to)
		return false;
	*to++ = '"';
	for (; n < b.len && plain[(unsigned char)b.p[n]]; n++)
		*to++ = b.p[n];
	if (n < b.len) {
		out->p[out->len] = '\0';
		return false;
	}
	*to++ = '"';
	end_at(out, to);
	return true;
}

void json_field(struct str *out, const char *key, struct bytes b)
{
	bool is_utf8;

	if (!b.p || add_plain(out, key, b))
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
	uint32_t low = (uint32_t)v;
	char *to = v >= 0 && v <= UINT32_MAX ? add_key(out, key) : NULL;
	size_t n = 1;

	if (!to) {
		json_key(out, key);
		str_addi(out, v);
		return;
	}
	for (uint32_t rest = low; rest >= 10; rest /= 10)
		n++;
	end_at(out, to + n);
	for (; n; n--, low /= 10)
		to[n - 1] = (char)('0' + low % 10);
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

bool json_is_small(struct bytes text, size_t depth_max, size_t values_max)
{
	size_t depth = 0, values = 0;
	bool in_text = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (in_text && c == '\\')
			i++;
		else if (c == '"')
			in_text = !in_text;
		else if (in_text)
			continue;
		else if (c == ',' && ++values > values_max)
			return false;
		else if ((c == '[' || c == '{') && ++depth > depth_max)
			return false;
		else if ((c == ']' || c == '}') && depth)
			depth--;
	}
	return true;
}
