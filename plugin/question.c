// SPDX-License-Identifier: GPL-3.0-or-later
#include "question.h"

#include <string.h>

#include "text.h"

#define HEAD offsetof(struct question, value)

static bool is_value(struct bytes value)
{
	return value.len && value.len <= IOC_VALUE_MAX &&
	       text_printable(value.p, value.len) == value.len &&
	       text_ascii(value.p, value.len) == value.len;
}

bool question_make(
	struct question *q, uint32_t id, enum ioc_type type, struct bytes value)
{
	if (!is_value(value))
		return false;
	q->version = QUESTION_VERSION;
	q->id = id;
	q->type = type;
	q->len = (uint32_t)value.len;
	memcpy(q->value, value.p, value.len);
	return true;
}

size_t question_size(const struct question *q)
{
	return HEAD + q->len;
}

bool question_is(const struct question *q, size_t n)
{
	return n > HEAD && q->version == QUESTION_VERSION &&
	       q->type < IOC_N_TYPES && q->len == n - HEAD &&
	       is_value((struct bytes){ q->value, q->len });
}

/* A NUL ends it, and what is before that is text. */
static bool is_word(const char *p, size_t size)
{
	size_t len = strnlen(p, size);

	return len < size && text_printable(p, len) == len &&
	       text_ascii(p, len) == len;
}

bool answer_is(const struct answer *a, size_t n)
{
	return n == sizeof(*a) && a->version == QUESTION_VERSION &&
	       a->severity <= INTEL_HIGH && a->is_final <= 1 &&
	       is_word(a->provider, sizeof(a->provider)) &&
	       is_word(a->why, sizeof(a->why));
}
