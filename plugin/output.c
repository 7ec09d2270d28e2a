// SPDX-License-Identifier: GPL-3.0-or-later
#include "output.h"

#include <stdlib.h>

#include "config.h"
#include "format.h"

static const char *const kinds[] = { "syslog", "stream", "file", "stdout" };

/* RFC 3164, 4.1.1; 12 to 15 have no name there that syslog(3) knows. */
static const char *const facilities[] = { "kern", "user", "mail", "daemon",
	"auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
	NULL, NULL, NULL, NULL, "local0", "local1", "local2", "local3",
	"local4", "local5", "local6", "local7" };

#define N_KINDS      (sizeof(kinds) / sizeof(kinds[0]))
#define N_FACILITIES (sizeof(facilities) / sizeof(facilities[0]))

static int lookup(struct bytes v, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (names[i] && bytes_equal(bytes_of(names[i]), v))
			return (int)i;
	return -1;
}

static int parse_destination(
	struct output_conf *o, struct bytes w, struct str *why)
{
	const char *colon = memchr(w.p, ':', w.len);
	struct bytes kind = { w.p, colon ? (size_t)(colon - w.p) : w.len };
	struct bytes path = { NULL, 0 };
	int i = lookup(kind, kinds, N_KINDS);

	if (i < 0) {
		str_addf(why,
			"no destination '%.*s'; there are: syslog:/PATH, "
			"stream:/PATH, file:/PATH, stdout",
			(int)(kind.len < 64 ? kind.len : 64), kind.p);
		return -1;
	}
	o->kind = (enum output_kind)i;
	if (colon)
		path = (struct bytes){ colon + 1, w.len - kind.len - 1 };
	if (o->kind == OUTPUT_STDOUT ? path.p != NULL
				     : !path.len || path.p[0] != '/') {
		str_addf(why, "%s takes %s", kinds[i],
			o->kind == OUTPUT_STDOUT ? "no path"
						 : "an absolute path");
		return -1;
	}
	if (path.len >= sizeof(o->path)) {
		str_addf(why, "path is longer than %zu bytes",
			sizeof(o->path) - 1);
		return -1;
	}
	for (size_t j = 0; j < path.len; j++) {
		if (path.p[j] > 0x20 && path.p[j] != 0x7f)
			continue;
		str_addz(
			why, "a path cannot hold blanks or control characters");
		return -1;
	}
	if (path.len)
		memcpy(o->path, path.p, path.len);
	return 0;
}

static int parse_word(struct output_conf *o, struct bytes w, struct str *why)
{
	const char *eq = memchr(w.p, '=', w.len);
	struct bytes name = { w.p, eq ? (size_t)(eq - w.p) : w.len };
	struct bytes v = { eq ? eq + 1 : NULL, eq ? w.len - name.len - 1 : 0 };
	char z[32] = "", *end = z;

	if (bytes_equal(name, BYTES("format"))) {
		o->format = v.len ? format_get(v) : NULL;
		if (o->format)
			return 0;
		str_addf(why, "no format '%.*s'; there are: ",
			(int)(v.len < 64 ? v.len : 64), v.p ? v.p : "");
		format_names(why);
		return -1;
	}
	if (bytes_equal(name, BYTES("facility"))) {
		o->facility = lookup(v, facilities, N_FACILITIES);
		if (o->facility >= 0)
			return 0;
		str_addf(why, "no facility '%.*s'",
			(int)(v.len < 64 ? v.len : 64), v.p ? v.p : "");
		return -1;
	}
	if (bytes_equal(name, BYTES("filters")) && v.len &&
		v.len < sizeof(o->filters)) {
		memcpy(o->filters, v.p, v.len);
		o->filters[v.len] = '\0';
		return 0;
	}
	if (bytes_equal(name, BYTES("fallback")) && v.len &&
		v.len < sizeof(o->fallback) && v.p[0] == '/' &&
		o->kind == OUTPUT_SYSLOG) {
		memcpy(o->fallback, v.p, v.len);
		return 0;
	}
	if (bytes_equal(name, BYTES("min_score")) && v.len &&
		v.len < sizeof(z)) {
		memcpy(z, v.p, v.len);
		o->min_score = strtod(z, &end);
		o->has_min_score = strspn(z, "0123456789.") == v.len && !*end &&
				   o->min_score <= 1000;
		if (o->has_min_score)
			return 0;
	}
	str_addf(why,
		"'%.*s' is none of format=NAME, facility=NAME, min_score=X, "
		"filters=NAME,NAME and, for syslog, fallback=/PATH",
		(int)(w.len < 64 ? w.len : 64), w.p);
	return -1;
}

int output_parse(struct output_conf *o, struct bytes value, struct str *why)
{
	bool is_first = true;

	*o = (struct output_conf){ .format = format_get(BYTES("json")),
		.filters = "all" };
	o->facility = lookup(BYTES("local5"), facilities, N_FACILITIES);
	while (value.len) {
		const char *end = memchr(value.p, ' ', value.len);
		struct bytes w = { value.p,
			end ? (size_t)(end - value.p) : value.len };

		value.p += w.len + (end ? 1 : 0);
		value.len -= w.len + (end ? 1 : 0);
		if (!w.len)
			continue;
		if ((is_first ? parse_destination(o, w, why)
			      : parse_word(o, w, why)) < 0)
			return -1;
		is_first = false;
	}
	return 0;
}

void output_print(const struct output_conf *o, struct str *out)
{
	str_addz(out, kinds[o->kind]);
	if (o->path[0])
		str_addf(out, ":%s", o->path);
	if (o->fallback[0])
		str_addf(out, " fallback=%s", o->fallback);
	str_addf(out, " format=%s facility=%s", o->format->name,
		facilities[o->facility]);
	if (o->has_min_score) {
		str_addz(out, " min_score=");
		str_add_plain(out, o->min_score);
	}
	if (strcmp(o->filters, "all"))
		str_addf(out, " filters=%s", o->filters);
}
