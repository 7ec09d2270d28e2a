// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch_taxii.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#include "fetch_json.h"
#include "fetch_meta.h"
#include "json.h"
#include "map.h"
#include "provider.h"
#include "stamp.h"
#include "text.h"

#define OBJECTS_A_PAGE 200
/* A page of more values is none. */
#define VALUES_MAX 65536
#define PAGES_MAX  20000
#define SEEN_MAX   (1u << 20)
#define TEXT_MAX   8192

struct fetch_taxii {
	char after[64]; /* of the request, then of its pages */
	char next[512]; /* "": there is none */
	struct map *seen; /* hashes of the ids on the pages */
	size_t n_pages, n_lines;
	bool has_more, has_news;
};

struct fetch_taxii *fetch_taxii_new(const char *after)
{
	struct map_conf cf = {
		.key_len = sizeof(uint64_t), .value_len = 1, .max = SEEN_MAX
	};
	struct fetch_taxii *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	fetch_meta_tag(t->after, sizeof(t->after), bytes_of(after));
	t->seen = map_new(&cf);
	if (t->seen)
		return t;
	free(t);
	return NULL;
}

void fetch_taxii_free(struct fetch_taxii *t)
{
	if (!t)
		return;
	map_free(t->seen);
	free(t);
}

void fetch_taxii_url(
	const struct fetch_taxii *t, const char *collection, struct str *url)
{
	str_addz(url, collection);
	str_addf(url, "%smatch%%5Btype%%5D=indicator&limit=%d",
		strchr(collection, '?') ? "&" : "?", OBJECTS_A_PAGE);
	if (t->after[0]) {
		str_addz(url, "&added_after=");
		provider_add_escaped(url, bytes_of(t->after));
	}
	if (t->next[0]) {
		str_addz(url, "&next=");
		provider_add_escaped(url, bytes_of(t->next));
	}
}

/* --- a page -----------------------------------------------------------------
 */

static const char *text_of(const cJSON *o, const char *name)
{
	const char *text =
		cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));

	return text && strlen(text) <= TEXT_MAX ? text : NULL;
}

/* Whether it says that something is seen, and until when that holds. */
static bool is_indicator(const cJSON *o, int64_t now_ms)
{
	const char *type = text_of(o, "type"), *until;
	const char *language = text_of(o, "pattern_type");
	int64_t until_ms;

	if (!type || strcmp(type, "indicator") || !text_of(o, "pattern") ||
		(language && strcmp(language, "stix")) ||
		cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "revoked")))
		return false;
	until = text_of(o, "valid_until");
	return !until || stamp_parse(bytes_of(until), &until_ms) < 0 ||
	       until_ms >= now_ms;
}

static void begin_line(struct fetch_taxii *t, struct str *out)
{
	if (t->n_lines++)
		str_addz(out, ",\n");
}

static void print(struct fetch_taxii *t, const cJSON *o, struct str *out)
{
	static const char *const names[] = { "type", "id", "pattern",
		"valid_until" };

	begin_line(t, out);
	/* Ours begins a line, and no value before it is there to it. */
	str_addc(out, '{');
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = text_of(o, names[i]);

		if (!text)
			continue;
		json_key(out, names[i]);
		(void)json_bytes(out, bytes_of(text));
	}
	json_close(out, '}');
}

static uint64_t id_of(const cJSON *o)
{
	static const uint64_t seed[2];
	const char *id = text_of(o, "id");

	return map_siphash(seed, id ? id : "", id ? strlen(id) : 0);
}

static int take_objects(struct fetch_taxii *t, const cJSON *objects,
	struct str *out, struct str *why)
{
	const cJSON *o;

	cJSON_ArrayForEach(o, objects)
	{
		uint64_t id = id_of(o);

		t->has_news = true;
		if (!map_note(t->seen, &id)) {
			str_addz(why, "out of memory");
			return -1;
		}
		if (is_indicator(o, INT64_MIN))
			print(t, o, out);
	}
	if (str_ok(out))
		return 0;
	str_addz(why, "out of memory");
	return -1;
}

/* Where it goes on. -1: it does not get on. */
static int turn(struct fetch_taxii *t, const cJSON *page, const char *last,
	struct str *why)
{
	const char *next = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(page, "next"));
	char before[sizeof(t->next)];
	bool is_later = last[0] && strcmp(last, t->after) > 0;

	memcpy(before, t->next, sizeof(before));
	t->has_more =
		cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(page, "more"));
	fetch_meta_tag(t->next, sizeof(t->next), bytes_of(next ? next : ""));
	if (!t->has_more || !t->next[0])
		fetch_meta_tag(t->after, sizeof(t->after),
			bytes_of(is_later ? last : t->after));
	if (!t->has_more)
		return 0;
	if ((t->next[0] ? strcmp(t->next, before) != 0 : is_later) &&
		t->n_pages < PAGES_MAX)
		return 0;
	str_addz(why, "its pages do not end");
	return -1;
}

int fetch_taxii_page(struct fetch_taxii *t, struct bytes body, const char *last,
	struct str *out, struct str *why)
{
	const cJSON *objects;
	cJSON *page = fetch_json(body, VALUES_MAX);
	int rc = -1;

	t->n_pages++;
	objects = cJSON_GetObjectItemCaseSensitive(page, "objects");
	if (!cJSON_IsObject(page) || (objects && !cJSON_IsArray(objects)))
		str_addz(why, "a page that is no TAXII envelope");
	else if (take_objects(t, objects, out, why) == 0)
		rc = turn(t, page, last, why);
	cJSON_Delete(page);
	return rc;
}

bool fetch_taxii_has_more(const struct fetch_taxii *t)
{
	return t->has_more;
}

bool fetch_taxii_has_news(const struct fetch_taxii *t)
{
	return t->has_news;
}

size_t fetch_taxii_count(const struct fetch_taxii *t)
{
	return t->n_lines;
}

const char *fetch_taxii_after(const struct fetch_taxii *t)
{
	return t->after;
}

/* --- the bundle -------------------------------------------------------------
 */

void fetch_taxii_begin(struct str *out)
{
	str_addz(out, "{\"type\":\"bundle\",\"id\":\"bundle--"
		      "00000000-0000-4000-8000-000000000000\",\"objects\":[\n");
}

void fetch_taxii_end(struct str *out)
{
	str_addz(out, "\n]}\n");
}

void fetch_taxii_line(struct fetch_taxii *t, struct bytes line, int64_t now_ms,
	struct str *out)
{
	uint64_t id;
	cJSON *o;

	line = text_trim(line);
	if (line.len && line.p[line.len - 1] == ',')
		line.len--;
	o = fetch_json(line, VALUES_MAX);
	id = id_of(o);
	if (is_indicator(o, now_ms) && !map_find(t->seen, &id))
		print(t, o, out);
	cJSON_Delete(o);
}
