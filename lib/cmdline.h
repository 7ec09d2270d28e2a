// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CMDLINE_H
#define CMDLINE_H

#include <stdbool.h>

#include "str.h"

struct event;

/* Stands for an argument whose records never came. */
#define CMDLINE_LOST "<...>"

/*
 * Appends the argv so that a shell reads the same argv back: bare words,
 * 'quoted' ones, and $'\xHH' for control characters and bytes that are no
 * UTF-8. What is appended is UTF-8 without control characters.
 */
void cmdline_shell(struct str *out, const struct event *ev);
/* The argv as AUOMS quotes it, rule by rule, which is close to a shell's way
 * but loses backslashes; <0...2> stands for arguments that never came. */
void cmdline_auoms(struct str *out, const struct event *ev);
/* The same for an argv of bare words that lie in one piece, at once. False: it
 * is none, and nothing was appended. */
bool cmdline_bare(struct str *out, const struct event *ev);
/* The first for one argument. */
void cmdline_shell_arg(struct str *out, struct bytes arg);

#endif
