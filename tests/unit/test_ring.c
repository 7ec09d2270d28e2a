// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "mark.h"
#include "metrics.h"
#include "ring.h"

#define SIZE (4u << 20)

struct pair {
	struct ring *front, *engine;
};

static struct ring *another_engine(const struct ring *front)
{
	struct ring *r = ring_open(dup(ring_fd(front)));

	if (!r)
		abort();
	return r;
}

static void start(struct pair *p)
{
	p->front = ring_new(SIZE);
	if (!p->front)
		abort();
	p->engine = another_engine(p->front);
}

static void stop(struct pair *p)
{
	ring_free(p->engine);
	ring_free(p->front);
}

static void put(struct pair *p, const char *lines)
{
	CHECK_EQ(ring_put(p->front, lines, strlen(lines)), 0);
}

/* Takes everything there is; the position of its first byte. */
static uint64_t take(struct ring *r, struct str *to)
{
	uint64_t first = UINT64_MAX, pos;
	struct bytes b;

	str_reset(to);
	while ((b = ring_get(r, &pos)).len) {
		if (first == UINT64_MAX)
			first = pos;
		str_addb(to, b);
		ring_advance(r, b.len);
	}
	return first;
}

static void test_order(void)
{
	struct pair p;
	struct str got;
	uint64_t beat, pos;

	check_start("lines come in order, with their positions");
	start(&p);
	str_init(&got, SIZE);
	CHECK_EQ(ring_get(p.engine, &pos).len, 0);
	CHECK(!ring_is_behind(p.front, &beat));
	put(&p, "one\n");
	put(&p, "two\nthree\n");
	CHECK(ring_is_behind(p.front, &beat));
	CHECK_EQ(take(p.engine, &got), 0);
	CHECK_Z(str_bytes(&got), "one\ntwo\nthree\n");
	CHECK(!ring_is_behind(p.front, &beat));
	put(&p, "four\n");
	CHECK_EQ(take(p.engine, &got), 14);
	CHECK_EQ(ring_counted(p.engine, RING_LINES), 4);
	CHECK_EQ(ring_used(p.engine), 19);
	ring_commit(p.engine, 14, 1);
	CHECK_EQ(ring_committed(p.front), 14);
	ring_commit(p.engine, 4, 1);
	CHECK_EQ(ring_committed(p.front), 14);
	str_fini(&got);
	stop(&p);
}

static void test_successor(void)
{
	struct pair p;
	struct str got;

	check_start("a new engine reads on from the commit");
	start(&p);
	str_init(&got, SIZE);
	put(&p, "one\ntwo\nthree\n");
	take(p.engine, &got);
	ring_commit(p.engine, 4, 1);
	ring_metrics(p.engine)->lines = 77;
	ring_free(p.engine);
	put(&p, "four\n");
	p.engine = another_engine(p.front);
	CHECK_EQ(take(p.engine, &got), 4);
	CHECK_Z(str_bytes(&got), "two\nthree\nfour\n");
	CHECK_EQ(ring_metrics(p.engine)->lines, 77);
	str_fini(&got);
	stop(&p);
}

/* Fills what is left with lines of 1000 bytes; how many fitted. */
static size_t fill(struct pair *p)
{
	static char lines[1000 * 64];
	size_t n = 0, dropped = 0;

	memset(lines, 'x', sizeof(lines));
	for (size_t i = 999; i < sizeof(lines); i += 1000)
		lines[i] = '\n';
	while (!dropped) {
		dropped = ring_put(p->front, lines, sizeof(lines));
		n += 64 - dropped;
	}
	return n;
}

static void test_full(void)
{
	struct pair p;
	struct str got;
	bool is_whole = true;

	check_start("full: whole lines are dropped, and counted");
	start(&p);
	str_init(&got, 2 * SIZE);
	CHECK_EQ(fill(&p), SIZE / 1000);
	/* What is shorter still fits. */
	CHECK_EQ(ring_put(p.front, "a\nb\n", 4), 0);
	CHECK_EQ(ring_put(p.front, "", 0), 0);
	take(p.engine, &got);
	CHECK_EQ(got.len, SIZE / 1000 * 1000 + 4);
	for (size_t i = 0; i + 1000 < got.len; i += 1000)
		is_whole = is_whole && got.p[i + 999] == '\n';
	CHECK(is_whole);
	/* Read is not done with. */
	CHECK(ring_put(p.front, str_z(&got), 1000) == 1);
	ring_commit(p.engine, 500, 1);
	CHECK(ring_put(p.front, str_z(&got), 1000) == 1);
	ring_commit(p.engine, 1000, 1);
	CHECK(ring_put(p.front, str_z(&got), 1000) == 0);
	str_fini(&got);
	stop(&p);
}

static size_t memory_of(const struct ring *r)
{
	struct stat st;

	return fstat(ring_fd(r), &st) < 0 ? 0 : (size_t)st.st_blocks * 512;
}

