// SPDX-License-Identifier: GPL-3.0-or-later
#include "tally.h"

#include "record.h"

/* Takes digits off the front of *b. */
static uint64_t take_number(struct bytes *b)
{
	uint64_t v = 0;

	while (b->len && b->p[0] >= '0' && b->p[0] <= '9' && v < UINT32_MAX) {
		v = v * 10 + (uint64_t)(b->p[0] - '0');
		b->p++;
		b->len--;
	}
	return v;
}

static void note_field(struct tally *t, struct bytes name, struct bytes value)
{
	uint64_t arg;

	if (bytes_equal(name, BYTES("argc"))) {
		t->has_argc = true;
		t->argc = take_number(&value);
		return;
	}
	if (name.len < 2 || name.p[0] != 'a')
		return;
	name.p++;
	name.len--;
	arg = take_number(&name);
	if (!name.len) {
		t->whole++;
	} else if (bytes_equal(name, BYTES("_len"))) {
		t->is_odd |= t->got != t->need;
		t->arg = arg;
		t->got = 0;
		t->need = take_number(&value);
	} else if (name.p[0] == '[') {
		bool is_quoted = value.len >= 2 && value.p[0] == '"';

		t->got += is_quoted ? value.len - 2 : value.len;
		t->is_odd |= arg != t->arg || t->got > t->need;
		t->whole += arg == t->arg && t->got == t->need;
	}
}

void tally_note(struct tally *t, struct bytes body)
{
	struct bytes name, value;

	while (record_next(&body, &name, &value))
		note_field(t, name, value);
}

bool tally_is_whole(const struct tally *t)
{
	return t->has_argc && !t->is_odd && t->whole == t->argc;
}
