// SPDX-License-Identifier: GPL-3.0-or-later
/* Numbers that are texts: those of more bits than a machine's. */
#include "script_state.h"

#include "text.h"

/* Python reads no more decimal digits, either. */
#define DECIMALS_MAX 4300
#define WORDS_MAX    512
/* Digits that are added at once. */
#define AT_ONCE 9

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

static struct script_value made(struct script *s, size_t at)
{
	struct script_value v = script_made(s, at);

	if (v.type == SCRIPT_TEXT)
		v.type = SCRIPT_BIG;
	return v;
}

/* Hexadecimal digits, two a byte, from behind. */
static struct script_value from_hex(struct script *s, struct bytes digits)
{
	size_t at = s->arena.len, n = 0;
	unsigned int high = 0;

	for (size_t i = 0; i < digits.len; i++)
		n += digits.p[i] != '_';
	for (size_t i = 0; i < digits.len && str_ok(&s->arena); i++) {
		int d = text_hexval(digits.p[i]);

		if (d < 0)
			continue;
		if (n-- & 1)
			str_addc(
				&s->arena, (char)(high << 4 | (unsigned int)d));
		high = (unsigned int)d;
	}
	s->steps += digits.len / 16;
	return made(s, at);
}

struct number {
	uint32_t words[WORDS_MAX]; /* the lowest first */
	size_t n;
};

/* n * by + add. False: there is no room. */
static bool extend(struct number *n, uint32_t by, uint32_t add)
{
	uint64_t carry = add;

	for (size_t i = 0; i < n->n; i++) {
		carry += (uint64_t)n->words[i] * by;
		n->words[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry && n->n == WORDS_MAX)
		return false;
	if (carry)
		n->words[n->n++] = (uint32_t)carry;
	return true;
}

struct script_value script_big(struct script *s, struct bytes digits, int base)
{
	struct number n = { .n = 0 };
	uint32_t by = 1, add = 0;
	size_t at = s->arena.len;
	bool has_begun = false;

	if (s->skip || !script_step(s))
		return unknown;
	if (base == 16)
		return from_hex(s, digits);
	if (digits.len > DECIMALS_MAX) {
		s->is_full = true;
		return unknown;
	}
	for (size_t i = 0; i < digits.len; i++) {
		int d = text_hexval(digits.p[i]);

		if (d >= 0 && d < base) {
			by *= (uint32_t)base;
			add = add * (uint32_t)base + (uint32_t)d;
		}
		if ((i % AT_ONCE == AT_ONCE - 1 || i + 1 == digits.len) &&
			!extend(&n, by, add))
			return unknown;
		if (i % AT_ONCE == AT_ONCE - 1)
			by = 1, add = 0;
	}
	s->steps += n.n * (digits.len / AT_ONCE + 1) / 16;
	for (size_t i = n.n; i > 0; i--)
		for (int k = 24; k >= 0; k -= 8) {
			char c = (char)(n.words[i - 1] >> k);

			has_begun |= c != '\0';
			if (has_begun)
				str_addc(&s->arena, c);
		}
	return made(s, at);
}

/* n.to_bytes(length, 'little') */
struct script_value script_to_bytes(
	struct script *s, const struct script_value *a, size_t n)
{
	size_t at = s->arena.len;
	struct script_value to = a[0];
	bool is_little =
		n > 2 && bytes_equal(script_text(s, &a[2]), BYTES("little"));

	if (a[0].type == SCRIPT_INT) {
		bool has_begun = false;

		for (int k = 56; k >= 0; k -= 8) {
			char c = (char)((uint64_t)a[0].number >> k);

			has_begun |= c != '\0';
			if (has_begun)
				str_addc(&s->arena, c);
		}
		to = script_made(s, at);
	} else if (a[0].type != SCRIPT_BIG) {
		return unknown;
	}
	to.type = SCRIPT_TEXT;
	to.flags = IS_BYTES;
	to.chain = a[0].chain;
	if (is_little)
		to = script_reverse(s, &to);
	if (!(a[0].flags & IS_COUNTED))
		script_undone(s, &to, "charcode", IS_HIDDEN);
	return to;
}

struct script_value script_bit_length(
	const struct script *s, const struct script_value *v)
{
	unsigned char first = 0;
	int64_t n;

	if (v->type == SCRIPT_INT) {
		for (n = 0; n < 63 && v->number >> n;)
			n++;
		return script_int(n);
	}
	if (v->type != SCRIPT_BIG || !v->len)
		return unknown;
	n = (int64_t)(v->len - 1) * 8;
	for (first = (unsigned char)s->arena.p[v->at]; first; first >>= 1)
		n++;
	return script_int(n);
}

struct script_value script_digits(
	struct script *s, const struct script_value *v, int64_t base)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	size_t at = s->arena.len, n = sizeof(char[64]);
	struct script_value to;
	char text[64];

	if (base < 2 || base > 36)
		return unknown;
	if (v->type == SCRIPT_BIG && base == 16) {
		for (uint32_t i = 0; i < v->len && str_ok(&s->arena); i++) {
			unsigned char c = (unsigned char)s->arena.p[v->at + i];

			if (i || c > 15)
				str_addc(&s->arena, digits[c >> 4]);
			str_addc(&s->arena, digits[c & 15]);
		}
		s->steps += v->len / 16;
	} else if (v->type == SCRIPT_INT && v->number >= 0) {
		uint64_t left = (uint64_t)v->number;

		do {
			text[--n] = digits[left % (uint64_t)base];
			left /= (uint64_t)base;
		} while (left);
		str_add(&s->arena, text + n, sizeof(text) - n);
	} else {
		return unknown;
	}
	to = script_made(s, at);
	script_inherit(s, &to, v);
	if (!(v->flags & IS_COUNTED))
		script_undone(s, &to, "charcode", IS_CHANGED);
	return to;
}

struct script_value script_number_of(
	struct script *s, const struct script_token *t)
{
	struct script_value digits = {
		.type = SCRIPT_TEXT, .at = t->value, .len = t->len
	};

	return t->len ? script_big(s, script_text(s, &digits), (int)t->value2)
		      : script_int(t->number);
}
