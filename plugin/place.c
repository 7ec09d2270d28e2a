// SPDX-License-Identifier: GPL-3.0-or-later
#include "place.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool place_is_ours(const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == geteuid();
}

int place_check(const char *file, struct str *why)
{
	const char *slash = strrchr(file, '/');
	char dir[PATH_MAX] = ".";
	struct stat st;

	if (slash && (size_t)(slash - file) < sizeof(dir)) {
		memcpy(dir, file, (size_t)(slash - file));
		dir[slash - file] = '\0';
		if (slash == file)
			memcpy(dir, "/", 2);
	}
	if (stat(dir, &st) < 0)
		str_addf(why, "%s: %s\n", dir, strerror(errno));
	else if (!place_is_ours(&st))
		str_addf(why, "%s: belongs to neither root nor uid %u\n", dir,
			(unsigned int)geteuid());
	else if ((st.st_mode & 022) && !(st.st_mode & S_ISVTX))
		str_addf(why, "%s: others may write it; chmod go-w mends it\n",
			dir);
	else
		return 0;
	return -1;
}
