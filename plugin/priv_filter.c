// SPDX-License-Identifier: GPL-3.0-or-later
#include "priv.h"

#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "priv_calls.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* A process of its own is all that anybody here needs. */
#define NAMESPACES                                                             \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |         \
		CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
/* An engine's child shares nothing with it. */
#define SHARED                                                                 \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |    \
		CLONE_PARENT)

/* Libseccomp takes a quarter of it for either filter. */
#define BUILD_LEN (1 << 20)

/* A call that this architecture or libseccomp does not know cannot be made
 * there either. */
static int allow(scmp_filter_ctx ctx, const char *name, unsigned int n,
	const struct scmp_arg_cmp *arg)
{
	int call = seccomp_syscall_resolve_name(name), rc;

	if (call == __NR_SCMP_ERROR)
		return 0;
	rc = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, call, n, arg);
	return rc == -EDOM || rc == -EEXIST ? 0 : rc;
}

static int allow_all(scmp_filter_ctx ctx, const char *const *names, size_t n)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = allow(ctx, names[i], 0, NULL);
	return rc;
}

static int allow_if(
	scmp_filter_ctx ctx, const char *name, struct scmp_arg_cmp arg)
{
	return allow(ctx, name, 1, &arg);
}

static int allow_clone(scmp_filter_ctx ctx, scmp_datum_t forbidden)
{
#ifdef __s390__
	return allow_if(
		ctx, "clone", SCMP_A1(SCMP_CMP_MASKED_EQ, forbidden, 0));
#else
	return allow_if(
		ctx, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, forbidden, 0));
#endif
}

/* Intel, and who starts it. */
static bool asks(enum priv_role role)
{
	return role == PRIV_INTEL || role == PRIV_KEEPER;
}

/* Front, and who starts what inherits its filter. */
static bool starts(enum priv_role role)
{
	return role == PRIV_FRONT || role == PRIV_KEEPER;
}

static int allow_sockets(scmp_filter_ctx ctx, enum priv_role role)
{
	static const int outside[] = { AF_INET, AF_INET6, AF_NETLINK };
	int rc = allow_if(ctx, "socket", SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0));

	for (size_t i = 0; asks(role) && i < COUNT(outside) && rc == 0; i++)
		rc = allow_if(ctx, "socket",
			SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)outside[i], 0));
	return rc;
}

/* A process of its own, or a thread; front's children are those of others,
 * too. Where clone3 is, its flags are out of reach: libraries go back to
 * clone. */
static int allow_children(scmp_filter_ctx ctx, enum priv_role role)
{
	int rc = allow_clone(
		ctx, role == PRIV_ENGINE ? NAMESPACES | SHARED : NAMESPACES);

	if (rc == 0 && role != PRIV_ENGINE)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS),
			seccomp_syscall_resolve_name("clone3"), 0);
	return rc == -EDOM ? 0 : rc;
}

/* Memory that holds code: none, but what libraries bring that are loaded
 * late, where names are resolved. It is never to be written. */
static int allow_memory(scmp_filter_ctx ctx, enum priv_role role)
{
	static const char *const calls[] = { "mmap", "mmap2", "mprotect" };
	int rc = 0;

	for (size_t i = 0; i < COUNT(calls) && rc == 0; i++) {
		rc = allow_if(ctx, calls[i],
			SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
		if (rc == 0 && role == PRIV_INTEL &&
			strcmp(calls[i], "mprotect") != 0)
			rc = allow_if(ctx, calls[i],
				SCMP_A2(SCMP_CMP_MASKED_EQ,
					PROT_EXEC | PROT_WRITE, PROT_EXEC));
	}
	return rc;
}

/* Calls that some arguments make dangerous. */
static int allow_some(scmp_filter_ctx ctx, enum priv_role role)
{
	scmp_datum_t self = (scmp_datum_t)getpid();
	int rc = allow_sockets(ctx, role);

	if (rc == 0)
		rc = allow_children(ctx, role);
	if (rc == 0)
		rc = allow_if(ctx, "prlimit64", SCMP_A0(SCMP_CMP_EQ, 0, 0));
	/* isatty() */
	if (rc == 0)
		rc = allow_if(ctx, "ioctl", SCMP_A1(SCMP_CMP_EQ, TCGETS, 0));
	if (rc == 0)
		rc = allow_if(
			ctx, "ioctl", SCMP_A1(SCMP_CMP_EQ, TIOCGWINSZ, 0));
	/* what the fallback socket has not read yet */
	if (rc == 0)
		rc = allow_if(ctx, "ioctl", SCMP_A1(SCMP_CMP_EQ, TIOCOUTQ, 0));
	/* what a resolver has not read yet */
	if (rc == 0 && asks(role))
		rc = allow_if(ctx, "ioctl", SCMP_A1(SCMP_CMP_EQ, FIONREAD, 0));
	if (rc == 0 && !starts(role))
		rc = allow_memory(ctx, role);
	/* abort() */
	if (rc == 0 && !starts(role))
		rc = allow_if(ctx, "tgkill", SCMP_A0(SCMP_CMP_EQ, self, 0));
	return rc;
}

/* Without enough, libseccomp frees some memory twice and dies of it. */
static bool has_memory(void)
{
	void *volatile p = malloc(BUILD_LEN); /* else compilers know better */

	free(p);
	return p;
}

void priv_filter(enum priv_role role, enum priv_seccomp action, struct str *why)
{
	scmp_filter_ctx ctx = NULL;
	int rc;

	if (action == PRIV_OFF)
		return;
	if (has_memory())
		ctx = seccomp_init(action == PRIV_LOG ? SCMP_ACT_LOG
						      : SCMP_ACT_KILL_PROCESS);
	if (!ctx) {
		str_addz(why, "no system call filter: out of memory\n");
		return;
	}
#ifdef SCMP_FLTATR_CTL_OPTIMIZE
	(void)!seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
#endif
	rc = allow_all(ctx, calls_of_engine, COUNT(calls_of_engine));
	if (rc == 0 && starts(role))
		rc = allow_all(ctx, calls_of_front, COUNT(calls_of_front));
	if (rc == 0 && asks(role))
		rc = allow_all(ctx, calls_of_intel, COUNT(calls_of_intel));
	if (rc == 0 && role == PRIV_KEEPER)
		rc = allow_all(ctx, calls_of_keeper, COUNT(calls_of_keeper));
	if (rc == 0)
		rc = allow_some(ctx, role);
	if (rc == 0)
		rc = seccomp_load(ctx);
	if (rc < 0)
		str_addf(why, "no system call filter: %s\n", strerror(-rc));
	seccomp_release(ctx);
}
