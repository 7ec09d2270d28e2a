// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

/* https://docs.greynoise.io/reference: the community API. An address that was
 * not observed has status 404. */
static int request(const struct provider_conf *cf,
	const struct provider_query *q, struct provider_request *to)
{
	str_addf(&to->url, "%s/v3/community/", cf->url);
	provider_add_escaped(&to->url, q->value);
	provider_add_key(to, "key", q);
	return 0;
}

/* As msticpy: malicious or not. */
static void judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, const struct cJSON *body,
	struct provider_answer *to)
{
	(void)cf;
	(void)q;
	(void)status;
	if (!provider_text(body, "classification").p)
		provider_say(
			to, PROVIDER_FAILED, "no classification in the answer");
	else
		provider_known(
			to, provider_is(body, "classification", "malicious")
				    ? INTEL_HIGH
				    : INTEL_INFORMATION);
}

const struct provider provider_greynoise = {
	.name = "greynoise",
	.title = "GreyNoise",
	.url = "https://api.greynoise.io",
	.types = PROVIDER_BIT(IPV4),
	.per_minute = 10,
	.per_day = 50,
	.timeout_s = 10,
	.request = request,
	.judge = judge,
};
