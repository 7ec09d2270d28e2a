// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

/*
 * Any service that answers a GET with JSON, by the configuration alone: where
 * {value}, {type} and {key} stand in url= and header=, the indicator, its type
 * and the key are put; severity= is the path to what decides.
 */
static void add_filled(
	struct str *out, const char *text, const struct provider_query *q)
{
	struct bytes type = bytes_of(ioc_type_name(q->type));
	bool is_url = !strncmp(text, "https://", 8);

	while (*text) {
		if (!strncmp(text, "{value}", 7)) {
			provider_add_escaped(out, q->value);
			text += 7;
		} else if (!strncmp(text, "{type}", 6)) {
			str_addb(out, type);
			text += 6;
		} else if (!strncmp(text, "{key}", 5)) {
			if (is_url)
				provider_add_escaped(out, q->key);
			else
				str_addb(out, q->key);
			text += 5;
		} else {
			str_addc(out, *text++);
		}
	}
}

static int request(const struct provider_conf *cf,
	const struct provider_query *q, struct provider_request *to)
{
	add_filled(&to->url, cf->url, q);
	if (cf->header[0]) {
		add_filled(&to->headers, cf->header, q);
		str_addc(&to->headers, '\n');
	}
	return 0;
}

/* Whether text is one of "malicious,bad". */
static bool is_listed(const char *list, struct bytes text)
{
	while (*list) {
		size_t len = strcspn(list, ",");

		if (bytes_equal((struct bytes){ list, len }, text))
			return true;
		list += len + (list[len] == ',');
	}
	return false;
}

/* A number reaches a threshold, a text is one of a list. */
static bool reaches(const char *limit, const struct cJSON *item)
{
	char *end;
	double least = strtod(limit, &end);
	bool is_number = *limit && !*end;

	if (cJSON_IsBool(item))
		return !strcmp(limit, cJSON_IsTrue(item) ? "true" : "false");
	if (is_number)
		return provider_number(item, "", least - 1) >= least;
	return *limit && is_listed(limit, provider_text(item, ""));
}

static void judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, const struct cJSON *body,
	struct provider_answer *to)
{
	const struct cJSON *item = provider_find(body, cf->path);

	(void)q;
	(void)status;
	if (!item || cJSON_IsNull(item))
		provider_say(to, PROVIDER_NOTHING, NULL);
	else
		provider_known(to, reaches(cf->high, item)     ? INTEL_HIGH
				   : reaches(cf->medium, item) ? INTEL_MEDIUM
				   : reaches(cf->low, item)
					   ? INTEL_LOW
					   : INTEL_INFORMATION);
}

const struct provider provider_http = {
	.name = "http",
	.title = "HTTP and JSON",
	.types = PROVIDER_ALL | PROVIDER_BIT(EMAIL),
	.per_minute = 60,
	.timeout_s = 10,
	.request = request,
	.judge = judge,
};
