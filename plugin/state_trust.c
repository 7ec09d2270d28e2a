// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "place.h"
#include "state_file.h"

/* Of SQLite's header, with where it has the application's id. */
#define HEAD_LEN 72
#define MAGIC_AT 68

static enum state_trust check_file(const char *file, struct str *why)
{
	struct stat st;

	if (lstat(file, &st) < 0) {
		if (errno == ENOENT)
			return STATE_ABSENT;
		str_addf(why, "%s: %s\n", file, strerror(errno));
		return STATE_NO_PLACE;
	}
	if (S_ISLNK(st.st_mode))
		str_addf(why, "%s: is a symbolic link\n", file);
	else if (!S_ISREG(st.st_mode))
		str_addf(why, "%s: not a regular file\n", file);
	else if (!place_is_ours(&st))
		str_addf(why, "%s: belongs to neither root nor uid %u\n", file,
			(unsigned int)geteuid());
	else if (st.st_mode & 022)
		str_addf(why, "%s: others may write it\n", file);
	else if (st.st_nlink != 1)
		str_addf(why, "%s: has another name\n", file);
	else
		return STATE_TRUSTED;
	return STATE_FOREIGN;
}

static const char *const journals[] = { "-journal", "-wal", "-shm" };

#define N_JOURNALS (sizeof(journals) / sizeof(journals[0]))

static int name(char *to, const char *file, const char *suffix)
{
	int n = snprintf(to, PATH_MAX, "%s%s", file, suffix);

	return n > 0 && n < PATH_MAX ? 0 : -1;
}

enum state_trust state_trust(const char *file, struct str *why)
{
	enum state_trust trust;
	char path[PATH_MAX];

	if (place_check(file, why) < 0)
		return STATE_NO_PLACE;
	trust = check_file(file, why);
	/* SQLite would play a journal back into the file. */
	for (size_t i = 0; i < N_JOURNALS && trust <= STATE_ABSENT; i++) {
		enum state_trust t;

		if (name(path, file, journals[i]) < 0)
			return STATE_NO_PLACE;
		t = check_file(path, why);
		if (t > STATE_ABSENT)
			trust = t;
	}
	return trust;
}

/* A path that was mistyped may be anything's: only what is a state file by its
 * header, or by its name where it has none, is in the way. */
static bool may_be_moved(const char *file)
{
	unsigned char head[HEAD_LEN] = { 0 };
	size_t len = strlen(file);
	bool has_name = len > 3 && !strcmp(file + len - 3, ".db");
	uint32_t magic = 0;
	struct stat st;
	int fd;

	if (lstat(file, &st) < 0)
		return errno == ENOENT;
	if (S_ISLNK(st.st_mode))
		return has_name;
	if (!S_ISREG(st.st_mode))
		return false;
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd >= 0 && read(fd, head, sizeof(head)) < 0)
		memset(head, 0, sizeof(head));
	if (fd >= 0)
		close(fd);
	if (memcmp(head, "SQLite format 3", 16) != 0)
		return has_name;
	for (size_t i = 0; i < 4; i++)
		magic = magic << 8 | head[MAGIC_AT + i];
	return magic == STATE_MAGIC;
}

int state_set_aside(const char *file, struct str *why)
{
	char from[PATH_MAX], bad[PATH_MAX], to[PATH_MAX];

	if (name(bad, file, ".bad") < 0)
		return -1;
	if (!may_be_moved(file)) {
		str_addf(why, "%s: is something else, and left alone\n", file);
		return -1;
	}
	/* The journals first: one left alone would be played back into
	 * whatever takes the file's place. */
	for (size_t i = 0; i < N_JOURNALS; i++)
		if (name(from, file, journals[i]) == 0 &&
			name(to, bad, journals[i]) == 0 && rename(from, to) < 0)
			(void)!unlink(errno == ENOENT ? to : from);
	if (rename(file, bad) == 0)
		str_addf(why, "%s: set aside as %s\n", file, bad);
	else if (errno != ENOENT)
		str_addf(why, "%s: cannot be set aside: %s\n", file,
			strerror(errno));
	else
		return 0;
	return access(file, F_OK) < 0 ? 0 : -1;
}
