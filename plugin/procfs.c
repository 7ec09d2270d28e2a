// SPDX-License-Identifier: GPL-3.0-or-later
#include "procfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "container.h"
#include "lineage.h"
#include "text.h"

/* Where ppid and starttime stand in stat, counted from behind the name. */
#define STAT_PPID  1
#define STAT_START 19
/* Version 1 has a line for each of a dozen controllers. */
#define FILE_MAX 8192

struct procfs {
	int fd; /* /proc */
	int64_t second; /* of the looks below */
	unsigned int looks;
	char stat[1024], cgroup[FILE_MAX], exe[4096];
};

static int64_t clock_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

struct procfs *procfs_new(void)
{
	struct procfs *pf = calloc(1, sizeof(*pf));

	if (!pf)
		return NULL;
	pf->fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (pf->fd >= 0)
		return pf;
	free(pf);
	return NULL;
}

void procfs_free(struct procfs *pf)
{
	if (!pf)
		return;
	close(pf->fd);
	free(pf);
}

bool procfs_is_near(int64_t time_ms)
{
	int64_t now_ms = clock_ms(CLOCK_REALTIME);

	return time_ms > now_ms - PROCFS_NEAR_MS &&
	       time_ms < now_ms + PROCFS_NEAR_MS;
}

static struct bytes read_file(struct procfs *pf, uint32_t pid, const char *name,
	char *to, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%u/%s", pid, name);
	fd = openat(pf->fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return (struct bytes){ NULL, 0 };
	n = read(fd, to, size);
	close(fd);
	return (struct bytes){ n > 0 ? to : NULL, n > 0 ? (size_t)n : 0 };
}

/* PID (NAME) STATE PPID ...; a name may hold anything, a ) too. */
static bool read_stat(struct bytes b, struct lineage_seen *seen)
{
	const char *open = b.p ? memchr(b.p, '(', b.len) : NULL;
	const char *close = b.p ? memrchr(b.p, ')', b.len) : NULL;
	const char *end = b.p + b.len;
	uint64_t v;

	if (!open || !close || close < open)
		return false;
	seen->comm = (struct bytes){ open + 1, (size_t)(close - open) - 1 };
	for (int i = -1; close < end && i < STAT_START; i++) {
		const char *from = close + 1, *blank;
		size_t len;

		blank = memchr(from, ' ', (size_t)(end - from));
		close = blank ? blank : end;
		len = (size_t)(close - from);
		if (i != STAT_PPID && i != STAT_START - 1)
			continue;
		if (text_u64((struct bytes){ from, len }, 10, &v) < 0)
			return false;
		if (i == STAT_PPID)
			seen->ppid = (uint32_t)v;
		else
			seen->start = v;
	}
	return true;
}

/* starttime is in jiffies since the boot. */
static int64_t start_of(uint64_t jiffies)
{
	int64_t boot_ms = clock_ms(CLOCK_REALTIME) - clock_ms(CLOCK_BOOTTIME);

	return boot_ms +
	       (int64_t)(jiffies * 1000 / (uint64_t)sysconf(_SC_CLK_TCK));
}

static bool see(struct procfs *pf, uint32_t pid, struct lineage_seen *seen)
{
	char path[64];
	ssize_t n;

	*seen = (struct lineage_seen){ 0 };
	if (!read_stat(read_file(pf, pid, "stat", pf->stat, sizeof(pf->stat)),
		    seen))
		return false;
	seen->start_ms = start_of(seen->start);
	seen->container = container_of_cgroup(
		read_file(pf, pid, "cgroup", pf->cgroup, sizeof(pf->cgroup)));
	if (geteuid() != 0)
		return true; /* others' links are not ours to read */
	snprintf(path, sizeof(path), "%u/exe", pid);
	n = readlinkat(pf->fd, path, pf->exe, sizeof(pf->exe));
	if (n > 0 && (size_t)n < sizeof(pf->exe))
		seen->exe = (struct bytes){ pf->exe, (size_t)n };
	return true;
}

bool procfs_look(
	void *arg, uint32_t pid, int64_t time_ms, struct lineage_seen *seen)
{
	struct procfs *pf = arg;
	int64_t second = clock_ms(CLOCK_MONOTONIC) / 1000;

	if (!procfs_is_near(time_ms))
		return false;
	if (second != pf->second) {
		pf->second = second;
		pf->looks = 0;
	}
	return pf->looks++ < PROCFS_LOOKS_S && see(pf, pid, seen);
}

bool procfs_each(struct procfs *pf,
	void (*take)(void *arg, uint32_t pid, const struct lineage_seen *seen),
	void *arg)
{
	int64_t until_ms = clock_ms(CLOCK_MONOTONIC) + PROCFS_SEED_MS;
	DIR *dir = opendir("/proc");
	struct lineage_seen seen;
	struct dirent *entry;
	uint64_t pid;
	unsigned int n = 0;
	bool is_all = dir, has_init = false;

	while (dir && (entry = readdir(dir))) {
		if (text_u64(bytes_of(entry->d_name), 10, &pid) < 0)
			continue;
		is_all = n < PROCFS_SEEDS_MAX &&
			 clock_ms(CLOCK_MONOTONIC) <= until_ms;
		if (!is_all)
			break;
		n++;
		has_init |= pid == 1;
		if (see(pf, (uint32_t)pid, &seen))
			take(arg, (uint32_t)pid, &seen);
	}
	if (dir)
		closedir(dir);
	/* Where it is hidden, others are, too. */
	return is_all && has_init;
}
