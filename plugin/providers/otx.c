// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

/* https://otx.alienvault.com/api: indicators. */
static const char *const sections[IOC_N_TYPES] = { [IOC_IPV4] = "IPv4",
	[IOC_IPV6] = "IPv6",
	[IOC_DNS] = "hostname",
	[IOC_URL] = "url",
	[IOC_MD5] = "file",
	[IOC_SHA1] = "file",
	[IOC_SHA256] = "file" };

static int request(const struct provider_conf *cf,
	const struct provider_query *q, struct provider_request *to)
{
	str_addf(&to->url, "%s/api/v1/indicators/%s/", cf->url,
		sections[q->type]);
	provider_add_escaped(&to->url, q->value);
	str_addz(&to->url, "/general");
	provider_add_key(to, "X-OTX-API-KEY", q);
	return 0;
}

/* As msticpy: by how many pulses name it. */
static void judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, const struct cJSON *body,
	struct provider_answer *to)
{
	double pulses = provider_number(body, "pulse_info/count", 0);

	(void)cf;
	(void)q;
	(void)status;
	provider_known(to, pulses >= 2   ? INTEL_HIGH
			   : pulses >= 1 ? INTEL_MEDIUM
					 : INTEL_INFORMATION);
}

const struct provider provider_otx = {
	.name = "otx",
	.title = "AlienVault OTX",
	.url = "https://otx.alienvault.com",
	.types = PROVIDER_ALL,
	.per_minute = 60,
	.timeout_s = 30, /* some addresses take it that long */
	.request = request,
	.judge = judge,
};
