// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A configuration file. One that is taken prints as one that says the same;
 * one that is not says where and why.
 *
 * seeds: conf
 * dict: config
 */
#include "config.h"

#include "format.h"
#include "fuzz.h"

static void check_again(const struct config *cf)
{
	static struct config again;
	struct str first, second, why;

	str_init(&first, 1 << 16);
	str_init(&second, 1 << 16);
	str_init(&why, 1 << 16);
	config_print(cf, &first);
	MUST(str_ok(&first));
	config_init(&again);
	if (config_load(&again, fuzz_file(str_bytes(&first)), false, &why) < 0)
		fputs(str_z(&why), stderr);
	MUST(!why.len);
	config_print(&again, &second);
	MUST(bytes_equal(str_bytes(&first), str_bytes(&second)));
	str_fini(&first);
	str_fini(&second);
	str_fini(&why);
}

static void check(const struct config *cf)
{
	MUST(cf->n_outputs && cf->n_outputs <= CONFIG_OUTPUTS_MAX);
	for (size_t i = 0; i < cf->n_outputs; i++) {
		const struct output_conf *o = &cf->outputs[i];

		MUST(o->format && o->facility >= 0 && o->facility < 24);
		MUST(memchr(o->path, '\0', sizeof(o->path)));
		MUST(memchr(o->fallback, '\0', sizeof(o->fallback)));
	}
	MUST(cf->line_max >= FORMAT_LINE_MIN &&
		cf->line_max <= FORMAT_LINE_MAX);
	MUST(cf->decode.depth_max <= DECODE_DEPTH_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct config cf;
	struct bytes in = fuzz_bytes(data, len);
	bool is_first = true;
	struct str why;
	char *z = strndup(in.p ? in.p : "", len);
	int rc;

	MUST(z);
	str_init(&why, 1 << 16);
	config_init(&cf);
	if (config_set(&cf, z, &is_first, &why) < 0)
		MUST(why.len || !str_ok(&why));
	free(z);
	str_reset(&why);
	config_init(&cf);
	rc = config_load(&cf, fuzz_file(in), false, &why);
	MUST((rc < 0) == (why.len > 0 || !str_ok(&why)));
	if (rc == 0 && config_check(&cf, "x", &why) == 0) {
		check(&cf);
		check_again(&cf);
	}
	str_fini(&why);
	return 0;
}
