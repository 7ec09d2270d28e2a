// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ARGV_H
#define ARGV_H

#include "str.h"

struct event;

/*
 * The fields of an event's EXECVE records to its argv: aN, the pieces aN[k] of
 * a long argument with its aN_len, in whatever order, with gaps and repeats
 * flagged. Source: audit_log_execve_info in the kernel's auditsc.c.
 */
struct argv;

/* NULL when out of memory. */
struct argv *argv_new(void) __attribute__((warn_unused_result));
void argv_free(struct argv *av);
/* Takes one field; the value must live until argv_build. */
void argv_field(struct argv *av, struct bytes name, struct bytes value);
/* Writes ev's argv and its flaws, and starts anew. */
void argv_build(struct argv *av, struct event *ev);

#endif
