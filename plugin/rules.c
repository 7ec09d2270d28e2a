// SPDX-License-Identifier: GPL-3.0-or-later
#include "rules.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>

#include "rowfile.h"

/* All of the shipped rows are 40 KiB. */
#define RULES_FILE_MAX (1u << 20)

static int take_row(void *rules, struct bytes line, struct str *why)
{
	return classify_rules_line(rules, line, why);
}

static int take_bin(void *rules, struct bytes line, struct str *why)
{
	return classify_rules_bin(rules, line, why);
}

static int is_categories(const struct dirent *d)
{
	return fnmatch("categories*.conf", d->d_name, FNM_PERIOD) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_file(struct classify_rules *r, const char *dir,
	const char *name, rowfile_take *take, struct str *why)
{
	struct str path;
	int rc;

	str_init(&path, PATH_MAX);
	str_addf(&path, "%s/%s", dir, name);
	rc = rowfile_read(str_z(&path), RULES_FILE_MAX, take, r, why);
	str_fini(&path);
	return rc;
}

static int read_categories(
	struct classify_rules *r, const char *dir, struct str *why)
{
	struct dirent **names;
	int n = scandir(dir, &names, is_categories, by_name), rc = 0;

	if (n < 0) {
		str_addf(why, "%s: %s\n", dir, strerror(errno));
		return -1;
	}
	if (n == 0) {
		str_addf(why, "%s: no categories*.conf in it\n", dir);
		rc = -1;
	}
	for (int i = 0; i < n; i++) {
		if (read_file(r, dir, names[i]->d_name, take_row, why) < 0)
			rc = -1;
		free(names[i]);
	}
	free(names);
	return rc;
}

struct classify_rules *rules_load(const char *dir, struct str *why)
{
	struct classify_rules *r = classify_rules_new();
	int rc;

	if (!r) {
		str_addz(why, "out of memory\n");
		return NULL;
	}
	rc = read_categories(r, dir, why);
	if (read_file(r, dir, "gtfobins.tsv", take_bin, why) < 0)
		rc = -1;
	if (rc == 0) {
		rc = classify_rules_done(r, why);
		if (rc < 0)
			str_addc(why, '\n');
	}
	if (rc == 0)
		return r;
	classify_rules_free(r);
	return NULL;
}
