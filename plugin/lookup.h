// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LOOKUP_H
#define LOOKUP_H

#include <stdint.h>

#include "broker.h"
#include "str.h"

struct config;

/*
 * Questions about indicators, from end to end: what may not be asked outside
 * is not, the rest goes through the broker to the providers of the
 * configuration, and verdicts come back. For a process of its own: name
 * resolution, TLS and strangers' JSON happen in it.
 */
struct lookup;

struct lookup_conf {
	const struct config *config;
	const char *state; /* file; NULL: nothing outlives the process */
	/* What fd waits for: bits of enum loop_what, 0 for nothing more. */
	void (*watch)(void *arg, int fd, unsigned int what);
	void (*tell)(void *arg, const struct broker_verdict *v);
	void *arg;
};

/* NULL: *why says what cannot be. Else *why may have lines, too: a provider
 * whose key cannot be read is not asked. */
struct lookup *lookup_new(const struct lookup_conf *cf, struct str *why)
	__attribute__((warn_unused_result));
void lookup_free(struct lookup *l);
/* Whether it may be asked about, and in which form: what verdicts name. */
bool lookup_may(struct lookup *l, enum ioc_type type, struct bytes value,
	struct str *as) __attribute__((warn_unused_result));
/* tell is called for it, before this returns or later; is_final ends it. */
void lookup_ask(struct lookup *l, enum ioc_type type, struct bytes value);
void lookup_ready(struct lookup *l, int fd, unsigned int what);
void lookup_tick(struct lookup *l);
/* Ends every question that has no answer yet. */
void lookup_end(struct lookup *l);
/* In how many ms lookup_tick is due; -1: nothing is. */
int lookup_due_ms(const struct lookup *l);
const struct broker *lookup_broker(const struct lookup *l);
/* The i-th of those that are asked, as the broker counts them. */
bool lookup_provider(
	const struct lookup *l, size_t i, struct provider_conf *to);
struct broker_time lookup_now(void);

#endif
