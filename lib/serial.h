// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SERIAL_H
#define SERIAL_H

#include <stdbool.h>
#include <stdint.h>

/* How far behind the highest serial a record may still arrive: far more than
 * two CPUs and a full queue of auditd ever put between two records. */
#define SERIAL_WINDOW 65536

/*
 * Which serials of one host were seen, to count those that never came. A
 * serial counts as missing once it is SERIAL_WINDOW behind, or at the end.
 * Zero-initialise. Serials wrap at 2^32.
 */
struct serial_window {
	bool is_started;
	uint32_t high;
	uint64_t missing; /* of those that left the window */
	uint64_t seen[SERIAL_WINDOW / 64];
};

/* Constant time, but for a jump: at most SERIAL_WINDOW steps. True: the serial
 * was the whole window behind, so counting started anew (a reboot). */
bool serial_note(struct serial_window *w, uint32_t serial);
/* Missing so far, those inside the window included. */
uint64_t serial_missing(const struct serial_window *w);

#endif
