// SPDX-License-Identifier: GPL-3.0-or-later
#include <cjson/cJSON.h>
#include <string.h>

#include "list.h"
#include "stamp.h"

/* A bundle of STIX 2.1: its indicators whose pattern says that one of some
 * values was seen. What two values have to be seen for is left out: one alone
 * means nothing. */

static const char *const paths[] = { "ipv4-addr:value", "ipv6-addr:value",
	"domain-name:value", "url:value", "email-addr:value", "file:hashes." };

static bool is_path(struct bytes b)
{
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		size_t len = strlen(paths[i]);
		bool is_prefix = paths[i][len - 1] == '.';

		if (b.len >= len && !memcmp(b.p, paths[i], len) &&
			(is_prefix || b.len == len))
			return true;
	}
	return false;
}

/* 'text' off the front of *rest into *to, \\ and \' undone. -1: it is none. */
static int take_text(struct bytes *rest, struct str *to)
{
	size_t i = 1;

	str_reset(to);
	if (!rest->len || rest->p[0] != '\'')
		return -1;
	for (; i < rest->len && rest->p[i] != '\''; i++) {
		if (rest->p[i] == '\\' && i + 1 < rest->len)
			i++;
		str_addc(to, rest->p[i]);
	}
	if (i >= rest->len)
		return -1;
	rest->p += i + 1;
	rest->len -= i + 1;
	return 0;
}

static void skip_blanks(struct bytes *b)
{
	while (b->len && strchr(" \t\r\n", b->p[0]))
		b->p++, b->len--;
}

static bool skip(struct bytes *b, const char *text)
{
	size_t len = strlen(text);

	skip_blanks(b);
	if (b->len < len || memcmp(b->p, text, len))
		return false;
	b->p += len;
	b->len -= len;
	skip_blanks(b);
	return true;
}

/* PATH = 'text' off the front of *rest. -1: it is something else. */
static int take_comparison(struct bytes *rest, struct str *to)
{
	struct bytes path = { rest->p, 0 };
	bool in_quotes = false;

	while (path.len < rest->len &&
		(in_quotes || !strchr(" =\t[]", rest->p[path.len]))) {
		in_quotes ^= rest->p[path.len] == '\'';
		path.len++;
	}
	rest->p += path.len;
	rest->len -= path.len;
	if (!is_path(path) || !skip(rest, "="))
		return -1;
	return take_text(rest, to);
}

/* [A = 'x' OR B = 'y'] OR [...]; twice: to see that it is no more than that,
 * and to take them. */
static int walk(struct list_reader *r, struct bytes rest, struct str *to,
	bool is_taking)
{
	do {
		if (!skip(&rest, "["))
			return -1;
		do {
			if (take_comparison(&rest, to) < 0)
				return -1;
			if (is_taking && list_take(r, str_bytes(to)) < 0)
				return -2;
		} while (skip(&rest, "OR"));
		if (!skip(&rest, "]"))
			return -1;
	} while (skip(&rest, "OR"));
	return rest.len ? -1 : 0;
}

static bool is_over(const cJSON *o, int64_t now_ms)
{
	const char *until = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(o, "valid_until"));
	int64_t until_ms;

	if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "revoked")))
		return true;
	return until && stamp_parse(bytes_of(until), &until_ms) == 0 &&
	       until_ms < now_ms;
}

static int take_object(struct list_reader *r, const cJSON *o, struct str *room)
{
	const char *type = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(o, "type"));
	const char *pattern = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(o, "pattern"));
	const char *language = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(o, "pattern_type"));

	if (!type || strcmp(type, "indicator"))
		return 0;
	if (!pattern || (language && strcmp(language, "stix")) ||
		is_over(o, r->now_ms) ||
		walk(r, bytes_of(pattern), room, false) < 0) {
		r->skipped++;
		return 0;
	}
	return walk(r, bytes_of(pattern), room, true) == -2 ? -1 : 0;
}

static int text(struct list_reader *r, struct bytes b)
{
	cJSON *root = cJSON_ParseWithLength(b.p ? b.p : "", b.len);
	const cJSON *objects =
		cJSON_GetObjectItemCaseSensitive(root, "objects");
	const cJSON *o;
	struct str room;
	int rc = 0;

	if (!cJSON_IsArray(objects)) {
		str_addf(r->why, "%s: not a STIX bundle\n", r->conf->path);
		rc = -1;
	}
	str_init(&room, IOC_VALUE_MAX);
	cJSON_ArrayForEach(o, objects)
	{
		if (rc == 0)
			rc = take_object(r, o, &room);
	}
	str_fini(&room);
	cJSON_Delete(root);
	return rc;
}

const struct list list_stix = {
	.name = "stix",
	.text = text,
	.bytes_max = LIST_JSON_MAX,
};
