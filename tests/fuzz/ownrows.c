// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A file of an operator's own indicators, a NUL, an argv to look for them in:
 * what is found has a name and a length within its limits.
 *
 * seeds: ownrows
 * dict: rows
 */
#include "fuzz.h"
#include "ioc.h"

static struct ioc_rules *read_rules(struct bytes file)
{
	struct ioc_rules *r = ioc_rules_new();
	struct bytes line;
	bool is_good = true;
	struct str why;

	MUST(r);
	str_init(&why, 2048);
	while (fuzz_next(&file, '\n', &line)) {
		struct bytes copy = fuzz_copy(line);

		str_reset(&why);
		if (ioc_rules_line(r, copy, &why) < 0) {
			MUST(why.len || !str_ok(&why));
			is_good = false;
		}
		fuzz_free(copy);
	}
	str_reset(&why);
	if (is_good && ioc_rules_done(r, &why) < 0) {
		MUST(why.len);
		is_good = false;
	}
	str_fini(&why);
	if (is_good)
		return r;
	ioc_rules_free(r);
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes rest = fuzz_bytes(data, len), rows = { NULL, 0 };
	struct ioc_conf cf = { .types = IOC_TYPES_DEFAULT };
	struct fuzz_args args;
	struct event *ev;

	(void)fuzz_next(&rest, '\0', &rows);
	cf.rules = read_rules(rows);
	fuzz_args_init(&args, rest);
	ev = fuzz_event(&args);
	ioc_run(ev, &cf);
	fuzz_args_fini(&args);
	MUST(ev->n_iocs <= IOC_EVENT_MAX);
	for (size_t i = 0; i < ev->n_iocs; i++) {
		const struct event_ioc *ioc = &ev->iocs[i];
		bool is_own = ioc->type >= IOC_N_TYPES;

		fuzz_touch(ioc->value);
		MUST(ioc->value.len >= 1 && ioc->value.len <= IOC_VALUE_MAX);
		MUST(!is_own ||
			(cf.rules && ioc->value.len <= IOC_OWN_LEN_MAX));
		if (is_own)
			MUST(*ioc_rules_type_name(cf.rules, ioc->type));
	}
	event_destroy(ev);
	ioc_rules_free(cf.rules);
	return 0;
}
