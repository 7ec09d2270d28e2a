// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

#define DAYS "90"

/* https://docs.abuseipdb.com: the CHECK endpoint. */
static int request(const struct provider_conf *cf,
	const struct provider_query *q, struct provider_request *to)
{
	str_addf(&to->url, "%s/api/v2/check?ipAddress=", cf->url);
	provider_add_escaped(&to->url, q->value);
	str_addz(&to->url, "&maxAgeInDays=" DAYS);
	provider_add_key(to, "Key", q);
	return 0;
}

/* As msticpy: by the confidence of abuse in percent. */
static void judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, const struct cJSON *body,
	struct provider_answer *to)
{
	double score = provider_number(body, "data/abuseConfidenceScore", -1);

	(void)cf;
	(void)q;
	(void)status;
	if (score < 0)
		provider_say(to, PROVIDER_FAILED, "no score in the answer");
	else
		provider_known(to, score > 50   ? INTEL_HIGH
				   : score >= 1 ? INTEL_MEDIUM
						: INTEL_INFORMATION);
}

const struct provider provider_abuseipdb = {
	.name = "abuseipdb",
	.title = "AbuseIPDB",
	.url = "https://api.abuseipdb.com",
	.types = PROVIDER_IPS,
	.needs_key = true,
	.per_minute = 60,
	.per_day = 1000,
	.timeout_s = 10,
	.request = request,
	.judge = judge,
};
