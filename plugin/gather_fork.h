// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef GATHER_FORK_H
#define GATHER_FORK_H

struct call;
struct gather_conf;
struct record;

/* Calls cf->fork where a SYSCALL record is about a fork that made a process,
 * or about the end of one. */
void gather_fork(const struct gather_conf *cf, const struct record *rec,
	const struct call *call);

#endif
