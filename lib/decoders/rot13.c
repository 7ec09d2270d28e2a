// SPDX-License-Identifier: GPL-3.0-or-later
/* Letters moved by 13: tr 'A-Za-z' 'N-ZA-Mn-za-m', codecs' rot13, str_rot13. */
#include "decode.h"

#include "text.h"
#include "undo.h"

#define LEN_MIN 2

static const char *const words[] = { "rot13", "rot_13", "rot-13", "n-za-m",
	NULL };

static bool names_it(struct bytes op)
{
	return text_find(op, BYTES("rot13")) ||
	       text_find(op, BYTES("rot_13")) ||
	       text_find(op, BYTES("rot-13")) ||
	       text_find(op, BYTES("N-ZA-M")) || text_find(op, BYTES("n-za-m"));
}

static bool is_op(struct operand_op op)
{
	return names_it(op.name) || names_it(op.args);
}

/* '...' =~ tr/// */
static bool is_bound(struct bytes t, size_t i)
{
	while (i < t.len && t.p[i] && strchr("\"'\2 )", t.p[i]))
		i++;
	if (t.len - i < 6 || memcmp(t.p + i, "=~", 2) != 0)
		return false;
	i += t.p[i + 2] == ' ' ? 3 : 2;
	return !memcmp(t.p + i, "tr/", 3) || !memcmp(t.p + i, "y/", 2);
}

/* Perl's tr/// and y/// say nothing of what they are done to: $_="..."; */
static bool is_rotated(struct bytes text, size_t at, size_t end, bool is_perl)
{
	static const struct bytes assigns[] = { BYTES("=") };
	struct operand_op ops[OPERAND_OPS_MAX];

	if (is_perl && is_bound(text, end))
		return true;
	if (operand_ops(text, at, end, ops))
		return is_op(ops[0]);
	return is_perl && operand_ends_with(operand_lead(text, at), assigns, 1);
}

/* Perl's y/A-Za-z/N-ZA-Mn-za-m/ stands behind what it is about, or before. */
enum { KNOWN = 1, PERL = 2 };

static bool has_perl(const struct decode_text *in)
{
	bool is_perl;

	if (*in->memo)
		return *in->memo & PERL;
	is_perl = text_find(in->text, BYTES("/N-ZA-M")) ||
		  text_find(in->text, BYTES("/n-za-m"));
	*in->memo = KNOWN | (is_perl ? PERL : 0);
	return is_perl;
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct operand_walk w = { .text = in->text, .i = from };
	bool is_perl = has_perl(in);

	while (operand_next(&w)) {
		struct bytes s = { w.text.p + w.at, w.end - w.at };

		if (s.len < LEN_MIN ||
			!is_rotated(w.text, w.at, w.end, is_perl))
			continue;
		str_reset(out);
		undo_rotate(s, 13, out);
		*found = (struct decode_found){
			.at = w.at, .end = w.end, .name = "rot13", .ops = 1
		};
		return true;
	}
	return false;
}

const struct decoder decoder_rot13 = {
	.name = "rot13",
	.words = words,
	.find = find,
};

static bool is_it(const struct decode_packed *in)
{
	return is_op(in->op);
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	if (*pos)
		return false;
	*pos = in->bytes.len;
	undo_rotate(in->bytes, 13, out);
	return true;
}

const struct unpacker unpacker_rot13 = {
	.name = "rot13",
	.takes_text = true,
	.is_said = true,
	.is_it = is_it,
	.unpack = unpack,
};
