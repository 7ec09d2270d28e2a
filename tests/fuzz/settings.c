// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A command line: a configuration file, and a NUL before each -o. What is taken
 * stays what it is when the same is read again, as a reload does; what is not
 * says why.
 *
 * seeds: conf
 * dict: config
 */
#include "settings.h"

#include "config.h"
#include "fuzz.h"

static int read_once(const struct settings *s, struct str *printed)
{
	static struct config cf;
	struct str why;
	int rc;

	str_init(&why, 1 << 16);
	config_init(&cf);
	rc = settings_config(s, &cf, &why);
	MUST((rc < 0) == (why.len > 0 || !str_ok(&why)));
	if (rc == 0) {
		const char *state = settings_state(s, &cf);

		MUST(!state || strcmp(state, "none") != 0);
		config_print(&cf, printed);
	}
	str_fini(&why);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_bytes(data, len), part;
	unsigned int what = fuzz_byte(&in);
	struct settings s = { .to_stdout = what & 1 };
	char *sets[SETTINGS_SETS_MAX + 1];
	struct str first, second;
	size_t n = 0;

	if (fuzz_next(&in, '\0', &part))
		s.file = fuzz_file(part);
	if (what & 2)
		s.format = "hunt";
	while (n <= SETTINGS_SETS_MAX && fuzz_next(&in, '\0', &part)) {
		sets[n] = strndup(part.p, part.len);
		MUST(sets[n]);
		MUST((settings_add(&s, sets[n]) < 0) ==
			(n == SETTINGS_SETS_MAX));
		n++;
	}
	str_init(&first, 1 << 16);
	str_init(&second, 1 << 16);
	MUST(read_once(&s, &first) == read_once(&s, &second));
	MUST(bytes_equal(str_bytes(&first), str_bytes(&second)));
	str_fini(&first);
	str_fini(&second);
	while (n)
		free(sets[--n]);
	return 0;
}
