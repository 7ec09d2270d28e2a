// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

#include <cjson/cJSON.h>
#include <strings.h>

#include "json.h"

#define ATTRIBUTES_MAX 10

/* https://www.misp-project.org/openapi: attributes/restSearch. */
static int request(const struct provider_conf *cf,
	const struct provider_query *q, struct provider_request *to)
{
	to->is_post = true;
	str_addf(&to->url, "%s/attributes/restSearch", cf->url);
	str_addz(&to->headers, "Content-Type: application/json\n");
	provider_add_key(to, "Authorization", q);
	json_open(&to->body, '{');
	json_field(&to->body, "returnFormat", BYTES("json"));
	json_field(&to->body, "value", q->value);
	json_field_int(&to->body, "to_ids", 1);
	json_field_int(&to->body, "enforceWarninglist", 1);
	json_field_int(&to->body, "includeEventTags", 0);
	json_field_int(&to->body, "limit", ATTRIBUTES_MAX);
	json_close(&to->body, '}');
	return 0;
}

/* The threat level of its event; 4 is undefined, but somebody marked the
 * attribute for detection. */
static enum intel_severity severity_of(const struct cJSON *attribute)
{
	double level = provider_number(attribute, "Event/threat_level_id", 4);

	if (level == 1)
		return INTEL_HIGH;
	return level == 3 ? INTEL_LOW : INTEL_MEDIUM;
}

/* "value" of "filename|sha256" and its like is one of two. */
static bool is_about(const struct cJSON *attribute, struct bytes value)
{
	struct bytes v = provider_text(attribute, "value");
	const char *bar = v.p ? memchr(v.p, '|', v.len) : NULL;
	size_t left = bar ? (size_t)(bar - v.p) : v.len;

	if (v.p && left == value.len && !strncasecmp(v.p, value.p, value.len))
		return true;
	return bar && v.len - left - 1 == value.len &&
	       !strncasecmp(bar + 1, value.p, value.len);
}

static void judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, const struct cJSON *body,
	struct provider_answer *to)
{
	const struct cJSON *all = provider_find(body, "response/Attribute");
	enum intel_severity worst = INTEL_NOT_ASKED;
	const struct cJSON *attribute;

	(void)cf;
	(void)status;
	if (!cJSON_IsArray(all)) {
		provider_say(
			to, PROVIDER_FAILED, "no attributes in the answer");
		return;
	}
	cJSON_ArrayForEach(attribute, all)
	{
		enum intel_severity one = severity_of(attribute);

		if (is_about(attribute, q->value) && one > worst)
			worst = one;
	}
	if (worst == INTEL_NOT_ASKED)
		provider_say(to, PROVIDER_NOTHING, NULL);
	else
		provider_known(to, worst);
}

const struct provider provider_misp = {
	.name = "misp",
	.title = "MISP",
	.types = PROVIDER_ALL | PROVIDER_BIT(EMAIL),
	.needs_key = true,
	.per_minute = 300,
	.timeout_s = 10,
	.request = request,
	.judge = judge,
};
