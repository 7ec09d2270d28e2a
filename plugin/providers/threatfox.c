// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

#include <cjson/cJSON.h>

#include "json.h"

#define SURE   75
#define LIKELY 50

/* https://threatfox.abuse.ch/api: search_ioc, which looks for substrings. */
static int request(const struct provider_conf *cf,
	const struct provider_query *q, struct provider_request *to)
{
	bool is_hash = 1u << q->type & PROVIDER_HASHES;

	to->is_post = true;
	str_addf(&to->url, "%s/api/v1/", cf->url);
	str_addz(&to->headers, "Content-Type: application/json\n");
	provider_add_key(to, "Auth-Key", q);
	json_open(&to->body, '{');
	json_field(&to->body, "query",
		is_hash ? BYTES("search_hash") : BYTES("search_ioc"));
	json_field(&to->body, is_hash ? "hash" : "search_term", q->value);
	json_close(&to->body, '}');
	return 0;
}

/* Whether a row is about the value, or the value and a port. */
static bool is_about(const struct cJSON *row, struct bytes value)
{
	struct bytes ioc = provider_text(row, "ioc");
	const char *colon;

	if (bytes_equal(ioc, value))
		return true;
	colon = ioc.p ? strrchr(ioc.p, ':') : NULL;
	return colon && (size_t)(colon - ioc.p) == value.len &&
	       !memcmp(ioc.p, value.p, value.len);
}

static void judge_rows(const struct provider_query *q, const struct cJSON *rows,
	struct provider_answer *to)
{
	/* A hash is searched for whole, and names the indicators beside it. */
	bool is_hash = 1u << q->type & PROVIDER_HASHES;
	const struct cJSON *row;
	double best = -1;

	cJSON_ArrayForEach(row, rows)
	{
		double level = provider_number(row, "confidence_level", 0);

		if ((is_hash || is_about(row, q->value)) && level > best)
			best = level;
	}
	if (best < 0)
		provider_say(to, PROVIDER_NOTHING, NULL);
	else
		provider_known(to, best >= SURE     ? INTEL_HIGH
				   : best >= LIKELY ? INTEL_MEDIUM
						    : INTEL_LOW);
}

static void judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, const struct cJSON *body,
	struct provider_answer *to)
{
	(void)cf;
	(void)status;
	if (!provider_abuse_ch(body, to))
		judge_rows(q, provider_find(body, "data"), to);
}

const struct provider provider_threatfox = {
	.name = "threatfox",
	.title = "ThreatFox",
	.url = "https://threatfox-api.abuse.ch",
	.types = PROVIDER_BIT(IPV4) | PROVIDER_BIT(DNS) | PROVIDER_BIT(URL) |
		 PROVIDER_BIT(MD5) | PROVIDER_BIT(SHA256),
	.needs_key = true,
	.per_minute = 60,
	.timeout_s = 10,
	.request = request,
	.judge = judge,
};
