// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef MISP_H
#define MISP_H

#include "str.h"

struct cJSON;

/*
 * Events of MISP as its feeds have them, a file UUID.json each:
 * https://www.misp-project.org/feeds
 */

#define MISP_UUID_LEN 36

/* Takes a value, borrowed. -1: no more can be taken. */
typedef int misp_take(void *arg, struct bytes value);
/* Each value of an event that is marked for detection and can be an indicator,
 * those of its objects too. -1: take said so. NULL has none. */
int misp_each(const struct cJSON *root, misp_take *take, void *arg)
	__attribute__((warn_unused_result));

#endif
