// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A list of indicators: the first byte is its kind, the rest the file.
 *
 * seeds: list
 * dict: tables
 */
#include "list.h"

#include <stdio.h>

#include "fuzz.h"

static void look_up(struct listmap_draft *d, struct bytes text)
{
	size_t len = listmap_draft_len(d);
	void *p = malloc(len);
	const char *list;
	struct listmap m;

	MUST(p);
	listmap_draft_pack(d, p);
	MUST(listmap_open(&m, (struct bytes){ p, len }) == 0);
	MUST(listmap_count(&m) == listmap_draft_count(d));
	for (unsigned int type = 0; type < IOC_N_TYPES; type++)
		if (listmap_get(&m, (enum ioc_type)type, text, &list) !=
			INTEL_NOT_ASKED)
			MUST(!strcmp(list, "l"));
	free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const kinds[] = { "plain", "hosts", "stix", "csv",
		"csv", "csv" };
	static const char *const columns[] = { "1", "1", "1", "1", "3", "ioc" };
	const uint64_t seed[2] = { 1, 2 };
	struct listmap_draft *d = listmap_draft_new(seed);
	size_t kind = len ? data[0] % 6 : 0;
	struct list_conf cf = { .kind = list_get(bytes_of(kinds[kind])),
		.severity = INTEL_HIGH };
	struct bytes input = fuzz_bytes(data + (len > 0), len - (len > 0));
	struct str why, text;
	struct list_reader r = {
		.conf = &cf, .draft = d, .now_ms = 1700000000000, .why = &why
	};

	MUST(d);
	str_init(&why, 4096);
	/* A kind may write over what it reads. */
	str_init(&text, len);
	str_addb(&text, input);
	(void)snprintf(cf.column, sizeof(cf.column), "%s", columns[kind]);
	r.number = listmap_draft_list(d, "l");
	(void)cf.kind->text(&r, str_bytes(&text));
	MUST(r.taken == listmap_draft_count(d));
	look_up(d, input);
	listmap_draft_free(d);
	str_fini(&text);
	str_fini(&why);
	return 0;
}
