// SPDX-License-Identifier: GPL-3.0-or-later
#include "rowfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Told of one file: who has mended these asks again. */
#define ERRORS_MAX 20
#define WHAT_MAX   2048

static int open_trusted(const char *file, size_t max, struct str *why)
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
	else if (st.st_uid != 0 && st.st_uid != geteuid())
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

static int slurp(int fd, struct str *text)
{
	for (;;) {
		char *to = str_room(text, 4096);
		ssize_t n;

		if (!to) {
			errno = EFBIG;
			return -1;
		}
		n = read(fd, to, 4096);
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

int rowfile_slurp(
	const char *file, size_t max, struct str *text, struct str *why)
{
	int fd = open_trusted(file, max, why), rc;

	if (fd < 0)
		return -1;
	rc = slurp(fd, text);
	if (rc < 0)
		str_addf(why, "%s: %s\n", file, strerror(errno));
	close(fd);
	return rc;
}

int rowfile_read(const char *file, size_t max, rowfile_take *take, void *arg,
	struct str *why)
{
	struct str text;
	int rc;

	str_init(&text, max + ROWFILE_GROWTH);
	rc = rowfile_slurp(file, max, &text, why);
	if (rc == 0)
		rc = take_lines(file, str_bytes(&text), take, arg, why);
	str_fini(&text);
	return rc;
}
