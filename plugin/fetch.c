// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "config.h"
#include "fetch_file.h"
#include "fetch_meta.h"
#include "fetch_misp.h"
#include "fetch_state.h"
#include "fetch_taxii.h"
#include "http.h"
#include "log.h"
#include "loop.h"
#include "rowfile.h"
#include "stamp.h"

/* Of descriptors a process of this kind has 64. */
#define AT_ONCE_MAX 4
#define STALL_S     30
#define MINUTE_MS   60000LL
#define HOUR_MS     (60 * MINUTE_MS)
#define DAY_MS      (24 * HOUR_MS)
#define WHY_MAX     2048
/* Until the rest of what came in part. */
#define PARTIAL_MS (10 * 1000LL)

struct fetch {
	struct fetch_hooks hooks;
	struct http *http;
	struct fetch_source sources[CONFIG_FETCHES_MAX];
	size_t n;
};

/* Hosts that started together are not to come together. */
static int64_t about(int64_t ms)
{
	uint32_t r = 0;

	(void)!getrandom(&r, sizeof(r), GRND_NONBLOCK);
	return ms - ms / 10 + (int64_t)(r % 1024) * (ms / 5) / 1024;
}

static int64_t every_ms(const struct fetch_source *s)
{
	return s->cf->every_m * MINUTE_MS;
}

/* --- what is known of the file that is there --------------------------------
 */

static void load_meta(struct fetch_source *s)
{
	char path[PATH_MAX];
	struct str text, why;

	s->meta = (struct fetch_meta){ 0 };
	fetch_path(s, "", path);
	if (access(path, F_OK) < 0)
		return;
	fetch_path(s, ".meta", path);
	str_init(&text, FETCH_META_MAX + ROWFILE_GROWTH);
	str_init(&why, WHY_MAX);
	if (rowfile_slurp(path, FETCH_META_MAX, &text, &why) == 0)
		fetch_meta_parse(&s->meta, str_bytes(&text));
	if (s->meta.source != fetch_meta_source(s->cf->kind->name, s->cf->url))
		s->meta = (struct fetch_meta){ 0 };
	str_fini(&text);
	str_fini(&why);
}

static void save_meta(struct fetch_source *s)
{
	char path[PATH_MAX];
	struct str text;

	s->meta.source = fetch_meta_source(s->cf->kind->name, s->cf->url);
	s->meta.checked_ms = stamp_now_ms();
	str_init(&text, FETCH_META_MAX);
	fetch_meta_print(&s->meta, &text);
	fetch_path(s, ".meta", path);
	/* Without it all of it comes again, which is no harm. */
	if (rowfile_replace(path, str_bytes(&text), &s->why) < 0)
		str_reset(&s->why);
	str_fini(&text);
}

/* What was fetched not long ago is not due at a start. */
static int64_t first_due_ms(const struct fetch_source *s)
{
	int64_t ms = s->meta.checked_ms + every_ms(s) - stamp_now_ms();

	if (!s->meta.checked_ms || ms < 0)
		return loop_now_ms();
	return loop_now_ms() + (ms < every_ms(s) ? ms : every_ms(s));
}

/* --- how one ends -----------------------------------------------------------
 */

static void end(struct fetch_source *s)
{
	fetch_file_drop(s->file);
	fetch_taxii_free(s->taxii);
	fetch_misp_free(s->misp);
	s->file = NULL;
	s->taxii = NULL;
	s->misp = NULL;
}

static void succeed(struct fetch_source *s)
{
	end(s);
	save_meta(s);
	s->due_ms =
		loop_now_ms() + about(s->is_partial ? PARTIAL_MS : every_ms(s));
	s->failures = 0;
	if (s->is_told)
		log_info("feed %s: fetched again", s->cf->name);
	s->is_told = false;
}

static void fail(struct fetch_source *s, int64_t retry_after_ms)
{
	unsigned int n = s->failures < 10 ? s->failures : 10;
	int64_t ms = MINUTE_MS << n;
	int64_t most = every_ms(s) > HOUR_MS ? every_ms(s) : HOUR_MS;

	end(s);
	if (ms > most)
		ms = most;
	if (ms < retry_after_ms)
		ms = retry_after_ms < DAY_MS ? retry_after_ms : DAY_MS;
	s->failures++;
	s->due_ms = loop_now_ms() + about(ms);
	if (!s->is_told)
		log_warn("feed %s: %s; what it brought before stays",
			s->cf->name, str_z(&s->why));
	s->is_told = true;
}

/* --- asking -----------------------------------------------------------------
 */

static void add_headers(const struct fetch_source *s, struct str *to)
{
	const char *key = strstr(s->cf->header, "{key}");

	if (key) {
		str_add(to, s->cf->header, (size_t)(key - s->cf->header));
		str_addb(to, str_bytes(&s->key));
		str_addz(to, key + strlen("{key}"));
		str_addc(to, '\n');
	}
	if (s->taxii)
		str_addz(to, "Accept: application/taxii+json;version=2.1\n");
	/* They are the manifest's. */
	if (s->misp && fetch_misp_is_open(s->misp))
		return;
	if (s->meta.etag[0])
		str_addf(to, "If-None-Match: %s\n", s->meta.etag);
	if (s->meta.modified[0])
		str_addf(to, "If-Modified-Since: %s\n", s->meta.modified);
}

