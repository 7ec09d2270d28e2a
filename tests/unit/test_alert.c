// SPDX-License-Identifier: GPL-3.0-or-later
/* Whose alerts make room for whose. */
#include "alert.h"

#include "check.h"

#define MS 1700000000000

static size_t count(const struct alert_table *t, enum alert_source source)
{
	struct alert_seen a;
	const void *at = NULL;
	size_t n = 0;

	while (alert_next(t, &at, &a))
		n += a.source == source;
	return n;
}

static void send_one(struct alert_table *t, unsigned int number)
{
	char name[32];

	snprintf(name, sizeof(name), "sent %u", number);
	CHECK_EQ(alert_table_add_sent(t, BYTES("web1"), bytes_of(name),
			 ALERT_HIGH, MS + number),
		0);
}

/* What is sent takes the places of what was sent. */
static void test_quota(void)
{
	struct alert_table *t = alert_table_new();
	struct alert_seen a;
	uint32_t at = 0, row;
	uint64_t last = 0;
	size_t n = 0;

	check_start("quota");
	CHECK_EQ(
		alert_table_add(t, BYTES("web1"), BYTES("file"), ALERT_LOW, MS),
		0);
	CHECK_EQ(alert_table_add_own(
			 t, BYTES("web1"), BYTES("own"), ALERT_LOW, MS),
		0);
	for (unsigned int i = 0; i < 3 * ALERT_SENT_MAX; i++)
		send_one(t, i);
	CHECK_EQ(count(t, ALERT_SENT), ALERT_SENT_MAX);
	CHECK_EQ(count(t, ALERT_FILE), 1);
	CHECK_EQ(count(t, ALERT_OWN), 1);
	CHECK_EQ(alert_evicted(t), 2 * ALERT_SENT_MAX);
	CHECK_EQ(alert_sent_change(t), 3 * ALERT_SENT_MAX);
	while (alert_sent_changed(t, 3 * ALERT_SENT_MAX - 10, &at, &row, &a)) {
		CHECK(row && row <= ALERT_SENT_MAX);
		CHECK(a.time_ms >= MS + 3 * ALERT_SENT_MAX - 10);
		last = a.change > last ? a.change : last;
		n++;
	}
	CHECK_EQ(n, 10);
	CHECK_EQ(last, alert_sent_change(t));
	CHECK(alert_sum(t, BYTES("WEB1"), MS, MS + 10000).n ==
		ALERT_SENT_MAX + 2);
	alert_table_free(t);
}

/* All others' come from a table again, what was sent does not. */
static void test_clear(void)
{
	struct alert_table *t = alert_table_new();

	check_start("clear");
	send_one(t, 1);
	CHECK_EQ(alert_table_add(t, BYTES("w"), BYTES("a"), ALERT_LOW, MS), 0);
	send_one(t, 2);
	CHECK_EQ(alert_table_add(t, BYTES("w"), BYTES("b"), ALERT_LOW, MS), 0);
	alert_table_clear_file(t);
	CHECK_EQ(count(t, ALERT_FILE), 0);
	CHECK_EQ(count(t, ALERT_SENT), 2);
	send_one(t, 3);
	CHECK_EQ(alert_table_add(t, BYTES("w"), BYTES("c"), ALERT_LOW, MS), 0);
	CHECK_EQ(count(t, ALERT_FILE), 1);
	CHECK_EQ(count(t, ALERT_SENT), 3);
	alert_table_free(t);
}

/* A flood of a table's drops what was sent, too. */
static void test_flood(void)
{
	struct alert_table *t = alert_table_new();
	struct alert_seen a;
	uint32_t at = 0, row;
	int n = 0;

	check_start("flood");
	send_one(t, 1);
	for (int i = 0; i < ALERT_MAX; i++)
		n += alert_table_add(
			     t, BYTES("w"), BYTES("a"), ALERT_LOW, MS + i) == 0;
	CHECK_EQ(n, ALERT_MAX);
	CHECK_EQ(count(t, ALERT_SENT), 0);
	CHECK(!alert_sent_changed(t, 0, &at, &row, &a));
	send_one(t, 2);
	CHECK_EQ(count(t, ALERT_SENT), 1);
	CHECK_EQ(count(t, ALERT_FILE), ALERT_MAX - 1);
	alert_table_free(t);
}

static void test_refused(void)
{
	struct alert_table *t = alert_table_new();
	struct bytes w = BYTES("w"), none = { NULL, 0 };
	char text[ALERT_NAME_MAX + 1] = { 0 };
	struct bytes longer = { text, sizeof(text) };

	check_start("refused");
	CHECK_EQ(alert_table_add_sent(t, none, w, ALERT_LOW, MS), -1);
	CHECK_EQ(alert_table_add_sent(t, w, none, ALERT_LOW, MS), -1);
	CHECK_EQ(alert_table_add_sent(t, longer, w, ALERT_LOW, MS), -1);
	CHECK_EQ(alert_table_add_sent(t, w, longer, ALERT_LOW, MS), -1);
	CHECK_EQ(alert_table_add_sent(t, w, w, ALERT_LOW, -1), -1);
	CHECK_EQ(alert_table_add_sent(
			 t, w, w, (enum alert_severity)(ALERT_HIGH + 1), MS),
		-1);
	CHECK_EQ(count(t, ALERT_SENT), 0);

	check_start("sent twice");
	CHECK_EQ(alert_table_add_sent(t, w, w, ALERT_LOW, MS), 0);
	CHECK_EQ(alert_table_add_sent(t, BYTES("W"), w, ALERT_LOW, MS), 0);
	CHECK_EQ(count(t, ALERT_SENT), 1);
	CHECK_EQ(alert_table_add_sent(t, w, w, ALERT_LOW, MS + 1), 0);
	CHECK_EQ(alert_table_add_sent(t, w, w, ALERT_HIGH, MS), 0);
	CHECK_EQ(alert_table_add_sent(t, w, BYTES("x"), ALERT_LOW, MS), 0);
	CHECK_EQ(count(t, ALERT_SENT), 4);
	alert_table_free(t);
}

int main(void)
{
	check.module = "alert";
	test_quota();
	test_clear();
	test_flood();
	test_refused();
	return check_end();
}
