// SPDX-License-Identifier: GPL-3.0-or-later
/* Feeds: their lines of the configuration, what is kept beside their files, and
 * the pages of TAXII collections, the events of MISP feeds. */
#include <string.h>

#include "check.h"
#include "config.h"
#include "fetch_meta.h"
#include "fetch_misp.h"
#include "fetch_taxii.h"

#define PIN  "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"
#define REST " every_m=60 timeout_s=300 max_m="
#define URL  "https://a.example/x"

static const struct row {
	const char *line;
	const char *print; /* NULL: it is refused */
	const char *why;
} rows[] = {
	{ "plain " URL " name=a",
		"plain " URL " name=a" REST "64 severity=high", NULL },
	{ "csv " URL "?q=1&r=# name=a column=ioc severity=low every_m=5",
		"csv " URL "?q=1&r=# name=a every_m=5 timeout_s=300 max_m=64 "
		"severity=low column=ioc",
		NULL },
	{ "stix " URL " name=a", "stix " URL " name=a" REST "32 severity=high",
		NULL },
	{ "taxii " URL " name=a key=/k \"header=X-Key: {key}\" inside=yes",
		"taxii " URL " name=a key=/k header=\"X-Key: {key}\"" REST
		"32 inside=yes severity=high",
		NULL },
	{ "hosts " URL " name=a max_m=1024 sha256=" PIN,
		"hosts " URL " name=a sha256=" PIN REST "1024 severity=high",
		NULL },
	{ "misp " URL " name=a", "misp " URL " name=a" REST "64 severity=high",
		NULL },
	{ "misp " URL " name=a sha256=" PIN, NULL, "no sha256" },
	{ "misp " URL " name=a column=2", NULL, "'column=2'" },
	{ "odd " URL " name=a", NULL, "no feed 'odd'" },
	{ "plain http://a/x name=a", NULL, "takes https://" },
	{ "plain https:// name=a", NULL, "takes https://" },
	{ "plain " URL, NULL, "name=NAME" },
	{ "plain " URL " name=../a", NULL, "name=NAME" },
	{ "plain " URL " name=.a", NULL, "name=NAME" },
	{ "plain " URL " name=a.meta", NULL, "name=NAME" },
	{ "plain " URL " name=a column=2", NULL, "'column=2'" },
	{ "plain " URL " name=a severity=odd", NULL, "'severity=odd'" },
	{ "plain " URL " name=a odd", NULL, "'odd' is none of" },
	{ "plain " URL " name=a sha256=ab", NULL, "64 hexadecimal" },
	{ "plain " URL " name=a key=k", NULL, "absolute path" },
	{ "plain " URL " name=a header=X", NULL, "{key}" },
	{ "plain " URL " name=a key=/k header=X", NULL, "{key}" },
	{ "plain " URL " name=a every_m=0", NULL, "every_m takes" },
	{ "plain " URL " name=a max_m=1025", NULL, "max_m takes" },
	{ "stix " URL " name=a max_m=33", NULL, "at most 32" },
	{ "taxii " URL " name=a sha256=" PIN, NULL, "no sha256" },
	{ "plain " URL " name=a \"header=X", NULL, "without its end" },
	{ "plain", NULL, "the URL takes" },
	{ "", NULL, "no feed ''" },
};

static void test_lines(void)
{
	struct fetch_conf cf;
	struct str out, why;

	str_init(&out, 4096);
	str_init(&why, 4096);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		int rc;

		check_start("%s", r->line);
		str_reset(&out);
		str_reset(&why);
		rc = fetch_parse(&cf, bytes_of(r->line), &why);
		CHECK_EQ(rc, r->print ? 0 : -1);
		if (r->why)
			CHECK(strstr(str_z(&why), r->why) != NULL);
		if (rc == 0) {
			fetch_print(&cf, &out);
			CHECK_BYTES(str_bytes(&out), bytes_of(r->print));
		}
	}
	str_fini(&out);
	str_fini(&why);
}

/* Lists of this host first, then the feeds that are lists. */
static void test_lists(void)
{
	static struct config cf;
	struct list_conf list;
	bool is_first = true;
	struct str why;

	check_start("the lists of a configuration");
	str_init(&why, 4096);
	config_init(&cf);
	CHECK_EQ(config_set(&cf, "list=plain /a/b", &is_first, &why), 0);
	CHECK_EQ(config_set(&cf, "feed.dir=/d", &is_first, &why), 0);
	CHECK_EQ(config_set(&cf, "feed=taxii " URL " name=t severity=low",
			 &is_first, &why),
		0);
	CHECK(config_set(&cf, "feed=plain " URL " name=t", &is_first, &why) <
		0);
	CHECK(strstr(str_z(&why), "a second feed 't'") != NULL);
	CHECK(config_list(&cf, 0, &list) && !strcmp(list.path, "/a/b"));
	CHECK(!list.is_fetched);
	CHECK(config_list(&cf, 1, &list) && !strcmp(list.path, "/d/t"));
	CHECK(list.is_fetched && list.severity == INTEL_LOW);
	CHECK(!strcmp(list.kind->name, "stix") && !strcmp(list.name, "t"));
	CHECK(!config_list(&cf, 2, &list));
	str_fini(&why);
}

