// SPDX-License-Identifier: GPL-3.0-or-later
#include "tables.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

#include "alert.h"
#include "csv.h"
#include "intel.h"
#include "rowfile.h"
#include "stamp.h"
#include "text.h"

/* A file of a million verdicts. */
#define FILE_MAX_BYTES (256u << 20)
#define COLUMNS_MAX    64
#define WANTED_MAX     4

/* One kind of table: the columns it wants, and what takes a row of them. */
struct kind {
	const char *columns[WANTED_MAX];
	size_t n;
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

static int take_alert(void *table, const struct bytes *v, struct str *why)
{
	int severity = alert_severity(v[2]);
	int64_t time_ms;

	if (severity < 0) {
		str_addf(why,
			"Severity '%.*s' is none of Informational, Low, "
			"Medium, High",
			(int)(v[2].len < 32 ? v[2].len : 32), v[2].p);
		return -1;
	}
	if (stamp_parse(v[3], &time_ms) < 0) {
		str_addf(why, "TimeGenerated '%.*s' is no ISO 8601 time in UTC",
			(int)(v[3].len < 40 ? v[3].len : 40), v[3].p);
		return -1;
	}
	if (alert_table_add(table, v[0], v[1], (enum alert_severity)severity,
		    time_ms) == 0)
		return 0;
	str_addz(why, "out of memory");
	return -1;
}

static const struct kind intel_kind = { { "Ioc", "Provider", "Severity" }, 3,
	take_intel };
static const struct kind alert_kind = {
	{ "host", "AlertName", "Severity", "TimeGenerated" }, 4, take_alert
};

static int take_object(
	const struct kind *k, void *table, const cJSON *object, struct str *why)
{
	struct bytes values[WANTED_MAX] = { { NULL, 0 } };

	for (size_t i = 0; i < k->n; i++) {
		const cJSON *item = cJSON_GetObjectItem(object, k->columns[i]);

		if (!cJSON_IsString(item)) {
			str_addf(why, "no text under \"%s\"", k->columns[i]);
			return -1;
		}
		values[i] = bytes_of(item->valuestring);
	}
	return k->take(table, values, why);
}

static int load_json(const struct kind *k, void *table, struct bytes text,
	const char *file, struct str *why)
{
	cJSON *array = cJSON_ParseWithLength(text.p, text.len);
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
		if (at[i] == n) {
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
			values[i] = at[i] < n ? fields[at[i]] : BYTES("");
		if (k->take(table, values, why) < 0)
			return -1;
	}
	why->len = before;
	return 0;
}

static int load(
	const struct kind *k, void *table, const char *file, struct str *why)
{
	struct bytes text;
	struct str all;
	size_t i = 0;
	int rc;

	str_init(&all, FILE_MAX_BYTES);
	rc = rowfile_slurp_any(file, &all, why);
	text = str_bytes(&all);
	while (i < text.len && strchr(" \t\r\n", text.p[i]))
		i++;
	if (rc == 0 && i < text.len && text.p[i] == '[')
		rc = load_json(k, table, text, file, why);
	else if (rc == 0)
		rc = load_csv(k, table, text, file, why);
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
