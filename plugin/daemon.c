// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

#define NAME       "audisp-hunt"
#define STATUS_MAX 4096
#define UNSEEN_MAX 4096
/* A spool has two directories, one in the other. */
#define SPOOL_DEPTH 2

static bool read_status(pid_t pid, char to[STATUS_MAX])
{
	char path[64];
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, to, STATUS_MAX - 1);
	if (fd >= 0)
		close(fd);
	to[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* The value of "KEY:\tVALUE[ unit]"; empty if there is none. */
static struct bytes value_of(const char *status, const char *key)
{
	size_t len = strlen(key);

	for (const char *p = status; p && *p; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (strncmp(p, key, len) != 0 || p[len] != ':')
			continue;
		p += len + 1;
		p += strspn(p, " \t");
		return (struct bytes){ p, strcspn(p, " \t\n") };
	}
	return BYTES("");
}

static int64_t number_of(const char *status, const char *key)
{
	uint64_t n;

	return text_u64(value_of(status, key), 10, &n) == 0 && n <= INT32_MAX
		       ? (int64_t)n
		       : 0;
}

/* Returns its parent, 0 where it is none of ours. */
static pid_t look_at(struct daemon_process *p, pid_t pid)
{
	char status[STATUS_MAX];

	if (pid <= 1 || !read_status(pid, status) ||
		!bytes_equal(value_of(status, "Name"), BYTES(NAME)))
		return 0;
	p->pid = pid;
	p->rss_kib = number_of(status, "VmRSS");
	return (pid_t)number_of(status, "PPid");
}

static int add_files(struct daemon_seen *seen, int at, int depth)
{
	DIR *dir = fdopendir(at);
	struct dirent *e;
	int rc = 0;

	if (!dir) {
		close(at);
		return -1;
	}
	while (rc == 0 && (e = readdir(dir))) {
		struct stat st;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
			fstatat(at, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (S_ISDIR(st.st_mode) && depth > 1) {
			int fd = openat(at, e->d_name,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
					O_CLOEXEC);

			rc = fd < 0 ? -1 : add_files(seen, fd, depth - 1);
		} else if (S_ISREG(st.st_mode)) {
			seen->spool_files++;
			seen->spool_bytes += st.st_size;
		}
	}
	closedir(dir);
	return rc;
}

static void look_at_spool(struct daemon_seen *seen, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT) {
		seen->has_spool = true; /* nothing ever had to wait */
		return;
	}
	seen->has_spool = fd >= 0 && add_files(seen, fd, SPOOL_DEPTH) == 0;
	if (!seen->has_spool)
		str_addf(&seen->unseen, "the spool, %s: %s\n", path,
			strerror(errno));
}

void daemon_look(struct daemon_seen *seen, pid_t engine, const char *spool_dir)
{
	pid_t parent;

	*seen = (struct daemon_seen){ 0 };
	str_init(&seen->unseen, UNSEEN_MAX);
	parent = look_at(&seen->engine, engine);
	(void)look_at(&seen->front, parent);
	if (access("/proc/1/status", R_OK) < 0)
		str_addz(&seen->unseen,
			"the daemon's processes: /proc hides those of "
			"others\n");
	look_at_spool(seen, spool_dir);
	seen->has_kernel = kernel_audit_get(&seen->kernel) == 0;
	if (!seen->has_kernel)
		str_addf(&seen->unseen, "the kernel's audit status: %s\n",
			strerror(errno));
}
