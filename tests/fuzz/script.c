// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Programs that are worked out, in the language that the first byte says, on
 * any bytes.
 *
 * seeds: text
 * dict: script
 */
#include "script.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct script *s;
	const struct script_result *r;
	struct bytes text;
	unsigned int language;

	if (!len)
		return 0;
	if (!s)
		s = script_new();
	MUST(s);
	language = data[0] % (INVOCATION_POWERSHELL + 1);
	text = fuzz_copy(fuzz_bytes(data + 1, len - 1));
	script_renew(s);
	script_run(s, text, (enum invocation_language)language);
	for (size_t i = 0; (r = script_result(s, i)); i++)
		MUST(r->text.len && r->chain.len < LAYER_CHAIN_MAX);
	fuzz_free(text);
	return 0;
}
