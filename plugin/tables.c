// SPDX-License-Identifier: GPL-3.0-or-later
#include "tables.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

#include "baseline.h"
#include "csv.h"
#include "intel.h"
#include "rowfile.h"
#include "tables_alerts.h"
#include "text.h"

/* A file of a million verdicts. */
#define FILE_MAX_BYTES (256u << 20)
#define COLUMNS_MAX    64
#define WANTED_MAX     TABLES_ALERT_COLUMNS

/* One kind of table: the columns it wants, and what takes a row of them. */
struct kind {
	const char *columns[WANTED_MAX];
	size_t n;
	bool is_loose; /* some may be missing: take says which have to be */
	/* -1: *why says what is wrong with the row. */
	int (*take)(void *table, const struct bytes *values, struct str *why);
};

static int take_intel(void *table, const struct bytes *v, struct str *why)
{
	int severity = intel_severity(v[2]);

	if (!v[0].len) {
		str_addz(why, "Ioc is empty");
		return -1;
	}
	if (severity < 0) {
		str_addf(why,
			"Severity '%.*s' is none of information, low, medium, "
			"warning, high, unknown",
			(int)(v[2].len < 32 ? v[2].len : 32), v[2].p);
		return -1;
	}
	if (intel_table_add(table, v[0], v[1], (enum intel_severity)severity) ==
		0)
		return 0;
	str_addz(why, "out of memory");
	return -1;
}

static int take_baseline(void *table, const struct bytes *v, struct str *why)
{
	uint64_t count, hosts;

	if (text_u64(v[1], 10, &count) < 0 || text_u64(v[2], 10, &hosts) < 0) {
		str_addz(why, "count and hosts are numbers");
		return -1;
	}
	return baseline_draft_add(table, v[0], count, hosts, why);
}

static const struct kind intel_kind = { { "Ioc", "Provider", "Severity" }, 3,
	false, take_intel };
static const struct kind alert_kind = { TABLES_ALERT_NAMES,
	TABLES_ALERT_COLUMNS, true, tables_take_alert };

static const struct kind baseline_kind = { { "command", "count", "hosts" }, 3,
	false, take_baseline };

/* Entities may stand there as what they are, or as the text of it; so may a
 * baseline's numbers. */
static char *text_of(const struct kind *k, const cJSON *item)
{
	bool is_number = k == &baseline_kind && cJSON_IsNumber(item);

	if (cJSON_IsString(item))
		return strdup(item->valuestring);
	return cJSON_IsArray(item) || is_number ? cJSON_PrintUnformatted(item)
						: NULL;
}

static int take_object(
	const struct kind *k, void *table, const cJSON *object, struct str *why)
{
	struct bytes values[WANTED_MAX] = { { NULL, 0 } };
	char *texts[WANTED_MAX] = { NULL };
	int rc = 0;

	for (size_t i = 0; i < k->n && rc == 0; i++) {
		texts[i] =
			text_of(k, cJSON_GetObjectItem(object, k->columns[i]));
		values[i] = bytes_of(texts[i]);
		if (!texts[i] && !k->is_loose) {
			str_addf(why, "no text under \"%s\"", k->columns[i]);
			rc = -1;
		}
	}
	if (rc == 0)
		rc = k->take(table, values, why);
	for (size_t i = 0; i < k->n; i++)
		free(texts[i]);
	return rc;
}

/* An object a line. */
static int load_lines(const struct kind *k, void *table, struct bytes rest,
	const char *file, struct str *why)
{
	size_t before = why->len;
	unsigned long n = 0;
	int rc = 0;

	while (rest.len && rc == 0) {
		const char *nl = memchr(rest.p, '\n', rest.len);
		struct bytes line = { rest.p,
			nl ? (size_t)(nl - rest.p) : rest.len };
		cJSON *object;

		rest.p += line.len + (nl ? 1 : 0);
		rest.len -= line.len + (nl ? 1 : 0);
		line = text_trim(line);
		n++;
		if (!line.len)
			continue;
		str_addf(why, "%s: line %lu: ", file, n);
		object = cJSON_ParseWithLength(line.p, line.len);
		rc = cJSON_IsObject(object) ? take_object(k, table, object, why)
					    : -1;
		if (!cJSON_IsObject(object))
			str_addz(why, "not a JSON object");
		cJSON_Delete(object);
		if (rc == 0)
			why->len = before;
	}
	return rc;
}

static int take_array(const struct kind *k, void *table, const cJSON *array,
	const char *file, struct str *why)
{
	const cJSON *object;
	unsigned long n = 0;
	int rc = 0;

	if (!cJSON_IsArray(array)) {
		str_addf(why, "%s: not a JSON array", file);
		rc = -1;
	}
	cJSON_ArrayForEach(object, array)
	{
		size_t before = why->len;

		if (rc < 0)
			break;
		str_addf(why, "%s: object %lu: ", file, ++n);
		rc = take_object(k, table, object, why);
		if (rc == 0)
			why->len = before;
	}
	return rc;
}

