// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "provider.h"
#include "rowline.h"
#include "text.h"

#define TIMEOUT_S_MAX 120

enum field_kind { FIELD_TEXT, FIELD_NUMBER, FIELD_FLAG, FIELD_TYPES };

static const struct field {
	const char *name;
	enum field_kind kind;
	size_t at, size;
	bool is_http; /* of kind http only */
} fields[] = {
#define TEXT(name, member, is_http)                                            \
	{                                                                      \
		name, FIELD_TEXT, offsetof(struct provider_conf, member),      \
			sizeof(((struct provider_conf *)0)->member), is_http   \
	}
#define NUMBER(name)                                                           \
	{                                                                      \
#name, FIELD_NUMBER, offsetof(struct provider_conf, name), 0,  \
			false                                                  \
	}
	TEXT("name", name, false),
	TEXT("url", url, false),
	TEXT("key", key_file, false),
	{ "types", FIELD_TYPES, offsetof(struct provider_conf, types), 0,
		false },
	NUMBER(per_minute),
	NUMBER(per_day),
	NUMBER(timeout_s),
	{ "inside", FIELD_FLAG, offsetof(struct provider_conf, is_inside), 0,
		false },
	TEXT("header", header, true),
	TEXT("severity", path, true),
	TEXT("high", high, true),
	TEXT("medium", medium, true),
	TEXT("low", low, true),
#undef TEXT
#undef NUMBER
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

static void names_of_fields(const struct provider_conf *cf, struct str *out)
{
	for (size_t i = 0; i < N_FIELDS; i++)
		if (!fields[i].is_http || !strcmp(cf->kind->name, "http"))
			str_addf(out, "%s%s=", i ? ", " : "", fields[i].name);
}

/* "ipv4,dns" */
static int parse_types(
	struct provider_conf *cf, struct bytes v, struct str *why)
{
	cf->types = 0;
	while (v.len) {
		const char *comma = memchr(v.p, ',', v.len);
		struct bytes one = { v.p,
			comma ? (size_t)(comma - v.p) : v.len };
		unsigned int i = 0;

		while (i < IOC_N_TYPES &&
			!bytes_equal(
				one, bytes_of(ioc_type_name((enum ioc_type)i))))
			i++;
		if (i == IOC_N_TYPES || !(cf->kind->types >> i & 1)) {
			str_addf(why, "%s knows nothing of type '%.*s'",
				cf->kind->name, rowline_shown(one), one.p);
			return -1;
		}
		cf->types |= 1u << i;
		v.p += one.len + (comma ? 1 : 0);
		v.len -= one.len + (comma ? 1 : 0);
	}
	if (cf->types)
		return 0;
	str_addz(why, "types is empty");
	return -1;
}

static int parse_field(struct provider_conf *cf, const struct field *f,
	struct bytes v, struct str *why)
{
	char *to = (char *)cf + f->at;
	unsigned int number;
	uint64_t n;

	if (f->kind == FIELD_TYPES)
		return parse_types(cf, v, why);
	if (f->kind == FIELD_TEXT) {
		if (!v.len || v.len >= f->size ||
			text_printable(v.p, v.len) != v.len) {
			str_addf(why, "%s takes 1 to %zu bytes of text",
				f->name, f->size - 1);
			return -1;
		}
		memcpy(to, v.p, v.len);
		to[v.len] = '\0';
		return 0;
	}
	if (f->kind == FIELD_FLAG) {
		cf->is_inside = bytes_equal(v, BYTES("yes"));
		if (cf->is_inside || bytes_equal(v, BYTES("no")))
			return 0;
		str_addf(why, "%s takes yes or no", f->name);
		return -1;
	}
	if (text_u64(v, 10, &n) < 0 || n > 10000000) {
		str_addf(why, "%s takes a number, not '%.*s'", f->name,
			rowline_shown(v), v.p);
		return -1;
	}
	number = (unsigned int)n;
	memcpy(to, &number, sizeof(number));
	return 0;
}

static int parse_word(struct provider_conf *cf, struct bytes w, struct str *why)
{
	const char *eq = memchr(w.p, '=', w.len);
	struct bytes name = { w.p, eq ? (size_t)(eq - w.p) : w.len };

	for (size_t i = 0; eq && i < N_FIELDS; i++) {
		const struct field *f = &fields[i];

		if (!bytes_equal(bytes_of(f->name), name) ||
			(f->is_http && strcmp(cf->kind->name, "http")))
			continue;
		return parse_field(cf, f,
			(struct bytes){ eq + 1, w.len - name.len - 1 }, why);
	}
	str_addf(why, "'%.*s' is none of ", rowline_shown(w), w.p);
	names_of_fields(cf, why);
	return -1;
}

static int start(struct provider_conf *cf, struct bytes name, struct str *why)
{
	const struct provider *p = provider_get(name);

	if (!p) {
		str_addf(why,
			"no provider '%.*s'; there are: ", rowline_shown(name),
			name.p);
		for (size_t i = 0; i < provider_n; i++)
			str_addf(why, "%s%s", i ? ", " : "",
				provider_all[i]->name);
		return -1;
	}
	*cf = (struct provider_conf){ .kind = p,
		.types = p->types,
		.per_minute = p->per_minute,
		.per_day = p->per_day,
		.timeout_s = p->timeout_s };
	snprintf(cf->name, sizeof(cf->name), "%s", p->name);
	snprintf(cf->url, sizeof(cf->url), "%s", p->url ? p->url : "");
	return 0;
}

static bool is_name(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] ==
	       '\0';
}