static int ask(struct fetch *f, struct fetch_source *s)
{
	struct http_request rq = { .timeout_ms = s->cf->timeout_s * 1000,
		.login = s->cf->header[0] ? "" : str_z(&s->key),
		.stall_s = STALL_S,
		.body_max = (size_t)s->cf->max_m << 20,
		.take = fetch_on_piece,
		.take_arg = s,
		.may_be_inside = s->cf->is_inside };
	struct str url, headers;
	int rc;

	str_init(&url, 4096);
	str_init(&headers, 8192);
	add_headers(s, &headers);
	if (s->taxii) {
		fetch_taxii_url(s->taxii, s->cf->url, &url);
		rq.body_max = FETCH_PAGE_MAX;
		rq.take = NULL;
	} else if (s->misp) {
		fetch_misp_url(s->misp, s->cf->url, &url);
		rq.body_max = FETCH_MISP_MAX;
		rq.take = NULL;
	} else {
		str_addz(&url, s->cf->url);
	}
	rq.url = str_z(&url);
	rq.headers = str_z(&headers);
	rc = str_ok(&url) && str_ok(&headers)
		     ? http_start(f->http, (uint32_t)(s - f->sources), &rq)
		     : -1;
	if (rc < 0)
		str_addz(&s->why, "cannot be asked for");
	if (headers.p)
		explicit_bzero(headers.p, headers.size);
	str_fini(&headers);
	str_fini(&url);
	return rc;
}

static int open_kind(struct fetch_source *s)
{
	s->is_partial = false;
	if (s->cf->kind->way == FETCH_TAXII)
		return (s->taxii = fetch_taxii_new(s->meta.after)) ? 0 : -1;
	if (s->cf->kind->way == FETCH_MISP)
		return (s->misp = fetch_misp_new()) ? 0 : -1;
	return 0;
}

static int start(struct fetch *f, struct fetch_source *s)
{
	char path[PATH_MAX];

	str_reset(&s->why);
	load_meta(s);
	s->is_conditional =
		s->meta.etag[0] || s->meta.modified[0] || s->meta.after[0];
	fetch_path(s, "", path);
	s->file = fetch_file_open(path, &s->why);
	if (!s->file)
		return -1;
	if (open_kind(s) == 0)
		return ask(f, s);
	str_addz(&s->why, "out of memory");
	return -1;
}

static void on_done(void *arg, uint32_t ticket, const struct http_reply *reply)
{
	struct fetch *f = arg;
	struct fetch_source *s = &f->sources[ticket];
	int rc = fetch_take(s, reply);

	if (rc == 1)
		rc = ask(f, s) < 0 ? -1 : 1;
	if (rc == 0)
		succeed(s);
	else if (rc < 0)
		fail(s, reply->retry_after_ms);
}

static void on_watch(void *arg, int fd, unsigned int what)
{
	struct fetch *f = arg;

	f->hooks.watch(f->hooks.arg, fd, what);
}

/* --- all of them ------------------------------------------------------------
 */

static void read_sources(
	struct fetch *f, const struct config *cf, struct str *why)
{
	for (size_t i = 0; i < cf->n_fetches; i++) {
		struct fetch_source *s = &f->sources[f->n];

		s->cf = &cf->fetches[i];
		s->dir = cf->feed_dir;
		str_init(&s->key, ROWFILE_KEY_MAX + ROWFILE_GROWTH);
		if (s->cf->key_file[0] &&
			rowfile_slurp_key(s->cf->key_file, &s->key, why) < 0) {
			str_addf(why, "feed %s is not fetched\n", s->cf->name);
			str_fini(&s->key);
			continue;
		}
		str_init(&s->why, WHY_MAX);
		load_meta(s);
		s->due_ms = first_due_ms(s);
		f->n++;
	}
}

struct fetch *fetch_new(const struct config *cf,
	const struct fetch_hooks *hooks, struct str *why)
{
	struct fetch *f = calloc(1, sizeof(*f));
	struct http_conf http = { .proxy = cf->intel_proxy,
		.ca_file = cf->intel_ca,
		.watch = on_watch,
		.done = on_done,
		.arg = f };

	if (!f)
		return NULL;
	f->hooks = *hooks;
	f->http = http_new(&http, why);
	if (!f->http) {
		free(f);
		return NULL;
	}
	read_sources(f, cf, why);
	return f;
}

void fetch_free(struct fetch *f)
{
	if (!f)
		return;
	http_free(f->http);
	for (size_t i = 0; i < f->n; i++) {
		struct fetch_source *s = &f->sources[i];

		end(s);
		if (s->key.p)
			explicit_bzero(s->key.p, s->key.size);
		str_fini(&s->key);
		str_fini(&s->why);
	}
	free(f);
}

void fetch_ready(struct fetch *f, int fd, unsigned int what)
{
	http_ready(f->http, fd, what);
}

void fetch_all(struct fetch *f)
{
	for (size_t i = 0; i < f->n; i++)
		f->sources[i].due_ms = loop_now_ms();
}

static size_t n_under_way(const struct fetch *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->sources[i].file != NULL;
	return n;
}

void fetch_tick(struct fetch *f)
{
	size_t n;

	http_tick(f->http);
	n = n_under_way(f);
	for (size_t i = 0; i < f->n && n < AT_ONCE_MAX; i++) {
		struct fetch_source *s = &f->sources[i];

		if (s->file || loop_now_ms() < s->due_ms)
			continue;
		if (start(f, s) == 0)
			n++;
		else
			fail(s, 0);
	}
}

int fetch_due_ms(const struct fetch *f)
{
	int64_t now_ms = loop_now_ms(), least = INT64_MAX;
	int ms = http_due_ms(f->http);

	for (size_t i = 0; i < f->n && n_under_way(f) < AT_ONCE_MAX; i++)
		if (!f->sources[i].file && f->sources[i].due_ms < least)
			least = f->sources[i].due_ms;
	if (least == INT64_MAX)
		return ms;
	least = least > now_ms ? least - now_ms : 0;
	if (least > HOUR_MS)
		least = HOUR_MS;
	return ms >= 0 && ms < least ? ms : (int)least;
}
