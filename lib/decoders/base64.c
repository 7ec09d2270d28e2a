// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Base64 and base64url (RFC 4648), padded or not, in one line or wrapped.
 *
 * A candidate is a run of the alphabet. What it decodes to decides: readable
 * text, or, where the text names a decoder, whatever stands where its operand
 * would. Words, paths, digests and keys decode to noise; a run that does so in
 * its first characters is left at once, so that scanning stays cheap.
 */
#include "decode.h"

#include <ctype.h>
#include <stdint.h>

#include "base64_chars.h"
#include "base64_context.h"
#include "str_block.h"
#include "text.h"

/* Characters whose bytes tell noise from text. */
#define PROBE 24
/* A wrapped line is no shorter: no tool's default is. */
#define WRAP_MIN 16
/* A path with payload behind it: pieces tried behind a slash, so that no byte
 * is looked at more than this many times. */
#define PIECES_MAX 8
/* No name has as many letters and digits in a row. */
#define NAME_MAX_LEN 128
/* Share of ASCII in a text that nothing but itself speaks for, in percent. */
#define ASCII_MIN 90

#define PADS_MAX 2

/* A candidate: a run of one alphabet, perhaps wrapped. */
struct run {
	size_t at, end; /* in the text, padding included */
	size_t n, pads; /* characters of the alphabet, and = after them */
	bool is_url;
};

static bool is_dash(char c)
{
	return c == '-' || c == '_';
}

/* What is being looked into. */
struct scan {
	const struct decode_text *in;
	bool is_encoded_command; /* the argument before is PowerShell's -enc */
	size_t min; /* characters, padding included */
	size_t unwrapped_end; /* up to here, blocks of lines were tried */
	struct decode_found *found;
	struct str *out;
};

static bool decode(const struct decode_text *in, const struct run *r,
	size_t n_max, struct str *out)
{
	struct bytes chars = { in->text.p + r->at, r->end - r->at };

	return base64_decode(chars, n_max, out);
}

/* Whether the first bytes could begin anything that is taken for payload. */
static bool is_promising(struct bytes b, bool with_context)
{
	/* The probe may end inside a character. */
	return text_readable(b.p, b.len) + 3 >= b.len ||
	       base64_is_file(b.p, b.len, with_context) ||
	       text_kind(b.p, b.len & ~(size_t)1) != TEXT_BINARY;
}

/* How much speaks for the run before it is decoded. */
enum trust {
	TRUST_NONE, /* only what it says itself */
	TRUST_NEAR, /* the text names a decoder */
	TRUST_ALONE, /* it is an argument, and another one names a decoder */
	TRUST_OPERAND, /* it stands where that one's input would */
	TRUST_ARGUMENT, /* a program decodes just that */
	TRUST_UTF16, /* PowerShell's -EncodedCommand */
};

static enum trust trust_of(const struct scan *s, const struct run *r)
{
	if (s->is_encoded_command && r->at == 0 && r->end == s->in->text.len)
		return TRUST_UTF16;
	if (s->in->is_named && base64_is_argument(s->in->text, r->at, r->end))
		return TRUST_ARGUMENT;
	if (s->in->is_named)
		return operand_is_in_place(s->in->text, r->at) ? TRUST_OPERAND
							       : TRUST_NEAR;
	return s->in->has_context &&
			       operand_is_alone(s->in->text, r->at, r->end)
		       ? TRUST_ALONE
		       : TRUST_NONE;
}

/* Short runs: text, and either in place or nothing like a word. */
static bool judge_short(const struct run *r, enum trust trust,
	struct base64_classes c, bool is_padded)
{
	return trust >= TRUST_ALONE || (is_padded && c.lower && c.upper) ||
	       (r->n % 4 == 0 && c.lower && c.upper && c.digit);
}

