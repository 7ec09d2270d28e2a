// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "text.h"

/* A question: a URL of IOC_VALUE_MAX bytes, each escaped. */
#define REQUEST_MAX (16u << 10)

#define PROVIDER(name) extern const struct provider provider_##name;
#include "providers.def"
#undef PROVIDER

const struct provider *const provider_all[] = {
#define PROVIDER(name) &provider_##name,
#include "providers.def"
#undef PROVIDER
};

const size_t provider_n = sizeof(provider_all) / sizeof(provider_all[0]);

const struct provider *provider_get(struct bytes name)
{
	for (size_t i = 0; i < provider_n; i++)
		if (bytes_equal(bytes_of(provider_all[i]->name), name))
			return provider_all[i];
	return NULL;
}

/* --- questions --------------------------------------------------------------
 */

void provider_request_init(struct provider_request *rq)
{
	*rq = (struct provider_request){ 0 };
	str_init(&rq->url, REQUEST_MAX);
	str_init(&rq->body, REQUEST_MAX);
	str_init(&rq->headers, REQUEST_MAX);
	str_init(&rq->login, REQUEST_MAX);
}

static void wipe(struct str *s)
{
	if (s->p)
		explicit_bzero(s->p, s->size);
	str_fini(s);
}

void provider_request_fini(struct provider_request *rq)
{
	wipe(&rq->url);
	wipe(&rq->body);
	wipe(&rq->headers);
	wipe(&rq->login);
}

static bool is_whole(const struct provider_request *rq)
{
	return str_ok(&rq->url) && str_ok(&rq->body) && str_ok(&rq->headers) &&
	       str_ok(&rq->login);
}

int provider_ask(const struct provider_conf *cf, const struct provider_query *q,
	struct provider_request *to)
{
	if (!(cf->types >> q->type & 1))
		return -1;
	str_addz(&to->headers, "Accept: application/json\n");
	return cf->kind->request(cf, q, to) == 0 && is_whole(to) ? 0 : -1;
}

void provider_add_escaped(struct str *out, struct bytes b)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (size_t i = 0; i < b.len; i++) {
		if (b.p[i] && strchr(plain, b.p[i]))
			str_addc(out, b.p[i]);
		else
			str_addf(out, "%%%02X", (unsigned char)b.p[i]);
	}
}

void provider_add_key(struct provider_request *to, const char *name,
	const struct provider_query *q)
{
	if (!q->key.len)
		return;
	str_addf(&to->headers, "%s: ", name);
	str_addb(&to->headers, q->key);
	str_addc(&to->headers, '\n');
}

/* --- answers ----------------------------------------------------------------
 */

const cJSON *provider_find(const cJSON *body, const char *path)
{
	while (body && *path) {
		char name[PROVIDER_TEXT_MAX];
		size_t len = strcspn(path, "/");

		if (len >= sizeof(name))
			return NULL;
		memcpy(name, path, len);
		name[len] = '\0';
		if (cJSON_IsArray(body)) {
			uint64_t i;

			if (text_u64(bytes_of(name), 10, &i) < 0 ||
				i > INT32_MAX)
				return NULL;
			body = cJSON_GetArrayItem(body, (int)i);
		} else {
			body = cJSON_GetObjectItemCaseSensitive(body, name);
		}
		path += len + (path[len] == '/');
	}
	return body;
}

double provider_number(const cJSON *body, const char *path, double fallback)
{
	const cJSON *item = provider_find(body, path);
	char *end;
	double v;

	if (item && cJSON_IsNumber(item))
		return item->valuedouble;
	if (!item || !cJSON_IsString(item) || !item->valuestring[0])
		return fallback;
	v = strtod(item->valuestring, &end);
	return *end || !isfinite(v) ? fallback : v;
}

struct bytes provider_text(const cJSON *body, const char *path)
{
	const cJSON *item = provider_find(body, path);

	return bytes_of(
		item && cJSON_IsString(item) ? item->valuestring : NULL);
}

bool provider_is(const cJSON *body, const char *path, const char *text)
{
	return bytes_equal(provider_text(body, path), bytes_of(text));
}

void provider_known(struct provider_answer *to, enum intel_severity severity)
{
	*to = (struct provider_answer){ .say = PROVIDER_KNOWN,
		.severity = severity };
}

void provider_say(
	struct provider_answer *to, enum provider_say say, const char *why)
{
	size_t n = 0;

	*to = (struct provider_answer){ .say = say };
	for (; why && *why && n + 1 < sizeof(to->why); why++)
		to->why[n++] = *why >= 0x20 && *why < 0x7f ? *why : '?';
}

bool provider_abuse_ch(const cJSON *body, struct provider_answer *to)
{
	static const struct {
		const char *word;
		enum provider_say say;
	} rows[] = { { "no_result", PROVIDER_NOTHING },
		{ "no_results", PROVIDER_NOTHING },
		{ "hash_not_found", PROVIDER_NOTHING },
		{ "unknown_auth_key", PROVIDER_DENIED } };
	struct bytes said = provider_text(body, "query_status");

	if (bytes_equal(said, BYTES("ok")))
		return false;
	provider_say(to, PROVIDER_FAILED,
		said.p ? said.p : "no query_status in the answer");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (bytes_equal(said, bytes_of(rows[i].word)))
			to->say = rows[i].say;
	if (to->say == PROVIDER_NOTHING)
		to->why[0] = '\0';
	return true;
}

/* What a status means where the provider does not say otherwise. */
static void judge_status(long status, struct provider_answer *to)
{
	char why[sizeof(to->why)];

	snprintf(why, sizeof(why), "HTTP status %ld", status);
	switch (status) {
	case 401:
	case 403:
		provider_say(to, PROVIDER_DENIED, why);
		break;
	case 402:
	case 429:
		provider_say(to, PROVIDER_LIMITED, why);
		break;
	case 404:
		provider_say(to, PROVIDER_NOTHING, NULL);
		break;
	default:
		provider_say(to, PROVIDER_FAILED, why);
	}
}

/* The whole of a body as an object or an array; NULL if it is none. */
static cJSON *parse(struct bytes body)
{
	const char *end = body.p, *stop = body.p + body.len;
	cJSON *json = body.len ? cJSON_ParseWithLengthOpts(
					 body.p, body.len, &end, false)
			       : NULL;

	while (json && end < stop && *end && strchr(" \t\r\n", *end))
		end++;
	if (end == stop && (cJSON_IsObject(json) || cJSON_IsArray(json)))
		return json;
	cJSON_Delete(json);
	return NULL;
}

void provider_judge(const struct provider_conf *cf,
	const struct provider_query *q, long status, struct bytes body,
	struct provider_answer *to)
{
	bool is_good = status >= 200 && status < 300;
	cJSON *json;

	if (!is_good && !cf->kind->takes_errors) {
		judge_status(status, to);
		return;
	}
	if (!json_is_small(body, PROVIDER_DEPTH_MAX, SIZE_MAX)) {
		provider_say(to, PROVIDER_FAILED, "JSON nested too deeply");
		return;
	}
	json = parse(body);
	if (!json && is_good)
		provider_say(to, PROVIDER_FAILED, "not JSON");
	else
		judge_status(status, to);
	if (json)
		cf->kind->judge(cf, q, status, json, to);
	cJSON_Delete(json);
}
