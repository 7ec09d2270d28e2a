// SPDX-License-Identifier: GPL-3.0-or-later
/* Frequencies over time and among users: windows, sittings, floods, and what
 * is kept of them. */
#include <stdint.h>

#include "check.h"
#include "event.h"
#include "frequency.h"

#define BLOG   FREQUENCY_BLOG
#define DAY_MS 86400000LL
#define NOON   (19700 * DAY_MS + DAY_MS / 2)

static struct frequency *make(uint32_t max, uint32_t window_h)
{
	struct frequency_conf cf = {
		.commands_max = max, .window_h = window_h, .seed = { 3, 4 }
	};
	struct frequency *fr = frequency_new(&cf);

	if (!fr)
		abort();
	return fr;
}

struct sighting {
	uint32_t command, user, node;
	int64_t time_ms;
};

static struct event_frequency see(struct frequency *fr, struct sighting s)
{
	static const char *const nodes[] = { "n0", "n1", "n2", "n3" };
	struct event_layer layer = { .depth = 1 };
	struct event ev = { .node = bytes_of(nodes[s.node]),
		.time_ms = s.time_ms,
		.auid = { .has = true, .id = 1000 + s.user },
		.layers = &layer,
		.n_layers = 1 };

	memcpy(layer.sha256, &s.command, sizeof(s.command));
	frequency_run(fr, &ev, BLOG);
	return ev.frequency;
}

static bool is_near(double a, double b)
{
	return a > b - 1e-9 && a < b + 1e-9;
}