/* Whether what the run decodes to is payload. */
static bool judge(const struct scan *s, const struct run *r, enum trust trust,
	bool is_canonical)
{
	struct bytes plain = text_whole(s->out);
	enum text_kind kind = text_kind(plain.p, plain.len);
	struct base64_classes c = base64_classes(
		(struct bytes){ s->in->text.p + r->at, r->end - r->at });
	size_t len = r->n + r->pads;
	bool is_padded = r->pads && (r->n + r->pads) % 4 == 0;
	bool is_sound = is_canonical && (!r->pads || is_padded);

	if (trust == TRUST_UTF16)
		return kind == TEXT_UTF16LE;
	if (!is_sound && trust < TRUST_ALONE)
		return false;
	if (trust == TRUST_ARGUMENT)
		return kind != TEXT_BINARY || len >= s->in->cf->len_min_context;
	if (len < s->in->cf->len_min)
		return kind != TEXT_BINARY &&
		       (is_padded ||
			       text_ascii(plain.p, plain.len) == plain.len) &&
		       judge_short(r, trust, c, is_padded);
	if (c.is_hex && trust < TRUST_ALONE)
		return false;
	if (kind == TEXT_UTF8)
		return trust == TRUST_OPERAND ||
		       text_ascii(plain.p, plain.len) * 100 >=
			       plain.len * ASCII_MIN;
	if (kind != TEXT_BINARY ||
		base64_is_file(plain.p, plain.len, trust != TRUST_NONE))
		return true;
	/* Bytes: names in CamelCase have neither padding nor + and /. */
	return trust >= TRUST_ALONE && c.upper && c.lower && c.digit &&
	       (c.other || r->pads || r->n >= NAME_MAX_LEN ||
		       text_is_mostly(plain)) &&
	       len % 4 == 0;
}

/* Whether anything that is taken for payload begins as these characters do:
 * most words and paths do not. With context, more is taken. */
static bool can_start(const struct scan *s, const struct run *r)
{
	const char *p = s->in->text.p + r->at;
	unsigned int bits = (unsigned int)base64_value(p[0]) << 12;
	unsigned int a, b;

	bits |= (unsigned int)base64_value(p[1]) << 6;
	bits |= (unsigned int)base64_value(p[2]) & 63;
	a = bits >> 10 & 255;
	b = bits >> 2 & 255;
	if (s->in->is_named || s->in->has_context || s->is_encoded_command)
		return true;
	if (a < 0x20)
		return (a >= 7 && a <= 13) || a == 0x1b || a == 0x00 ||
		       (a == 0x1f && b == 0x8b);
	if (a < 0x80)
		return b < 0x80 || b >= 0xb5;
	if (a >= 0xc2 && a <= 0xf4)
		return (b & 0xc0) == 0x80;
	return (a == 0xfd && b == '7') || (a == 0xff && b == 0xfe) ||
	       (a == 0xfe && b == 0xff);
}

static bool attempt(const struct scan *s, const struct run *r)
{
	size_t len = r->n + r->pads;
	enum trust trust;
	bool is_canonical;

	if (len < s->min || r->n % 4 == 1 || !can_start(s, r))
		return false;
	trust = trust_of(s, r);
	if (trust != TRUST_ARGUMENT &&
		len < (trust ? s->in->cf->len_min_context : s->in->cf->len_min))
		return false;
	if (trust < TRUST_ALONE) {
		str_reset(s->out);
		decode(s->in, r, PROBE, s->out);
		if (!is_promising(str_bytes(s->out), trust != TRUST_NONE))
			return false;
		if (!trust && base64_is_transport(s->in->text, r->at, r->end))
			return false;
	}
	str_reset(s->out);
	is_canonical = decode(s->in, r, SIZE_MAX, s->out);
	if (!judge(s, r, trust, is_canonical))
		return false;
	*s->found = (struct decode_found){ .at = r->at,
		.end = r->end,
		.name = r->is_url ? "base64url" : "base64" };
	return true;
}

