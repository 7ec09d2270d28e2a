// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * XOR with a key that the text around names: a byte (^0x41, ^ 65, xor 65), a
 * string or a list of numbers, repeated. Which of a text's strings is the key
 * shows by what it gives.
 */
#include "decode.h"

#include <ctype.h>
#include <stdint.h>

#include "text.h"

/* How far the key's number may stand from what it undoes. */
#define LOOK_AROUND 400
#define KEY_MAX     64
/* The same of a string that is one. */
#define WINDOW 1024
/* Strings and lists that are tried. */
#define KEYS_MAX 16
/* Bytes that tell whether a key fits. */
#define PROBE 64
/* Of fewer bytes every key makes a text of some kind. */
#define TEXT_MIN  8
#define SHORT_MAX 12
/* Of fewer a string or list is the key by chance. */
#define OTHER_MIN 6

struct key {
	char p[KEY_MAX];
	size_t len;
};

/* The number at *i, which is then behind it, -1: none that fits into a byte. */
static int number(struct bytes t, size_t *at)
{
	size_t i = *at, n = 0;
	bool is_hex =
		i + 2 < t.len && t.p[i] == '0' && (t.p[i + 1] | 0x20) == 'x';
	int v = 0;

	for (i += is_hex ? 2 : 0; i < t.len && n < 4; i++, n++) {
		int d = text_hexval(t.p[i]);

		if (d < 0 || (!is_hex && d > 9))
			break;
		v = v * (is_hex ? 16 : 10) + d;
	}
	*at = i;
	return n && v < 256 ? v : -1;
}

/* The first key in b, -1 if there is none or it is 0. */
static int key_in(struct bytes b)
{
	for (size_t i = 0; i + 1 < b.len; i++) {
		size_t j = i + 1;
		int v;

		if (b.p[i] != '^' &&
			!(i + 3 < b.len && (b.p[i] | 0x20) == 'x' &&
				(b.p[i + 1] | 0x20) == 'o' &&
				(b.p[i + 2] | 0x20) == 'r'))
			continue;
		if (b.p[i] != '^')
			j = i + 3;
		while (j < b.len && b.p[j] && strchr(" =(,'\"", b.p[j]))
			j++;
		if (b.len - j > 4 && !memcmp(b.p + j, "chr(", 4))
			j += 4;
		v = number(b, &j);
		if (v > 0)
			return v;
	}
	return -1;
}

static int near_number(const struct decode_packed *in)
{
	size_t from = in->at > LOOK_AROUND ? in->at - LOOK_AROUND : 0;
	size_t to = in->text.len - in->end > LOOK_AROUND ? in->end + LOOK_AROUND
							 : in->text.len;
	int key = key_in((struct bytes){ in->text.p + in->end, to - in->end });

	if (key > 0)
		return key;
	return key_in((struct bytes){ in->text.p + from, in->at - from });
}

/* [1, 0x22, 3] at i. */
static bool list_at(struct bytes t, size_t i, struct key *k)
{
	k->len = 0;
	for (i++; i < t.len && k->len < KEY_MAX;) {
		int v;

		while (i < t.len && (t.p[i] == ' ' || t.p[i] == ','))
			i++;
		if (i < t.len && t.p[i] == ']')
			return k->len > 0;
		v = number(t, &i);
		if (v < 0)
			return false;
		k->p[k->len++] = (char)v;
	}
	return false;
}

static void apply(
	struct bytes b, const struct key *k, size_t max, struct str *out)
{
	for (size_t i = 0, j = 0; i < b.len && i < max; i++) {
		str_addc(out, (char)(b.p[i] ^ k->p[j]));
		if (++j == k->len)
			j = 0;
	}
}

/* Letters, digits and blanks: what a command or a program is for the most part.
 * Of few bytes nearly all are. */
static size_t score(struct bytes b)
{
	size_t n = 0;

	for (size_t i = 0; i < b.len && i < PROBE; i++)
		n += isalnum((unsigned char)b.p[i]) || b.p[i] == ' ';
	return n;
}

static bool is_wordy(struct bytes b)
{
	size_t len = b.len < PROBE ? b.len : PROBE;

	return score(b) * 100 >= len * (len < SHORT_MAX ? 80 : 55);
}

static bool fits(struct bytes b, const struct key *k, struct str *out)
{
	struct bytes plain;
	bool is_good;

	str_reset(out);
	apply(b, k, PROBE, out);
	plain = str_bytes(out);
	/* The probe may end within a character. */
	is_good = text_readable(plain.p, plain.len) + (b.len > PROBE ? 3 : 0) >=
		  plain.len;
	if (is_good && b.len > PROBE) {
		str_reset(out);
		apply(b, k, SIZE_MAX, out);
		plain = text_whole(out);
		is_good = text_kind(plain.p, plain.len) != TEXT_BINARY;
	}
	return is_good && is_wordy(str_bytes(out));
}

