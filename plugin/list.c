// SPDX-License-Identifier: GPL-3.0-or-later
#include "list.h"

#include <stdio.h>
#include <string.h>

#include "rowfile.h"
#include "rowline.h"
#include "text.h"

#define LIST(name) extern const struct list list_##name;
#include "lists.def"
#undef LIST

static const struct list *const all[] = {
#define LIST(name) &list_##name,
#include "lists.def"
#undef LIST
};

#define N_ALL (sizeof(all) / sizeof(all[0]))

const struct list *list_get(struct bytes name)
{
	for (size_t i = 0; i < N_ALL; i++)
		if (bytes_equal(bytes_of(all[i]->name), name))
			return all[i];
	return NULL;
}

/* --- the configuration ------------------------------------------------------
 */

static int set_text(char *to, size_t size, const char *name, struct bytes v,
	struct str *why)
{
	if (!v.len || v.len >= size || text_printable(v.p, v.len) != v.len) {
		str_addf(
			why, "%s takes 1 to %zu bytes of text", name, size - 1);
		return -1;
	}
	memcpy(to, v.p, v.len);
	to[v.len] = '\0';
	return 0;
}

static int parse_word(struct list_conf *cf, struct bytes w, struct str *why)
{
	const char *eq = memchr(w.p, '=', w.len);
	struct bytes name = { w.p, eq ? (size_t)(eq - w.p) : w.len };
	struct bytes v = { eq ? eq + 1 : NULL, eq ? w.len - name.len - 1 : 0 };
	int severity;

	if (bytes_equal(name, BYTES("name")))
		return set_text(cf->name, sizeof(cf->name), "name", v, why);
	if (bytes_equal(name, BYTES("column")) &&
		!strcmp(cf->kind->name, "csv"))
		return set_text(
			cf->column, sizeof(cf->column), "column", v, why);
	if (bytes_equal(name, BYTES("severity")) && v.p) {
		severity = intel_severity(v);
		if (severity > INTEL_NOT_ASKED) {
			cf->severity = (enum intel_severity)severity;
			return 0;
		}
	}
	str_addf(why,
		"'%.*s' is none of name=NAME, "
		"severity=information|low|medium|high|unknown and, for csv, "
		"column=",
		rowline_shown(w), w.p);
	return -1;
}

static int start(struct list_conf *cf, struct bytes kind, struct bytes path,
	struct str *why)
{
	*cf = (struct list_conf){
		.kind = list_get(kind), .severity = INTEL_HIGH, .column = "1"
	};
	if (!cf->kind) {
		str_addf(why,
			"no list '%.*s'; there are: ", rowline_shown(kind),
			kind.p);
		for (size_t i = 0; i < N_ALL; i++)
			str_addf(why, "%s%s", i ? ", " : "", all[i]->name);
		return -1;
	}
	if (!path.len || path.p[0] != '/') {
		str_addf(why, "%s takes an absolute path", cf->kind->name);
		return -1;
	}
	return set_text(cf->path, sizeof(cf->path), "the path", path, why);
}

/* What the last part of the path is, without its ending. */
static void name_it(struct list_conf *cf)
{
	size_t len = strlen(cf->path);
	const char *from;

	while (len > 1 && cf->path[len - 1] == '/')
		cf->path[--len] = '\0';
	from = strrchr(cf->path, '/') + 1;
	(void)snprintf(cf->name, sizeof(cf->name), "%.*s",
		(int)strcspn(from, "."), from);
	if (!cf->name[0])
		(void)snprintf(
			cf->name, sizeof(cf->name), "%s", cf->kind->name);
}

int list_parse(struct list_conf *cf, struct bytes value, struct str *why)
{
	struct bytes kind = list_word(&value), path = list_word(&value), word;

	if (start(cf, kind, path, why) < 0)
		return -1;
	while ((word = list_word(&value)).len)
		if (parse_word(cf, word, why) < 0)
			return -1;
	if (!cf->name[0])
		name_it(cf);
	return 0;
}

