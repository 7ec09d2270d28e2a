// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef BROKER_H
#define BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intel_severity.h"
#include "ioc.h"
#include "provider.h"
#include "str.h"

struct state;

/*
 * Who is asked what, and when: each indicator once however many events name
 * it, no provider more often than it allows, and none that does not answer.
 * It sends nothing itself and knows no clock: both are its caller's.
 */
struct broker;

#define BROKER_PROVIDERS_MAX 16
/* Indicators that wait for an answer. */
#define BROKER_WAITING_MAX 1024
/* Answers that are remembered. */
#define BROKER_MEMORY_MAX 65536

/* How long what a provider said is believed. */
#define BROKER_KNOWN_MS   (24 * 3600 * 1000LL)
#define BROKER_NOTHING_MS (6 * 3600 * 1000LL)
#define BROKER_FAILED_MS  (5 * 60 * 1000LL)

struct broker_time {
	int64_t mono_ms; /* never steps */
	int64_t wall_ms; /* since the epoch */
};

/* What is known of an indicator by now: the worst that anybody said. */
struct broker_verdict {
	enum ioc_type type;
	struct bytes value;
	enum intel_severity severity; /* INTEL_NOT_ASKED: nobody answered */
	const char *provider; /* whose word it is; "" for nobody's */
	bool is_final; /* nobody else will be heard */
	/* "NAME: what happened" of one that could not answer; "" for none. */
	const char *why;
};

struct broker_conf {
	const struct provider_conf *providers; /* n of them, borrowed */
	const struct bytes *keys; /* of each; empty where there is none */
	size_t n;
	uint64_t seed[2]; /* that nobody can foresee */
	/* Starts a request; broker_reply follows, not before it returns. -1:
	 * it cannot be sent. */
	int (*send)(void *arg, uint32_t ticket, size_t provider,
		const struct provider_request *rq);
	/* Saves for good how often each provider was asked, before it is asked
	 * again: what broker_keep gave. -1: it cannot, and nothing is sent. */
	int (*save)(void *arg);
	/* Does not call back. */
	void (*tell)(void *arg, const struct broker_verdict *v);
	/* A sentence for the log: a key refused, a provider out of reach. */
	void (*say)(void *arg, const char *text);
	void *arg;
};

/* What HTTP brought. */
struct broker_reply {
	long status; /* 0: no answer, error says why */
	struct bytes body;
	int64_t retry_after_ms; /* -1: it did not say */
	const char *error;
};

/* How a provider fares. */
struct broker_state {
	unsigned int used; /* of per_day */
	unsigned int in_flight;
	bool is_denied; /* until broker_new */
	int64_t open_ms; /* not asked for so long; 0: it is */
	unsigned int failures; /* in a row */
	char why[96]; /* of the last failure */
};

/* NULL when out of memory. */
struct broker *broker_new(const struct broker_conf *cf)
	__attribute__((warn_unused_result));
void broker_free(struct broker *b);
/* Has the answers and what was spent outlive the process. -1: out of room. */
int broker_keep(struct broker *b, struct state *st)
	__attribute__((warn_unused_result));

/* Asks about an indicator that may be asked about. tell is called for what is
 * known at once, and as answers come; is_final ends it. */
void broker_ask(struct broker *b, enum ioc_type type, struct bytes value,
	struct broker_time now);
void broker_reply(struct broker *b, uint32_t ticket,
	const struct broker_reply *reply, struct broker_time now);
/* Does what is due. */
void broker_tick(struct broker *b, struct broker_time now);
/* In how many ms that is; -1: nothing is. */
int broker_due_ms(const struct broker *b, struct broker_time now);
/* Nobody is waited for any longer: every question is ended. */
void broker_end(struct broker *b);
size_t broker_waiting(const struct broker *b);
void broker_state(const struct broker *b, size_t provider,
	struct broker_time now, struct broker_state *to);

#endif