static void test_memory(void)
{
	struct pair p;
	struct str got;
	size_t most;

	check_start("what a burst touched is given back");
	start(&p);
	str_init(&got, 2 * SIZE);
	for (int i = 0; i < 100; i++) {
		put(&p, "a few bytes at a time\n");
		take(p.engine, &got);
		ring_commit(p.engine, UINT64_MAX, 1);
	}
	CHECK(memory_of(p.front) < (1u << 20));
	fill(&p);
	most = memory_of(p.front);
	CHECK(most > SIZE / 10 * 9);
	for (int i = 0; i < 20; i++) {
		take(p.engine, &got);
		ring_commit(p.engine, UINT64_MAX, 1);
		for (int j = 0; j < 20; j++)
			CHECK_EQ(ring_put(p.front, str_z(&got), 64000), 0);
	}
	CHECK(memory_of(p.front) <= (3u << 20));
	str_fini(&got);
	stop(&p);
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Bursts, lags, deaths: each line comes out once more than its engine died on
 * it, in order, and what was dropped was said to be. */
static void test_model(uint32_t seed)
{
	static char lines[300 * 1000];
	unsigned long long next = 0, want = 0, read = 0, dropped = 0;
	uint64_t pos, committed_pos = 0;
	unsigned long long committed = 0;
	struct pair p;
	struct str line;
	bool is_right = true;

	check_start("random steps, seed %u", seed);
	start(&p);
	str_init(&line, 64);
	for (int step = 0; step < 3000; step++) {
		uint32_t what = next_random(&seed) % 100;
		size_t len = 0, n = next_random(&seed) % 3000;

		if (what < 40) {
			for (size_t i = 0; i < n && len < sizeof(lines) - 99;
				i++)
				len += (size_t)snprintf(lines + len, 99,
					"%llu %0*d\n", next++,
					(int)(next_random(&seed) % 60), 1);
			n = ring_put(p.front, lines, len);
			/* The last of them: nothing after it was taken. */
			next -= n;
			dropped += n;
		} else if (what < 90) {
			struct bytes b = ring_get(p.engine, &pos);

			for (size_t i = 0; i < b.len; i++) {
				str_addc(&line, b.p[i]);
				if (b.p[i] != '\n')
					continue;
				is_right = is_right &&
					   strtoull(str_z(&line), NULL, 10) ==
						   want;
				want++;
				read++;
				str_reset(&line);
				if (what >= 60)
					continue;
				committed = want;
				committed_pos = pos + i + 1;
			}
			ring_advance(p.engine, b.len);
			ring_commit(p.engine, committed_pos, 1);
		} else if (what < 93) {
			ring_free(p.engine);
			p.engine = another_engine(p.front);
			want = committed;
			str_reset(&line);
		}
	}
	CHECK(is_right);
	CHECK(read > 100000);
	CHECK(dropped > 0);
	str_fini(&line);
	stop(&p);
}

static void test_bell(void)
{
	struct pair p;
	struct str got;

	check_start("the bell");
	start(&p);
	str_init(&got, SIZE);
	CHECK(!ring_wants_bell(p.front));
	CHECK(ring_sleep(p.engine));
	CHECK(ring_wants_bell(p.front));
	CHECK(!ring_wants_bell(p.front));
	put(&p, "x\n");
	CHECK(!ring_sleep(p.engine));
	CHECK(!ring_wants_bell(p.front));
	take(p.engine, &got);
	CHECK(ring_sleep(p.engine));
	CHECK(!ring_is_ended(p.engine));
	put(&p, "x\n");
	ring_end(p.front);
	CHECK(!ring_is_ended(p.engine));
	take(p.engine, &got);
	CHECK(ring_is_ended(p.engine));
	CHECK(!ring_sleep(p.engine));
	str_fini(&got);
	stop(&p);
}

static void test_poison(void)
{
	struct pair p;
	struct mark m;

	check_start("marks and poisons");
	start(&p);
	put(&p, "one\ntwo\n");
	CHECK(ring_at(p.front) == MARK_NONE);
	m = ring_mark(p.engine);
	CHECK(mark_set(&m, mark_line(4)));
	CHECK_EQ(ring_at(p.front), mark_line(4));
	CHECK(mark_set(&m, mark_event(1000)));
	CHECK(ring_at(p.front) == MARK_NONE);
	CHECK(ring_poison(p.front, mark_event(4)));
	ring_free(p.engine);
	p.engine = another_engine(p.front);
	m = ring_mark(p.engine);
	CHECK(ring_at(p.front) == MARK_NONE);
	CHECK(mark_set(&m, mark_line(4)));
	CHECK(!mark_set(&m, mark_event(4)));
	CHECK_EQ(ring_at(p.front), mark_line(4));
	for (uint64_t i = 1; i < RING_POISONS_MAX; i++)
		CHECK(ring_poison(p.front, mark_line(i)));
	CHECK(!ring_poison(p.front, mark_line(100)));
	stop(&p);
}

/* The whole memory as a process sees it that has run wild. */
static uint64_t *wild(struct ring *r, size_t *words)
{
	struct stat st;
	void *all;

	if (fstat(ring_fd(r), &st) < 0)
		abort();
	all = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED,
		ring_fd(r), 0);
	if (all == MAP_FAILED)
		abort();
	*words = (size_t)st.st_size / sizeof(uint64_t);
	return all;
}