/* How much a text looks like one that somebody wrote. */
static size_t weight(struct bytes b)
{
	size_t n = 0;

	for (size_t i = 0; i < b.len && i < PROBE; i++) {
		char c = b.p[i];

		if (c == ' ' || (c >= 'a' && c <= 'z'))
			n += 2;
		else if (isalnum((unsigned char)c) ||
			 (c && strchr("()'\".,;:/-_=\n", c)))
			n++;
	}
	return n;
}

/* The key that gives the best text. */
struct best {
	struct key key;
	size_t score;
};

static void attempt(const struct decode_packed *in, const struct key *k,
	struct best *best, struct str *out)
{
	size_t n;

	if (!fits(in->bytes, k, out))
		return;
	n = weight(str_bytes(out)) + 1;
	if (n > best->score)
		*best = (struct best){ *k, n };
}

static void by_strings(const struct decode_packed *in, struct bytes t,
	struct best *best, struct str *out)
{
	struct operand_walk w = { .text = t };

	for (size_t n = 0; n < KEYS_MAX && operand_next(&w); n++) {
		struct key k = { .len = w.end - w.at };

		if (!k.len || k.len > KEY_MAX)
			continue;
		memcpy(k.p, t.p + w.at, k.len);
		attempt(in, &k, best, out);
	}
}

static void by_lists(const struct decode_packed *in, struct bytes t,
	struct best *best, struct str *out)
{
	size_t i = 0;

	for (size_t n = 0; n < KEYS_MAX && i < t.len; n++, i++) {
		const char *p = memchr(t.p + i, '[', t.len - i);
		struct key k;

		if (!p)
			return;
		i = (size_t)(p - t.p);
		if (list_at(t, i, &k))
			attempt(in, &k, best, out);
	}
}

/* The strings and lists before and behind what was decoded. */
static bool by_other(const struct decode_packed *in, struct str *out)
{
	size_t from = in->at > WINDOW ? in->at - WINDOW : 0;
	size_t end = in->end, len = in->text.len - end;
	struct bytes before = { in->text.p + from, in->at - from };
	struct best best = { .score = 0 };
	struct bytes behind;

	/* The quote that ends it begins nothing. */
	if (len && strchr("\"'\2", in->text.p[end])) {
		end++;
		len--;
	}
	behind =
		(struct bytes){ in->text.p + end, len < WINDOW ? len : WINDOW };
	by_strings(in, behind, &best, out);
	by_strings(in, before, &best, out);
	by_lists(in, behind, &best, out);
	by_lists(in, before, &best, out);
	return best.score && fits(in->bytes, &best.key, out);
}

/* Whether one of the strings stands around what was decoded; not within: that
 * may be long, and come in pieces. */
static bool is_near(
	const struct decode_packed *in, const struct bytes *strings, size_t n)
{
	size_t from = in->at > LOOK_AROUND ? in->at - LOOK_AROUND : 0;
	size_t to = in->text.len - in->end > LOOK_AROUND ? in->end + LOOK_AROUND
							 : in->text.len;
	struct bytes before = { in->text.p + from, in->at - from };
	struct bytes behind = { in->text.p + in->end, to - in->end };

	for (size_t i = 0; i < n; i++)
		if (text_find(before, strings[i]) ||
			text_find(behind, strings[i]))
			return true;
	return false;
}

/* Whether there is an XOR not far from what was decoded. */
static bool has_operator(const struct decode_packed *in)
{
	static const struct bytes forms[] = { BYTES(" ^ "), BYTES("xor") };

	return is_near(in, forms, sizeof(forms) / sizeof(forms[0]));
}

/* Whether the program around goes from character to character. */
static bool is_by_character(const struct decode_packed *in)
{
	static const struct bytes calls[] = { BYTES("ord("), BYTES("chr("),
		BYTES("bytes("), BYTES("harCode") };

	return is_near(in, calls, sizeof(calls) / sizeof(calls[0]));
}

/* pack('H*', '...') ^ 'key': Perl's and PHP's, of strings. */
static bool is_string_operand(const struct decode_packed *in)
{
	size_t i = in->end;

	while (i < in->text.len && in->text.p[i] &&
		strchr("\"'\2) ", in->text.p[i]))
		i++;
	return i > in->end && i + 1 < in->text.len && in->text.p[i] == '^' &&
	       in->bytes.len >= TEXT_MIN;
}

/* ^2 may be a pattern of grep's: what is readable already is not touched but
 * in a program that goes from character to character. */
static bool is_it(const struct decode_packed *in)
{
	if (!in->has_xor || !in->bytes.len)
		return false;
	if (!in->is_text || is_string_operand(in))
		return true;
	return is_by_character(in) &&
	       (in->bytes.len >= TEXT_MIN || near_number(in) > 0);
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	int number = near_number(in);
	struct key k = { .p = { (char)number }, .len = 1 };

	if (*pos)
		return false;
	*pos = in->bytes.len;
	if (number > 0 && fits(in->bytes, &k, out))
		return true;
	return in->bytes.len >= OTHER_MIN && has_operator(in) &&
	       by_other(in, out);
}

const struct unpacker unpacker_xor = {
	.name = "xor",
	.takes_text = true,
	.is_it = is_it,
	.unpack = unpack,
};
