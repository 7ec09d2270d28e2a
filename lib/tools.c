// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools.h"

#include "decode.h"
#include "words.h"

#define DECODER(name) extern const struct decoder decoder_##name;
#include "decoders.def"
#undef DECODER
const struct decoder *const tools_rows[] = {
#define DECODER(name) &decoder_##name,
#include "decoders.def"
#undef DECODER
};

#define N_ROWS      (sizeof(tools_rows) / sizeof(tools_rows[0]))
#define BIT_XOR     31
#define BIT_RESHAPE 30
_Static_assert(N_ROWS <= BIT_RESHAPE, "a decoder needs a bit");
/* No decoder's name is shorter. */
#define NAME_MIN 3

const size_t tools_n = N_ROWS;

static int add_words(struct words *w)
{
	/* As in ^0x41, ^ 65, xor. */
	static const char *const xors[] = { "^0", "^1", "^2", "^3", "^4", "^5",
		"^6", "^7", "^8", "^9", "^ ", "xor" };
	static const char *const reshapers[] = { "tr ", "tr\t", "sed ", "cut ",
		"tail ", "head ", "tac", "xargs", "caesar", "uudecode" };

	for (size_t i = 0; i < sizeof(reshapers) / sizeof(reshapers[0]); i++)
		if (words_add(w, reshapers[i], BIT_RESHAPE) < 0)
			return -1;
	for (size_t i = 0; i < sizeof(xors) / sizeof(xors[0]); i++)
		if (words_add(w, xors[i], BIT_XOR) < 0)
			return -1;
	for (unsigned int i = 0; i < N_ROWS; i++)
		for (size_t j = 0; tools_rows[i]->words[j]; j++)
			if (words_add(w, tools_rows[i]->words[j], i) < 0)
				return -1;
	words_ready(w);
	return 0;
}

struct words *tools_words(void)
{
	struct words *w = words_new();

	if (!w || add_words(w) == 0)
		return w;
	words_free(w);
	return NULL;
}

/* Eight bytes at once: whether one is below +, or one of : < \ { or above. A
 * byte's top bit is set where it is equal, or where taking + off it borrows. */
static bool may_be_mark8(const char *p)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t v, colon, less, slash;

	memcpy(&v, p, sizeof(v));
	colon = v ^ ':' * ones;
	less = v ^ '<' * ones;
	slash = v ^ '\\' * ones;
	return ((v - '+' * ones) | (v + (0x80 - '{') * ones) | v |
		       (colon - ones) | (less - ones) | (slash - ones)) &
	       0x80 * ones;
}

/* Whether a text has a character that is in every command and program text;
 * one that is a single word names no decoder. */
static bool is_wordy(struct bytes text)
{
	static const bool is_mark[256] = { [' '] = true,
		['\t'] = true,
		['\n'] = true,
		['('] = true,
		['{'] = true,
		['<'] = true,
		['\\'] = true,
		[':'] = true,
		['%'] = true,
		['$'] = true,
		['|'] = true };
	size_t i = 0;

	for (; text.len - i >= 8; i += 8)
		if (may_be_mark8(text.p + i))
			break;
	for (; i < text.len; i++)
		if (is_mark[(unsigned char)text.p[i]])
			return true;
	return false;
}

uint32_t tools_in(const struct words *words, struct bytes text)
{
	uint32_t bits;

	if (text.len < NAME_MIN || !is_wordy(text))
		return 0;
	bits = words_in(words, text);
	for (size_t i = 0; bits && i < N_ROWS; i++)
		if (bits & UINT32_C(1) << i && tools_rows[i]->has_context &&
			!tools_rows[i]->has_context(text))
			bits &= ~(UINT32_C(1) << i);
	return bits;
}
