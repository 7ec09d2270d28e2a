// SPDX-License-Identifier: GPL-3.0-or-later
#include "misp.h"

#include <cjson/cJSON.h>
#include <string.h>

/* "filename|sha256" and its like is a name and a hash; "ip-dst|port" is an
 * address and a port. */
static struct bytes part_of(struct bytes type, struct bytes value)
{
	const char *bar = memchr(value.p, '|', value.len);
	size_t left = bar ? (size_t)(bar - value.p) : value.len;

	if (!bar)
		return value;
	if (type.len > 9 && !memcmp(type.p, "filename|", 9))
		return (struct bytes){ bar + 1, value.len - left - 1 };
	return (struct bytes){ value.p, left };
}

static bool is_wanted(struct bytes type)
{
	static const char *const types[] = { "ip-src", "ip-dst", "domain",
		"hostname", "url", "uri", "md5", "sha1", "sha256", "email-src",
		"email-dst", "email", "btc", "xmr" };
	const char *bar = memchr(type.p, '|', type.len);

	if (bar && type.len > 9 && !memcmp(type.p, "filename|", 9))
		type = (struct bytes){ bar + 1,
			type.len - (size_t)(bar + 1 - type.p) };
	else if (bar)
		type.len = (size_t)(bar - type.p);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (bytes_equal(bytes_of(types[i]), type))
			return true;
	return false;
}

static int take_attributes(const cJSON *attributes, misp_take *take, void *arg)
{
	const cJSON *a;

	cJSON_ArrayForEach(a, attributes)
	{
		const char *type = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(a, "type"));
		const char *value = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(a, "value"));

		if (!type || !value || !is_wanted(bytes_of(type)) ||
			!cJSON_IsTrue(
				cJSON_GetObjectItemCaseSensitive(a, "to_ids")))
			continue;
		if (take(arg, part_of(bytes_of(type), bytes_of(value))) < 0)
			return -1;
	}
	return 0;
}

int misp_each(const cJSON *root, misp_take *take, void *arg)
{
	const cJSON *event = cJSON_GetObjectItemCaseSensitive(root, "Event");
	const cJSON *object;

	if (take_attributes(
		    cJSON_GetObjectItemCaseSensitive(event, "Attribute"), take,
		    arg) < 0)
		return -1;
	cJSON_ArrayForEach(
		object, cJSON_GetObjectItemCaseSensitive(event, "Object"))
	{
		if (take_attributes(cJSON_GetObjectItemCaseSensitive(
					    object, "Attribute"),
			    take, arg) < 0)
			return -1;
	}
	return 0;
}
