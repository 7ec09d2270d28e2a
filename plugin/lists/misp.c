// SPDX-License-Identifier: GPL-3.0-or-later
#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "list.h"

#define UUID_LEN 36

/* A feed of https://www.misp-project.org/feeds: a directory of events, each a
 * file UUID.json. Of its attributes those that are marked for detection. */

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

static int take_attributes(struct list_reader *r, const cJSON *attributes)
{
	const cJSON *a;

	cJSON_ArrayForEach(a, attributes)
	{
		const char *type = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(a, "type"));
		const char *value = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(a, "value"));

		if (!type || !value || !is_wanted(bytes_of(type)) ||
			!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(
				a, "to_ids"))) {
			r->skipped++;
			continue;
		}
		if (list_take(r, part_of(bytes_of(type), bytes_of(value))) < 0)
			return -1;
	}
	return 0;
}

static int take_event(struct list_reader *r, const cJSON *root)
{
	const cJSON *event = cJSON_GetObjectItemCaseSensitive(root, "Event");
	const cJSON *object;

	if (take_attributes(r,
		    cJSON_GetObjectItemCaseSensitive(event, "Attribute")) < 0)
		return -1;
	cJSON_ArrayForEach(
		object, cJSON_GetObjectItemCaseSensitive(event, "Object"))
	{
		if (take_attributes(r, cJSON_GetObjectItemCaseSensitive(
					       object, "Attribute")) < 0)
			return -1;
	}
	return 0;
}

static int take_file(struct list_reader *r, const char *path)
{
	cJSON *root = NULL;
	struct str text;
	int rc = list_slurp(r, path, LIST_JSON_MAX, &text);

	if (rc == 0)
		root = cJSON_ParseWithLength(str_z(&text), text.len);
	str_fini(&text);
	if (rc == 0 && !root) {
		str_addf(r->why, "%s: not JSON\n", path);
		rc = -1;
	}
	if (rc == 0)
		rc = take_event(r, root);
	cJSON_Delete(root);
	return rc;
}

static int directory(struct list_reader *r, const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *one;
	struct str name;
	int rc = 0;

	if (!dir) {
		str_addf(r->why, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	str_init(&name, PATH_MAX);
	while (rc == 0 && (one = readdir(dir))) {
		size_t len = strlen(one->d_name);

		if (len != UUID_LEN + 5 ||
			strcmp(one->d_name + UUID_LEN, ".json"))
			continue;
		str_reset(&name);
		str_addf(&name, "%s/%s", path, one->d_name);
		rc = take_file(r, str_z(&name));
	}
	str_fini(&name);
	closedir(dir);
	return rc;
}

const struct list list_misp = {
	.name = "misp",
	.directory = directory,
};
