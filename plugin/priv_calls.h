// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PRIV_CALLS_H
#define PRIV_CALLS_H

/*
 * The system calls of each role by name, as glibc and musl make them on any
 * architecture; where one does not exist, its line means nothing. Those that
 * depend on their arguments are in priv_filter.c.
 */

/* Both roles: files, sockets that exist, memory, time, waiting. */
static const char *const calls_of_engine[] = {
	/* files: configuration, rows, outputs, state, spool */
	"read", "readv", "pread64", "write", "writev", "pwrite64", "lseek",
	"_llseek", "close", "fcntl", "fcntl64", "open", "openat", "fstat",
	"fstat64", "newfstatat", "fstatat64", "stat", "stat64", "lstat",
	"lstat64", "statx", "access", "faccessat", "faccessat2", "getdents",
	"getdents64", "readlink", "readlinkat", "getcwd", "mkdir", "mkdirat",
	"rename", "renameat", "renameat2", "unlink", "unlinkat", "ftruncate",
	"ftruncate64", "fsync", "fdatasync", "fchmod", "fallocate", "statfs",
	"statfs64", "fstatfs", "fstatfs64", "flock", "umask", "fadvise64",
	"fchown", "fchown32",
	/* a checkpoint's process, which runs nothing else */
	"fork", "wait4", "waitpid", "set_robust_list",
	/* what a child packs lists into, and its end */
	"memfd_create",
	/* sockets */
	"connect", "bind", "send", "sendto", "sendmsg", "recv", "recvfrom",
	"recvmsg", "getsockopt", "setsockopt", "shutdown", "getsockname",
	"getpeername",
	/* memory */
	"brk", "munmap", "mremap", "madvise",
	/* waiting */
	"epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait",
	"epoll_pwait", "epoll_pwait2", "poll", "ppoll", "ppoll_time64",
	"select", "_newselect", "pselect6", "pselect6_time64", "eventfd2",
	"signalfd4", "pipe", "pipe2", "timerfd_create", "timerfd_settime",
	"timerfd_settime64", "nanosleep", "clock_nanosleep",
	"clock_nanosleep_time64", "futex", "futex_time64", "sched_yield",
	"restart_syscall",
	/* time, signals, self */
	"clock_gettime", "clock_gettime64", "clock_getres",
	"clock_getres_time64", "gettimeofday", "time", "times", "rt_sigaction",
	"rt_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack", "getpid",
	"getppid", "gettid", "getuid", "getuid32", "geteuid", "geteuid32",
	"getgid", "getgid32", "getegid", "getegid32", "getrandom", "getrusage",
	"getrlimit", "ugetrlimit", "uname", "sysinfo", "exit", "exit_group"
};

/* What front needs beyond: starting an engine, and all that a program's start
 * takes before it can confine itself. */
static const char *const calls_of_front[] = { "execve", "execveat", "fork",
	"vfork", "wait4", "waitpid", "waitid", "kill", "tgkill", "dup", "dup2",
	"dup3", "prctl", "seccomp", "arch_prctl", "set_tid_address",
	"set_robust_list", "set_thread_area", "set_tls", "rseq", "setrlimit",
	"setpriority", "getpriority", "close_range", "chdir",
	"sched_getaffinity", "mmap", "mmap2", "mprotect", "membarrier",
	"riscv_flush_icache", "riscv_hwprobe", "cacheflush" };

/* What intel needs beyond the engine's: connections, and the threads and
 * libraries of name resolution. */
static const char *const calls_of_intel[] = { "accept", "accept4", "socketpair",
	"sendmmsg", "recvmmsg", "recvmmsg_time64", "set_tid_address", "rseq",
	"sched_getaffinity", "sched_setaffinity", "membarrier",
	"riscv_flush_icache", "riscv_hwprobe", "cacheflush" };

/* What the keeper needs beyond all of them: to make intel's socket, and to
 * become its user. */
static const char *const calls_of_keeper[] = { "listen", "lchown", "lchown32",
	"fchownat", "setresuid", "setresuid32", "setresgid", "setresgid32",
	"setgroups", "setgroups32", "capset", "capget" };

#endif
