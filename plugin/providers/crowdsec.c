// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

/* https://docs.crowdsec.net/u/cti_api: the smoke database. */
static int request(const struct provider_conf *cf,
	const struct provider_query *q, struct provider_request *to)
{
	str_addf(&to->url, "%s/v2/smoke/", cf->url);
	provider_add_escaped(&to->url, q->value);
	provider_add_key(to, "x-api-key", q);
	return 0;
}

/* As msticpy: by the overall score from 0 to 5. */
static void judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, const struct cJSON *body,
	struct provider_answer *to)
{
	double score = provider_number(body, "scores/overall/total", -1);

	(void)cf;
	(void)q;
	(void)status;
	if (score < 0)
		provider_say(to, PROVIDER_FAILED, "no score in the answer");
	else
		provider_known(to, score > 3   ? INTEL_HIGH
				   : score > 2 ? INTEL_MEDIUM
					       : INTEL_INFORMATION);
}

const struct provider provider_crowdsec = {
	.name = "crowdsec",
	.title = "CrowdSec CTI",
	.url = "https://cti.api.crowdsec.net",
	.types = PROVIDER_IPS,
	.needs_key = true,
	.per_minute = 60,
	.per_day = 50,
	.timeout_s = 10,
	.request = request,
	.judge = judge,
};
