// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the engine and the intel process say to each other, whatever it is: what
 * is taken for a question or an answer is one from end to end.
 *
 * seeds: argv
 */
#include "question.h"

#include "fuzz.h"
#include "text.h"

static void check_question(struct bytes in)
{
	struct question q, again;
	size_t n = in.len < sizeof(q) ? in.len : sizeof(q);

	memset(&q, 0, sizeof(q));
	memcpy(&q, in.p, n);
	/* Most inputs are none: have half of them near one. */
	if (in.p[0] & 1) {
		q.version = QUESTION_VERSION;
		q.type %= IOC_N_TYPES;
		q.len = (uint32_t)(n > offsetof(struct question, value)
					   ? n - offsetof(
							 struct question, value)
					   : 0);
	}
	if (!question_is(&q, n))
		return;
	MUST(question_size(&q) == n && q.len && q.len <= IOC_VALUE_MAX);
	MUST(text_printable(q.value, q.len) == q.len);
	MUST(question_make(&again, q.id, (enum ioc_type)q.type,
		(struct bytes){ q.value, q.len }));
	MUST(question_is(&again, question_size(&again)));
}

static void check_answer(struct bytes in)
{
	struct answer a;
	size_t n = in.len < sizeof(a) ? in.len : sizeof(a);

	memset(&a, 0, sizeof(a));
	memcpy(&a, in.p, n);
	if (in.p[0] & 2) {
		a.version = QUESTION_VERSION;
		a.severity %= INTEL_HIGH + 2;
		a.is_final &= 1;
		n = sizeof(a);
	}
	if (!answer_is(&a, n))
		return;
	MUST(strnlen(a.provider, sizeof(a.provider)) < sizeof(a.provider));
	MUST(strnlen(a.why, sizeof(a.why)) < sizeof(a.why));
	MUST(a.severity <= INTEL_HIGH);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_bytes(data, len);

	if (!len)
		return 0;
	check_question(in);
	check_answer(in);
	return 0;
}
