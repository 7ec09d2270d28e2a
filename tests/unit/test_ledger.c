// SPDX-License-Identifier: GPL-3.0-or-later
#include "check.h"
#include "ledger.h"

static struct ledger *open_page(struct ledger_page *page)
{
	struct ledger *l = ledger_new(page, 0);

	if (!l)
		abort();
	return l;
}

/*
 * Words: "b7" begins the event at 7, "d7" has it sent, "s" settles, "!" is the
 * end of the engine and the start of the next. want: for 1 to 9, N(ew), D(one),
 * U(nsure).
 */
static void test_rows(void)
{
	static const struct {
		const char *name, *steps, *want;
	} rows[] = {
		{ "nothing", "!", "NNNNNNNNN" },
		{ "not the engine's own", "b3 s b4", "NNNNNNNNN" },
		{ "settled", "b2 s b3 s!", "NDDNNNNNN" },
		{ "begun", "b2 s b3!", "NDUNNNNNN" },
		{ "sent while another waits", "b2 b3 d3 b4!", "NUDUNNNNN" },
		{ "sent by the one before", "b2 b3 d3! !", "NUDNNNNNN" },
		{ "out of order", "b9 s b1 s b5 b4!", "DNNUUNNND" },
		{ "died twice", "b2 s b3! !", "NDUNNNNNN" },
		{ "unsure, then sent again", "b2 b3! b3 s!", "NUDNNNNNN" },
		{ "unsure, then begun again", "b2 b3! b3!", "NUUNNNNNN" },
		{ "settling is not for the dead's", "b2 b3! b4 s!",
			"NUUDNNNNN" },
	};
	static struct ledger_page page;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ledger *l;

		check_start("%s", rows[i].name);
		memset(&page, 0, sizeof(page));
		l = open_page(&page);
		for (const char *p = rows[i].steps; *p; p++) {
			if (*p == 'b')
				ledger_begin(l, (uint64_t)(*++p - '0'), false);
			if (*p == 'd')
				ledger_done(l, (uint64_t)(*++p - '0'));
			if (*p == 's')
				ledger_settle(l);
			if (*p != '!')
				continue;
			ledger_free(l);
			l = open_page(&page);
		}
		for (uint64_t pos = 1; pos <= 9; pos++)
			CHECK_EQ("NDU"[ledger_find(l, pos)],
				rows[i].want[pos - 1]);
		ledger_free(l);
	}
}

/* More than it holds: what fell out may have been sent. */
static void test_wrap(void)
{
	static struct ledger_page page;
	struct ledger *l = open_page(&page);
	unsigned int n_done = 0, n_unsure = 0, n_new = 0;

	check_start("more events than it holds");
	for (uint64_t i = 0; i < LEDGER_MAX + 100; i++) {
		ledger_begin(l, i * 10, false);
		ledger_settle(l);
	}
	ledger_free(l);
	l = open_page(&page);
	for (uint64_t i = 0; i < LEDGER_MAX + 200; i++) {
		enum ledger_fate fate = ledger_find(l, i * 10);

		n_done += fate == LEDGER_DONE;
		n_unsure += fate == LEDGER_UNSURE;
		n_new += fate == LEDGER_NEW;
	}
	/* About where the order of the log may differ from that of the input
	 * nobody knows. */
	CHECK_EQ(n_done, LEDGER_MAX);
	CHECK_EQ(n_unsure, 100);
	CHECK_EQ(n_new, 100);
	ledger_free(l);
}

/* A queue tells of each write: only what was in the last one is in doubt. */
static void test_queue(size_t n_flight, unsigned int n_unsure)
{
	static struct ledger_page page;
	struct ledger *l;
	unsigned int n[3] = { 0 };

	check_start("a queue, %zu of it in flight", n_flight);
	memset(&page, 0, sizeof(page));
	l = open_page(&page);
	for (uint64_t i = 0; i < 3000; i++)
		ledger_begin(l, i, true);
	for (uint64_t i = 0; i < 1000; i++) {
		ledger_send(l, i, 0);
		ledger_done(l, i);
	}
	for (size_t i = 0; i < n_flight; i++)
		ledger_send(l, 1000 + i, i);
	for (int round = 0; round < 2; round++) {
		ledger_free(l);
		l = open_page(&page);
		memset(n, 0, sizeof(n));
		for (uint64_t i = 0; i < 3000; i++)
			n[ledger_find(l, i)]++;
		CHECK_EQ(n[LEDGER_DONE], 1000);
		CHECK_EQ(n[LEDGER_UNSURE], n_unsure);
		CHECK_EQ(ledger_find(l, 1000),
			n_flight ? LEDGER_UNSURE : LEDGER_NEW);
		CHECK_EQ(ledger_find(l, 999), LEDGER_DONE);
	}
	ledger_free(l);
}

/* Engines that die young begin the same events again and again: what is known
 * of others stays known. */
static void test_young(void)
{
	static struct ledger_page page;
	struct ledger *l;
	unsigned int n[3] = { 0 };

	check_start("a hundred engines");
	memset(&page, 0, sizeof(page));
	l = open_page(&page);
	ledger_begin(l, 1, true);
	ledger_begin(l, 2, true);
	ledger_send(l, 2, 0);
	ledger_done(l, 2);
	for (int life = 0; life < 100; life++) {
		for (uint64_t i = 3; i < 3000; i++)
			ledger_begin(l, i, true);
		ledger_free(l);
		l = open_page(&page);
	}
	CHECK_EQ(ledger_find(l, 1), LEDGER_NEW);
	CHECK_EQ(ledger_find(l, 2), LEDGER_DONE);
	for (uint64_t i = 3; i < 3000; i++)
		n[ledger_find(l, i)]++;
	CHECK_EQ(n[LEDGER_NEW], 2997);
	ledger_free(l);

	check_start("what was committed is forgotten");
	l = ledger_new(&page, 3);
	if (!l)
		abort();
	CHECK_EQ(page.begun, 0);
	ledger_free(l);

	check_start("died while it wrote the log anew");
	page.is_torn = 1;
	l = open_page(&page);
	CHECK_EQ(ledger_find(l, 5), LEDGER_UNSURE);
	ledger_free(l);
}

static void test_nonsense(void)
{
	static struct ledger_page page;
	static const uint64_t odd[] = { 0, 1, 7, LEDGER_MAX, LEDGER_MAX + 1,
		INT64_MAX, UINT64_MAX - 1, UINT64_MAX };

	for (size_t i = 0; i < 64; i++) {
		struct ledger *l;

		check_start("nonsense %zu", i);
		memset(&page, (int)i, sizeof(page));
		page.begun = odd[i % 8];
		page.done = odd[i / 8];
		l = open_page(&page);
		CHECK_EQ(page.done, page.begun);
		CHECK(page.begun <= LEDGER_MAX);
		(void)!ledger_find(l, 3);
		ledger_begin(l, 1000, false);
		ledger_settle(l);
		ledger_free(l);
	}
}

int main(void)
{
	check.module = "ledger";
	test_rows();
	test_wrap();
	test_queue(0, 0);
	test_queue(1, 1);
	test_queue(700, 700);
	test_queue(LEDGER_FLIGHT_MAX, LEDGER_FLIGHT_MAX);
	/* More than can be noted may be any. */
	test_queue(LEDGER_FLIGHT_MAX + 1, 2000);
	test_young();
	test_nonsense();
	return check_end();
}
