// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

#include <cjson/cJSON.h>

/* https://urlhaus-api.abuse.ch: forms, and status 200 whatever happened. */
static int request(const struct provider_conf *cf,
	const struct provider_query *q, struct provider_request *to)
{
	static const struct {
		const char *section, *field;
	} rows[IOC_N_TYPES] = { [IOC_URL] = { "url", "url" },
		[IOC_DNS] = { "host", "host" },
		[IOC_IPV4] = { "host", "host" },
		[IOC_MD5] = { "payload", "md5_hash" },
		[IOC_SHA256] = { "payload", "sha256_hash" } };

	to->is_post = true;
	str_addf(&to->url, "%s/v1/%s/", cf->url, rows[q->type].section);
	str_addf(&to->body, "%s=", rows[q->type].field);
	provider_add_escaped(&to->body, q->value);
	provider_add_key(to, "Auth-Key", q);
	return 0;
}

/* A host is as bad as the worst of its URLs. */
static bool is_online(const struct cJSON *body)
{
	const struct cJSON *url;

	if (provider_is(body, "url_status", "online"))
		return true;
	cJSON_ArrayForEach(url, provider_find(body, "urls"))
	{
		if (provider_is(url, "url_status", "online"))
			return true;
	}
	return false;
}

/* Malware that is served now is the gravest; a payload is malware itself. */
static void judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, const struct cJSON *body,
	struct provider_answer *to)
{
	(void)cf;
	(void)status;
	if (!provider_abuse_ch(body, to))
		provider_known(
			to, (1u << q->type & PROVIDER_HASHES) || is_online(body)
				    ? INTEL_HIGH
				    : INTEL_MEDIUM);
}

const struct provider provider_urlhaus = {
	.name = "urlhaus",
	.title = "URLhaus",
	.url = "https://urlhaus-api.abuse.ch",
	.types = PROVIDER_BIT(URL) | PROVIDER_BIT(DNS) | PROVIDER_BIT(IPV4) |
		 PROVIDER_BIT(MD5) | PROVIDER_BIT(SHA256),
	.needs_key = true,
	.per_minute = 60,
	.timeout_s = 10,
	.request = request,
	.judge = judge,
};
