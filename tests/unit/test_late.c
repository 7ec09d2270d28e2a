// SPDX-License-Identifier: GPL-3.0-or-later
#include "late.h"

#include <string.h>

#include "check.h"
#include "event.h"
#include "ioc.h"
#include "score.h"

static const struct intel_conf hunt = { .has_weights = true };
static const struct intel_conf notebook = { .not_asked = 1 };

static void set(struct event_ioc *ioc, enum ioc_type type, const char *value)
{
	*ioc = (struct event_ioc){ .type = type,
		.type_name = BYTES("type"),
		.value = bytes_of(value) };
}

/* Five indicators: two that nobody was asked about, one that somebody knows,
 * one that is masked, one of an operator's own type. */
static struct event *make(void)
{
	struct event *ev = event_create();

	if (!ev)
		abort();
	ev->node = BYTES("web1");
	ev->time_ms = 1700000000123;
	ev->serial = 7;
	ev->has_pid = true;
	ev->pid = 42;
	ev->iocs = event_alloc(ev, 5 * sizeof(*ev->iocs));
	ev->verdicts = event_alloc(ev, 5 * sizeof(*ev->verdicts));
	if (!ev->iocs || !ev->verdicts)
		abort();
	memset(ev->verdicts, 0, 5 * sizeof(*ev->verdicts));
	ev->n_iocs = 5;
	set(&ev->iocs[0], IOC_IPV4, "8.8.4.4");
	set(&ev->iocs[1], IOC_DNS, "known.example.com");
	ev->verdicts[1].severity = INTEL_LOW;
	set(&ev->iocs[2], IOC_URL, "http://a:***@x.example.com/");
	ev->iocs[2].is_masked = true;
	set(&ev->iocs[3], (enum ioc_type)(IOC_N_TYPES + 1), "CASE-17");
	set(&ev->iocs[4], IOC_MD5, "44d88612fea8a8f36de82e1278abb02f");
	ev->iocs[4].weight = 2;
	ev->score.parts[SCORE_freq] = 1;
	ev->score.total = 1;
	return ev;
}

static void test_new(void)
{
	struct event *ev = make(), *late;

	check_start("what is left");
	CHECK_EQ(late_count(ev), 2);
	late = late_new(ev);
	event_destroy(ev);
	CHECK(late != NULL);
	if (!late)
		return;
	CHECK(late->is_late);
	CHECK_BYTES(late->node, BYTES("web1"));
	CHECK_EQ(late->time_ms, 1700000000123);
	CHECK_EQ(late->serial, 7);
	CHECK_EQ(late->pid, 42);
	CHECK_EQ(late->n_iocs, 2);
	CHECK_BYTES(late->iocs[0].value, BYTES("8.8.4.4"));
	CHECK_BYTES(
		late->iocs[1].value, BYTES("44d88612fea8a8f36de82e1278abb02f"));
	event_destroy(late);
}

static void test_nothing(void)
{
	struct event *ev = make();

	check_start("nothing is open");
	ev->verdicts[0].severity = INTEL_UNKNOWN;
	ev->verdicts[4].severity = INTEL_HIGH;
	CHECK_EQ(late_count(ev), 0);
	CHECK(!late_new(ev));
	event_destroy(ev);
}

static void test_amend(void)
{
	struct event *ev = make(), *late = late_new(ev);

	event_destroy(ev);
	if (!late)
		abort();
	check_start("worse and worse");
	CHECK(late_amend(late, 0, INTEL_MEDIUM, BYTES("otx"), &hunt, 2));
	CHECK(late->score.total == 4);
	CHECK(late->score.parts[SCORE_intel] == 3);
	CHECK_BYTES(
		str_bytes(&late->score.why), BYTES("8.8.4.4 is medium to otx"));
	CHECK(!late_amend(late, 0, INTEL_LOW, BYTES("vt"), &hunt, 2));
	CHECK(!late_amend(late, 0, INTEL_MEDIUM, BYTES("vt"), &hunt, 2));
	CHECK(late_amend(late, 0, INTEL_HIGH, BYTES("vt"), &hunt, 2));
	CHECK(late->score.total == 7);
	CHECK_BYTES(late->verdicts[0].provider, BYTES("vt"));
	check_start("its row says as much");
	CHECK(late_amend(late, 1, INTEL_LOW, BYTES("vt"), &hunt, 1));
	CHECK(late->score.total == 7);
	CHECK(late_amend(late, 1, INTEL_HIGH, BYTES("vt"), &hunt, 1));
	CHECK(late->score.total == 8);
	event_destroy(late);
}

/* What nobody was asked about counts 1 there, as unknown does. */
static void test_notebook(void)
{
	struct event *ev = make(), *late = late_new(ev);

	event_destroy(ev);
	if (!late)
		abort();
	check_start("the notebook's points");
	CHECK(late_amend(late, 0, INTEL_UNKNOWN, BYTES(""), &notebook, 1));
	CHECK(late->score.total == 1);
	CHECK(late_amend(
		late, 0, INTEL_INFORMATION, BYTES("vt"), &notebook, 1));
	CHECK(late->score.total == 0);
	CHECK(late_amend(late, 0, INTEL_HIGH, BYTES("vt"), &notebook, 1));
	CHECK(late->score.total == 3);
	event_destroy(late);
}

int main(void)
{
	check.module = "late";
	test_new();
	test_nothing();
	test_amend();
	test_notebook();
	return check_end();
}
