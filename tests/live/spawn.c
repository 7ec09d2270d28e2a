// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Starts programs at a steady pace: spawn RATE COUNT PROGRAM
 *
 * Run i is "PROGRAM i", due i / RATE seconds after the first, i = 0.. Prints
 * "SECONDS LATE_MS": how long it all took, and by how much the latest start
 * missed its time (what a stalled audit chain does to the whole machine).
 *
 * spawn list runs what stdin lists, one after the other, with our environment:
 * "program NUL argc NUL arg NUL arg NUL ..." for each. Prints nothing.
 *
 * spawn b32 PROGRAM becomes PROGRAM through the 32-bit execve, which a 64-bit
 * process may use too. Only for x86-64; ends with 77 elsewhere.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIST_MAX (64u << 20)
#define NS_PER_S 1000000000LL

static long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

static void sleep_until(long long due_ns)
{
	struct timespec ts = { due_ns / NS_PER_S, due_ns % NS_PER_S };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL)
	    == EINTR)
		;
}

static int start(const char *program, long i)
{
	char number[24];
	char *argv[] = { (char *)program, number, NULL };
	char *envp[] = { NULL };
	pid_t pid;

	snprintf(number, sizeof(number), "%ld", i);
	pid = vfork();
	if (pid == 0) {
		execve(program, argv, envp);
		_exit(127);
	}
	return pid < 0 ? -1 : 0;
}

static int pace(long rate, long count, const char *program)
{
	long long start_ns = now_ns();
	long long late_ns = 0;

	for (long i = 0; i < count; i++) {
		long long due_ns = start_ns + i * NS_PER_S / rate;

		sleep_until(due_ns);
		if (now_ns() - due_ns > late_ns)
			late_ns = now_ns() - due_ns;
		if (start(program, i) < 0) {
			perror("vfork");
			return 1;
		}
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
	while (wait(NULL) > 0)
		;
	printf("%.3f %.3f\n", (now_ns() - start_ns) / 1e9, late_ns / 1e6);
	return 0;
}

/* Returns the string at *p and steps over it; NULL at the end. */
static char *next(char **p, char *end)
{
	char *s = *p;

	if (s == end)
		return NULL;
	*p = s + strlen(s) + 1;
	return s;
}

static int run_and_wait(const char *program, char **argv)
{
	int status = -1;
	pid_t pid = vfork();

	if (pid == 0) {
		execve(program, argv, environ);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) != 127 ? 0 : -1;
}

static int run_one(const char *program, char **p, char *end)
{
	char *number = next(p, end);
	size_t argc = number ? strtoul(number, NULL, 10) : 0;
	char **argv = calloc(argc + 1, sizeof(*argv));
	int rc;

	if (!argv)
		return -1;
	for (size_t i = 0; i < argc; i++)
		argv[i] = next(p, end);
	rc = run_and_wait(program, argv);
	free(argv);
	return rc;
}

static int list(void)
{
	char *text = calloc(1, LIST_MAX);
	char *p = text;
	char *program;
	size_t n;
	long i = 0;

	if (!text)
		return 1;
	n = fread(text, 1, LIST_MAX - 1, stdin);
	while ((program = next(&p, text + n))) {
		if (run_one(program, &p, text + n) < 0) {
			fprintf(stderr, "spawn: number %ld: %s\n", i, program);
			return 1;
		}
		i++;
	}
	free(text);
	return 0;
}

static int become_32bit(const char *program)
{
#ifdef __x86_64__
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	uint32_t *argv;
	long rc;

	if (low == MAP_FAILED || strlen(program) > 2000)
		return 1;
	memcpy(low, program, strlen(program) + 1);
	argv = (uint32_t *)(low + 2048);
	argv[0] = (uint32_t)(uintptr_t)low; /* then NULL, and no environment */
	__asm__ volatile("int $0x80" : "=a"(rc)
	    : "a"(11), "b"(low), "c"(argv), "d"(argv + 2) : "memory");
	errno = (int)-rc;
	perror(program);
	return 1;
#else
	(void)program;
	return 77;
#endif
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "b32") == 0)
		return become_32bit(argv[2]);
	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return list();
	if (argc == 4 && atol(argv[1]) > 0)
		return pace(atol(argv[1]), atol(argv[2]), argv[3]);
	fprintf(stderr, "usage: spawn RATE COUNT PROGRAM | list | b32 PROGRAM\n");
	return 2;
}
