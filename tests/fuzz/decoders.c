// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Every row of decoders.def on one text, and on what stands before it: what it
 * finds lies in the text, further on each time, and fits the room it was given.
 *
 * seeds: flags+text
 * dict: decode
 */
#include "decode.h"
#include "fuzz.h"
#include "tools.h"

#define ROOM_MAX 4096

static void run(const struct decoder *row, const struct decode_text *in,
	struct str *out)
{
	struct decode_found found = { 0 };
	size_t from = 0;

	for (;;) {
		str_reset(out);
		if (!row->find(in, from, &found, out))
			return;
		MUST(found.at >= from && found.at < found.end);
		MUST(found.end <= in->text.len);
		MUST(found.name && *found.name);
		MUST(found.ops <= OPERAND_OPS_MAX);
		MUST(out->len <= out->max && (out->len || !str_ok(out)));
		from = found.end;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct decode_conf cf = { DECODE_DEPTH_MAX, ROOM_MAX,
		4 * ROOM_MAX, 20, 8 };
	struct bytes rest = fuzz_bytes(data, len), before = { NULL, 0 };
	unsigned int flags = fuzz_byte(&rest), memo;
	struct decode_text in = { .is_named = flags & 1,
		.has_context = flags & 2,
		.has_xor = flags & 4,
		.cf = &cf,
		.memo = &memo };
	struct str out;

	if (flags & 8 && fuzz_next(&rest, '\0', &before))
		before = fuzz_copy(before);
	in.before = before;
	in.text = fuzz_copy(rest);
	str_init(&out, flags & 16 ? 16 : ROOM_MAX);
	for (size_t i = 0; i < tools_n; i++) {
		if (tools_rows[i]->has_context)
			(void)tools_rows[i]->has_context(in.text);
		memo = 0;
		run(tools_rows[i], &in, &out);
	}
	str_fini(&out);
	fuzz_free(in.text);
	fuzz_free(before);
	return 0;
}
