// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include "check.h"
#include "filter.h"
#include "sample.h"

static struct sample sample;
static struct filter *filter;

static struct filter_rules *rules_of(const char *text, struct str *why)
{
	struct filter_rules *r = filter_rules_new();
	struct bytes rest = bytes_of(text);

	if (!r)
		abort();
	while (rest.len) {
		const char *nl = memchr(rest.p, '\n', rest.len);
		size_t len = nl ? (size_t)(nl - rest.p) : rest.len;

		if (filter_rules_line(r, (struct bytes){ rest.p, len }, why) <
			0) {
			filter_rules_free(r);
			return NULL;
		}
		rest.p += len + (nl != NULL);
		rest.len -= len + (nl != NULL);
	}
	return r;
}

static struct event_ancestor ancestors[] = { { .exe = BYTES("/usr/bin/bash") },
	{ .comm = BYTES("sshd") }, { .exe = BYTES("/usr/sbin/cron") } };

/* Of the sample: sh -c "echo aWQ=|base64 -d" "a b", by root (ann logged in),
 * which scores 1.625. */
static const struct {
	const char *rows;
	uint64_t bits;
} rows[] = {
	{ "filter a exe=/usr/bin/dash", 1 },
	{ "filter a exe=/usr/bin/das", 0 },
	{ "filter a exe=/USR/bin/dash", 0 },
	{ "filter a exe!=/usr/bin/dash", 0 },
	{ "filter a exe!=/x", 1 },
	{ "filter a exe^=/usr/bin/", 1 },
	{ "filter a exe^=usr", 0 },
	{ "filter a exe$=/dash", 1 },
	{ "filter a exe$=/bash", 0 },
	{ "filter a exe*=bin", 1 },
	{ "filter a exe*=sbin", 0 },
	{ "filter a exe~=^/usr/s?bin/(da|ba)?sh$", 1 },
	{ "filter a exe~=^dash$", 0 },
	{ "filter a comm=sh tty=pts0 node=web1 syscall=execve success=yes", 1 },
	{ "filter a comm=sh tty=pts1", 0 },
	{ "filter a success=no", 0 },
	{ "filter a parent=/usr/bin/bash", 1 },
	{ "filter a parent=/usr/sbin/cron", 0 },
	{ "filter a ancestor=/usr/bin/bash", 1 },
	{ "filter a ancestor$=/cron", 1 },
	{ "filter a depth=2 ancestor$=/cron", 0 },
	{ "filter a depth=3 ancestor$=/cron", 1 },
	{ "filter a ancestor!=/usr/sbin/cron", 0 },
	{ "filter a depth=2 ancestor!=/usr/sbin/cron", 1 },
	{ "filter a ancestor*=nginx", 0 },
	{ "filter a ancestor!=/usr/sbin/nginx", 1 },
	{ "filter a container=0123456789ab", 1 },
	{ "filter a container!=0123456789ab", 0 },
	{ "filter a \"cmd=sh -c echo aWQ=|base64 -d a b\"", 1 },
	{ "filter a \"cmd^=sh -c echo \"", 1 },
	{ "filter a \"cmd$= a b\"", 1 },
	{ "filter a cmd*=|base64", 1 },
	{ "filter a \"cmd~=base64\\\\s+-d\"", 1 },
	{ "filter a \"cwd=/root/x y\"", 1 },
	{ "filter a key*=two", 1 },
	{ "filter a user=root", 1 },
	{ "filter a user=0", 1 },
	{ "filter a user!=0", 0 },
	{ "filter a user!=1", 1 },
	{ "filter a user=ann", 0 },
	{ "filter a auser=ann", 1 },
	{ "filter a auser=1000", 1 },
	{ "filter a auser^=an", 1 },
	{ "filter a auser=100", 0 },
	{ "filter a group=5", 1 },
	{ "filter a group=tty", 0 }, /* not in the record */
	{ "filter a group!=tty", 1 },
	{ "filter a below=1.7 user=0", 1 },
	{ "filter a below=1.625 user=0", 0 },
	{ "filter a user=1\nfilter b user=0", 2 },
	{ "filter a user=1\nfilter a user=0", 1 },
	{ "filter a user=0\nfilter b user=0\nfilter a user=1", 3 },
	{ "# only a comment\n\n  \nfilter a user=0 # no comment", 0 },
	{ "", 0 },
};

static void test_rows(void)
{
	struct str why;

	str_init(&why, 4096);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct filter_rules *r;

		check_start("%zu: %.*s", i, (int)strcspn(rows[i].rows, "\n"),
			rows[i].rows);
		str_reset(&why);
		r = rules_of(rows[i].rows, &why);
		if (!r) {
			/* The one that ends in what is no test. */
			CHECK(strstr(rows[i].rows, " # ") != NULL);
			continue;
		}
		sample.ev.filters = 99;
		filter_run(filter, &sample.ev, r);
		CHECK_EQ(sample.ev.filters, rows[i].bits);
		filter_rules_free(r);
	}
	str_fini(&why);
}

