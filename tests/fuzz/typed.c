// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Keys: every line is made of bytes that were typed, in their order.
 *
 * seeds: text
 */
#include "typed.h"

#include "fuzz.h"

/* Whether all of a stands in b, in its order. */
static bool is_within(struct bytes a, struct bytes b)
{
	size_t at = 0;

	for (size_t i = 0; i < b.len && at < a.len; i++)
		at += a.p[at] == b.p[i];
	return at == a.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_copy(fuzz_bytes(data, len)), rest = in;
	struct str line;

	str_init(&line, len + 1);
	for (;;) {
		struct bytes before = rest;

		str_reset(&line);
		if (!typed_line(&rest, &line))
			break;
		MUST(rest.len < before.len && str_ok(&line));
		before.len -= rest.len;
		MUST(is_within(str_bytes(&line), before));
		(void)typed_may_run(str_bytes(&line));
	}
	MUST(!rest.len);
	fuzz_free(in);
	str_fini(&line);
	return 0;
}
