// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TEXTFILE_H
#define TEXTFILE_H

#include <stddef.h>

struct format_counter;
struct metrics;

/* Writes the counters, and what each of n filters kept back, as Prometheus'
 * node_exporter takes them from a directory of text files, the whole file at
 * once. What goes wrong is in the log. */
void textfile_write(const char *path, const struct metrics *m,
	const struct format_counter *filters, size_t n);

#endif
