// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "csv.h"
#include "list.h"
#include "text.h"

/* Lines that begin with # are comments, of which the last before the rows may
 * be the header, as abuse.ch has it. */

/* The next field of *line, which is NULL at its end. */
static bool next_field(struct bytes *line, struct bytes *field)
{
	bool is_last;

	if (!line->p)
		return false;
	*field = csv_field(line, &is_last);
	if (is_last)
		*line = (struct bytes){ NULL, 0 };
	return true;
}

/* The column of that name, from 0; -1 if there is none. */
static int find_name(struct bytes line, const char *name)
{
	struct bytes field;

	for (int i = 0; next_field(&line, &field); i++)
		if (bytes_equal(field, bytes_of(name)))
			return i;
	return -1;
}

static int take_row(struct list_reader *r, struct bytes line, uint64_t column)
{
	struct bytes field;

	for (uint64_t i = 0; next_field(&line, &field); i++)
		if (i == column)
			return list_take(r, field);
	r->skipped++;
	return 0;
}

/* Whether this is the header, a comment or the first line: then *column is the
 * one that is wanted. */
static bool is_header(
	const struct list_reader *r, struct bytes line, uint64_t *column)
{
	int i;

	while (line.len && (line.p[0] == '#' || line.p[0] == ' '))
		line.p++, line.len--;
	i = find_name(line, r->conf->column);
	if (i < 0)
		return false;
	*column = (uint64_t)i;
	return true;
}

static int text(struct list_reader *r, struct bytes rest)
{
	uint64_t column = 0;
	bool has_column =
		text_u64(bytes_of(r->conf->column), 10, &column) == 0 && column;
	int rc = 0;

	column -= has_column;
	while (rc == 0 && rest.len) {
		struct bytes line = list_line(&rest);

		if (!line.len)
			continue;
		if (!has_column && is_header(r, line, &column))
			has_column = true;
		else if (line.p[0] != '#' && !has_column)
			rc = -1;
		else if (line.p[0] != '#')
			rc = take_row(r, line, column);
	}
	if (rc < 0 && !has_column)
		str_addf(r->why, "%s: no column '%s'\n", r->conf->path,
			r->conf->column);
	return rc;
}

const struct list list_csv = {
	.name = "csv",
	.text = text,
	.bytes_max = LIST_BYTES_MAX,
};