static int load_json(const struct kind *k, void *table, struct bytes text,
	const char *file, struct str *why)
{
	cJSON *array = cJSON_ParseWithLength(text.p, text.len);
	int rc = take_array(k, table, array, file, why);

	cJSON_Delete(array);
	return rc;
}

static size_t csv_line(struct bytes *rest, struct bytes *fields)
{
	bool is_last = false;
	size_t n = 0;

	while (!is_last) {
		struct bytes f = csv_field(rest, &is_last);

		if (n < COLUMNS_MAX)
			fields[n++] = f;
	}
	return n;
}

static int csv_columns(const struct kind *k, const struct bytes *names,
	size_t n, size_t *at, struct str *why)
{
	for (size_t i = 0; i < k->n; i++) {
		for (at[i] = 0; at[i] < n; at[i]++)
			if (names[at[i]].len == strlen(k->columns[i]) &&
				!strncasecmp(names[at[i]].p, k->columns[i],
					names[at[i]].len))
				break;
		if (at[i] == n && !k->is_loose) {
			str_addf(why, "line 1: no column %s", k->columns[i]);
			return -1;
		}
	}
	return 0;
}

static int load_csv(const struct kind *k, void *table, struct bytes rest,
	const char *file, struct str *why)
{
	struct bytes fields[COLUMNS_MAX], values[WANTED_MAX] = { { NULL, 0 } };
	struct bytes none = { k->is_loose ? NULL : "", 0 };
	size_t at[WANTED_MAX], before = why->len, n;
	unsigned long line = 1;

	str_addf(why, "%s: ", file);
	if (csv_columns(k, fields, csv_line(&rest, fields), at, why) < 0)
		return -1;
	while (rest.len) {
		why->len = before;
		str_addf(why, "%s: line %lu: ", file, ++line);
		n = csv_line(&rest, fields);
		if (n == 1 && !fields[0].len)
			continue;
		for (size_t i = 0; i < k->n; i++)
			values[i] = at[i] < n && fields[at[i]].len
					    ? fields[at[i]]
					    : none;
		if (k->take(table, values, why) < 0)
			return -1;
	}
	why->len = before;
	return 0;
}

static int load_text(const struct kind *k, void *table, struct bytes text,
	const char *file, struct str *why)
{
	size_t i = 0;

	while (i < text.len && strchr(" \t\r\n", text.p[i]))
		i++;
	if (i < text.len && text.p[i] == '[')
		return load_json(k, table, text, file, why);
	if (i < text.len && text.p[i] == '{')
		return load_lines(k, table, text, file, why);
	return load_csv(k, table, text, file, why);
}

static int load(
	const struct kind *k, void *table, const char *file, struct str *why)
{
	struct str all;
	int rc;

	str_init(&all, FILE_MAX_BYTES);
	rc = rowfile_slurp_any(file, &all, why);
	if (rc == 0)
		rc = load_text(k, table, str_bytes(&all), file, why);
	str_fini(&all);
	return rc;
}

int tables_load_intel(struct intel_table *t, const char *file, struct str *why)
{
	return load(&intel_kind, t, file, why);
}

int tables_load_alerts(struct alert_table *t, const char *file, struct str *why)
{
	return load(&alert_kind, t, file, why);
}

int tables_load_baseline(
	struct baseline_draft *d, const char *file, struct str *why)
{
	return load(&baseline_kind, d, file, why);
}

int tables_take_baseline(struct baseline_draft *d, struct bytes text,
	const char *file, struct str *why)
{
	return load_text(&baseline_kind, d, text, file, why);
}

/* Nothing stands behind it. */
static cJSON *parse_all(struct bytes text)
{
	const char *end = NULL;
	cJSON *json = cJSON_ParseWithLengthOpts(text.p, text.len, &end, false);

	while (json && end < text.p + text.len && strchr(" \t\r\n", *end))
		end++;
	if (!json || end == text.p + text.len)
		return json;
	cJSON_Delete(json);
	return NULL;
}

int tables_take_sent_alerts(
	struct alert_table *t, struct bytes text, struct str *why)
{
	cJSON *json = memchr(text.p, '\0', text.len) ? NULL : parse_all(text);
	int rc = -1;

	if (cJSON_IsObject(json))
		rc = take_object(&alert_kind, t, json, why);
	else if (json)
		rc = take_array(&alert_kind, t, json, "sent", why);
	else
		str_addz(why, "not JSON");
	cJSON_Delete(json);
	return rc;
}

int tables_take_alerts(struct alert_table *t, struct bytes text,
	const char *file, struct str *why)
{
	return load_text(&alert_kind, t, text, file, why);
}
