// SPDX-License-Identifier: GPL-3.0-or-later
/* Back to front: rev, [::-1], strrev, reverse. */
#include "decode.h"

#include "invocation.h"
#include "text.h"
#include "undo.h"

#define LEN_MIN 2
/* A shorter one is a word turned, but where it is run. */
#define LEN_MIN_PRINTED 32
#define LOOK_AROUND     64

static const char *const words[] = { "rev", "[::-1]", NULL };

static bool starts_with(struct bytes b, struct bytes head)
{
	return b.len >= head.len && !memcmp(b.p, head.p, head.len);
}

static bool is_rev(struct bytes op)
{
	return starts_with(op, BYTES("rev")) &&
	       (op.len == 3 || strchr(" \t<\"'\n", op.p[3]));
}

static bool is_op(struct bytes op)
{
	static const struct bytes calls[] = { BYTES("[::-1]"),
		BYTES(".reverse"), BYTES("strrev("), BYTES("reversed("),
		BYTES("reverse("), BYTES("reverse"), BYTES("scalar reverse"),
		BYTES(":reverse"), BYTES("string.reverse("),
		BYTES("[array]::Reverse("), BYTES("[Array]::Reverse(") };

	if (is_rev(op))
		return true;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (starts_with(op, calls[i]))
			return true;
	return false;
}

/* Whether a command of a pipeline decodes or runs what it is given. */
static bool is_use(struct bytes op)
{
	static const char tools[] =
		"base64 base32 basenc xxd openssl uudecode gunzip zcat bunzip2 "
		"sudo xargs";
	struct bytes name = op;
	const char *blank = memchr(op.p, ' ', op.len);

	if (blank)
		name.len = (size_t)(blank - op.p);
	name = invocation_base(name);
	return invocation_language_of(name) != INVOCATION_NONE ||
	       invocation_is_listed(tools, name);
}

/* The number of operations up to it, if it is the first thing that is done with
 * the string; else 0. */
static size_t ops_to_reverse(struct bytes text, size_t at, size_t end)
{
	struct operand_op ops[OPERAND_OPS_MAX];
	size_t n = operand_ops(text, at, end, ops);
	size_t i = n && starts_with(ops[0].name, BYTES(".split"));

	if (i >= n || !is_op(ops[i].name))
		return 0;
	/* rev alone serves those who cut the end of lines, too. */
	if (is_rev(ops[i].name) && (i + 1 == n || !is_use(ops[i + 1].name)))
		return 0;
	return i + 1;
}

/* Whether a program prints the string, and runs nothing near it. */
static bool is_printed(struct bytes text, size_t at, size_t end)
{
	static const struct bytes runs[] = { BYTES("exec"), BYTES("eval"),
		BYTES("system"), BYTES("spawn"), BYTES("open"), BYTES("load"),
		BYTES("iex"), BYTES("IEX"), BYTES("`"), BYTES("call"),
		BYTES("sh"), BYTES("import") };
	static const struct bytes prints[] = { BYTES("print("),
		BYTES("console.log"), BYTES("puts "), BYTES("print "),
		BYTES("echo ") };
	bool has_print = false;
	size_t from = at > LOOK_AROUND ? at - LOOK_AROUND : 0;
	size_t to = text.len - end > LOOK_AROUND ? end + LOOK_AROUND : text.len;

	text = (struct bytes){ text.p + from, to - from };
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		if (text_find(text, runs[i]))
			return false;
	for (size_t i = 0; i < sizeof(prints) / sizeof(prints[0]); i++)
		has_print |= text_find(text, prints[i]) != NULL;
	return has_print;
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct operand_walk w = { .text = in->text, .i = from };

	while (operand_next(&w)) {
		struct bytes s = { w.text.p + w.at, w.end - w.at };
		size_t ops;

		ops = ops_to_reverse(w.text, w.at, w.end);
		if (s.len < LEN_MIN || !ops ||
			(s.len < LEN_MIN_PRINTED &&
				is_printed(w.text, w.at, w.end)))
			continue;
		str_reset(out);
		if (s.len > out->max) {
			out->is_short = true;
			s.p += s.len - out->max;
			s.len = out->max;
		}
		undo_reverse(s, out);
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
	undo_reverse(in->bytes, out);
	return true;
}

const struct unpacker unpacker_reverse = {
	.name = "reverse",
	.takes_text = true,
	.is_said = true,
	.is_it = is_it,
	.unpack = unpack,
};
