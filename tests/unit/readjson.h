// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef READJSON_H
#define READJSON_H

#include <stdint.h>
#include <string.h>

#include "str.h"

/*
 * A reader of JSON that shares nothing with the writer under test: strict, and
 * it takes no byte outside 0x20-0x7e. Each call returns where what it read
 * ends, NULL where that is not JSON.
 */

static inline const char *rj_unit(const char *p, const char *end, uint32_t *u)
{
	*u = 0;
	if (end - p < 4)
		return NULL;
	for (int i = 0; i < 4; i++) {
		const char *digits = "0123456789abcdef", *d;

		d = *p ? strchr(digits, *p | 0x20) : NULL;
		if (!d || !*d)
			return NULL;
		*u = *u << 4 | (uint32_t)(d - digits);
		p++;
	}
	return p;
}

static inline void rj_add(struct str *out, uint32_t cp)
{
	unsigned int n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const unsigned int leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	str_addc(out, (char)(leads[n] | cp >> 6 * (n - 1)));
	while (--n)
		str_addc(out, (char)(0x80 | (cp >> 6 * (n - 1) & 0x3f)));
}

static inline const char *rj_escape(
	const char *p, const char *end, struct str *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	uint32_t hi, lo;

	if (p == end)
		return NULL;
	if (*p != 'u') {
		const char *e = strchr(from, *p);

		if (!e || !*e)
			return NULL;
		str_addc(out, to[e - from]);
		return p + 1;
	}
	p = rj_unit(p + 1, end, &hi);
	if (!p || hi < 0xd800 || hi > 0xdfff) {
		if (p)
			rj_add(out, hi);
		return p;
	}
	if (hi > 0xdbff || end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return NULL;
	p = rj_unit(p + 2, end, &lo);
	if (!p || lo < 0xdc00 || lo > 0xdfff)
		return NULL;
	rj_add(out, 0x10000 + ((hi & 0x3ff) << 10 | (lo & 0x3ff)));
	return p;
}

static inline const char *rj_string(
	const char *p, const char *end, struct str *out)
{
	if (p == end || *p++ != '"')
		return NULL;
	while (p && p < end && *p != '"') {
		if (*p == '\\')
			p = rj_escape(p + 1, end, out);
		else if (*p >= 0x20 && *p <= 0x7e)
			str_addc(out, *p++);
		else
			return NULL;
	}
	return p && p < end ? p + 1 : NULL;
}

static inline const char *rj_digits(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p == from ? NULL : p;
}

static inline const char *rj_number(const char *p, const char *end)
{
	const char *from;

	if (p < end && *p == '-')
		p++;
	from = p;
	p = rj_digits(p, end);
	if (!p || (*from == '0' && p > from + 1))
		return NULL;
	if (p < end && *p == '.' && !(p = rj_digits(p + 1, end)))
		return NULL;
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		p = rj_digits(p, end);
	}
	return p;
}

static inline const char *rj_value(const char *p, const char *end);

/* The inside of {} or [] and its closing bracket. */
static inline const char *rj_inside(const char *p, const char *end, char close)
{
	struct str key;

	if (p < end && *p == close)
		return p + 1;
	for (;; p++) {
		if (close == '}') {
			str_init(&key, 4096);
			p = rj_string(p, end, &key);
			str_fini(&key);
			if (!p || p == end || *p++ != ':')
				return NULL;
		}
		p = rj_value(p, end);
		if (!p || p == end)
			return NULL;
		if (*p == close)
			return p + 1;
		if (*p != ',')
			return NULL;
	}
}

static inline const char *rj_value(const char *p, const char *end)
{
	static const char *const words[] = { "true", "false", "null" };
	struct str text;

	if (p == end)
		return NULL;
	if (*p == '{' || *p == '[')
		return rj_inside(p + 1, end, *p == '{' ? '}' : ']');
	for (int i = 0; i < 3; i++)
		if ((size_t)(end - p) >= strlen(words[i]) &&
			!memcmp(p, words[i], strlen(words[i])))
			return p + strlen(words[i]);
	if (*p != '"')
		return rj_number(p, end);
	str_init(&text, SIZE_MAX / 4);
	p = rj_string(p, end, &text);
	str_fini(&text);
	return p;
}

/* Whether b is one JSON value and nothing else. */
static inline bool rj_is_json(struct bytes b)
{
	return rj_value(b.p, b.p + b.len) == b.p + b.len;
}

/* The raw value of a member of the object b, absent if there is none or more
 * than one of the name. Nested objects are not looked into. */
static inline struct bytes rj_member(struct bytes b, const char *key)
{
	struct bytes none = { NULL, 0 }, found = none;
	const char *p = b.p + 1, *end = b.p + b.len;

	while (p && p < end && *p == '"') {
		const char *name = p + 1, *value;

		p = memchr(name, '"', (size_t)(end - name));
		if (!p)
			return none;
		value = p + 2;
		if (bytes_equal(bytes_of(key),
			    (struct bytes){ name, (size_t)(p - name) })) {
			if (found.p)
				return none;
			found.p = value;
		}
		p = rj_value(value, end);
		if (p && found.p == value)
			found.len = (size_t)(p - value);
		p = p ? p + 1 : NULL;
	}
	return found;
}

/* A member that is a string, read into out. False: absent, or no string. */
static inline bool rj_text(struct bytes b, const char *key, struct str *out)
{
	struct bytes v = rj_member(b, key);

	str_reset(out);
	return v.p && rj_string(v.p, v.p + v.len, out) == v.p + v.len;
}

/* Undoes standard Base64. False: it is none. */
static inline bool rj_base64(struct bytes b, struct str *out)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	unsigned int n = 0;
	size_t len = b.len;

	while (len && b.len - len < 2 && b.p[len - 1] == '=')
		len--;
	if (b.len % 4 != 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		const char *d = b.p[i] ? strchr(set, b.p[i]) : NULL;

		if (!d)
			return false;
		bits = bits << 6 | (uint32_t)(d - set);
		n += 6;
		if (n < 8)
			continue;
		n -= 8;
		str_addc(out, (char)(bits >> n));
		bits &= (1u << n) - 1;
	}
	return bits == 0;
}

#endif
