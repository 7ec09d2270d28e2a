// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch_misp.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <sys/random.h>

#include "fetch_json.h"
#include "map.h"
#include "misp.h"
#include "text.h"

/* Each event of a manifest has a dozen, and its tags; an attribute of an event
 * has twice as many. */
#define VALUES_MAX 131072

struct event {
	char uuid[MISP_UUID_LEN + 1];
	uint64_t stamp; /* seconds since the epoch */
	bool is_there;
};

struct fetch_misp {
	struct event *events; /* newest first */
	size_t n, at; /* at: who is next */
	size_t n_asked; /* in this run */
	struct map *places; /* in events, by uuid */
	bool is_open, has_news, is_partial;
};

struct fetch_misp *fetch_misp_new(void)
{
	struct map_conf cf = { .key_len = MISP_UUID_LEN,
		.value_len = sizeof(uint32_t),
		.max = FETCH_MISP_EVENTS };
	struct fetch_misp *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	if (getrandom(cf.seed, sizeof(cf.seed), 0) == sizeof(cf.seed))
		m->places = map_new(&cf);
	if (m->places)
		return m;
	free(m);
	return NULL;
}

void fetch_misp_free(struct fetch_misp *m)
{
	if (!m)
		return;
	map_free(m->places);
	free(m->events);
	free(m);
}

void fetch_misp_url(
	const struct fetch_misp *m, const char *feed, struct str *url)
{
	size_t len = strlen(feed);

	str_add(url, feed, len && feed[len - 1] == '/' ? len - 1 : len);
	str_addf(url, "/%s.json",
		m->is_open ? m->events[m->at].uuid : "manifest");
}

bool fetch_misp_is_open(const struct fetch_misp *m)
{
	return m->is_open;
}

/* --- the manifest -----------------------------------------------------------
 */

/* What goes into a URL and a file. */
static bool is_uuid(const char *text)
{
	return text && strlen(text) == MISP_UUID_LEN &&
	       strspn(text, "0123456789abcdefABCDEF-") == MISP_UUID_LEN;
}

static bool read_event(struct event *e, const cJSON *o)
{
	const cJSON *stamp = cJSON_GetObjectItemCaseSensitive(o, "timestamp");

	if (!is_uuid(o->string) || !stamp)
		return false;
	*e = (struct event){ .stamp = 0 };
	memcpy(e->uuid, o->string, MISP_UUID_LEN);
	if (cJSON_IsNumber(stamp) && stamp->valuedouble >= 0 &&
		stamp->valuedouble < 1e15)
		e->stamp = (uint64_t)stamp->valuedouble;
	else if (!cJSON_IsString(stamp) ||
		 text_u64(bytes_of(stamp->valuestring), 10, &e->stamp) < 0)
		return false;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->stamp != y->stamp)
		return x->stamp < y->stamp ? 1 : -1;
	return strcmp(x->uuid, y->uuid);
}

static int index_events(struct fetch_misp *m)
{
	qsort(m->events, m->n, sizeof(*m->events), compare);
	if (m->n > FETCH_MISP_EVENTS)
		m->n = FETCH_MISP_EVENTS;
	for (size_t i = 0; i < m->n; i++) {
		uint32_t *place = map_note(m->places, m->events[i].uuid);

		if (!place)
			return -1;
		*place = (uint32_t)i;
	}
	return 0;
}

int fetch_misp_manifest(
	struct fetch_misp *m, struct bytes body, struct str *why)
{
	cJSON *root = fetch_json(body, VALUES_MAX);
	size_t most = root ? (size_t)cJSON_GetArraySize(root) : 0;
	const cJSON *o;

	if (cJSON_IsObject(root) && most)
		m->events = calloc(most, sizeof(*m->events));
	if (m->events) {
		cJSON_ArrayForEach(o, root) m->n +=
			read_event(&m->events[m->n], o);
	}
	cJSON_Delete(root);
	if (!m->n) {
		str_addz(why, "its manifest.json names no event");
		return -1;
	}
	m->is_open = true;
	if (index_events(m) == 0)
		return 0;
	str_addz(why, "out of memory");
	return -1;
}

/* --- what is there ----------------------------------------------------------
 */

/* NULL: the manifest has no such event, or it has changed. */
static struct event *find(struct fetch_misp *m, struct bytes tag)
{
	const uint32_t *place;
	uint64_t stamp;

	if (tag.len < MISP_UUID_LEN + 2 || tag.p[MISP_UUID_LEN] != ':')
		return NULL;
	place = map_find(m->places, tag.p);
	tag.p += MISP_UUID_LEN + 1;
	tag.len -= MISP_UUID_LEN + 1;
	if (!place || text_u64(tag, 10, &stamp) < 0 ||
		m->events[*place].stamp != stamp)
		return NULL;
	return &m->events[*place];
}

void fetch_misp_line(struct fetch_misp *m, struct bytes line, struct str *out)
{
	const char *blank = memchr(line.p, ' ', line.len);
	struct bytes tag = { NULL, 0 };
	struct event *e;

	if (blank && blank > line.p)
		tag = text_trim((struct bytes){
			blank + 1, line.len - (size_t)(blank + 1 - line.p) });
	e = find(m, tag);
	if (!e) {
		m->has_news = true;
		return;
	}
	e->is_there = true;
	str_add(out, line.p, (size_t)(blank - line.p));
	str_addf(out, " %s:%llu\n", e->uuid, (unsigned long long)e->stamp);
}

bool fetch_misp_has_next(struct fetch_misp *m)
{
	while (m->at < m->n && m->events[m->at].is_there)
		m->at++;
	m->is_partial = m->at < m->n && m->n_asked == FETCH_MISP_RUN;
	return m->at < m->n && !m->is_partial;
}

/* --- an event ---------------------------------------------------------------
 */

struct taking {
	const struct event *event;
	struct str *out;
};

/* A line is one entry, and a comment begins with these. */
static int take_value(void *arg, struct bytes value)
{
	const struct taking *t = arg;

	value = text_trim(value);
	if (!value.len || value.p[0] == '#' || value.p[0] == ';' ||
		text_printable(value.p, value.len) != value.len ||
		memchr(value.p, ' ', value.len))
		return 0;
	str_addb(t->out, value);
	str_addf(t->out, " %s:%llu\n", t->event->uuid,
		(unsigned long long)t->event->stamp);
	return 0;
}

void fetch_misp_event(struct fetch_misp *m, struct bytes body, struct str *out)
{
	struct event *e = &m->events[m->at];
	struct taking t = { .event = e, .out = out };
	cJSON *root = fetch_json(body, VALUES_MAX);

	(void)!misp_each(root, take_value, &t);
	cJSON_Delete(root);
	str_addf(out, "# %s:%llu\n", e->uuid, (unsigned long long)e->stamp);
	e->is_there = m->has_news = true;
	m->n_asked++;
}

bool fetch_misp_has_news(const struct fetch_misp *m)
{
	return m->has_news;
}

bool fetch_misp_is_partial(const struct fetch_misp *m)
{
	return m->is_partial;
}
