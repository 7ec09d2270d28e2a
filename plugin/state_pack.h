// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef STATE_PACK_H
#define STATE_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

/* Numbers in one value of a row: eight bytes each, the lowest first. */

static inline void state_put(struct str *to, uint64_t v)
{
	for (unsigned int i = 0; i < 8; i++)
		str_addc(to, (char)(v >> (8 * i)));
}

/* False: there is none. */
static inline bool state_get(struct bytes *from, uint64_t *v)
{
	if (from->len < 8)
		return false;
	*v = 0;
	for (unsigned int i = 0; i < 8; i++)
		*v |= (uint64_t)(unsigned char)from->p[i] << (8 * i);
	from->p += 8;
	from->len -= 8;
	return true;
}

#endif
