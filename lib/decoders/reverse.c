// SPDX-License-Identifier: GPL-3.0-or-later
/* Back to front: rev, [::-1], strrev, reverse. */
#include "decode.h"

#include <ctype.h>

#include "text.h"

#define LEN_MIN 2

static const char *const words[] = { "rev", "[::-1]", NULL };

static bool starts_with(struct bytes b, struct bytes head)
{
	return b.len >= head.len && !memcmp(b.p, head.p, head.len);
}

static bool is_op(struct bytes op)
{
	static const struct bytes calls[] = { BYTES("[::-1]"),
		BYTES(".reverse"), BYTES("strrev("), BYTES("reversed("),
		BYTES("reverse("), BYTES("reverse"), BYTES("scalar reverse") };

	if (starts_with(op, BYTES("rev")) &&
		(op.len == 3 || strchr(" \t<\"'\n", op.p[3])))
		return true;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (starts_with(op, calls[i]))
			return true;
	return false;
}

static void reverse(struct bytes b, struct str *out)
{
	uint32_t cp;

	while (b.len) {
		size_t n = 1;

		while (n < b.len && n < 4 && (b.p[b.len - n] & 0xc0) == 0x80)
			n++;
		if (text_utf8(b.p + b.len - n, n, &cp) != n)
			n = 1;
		b.len -= n;
		str_add(out, b.p + b.len, n);
	}
}

/* The number of operations up to it, if it is the first thing that is done with
 * the string; else 0. */
static size_t ops_to_reverse(struct bytes text, size_t at, size_t end)
{
	struct operand_op ops[OPERAND_OPS_MAX];
	size_t n = operand_ops(text, at, end, ops);
	size_t i = n && starts_with(ops[0].name, BYTES(".split"));

	return i < n && is_op(ops[i].name) ? i + 1 : 0;
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct operand_walk w = { .text = in->text, .i = from };

	while (operand_next(&w)) {
		struct bytes s = { w.text.p + w.at, w.end - w.at };
		size_t ops;

		ops = ops_to_reverse(w.text, w.at, w.end);
		if (s.len < LEN_MIN || !ops)
			continue;
		str_reset(out);
		if (s.len > out->max) {
			out->is_short = true;
			s.p += s.len - out->max;
			s.len = out->max;
		}
		reverse(s, out);
		*found = (struct decode_found){
			.at = w.at, .end = w.end, .name = "reverse", .ops = ops
		};
		return true;
	}
	return false;
}

const struct decoder decoder_reverse = {
	.name = "reverse",
	.words = words,
	.find = find,
};

static bool is_it(const struct decode_packed *in)
{
	return is_op(in->op.name);
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	if (*pos)
		return false;
	*pos = in->bytes.len;
	reverse(in->bytes, out);
	return true;
}

const struct unpacker unpacker_reverse = {
	.name = "reverse",
	.takes_text = true,
	.is_said = true,
	.is_it = is_it,
	.unpack = unpack,
};
