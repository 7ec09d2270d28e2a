// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SYSCALLS_H
#define SYSCALLS_H

#include <stdint.h>

#include "str.h"

/* Names for AUDIT_ARCH_* values (linux/audit.h) and the numbers that execve
 * and execveat have there (each architecture's unistd.h). */

/* "x86_64"; NULL if unknown. */
const char *syscalls_arch(uint32_t arch);
/* "execve", "execveat", or NULL if it is another call or an unknown arch. */
const char *syscalls_exec(uint32_t arch, uint64_t number);

#endif
