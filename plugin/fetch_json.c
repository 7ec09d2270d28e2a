// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch_json.h"

#include <cjson/cJSON.h>

#define DEPTH_MAX 64

static bool is_small(struct bytes b, size_t values_max)
{
	size_t values = 0;
	bool in_text = false;
	int depth = 0;

	for (size_t i = 0; i < b.len; i++) {
		char c = b.p[i];

		if (in_text && c == '\\')
			i++;
		else if (c == '"')
			in_text = !in_text;
		else if (in_text)
			continue;
		else if (c == ',' && ++values > values_max)
			return false;
		else if ((c == '[' || c == '{') && ++depth > DEPTH_MAX)
			return false;
		else if (c == ']' || c == '}')
			depth--;
	}
	return true;
}

cJSON *fetch_json(struct bytes text, size_t values_max)
{
	return text.len && is_small(text, values_max)
		       ? cJSON_ParseWithLength(text.p, text.len)
		       : NULL;
}
