// SPDX-License-Identifier: GPL-3.0-or-later
#include "http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "address.h"
#include "loop.h"

#define CONNECT_MS       5000
#define HOST_CONNECTIONS 4
#define CONNECTIONS      16
/* Less is as good as nothing. */
#define STALL_BYTES_S 1000

struct transfer {
	struct http *http; /* NULL: the place is free */
	CURL *easy;
	struct curl_slist *headers;
	struct str body, sent;
	size_t header_bytes, body_bytes, body_max;
	http_take *take;
	void *take_arg;
	uint32_t ticket;
	bool may_be_inside;
	bool is_long; /* an answer over its cap */
	bool is_inside; /* and it may not */
	char error[CURL_ERROR_SIZE];
};

struct http {
	struct http_conf cf;
	CURLM *multi;
	int64_t due_ms; /* of loop_now_ms; -1: nothing is */
	struct transfer transfers[HTTP_MAX];
};

/* --- what libcurl calls -----------------------------------------------------
 */

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t len = size * n;

	t->is_long = len > t->body_max - t->body_bytes;
	if (t->is_long)
		return 0;
	t->body_bytes += len;
	if (t->take)
		return t->take(t->take_arg, (struct bytes){ p, len }) < 0 ? 0
									  : len;
	str_add(&t->body, p, len);
	return str_ok(&t->body) ? len : 0;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	(void)p;
	t->header_bytes += size * n;
	t->is_long = t->header_bytes > HTTP_HEADERS_MAX;
	return t->is_long ? 0 : size * n;
}

/* Whether it is no place on the Internet, or one that nobody may ask. */
static bool is_inside(const struct curl_sockaddr *at, bool may_be_inside)
{
	const struct sockaddr_in6 *six = (const void *)&at->addr;
	const struct sockaddr_in *four = (const void *)&at->addr;
	char text[INET6_ADDRSTRLEN] = "";

	if (at->family == AF_INET)
		inet_ntop(AF_INET, &four->sin_addr, text, sizeof(text));
	else if (at->family == AF_INET6)
		inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof(text));
	if (may_be_inside)
		return address_is(bytes_of(text), "link_local");
	return !address_is(bytes_of(text), "public");
}

/* A name that somebody outside answers for must not lead inside: there are
 * services there that trust whoever can reach them. */
static curl_socket_t on_open(
	void *arg, curlsocktype purpose, struct curl_sockaddr *at)
{
	struct transfer *t = arg;

	(void)purpose;
	t->is_inside = is_inside(at, t->may_be_inside);
	if (t->is_inside)
		return CURL_SOCKET_BAD;
	return socket(at->family, at->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
		at->protocol);
}

static int on_socket(
	CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
	struct http *h = arg;
	unsigned int bits = 0;

	(void)easy;
	(void)socket_arg;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		bits |= LOOP_READ;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		bits |= LOOP_WRITE;
	h->cf.watch(h->cf.arg, fd, bits);
	return 0;
}

static int on_timer(CURLM *multi, long ms, void *arg)
{
	struct http *h = arg;

	(void)multi;
	h->due_ms = ms < 0 ? -1 : loop_now_ms() + ms;
	return 0;
}

/* --- one transfer -----------------------------------------------------------
 */

static void end_transfer(struct transfer *t)
{
	if (t->easy) {
		curl_multi_remove_handle(t->http->multi, t->easy);
		curl_easy_cleanup(t->easy);
	}
	curl_slist_free_all(t->headers);
	if (t->sent.p)
		explicit_bzero(t->sent.p, t->sent.size);
	str_fini(&t->sent);
	str_fini(&t->body);
	*t = (struct transfer){ 0 };
}

static int add_headers(struct transfer *t, const char *lines)
{
	while (*lines) {
		size_t len = strcspn(lines, "\n");
		struct curl_slist *more;
		struct str line;

		str_init(&line, 4096);
		str_add(&line, lines, len);
		more = str_ok(&line)
			       ? curl_slist_append(t->headers, str_z(&line))
			       : NULL;
		if (line.p)
			explicit_bzero(line.p, line.size);
		str_fini(&line);
		if (!more)
			return -1;
		t->headers = more;
		lines += len + (lines[len] == '\n');
	}
	/* No second trip for a body of a few bytes. */
	t->headers = curl_slist_append(t->headers, "Expect:");
	return t->headers ? 0 : -1;
}

static void guard(CURL *e, const struct http *h, struct transfer *t)
{
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	/* A resolver that hangs does not hold up what ends. */
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(e, CURLOPT_PROXY,
		strcmp(h->cf.proxy, "none") ? h->cf.proxy : "");
	if (strcmp(h->cf.ca_file, "system"))
		curl_easy_setopt(e, CURLOPT_CAINFO, h->cf.ca_file);
}

