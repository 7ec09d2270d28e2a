// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef HTTP_H
#define HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * The only user of libcurl: questions over HTTPS, several at a time, none of
 * which is waited for. Redirections are answers, not followed; nothing but
 * https is spoken, and to nobody without a good certificate.
 */
struct http;

/* Of a reply's headers, all together. */
#define HTTP_HEADERS_MAX (64u << 10)

struct http_reply {
	long status; /* 0: there was no answer, and error says why */
	struct bytes body; /* what no http_take took */
	int64_t retry_after_ms; /* -1: it did not say */
	const char *error;
	bool is_long; /* that is why: the answer was over its cap */
	void *easy; /* for http_header */
};

/* Takes a piece of a body, whatever the status. -1: no more of it. */
typedef int http_take(void *arg, struct bytes piece);

struct http_conf {
	const char *proxy; /* "none": none, whatever the environment says */
	const char *ca_file; /* "system": the system's */
	/* What fd waits for: bits of enum loop_what, 0 for nothing more. */
	void (*watch)(void *arg, int fd, unsigned int what);
	/* The end of what http_start began. reply is borrowed. */
	void (*done)(
		void *arg, uint32_t ticket, const struct http_reply *reply);
	void *arg;
};

struct http_request {
	bool is_post;
	const char *url;
	struct bytes body; /* of a POST */
	const char *headers; /* "Name: value", a newline behind each */
	const char *login; /* of HTTP Basic; "": none */
	unsigned int timeout_ms; /* of all of it */
	/* One that stands nearly still for so long is none; 0: may it. */
	unsigned int stall_s;
	size_t body_max; /* a longer answer is none */
	http_take *take; /* NULL: the body is kept for the reply */
	void *take_arg;
	/* Whether it may be at an address that is not routed. */
	bool may_be_inside;
};

/* NULL: *why says what cannot be. */
struct http *http_new(const struct http_conf *cf, struct str *why)
	__attribute__((warn_unused_result));
void http_free(struct http *h);
/* Copies what it needs. -1: out of memory, or HTTP_MAX are under way. */
#define HTTP_MAX 64
int http_start(struct http *h, uint32_t ticket, const struct http_request *rq)
	__attribute__((warn_unused_result));
/* A header of a reply, "" where it has none; borrowed until done returns. */
const char *http_header(const struct http_reply *reply, const char *name);
/* fd can be read from or written to. */
void http_ready(struct http *h, int fd, unsigned int what);
/* Does what is due, and in how many ms that is again; -1: nothing is. */
void http_tick(struct http *h);
int http_due_ms(const struct http *h);

#endif
