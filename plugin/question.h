// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef QUESTION_H
#define QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ioc.h"
#include "provider.h"

/*
 * What the engine and the intel process say to each other: datagrams of a
 * SOCK_SEQPACKET socket, in the machine's byte order. Neither believes the
 * other.
 */
#define QUESTION_VERSION 1

struct question {
	uint32_t version;
	uint32_t id; /* the asker's; comes back */
	uint32_t type; /* enum ioc_type */
	uint32_t len; /* of value; the datagram ends behind it */
	char value[IOC_VALUE_MAX]; /* in its plain form, 0x20-0x7e */
};

struct answer {
	uint32_t version;
	uint32_t id;
	uint32_t severity; /* enum intel_severity */
	uint32_t is_final; /* 1: no more about it */
	/* Whose word it is, and why there is none: 0x20-0x7e, NULs behind. */
	char provider[PROVIDER_NAME_MAX];
	char why[96];
};

/* false: there is no such question. */
bool question_make(struct question *q, uint32_t id, enum ioc_type type,
	struct bytes value) __attribute__((warn_unused_result));
size_t question_size(const struct question *q);
/* Whether n bytes that came in are one. */
bool question_is(const struct question *q, size_t n);
bool answer_is(const struct answer *a, size_t n);

#endif
