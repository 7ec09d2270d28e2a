// SPDX-License-Identifier: GPL-3.0-or-later
#include "unpack.h"

#include "decode.h"

#define UNPACKER(name) extern const struct unpacker unpacker_##name;
#include "unpackers.def"
#undef UNPACKER

static const struct unpacker *const rows[] = {
#define UNPACKER(name) &unpacker_##name,
#include "unpackers.def"
#undef UNPACKER
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* An unpacker from *i on, told by the bytes alone; has_text: one that takes
 * readable ones. */
static const struct unpacker *told(
	const struct decode_packed *packed, size_t *i, bool has_text)
{
	for (size_t k = *i; k < N_ROWS; k++) {
		const struct unpacker *u = rows[k];

		if (u->is_said || u->takes_text != has_text ||
			(packed->is_text && !u->takes_text))
			continue;
		if (!u->is_it(packed))
			continue;
		*i = k;
		return u;
	}
	return NULL;
}

/* The same, told by what is done next in the text around it. */
static const struct unpacker *said(
	struct decode_packed *packed, size_t *i, size_t *op)
{
	struct operand_op ops[OPERAND_OPS_MAX];
	size_t n = 0;

	if (*op < OPERAND_OPS_MAX)
		n = operand_ops(packed->text, packed->at, packed->end, ops);
	for (; *op < n; ++*op) {
		packed->op = ops[*op];
		for (size_t k = 0; k < N_ROWS; k++) {
			const struct unpacker *u = rows[k];

			if (!u->is_said || (packed->is_text && !u->takes_text))
				continue;
			if (!u->is_it(packed))
				continue;
			*i = k;
			++*op;
			return u;
		}
	}
	return NULL;
}

const struct unpacker *unpack_find(
	struct decode_packed *packed, size_t *i, size_t *op)
{
	const struct unpacker *u = told(packed, i, false);

	if (!u)
		u = said(packed, i, op);
	return u ? u : told(packed, i, true);
}