void list_print(const struct list_conf *cf, struct str *out)
{
	str_addf(out, "%s %s name=%s severity=%s", cf->kind->name, cf->path,
		cf->name, intel_severity_name(cf->severity));
	if (!strcmp(cf->kind->name, "csv"))
		str_addf(out, " column=%s", cf->column);
}

/* --- reading ----------------------------------------------------------------
 */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct bytes list_line(struct bytes *rest)
{
	const char *nl = memchr(rest->p, '\n', rest->len);
	struct bytes line = { rest->p,
		nl ? (size_t)(nl - rest->p) : rest->len };

	rest->len -= line.len + (nl ? 1 : 0);
	rest->p += line.len + (nl ? 1 : 0);
	return text_trim(line);
}

struct bytes list_word(struct bytes *line)
{
	struct bytes word;

	while (line->len && is_blank(line->p[0]))
		line->p++, line->len--;
	word = (struct bytes){ line->p, 0 };
	while (word.len < line->len && !is_blank(line->p[word.len]))
		word.len++;
	line->p += word.len;
	line->len -= word.len;
	return word;
}

/* 203.0.113.5:4444 */
static struct bytes without_port(struct bytes b)
{
	const char *colon = memchr(b.p, ':', b.len);
	size_t head = colon ? (size_t)(colon - b.p) : b.len;

	if (!colon || head < 7 || head > 15 || b.len - head > 6)
		return b;
	for (size_t i = 0; i < b.len; i++)
		if (i != head && !strchr("0123456789.", b.p[i]))
			return b;
	b.len = head;
	return b;
}

int list_take(struct list_reader *r, struct bytes entry)
{
	int rc = 0;

	entry = text_trim(entry);
	if (entry.len && entry.len <= IOC_VALUE_MAX &&
		text_printable(entry.p, entry.len) == entry.len)
		rc = listmap_draft_add(r->draft, r->number, without_port(entry),
			r->conf->severity);
	if (rc < 0) {
		str_addf(r->why, "%s: out of memory, or over %u entries\n",
			r->conf->path, LISTMAP_MAX);
		return -1;
	}
	r->taken += rc > 0;
	r->skipped += rc == 0;
	return 0;
}

int list_slurp(
	struct list_reader *r, const char *path, size_t max, struct str *to)
{
	str_init(to, max + ROWFILE_GROWTH);
	return r->conf->is_fetched ? rowfile_slurp_beside(path, max, to, r->why)
				   : rowfile_slurp(path, max, to, r->why);
}

static int read_file(struct list_reader *r)
{
	struct str text;
	int rc = list_slurp(r, r->conf->path, r->conf->kind->bytes_max, &text);

	if (rc == 0)
		rc = r->conf->kind->text(r, str_bytes(&text));
	str_fini(&text);
	return rc;
}

int list_read(const struct list_conf *cf, struct listmap_draft *d,
	int64_t now_ms, struct str *why)
{
	struct list_reader r = { .conf = cf,
		.draft = d,
		.number = listmap_draft_list(d, cf->name),
		.now_ms = now_ms,
		.why = why };
	int rc;

	if (r.number < 0) {
		str_addf(why, "%s: more than %d lists\n", cf->path,
			LISTMAP_LISTS_MAX);
		return -1;
	}
	rc = cf->kind->directory ? cf->kind->directory(&r, cf->path)
				 : read_file(&r);
	/* A collection may have lost its last one; who fetched it has looked.
	 */
	if (rc == 0 && !r.taken && !cf->is_fetched) {
		str_addf(why, "%s: no indicator in it\n", cf->path);
		return -1;
	}
	return rc;
}

int list_try(const struct list_conf *cf, struct bytes text, struct str *why)
{
	static const uint64_t seed[2];
	struct list_reader r = {
		.conf = cf, .draft = listmap_draft_new(seed), .why = why
	};
	int rc = r.draft && cf->kind->text ? cf->kind->text(&r, text) : -1;

	listmap_draft_free(r.draft);
	if (rc == 0 && !r.taken) {
		str_addz(why, "no indicator in it\n");
		return -1;
	}
	return rc;
}
