// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef GEODATA_H
#define GEODATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * What the bytes of a MaxMind database hold: its description at the end, and
 * the values of its data section (the MaxMind DB File Format Specification,
 * version 2.0). The library that searches the tree follows what a file says
 * without a bound, so that a file made for it may take all memory or stack;
 * here each question has GEODATA_STEPS_MAX values to be answered in.
 */
#define GEODATA_STEPS_MAX 4096

/* Whether a file describes itself such that the library may open it: -1: *why
 * says what is wrong. */
int geodata_check(struct bytes file, struct str *why)
	__attribute__((warn_unused_result));

/* The text, or the number without a sign, that the value at that offset of a
 * section has under path, "country/iso_code" for one. False: there is none of
 * that type. The text stands in the section. */
bool geodata_text(
	struct bytes section, size_t at, const char *path, struct bytes *to);
bool geodata_number(
	struct bytes section, size_t at, const char *path, uint64_t *to);

#endif
