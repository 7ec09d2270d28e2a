// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PROCESS_H
#define PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* Undoes what whoever started us left behind: auditd ignores most signals, or
 * blocks them where it restarts a plugin, and leaks descriptors. Afterwards
 * signals are default and unblocked but SIGPIPE, which is ignored, 0 to 2 are
 * open, and nothing above last_fd is. With is_held those that a running program
 * takes wait from now on, until it does: at a start they end nothing. */
void process_reset(int last_fd, bool is_held);
/* Blocks the signals that a running program takes on a descriptor: SIGTERM,
 * SIGINT, SIGHUP and SIGUSR1; *set is those. -1: errno says why. */
int process_hold(sigset_t *set) __attribute__((warn_unused_result));
/* Whether auditd started us: standard input is its end of a socket pair. */
bool process_is_plugin(void);
/* Gives free memory back, which else keeps the shape that was needed once. Some
 * milliseconds, for now and then. */
void process_trim(void);
/* How a child ended, by its wait status: "by signal 9". */
#define PROCESS_HOW_MAX 40
void process_how(int status, char *to, size_t size);
/* The path of a program in the directory of ours. -1: errno says why. */
int process_beside(char *to, size_t size, const char *name)
	__attribute__((warn_unused_result));

#endif
