// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

/* https://pulsedive.com/api: one indicator's information. The key goes in the
 * query; there is no header for it. */
static int request(const struct provider_conf *cf,
	const struct provider_query *q, struct provider_request *to)
{
	str_addf(&to->url, "%s/api/info.php?indicator=", cf->url);
	provider_add_escaped(&to->url, q->value);
	if (q->key.len) {
		str_addz(&to->url, "&key=");
		provider_add_escaped(&to->url, q->key);
	}
	return 0;
}

/* As msticpy: by its risk. What it has and knows no risk of is unknown. */
static void judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, const struct cJSON *body,
	struct provider_answer *to)
{
	static const struct {
		const char *risk;
		enum intel_severity severity;
	} rows[] = { { "critical", INTEL_HIGH }, { "high", INTEL_HIGH },
		{ "medium", INTEL_MEDIUM }, { "low", INTEL_INFORMATION },
		{ "none", INTEL_UNKNOWN }, { "unknown", INTEL_UNKNOWN } };
	struct bytes error = provider_text(body, "error");

	(void)cf;
	(void)q;
	if (error.p) {
		if (strstr(error.p, "not found"))
			provider_say(to, PROVIDER_NOTHING, NULL);
		else if (status >= 200 && status < 300)
			provider_say(to, PROVIDER_FAILED, error.p);
		else
			provider_say(to, to->say, error.p);
		return;
	}
	if (status < 200 || status >= 300)
		return;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (provider_is(body, "risk", rows[i].risk)) {
			provider_known(to, rows[i].severity);
			return;
		}
	provider_say(to, PROVIDER_FAILED, "no risk in the answer");
}

const struct provider provider_pulsedive = {
	.name = "pulsedive",
	.title = "Pulsedive",
	.url = "https://pulsedive.com",
	.types = PROVIDER_IPS | PROVIDER_BIT(DNS) | PROVIDER_BIT(URL),
	.per_minute = 30,
	.per_day = 50,
	.timeout_s = 10,
	.request = request,
	.judge = judge,
	.takes_errors = true,
};
