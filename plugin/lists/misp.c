// SPDX-License-Identifier: GPL-3.0-or-later
#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "list.h"
#include "misp.h"

/* A feed of https://www.misp-project.org/feeds: a directory of events, each a
 * file UUID.json. Of its attributes those that are marked for detection. */

static int take_value(void *arg, struct bytes value)
{
	return list_take(arg, value);
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
		rc = misp_each(root, take_value, r);
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

		if (len != MISP_UUID_LEN + 5 ||
			strcmp(one->d_name + MISP_UUID_LEN, ".json"))
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
