// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * An operator's filters, a row a line up to the first NUL, held against the
 * arguments behind it: whatever the rows, the bits are those of names.
 *
 * seeds: ownrows
 * dict: rows
 */
#include "filter.h"

#include "fuzz.h"

static void take_rows(struct filter_rules *r, struct bytes rows)
{
	struct bytes line;
	struct str why;

	str_init(&why, 1u << 20);
	while (fuzz_next(&rows, '\n', &line)) {
		size_t before = why.len;
		int rc = filter_rules_line(r, line, &why);

		MUST((rc < 0) == (why.len > before) || !str_ok(&why));
	}
	str_fini(&why);
}

static void check_picks(const struct filter_rules *r)
{
	size_t n = filter_rules_count(r);
	struct str why;
	uint64_t bits;

	MUST(n <= FILTER_NAMES_MAX);
	str_init(&why, 4096);
	for (size_t i = 0; i < n; i++) {
		MUST(filter_rules_pick(r, bytes_of(filter_rules_name(r, i)),
			     &bits, &why) == 0);
		MUST(bits == UINT64_C(1) << i);
	}
	str_fini(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct filter_rules *r = filter_rules_new();
	struct filter *f = filter_new();
	struct bytes in = fuzz_bytes(data, len), rows = { NULL, 0 };
	struct fuzz_args args;
	struct event *ev;
	size_t n;

	MUST(r && f);
	(void)fuzz_next(&in, '\0', &rows);
	take_rows(r, rows);
	check_picks(r);
	fuzz_args_init(&args, in);
	ev = fuzz_event(&args);
	ev->exe = ev->comm = ev->uid.name = args.n ? args.v[0] : rows;
	filter_run(f, ev, r);
	n = filter_rules_count(r);
	MUST(n == FILTER_NAMES_MAX || ev->filters >> n == 0);
	event_destroy(ev);
	fuzz_args_fini(&args);
	filter_free(f);
	filter_rules_free(r);
	return 0;
}
