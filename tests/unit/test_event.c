// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include "check.h"
#include "event.h"

static struct event *make(void)
{
	struct event *ev = event_create();

	if (!ev)
		abort();
	return ev;
}

static void test_alignment(void)
{
	struct event *ev = make();
	size_t n_bad = 0;

	check_start("alignment");
	for (size_t i = 0; i < 3000; i++) {
		char *p = event_alloc(ev, i % 300 + 1);
		struct bytes c =
			event_copy(ev, (struct bytes){ "xxxxxxx", i % 7 });

		n_bad += !p || (uintptr_t)p % alignof(max_align_t) != 0;
		n_bad += !c.p || c.len != i % 7 || c.p[c.len] != '\0';
		if (p)
			memset(p, 0xff, i % 300 + 1);
	}
	CHECK_EQ(n_bad, 0);
	event_destroy(ev);
}

/* What was given is nobody else's: everything keeps what was written. */
static void test_apart(void)
{
	enum { N = 2000 };
	static struct {
		unsigned char *p;
		size_t n;
	} got[N];
	struct event *ev = make();
	unsigned long long seed = 11;
	size_t n_bad = 0;

	check_start("no two overlap");
	for (size_t i = 0; i < N; i++) {
		unsigned long long r = check_random(&seed);

		got[i].n = (size_t)(r / 16 % (r % 10 ? 200 : 9000));
		got[i].p = event_alloc(ev, got[i].n);
		if (!CHECK(got[i].p != NULL))
			break;
		memset(got[i].p, (int)(i % 251), got[i].n);
	}
	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j < got[i].n; j++)
			n_bad += got[i].p[j] != i % 251;
	CHECK_EQ(n_bad, 0);
	event_destroy(ev);
}

static void test_cap(void)
{
	static const size_t sizes[] = { 1 << 20, 3000, 5000, 2048, 2049,
		(32u << 20) + 1 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct event *ev = make();
		size_t sum = 0;

		check_start("cap in pieces of %zu", sizes[i]);
		while (sum <= EVENT_BYTES_MAX * 2 && event_alloc(ev, sizes[i]))
			sum += sizes[i];
		/* But for the block that every event begins with. */
		CHECK(sum <= EVENT_BYTES_MAX + 4096);
		CHECK(sum > EVENT_BYTES_MAX / 2 - (1 << 20));
		CHECK(ev->bytes <= EVENT_BYTES_MAX);
		CHECK(!event_alloc(ev, sizes[i]));
		CHECK(!event_alloc(ev, EVENT_BYTES_MAX));
		event_destroy(ev);
	}
	check_start("cap in one");
	{
		struct event *ev = make();

		CHECK(!event_alloc(ev, EVENT_BYTES_MAX + (size_t)1));
		CHECK(!event_alloc(ev, SIZE_MAX));
		CHECK(!event_alloc(ev, SIZE_MAX - 4096));
		CHECK(event_alloc(ev, 100) != NULL);
		CHECK(event_alloc(ev, EVENT_BYTES_MAX - (1u << 20)) != NULL);
		CHECK(event_alloc(ev, 100) != NULL);
		CHECK(!event_copy(ev, (struct bytes){ "x", 2u << 20 }).p);
		event_destroy(ev);
	}
}

static void test_copy(void)
{
	struct event *ev = make();
	char text[] = "a\0b";
	void *p;
	struct bytes c, none;

	check_start("copy");
	/* Memory that was used before. */
	while ((p = event_alloc(ev, 1000)))
		memset(p, 0xff, 1000);
	event_destroy(ev);
	ev = make();
	c = event_copy(ev, (struct bytes){ text, 3 });
	text[0] = 'x';
	CHECK_BYTES(c, BYTES("a\0b"));
	CHECK(c.p && c.p[3] == '\0');
	none = event_copy(ev, (struct bytes){ NULL, 0 });
	CHECK(!none.p && !none.len);
	c = event_copy(ev, BYTES(""));
	CHECK(c.p && !c.len && !c.p[0]);
	event_destroy(ev);
	event_destroy(NULL);
}

static void test_complete(void)
{
	static const struct {
		const char *name;
		unsigned int flaws;
		bool is_complete;
	} rows[] = {
		{ "nothing", 0, true },
		{ "no_syscall", EVENT_NO_SYSCALL, false },
		{ "no_execve", EVENT_NO_EXECVE, false },
		{ "no_cwd", EVENT_NO_CWD, false },
		{ "no_path", EVENT_NO_PATH, false },
		{ "no_end", EVENT_NO_END, false },
		{ "argv_gap", EVENT_ARGV_GAP, false },
		{ "argv_dup", EVENT_ARGV_DUP, true },
		{ "argv_cut", EVENT_ARGV_CUT, false },
		{ "forced", EVENT_FORCED, true },
		{ "forced and doubled", EVENT_FORCED | EVENT_ARGV_DUP, true },
		{ "forced with a gap", EVENT_FORCED | EVENT_ARGV_GAP, false },
	};
	struct event *ev = make();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("complete: %s", rows[i].name);
		ev->flaws = rows[i].flaws;
		CHECK_EQ(event_is_complete(ev), rows[i].is_complete);
	}
	event_destroy(ev);
}

int main(void)
{
	check.module = "event";
	test_alignment();
	test_apart();
	test_cap();
	test_copy();
	test_complete();
	return check_end();
}
