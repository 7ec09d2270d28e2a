// SPDX-License-Identifier: GPL-3.0-or-later
/* What a server gave, and whether it is what was asked for. */
#include "fetch_state.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "alert.h"
#include "baseline.h"
#include "fetch_file.h"
#include "fetch_misp.h"
#include "fetch_taxii.h"
#include "http.h"
#include "stamp.h"
#include "tables.h"

/* Of a list's text, to see that it is one. */
#define HEAD_MAX (256u << 10)

void fetch_path(const struct fetch_source *s, const char *ending, char *to)
{
	(void)snprintf(to, PATH_MAX, "%s/%s%s", s->dir, s->cf->name, ending);
}

int fetch_on_piece(void *arg, struct bytes piece)
{
	struct fetch_source *s = arg;

	return fetch_file_add(s->file, piece, &s->why);
}

/* Whether an answer with another status, or none, is to be had. */
static int check_reply(struct fetch_source *s, const struct http_reply *reply)
{
	if (s->why.len)
		return -1;
	if (!reply->status)
		str_addz(&s->why, reply->error);
	else if (reply->status != 200)
		str_addf(&s->why, "status %ld", reply->status);
	return s->why.len ? -1 : 0;
}

/* What it says of itself, as far as its head shows it: what is as long as that
 * ends in the middle of a line. */
static int check_table(struct fetch_source *s, struct bytes b)
{
	struct baseline_draft *d = baseline_draft_new();
	struct alert_table *t = alert_table_new();
	int rc = -1;

	if (d && t)
		rc = !strcmp(s->cf->kind->name, "baseline")
			     ? tables_take_baseline(d, b, s->cf->name, &s->why)
			     : tables_take_alerts(t, b, s->cf->name, &s->why);
	baseline_draft_free(d);
	alert_table_free(t);
	return rc;
}

static int check_head(struct fetch_source *s, struct bytes b)
{
	const struct list *list = s->cf->list.kind;
	bool is_cut = fetch_file_len(s->file) > HEAD_MAX;

	if (!b.len) {
		str_addz(&s->why, "nothing came");
		return -1;
	}
	if (b.p[0] == '<')
		return -1;
	if (list && !strcmp(list->name, "stix"))
		return b.p[0] == '{' ? 0 : -1;
	if (!list && b.p[0] == '[' && is_cut)
		return 0;
	while (is_cut && b.len && b.p[b.len - 1] != '\n')
		b.len--;
	return list ? list_try(&s->cf->list, b, &s->why) : check_table(s, b);
}

/* A page that says "sorry" is not to take a list's place. */
static int check_text(struct fetch_source *s)
{
	struct bytes b;
	struct str head;
	int rc = -1;

	str_init(&head, HEAD_MAX + 1);
	if (fetch_file_head(s->file, HEAD_MAX, &head) < 0) {
		str_addz(&s->why, "cannot be read again");
	} else {
		b = str_bytes(&head);
		while (b.len && strchr(" \t\r\n", b.p[0]))
			b.p++, b.len--;
		rc = check_head(s, b);
	}
	if (rc < 0 && !s->why.len)
		str_addf(&s->why, "nothing of kind %s", s->cf->kind->name);
	if (s->why.len && s->why.p[s->why.len - 1] == '\n')
		str_cut(&s->why, s->why.len - 1);
	str_fini(&head);
	return rc;
}

static void take_tags(struct fetch_source *s, const struct http_reply *reply)
{
	fetch_meta_tag(s->meta.etag, sizeof(s->meta.etag),
		bytes_of(http_header(reply, "ETag")));
	fetch_meta_tag(s->meta.modified, sizeof(s->meta.modified),
		bytes_of(http_header(reply, "Last-Modified")));
}

static int keep(struct fetch_source *s, const struct http_reply *reply)
{
	struct fetch_file *file = s->file;

	if (s->cf->has_pin && !fetch_file_is(file, s->cf->pin)) {
		str_addz(&s->why, "it is not what sha256= says");
		return -1;
	}
	if (check_text(s) < 0)
		return -1;
	s->file = NULL;
	s->meta = (struct fetch_meta){ 0 };
	take_tags(s, reply);
	return fetch_file_keep(file, &s->why);
}

static int take_file(struct fetch_source *s, const struct http_reply *reply)
{
	if (reply->status == 304 && s->is_conditional)
		return 0;
	return check_reply(s, reply) < 0 ? -1 : keep(s, reply);
}

/* --- what comes in parts ----------------------------------------------------
 */

static int flush(struct fetch_source *s, struct str *text)
{
	int rc = str_ok(text)
			 ? fetch_file_add(s->file, str_bytes(text), &s->why)
			 : -1;

	if (rc == 0 && fetch_file_len(s->file) > (size_t)s->cf->max_m << 20) {
		str_addf(&s->why, "more than %u MiB", s->cf->max_m);
		rc = -1;
	}
	if (rc < 0 && !s->why.len)
		str_addz(&s->why, "out of memory");
	str_reset(text);
	return rc;
}

