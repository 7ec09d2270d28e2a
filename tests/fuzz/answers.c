// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a provider answers: two bytes choose the provider and the status, the
 * rest is the body. And the line of the configuration that names one.
 *
 * seeds: answer
 * dict: tables
 */
#include "fuzz.h"
#include "provider.h"

static void check(const struct provider_answer *a)
{
	MUST(a->say <= PROVIDER_FAILED && a->severity <= INTEL_HIGH);
	MUST((a->say == PROVIDER_KNOWN) == (a->severity != INTEL_NOT_ASKED));
	MUST(memchr(a->why, '\0', sizeof(a->why)));
	for (const char *p = a->why; *p; p++)
		MUST(*p >= 0x20 && *p < 0x7f);
}

static void parse(struct bytes line)
{
	struct provider_conf cf, again;
	struct str one, two;

	str_init(&one, 8192);
	str_init(&two, 8192);
	if (provider_parse(&cf, line, &one) == 0) {
		str_reset(&one);
		provider_print(&cf, &one);
		if (provider_parse(&again, str_bytes(&one), &two) == 0) {
			str_reset(&two);
			provider_print(&again, &two);
			MUST(bytes_equal(str_bytes(&one), str_bytes(&two)));
		}
	}
	str_fini(&one);
	str_fini(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const long statuses[] = { 200, 404, 401, 429, 500, 204, 0, -1 };
	struct provider_conf cf = { .path = "a/0/b",
		.high = "80",
		.medium = "bad,odd",
		.low = "true" };
	struct provider_answer a = { 0 };
	struct provider_query q = { 0 };
	struct provider_request rq;

	if (len < 2)
		return 0;
	cf.kind = provider_all[data[0] % provider_n];
	cf.types = cf.kind->types;
	q.type = (enum ioc_type)(data[1] / 8 % IOC_N_TYPES);
	q.value = fuzz_bytes(data + 2, len - 2);
	provider_judge(&cf, &q, statuses[data[1] % 8], q.value, &a);
	check(&a);
	provider_request_init(&rq);
	if (provider_ask(&cf, &q, &rq) == 0) {
		fuzz_touch(str_bytes(&rq.url));
		fuzz_touch(str_bytes(&rq.body));
	}
	provider_request_fini(&rq);
	parse(q.value);
	return 0;
}