/* Letters and digits, and the two marks of an alphabet. */
static inline block in_alphabet(block c, char plus, char slash)
{
	return block_in_range(c | 0x20, 'a', 'z') |
	       block_in_range(c, '0', '9') |
	       (block)((c == (uint8_t)plus) | (c == (uint8_t)slash));
}

/* Where the characters of one alphabet end that begin at at. */
static size_t alphabet_end(struct bytes text, size_t at, bool is_url)
{
	char plus = is_url ? '-' : '+', slash = is_url ? '_' : '/';
	size_t i = at;

	for (; text.len - i >= BLOCK_LEN; i += BLOCK_LEN) {
		block c = block_load(text.p + i);
		struct block_marks m =
			block_marks(~in_alphabet(c, plus, slash));

		if (m.lo | m.hi)
			return i + block_first(m);
	}
	while (i < text.len && base64_value(text.p[i]) >= 0 &&
		(is_url ? text.p[i] != '+' && text.p[i] != '/'
			: !is_dash(text.p[i])))
		i++;
	return i;
}

/* The run of one alphabet that starts at at, and its padding. */
static struct run run_at(struct bytes text, size_t at, bool is_url)
{
	struct run r = { .at = at, .is_url = is_url };
	size_t i = alphabet_end(text, at, is_url);

	r.n = i - at;
	while (i < text.len && r.pads < PADS_MAX && text.p[i] == '=')
		i++, r.pads++;
	r.end = i;
	return r;
}

/* Past the line break at i, and what indents the next line; i if none. */
static size_t next_line(struct bytes text, size_t i)
{
	size_t j = i;

	if (j < text.len && text.p[j] == '\\')
		j++;
	if (j < text.len && text.p[j] == '\r')
		j++;
	if (j == text.len || text.p[j] != '\n')
		return i;
	j++;
	while (j < text.len && (text.p[j] == ' ' || text.p[j] == '\t'))
		j++;
	return j;
}

/*
 * Takes in the lines after r that are wrapped as it is: as wide as it, the
 * last one at most that. *cut is then the block without its last line, should
 * that be no part of it (the EOF of a here-document).
 */
static struct run unwrap(
	struct bytes text, const struct run *r, struct run *cut)
{
	struct run lines = *r;
	size_t width = r->n;

	*cut = *r;
	if (width < WRAP_MIN || r->pads)
		return lines;
	for (;;) {
		size_t at = next_line(text, lines.end);
		struct run line;

		if (at == lines.end)
			return lines;
		line = run_at(text, at, r->is_url);
		if (!line.n || line.n > width)
			return lines;
		*cut = lines;
		lines.end = line.end;
		lines.n += line.n;
		lines.pads = line.pads;
		if (line.n < width || line.pads)
			return lines;
	}
}

static bool attempt_block(struct scan *s, const struct run *r)
{
	struct run cut, lines;

	if (r->at < s->unwrapped_end ||
		next_line(s->in->text, r->end) == r->end)
		return attempt(s, r);
	lines = unwrap(s->in->text, r, &cut);
	s->unwrapped_end = lines.end;
	return (lines.end != r->end && attempt(s, &lines)) ||
	       (cut.end != r->end && attempt(s, &cut)) || attempt(s, r);
}

/* Payload at the end of a path or URL: /Basic/Command/Base64/d2hvYW1p. */
static bool attempt_pieces(const struct scan *s, const struct run *r)
{
	const char *text = s->in->text.p;
	size_t i = r->at;

	for (int n = 0; n < PIECES_MAX; n++) {
		const char *slash = memchr(text + i, '/', r->end - i);
		struct run piece = *r;

		if (!slash)
			return false;
		i = (size_t)(slash - text) + 1;
		if (r->end - i < s->min)
			return false;
		piece.at = i;
		piece.n = r->n - (i - r->at);
		if (attempt(s, &piece))
			return true;
	}
	return false;
}

static bool attempt_all(struct scan *s, const struct run *r)
{
	return attempt_block(s, r) || attempt_pieces(s, r);
}

