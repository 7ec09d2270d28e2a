// SPDX-License-Identifier: GPL-3.0-or-later
#include "question.h"

#include <string.h>

#include "check.h"

static void test_question(void)
{
	struct question q;
	size_t n;

	check_start("a question");
	CHECK(question_make(&q, 9, IOC_IPV4, BYTES("8.8.4.4")));
	n = question_size(&q);
	CHECK_EQ(n, 16 + 7);
	CHECK(question_is(&q, n));
	check_start("cut, longer, of nothing");
	CHECK(!question_is(&q, n - 1));
	CHECK(!question_is(&q, n + 1));
	CHECK(!question_is(&q, 16));
	CHECK(!question_is(&q, 0));
	check_start("of another kind, with other bytes");
	q.type = IOC_N_TYPES;
	CHECK(!question_is(&q, n));
	q.type = IOC_IPV4;
	q.version++;
	CHECK(!question_is(&q, n));
	q.version--;
	q.value[3] = '\n';
	CHECK(!question_is(&q, n));
	CHECK(!question_make(&q, 1, IOC_DNS, BYTES("")));
	CHECK(!question_make(&q, 1, IOC_DNS, BYTES("\xc3\xa4.example.com")));
}

static void test_answer(void)
{
	struct answer a = { .version = QUESTION_VERSION,
		.severity = INTEL_HIGH,
		.is_final = 1,
		.provider = "otx" };

	check_start("an answer");
	CHECK(answer_is(&a, sizeof(a)));
	CHECK(!answer_is(&a, sizeof(a) - 1));
	a.severity = INTEL_HIGH + 1;
	CHECK(!answer_is(&a, sizeof(a)));
	a.severity = INTEL_LOW;
	a.is_final = 2;
	CHECK(!answer_is(&a, sizeof(a)));
	a.is_final = 0;
	check_start("words without an end, with other bytes");
	memset(a.provider, 'x', sizeof(a.provider));
	CHECK(!answer_is(&a, sizeof(a)));
	memset(a.provider, 0, sizeof(a.provider));
	a.why[0] = '\x1b';
	CHECK(!answer_is(&a, sizeof(a)));
	a.why[0] = '\0';
	CHECK(answer_is(&a, sizeof(a)));
}

int main(void)
{
	check.module = "question";
	test_question();
	test_answer();
	return check_end();
}
