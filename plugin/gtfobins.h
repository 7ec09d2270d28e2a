// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef GTFOBINS_H
#define GTFOBINS_H

#include "str.h"

/* The site's file has 270 KB. */
#define GTFOBINS_LEN_MAX (16u << 20)

/*
 * The rows of gtfobins.tsv, NAME<TAB>FUNCTION[:CONTEXTS],..., that the site's
 * api.json stands for: {"functions":{NAME:...},"executables":{NAME:{"functions"
 * :{FUNCTION:[{"contexts":{CONTEXT:...}}]}} or {"alias":NAME}}. Functions come
 * in the order of the first object, programs by their bytes; an alias has the
 * functions of what it stands for. -1: *why says what is wrong with it; any
 * fault at all is one, since half of the programs are worse than the old ones.
 */
int gtfobins_rows(struct bytes json, struct str *rows, struct str *why)
	__attribute__((warn_unused_result));

#endif