/* Whatever stands in the memory, front goes on, and a new engine starts on
 * something readable or not at all. */
static void test_corrupt(uint32_t seed)
{
	static const uint64_t odd[] = { 0, 1, UINT64_MAX, INT64_MAX,
		(uint64_t)INT64_MAX + 1, SIZE, SIZE + 1, SIZE - 1, 2 * SIZE };
	struct str got;
	size_t words, n_bad = 0;

	check_start("corrupted memory, seed %u", seed);
	str_init(&got, 4 * SIZE);
	for (int round = 0; round < 60; round++) {
		struct pair p;
		struct ring *heir;
		uint64_t *all, beat, pos;

		start(&p);
		all = wild(p.front, &words);
		for (int i = 0; i < 40; i++)
			put(&p, "type=CWD msg=audit(1.000:1): x\n");
		/* The head, the tail: both in their first words. */
		for (int i = 0; i < 64; i++)
			all[(i & 1 ? 65536 / 8 : 0) + next_random(&seed) % 64] =
				i % 3 ? odd[next_random(&seed) % 9]
				      : (uint64_t)next_random(&seed) << 20;
		for (int i = 0; i < 200; i++) {
			(void)!ring_put(p.front, "abc\ndef\n", 8);
			(void)!ring_is_behind(p.front, &beat);
			(void)!ring_wants_bell(p.front);
			n_bad += ring_committed(p.front) > 40 * 31 + 200 * 8;
			(void)!ring_at(p.front);
			n_bad += ring_get(p.engine, &pos).len > RING_PIECE_MAX;
		}
		heir = ring_open(dup(ring_fd(p.front)));
		for (int i = 0; heir && i < 2000; i++) {
			struct bytes b = ring_get(heir, &pos);

			str_reset(&got);
			str_addb(&got, b);
			ring_advance(heir, b.len);
			ring_commit(heir, pos, 1);
			(void)!ring_is_ended(heir);
			n_bad += b.len > RING_PIECE_MAX;
		}
		ring_free(heir);
		munmap(all, words * sizeof(uint64_t));
		stop(&p);
	}
	CHECK_EQ(n_bad, 0);
	str_fini(&got);
}

/* How long something waits is known over the deaths of engines. */
static void test_held(void)
{
	struct pair p;
	struct str got;

	check_start("how long something is held back");
	start(&p);
	str_init(&got, SIZE);
	ring_touch(p.engine, 1000);
	CHECK_EQ(ring_held_ms(p.engine, 9000), 0);
	ring_touch(p.engine, 9000);
	put(&p, "one\ntwo\n");
	take(p.engine, &got);
	CHECK_EQ(ring_held_ms(p.engine, 9100), 100);
	ring_commit(p.engine, 4, 9200);
	CHECK_EQ(ring_held_ms(p.engine, 9300), 100);
	ring_free(p.engine);
	p.engine = another_engine(p.front);
	ring_touch(p.engine, 9900);
	take(p.engine, &got);
	CHECK_EQ(ring_held_ms(p.engine, 10000), 800);
	ring_touch(p.engine, 10000);
	CHECK_EQ(ring_held_ms(p.engine, 10200), 1000);
	ring_commit(p.engine, 8, 10300);
	CHECK_EQ(ring_held_ms(p.engine, 20000), 0);
	/* The clock cannot have run for less than nothing. */
	put(&p, "three\n");
	take(p.engine, &got);
	CHECK_EQ(ring_held_ms(p.engine, 10000), 0);
	str_fini(&got);
	stop(&p);
}

static void test_no_ring(void)
{
	int zero = open("/dev/zero", O_RDWR);
	FILE *file = tmpfile();
	struct pair p;

	check_start("what is no ring is refused");
	CHECK(!ring_open(zero));
	CHECK(file && ftruncate(fileno(file), 9 << 20) == 0);
	CHECK(file && !ring_open(dup(fileno(file))));
	if (file)
		fclose(file);
	start(&p);
	CHECK(ftruncate(ring_fd(p.front), 4096) < 0);
	CHECK(ftruncate(ring_fd(p.front), 1 << 30) < 0);
	stop(&p);
}

int main(void)
{
	check.module = "ring";
	test_order();
	test_successor();
	test_full();
	test_memory();
	for (uint32_t seed = 1; seed <= 4; seed++)
		test_model(seed);
	test_bell();
	test_poison();
	test_held();
	for (uint32_t seed = 1; seed <= 3; seed++)
		test_corrupt(seed);
	test_no_ring();
	return check_end();
}
