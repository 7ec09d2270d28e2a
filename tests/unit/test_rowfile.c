// SPDX-License-Identifier: GPL-3.0-or-later
#include "rowfile.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define LATE_NS 50000000

/* Standard input that does not wait, and has its two halves late. */
static pid_t say_late(void)
{
	const struct timespec late = { .tv_nsec = LATE_NS };
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) < 0 ||
		dup2(ends[0], STDIN_FILENO) < 0)
		abort();
	close(ends[0]);
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 2; i++) {
			(void)!nanosleep(&late, NULL);
			if (write(ends[1], i ? "half" : "one ", 4) != 4)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	return pid;
}

static void test_late(void)
{
	struct str text, why;
	pid_t pid = say_late();
	int status = 1;

	check_start("what comes late is read to its end");
	str_init(&text, 65536);
	str_init(&why, 1024);
	CHECK_EQ(rowfile_slurp_any("-", &text, &why), 0);
	CHECK_BYTES(str_bytes(&text), BYTES("one half"));
	CHECK_BYTES(str_bytes(&why), BYTES(""));
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	str_fini(&text);
	str_fini(&why);
}

int main(void)
{
	check.module = "rowfile";
	test_late();
	return check_end();
}
