// SPDX-License-Identifier: GPL-3.0-or-later
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"
#include "queue.h"

#define MODEL_MAX 4096

/* The plainest queue: an array, searched. */
struct model {
	struct {
		uint64_t pos;
		double score;
		unsigned int len;
	} lines[MODEL_MAX];
	size_t n;
};

static struct model model;
static uint32_t dice_state = 1;

static uint32_t dice(uint32_t sides)
{
	dice_state = dice_state * 1664525 + 1013904223;
	return (dice_state >> 8) % sides;
}

static void model_take(size_t i)
{
	memmove(model.lines + i, model.lines + i + 1,
		(model.n - i - 1) * sizeof(model.lines[0]));
	model.n--;
}

static void model_drop(void)
{
	size_t found = 0;

	for (size_t i = 1; i < model.n; i++)
		if (queue_class(model.lines[i].score) <
			queue_class(model.lines[found].score))
			found = i;
	model_take(found);
}

/* "POS xxxx...\n", len bytes in all. */
static void write_line(struct str *to, uint64_t pos, unsigned int len)
{
	size_t from = to->len;

	str_addu(to, pos);
	str_addc(to, ' ');
	while (to->len - from < len - 1)
		str_addc(to, 'x');
	str_addc(to, '\n');
}

static void add(struct queue *q, uint64_t pos, double score, unsigned int len)
{
	struct str *to = queue_room(q);

	write_line(to, pos, len);
	CHECK(queue_add(q, &(struct queue_line){
				   .pos = pos, .score = (float)score }) == 0);
	model.lines[model.n].pos = pos;
	model.lines[model.n].score = score;
	model.lines[model.n++].len = len;
}

static void compare_run(const struct queue *q)
{
	struct queue_run run;
	size_t len = 0;

	queue_peek(q, &run);
	CHECK((run.n == 0) == (model.n == 0));
	for (size_t i = 0; i < run.n; i++) {
		const char *text = run.text + len;

		CHECK_EQ(run.lines[i].pos, model.lines[i].pos);
		CHECK_EQ(run.lines[i].len, model.lines[i].len);
		CHECK_EQ(strtoull(text, NULL, 10), model.lines[i].pos);
		len += run.lines[i].len;
		CHECK(run.text[len - 1] == '\n');
	}
	CHECK_EQ(run.len, len);
}

static void compare(const struct queue *q)
{
	uint64_t pos = UINT64_MAX;
	size_t bytes = 0;

	for (size_t i = 0; i < model.n; i++) {
		bytes += model.lines[i].len;
		if (model.lines[i].pos < pos)
			pos = model.lines[i].pos;
	}
	CHECK_EQ(q->n, model.n);
	CHECK_EQ(q->bytes, bytes);
	CHECK(queue_pos(q) <= pos);
	CHECK(model.n || queue_pos(q) == UINT64_MAX);
	compare_run(q);
}

static void step(struct queue *q, uint64_t pos, uint32_t how)
{
	struct queue_run run;
	size_t n;

	if (how < 6 && model.n < MODEL_MAX) {
		add(q, pos, dice(4) ? 0 : dice(40) / 4.0,
			16 + dice(dice(20) ? 1000 : 70000));
	} else if (how < 8 && model.n) {
		queue_drop(q);
		model_drop();
	} else {
		queue_peek(q, &run);
		n = run.n ? dice((uint32_t)run.n) + 1 : 0;
		queue_pop(q, n);
		while (n--)
			model_take(0);
	}
}

static void test_model(void)
{
	static const uint32_t sides[] = { 10, 9, 8, 7 };
	struct queue q;

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		check_start("random steps, %u kinds", sides[i]);
		queue_init(&q);
		model.n = 0;
		for (uint64_t pos = 1; pos < 4000; pos++) {
			step(&q, pos, dice(sides[i]));
			compare(&q);
		}
		queue_fini(&q);
	}
}

static void test_classes(void)
{
	static const struct {
		double score;
		unsigned int class;
	} rows[] = { { 0, 0 }, { -1, 0 }, { 0.01, 1 }, { 0.5, 1 }, { 0.51, 2 },
		{ 1, 2 }, { 1.2, 3 }, { 3, 6 }, { 7, 14 }, { 7.01, 15 },
		{ 7.5, 15 }, { 8, 15 }, { QUEUE_SCORE_MAX, 15 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("class of %g", rows[i].score);
		CHECK_EQ(queue_class(rows[i].score), rows[i].class);
	}
}

static void test_undo(void)
{
	struct queue_run run;
	struct queue q;

	check_start("undo");
	queue_init(&q);
	model.n = 0;
	add(&q, 1, 0, 40);
	str_addz(queue_room(&q), "half a line");
	queue_undo(&q);
	add(&q, 2, 0, 40);
	queue_peek(&q, &run);
	CHECK_EQ(run.n, 2);
	CHECK_EQ(run.len, 80);
	CHECK_EQ(strtoull(run.text + 40, NULL, 10), 2);
	queue_fini(&q);
}

/* Bytes of the heap in use; 0 where the C library cannot tell. */
static size_t heap(void)
{
#ifdef __GLIBC__
	return mallinfo2().uordblks + mallinfo2().hblkhd;
#else
	return 0;
#endif
}

/* One line in 64 is worth more than the rest: what these leave behind must
 * not hold the memory of what went. */
static void test_memory(void)
{
	size_t before = heap();
	struct queue q;

	check_start("memory of the few that stay");
	queue_init(&q);
	for (uint64_t i = 0; i < 200000; i++) {
		write_line(queue_room(&q), i, 500);
		CHECK(queue_add(&q, &(struct queue_line){ .pos = i,
					    .score = i % 64 ? 0 : 5 }) == 0);
		while (q.bytes > 4u << 20)
			queue_drop(&q);
	}
	CHECK(q.n_class[queue_class(5)] == 200000 / 64);
	CHECK(q.bytes > 3u << 20);
	printf("# %zu KiB for %zu KiB of lines\n", (heap() - before) >> 10,
		q.bytes >> 10);
	CHECK(heap() - before < 2 * q.bytes + (1 << 20));
	queue_fini(&q);
}

int main(void)
{
	check.module = "queue";
	test_classes();
	test_undo();
	test_model();
	test_memory();
	return check_end();
}
