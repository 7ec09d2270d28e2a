// SPDX-License-Identifier: GPL-3.0-or-later
#include "rowfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

/* Told of one file: who has mended these asks again. */
#define ERRORS_MAX 20
#define WHAT_MAX   2048

static int open_trusted(
	const char *file, size_t max, uid_t also, struct str *why)
{
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0) {
		str_addf(why, "%s: %s\n", file,
			errno == ELOOP ? "is a symbolic link"
				       : strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) < 0)
		str_addf(why, "%s: %s\n", file, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		str_addf(why, "%s: not a regular file\n", file);
	else if (st.st_uid != 0 && st.st_uid != geteuid() && st.st_uid != also)
		str_addf(why, "%s: belongs to neither root nor uid %u\n", file,
			(unsigned int)geteuid());
	else if (st.st_mode & 022)
		str_addf(why, "%s: others may write it; chmod go-w mends it\n",
			file);
	else if ((unsigned long long)st.st_size > max)
		str_addf(why, "%s: larger than %zu bytes\n", file, max);
	else
		return fd;
	close(fd);
	return -1;
}

int rowfile_open(const char *file, size_t max, struct str *why)
{
	return open_trusted(file, max, 0, why);
}

/* What it reads, sooner or later: a configuration that is refused for a signal
 * would have us run on the defaults. */
static ssize_t read_on(int fd, char *to, size_t n)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	for (;;) {
		ssize_t got = read(fd, to, n);

		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
		if (errno == EAGAIN)
			(void)!poll(&wait, 1, -1);
	}
}

static int slurp(int fd, struct str *text)
{
	for (;;) {
		char *to = str_room(text, 4096);
		ssize_t n;

		if (!to) {
			errno = EFBIG;
			return -1;
		}
		n = read_on(fd, to, 4096);
		if (n <= 0)
			return n < 0 ? -1 : 0;
		text->len += (size_t)n;
	}
}

static int take_lines(const char *file, struct bytes rest, rowfile_take *take,
	void *arg, struct str *why)
{
	unsigned int line = 0, errors = 0;
	struct str what;

	str_init(&what, WHAT_MAX);
	while (rest.len) {
		const char *nl = memchr(rest.p, '\n', rest.len);
		size_t len = nl ? (size_t)(nl - rest.p) : rest.len;

		line++;
		str_reset(&what);
		if (take(arg, (struct bytes){ rest.p, len }, &what) < 0 &&
			errors++ < ERRORS_MAX)
			str_addf(why, "%s:%u: %s\n", file, line, str_z(&what));
		rest.p += len + (nl ? 1 : 0);
		rest.len -= len + (nl ? 1 : 0);
	}
	if (errors > ERRORS_MAX)
		str_addf(why, "%s: and %u more errors\n", file,
			errors - ERRORS_MAX);
	str_fini(&what);
	return errors ? -1 : 0;
}

static int slurp_trusted(const char *file, size_t max, uid_t also,
	struct str *text, struct str *why)
{
	int fd = open_trusted(file, max, also, why), rc;

	if (fd < 0)
		return -1;
	rc = slurp(fd, text);
	if (rc < 0)
		str_addf(why, "%s: %s\n", file, strerror(errno));
	close(fd);
	return rc;
}

int rowfile_slurp(
	const char *file, size_t max, struct str *text, struct str *why)
{
	return slurp_trusted(file, max, 0, text, why);
}

/* Whose the directory of a file is, where nobody else can write there. */
static uid_t owner_of_place(const char *file)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(file, '/');
	struct stat st;

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - file + 1) : 1,
		slash ? file : ".");
	return lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) &&
			       !(st.st_mode & 022)
		       ? st.st_uid
		       : 0;
}

int rowfile_slurp_beside(
	const char *file, size_t max, struct str *text, struct str *why)
{
	return slurp_trusted(file, max, owner_of_place(file), text, why);
}

int rowfile_slurp_key(const char *file, struct str *key, struct str *why)
{
	struct bytes b;
	struct stat st;

	if (rowfile_slurp(file, ROWFILE_KEY_MAX, key, why) < 0)
		return -1;
	if (stat(file, &st) < 0 || (st.st_mode & 077)) {
		str_addf(why, "%s: others may read it; chmod 400 mends it\n",
			file);
		return -1;
	}
	b = str_bytes(key);
	while (b.len && strchr(" \t\r\n", b.p[b.len - 1]))
		b.len--;
	if (b.len && text_printable(b.p, b.len) == b.len &&
		text_ascii(b.p, b.len) == b.len) {
		str_cut(key, b.len);
		return 0;
	}
	str_addf(why, "%s: not one line of ASCII\n", file);
	return -1;
}

int rowfile_slurp_any(const char *file, struct str *text, struct str *why)
{
	bool is_stdin = !strcmp(file, "-");
	int fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : slurp(fd, text);

	if (rc < 0)
		str_addf(why, "%s: %s", file, strerror(errno));
	if (fd >= 0 && !is_stdin)
		close(fd);
	return rc;
}

static int write_all(int fd, struct bytes b)
{
	while (b.len) {
		ssize_t n = write(fd, b.p, b.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		b.p += n;
		b.len -= (size_t)n;
	}
	return 0;
}

int rowfile_move(const char *from, const char *to)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(to, '/');
	int fd, rc;

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - to + 1) : 1,
		slash ? to : ".");
	if (rename(from, to) < 0)
		return -1;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = fd < 0 ? -1 : fsync(fd);
	if (fd >= 0)
		close(fd);
	return rc;
}

int rowfile_replace(const char *file, struct bytes text, struct str *why)
{
	struct str temporary;
	int fd, rc = -1;

	str_init(&temporary, PATH_MAX);
	str_addf(&temporary, "%s.XXXXXX", file);
	fd = str_ok(&temporary) ? mkostemp(temporary.p, O_CLOEXEC) : -1;
	if (fd >= 0) {
		rc = write_all(fd, text);
		if (rc == 0 && (fchmod(fd, 0644) < 0 || fsync(fd) < 0))
			rc = -1;
		if (close(fd) < 0)
			rc = -1;
		if (rc == 0)
			rc = rowfile_move(temporary.p, file);
	}
	if (rc < 0)
		str_addf(why, "%s: %s\n", file, strerror(errno));
	if (rc < 0 && fd >= 0)
		unlink(temporary.p);
	str_fini(&temporary);
	return rc;
}

int rowfile_read(
	const char *file, rowfile_take *take, void *arg, struct str *why)
{
	struct str text;
	int rc;

	str_init(&text, ROWFILE_LEN_MAX + ROWFILE_GROWTH);
	rc = rowfile_slurp(file, ROWFILE_LEN_MAX, &text, why);
	if (rc == 0)
		rc = take_lines(file, str_bytes(&text), take, arg, why);
	str_fini(&text);
	return rc;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int rowfile_read_all(const char *dir, const char *glob, rowfile_take *take,
	void *arg, struct str *why)
{
	struct dirent **names;
	int n = scandir(dir, &names, NULL, by_name), n_read = 0;
	bool is_good = true;
	struct str path;

	if (n < 0) {
		str_addf(why, "%s: %s\n", dir, strerror(errno));
		return -1;
	}
	str_init(&path, PATH_MAX);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;

		str_reset(&path);
		str_addf(&path, "%s/%s", dir, name);
		if (fnmatch(glob, name, FNM_PERIOD) == 0) {
			n_read++;
			is_good &=
				rowfile_read(str_z(&path), take, arg, why) == 0;
		}
		free(names[i]);
	}
	free(names);
	str_fini(&path);
	return is_good ? n_read : -1;
}