static void test_window(void)
{
	static const struct {
		const char *name;
		int64_t days; /* between the first and the last sighting */
		uint64_t want;
	} rows[] = {
		{ "at once", 0, 3 },
		{ "a week later", 7, 3 },
		{ "fourteen days later", 14, 3 },
		{ "fifteen days later", 15, 1 },
		{ "a year later", 365, 1 },
		{ "the clock a year back", -365, 3 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frequency *fr = make(100, 336);
		struct sighting s = { 1, 0, 0, NOON };
		struct event_frequency f;

		check_start("seen again %s", rows[i].name);
		see(fr, s);
		see(fr, s);
		s.time_ms += rows[i].days * DAY_MS;
		f = see(fr, s);
		CHECK_EQ(f.in_workspace, rows[i].want);
		CHECK_EQ(f.on_host, rows[i].want);
		CHECK(is_near(f.points, 1.0 / (double)rows[i].want));
		frequency_free(fr);
	}
}

static void test_hosts(void)
{
	struct frequency *fr = make(100, 336);
	struct event_frequency f;

	check_start("hosts leave the window too");
	see(fr, (struct sighting){ 1, 0, 0, NOON });
	see(fr, (struct sighting){ 1, 0, 1, NOON + DAY_MS });
	f = see(fr, (struct sighting){ 1, 0, 2, NOON + 9 * DAY_MS });
	CHECK_EQ(f.hosts, 3);
	CHECK_EQ(f.in_workspace, 3);
	f = see(fr, (struct sighting){ 1, 0, 2, NOON + 15 * DAY_MS });
	CHECK_EQ(f.hosts, 2);
	CHECK_EQ(f.in_workspace, 3);
	CHECK_EQ(f.on_host, 2);
	f = see(fr, (struct sighting){ 1, 0, 2, NOON + 20 * DAY_MS });
	CHECK_EQ(f.hosts, 1);
	CHECK_EQ(f.in_workspace, 3);
	f = see(fr, (struct sighting){ 1, 0, 0, NOON + 20 * DAY_MS });
	CHECK_EQ(f.hosts, 2);
	CHECK_EQ(f.on_host, 1);
	frequency_free(fr);
}

static void test_training(void)
{
	struct frequency *fr = make(100, 336);
	struct event_frequency f = { 0 };

	check_start("repeated by one user within a day");
	for (int i = 0; i < 10000; i++)
		f = see(fr, (struct sighting){ 1, 0, 0, NOON + i });
	CHECK_EQ(f.in_workspace, 10000);
	CHECK_EQ(f.sittings, 1);
	CHECK(is_near(f.points, 0.0001));
	CHECK(is_near(f.steady, 1));

	check_start("day after day");
	for (int day = 1; day < 40; day++)
		f = see(fr, (struct sighting){ 1, 0, 0, NOON + day * DAY_MS });
	CHECK_EQ(f.in_workspace, 15);
	CHECK_EQ(f.sittings, 15);
	CHECK(is_near(f.steady, f.points));

	check_start("by many users");
	for (uint32_t u = 1; u <= 30; u++)
		f = see(fr, (struct sighting){ 2, u, 0, NOON });
	CHECK(f.sittings > 20 && f.sittings <= 30);
	CHECK_EQ(f.in_workspace, 30);

	check_start("a user late at night");
	see(fr, (struct sighting){ 3, 1, 0, NOON + DAY_MS });
	f = see(fr, (struct sighting){ 3, 1, 0, NOON });
	CHECK_EQ(f.in_workspace, 2);
	CHECK_EQ(f.sittings, 1);
	frequency_free(fr);
}

static void test_layers(void)
{
	struct event_layer layers[2] = { { .depth = 1 }, { .depth = 1 } };
	struct event ev = { .layers = layers, .n_layers = 2 };
	struct frequency *fr = make(100, 336);

	check_start("of several commands, the rarest by either measure");
	memset(layers[0].sha256, 1, sizeof(layers[0].sha256));
	memset(layers[1].sha256, 2, sizeof(layers[1].sha256));
	for (int day = 0; day < 4; day++) {
		ev.n_layers = 1;
		ev.time_ms = NOON + day * DAY_MS;
		frequency_run(fr, &ev, BLOG);
	}
	ev.layers = layers + 1;
	for (int i = 0; i < 7; i++)
		frequency_run(fr, &ev, BLOG);
	ev.layers = layers;
	ev.n_layers = 2;
	ev.frequency = (struct event_frequency){ 0 };
	frequency_run(fr, &ev, BLOG);
	CHECK(is_near(ev.frequency.points, 1. / 5));
	CHECK(is_near(ev.frequency.steady, 1));
	frequency_free(fr);
}

static void test_flood(void)
{
	enum { OURS = 200, MAX = 1024 };
	struct frequency *fr = make(MAX, 336);
	size_t n_bad = 0;

	check_start("one user's flood, another's history");
	for (uint32_t c = 0; c < OURS; c++)
		for (uint32_t n = 0; n < 1 + c % 3; n++)
			see(fr, (struct sighting){ c, 1, 0, NOON });
	/* Some of ours the flooder has run as well, before us or after. */
	for (uint32_t c = 0; c < 20; c++)
		see(fr, (struct sighting){ c, 2, 0, NOON });
	for (uint32_t c = 1000; c < 101000; c++)
		see(fr, (struct sighting){ c, 2, 0, NOON + c });
	for (uint32_t c = 0; c < OURS; c++) {
		struct event_frequency f = see(
			fr, (struct sighting){ c, 1, 0, NOON + DAY_MS / 3 });

		n_bad += f.in_workspace != 2 + c % 3 + (c < 20);
	}
	CHECK_EQ(n_bad, 0);
	CHECK_EQ(frequency_evicted(fr), 100000 + OURS - MAX);
	frequency_free(fr);
}

/* A list of all sightings, and everything counted anew each time. */
static void expect(const struct sighting *seen, size_t n, uint32_t window_h,
	struct event_frequency *want)
{
	const struct sighting *now = &seen[n - 1];
	uint32_t at = frequency_slice(window_h, now->time_ms);
	bool hosts[4] = { false };

	*want = (struct event_frequency){ .has = true };
	for (size_t i = 0; i < n; i++) {
		uint32_t slice = frequency_slice(window_h, seen[i].time_ms);
		bool is_first = true;

		if (seen[i].command != now->command ||
			slice + WINDOW_SLICES <= at)
			continue;
		want->in_workspace++;
		want->on_host += seen[i].node == now->node;
		want->hosts += !hosts[seen[i].node];
		hosts[seen[i].node] = true;
		for (size_t k = 0; k < i && is_first; k++)
			is_first = seen[k].command != now->command ||
				   seen[k].user != seen[i].user ||
				   seen[k].node != seen[i].node ||
				   frequency_slice(window_h, seen[k].time_ms) !=
					   slice;
		want->sittings += is_first;
	}
}

static bool is_as_wanted(
	const struct event_frequency *f, const struct event_frequency *w)
{
	/* Two users may share a bit. */
	return f->in_workspace == w->in_workspace && f->on_host == w->on_host &&
	       f->hosts == w->hosts && f->sittings <= w->sittings &&
	       f->sittings * 10 + 10 >= w->sittings * 7;
}

static void test_model(void)
{
	static const struct {
		uint32_t window_h, commands, users, nodes;
		uint32_t step_ms;
	} rows[] = {
		{ 336, 5, 1, 1, 600000 },
		{ 336, 30, 6, 1, 3600000 },
		{ 24, 9, 4, 4, 600000 },
		{ 1, 3, 2, 4, 30000 },
		{ 8760, 3, 2, 2, 3600000 },
	};
	enum { STEPS = 1500 };
	static struct sighting seen[STEPS];
	unsigned long long seed = 17;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frequency *fr = make(1000, rows[i].window_h);
		int64_t now = NOON;

		check_start("random, window of %u h", rows[i].window_h);
		for (size_t k = 0; k < STEPS; k++) {
			unsigned long long r = check_random(&seed);
			struct event_frequency f, want;

			now += (int64_t)(r % rows[i].step_ms);
			seen[k] = (struct sighting){ (uint32_t)(r >> 8) %
							     rows[i].commands,
				(uint32_t)(r >> 24) % rows[i].users,
				(uint32_t)(r >> 40) % rows[i].nodes, now };
			f = see(fr, seen[k]);
			expect(seen, k + 1, rows[i].window_h, &want);
			if (!CHECK(is_as_wanted(&f, &want))) {
				CHECK_EQ(f.in_workspace, want.in_workspace);
				CHECK_EQ(f.hosts, want.hosts);
				CHECK_EQ(f.sittings, want.sittings);
				break;
			}
		}
		frequency_free(fr);
	}
}

