// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include "baseline.h"
#include "check.h"
#include "event.h"
#include "frequency.h"

#define BLOG FREQUENCY_BLOG
#define BOOK FREQUENCY_NOTEBOOK

static struct frequency *make(uint32_t max)
{
	struct frequency_conf cf = {
		.commands_max = max, .window_h = 336, .seed = { 3, 4 }
	};
	struct frequency *fr = frequency_new(&cf);

	if (!fr)
		abort();
	return fr;
}

/* One event of a node with decoded commands, each a letter; upper-case ones
 * are inside the one before. */
static struct event_frequency see(struct frequency *fr, const char *node,
	const char *commands, enum frequency_formula formula)
{
	struct event_layer layers[8];
	struct event ev = { .node = bytes_of(node), .layers = layers };

	for (; commands[ev.n_layers]; ev.n_layers++) {
		struct event_layer *l = &layers[ev.n_layers];
		char c = commands[ev.n_layers];

		*l = (struct event_layer){ .depth = c >= 'a' ? 1 : 2 };
		memset(l->sha256, c, sizeof(l->sha256));
	}
	frequency_run(fr, &ev, formula);
	return ev.frequency;
}

static void test_points(void)
{
	static const struct {
		uint64_t workspace, host, hosts;
		double blog, book;
	} rows[] = {
		{ 1, 1, 1, 1, 1 },
		{ 2, 2, 1, 0.5, 0.75 },
		{ 4, 4, 1, 0.25, 0.625 },
		{ 4, 1, 4, 0.625, 0.25 },
		{ 4, 2, 2, 0.375, 0.375 },
		{ 10, 5, 2, 0.15, 0.3 },
		{ 1000, 1, 500, 0.5005, 0.0015 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double blog = frequency_points(
			BLOG, rows[i].workspace, rows[i].host, rows[i].hosts);
		double book = frequency_points(
			BOOK, rows[i].workspace, rows[i].host, rows[i].hosts);

		check_start("%d times, %d here, %d hosts",
			(int)rows[i].workspace, (int)rows[i].host,
			(int)rows[i].hosts);
		CHECK(blog > rows[i].blog - 1e-12 &&
			blog < rows[i].blog + 1e-12);
		CHECK(book > rows[i].book - 1e-12 &&
			book < rows[i].book + 1e-12);
	}
}

/* What each sighting gets: the log as if it ended there. */
static void test_running(void)
{
	static const struct {
		const char *name;
		struct {
			const char *node, *commands;
		} seen[8];
		size_t n;
		bool has;
		uint64_t workspace, host, hosts;
		double blog, book;
	} rows[] = {
		{ "nothing decoded", { { NULL, "" } }, 1, false, 0, 0, 0, 0,
			0 },
		{ "first", { { NULL, "a" } }, 1, true, 1, 1, 1, 1, 1 },
		{ "third", { { NULL, "a" }, { NULL, "a" }, { NULL, "a" } }, 3,
			true, 3, 3, 1, 1. / 3, (1. / 3 + 1) / 2 },
		{ "another command", { { NULL, "a" }, { NULL, "b" } }, 2, true,
			1, 1, 1, 1, 1 },
		{ "another host", { { "x", "a" }, { "x", "a" }, { "y", "a" } },
			3, true, 3, 1, 2, (1. / 3 + 1) / 2, (1. / 3 + .5) / 2 },
		{ "back on the first",
			{ { "x", "a" }, { "y", "a" }, { "x", "a" } }, 3, true,
			3, 2, 2, (1. / 3 + .5) / 2, (1. / 3 + .5) / 2 },
		{ "no node is a host", { { NULL, "a" }, { "x", "a" } }, 2, true,
			2, 1, 2, .75, .5 },
		{ "twice in one event", { { NULL, "aa" } }, 1, true, 1, 1, 1, 1,
			1 },
		{ "twice in the one before", { { NULL, "aa" }, { NULL, "a" } },
			2, true, 2, 2, 1, .5, .75 },
		{ "inner ones do not count",
			{ { NULL, "aB" }, { NULL, "cB" }, { NULL, "b" } }, 3,
			true, 1, 1, 1, 1, 1 },
		{ "the rarest of an event", { { NULL, "a" }, { NULL, "ab" } },
			2, true, 1, 1, 1, 1, 1 },
		{ "the rarest, first", { { NULL, "b" }, { NULL, "ab" } }, 2,
			true, 1, 1, 1, 1, 1 },
		{ "only an inner one", { { NULL, "B" } }, 1, false, 0, 0, 0, 0,
			0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int book = 0; book < 2; book++) {
			struct frequency *fr = make(100);
			double want = book ? rows[i].book : rows[i].blog;
			struct event_frequency f = { 0 };

			check_start("%s, %s", rows[i].name,
				book ? "notebook" : "blog");
			for (size_t j = 0; j < rows[i].n; j++)
				f = see(fr, rows[i].seen[j].node,
					rows[i].seen[j].commands,
					book ? BOOK : BLOG);
			CHECK_EQ(f.has, rows[i].has);
			CHECK_EQ(f.in_workspace, rows[i].workspace);
			CHECK_EQ(f.on_host, rows[i].host);
			CHECK_EQ(f.hosts, rows[i].hosts);
			CHECK(f.points > want - 1e-9 && f.points < want + 1e-9);
			frequency_free(fr);
		}
}

static void test_eviction(void)
{
	struct frequency *fr = make(3);
	struct event_frequency f;

	check_start("the oldest is forgotten");
	see(fr, NULL, "a", BLOG);
	see(fr, NULL, "b", BLOG);
	see(fr, NULL, "c", BLOG);
	f = see(fr, NULL, "a", BLOG);
	CHECK_EQ(f.in_workspace, 2);
	CHECK_EQ(frequency_evicted(fr), 0);
	see(fr, NULL, "d", BLOG); /* b goes */
	CHECK_EQ(frequency_evicted(fr), 1);
	f = see(fr, NULL, "a", BLOG);
	CHECK_EQ(f.in_workspace, 3);
	f = see(fr, NULL, "b", BLOG); /* c goes */
	CHECK_EQ(f.in_workspace, 1);
	CHECK_EQ(f.on_host, 1);
	CHECK_EQ(frequency_evicted(fr), 2);
	frequency_free(fr);
	frequency_free(NULL);
}

/* However small the table, the counts fit together: no more on this host than
 * in the workspace, no more hosts than sightings. */
static void test_consistent(void)
{
	static const char *const nodes[] = { "n0", "n1", "n2", "n3", "n4", "n5",
		"n6", "n7", "n8", "n9" };
	unsigned long long seed = 9;
	struct frequency *fr = make(4);

	check_start("counts that fit together");
	for (int i = 0; i < 20000; i++) {
		unsigned long long r = check_random(&seed) >> 20;
		char command[2] = { (char)('a' + r % 6), '\0' };
		struct event_frequency f =
			see(fr, nodes[r / 6 % 10], command, BLOG);

		if (!CHECK(f.on_host <= f.in_workspace) ||
			!CHECK(f.hosts <= f.in_workspace) ||
			!CHECK(f.hosts >= 1))
			break;
	}
	frequency_free(fr);
}

/* The other hosts of the workspace: their sightings count, and are nothing that
 * repetition took. */
static void test_baseline(void)
{
	struct baseline_row row = { .count = 99, .hosts = 9 };
	struct baseline b = { .rows = &row, .n = 1 };
	struct frequency *fr = make(100);
	struct event_frequency f;

	check_start("what other hosts ran");
	memset(row.command, 'a', sizeof(row.command));
	frequency_baseline(fr, &b);
	f = see(fr, "", "a", BLOG);
	CHECK_EQ(f.in_workspace, 100);
	CHECK_EQ(f.on_host, 1);
	CHECK_EQ(f.hosts, 10);
	CHECK(f.points > 0.505 - 1e-12 && f.points < 0.505 + 1e-12);
	CHECK(f.steady > 0.505 - 1e-12 && f.steady < 0.505 + 1e-12);
	f = see(fr, "", "a", BOOK);
	CHECK_EQ(f.in_workspace, 101);
	CHECK(f.points > (1 / 101.0 + 0.1) / 2 - 1e-12 &&
		f.points < (1 / 101.0 + 0.1) / 2 + 1e-12);
	f = see(fr, "", "b", BLOG);
	CHECK_EQ(f.in_workspace, 1);
	CHECK_EQ(f.hosts, 1);

	check_start("another baseline, in place of it");
	b.n = 0;
	f = see(fr, "", "a", BLOG);
	CHECK_EQ(f.in_workspace, 3);
	frequency_free(fr);
}

int main(void)
{
	check.module = "frequency";
	test_points();
	test_running();
	test_eviction();
	test_consistent();
	test_baseline();
	return check_end();
}
