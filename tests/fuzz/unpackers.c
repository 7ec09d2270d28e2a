// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Every row of unpackers.def on bytes: what the text around them does with
 * them, a NUL, the bytes. Whatever they are, little work gives little, and it
 * ends.
 *
 * seeds: packed
 * dict: packed
 */
#include "decode.h"
#include "fuzz.h"
#include "text.h"

#define UNPACKER(name) extern const struct unpacker unpacker_##name;
#include "unpackers.def"
#undef UNPACKER

static const struct unpacker *const rows[] = {
#define UNPACKER(name) &unpacker_##name,
#include "unpackers.def"
#undef UNPACKER
};

#define ROOM_MAX  65536
#define STEPS_MAX 10000

static void run(const struct unpacker *row, const struct decode_packed *packed,
	struct str *out)
{
	size_t pos = 0;

	if ((packed->is_text && !row->takes_text) || !row->is_it(packed))
		return;
	for (size_t n = 0; n < STEPS_MAX; n++) {
		size_t before = pos;

		str_reset(out);
		if (!row->unpack(packed, &pos, out))
			return;
		MUST(out->len <= out->max && pos > before);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes rest = fuzz_bytes(data, len), text = { NULL, 0 };
	struct operand_op ops[OPERAND_OPS_MAX + 1] = { 0 };
	struct decode_packed packed = { 0 };
	struct str out;
	size_t n;

	(void)fuzz_next(&rest, '\0', &text);
	/* Decoders find nothing that is empty. */
	if (!rest.len)
		return 0;
	packed.text = text = fuzz_copy(text);
	packed.bytes = fuzz_copy(rest);
	packed.at = text.len / 3;
	packed.end = text.len - text.len / 3;
	packed.has_xor = text.len % 2;
	packed.is_text =
		text_kind(packed.bytes.p, packed.bytes.len) != TEXT_BINARY;
	n = operand_ops(text, packed.at, packed.end, ops);
	MUST(n <= OPERAND_OPS_MAX);
	ops[n++].name = text;
	str_init(&out, ROOM_MAX);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t k = 0; k < (rows[i]->is_said ? n : 1); k++) {
			packed.op = ops[k];
			run(rows[i], &packed, &out);
		}
	str_fini(&out);
	fuzz_free(packed.bytes);
	fuzz_free(text);
	return 0;
}
