// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Shell texts written plainly, on any bytes.
 *
 * seeds: text
 * dict: shell
 */
#include "plain.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct plain *p;
	struct bytes text = fuzz_copy(fuzz_bytes(data, len));
	volatile char last = 0;
	size_t n;

	if (!p)
		p = plain_new();
	MUST(p);
	n = plain_run(p, text);
	MUST(n <= PLAIN_TEXTS_MAX + 1);
	for (size_t i = 0; i < n; i++) {
		struct bytes out = plain_result(p, i).text;

		MUST(out.len > 0);
		last = (char)(out.p[0] ^ out.p[out.len - 1]);
	}
	(void)last;
	fuzz_free(text);
	return 0;
}