static void test_meta(void)
{
	struct fetch_meta m = { .source = 0xfedcba9876543210,
		.checked_ms = 1700000000000,
		.etag = "W/\"a b\"",
		.modified = "Wed, 21 Oct 2026 07:28:00 GMT" };
	struct str text;

	check_start("what is kept comes back");
	str_init(&text, FETCH_META_MAX);
	fetch_meta_print(&m, &text);
	CHECK_BYTES(str_bytes(&text),
		BYTES("source fedcba9876543210\nchecked 1700000000000\n"
		      "etag W/\"a b\"\n"
		      "modified Wed, 21 Oct 2026 07:28:00 GMT\n"));
	fetch_meta_parse(&m, str_bytes(&text));
	CHECK(m.source == 0xfedcba9876543210);
	CHECK_EQ(m.checked_ms, 1700000000000);
	CHECK_BYTES(bytes_of(m.etag), BYTES("W/\"a b\""));
	str_fini(&text);

	check_start("what cannot be kept is left out");
	fetch_meta_parse(&m, BYTES("source x\nchecked -1\netag \x01\nodd\n"
				   "modified \xc3\xbc\nafter 2026"));
	CHECK(!m.source && !m.checked_ms && !m.etag[0] && !m.modified[0]);
	CHECK_BYTES(bytes_of(m.after), BYTES("2026"));
}

#define INDICATOR(id, pattern, more)                                           \
	"{\"type\":\"indicator\",\"id\":\"" id "\",\"pattern\":\"" pattern     \
	"\"" more "}"

static void test_pages(void)
{
	struct fetch_taxii *t = fetch_taxii_new("2026-01-01T00:00:00Z");
	struct str out, why, url;

	check_start("pages, what is revoked, and what was there");
	str_init(&out, 1 << 16);
	str_init(&why, 1024);
	str_init(&url, 1024);
	fetch_taxii_url(t, "https://a/?x=1", &url);
	CHECK_BYTES(str_bytes(&url),
		BYTES("https://a/?x=1&match%5Btype%5D=indicator&limit=200"
		      "&added_after=2026-01-01T00%3A00%3A00Z"));
	fetch_taxii_begin(&out);
	str_reset(&out);
	CHECK_EQ(
		fetch_taxii_page(t,
			BYTES("{\"more\":true,\"next\":\"a b\",\"objects\":["
			      "{\"type\":\"identity\",\"id\":\"x\"}," INDICATOR(
				      "1", "p", ",\"name\":\"n\"") "]}"),
			"2026-02", &out, &why),
		0);
	CHECK_BYTES(str_bytes(&out), BYTES(INDICATOR("1", "p", "")));
	CHECK(fetch_taxii_has_more(t) && fetch_taxii_has_news(t));
	str_reset(&url);
	fetch_taxii_url(t, "https://a/", &url);
	CHECK_BYTES(str_bytes(&url),
		BYTES("https://a/?match%5Btype%5D=indicator&limit=200"
		      "&added_after=2026-01-01T00%3A00%3A00Z&next=a%20b"));
	str_reset(&out);
	CHECK_EQ(fetch_taxii_page(t,
			 BYTES("{\"objects\":[" INDICATOR(
				 "2", "q", ",\"revoked\":true") "]}"),
			 "2026-03", &out, &why),
		0);
	CHECK(!out.len && !fetch_taxii_has_more(t));
	CHECK_BYTES(bytes_of(fetch_taxii_after(t)), BYTES("2026-03"));
	fetch_taxii_line(t, BYTES(INDICATOR("2", "q", "") ",\n"), 0, &out);
	fetch_taxii_line(t, BYTES(INDICATOR("1", "old", "") ",\n"), 0, &out);
	fetch_taxii_line(
		t, BYTES("{\"type\":\"bundle\",\"objects\":[\n"), 0, &out);
	fetch_taxii_line(t,
		BYTES(INDICATOR(
			"3", "r", ",\"valid_until\":\"2026-01-01T00:00:00Z\"")),
		1800000000000, &out);
	CHECK(!out.len);
	fetch_taxii_line(t, BYTES(INDICATOR("4", "s", "") "\n"), 0, &out);
	CHECK_BYTES(str_bytes(&out), BYTES(",\n" INDICATOR("4", "s", "")));
	CHECK_EQ(fetch_taxii_count(t), 2);
	fetch_taxii_free(t);
	str_fini(&out);
	str_fini(&why);
	str_fini(&url);
}