static int fill(struct transfer *t, const struct http_request *rq)
{
	CURL *e = t->easy;

	guard(e, t->http, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "audisp-hunt/" VERSION);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)rq->timeout_ms);
	if (rq->stall_s) {
		curl_easy_setopt(
			e, CURLOPT_LOW_SPEED_LIMIT, (long)STALL_BYTES_S);
		curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, (long)rq->stall_s);
	}
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	if (add_headers(t, rq->headers) < 0 ||
		curl_easy_setopt(e, CURLOPT_URL, rq->url) != CURLE_OK)
		return -1;
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->headers);
	if (rq->login[0] && curl_easy_setopt(e, CURLOPT_USERPWD, rq->login))
		return -1;
	if (!rq->is_post)
		return 0;
	str_addb(&t->sent, rq->body);
	curl_easy_setopt(e, CURLOPT_POSTFIELDS, str_z(&t->sent));
	curl_easy_setopt(
		e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->sent.len);
	return str_ok(&t->sent) ? 0 : -1;
}

int http_start(struct http *h, uint32_t ticket, const struct http_request *rq)
{
	struct transfer *t = NULL;

	for (size_t i = 0; i < HTTP_MAX && !t; i++)
		if (!h->transfers[i].http)
			t = &h->transfers[i];
	if (!t)
		return -1;
	*t = (struct transfer){ .http = h,
		.ticket = ticket,
		.body_max = rq->body_max,
		.take = rq->take,
		.take_arg = rq->take_arg,
		.may_be_inside =
			rq->may_be_inside || strcmp(h->cf.proxy, "none") != 0 };
	str_init(&t->body, rq->body_max);
	str_init(&t->sent, rq->body.len);
	t->easy = curl_easy_init();
	if (t->easy && fill(t, rq) == 0 &&
		curl_multi_add_handle(h->multi, t->easy) == CURLM_OK)
		return 0;
	end_transfer(t);
	return -1;
}

/* --- all of them ------------------------------------------------------------
 */

static void finish(struct http *h, struct transfer *t, CURLcode rc)
{
	struct http_reply reply = {
		.retry_after_ms = -1, .is_long = t->is_long, .easy = t->easy
	};
	curl_off_t retry_s = 0;

	if (t->is_long)
		reply.error = "an answer that is too long";
	else if (t->is_inside)
		reply.error = "its name leads to an address inside";
	else if (rc != CURLE_OK)
		reply.error = t->error[0] ? t->error : curl_easy_strerror(rc);
	else
		curl_easy_getinfo(
			t->easy, CURLINFO_RESPONSE_CODE, &reply.status);
	curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &retry_s);
	if (retry_s > 0 && retry_s < INT32_MAX)
		reply.retry_after_ms = (int64_t)retry_s * 1000;
	reply.body = str_bytes(&t->body);
	h->cf.done(h->cf.arg, t->ticket, &reply);
	end_transfer(t);
}

const char *http_header(const struct http_reply *reply, const char *name)
{
	struct curl_header *h;

	return curl_easy_header(reply->easy, name, 0, CURLH_HEADER, -1, &h) ==
			       CURLHE_OK
		       ? h->value
		       : "";
}

static void reap(struct http *h)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left))) {
		struct transfer *t;
		CURLcode rc = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
		finish(h, t, rc);
	}
}

void http_ready(struct http *h, int fd, unsigned int what)
{
	int bits = 0, running;

	if (what & LOOP_READ)
		bits |= CURL_CSELECT_IN;
	if (what & LOOP_WRITE)
		bits |= CURL_CSELECT_OUT;
	curl_multi_socket_action(h->multi, fd, bits, &running);
	reap(h);
}

void http_tick(struct http *h)
{
	int running;

	if (h->due_ms < 0 || loop_now_ms() < h->due_ms)
		return;
	h->due_ms = -1;
	curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	reap(h);
}

int http_due_ms(const struct http *h)
{
	int64_t ms = h->due_ms - loop_now_ms();

	if (h->due_ms < 0)
		return -1;
	return ms > 0 ? (int)ms : 0;
}

struct http *http_new(const struct http_conf *cf, struct str *why)
{
	struct http *h = calloc(1, sizeof(*h));

	if (h && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		h->multi = curl_multi_init();
	if (!h || !h->multi) {
		str_addz(why, "libcurl cannot start\n");
		free(h);
		return NULL;
	}
	h->cf = *cf;
	h->due_ms = -1;
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
		(long)HOST_CONNECTIONS);
	curl_multi_setopt(
		h->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS);
	return h;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < HTTP_MAX; i++)
		if (h->transfers[i].http)
			end_transfer(&h->transfers[i]);
	curl_multi_cleanup(h->multi);
	curl_global_cleanup();
	free(h);
}
