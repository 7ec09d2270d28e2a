// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PROVIDER_H
#define PROVIDER_H

#include <stdbool.h>
#include <stddef.h>

#include "intel_severity.h"
#include "ioc.h"
#include "str.h"

struct cJSON;

/*
 * Who can be asked about an indicator over HTTP: one file in providers/ and
 * one line in providers.def each, two pure functions. Who asks, how often, and
 * what becomes of failures is the broker's to know.
 */

#define PROVIDER_NAME_MAX 24
#define PROVIDER_URL_MAX  512
/* A header of a provider's own, a path into its JSON. */
#define PROVIDER_TEXT_MAX 160

/* A line "provider = KIND WORD..." of the configuration. */
struct provider_conf {
	const struct provider *kind;
	char name[PROVIDER_NAME_MAX]; /* in every output */
	char url[PROVIDER_URL_MAX]; /* base, without the last / */
	char key_file[PROVIDER_URL_MAX]; /* "" for none */
	unsigned int types; /* asked about: bits 1 << enum ioc_type */
	unsigned int per_minute, per_day; /* 0: no limit */
	unsigned int timeout_s;
	bool is_inside; /* may be at an address that is not routed */
	/* Of kind http: see audisp-hunt.conf(5). */
	char header[PROVIDER_TEXT_MAX], path[PROVIDER_TEXT_MAX];
	char high[PROVIDER_TEXT_MAX], medium[PROVIDER_TEXT_MAX];
	char low[PROVIDER_TEXT_MAX];
};

struct provider_query {
	enum ioc_type type;
	struct bytes value; /* in its plain form, as lib/ioc.h has it */
	struct bytes key; /* empty: there is none */
};

/* What is to be sent. Whoever owns it wipes it: the key is in it. */
struct provider_request {
	bool is_post;
	struct str url, body;
	struct str headers; /* "Name: value", a newline behind each */
	struct str login; /* "user:password" of HTTP Basic; empty: none */
};

enum provider_say {
	PROVIDER_KNOWN, /* severity is its word */
	PROVIDER_NOTHING, /* it has never heard of it */
	PROVIDER_DENIED, /* the key is not good */
	PROVIDER_LIMITED, /* too many questions */
	PROVIDER_FAILED /* no answer that can be understood */
};

struct provider_answer {
	enum provider_say say;
	enum intel_severity severity; /* INTEL_NOT_ASKED unless known */
	char why[80]; /* a few words, 0x20-0x7e; "" for none */
};

struct provider {
	const char *name;
	const char *title; /* "AlienVault OTX" */
	const char *url; /* base; NULL: the configuration has to give it */
	unsigned int types; /* what it knows of */
	bool needs_key;
	unsigned int per_minute, per_day; /* what its free key may do */
	unsigned int timeout_s;
	/* -1: there is no such question. */
	int (*request)(const struct provider_conf *cf,
		const struct provider_query *q, struct provider_request *to);
	/* What a body of JSON says; called for the statuses 200 to 299, and
	 * for others where takes_errors is set. body is never NULL. */
	void (*judge)(const struct provider_conf *cf,
		const struct provider_query *q, long status,
		const struct cJSON *body, struct provider_answer *to);
	/* Its error statuses have a meaning of their own. */
	bool takes_errors;
};

extern const struct provider *const provider_all[];
extern const size_t provider_n;

/* NULL if there is none of that name. */
const struct provider *provider_get(struct bytes name);

/* Reads "KIND WORD..."; blanks in a word stand in double quotes. -1: *why has
 * the sentence. */
int provider_parse(struct provider_conf *cf, struct bytes value,
	struct str *why) __attribute__((warn_unused_result));
/* The same again. */
void provider_print(const struct provider_conf *cf, struct str *out);

void provider_request_init(struct provider_request *rq);
void provider_request_fini(struct provider_request *rq);
/* -1: the provider has no such question, or it is longer than can be sent. */
int provider_ask(const struct provider_conf *cf, const struct provider_query *q,
	struct provider_request *to) __attribute__((warn_unused_result));
/*
 * What an answer says: status is HTTP's, body at most what the caller cares to
 * keep. JSON nested deeper than PROVIDER_DEPTH_MAX is no answer.
 */
#define PROVIDER_DEPTH_MAX 64
void provider_judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, struct bytes body,
	struct provider_answer *to);

/* For the files in providers/: */

/* Appends what a path segment, a query or a form may hold: all but letters,
 * digits and -._~ as %XX. */
void provider_add_escaped(struct str *out, struct bytes b);
/* "Name: key" if there is a key. */
void provider_add_key(struct provider_request *to, const char *name,
	const struct provider_query *q);
/* The item at a path of names, such as "data/attributes"; NULL if there is
 * none. */
const struct cJSON *provider_find(const struct cJSON *body, const char *path);
/* A number there, also one that is written as a text; fallback if none. */
double provider_number(
	const struct cJSON *body, const char *path, double fallback);
/* A text there, absent if there is none. Borrowed from body. */
struct bytes provider_text(const struct cJSON *body, const char *path);
/* Whether that is the text there. */
bool provider_is(const struct cJSON *body, const char *path, const char *text);
/* Sets the answer; why may be NULL. */
void provider_known(struct provider_answer *to, enum intel_severity severity);
void provider_say(
	struct provider_answer *to, enum provider_say say, const char *why);

/* What the query_status of abuse.ch's services says, where that is not "ok": it
 * comes with status 200 whatever happened. False: it is "ok", and the body
 * tells. */
bool provider_abuse_ch(const struct cJSON *body, struct provider_answer *to);

/* Sets of types. */
#define PROVIDER_BIT(t) (1u << IOC_##t)
#define PROVIDER_IPS    (PROVIDER_BIT(IPV4) | PROVIDER_BIT(IPV6))
#define PROVIDER_HASHES                                                        \
	(PROVIDER_BIT(MD5) | PROVIDER_BIT(SHA1) | PROVIDER_BIT(SHA256))
#define PROVIDER_ALL                                                           \
	(PROVIDER_IPS | PROVIDER_HASHES | PROVIDER_BIT(DNS) | PROVIDER_BIT(URL))

#endif
