// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

#include <stdio.h>

#include "text.h"

/* Of a URL: its Base64 in the alphabet for URLs, without padding. */
static void add_url_id(struct str *out, struct bytes url)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";

	for (size_t i = 0; i < url.len; i += 3) {
		size_t n = url.len - i < 3 ? url.len - i : 3;
		unsigned int v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (k < n ? (unsigned char)url.p[i + k] : 0);
		for (size_t k = 0; k <= n; k++)
			str_addc(out, digits[v >> (18 - 6 * k) & 63]);
	}
}

/* https://docs.virustotal.com/reference, version 3. */
static int request(const struct provider_conf *cf,
	const struct provider_query *q, struct provider_request *to)
{
	static const char *const sections[IOC_N_TYPES] = {
		[IOC_IPV4] = "ip_addresses",
		[IOC_IPV6] = "ip_addresses",
		[IOC_DNS] = "domains",
		[IOC_URL] = "urls",
		[IOC_MD5] = "files",
		[IOC_SHA1] = "files",
		[IOC_SHA256] = "files"
	};

	str_addf(&to->url, "%s/api/v3/%s/", cf->url, sections[q->type]);
	if (q->type == IOC_URL)
		add_url_id(&to->url, q->value);
	else
		provider_add_escaped(&to->url, q->value);
	provider_add_key(to, "x-apikey", q);
	return 0;
}

/* As msticpy: by how many engines call it malicious. */
static void judge_stats(const struct cJSON *body, struct provider_answer *to)
{
	static const char stats[] = "data/attributes/last_analysis_stats";
	double n = provider_number(provider_find(body, stats), "malicious", -1);

	if (n < 0)
		provider_say(to, PROVIDER_FAILED, "no analysis in the answer");
	else
		provider_known(to, n > 1    ? INTEL_HIGH
				   : n == 1 ? INTEL_MEDIUM
					    : INTEL_INFORMATION);
}

static void judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, const struct cJSON *body,
	struct provider_answer *to)
{
	struct bytes code = provider_text(body, "error/code");
	char why[64];

	(void)cf;
	(void)q;
	if (status >= 200 && status < 300) {
		judge_stats(body, to);
	} else if (code.p) {
		snprintf(why, sizeof(why), "%.60s", code.p);
		if (bytes_equal(code, BYTES("NotFoundError")))
			provider_say(to, PROVIDER_NOTHING, NULL);
		else
			provider_say(to, to->say, why);
	}
}

const struct provider provider_virustotal = {
	.name = "virustotal",
	.title = "VirusTotal",
	.url = "https://www.virustotal.com",
	.types = PROVIDER_ALL,
	.needs_key = true,
	.per_minute = 4,
	.per_day = 500,
	.timeout_s = 10,
	.request = request,
	.judge = judge,
	.takes_errors = true,
};
