// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch_json.h"

#include <cjson/cJSON.h>

#include "json.h"

#define DEPTH_MAX 64

cJSON *fetch_json(struct bytes text, size_t values_max)
{
	return text.len && json_is_small(text, DEPTH_MAX, values_max)
		       ? cJSON_ParseWithLength(text.p, text.len)
		       : NULL;
}
