// SPDX-License-Identifier: GPL-3.0-or-later
#include "list.h"

/* One entry a line, its first word; what follows # or ; is a comment. */
static int text(struct list_reader *r, struct bytes rest)
{
	while (rest.len) {
		struct bytes line = list_line(&rest), word = list_word(&line);

		if (!word.len || word.p[0] == '#' || word.p[0] == ';')
			continue;
		if (word.p[word.len - 1] == ';' || word.p[word.len - 1] == ',')
			word.len--;
		if (list_take(r, word) < 0)
			return -1;
	}
	return 0;
}

const struct list list_plain = {
	.name = "plain",
	.text = text,
	.bytes_max = LIST_BYTES_MAX,
};
