// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PROCFS_H
#define PROCFS_H

#include <stdbool.h>
#include <stdint.h>

struct lineage_seen;

/*
 * What /proc tells of processes that run: stat and cgroup, which anyone may
 * read and which wait for nothing that a process could hold. Its memory, and
 * so its arguments, are never asked for: reading those can be made to wait.
 */
struct procfs;

/* An event further off than this is no news of this host: a pid in it may be
 * anybody's by now. */
#define PROCFS_NEAR_MS 5000
/* Processes that are asked for in a second, so that a storm of them costs no
 * more than that. */
#define PROCFS_LOOKS_S 2000
/* What is read at the start: so many at most, and for so long. */
#define PROCFS_SEEDS_MAX 16384
#define PROCFS_SEED_MS   500

/* NULL: there is no /proc, or no memory. */
struct procfs *procfs_new(void) __attribute__((warn_unused_result));
void procfs_free(struct procfs *pf);
/* Whether an event of that time is of now, on this host. */
bool procfs_is_near(int64_t time_ms);
/* lineage_conf.look; arg is the procfs. */
bool procfs_look(
	void *arg, uint32_t pid, int64_t time_ms, struct lineage_seen *seen);
/* Every process, by pid. False: there may be more. */
bool procfs_each(struct procfs *pf,
	void (*take)(void *arg, uint32_t pid, const struct lineage_seen *seen),
	void *arg);

#endif
