// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

#include <cjson/cJSON.h>

/* https://api.xforce.ibmcloud.com/doc */
static int request(const struct provider_conf *cf,
	const struct provider_query *q, struct provider_request *to)
{
	const char *section = "malware";

	if (1u << q->type & PROVIDER_IPS)
		section = "ipr";
	else if (!(1u << q->type & PROVIDER_HASHES))
		section = "url";
	str_addf(&to->url, "%s/%s/", cf->url, section);
	provider_add_escaped(&to->url, q->value);
	str_addb(&to->login, q->key);
	return 0;
}

/* As msticpy: by the score of an address, a name or a URL; whatever has a
 * malware object is malware. */
static void judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, const struct cJSON *body,
	struct provider_answer *to)
{
	const char *path =
		1u << q->type & PROVIDER_IPS ? "score" : "result/score";
	double score = provider_number(body, path, 0);

	(void)cf;
	(void)status;
	if (1u << q->type & PROVIDER_HASHES)
		score = cJSON_IsObject(provider_find(body, "malware")) ? 10 : 0;
	provider_known(to, score >= 5   ? INTEL_HIGH
			   : score >= 2 ? INTEL_MEDIUM
					: INTEL_INFORMATION);
}

const struct provider provider_xforce = {
	.name = "xforce",
	.title = "IBM X-Force Exchange",
	.url = "https://api.xforce.ibmcloud.com",
	.types = PROVIDER_ALL,
	.needs_key = true,
	.per_minute = 60,
	.timeout_s = 10,
	.request = request,
	.judge = judge,
};
