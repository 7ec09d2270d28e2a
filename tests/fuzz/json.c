// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The writer of JSON: any bytes, and any number, come back from a strict reader
 * that shares nothing with it.
 *
 * seeds: text
 */
#include "json.h"

#include <math.h>

#include "../unit/readjson.h"
#include "fuzz.h"
#include "text.h"

static void check_text(struct bytes in)
{
	struct bytes object, v;
	struct str out, back;

	str_init(&out, 16 * in.len + 256);
	str_init(&back, 4 * in.len + 256);
	json_open(&out, '{');
	json_field(&out, "k", in);
	json_field_array(&out, "a", &in, 1, sizeof(in));
	json_close(&out, '}');
	MUST(str_ok(&out));
	object = str_bytes(&out);
	MUST(rj_is_json(object) && rj_text(object, "k", &back));
	v = rj_member(object, "k_b64");
	MUST(!v.p == text_is_utf8(in.p, in.len));
	if (v.p) {
		MUST(text_is_utf8(back.p, back.len));
		str_reset(&back);
		MUST(rj_base64((struct bytes){ v.p + 1, v.len - 2 }, &back));
	}
	MUST(bytes_equal(str_bytes(&back), in));
	str_fini(&out);
	str_fini(&back);
}

static void check_number(struct bytes in)
{
	double d;
	struct str out;

	if (in.len < sizeof(d))
		return;
	memcpy(&d, in.p, sizeof(d));
	if (!isfinite(d))
		return;
	str_init(&out, 4096);
	json_num(&out, d);
	MUST(rj_is_json(str_bytes(&out)));
	MUST(strtod(str_z(&out), NULL) == d);
	str_reset(&out);
	if (fabs(d) < 1e15 && (d == 0 || fabs(d) > 1e-13)) {
		str_add_plain(&out, d);
		MUST(!strpbrk(str_z(&out), "eE"));
		MUST(strtod(str_z(&out), NULL) == d);
	}
	str_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_bytes(data, len);

	in.p = in.p ? in.p : "";
	check_text(in);
	check_number(in);
	return 0;
}
