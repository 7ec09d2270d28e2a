// SPDX-License-Identifier: GPL-3.0-or-later
#include "str.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Most strings are a line or less. */
#define SIZE_FIRST 256

void str_init(struct str *s, size_t max)
{
	*s = (struct str){ .max = max };
}

void str_fini(struct str *s)
{
	free(s->p);
	*s = (struct str){ .max = s->max };
}

void str_reset(struct str *s)
{
	s->len = 0;
	s->is_short = false;
	if (s->p)
		s->p[0] = '\0';
}

void str_shrink(struct str *s, size_t keep)
{
	if (s->size > keep)
		str_fini(s);
	else
		str_reset(s);
}

void str_fit(struct str *s)
{
	size_t size = s->len < SIZE_FIRST ? SIZE_FIRST : s->len + 1;
	char *p = s->size > size ? realloc(s->p, size) : NULL;

	if (!p)
		return;
	s->p = p;
	s->size = size;
}

char *str_grow(struct str *s, size_t n)
{
	size_t size = s->size ? s->size : SIZE_FIRST;
	char *p;

	if (s->is_short || n > s->max || s->len > s->max - n) {
		s->is_short = true;
		return NULL;
	}
	if (s->size > s->len + n)
		return s->p + s->len;
	while (size <= s->len + n)
		size += size / 2;
	p = realloc(s->p, size);
	if (!p) {
		s->is_short = true;
		return NULL;
	}
	s->p = p;
	s->size = size;
	return p + s->len;
}

void str_addu(struct str *s, unsigned long long v)
{
	char digits[24];
	size_t i = sizeof(digits);

	for (; v > UINT32_MAX; v /= 10)
		digits[--i] = (char)('0' + v % 10);
	/* Divides faster than 64 bits do. */
	for (uint32_t low = (uint32_t)v;; low /= 10) {
		digits[--i] = (char)('0' + low % 10);
		if (low < 10)
			break;
	}
	str_add(s, digits + i, sizeof(digits) - i);
}

void str_addi(struct str *s, long long v)
{
	if (v < 0)
		str_addc(s, '-');
	str_addu(s,
		v < 0 ? 0ULL - (unsigned long long)v : (unsigned long long)v);
}

void str_addx(struct str *s, const unsigned char *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *to = str_room(s, 2 * n);

	if (!to)
		return;
	for (size_t i = 0; i < n; i++) {
		*to++ = digits[p[i] >> 4];
		*to++ = digits[p[i] & 15];
	}
	*to = '\0';
	s->len += 2 * n;
}

/* Whether v is one of 0.001, 0.002 and so on, and then added: the fewest
 * digits that give it back are those. */
static bool add_thousandths(struct str *s, double v)
{
	unsigned int n = v > 0 && v < 1000 ? (unsigned int)(v * 1000 + 0.5) : 0;
	char text[4] = { '.', (char)('0' + n / 100 % 10),
		(char)('0' + n / 10 % 10), (char)('0' + n % 10) };
	size_t len = sizeof(text);

	if (n == 0 || n / 1000.0 != v)
		return false;
	while (text[len - 1] == '0')
		len--;
	str_addu(s, n / 1000);
	str_add(s, text, len);
	return true;
}

void str_addd(struct str *s, double v)
{
	char text[40];

	if (v < 1e15 && v > -1e15 && v == (double)(long long)v) {
		str_addi(s, (long long)v);
		return;
	}
	if (add_thousandths(s, v))
		return;
	for (int digits = 6; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	str_addz(s, text);
}

void str_add_plain(struct str *s, double v)
{
	char text[64];

	for (int decimals = 0; decimals <= 30; decimals++) {
		snprintf(text, sizeof(text), "%.*f", decimals, v);
		if (strtod(text, NULL) == v)
			break;
	}
	str_addz(s, text);
}

void str_vaddf(struct str *s, const char *fmt, va_list ap)
{
	va_list again;
	char *to;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return;
	to = str_room(s, (size_t)n);
	if (!to)
		return;
	vsnprintf(to, (size_t)n + 1, fmt, ap);
	s->len += (size_t)n;
}

void str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(s, fmt, ap);
	va_end(ap);
}

const char *str_z(const struct str *s)
{
	return s->p && s->len ? s->p : "";
}