static void test_errors(void)
{
	static const struct {
		const char *row, *why;
	} errors[] = {
		{ "drop a exe=/x", "filter" },
		{ "filter", "a name has to follow" },
		{ "filter all exe=/x", "other than all and none" },
		{ "filter A exe=/x", "a name has to follow" },
		{ "filter a-b exe=/x", "a name has to follow" },
		{ "filter a", "without a test" },
		{ "filter a below=1", "without a test" },
		{ "filter a below=x exe=/x", "weight" },
		{ "filter a depth=0 exe=/x", "from 1 to 8" },
		{ "filter a depth=9 exe=/x", "from 1 to 8" },
		{ "filter a depth=x exe=/x", "from 1 to 8" },
		{ "filter a exe", "is no test" },
		{ "filter a exe>/x", "is no test" },
		{ "filter a =x", "no field ''" },
		{ "filter a path=x", "no field 'path'; there are: user" },
		{ "filter a exe=", "exe has no value" },
		{ "filter a exe~=(", "missing" },
		{ "filter a success=maybe", "success is yes or no" },
		{ "filter a \"cmd=x", "without its end" },
	};
	struct str why;

	str_init(&why, 4096);
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct filter_rules *r;

		check_start("error: %s", errors[i].row);
		str_reset(&why);
		r = rules_of(errors[i].row, &why);
		CHECK(!r);
		if (!strstr(str_z(&why), errors[i].why))
			check_fail(__LINE__, "says: %s", str_z(&why));
		filter_rules_free(r);
	}
	str_fini(&why);
}

static void test_limits(void)
{
	struct filter_rules *r = filter_rules_new();
	struct str line, why;
	int rc = 0, n = 0;

	str_init(&line, 4096);
	str_init(&why, 4096);
	check_start("more names than there are bits");
	for (; rc == 0; n++) {
		str_reset(&line);
		str_addf(&line, "filter n%d user=%d", n, n);
		rc = filter_rules_line(r, str_bytes(&line), &why);
	}
	CHECK_EQ(n - 1, FILTER_NAMES_MAX);
	CHECK_EQ(filter_rules_count(r), FILTER_NAMES_MAX);
	CHECK(!strcmp(filter_rules_name(r, 63), "n63"));
	sample.ev.uid.id = 63;
	filter_run(filter, &sample.ev, r);
	CHECK_EQ(sample.ev.filters, UINT64_C(1) << 63);
	sample.ev.uid.id = 0;

	check_start("more rows than a person keeps in order");
	for (rc = 0, n = 0; rc == 0 && n < 10000; n++)
		rc = filter_rules_line(
			r, BYTES("filter n1 exe=/x cmd*=y cwd=/z"), &why);
	CHECK(rc < 0 && n < 600);
	filter_rules_free(r);
	str_fini(&line);
	str_fini(&why);
}

static void test_absent(void)
{
	struct event ev = { .argc = 0 };
	struct str why;
	struct filter_rules *r;

	check_start("an event without anything");
	str_init(&why, 4096);
	r = rules_of(
		"filter a exe*=x\nfilter b exe!=x\nfilter c user=0\n"
		"filter d cmd~=^$\nfilter e success!=yes\nfilter f user!=0",
		&why);
	filter_run(filter, &ev, r);
	CHECK_EQ(ev.filters, 2 | 16 | 32);
	filter_rules_free(r);
	str_fini(&why);
}

static void test_pick(void)
{
	struct str why;
	struct filter_rules *r;
	uint64_t bits;

	str_init(&why, 4096);
	r = rules_of("filter a user=0\nfilter b user=1\nfilter c user=2", &why);
	check_start("filters of an output");
	CHECK(filter_rules_pick(r, BYTES("all"), &bits, &why) == 0);
	CHECK_EQ(bits, UINT64_MAX);
	CHECK(filter_rules_pick(r, BYTES("none"), &bits, &why) == 0);
	CHECK_EQ(bits, 0);
	CHECK(filter_rules_pick(r, BYTES("c,a"), &bits, &why) == 0);
	CHECK_EQ(bits, 5);
	CHECK(filter_rules_pick(NULL, BYTES("all"), &bits, &why) == 0);
	CHECK(why.len == 0);
	CHECK(filter_rules_pick(r, BYTES("a,d"), &bits, &why) < 0);
	CHECK(strstr(
		str_z(&why), "no filter 'd'; there are: all, none, a, b, c"));
	CHECK(filter_rules_pick(NULL, BYTES("a"), &bits, &why) < 0);
	filter_rules_free(r);
	str_fini(&why);
}

/* Two MiB of arguments, a pattern that backtracks: it is given up. */
static void test_long(void)
{
	static char big[2u << 20];
	struct bytes kept = sample.argv[2];
	struct filter_rules *r;
	struct str why;

	check_start("an argument of 2 MiB");
	str_init(&why, 4096);
	memset(big, 'a', sizeof(big));
	sample.argv[2] = (struct bytes){ big, sizeof(big) };
	r = rules_of("filter a \"cmd^=sh -c aaaa\"\nfilter b cmd~=(a+)+$x\n"
		     "filter c \"cmd$= a b\"",
		&why);
	filter_run(filter, &sample.ev, r);
	CHECK_EQ(sample.ev.filters, 1); /* what is too far is not looked at */
	sample.argv[2] = kept;
	filter_run(filter, &sample.ev, r);
	CHECK_EQ(sample.ev.filters, 4);
	filter_rules_free(r);
	str_fini(&why);
}

int main(void)
{
	check.module = "filter";
	sample_init(&sample);
	sample.ev.lineage = (struct event_lineage){ .has = true,
		.ancestors = ancestors,
		.n_ancestors = 3,
		.container = BYTES("0123456789ab") };
	filter = filter_new();
	test_rows();
	test_errors();
	test_limits();
	test_absent();
	test_pick();
	test_long();
	filter_free(filter);
	sample_fini(&sample);
	return check_end();
}