/* A run of both alphabets: it may be all of one, or in pieces of the standard
 * one with - and _ between them. */
struct both {
	struct run run;
	bool has_dash; /* - or _: not the standard one */
	bool has_other; /* + or /: not the other one */
};

enum { OTHER = 1, DASH = 2 };

static bool look_into(struct scan *s, const struct both *both)
{
	struct run r = both->run;

	if (!both->has_dash)
		return attempt_all(s, &r);
	r.is_url = true;
	if (!both->has_other && attempt_block(s, &r))
		return true;
	for (size_t i = both->run.at; i < both->run.end; i = r.end) {
		bool is_long;

		r = run_at(s->in->text, i, false);
		is_long = r.n + PADS_MAX >= s->min || r.n >= WRAP_MIN;
		if (is_long && attempt_all(s, &r))
			return true;
		if (r.end == i)
			r.end++;
	}
	return false;
}

/* Where the first run of at least min characters at or after i starts; the
 * text's end if there is none. Looks at one character in min where it can. */
static size_t next_run(struct bytes text, size_t i, size_t min)
{
	while (text.len - i >= min) {
		size_t j = i + min;

		while (j > i && base64_value(text.p[j - 1]) >= 0)
			j--;
		if (j == i)
			return i;
		i = j;
	}
	return text.len;
}

/* Which marks stand before the first n bytes' end. */
static unsigned int marks_in(block c, size_t n)
{
	struct block_marks dash = block_marks((block)((c == '-') | (c == '_')));
	struct block_marks other =
		block_marks((block)((c == '+') | (c == '/')));

	return (dash.lo | dash.hi && block_first(dash) < n ? DASH : 0) |
	       (other.lo | other.hi && block_first(other) < n ? OTHER : 0);
}

static struct both both_at(struct bytes text, size_t at)
{
	static const unsigned char kinds[256] = {
		['+'] = OTHER, ['/'] = OTHER, ['-'] = DASH, ['_'] = DASH
	};
	struct both b = { .run.at = at };
	unsigned int seen = 0;
	size_t i = at, n = BLOCK_LEN;

	while (n == BLOCK_LEN && text.len - i >= BLOCK_LEN) {
		block c = block_load(text.p + i);
		struct block_marks m = block_marks(
			~(in_alphabet(c, '+', '/') | in_alphabet(c, '-', '_')));

		n = m.lo | m.hi ? block_first(m) : BLOCK_LEN;
		seen |= marks_in(c, n);
		i += n;
	}
	for (; n == BLOCK_LEN && i < text.len && base64_value(text.p[i]) >= 0;
		i++)
		seen |= kinds[(unsigned char)text.p[i]];
	b.run.n = i - at;
	b.has_dash = seen & DASH;
	b.has_other = seen & OTHER;
	while (i < text.len && b.run.pads < PADS_MAX && text.p[i] == '=')
		i++, b.run.pads++;
	b.run.end = i;
	return b;
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct scan s = { .in = in,
		.is_encoded_command = base64_is_option(in->before),
		.found = found,
		.out = out };
	bool is_trusting =
		in->is_named || in->has_context || s.is_encoded_command;
	size_t min = is_trusting ? in->cf->len_min_context : in->cf->len_min;
	struct bytes text = in->text;
	size_t i = from;

	/* What a program decodes may be a character or two. */
	if (in->is_named)
		min = PADS_MAX + 1;
	s.min = min;
	/* Padding counts, and is found behind the run. */
	min -= PADS_MAX;
	while ((i = next_run(text, i, min)) < text.len) {
		struct both both = both_at(text, i);

		if (look_into(&s, &both))
			return true;
		i = both.run.end;
	}
	return false;
}

const struct decoder decoder_base64 = {
	.name = "base64",
	.words = base64_words,
	.is_sure = true,
	.has_context = base64_has_context,
	.find = find,
};
