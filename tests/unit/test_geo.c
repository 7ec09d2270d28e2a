// SPDX-License-Identifier: GPL-3.0-or-later
/* Values of a database's bytes, and a database that changes while it is
 * used. Whole ones are golden cases. */
#include "geo.h"

#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "event.h"
#include "geodata.h"
#include "log.h"

#define MARKER "\xab\xcd\xefMaxMind.com"
#define B(lit) BYTES(lit)

/* What stands under "a/b" of a section, or nothing. */
static const struct row {
	const char *name;
	struct bytes section;
	size_t at;
	const char *text; /* NULL: none */
	int64_t number; /* -1: none */
} rows[] = {
	{ "text",
		B("\xe1\x41"
		  "a\xe1\x41"
		  "b\x42xy"),
		0, "xy", -1 },
	{ "number",
		B("\xe1\x41"
		  "a\xe1\x41"
		  "b\xc3\x01\x02\x03"),
		0, NULL, 0x10203 },
	{ "number_0",
		B("\xe1\x41"
		  "a\xe1\x41"
		  "b\xa0"),
		0, NULL, 0 },
	{ "number_64",
		B("\xe1\x41"
		  "a\xe1\x41"
		  "b\x05\x02\x01\x00\x00\x00\x00"),
		0, NULL, 0x100000000 },
	{ "second",
		B("\xe2\x41"
		  "x\x02\x04\xe1\x41y\x41z\xa1\x01\x41"
		  "a\xe1\x41"
		  "b\x41q"),
		0, "q", -1 },
	{ "pointers",
		B("\x41"
		  "a\xe1\x41"
		  "b\x41q\xe1\x20\x00\x20\x02"),
		7, "q", -1 },
	{ "pointer_first",
		B("\x20\x02\xe1\x41"
		  "a\xe1\x41"
		  "b\x41q"),
		0, "q", -1 },
	{ "pointer_twice",
		B("\x20\x02\x20\x04\xe1\x41"
		  "a\xe1\x41"
		  "b\x41q"),
		0, NULL, -1 },
	{ "other_key",
		B("\xe1\x41"
		  "a\xe1\x41"
		  "c\x41q"),
		0, NULL, -1 },
	{ "no_map",
		B("\xe1\x41"
		  "a\x41"
		  "b"),
		0, NULL, -1 },
	{ "cut",
		B("\xe1\x41"
		  "a\xe1\x41"
		  "b\x43xy"),
		0, NULL, -1 },
	{ "outside",
		B("\xe1\x41"
		  "a\xe1\x41"
		  "b\x42xy"),
		99, NULL, -1 },
	{ "nothing", { "", 0 }, 0, NULL, -1 },
};

static void test_values(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct bytes text = { NULL, 0 };
		uint64_t number = 0;
		bool has_text, has_number;

		check_start("value/%s", r->name);
		has_text = geodata_text(r->section, r->at, "a/b", &text);
		CHECK(has_text == (r->text != NULL));
		CHECK(!has_text || bytes_equal(text, bytes_of(r->text)));
		has_number = geodata_number(r->section, r->at, "a/b", &number);
		CHECK(has_number == (r->number >= 0));
		CHECK(!has_number || number == (uint64_t)r->number);
	}
}

/* One node: what begins with a 0 bit is in US, the rest nowhere. */
static const char database[] =
	"\0\0\x11\0\0\x01"
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"\xe1\x47"
	"country\xe1\x48iso_code\x42US" MARKER
	"\xe9\x4anode_count\xc1\x01\x4brecord_size\xa1\x18\x4aip_"
	"version\xa1\x04"
	"\x4d"
	"database_type\x41x\x5b"
	"binary_format_major_version\xa1\x02\x5b"
	"binary_format_minor_version\xa0\x49languages\x01\x04\x42"
	"en\x4b"
	"description\xe1\x42"
	"en\x41x\x4b"
	"build_epoch\x01\x02\x01";

static char path[] = "/tmp/hunt-geo-XXXXXX";

static void put(const char *file, size_t len)
{
	FILE *f = fopen(file, "w");

	if (!f || fwrite(database, 1, len, f) != len || fclose(f) != 0 ||
		chmod(file, 0600) < 0)
		abort();
}

static bool is_us(struct geo *g, const char *address)
{
	struct event_place at;

	geo_find(g, bytes_of(address), &at);
	return bytes_equal(at.country, BYTES("US"));
}

static struct geo *open_it(int want)
{
	struct geo *g;
	struct str why;

	str_init(&why, 4096);
	CHECK(geo_open(&g, path, "none", &why) == want);
	CHECK((why.len > 0) == (want < 0));
	str_fini(&why);
	return g;
}

static void test_file(void)
{
	size_t len = sizeof(database) - 1;
	struct geo *g;
	struct str why;
	char new[80];

	check_start("file/found");
	put(path, len);
	g = open_it(0);
	CHECK(is_us(g, "8.8.8.8"));
	CHECK(is_us(g, "::ffff:8.8.8.8"));
	CHECK(!is_us(g, "212.58.244.20"));
	CHECK(!is_us(g, "2001:4860:4860::8888"));
	CHECK(!is_us(g, "10.0.0.1"));
	CHECK(!is_us(g, "example.com"));
	CHECK(!is_us(NULL, "8.8.8.8"));

	check_start("file/replaced");
	snprintf(new, sizeof(new), "%s.new", path);
	put(new, 1);
	CHECK(rename(new, path) == 0);
	CHECK(is_us(g, "8.8.8.8"));
	geo_free(g);
	CHECK(!open_it(-1));

	check_start("file/cut");
	put(path, len);
	g = open_it(0);
	CHECK(truncate(path, 0) == 0);
	CHECK(!is_us(g, "8.8.8.8"));
	put(path, len);
	CHECK(!is_us(g, "8.8.8.8"));
	geo_free(g);
	g = open_it(0);
	CHECK(is_us(g, "8.8.8.8"));
	geo_free(g);

	check_start("file/other_broken");
	str_init(&why, 4096);
	CHECK(geo_open(&g, path, "/nonexistent", &why) < 0);
	CHECK(is_us(g, "8.8.8.8"));
	geo_free(g);
	str_fini(&why);

	check_start("file/none");
	str_init(&why, 4096);
	CHECK(geo_open(&g, "none", "none", &why) == 0);
	CHECK(!g);
	str_fini(&why);
}

/* No part of it is one. */
static void test_cuts(void)
{
	check_start("cuts");
	for (size_t len = 0; len < sizeof(database) - 1; len++) {
		put(path, len);
		CHECK(!open_it(-1));
	}
}

int main(void)
{
	int fd = mkstemp(path);

	if (fd < 0)
		abort();
	close(fd);
	check.module = "geo";
	/* What is said of a file is no part of a test's output. */
	log_init(LOG_TO_SYSLOG);
	test_values();
	test_file();
	test_cuts();
	unlink(path);
	return check_end();
}