/* Everything that is kept, put into another one as state does. */
static struct frequency *copy(const struct frequency *from, uint32_t window_h)
{
	struct frequency *to = make(1000, window_h);
	static struct frequency_row rows[2000];

	for (int table = 0; table < 2; table++) {
		struct frequency_row row;
		uint32_t at = 0;
		size_t n = 0;

		while (frequency_next(
			from, (enum frequency_table)table, 0, &at, &row)) {
			if (row.is_gone)
				continue;
			rows[n] = row;
			for (size_t i = n++;
				i && rows[i].change < rows[i - 1].change; i--) {
				rows[i] = rows[i - 1];
				rows[i - 1] = row;
			}
		}
		for (size_t i = 0; i < n; i++)
			CHECK_EQ(frequency_restore(to,
					 (enum frequency_table)table, &rows[i]),
				0);
	}
	return to;
}

static void test_restore(void)
{
	unsigned long long seed = 19;
	struct frequency *a = make(40, 336), *b;
	int64_t now = NOON;
	size_t n_bad = 0;

	check_start("kept and put back");
	for (int i = 0; i < 3000; i++) {
		unsigned long long r = check_random(&seed);

		now += (int64_t)(r % 3600000);
		see(a, (struct sighting){ (uint32_t)(r >> 8) % 60,
			       (uint32_t)(r >> 24) % 5, (uint32_t)(r >> 40) % 4,
			       now });
	}
	b = copy(a, 336);
	for (uint32_t i = 0; i < 40; i++) {
		struct sighting s = { i, i % 5, i % 4, now };
		struct event_frequency f = see(a, s), g = see(b, s);

		/* The copy has room for more, so it forgets nothing. */
		if (f.in_workspace == 1)
			continue;
		n_bad += f.in_workspace != g.in_workspace ||
			 f.on_host != g.on_host || f.hosts != g.hosts ||
			 f.sittings != g.sittings;
	}
	CHECK_EQ(n_bad, 0);
	frequency_free(b);

	check_start("put back into a longer and a shorter window");
	b = copy(a, 672);
	CHECK(see(b, (struct sighting){ 1, 1, 1, now }).in_workspace >=
		see(a, (struct sighting){ 1, 1, 1, now }).in_workspace);
	frequency_free(b);
	b = copy(a, 1);
	CHECK_EQ(
		see(b, (struct sighting){ 2, 1, 1, now + DAY_MS }).in_workspace,
		1);
	frequency_free(b);
	frequency_free(a);
}

static void test_refused(void)
{
	struct frequency_row good = { .command = { 1 },
		.birth = 4,
		.node = 5,
		.owner = 6,
		.slice_ms = 1000,
		.count = { .at = 9, .n = { 1 } } };
	struct frequency *fr = make(10, 336);
	struct frequency_row row = good;

	check_start("rows that cannot be");
	CHECK_EQ(frequency_restore(fr, FREQUENCY_COMMANDS, &good), 0);
	CHECK_EQ(frequency_restore(fr, FREQUENCY_COMMANDS, &good), -1);
	row.command[0] = 2;
	row.owner = 0;
	CHECK_EQ(frequency_restore(fr, FREQUENCY_COMMANDS, &row), -1);
	row.owner = 6;
	row.slice_ms = 0;
	CHECK_EQ(frequency_restore(fr, FREQUENCY_COMMANDS, &row), -1);
	row.slice_ms = good.slice_ms;
	row.birth = 0;
	CHECK_EQ(frequency_restore(fr, FREQUENCY_COMMANDS, &row), -1);
	row = good;
	CHECK_EQ(frequency_restore(fr, FREQUENCY_HOSTS, &row), -1);
	row.node = 7;
	CHECK_EQ(frequency_restore(fr, FREQUENCY_HOSTS, &row), 0);
	CHECK_EQ(frequency_restore(fr, FREQUENCY_HOSTS, &row), -1);

	check_start("a host of an earlier command is let go");
	row.node = 8;
	row.birth = 3;
	CHECK_EQ(frequency_restore(fr, FREQUENCY_HOSTS, &row), 0);
	CHECK_EQ(frequency_change(fr, FREQUENCY_HOSTS), 1);
	frequency_free(fr);
}

int main(void)
{
	check.module = "frequency";
	test_window();
	test_hosts();
	test_training();
	test_layers();
	test_flood();
	test_model();
	test_restore();
	test_refused();
	return check_end();
}
