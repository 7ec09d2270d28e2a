// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Shell texts worked out, on any bytes.
 *
 * seeds: text
 * dict: shell
 */
#include "flow.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct flow *fl;
	struct bytes text = fuzz_copy(fuzz_bytes(data, len));
	volatile char last = 0;
	size_t n;

	if (!fl)
		fl = flow_new();
	MUST(fl);
	flow_renew(fl);
	n = flow_run(fl, text);
	MUST(n <= FLOW_RESULTS_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct flow_result *r = flow_result(fl, i);

		MUST(r->text.len > 0 && r->n_spans <= FLOW_SPANS_MAX);
		MUST(r->chain.len <= LAYER_CHAIN_MAX);
		last = (char)(r->text.p[0] ^ r->text.p[r->text.len - 1]);
		for (size_t k = 0; k < r->n_spans; k++)
			MUST(r->spans[k].at <= r->spans[k].end &&
				r->spans[k].end <= len);
	}
	(void)last;
	fuzz_free(text);
	return 0;
}