static int check(struct provider_conf *cf, struct str *why)
{
	size_t len = strlen(cf->url);
	bool is_http = !strcmp(cf->kind->name, "http");

	while (len && cf->url[len - 1] == '/')
		cf->url[--len] = '\0';
	if (strncmp(cf->url, "https://", 8) || !cf->url[8])
		str_addf(why, "%s needs url=https://...", cf->kind->name);
	else if (cf->kind->needs_key && !cf->key_file[0])
		str_addf(why, "%s needs key=FILE", cf->kind->name);
	else if (cf->key_file[0] && cf->key_file[0] != '/')
		str_addz(why, "key takes an absolute path");
	else if (!is_name(cf->name))
		str_addz(why, "name takes letters, digits, - _ and .");
	else if (!cf->timeout_s || cf->timeout_s > TIMEOUT_S_MAX)
		str_addf(why, "timeout_s is from 1 to %d", TIMEOUT_S_MAX);
	else if (is_http && !strstr(cf->url, "{value}"))
		str_addz(why, "url has no {value}");
	else if (is_http && (!cf->path[0] || !cf->high[0]))
		str_addz(why, "http needs severity=PATH and high=");
	else
		return 0;
	return -1;
}

int provider_parse(
	struct provider_conf *cf, struct bytes value, struct str *why)
{
	struct str word;
	int rc;

	str_init(&word, 4096);
	rc = rowline_word(&value, &word, why);
	if (rc == 0)
		rc = start(cf, str_bytes(&word), why);
	while (rc == 0 && value.len) {
		rc = rowline_word(&value, &word, why);
		if (rc == 0 && word.len)
			rc = parse_word(cf, str_bytes(&word), why);
	}
	if (rc == 0)
		rc = check(cf, why);
	str_fini(&word);
	return rc;
}

static void print_types(unsigned int types, struct str *out)
{
	bool is_first = true;

	for (unsigned int i = 0; i < IOC_N_TYPES; i++) {
		if (!(types >> i & 1))
			continue;
		str_addf(out, "%s%s", is_first ? "" : ",",
			ioc_type_name((enum ioc_type)i));
		is_first = false;
	}
}

void provider_print(const struct provider_conf *cf, struct str *out)
{
	str_addz(out, cf->kind->name);
	for (size_t i = 0; i < N_FIELDS; i++) {
		const struct field *f = &fields[i];
		const char *at = (const char *)cf + f->at;
		unsigned int n;

		if ((f->kind == FIELD_TEXT && !*at) ||
			(f->kind == FIELD_FLAG && !cf->is_inside))
			continue;
		str_addf(out, " %s=", f->name);
		if (f->kind == FIELD_FLAG) {
			str_addz(out, "yes");
		} else if (f->kind == FIELD_TYPES) {
			print_types(cf->types, out);
		} else if (f->kind == FIELD_TEXT) {
			bool has_blank = strchr(at, ' ') != NULL;

			str_addf(out, has_blank ? "\"%s\"" : "%s", at);
		} else {
			memcpy(&n, at, sizeof(n));
			str_addu(out, n);
		}
	}
}
