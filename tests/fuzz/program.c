// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Programs whose strings are joined, in the language that the first byte says,
 * on any bytes.
 *
 * seeds: text
 * dict: decode
 */
#include "program.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct program *p;
	static struct str out;
	struct bytes text;
	unsigned int language;
	bool is_joined;

	if (!len)
		return 0;
	if (!p) {
		p = program_new();
		str_init(&out, 0);
	}
	MUST(p);
	language = data[0] % (INVOCATION_POWERSHELL + 2);
	text = fuzz_copy(fuzz_bytes(data + 1, len - 1));
	is_joined = language > INVOCATION_POWERSHELL
			    ? program_join_strings(p, text, &out)
			    : program_make(p, text,
				      (enum invocation_language)language, &out);
	if (is_joined)
		MUST(out.len <= PROGRAM_OUT_MAX(text.len));
	(void)program_guess(p, text);
	fuzz_free(text);
	return 0;
}
