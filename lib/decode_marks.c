// SPDX-License-Identifier: GPL-3.0-or-later
/* One look for all arguments: most commands have nothing but words. */
#include "decode_marks.h"

#include <ctype.h>

#include "str_block.h"

static bool is_mark(char c)
{
	return !isalnum((unsigned char)c) && c && !strchr("*+,-./=@_", c);
}

static bool has_mark(const char *p)
{
	block b = block_load(p);
	struct block_marks m =
		block_marks(~(block)(block_in_range(b | 0x20, 'a', 'z') |
				     block_in_range(b, '*', '9') | (b == '=') |
				     (b == '@') | (b == '_') | (b == '\0')));

	return m.lo | m.hi;
}

bool decode_has_marks(struct bytes args)
{
	size_t i = 0;

	for (; args.len - i >= BLOCK_LEN; i += BLOCK_LEN)
		if (has_mark(args.p + i))
			return true;
	/* Some again, rather than one by one. */
	if (i)
		return i < args.len && has_mark(args.p + args.len - BLOCK_LEN);
	for (; i < args.len; i++)
		if (is_mark(args.p[i]))
			return true;
	return false;
}
