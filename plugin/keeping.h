// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef KEEPING_H
#define KEEPING_H

struct config;
struct settings;

/*
 * The keeper's work: does for audisp-hunt-intel what its systemd units would
 * do. It makes the socket, in place of nobody who listens there, and the
 * directories that are missing; starts the program with that socket; starts it
 * again, after longer and longer where it does not stay; and once front is gone
 * ends it and takes the socket away. It reads nothing but single bytes of
 * front's (keeper.h).
 */

/* Whether this process is a front's keeper. */
int keeping_check(void) __attribute__((warn_unused_result));
/* Until front is gone; the exit status. */
int keeping_run(const struct settings *s, const struct config *cf)
	__attribute__((warn_unused_result));

#endif