#define UUID(n)       #n "0000000-0000-4000-8000-000000000000"
#define STAMPED(n, t) "\"" UUID(n) "\":{\"timestamp\":" t "}"

static void check_event(
	int line, struct fetch_misp *m, const char *body, const char *want)
{
	struct str out;

	str_init(&out, 1 << 16);
	if (fetch_misp_has_next(m)) {
		fetch_misp_event(m, bytes_of(body), &out);
		check_bytes(line, "event", str_bytes(&out), bytes_of(want));
	} else {
		check_fail(line, "there is none");
	}
	str_fini(&out);
}

static void test_events(void)
{
	struct fetch_misp *m = fetch_misp_new();
	struct str out, why, url;

	check_start("events, newest first, and what was there");
	str_init(&out, 1 << 16);
	str_init(&why, 1024);
	str_init(&url, 1024);
	fetch_misp_url(m, "https://a/b/", &url);
	CHECK_Z(str_bytes(&url), "https://a/b/manifest.json");
	CHECK_EQ(fetch_misp_manifest(m,
			 BYTES("{" STAMPED(1, "\"10\"") "," STAMPED(
				 2, "30") "," STAMPED(3, "20") "," STAMPED(4,
				 "5") "," STAMPED(5,
				 "null") ","
					 "\"../x\":{\"timestamp\":\"1\"}}"),
			 &why),
		0);
	fetch_misp_line(m, BYTES("8.8.4.4 " UUID(4) ":5"), &out);
	fetch_misp_line(m, BYTES("# " UUID(4) ":5"), &out);
	CHECK(!fetch_misp_has_news(m));
	fetch_misp_line(m, BYTES("8.8.4.5 " UUID(3) ":19"), &out);
	fetch_misp_line(m, BYTES("8.8.4.6 " UUID(7) ":5"), &out);
	fetch_misp_line(m, BYTES("8.8.4.7"), &out);
	fetch_misp_line(m, BYTES(""), &out);
	CHECK(fetch_misp_has_news(m));
	CHECK_Z(str_bytes(&out), "8.8.4.4 " UUID(4) ":5\n# " UUID(4) ":5\n");
	CHECK(fetch_misp_has_next(m));
	str_reset(&url);
	fetch_misp_url(m, "https://a/b", &url);
	CHECK_Z(str_bytes(&url), "https://a/b/" UUID(2) ".json");
	check_event(__LINE__, m,
		"{\"Event\":{\"Attribute\":[{\"type\":\"url\",\"to_ids\":true,"
		"\"value\":\"http://a/"
		"\\nx\"},{\"type\":\"url\",\"to_ids\":true,"
		"\"value\":\"# x\"},{\"type\":\"md5\",\"to_ids\":true,"
		"\"value\":\"ab\"}]}}",
		"ab " UUID(2) ":30\n# " UUID(2) ":30\n");
	check_event(__LINE__, m, "[", "# " UUID(3) ":20\n");
	check_event(__LINE__, m, "", "# " UUID(1) ":10\n");
	CHECK(!fetch_misp_has_next(m) && !fetch_misp_is_partial(m));
	fetch_misp_free(m);
	str_fini(&out);
	str_fini(&why);
	str_fini(&url);
}

/* More than a feed may have, and than one run takes. */
static void test_many(void)
{
	struct fetch_misp *m = fetch_misp_new();
	size_t n = 0;
	struct str text, why;

	check_start("events in several runs");
	str_init(&text, 1 << 22);
	str_init(&why, 1024);
	for (int i = 0; i < FETCH_MISP_EVENTS + 100; i++)
		str_addf(&text,
			"%s\"%08x-0000-4000-8000-000000000000\":"
			"{\"timestamp\":%d}",
			i ? "," : "{", i, i);
	str_addc(&text, '}');
	CHECK_EQ(fetch_misp_manifest(m, str_bytes(&text), &why), 0);
	for (int i = 100; i < FETCH_MISP_EVENTS; i++) {
		struct str line;

		str_init(&line, 200);
		str_addf(&line, "# %08x-0000-4000-8000-000000000000:%d", i, i);
		str_reset(&text);
		fetch_misp_line(m, str_bytes(&line), &text);
		CHECK(text.len);
		str_fini(&line);
	}
	while (fetch_misp_has_next(m) && n++ < 1000)
		fetch_misp_event(m, BYTES(""), &text);
	CHECK_EQ(n, 100);
	CHECK(!fetch_misp_is_partial(m));
	fetch_misp_free(m);
	m = fetch_misp_new();
	CHECK_EQ(fetch_misp_manifest(m, BYTES("[]"), &why), -1);
	CHECK(strstr(str_z(&why), "names no event") != NULL);
	fetch_misp_free(m);
	str_fini(&text);
	str_fini(&why);
}

int main(void)
{
	check.module = "fetch";
	test_lines();
	test_lists();
	test_meta();
	test_pages();
	test_events();
	test_many();
	return check_end();
}
