// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A file of classification rows, a NUL, a GTFOBins file, a NUL, an argv to run
 * them on. A line that is refused says why; those that are not are run.
 *
 * seeds: rows
 * dict: rows
 */
#include "classify.h"
#include "fuzz.h"

#define LINES_MAX 256

typedef int take_line(
	struct classify_rules *r, struct bytes line, struct str *why);

/* Takes the lines that are not bad yet, and marks those that turn out so.
 * True: there were none. */
static bool read_lines(struct classify_rules *r, struct bytes file,
	take_line *take, bool *is_bad)
{
	struct bytes line;
	struct str why;
	bool is_good = true;

	str_init(&why, 2048);
	for (size_t i = 0; i < LINES_MAX && fuzz_next(&file, '\n', &line);
		i++) {
		struct bytes copy = fuzz_copy(line);

		str_reset(&why);
		if (!is_bad[i] && take(r, copy, &why) < 0) {
			MUST(why.len || !str_ok(&why));
			is_good = !(is_bad[i] = true);
		}
		fuzz_free(copy);
	}
	str_fini(&why);
	return is_good;
}

static void run(struct classify_rules *r, struct bytes in)
{
	static struct classify *c;
	struct classify_conf cf = { .rules = r, .match = CLASSIFY_WORDS };
	struct fuzz_args args;
	struct event *ev;

	if (!c)
		c = classify_new();
	MUST(c);
	fuzz_args_init(&args, in);
	ev = fuzz_event(&args);
	classify_run(c, ev, &cf);
	for (size_t i = 0; i < ev->tags.n_categories; i++)
		fuzz_touch(ev->tags.categories[i]);
	cf.match = CLASSIFY_SUBSTRING;
	classify_run(c, ev, &cf);
	event_destroy(ev);
	fuzz_args_fini(&args);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	bool is_bad[2][LINES_MAX] = { 0 }, is_good = false;
	struct bytes rest = fuzz_bytes(data, len), rows = { NULL, 0 };
	struct bytes bins = { NULL, 0 };
	struct classify_rules *r = NULL;
	struct str why;

	str_init(&why, 2048);
	(void)fuzz_next(&rest, '\0', &rows);
	(void)fuzz_next(&rest, '\0', &bins);
	/* Rows are for use when all of them are good. */
	for (int i = 0; i < 3 && !is_good; i++) {
		classify_rules_free(r);
		r = classify_rules_new();
		MUST(r);
		is_good = read_lines(r, rows, classify_rules_line, is_bad[0]);
		is_good &= read_lines(r, bins, classify_rules_bin, is_bad[1]);
	}
	if (is_good && classify_rules_done(r, &why) == 0)
		run(r, rest);
	else
		MUST(!is_good || why.len);
	str_fini(&why);
	classify_rules_free(r);
	return 0;
}
