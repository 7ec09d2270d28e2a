// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>

/* Undoes what whoever started us left behind: auditd ignores most signals, or
 * blocks them where it restarts a plugin, and leaks descriptors. Afterwards
 * signals are default and unblocked but SIGPIPE, which is ignored, 0 to 2 are
 * open, and nothing above is. */
void process_reset(void);
/* Whether auditd started us: standard input is its end of a socket pair. */
bool process_is_plugin(void);

#endif
