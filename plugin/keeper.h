// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef KEEPER_H
#define KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

struct config;

/*
 * Front's hold on its keeper: a process that front starts while both are root,
 * where no systemd does it, and that keeps an intel process alive (keeping.h).
 * It ends once front has: it sees the end of the line between them, as a death
 * signal of front's would be that of a user who may not end root's.
 */
struct keeper {
	pid_t pid; /* 0: none runs */
	int fd; /* the line; -1: none */
};

/* The first word of a keeper's argv, which tells it that it is one. */
#define KEEPER_NAME "audisp-hunt: keeper"
/* Where a keeper finds its end of the line. */
#define KEEPER_FD 3

/* What is said on the line. */
#define KEEPER_RELOAD 'r'

/* Starts one where the configuration asks for it and somebody has to be asked
 * or fetched from. What cannot be is logged, and there is none. Root's to call,
 * before it gives that up. argv is front's. */
void keeper_start(struct keeper *k, const struct config *cf, char *const *argv);
/* SIGHUP came: intel reads its configuration and its keys again. */
void keeper_reload(const struct keeper *k);
/* SIGCHLD came: perhaps the keeper's. There is no other one then; only root
 * could start it. */
void keeper_child(struct keeper *k);

#endif
