// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch_conf.h"

#include <string.h>

#include "rowline.h"
#include "text.h"

#define EVERY_M   60
#define TIMEOUT_S 300
#define MAX_M     64
/* Of what is read as JSON. */
#define MAX_JSON_M (LIST_JSON_MAX >> 20)

static const struct fetch_kind kinds[] = {
	{ "plain", "plain", FETCH_WHOLE },
	{ "csv", "csv", FETCH_WHOLE },
	{ "hosts", "hosts", FETCH_WHOLE },
	{ "misp", "plain", FETCH_MISP },
	{ "stix", "stix", FETCH_WHOLE },
	{ "taxii", "stix", FETCH_TAXII },
	{ "baseline", NULL, FETCH_WHOLE },
	{ "alerts", NULL, FETCH_WHOLE },
};

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

enum field_kind { FIELD_TEXT, FIELD_NUMBER, FIELD_PIN, FIELD_FLAG };

static const struct field {
	const char *name;
	enum field_kind kind;
	size_t at, size; /* of a text, with its NUL */
	unsigned int least, most; /* of a number */
} fields[] = {
#define TEXT(name, member)                                                     \
	{                                                                      \
		name, FIELD_TEXT, offsetof(struct fetch_conf, member),         \
			sizeof(((struct fetch_conf *)0)->member), 0, 0         \
	}
#define NUMBER(name, least, most)                                              \
	{                                                                      \
#name, FIELD_NUMBER, offsetof(struct fetch_conf, name), 0,     \
			least, most                                            \
	}
	TEXT("name", name),
	TEXT("key", key_file),
	TEXT("header", header),
	{ "sha256", FIELD_PIN, 0, 0, 0, 0 },
	NUMBER(every_m, 1, 44640),
	NUMBER(timeout_s, 1, 3600),
	NUMBER(max_m, 1, 1024),
	{ "inside", FIELD_FLAG, 0, 0, 0, 0 },
#undef TEXT
#undef NUMBER
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

static int set_text(struct fetch_conf *cf, const struct field *f,
	struct bytes v, struct str *why)
{
	char *to = (char *)cf + f->at;

	if (!v.len || v.len >= f->size || text_printable(v.p, v.len) != v.len) {
		str_addf(why, "%s takes 1 to %zu bytes of text", f->name,
			f->size - 1);
		return -1;
	}
	memcpy(to, v.p, v.len);
	to[v.len] = '\0';
	return 0;
}

static int set_number(struct fetch_conf *cf, const struct field *f,
	struct bytes v, struct str *why)
{
	unsigned int number;
	uint64_t n;

	if (text_u64(v, 10, &n) < 0 || n < f->least || n > f->most) {
		str_addf(why, "%s takes a number from %u to %u, not '%.*s'",
			f->name, f->least, f->most, rowline_shown(v), v.p);
		return -1;
	}
	number = (unsigned int)n;
	memcpy((char *)cf + f->at, &number, sizeof(number));
	return 0;
}

static int set_field(struct fetch_conf *cf, const struct field *f,
	struct bytes v, struct str *why)
{
	switch (f->kind) {
	case FIELD_TEXT:
		return set_text(cf, f, v, why);
	case FIELD_NUMBER:
		return set_number(cf, f, v, why);
	case FIELD_PIN:
		cf->has_pin = v.len == 2 * sizeof(cf->pin) &&
			      text_unhex(v.p, v.len, (char *)cf->pin) == 0;
		if (cf->has_pin)
			return 0;
		str_addz(why, "sha256 takes 64 hexadecimal digits");
		return -1;
	case FIELD_FLAG:
		cf->is_inside = bytes_equal(v, BYTES("yes"));
		if (cf->is_inside || bytes_equal(v, BYTES("no")))
			return 0;
		str_addf(why, "%s takes yes or no", f->name);
		return -1;
	}
	return -1;
}

/* What is none of ours is the list's to know. */
static int parse_word(struct fetch_conf *cf, struct bytes w, struct str *list,
	struct str *why)
{
	const char *eq = memchr(w.p, '=', w.len);
	struct bytes name = { w.p, eq ? (size_t)(eq - w.p) : w.len };

	for (size_t i = 0; eq && i < N_FIELDS; i++)
		if (bytes_equal(bytes_of(fields[i].name), name))
			return set_field(cf, &fields[i],
				(struct bytes){ eq + 1, w.len - name.len - 1 },
				why);
	if (eq && cf->kind->list && !memchr(w.p, ' ', w.len) &&
		!memchr(w.p, '\t', w.len)) {
		str_addc(list, ' ');
		str_addb(list, w);
		return 0;
	}
	str_addf(why, "'%.*s' is none of ", rowline_shown(w), w.p);
	for (size_t i = 0; i < N_FIELDS; i++)
		str_addf(why, "%s%s=", i ? ", " : "", fields[i].name);
	return -1;
}

static int start(struct fetch_conf *cf, struct bytes name, struct str *why)
{
	*cf = (struct fetch_conf){ .every_m = EVERY_M, .timeout_s = TIMEOUT_S };
	for (size_t i = 0; i < N_KINDS; i++)
		if (bytes_equal(bytes_of(kinds[i].name), name))
			cf->kind = &kinds[i];
	if (cf->kind)
		return 0;
	str_addf(why, "no feed '%.*s'; there are: ", rowline_shown(name),
		name.p);
	for (size_t i = 0; i < N_KINDS; i++)
		str_addf(why, "%s%s", i ? ", " : "", kinds[i].name);
	return -1;
}

/* Of a file that is not hidden, and of nothing that has another form here. */
static bool is_name(const char *name)
{
	return name[0] && name[0] != '.' &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")];
}

static bool is_json(const struct fetch_conf *cf)
{
	return !cf->kind->list || !strcmp(cf->kind->list, "stix");
}

static int check(struct fetch_conf *cf, struct str *why)
{
	unsigned int most = is_json(cf) ? MAX_JSON_M : 1024;

	if (!cf->max_m)
		cf->max_m = most < MAX_M ? most : MAX_M;
	if (strncmp(cf->url, "https://", 8) || !cf->url[8])
		str_addf(why, "%s takes https://...", cf->kind->name);
	else if (!is_name(cf->name))
		str_addz(why, "a feed needs name=NAME, of letters, digits, - "
			      "and _");
	else if (cf->key_file[0] && cf->key_file[0] != '/')
		str_addz(why, "key takes an absolute path");
	else if (cf->header[0] &&
		 (!cf->key_file[0] || !strstr(cf->header, "{key}")))
		str_addz(why, "header takes \"Name: {key}\", with key=FILE");
	else if (cf->has_pin && cf->kind->way != FETCH_WHOLE)
		str_addf(why, "what %s brings is never the same: no sha256",
			cf->kind->name);
	else if (cf->max_m > most)
		str_addf(why, "max_m is at most %u for %s", most,
			cf->kind->name);
	else
		return 0;
	return -1;
}

static int parse_list(
	struct fetch_conf *cf, const struct str *words, struct str *why)
{
	struct str line;
	int rc;

	if (!cf->kind->list)
		return 0;
	str_init(&line, 4096);
	str_addf(&line, "%s /%s name=%s%s", cf->kind->list, cf->name, cf->name,
		str_z(words));
	rc = list_parse(&cf->list, str_bytes(&line), why);
	str_fini(&line);
	cf->list.is_fetched = true;
	return rc;
}

int fetch_parse(struct fetch_conf *cf, struct bytes value, struct str *why)
{
	static const struct field url = { "the URL", FIELD_TEXT,
		offsetof(struct fetch_conf, url), FETCH_URL_MAX, 0, 0 };
	struct str word, list;
	int rc;

	str_init(&word, 4096);
	str_init(&list, 2048);
	rc = rowline_word(&value, &word, why);
	if (rc == 0)
		rc = start(cf, str_bytes(&word), why);
	if (rc == 0)
		rc = rowline_word(&value, &word, why);
	if (rc == 0)
		rc = set_text(cf, &url, str_bytes(&word), why);
	while (rc == 0 && value.len) {
		rc = rowline_word(&value, &word, why);
		if (rc == 0 && word.len)
			rc = parse_word(cf, str_bytes(&word), &list, why);
	}
	if (rc == 0)
		rc = check(cf, why);
	if (rc == 0)
		rc = parse_list(cf, &list, why);
	str_fini(&word);
	str_fini(&list);
	return rc;
}

static void print_field(
	const struct fetch_conf *cf, const struct field *f, struct str *out)
{
	const char *at = (const char *)cf + f->at;
	unsigned int n;

	if ((f->kind == FIELD_TEXT && !*at) ||
		(f->kind == FIELD_PIN && !cf->has_pin) ||
		(f->kind == FIELD_FLAG && !cf->is_inside))
		return;
	str_addf(out, " %s=", f->name);
	if (f->kind == FIELD_TEXT) {
		str_addf(out, strchr(at, ' ') ? "\"%s\"" : "%s", at);
	} else if (f->kind == FIELD_PIN) {
		str_addx(out, cf->pin, sizeof(cf->pin));
	} else if (f->kind == FIELD_FLAG) {
		str_addz(out, "yes");
	} else {
		memcpy(&n, at, sizeof(n));
		str_addu(out, n);
	}
}

void fetch_print(const struct fetch_conf *cf, struct str *out)
{
	str_addf(out, strchr(cf->url, ' ') ? "%s \"%s\"" : "%s %s",
		cf->kind->name, cf->url);
	for (size_t i = 0; i < N_FIELDS; i++)
		print_field(cf, &fields[i], out);
	if (!cf->kind->list)
		return;
	str_addf(out, " severity=%s", intel_severity_name(cf->list.severity));
	if (!strcmp(cf->kind->list, "csv"))
		str_addf(out, " column=%s", cf->list.column);
}
