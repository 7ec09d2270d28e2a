// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What is kept of a feed; pages of a TAXII collection with the bundle before, a
 * NUL between two: whatever they are, the bundle is one; a MISP manifest, lines
 * of the list before, and events: whatever they are, the list is one.
 *
 * seeds: list taxii misp
 * dict: tables
 */
#include "fuzz.h"

#include "fetch_meta.h"
#include "fetch_misp.h"
#include "fetch_taxii.h"
#include "list.h"

static void check_tag(const char *tag)
{
	for (; *tag; tag++)
		MUST(*tag >= 0x20 && *tag < 0x7f);
}

static void check_meta(struct bytes in)
{
	struct fetch_meta m, again;
	struct str text;

	fetch_meta_parse(&m, in);
	check_tag(m.etag);
	check_tag(m.modified);
	check_tag(m.after);
	str_init(&text, FETCH_META_MAX);
	fetch_meta_print(&m, &text);
	MUST(str_ok(&text));
	fetch_meta_parse(&again, str_bytes(&text));
	MUST(again.source == m.source && again.checked_ms == m.checked_ms);
	MUST(!strcmp(again.etag, m.etag) && !strcmp(again.after, m.after));
	MUST(!strcmp(again.modified, m.modified));
	str_fini(&text);
}

static void check_bundle(const struct str *text, size_t n)
{
	struct list_conf cf = { .kind = list_get(BYTES("stix")),
		.severity = INTEL_HIGH };
	struct str why, copy;

	str_init(&why, 4096);
	str_init(&copy, text->len);
	str_addb(&copy, str_bytes(text));
	if (list_try(&cf, str_bytes(&copy), &why) < 0)
		MUST(!strcmp(str_z(&why), "no indicator in it\n"));
	MUST(n || why.len);
	str_fini(&copy);
	str_fini(&why);
}

/* Each line has an entry, or none, and its event. */
static void check_list(struct bytes text)
{
	struct bytes line;

	MUST(!text.len || text.p[text.len - 1] == '\n');
	while (fuzz_next(&text, '\n', &line)) {
		const char *blank = memchr(line.p, ' ', line.len);

		if (!line.len)
			continue;
		MUST(blank && blank > line.p);
		MUST(line.len - (size_t)(blank - line.p) > 38);
		MUST(blank[37] == ':');
	}
}

static void check_misp(struct bytes in)
{
	struct fetch_misp *m = fetch_misp_new();
	struct bytes rest = in, part;
	struct str text, why, url;

	MUST(m);
	str_init(&text, 64 * in.len + 4096);
	str_init(&why, 4096);
	str_init(&url, 8192);
	if (fuzz_next(&rest, '\0', &part) &&
		fetch_misp_manifest(m, part, &why) == 0) {
		for (int i = 0; i < 3 && fuzz_next(&rest, '\n', &part); i++)
			fetch_misp_line(m, part, &text);
		while (fetch_misp_has_next(m) &&
			fuzz_next(&rest, '\0', &part)) {
			fetch_misp_url(m, "https://a/", &url);
			MUST(url.len == 10 + 36 + 5);
			str_reset(&url);
			fetch_misp_event(m, part, &text);
		}
		MUST(str_ok(&text));
		check_list(str_bytes(&text));
	} else {
		MUST(why.len || !in.len);
	}
	fetch_misp_free(m);
	str_fini(&text);
	str_fini(&why);
	str_fini(&url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_bytes(data, len), rest = in, page;
	struct fetch_taxii *t = fetch_taxii_new("2026-01-01T00:00:00Z");
	struct str text, why, url;
	int n = 0;

	MUST(t);
	check_meta(in);
	check_misp(in);
	str_init(&text, 8 * len + 4096);
	str_init(&why, 4096);
	str_init(&url, 8192);
	fetch_taxii_begin(&text);
	while (fuzz_next(&rest, '\0', &page)) {
		size_t before = text.len;

		if (n++ % 3 == 2)
			fetch_taxii_line(t, page, 1700000000000, &text);
		else if (fetch_taxii_page(
				 t, page, n & 8 ? "2027" : "", &text, &why) < 0)
			MUST(why.len);
		MUST(text.len - before <= 8 * page.len + 64);
		fetch_taxii_url(t, "https://a/", &url);
		fuzz_touch(str_bytes(&url));
		str_reset(&url);
	}
	fetch_taxii_end(&text);
	MUST(str_ok(&text));
	check_bundle(&text, fetch_taxii_count(t));
	check_tag(fetch_taxii_after(t));
	fetch_taxii_free(t);
	str_fini(&text);
	str_fini(&why);
	str_fini(&url);
	return 0;
}
