// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include "check.h"
#include "serial.h"

#define W SERIAL_WINDOW

static struct serial_window window;

/* Serials that come, and what is missing then. */
static void test_rows(void)
{
	static const struct {
		const char *name;
		uint32_t serials[8];
		size_t n;
		uint64_t missing;
	} rows[] = {
		{ "none", { 0 }, 0, 0 },
		{ "one", { 5 }, 1, 0 },
		{ "in a row", { 5, 6, 7 }, 3, 0 },
		{ "again", { 5, 5, 6, 6, 5 }, 5, 0 },
		{ "a gap", { 5, 9 }, 2, 3 },
		{ "a gap filled late", { 5, 9, 7 }, 3, 2 },
		{ "filled twice", { 5, 9, 7, 7 }, 4, 2 },
		{ "out of order", { 5, 8, 7, 6, 9 }, 5, 0 },
		{ "older than the first", { 5, 3, 4, 6 }, 4, 0 },
		{ "first is 0", { 0, 1, 3 }, 3, 1 },
		{ "wrap", { 0xfffffffe, 0xffffffff, 0, 1 }, 4, 0 },
		{ "gap over the wrap", { 0xfffffffe, 2 }, 2, 3 },
		{ "late over the wrap", { 0xfffffffe, 2, 0xffffffff }, 3, 2 },
		{ "jump of a window", { 5, 5 + W }, 2, W - 1 },
		{ "jump of more", { 5, 6 + W }, 2, W },
		{ "jump of ten", { 5, 5 + 10 * W }, 2, 10 * W - 1 },
		{ "late at the edge", { 5, 5 + W, 6 }, 3, W - 2 },
		{ "jump, then on", { 5, 5 + 3 * W, 6 + 3 * W, 8 + 3 * W }, 4,
			3 * W },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n_anew = 0;

		check_start("%s", rows[i].name);
		window = (struct serial_window){ 0 };
		for (size_t j = 0; j < rows[i].n; j++)
			n_anew += serial_note(&window, rows[i].serials[j]);
		CHECK_EQ(serial_missing(&window), rows[i].missing);
		CHECK_EQ(n_anew, 0);
	}
}

static void test_restart(void)
{
	check_start("restart");
	window = (struct serial_window){ 0 };
	CHECK(!serial_note(&window, 1000000));
	CHECK(!serial_note(&window, 1000003));
	CHECK(serial_note(&window, 100));
	CHECK_EQ(serial_missing(&window), 2);
	CHECK(!serial_note(&window, 102));
	CHECK_EQ(serial_missing(&window), 3);
	CHECK(!serial_note(&window, 50)); /* before the restart's first */
	CHECK_EQ(serial_missing(&window), 3);

	check_start("edge of a restart");
	window = (struct serial_window){ 0 };
	CHECK(!serial_note(&window, 10 * W));
	CHECK(!serial_note(&window, 9 * W + 1));
	CHECK(serial_note(&window, 9 * W));
	CHECK(!serial_note(&window, 9 * W + 1));
	CHECK_EQ(serial_missing(&window), 0);
}

/* The definition, word by word: whatever lies between the first and the
 * highest and did not come before it was a window behind. */
struct model {
	uint32_t first, high; /* offsets from a base */
	bool is_started;
	unsigned char seen[1 << 21];
};

static uint64_t model_missing(const struct model *md)
{
	uint64_t n = 0;

	for (uint32_t i = md->first; md->is_started && i < md->high; i++)
		n += !md->seen[i];
	return n;
}

static void model_note(struct model *md, uint32_t at)
{
	if (!md->is_started) {
		md->is_started = true;
		md->first = md->high = at;
	}
	if (at > md->high)
		md->high = at;
	/* Older than the first: nobody's loss. */
	if (at >= md->first && md->high - at < W)
		md->seen[at] = 1;
}

/* How the next serial lies to the last. */
static uint32_t next(uint32_t at, unsigned long long r)
{
	uint32_t by = (uint32_t)(r >> 16);

	switch (r % 64) {
	case 0:
		return at + by % (3 * W);
	case 1:
		return at > W ? at - by % W : at;
	case 2:
	case 3:
	case 4:
	case 5:
	case 6:
	case 7:
		return at > 60 ? at - by % 50 : at;
	default:
		return at + by % 4;
	}
}

static void test_random(void)
{
	static const uint32_t bases[] = { 0, 0xffff0000, 0xfff00000,
		0x7fffff00 };
	static struct model md;
	unsigned long long seed = 5;

	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		uint32_t at = 3 * W;

		check_start("random serials from %x", bases[i]);
		memset(&md, 0, sizeof(md));
		window = (struct serial_window){ 0 };
		while (at < sizeof(md.seen) - 4 * W) {
			uint32_t to = next(at, check_random(&seed));

			/* A window behind would be a restart. */
			if (md.is_started && md.high >= W + to)
				to = md.high;
			at = to;
			model_note(&md, at);
			if (!CHECK(!serial_note(&window, bases[i] + at)))
				break;
		}
		CHECK_EQ(serial_missing(&window), model_missing(&md));
		CHECK(model_missing(&md) > 1000);
	}
}

int main(void)
{
	check.module = "serial";
	test_rows();
	test_restart();
	test_random();
	return check_end();
}