static void add_line(struct fetch_source *s, struct bytes line, struct str *to)
{
	if (s->taxii)
		fetch_taxii_line(s->taxii, line, stamp_now_ms(), to);
	else
		fetch_misp_line(s->misp, line, to);
}

/* What the list before has, and still holds. */
static int add_old(struct fetch_source *s, struct str *text)
{
	char path[PATH_MAX], *line = NULL;
	size_t size = 0;
	ssize_t n;
	FILE *old;
	int rc = 0;

	fetch_path(s, "", path);
	old = fopen(path, "re");
	while (old && rc == 0 && (n = getline(&line, &size, old)) > 0) {
		if (line[n - 1] == '\n')
			n--;
		add_line(s, (struct bytes){ line, (size_t)n }, text);
		if (text->len > HEAD_MAX)
			rc = flush(s, text);
	}
	free(line);
	if (old)
		fclose(old);
	return rc;
}

/* --- TAXII ------------------------------------------------------------------
 */

static int finish_taxii(struct fetch_source *s)
{
	struct fetch_file *file = s->file;
	struct str text;
	int rc;

	if (!fetch_taxii_has_news(s->taxii))
		return 0;
	str_init(&text, FETCH_PAGE_MAX);
	rc = s->is_conditional ? add_old(s, &text) : 0;
	fetch_taxii_end(&text);
	if (rc == 0)
		rc = flush(s, &text);
	str_fini(&text);
	if (rc == 0 && !s->is_conditional && !fetch_taxii_count(s->taxii)) {
		str_addz(&s->why, "no indicator in it");
		rc = -1;
	}
	if (rc < 0)
		return -1;
	s->file = NULL;
	fetch_meta_tag(s->meta.after, sizeof(s->meta.after),
		bytes_of(fetch_taxii_after(s->taxii)));
	return fetch_file_keep(file, &s->why);
}

/* 1: and there is another one. */
static int take_page(struct fetch_source *s, const struct http_reply *reply)
{
	struct str text;
	int rc = check_reply(s, reply);

	if (rc < 0)
		return -1;
	/* Escaped, a byte of it may take six. */
	str_init(&text, 8 * FETCH_PAGE_MAX);
	if (!fetch_file_len(s->file))
		fetch_taxii_begin(&text);
	rc = fetch_taxii_page(s->taxii, reply->body,
		http_header(reply, "X-TAXII-Date-Added-Last"), &text, &s->why);
	if (rc == 0)
		rc = flush(s, &text);
	str_fini(&text);
	if (rc < 0)
		return -1;
	return fetch_taxii_has_more(s->taxii) ? 1 : finish_taxii(s);
}

/* --- MISP -------------------------------------------------------------------
 */

/* Until all events are there, the manifest has to come again. */
static int finish_misp(struct fetch_source *s)
{
	struct fetch_file *file = s->file;

	s->is_partial = fetch_misp_is_partial(s->misp);
	if (s->is_partial)
		s->meta.etag[0] = s->meta.modified[0] = '\0';
	if (!fetch_misp_has_news(s->misp))
		return 0;
	s->file = NULL;
	return fetch_file_keep(file, &s->why);
}

static int take_manifest(struct fetch_source *s, const struct http_reply *reply,
	struct str *text)
{
	bool is_ours = s->meta.source != 0;

	if (check_reply(s, reply) < 0 ||
		fetch_misp_manifest(s->misp, reply->body, &s->why) < 0)
		return -1;
	s->meta = (struct fetch_meta){ 0 };
	take_tags(s, reply);
	return is_ours ? add_old(s, text) : 0;
}

/* One that is too long, or not there, is one event less; a server that fails
 * is another matter. */
static int take_event(struct fetch_source *s, const struct http_reply *reply,
	struct str *text)
{
	bool is_less = reply->status == 404 || reply->is_long;

	if (!is_less && check_reply(s, reply) < 0)
		return -1;
	fetch_misp_event(s->misp,
		is_less ? (struct bytes){ NULL, 0 } : reply->body, text);
	return 0;
}

static int take_misp(struct fetch_source *s, const struct http_reply *reply)
{
	struct str text;
	int rc;

	if (reply->status == 304 && s->is_conditional &&
		!fetch_misp_is_open(s->misp))
		return 0;
	str_init(&text, 4 * FETCH_MISP_MAX);
	rc = fetch_misp_is_open(s->misp) ? take_event(s, reply, &text)
					 : take_manifest(s, reply, &text);
	if (rc == 0)
		rc = flush(s, &text);
	str_fini(&text);
	if (rc < 0)
		return -1;
	return fetch_misp_has_next(s->misp) ? 1 : finish_misp(s);
}

int fetch_take(struct fetch_source *s, const struct http_reply *reply)
{
	if (s->taxii)
		return take_page(s, reply);
	return s->misp ? take_misp(s, reply) : take_file(s, reply);
}
