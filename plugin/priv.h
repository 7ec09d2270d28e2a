// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PRIV_H
#define PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "str.h"

/*
 * What a process gives up. Each does all of it that it can: whatever could not
 * be given up is a line in *why, and the process is to go on.
 */

enum priv_role { PRIV_FRONT, PRIV_ENGINE, PRIV_INTEL, PRIV_KEEPER };

/* What becomes of a system call that is none of the role's. */
enum priv_seccomp {
	PRIV_KILL, /* the process ends */
	PRIV_LOG, /* the kernel logs it */
	PRIV_OFF /* nothing: there is no filter */
};

/* Root becomes the user, as /etc/passwd has it, with that user's group alone;
 * it stays root where there is no such user. No capability is left. */
void priv_become(const char *user, struct str *why);
/* Root stays so, with what it takes to start another user's process, to signal
 * it and to see its end; as long as may_give with that of priv_give, too. What
 * is not kept does not come back. */
void priv_reduce(bool may_give, struct str *why);
/* The file is that user's from now on; nothing where there is no such user,
 * whose processes are root's. */
void priv_give(const char *path, const char *user, struct str *why);
/* A directory of that user's, where there is none. */
void priv_make_dir(
	const char *path, mode_t mode, const char *user, struct str *why);
/* No new privileges, no core dumps, nobody may trace it, few descriptors. */
void priv_harden(enum priv_role role, struct str *why);
/* Only the system calls of the role, and of engine's start where the role is
 * front, whose filter engine inherits under its own. The keeper's has what
 * intel needs, which inherits it. */
void priv_filter(
	enum priv_role role, enum priv_seccomp action, struct str *why);
/* Who goes first when memory runs out: front and its keeper last, engine and
 * intel early.
 * Before priv_harden, after which /proc/self is another's. */
void priv_oom(enum priv_role role);
/* What front uses, the ring too, stays in memory once it is there: none of it
 * is read back from a disk while auditd waits. Root's to do, where it may. */
void priv_lock_memory(void);
/* An upper bound of the process's address space; nothing under sanitizers,
 * which reserve much of it. */
void priv_limit_memory(size_t bytes);

#endif
