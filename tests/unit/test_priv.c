// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What each role may no longer do. Every row is a child that has given up what
 * the role gives up, and then makes one call.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "priv.h"

#ifdef __SANITIZE_THREAD__
#define IS_SANITIZED true
#else
#define IS_SANITIZED CHECK_IS_SANITIZED
#endif

static void *page;

static long do_execve(void)
{
	static char *const argv[] = { "true", NULL }, *const none[] = { NULL };

	return execve("/nonexistent", argv, none);
}

static long do_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

/* Not so that the kernel would do it, were it allowed. */
static long do_thread(void)
{
	return syscall(SYS_clone, CLONE_VM | CLONE_THREAD, NULL, NULL, NULL, 0);
}

static long do_clone_user(void)
{
	return syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
}

static long do_clone3(void)
{
	struct clone_args args = { .exit_signal = SIGCHLD };

	return syscall(SYS_clone3, &args, sizeof(args)) < 0 && errno == ENOSYS
		       ? 0
		       : -1;
}

static long do_kill(void)
{
	return kill(getppid(), 0);
}

static long do_abort_other(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), 0);
}

static long do_abort_self(void)
{
	return syscall(SYS_tgkill, getpid(), getpid(), 0);
}

static long do_ptrace(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static long do_inet(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long do_inet6(void)
{
	return socket(AF_INET6, SOCK_DGRAM, 0);
}

static long do_netlink(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0);
}

static long do_unix(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static long do_map_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static long do_map_code_to_write(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static long do_map(void)
{
	void *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : munmap(p, 1 << 20);
}

static long do_protect_code(void)
{
	return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static long do_protect(void)
{
	return mprotect(page, 4096, PROT_READ);
}

static long do_mount(void)
{
	return mount("none", "/nonexistent", "tmpfs", 0, NULL);
}

static long do_unshare(void)
{
	return unshare(CLONE_NEWUSER);
}

static long do_chroot(void)
{
	return chroot("/");
}

static long do_setuid(void)
{
	return setuid(0);
}

static long do_setresuid(void)
{
	return setresuid((uid_t)-1, (uid_t)-1, (uid_t)-1);
}

static long do_listen(void)
{
	return listen(-1, 1) < 0 && errno == EBADF ? 0 : -1;
}

static long do_bpf(void)
{
	return syscall(SYS_bpf, 0, NULL, 0);
}

static long do_io_uring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL);
}

static long do_keyctl(void)
{
	return syscall(SYS_keyctl, 0, 0, 0, 0, 0);
}

static long do_userfaultfd(void)
{
	return syscall(SYS_userfaultfd, 0);
}

static long do_perf(void)
{
	return syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0);
}

static long do_module(void)
{
	return syscall(SYS_init_module, NULL, 0, "");
}

static long do_peek(void)
{
	struct iovec v = { page, 1 };

	return process_vm_readv(getppid(), &v, 1, &v, 1, 0);
}

static long do_memfd(void)
{
	return syscall(SYS_memfd_create, "x", 0);
}

static long do_prctl(void)
{
	return prctl(PR_SET_DUMPABLE, 1);
}

static long do_limit_other(void)
{
	struct rlimit rl = { 1, 1 };

	return syscall(SYS_prlimit64, getppid(), RLIMIT_NOFILE, &rl, NULL);
}

static long do_limit(void)
{
	struct rlimit rl;

	return getrlimit(RLIMIT_NOFILE, &rl);
}

static long do_open(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

enum { DIES = 1 << 0, WORKS = 1 << 1, FAILS = 1 << 2 };

static const struct {
	const char *name;
	long (*make)(void);
	int front, engine, intel, keeper;
} rows[] = {
#define ROW(name, front, engine, intel, keeper)                                \
	{                                                                      \
#name, do_##name, front, engine, intel, keeper                 \
	}
	ROW(execve, FAILS, DIES, DIES, FAILS),
	ROW(fork, WORKS, WORKS, WORKS, WORKS),
	ROW(thread, FAILS, DIES, FAILS, FAILS),
	ROW(clone_user, DIES, DIES, DIES, DIES),
	ROW(clone3, WORKS, DIES, WORKS, WORKS),
	ROW(kill, WORKS, DIES, DIES, WORKS),
	ROW(abort_other, WORKS, DIES, DIES, WORKS),
	ROW(abort_self, WORKS, WORKS, WORKS, WORKS),
	ROW(ptrace, DIES, DIES, DIES, DIES),
	ROW(inet, DIES, DIES, WORKS, WORKS),
	ROW(inet6, DIES, DIES, WORKS, WORKS),
	ROW(netlink, DIES, DIES, WORKS, WORKS),
	ROW(unix, WORKS, WORKS, WORKS, WORKS),
	ROW(map_code, WORKS, DIES, WORKS, WORKS),
	ROW(map, WORKS, WORKS, WORKS, WORKS),
	ROW(map_code_to_write, WORKS, DIES, DIES, WORKS),
	ROW(protect_code, WORKS, DIES, DIES, WORKS),
	ROW(protect, WORKS, WORKS, WORKS, WORKS),
	ROW(mount, DIES, DIES, DIES, DIES),
	ROW(unshare, DIES, DIES, DIES, DIES),
	ROW(chroot, DIES, DIES, DIES, DIES),
	ROW(setuid, DIES, DIES, DIES, DIES),
	ROW(setresuid, DIES, DIES, DIES, WORKS),
	ROW(listen, DIES, DIES, DIES, WORKS),
	ROW(bpf, DIES, DIES, DIES, DIES),
	ROW(io_uring, DIES, DIES, DIES, DIES),
	ROW(keyctl, DIES, DIES, DIES, DIES),
	ROW(userfaultfd, DIES, DIES, DIES, DIES),
	ROW(perf, DIES, DIES, DIES, DIES),
	ROW(module, DIES, DIES, DIES, DIES),
	ROW(peek, DIES, DIES, DIES, DIES),
	ROW(memfd, WORKS, WORKS, WORKS, WORKS),
	ROW(prctl, WORKS, DIES, DIES, WORKS),
	ROW(limit_other, DIES, DIES, DIES, DIES),
	ROW(limit, WORKS, WORKS, WORKS, WORKS),
	ROW(open, WORKS, WORKS, WORKS, WORKS),
#undef ROW
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* What became of the call. */
static int try(size_t row, enum priv_role role, enum priv_seccomp action)
{
	pid_t pid = fork();
	struct str why;
	int status;

	if (pid == 0) {
		str_init(&why, 4096);
		/* The front's child is what is to be forked here. */
		priv_harden(role, &why);
		priv_filter(
			role == PRIV_ENGINE ? PRIV_FRONT : role, action, &why);
		if (role == PRIV_ENGINE)
			priv_filter(role, action, &why);
		if (why.len)
			_exit(3);
		_exit(rows[row].make() < 0 ? 1 : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 0;
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? DIES : 0;
	return WEXITSTATUS(status) == 0   ? WORKS
	       : WEXITSTATUS(status) == 1 ? FAILS
					  : 0;
}

/* Where libc makes sockets by socketcall(2), its arguments lie in memory that
 * no filter sees. */
static bool is_hidden(long (*make)(void))
{
#ifdef SYS_socketcall
	return make == do_inet || make == do_inet6 || make == do_netlink;
#else
	(void)make;
	return false;
#endif
}

static void test_calls(void)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (is_hidden(rows[i].make)) {
			check_skip(rows[i].name, "socketcall(2) hides it");
			continue;
		}
		check_start("front, %s", rows[i].name);
		CHECK(try(i, PRIV_FRONT, PRIV_KILL) & rows[i].front);
		check_start("engine, %s", rows[i].name);
		CHECK(try(i, PRIV_ENGINE, PRIV_KILL) & rows[i].engine);
		check_start("intel, %s", rows[i].name);
		CHECK(try(i, PRIV_INTEL, PRIV_KILL) & rows[i].intel);
		check_start("keeper, %s", rows[i].name);
		CHECK(try(i, PRIV_KEEPER, PRIV_KILL) & rows[i].keeper);
	}
}

/* The ways out: the kernel's log, or no filter at all. */
static void test_actions(void)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].make != do_map_code && rows[i].make != do_prctl)
			continue;
		check_start("seccomp = log, %s", rows[i].name);
		CHECK_EQ(try(i, PRIV_ENGINE, PRIV_LOG), WORKS);
		check_start("seccomp = off, %s", rows[i].name);
		CHECK_EQ(try(i, PRIV_ENGINE, PRIV_OFF), WORKS);
	}
}

static bool is_under_valgrind(void)
{
	const char *under = getenv("UNDER");

	return under && strstr(under, "valgrind");
}

/* Libseccomp alone would die of it. */
static void test_memory(void)
{
	pid_t pid = fork();
	int status = -1;

	check_start("no memory for a filter");
	if (pid == 0) {
		struct rlimit none = { 1, 1 };
		struct str why;

		str_init(&why, 4096);
		str_addz(&why, "x"); /* room for the rest */
		(void)!setrlimit(RLIMIT_AS, &none);
		priv_filter(PRIV_FRONT, PRIV_KILL, &why);
		_exit(!strstr(str_z(&why), "out of memory"));
	}
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
	CHECK_EQ(status, 0);
}

int main(void)
{
	check.module = "priv";
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (IS_SANITIZED) {
		check_skip("calls", "sanitizers make calls of their own");
	} else if (is_under_valgrind()) {
		check_skip("calls", "valgrind has no system call filters");
	} else if (prctl(PR_GET_SECCOMP) < 0) {
		check_skip("calls", "no system call filters here");
	} else {
		test_calls();
		test_actions();
		test_memory();
	}
	return check_end();
}
