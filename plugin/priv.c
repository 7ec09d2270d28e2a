// SPDX-License-Identifier: GPL-3.0-or-later
#include "priv.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CAPS_MAX 64
/* An output or a file each, and what a process stands on. */
#define FDS_MAX 64
/* Of the user: front, an engine and its predecessor, a checkpoint of each. */
#define PROCESSES_MAX 8
/* auditd's are killed last; an engine can be started again. */
#define OOM_FRONT  "-900"
#define OOM_ENGINE "500"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static void complain(struct str *why, const char *what)
{
	str_addf(why, "%s: %s\n", what, strerror(errno));
}

/* Not by getpwnam(): what it loads may ask the network, and wait. */
static int find_user(const char *name, uid_t *uid, gid_t *gid)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *pw;
	int rc = -1;

	while (file && rc < 0 && (pw = fgetpwent(file))) {
		if (strcmp(pw->pw_name, name))
			continue;
		*uid = pw->pw_uid;
		*gid = pw->pw_gid;
		rc = 0;
	}
	if (file)
		fclose(file);
	return rc;
}

/* What no program started from here can get back. kept: bits that it can. */
static void drop_bounds(uint64_t kept, struct str *why)
{
	bool is_told = false;

	for (unsigned long cap = 0; cap < CAPS_MAX; cap++) {
		if (kept >> cap & 1 ||
			prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != 1 ||
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
			continue;
		if (!is_told)
			complain(why, "cannot drop capabilities for good");
		is_told = true;
	}
}

static void drop_capabilities(uint64_t kept, struct str *why)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	/* What is not there cannot be kept. */
	if (kept && syscall(SYS_capget, &header, data) < 0)
		kept = 0;
	for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		data[i].permitted &= (uint32_t)(kept >> (32 * i));
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}

	(void)!prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &header, data) < 0)
		complain(why, "cannot drop capabilities");
}

void priv_become(const char *user, struct str *why)
{
	uid_t uid;
	gid_t gid;

	if (geteuid() == 0) {
		drop_bounds(0, why);
		if (find_user(user, &uid, &gid) < 0)
			str_addf(why,
				"no user '%s' in /etc/passwd: running as root, "
				"without its capabilities; systemd-sysusers "
				"mends it\n",
				user);
		else if (setgroups(0, NULL) < 0 ||
			 setresgid(gid, gid, gid) < 0 ||
			 setresuid(uid, uid, uid) < 0)
			complain(why, "cannot become another user");
	}
	drop_capabilities(0, why);
}

void priv_reduce(bool may_give, struct str *why)
{
	uint64_t kept = 1u << CAP_SETUID | 1u << CAP_SETGID |
			1u << CAP_SETPCAP | 1u << CAP_KILL;

	if (may_give)
		kept |= 1u << CAP_CHOWN;
	drop_bounds(kept, why);
	drop_capabilities(kept, why);
}

void priv_give(const char *path, const char *user, struct str *why)
{
	uid_t uid;
	gid_t gid;

	if (find_user(user, &uid, &gid) == 0 && lchown(path, uid, gid) < 0)
		complain(why, path);
}

void priv_make_dir(
	const char *path, mode_t mode, const char *user, struct str *why)
{
	if (mkdir(path, mode) == 0)
		priv_give(path, user, why);
	else if (errno != EEXIST)
		complain(why, path);
}

static void limit(int rc, struct str *why)
{
	if (rc < 0)
		complain(why, "setrlimit");
}

void priv_harden(enum priv_role role, struct str *why)
{
	static const struct rlimit none = { 0, 0 }, few = { FDS_MAX, FDS_MAX };
	static const struct rlimit own = { PROCESSES_MAX, PROCESSES_MAX };

	limit(setrlimit(RLIMIT_CORE, &none), why);
	limit(setrlimit(RLIMIT_NOFILE, &few), why);
	if (role == PRIV_ENGINE)
		limit(setrlimit(RLIMIT_NPROC, &own), why);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		complain(why, "no_new_privs");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		complain(why, "cannot forbid tracing");
}

void priv_oom(enum priv_role role)
{
	const char *text = role == PRIV_FRONT || role == PRIV_KEEPER
				   ? OOM_FRONT
				   : OOM_ENGINE;
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, text, strlen(text));
	close(fd);
}

void priv_lock_memory(void)
{
	(void)!mlockall(MCL_CURRENT | MCL_ONFAULT);
}

void priv_limit_memory(size_t bytes)
{
	struct rlimit rl;

	if (IS_SANITIZED || getrlimit(RLIMIT_AS, &rl) < 0)
		return;
	rl.rlim_cur = rl.rlim_max == RLIM_INFINITY || rl.rlim_max > bytes
			      ? bytes
			      : rl.rlim_max;
	(void)!setrlimit(RLIMIT_AS, &rl);
}
