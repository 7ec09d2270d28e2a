// SPDX-License-Identifier: GPL-3.0-or-later
/* The texts of a process, which share a block, against texts that do not. */
#include "check.h"
#include "lineage_state.h"

#define LONGEST 300

static const size_t limits[LINEAGE_TEXTS] = { LINEAGE_EXE_MAX, LINEAGE_CMD_MAX,
	CONTAINER_ID_MAX, CONTAINER_ID_MAX };

struct shadow {
	char text[LONGEST];
	size_t len;
};

static void check_all(const struct process *p, const struct shadow *shadows)
{
	for (int i = 0; i < LINEAGE_TEXTS; i++) {
		struct bytes want = { shadows[i].len ? shadows[i].text : NULL,
			shadows[i].len };

		CHECK_BYTES(lineage_get_text(p, (enum lineage_text)i), want);
	}
}

static void set(struct process *p, struct shadow *to, int which,
	const char *text, size_t len)
{
	size_t kept = len < limits[which] ? len : limits[which];
	struct bytes all = { text, len };

	lineage_set_text(p, (enum lineage_text)which, all);
	memcpy(to->text, which == LINEAGE_EXE ? text + len - kept : text, kept);
	to->len = kept;
	CHECK(lineage_has_text(p, (enum lineage_text)which, all));
}

static void check_many(void)
{
	struct shadow shadows[LINEAGE_TEXTS] = { 0 };
	struct process p = { 0 };
	unsigned long long seed = 1;
	char text[LONGEST];

	check_start("random");
	for (int n = 0; n < 20000; n++) {
		int which = (int)(check_random(&seed) % LINEAGE_TEXTS);
		size_t len = check_random(&seed) % 4
				     ? check_random(&seed) % LONGEST
				     : 0;

		for (size_t i = 0; i < len; i++)
			text[i] = (char)check_random(&seed);
		set(&p, &shadows[which], which, text, len);
		check_all(&p, shadows);
	}
	lineage_drop_texts(&p);
	memset(shadows, 0, sizeof(shadows));
	check_all(&p, shadows);
}

/* A text may be set to a part of itself. */
static void check_own(void)
{
	struct process p = { 0 };
	struct bytes all;

	check_start("own");
	lineage_set_text(&p, LINEAGE_EXE, BYTES("/usr/bin/id"));
	lineage_set_text(&p, LINEAGE_CMD, BYTES("id -u"));
	all = lineage_get_text(&p, LINEAGE_EXE);
	lineage_set_text(
		&p, LINEAGE_EXE, (struct bytes){ all.p + 9, all.len - 9 });
	CHECK_Z(lineage_get_text(&p, LINEAGE_EXE), "id");
	CHECK_Z(lineage_get_text(&p, LINEAGE_CMD), "id -u");
	CHECK(!lineage_has_text(&p, LINEAGE_EXE, BYTES("/usr/bin/id")));
	lineage_drop_texts(&p);
}

int main(void)
{
	check.module = "lineage_text";
	check_many();
	check_own();
	return check_end();
}
