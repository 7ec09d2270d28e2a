// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Alerts: our own columns, or those of Sentinel's table SecurityAlert as its
 * portal and its API export them, where the hosts stand among the entities.
 */
#include "tables_alerts.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <strings.h>

#include "alert.h"
#include "stamp.h"

/* Hosts that one alert is about. */
#define HOSTS_MAX 64

enum column {
	HOST,
	NAME,
	SEVERITY,
	TIME,
	DISPLAY,
	ALERT_SEVERITY,
	ENTITIES,
	COMPROMISED,
	TIME_UTC
};

struct row {
	struct alert_table *table;
	struct bytes name;
	enum alert_severity severity;
	int64_t time_ms;
};

static struct bytes one_of(struct bytes a, struct bytes b)
{
	return a.len ? a : b;
}

static int shown(struct bytes b)
{
	return (int)(b.len < 40 ? b.len : 40);
}

static int add(const struct row *r, struct bytes host, struct str *why)
{
	if (!host.len || host.len > ALERT_NAME_MAX)
		return 0;
	if (alert_table_add(r->table, host, r->name, r->severity, r->time_ms) ==
		0)
		return 0;
	str_addz(why, "out of memory");
	return -1;
}

static struct bytes text_under(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItem(object, key);

	return bytes_of(cJSON_IsString(item) ? item->valuestring : NULL);
}

/* By its name alone, and with its domain. */
static int add_entity(const struct row *r, const cJSON *entity, struct str *why)
{
	struct bytes type = text_under(entity, "Type");
	struct bytes name = text_under(entity, "HostName");
	struct bytes domain = text_under(entity, "DnsDomain");
	struct str full;
	int rc;

	if (type.len != 4 || strncasecmp(type.p, "host", 4) != 0)
		return 0;
	name = one_of(name, text_under(entity, "NetBiosName"));
	rc = add(r, name, why);
	if (rc < 0 || !name.len || !domain.len)
		return rc;
	str_init(&full, 2 * ALERT_NAME_MAX);
	str_addb(&full, name);
	str_addc(&full, '.');
	str_addb(&full, domain);
	rc = add(r, str_bytes(&full), why);
	str_fini(&full);
	return rc;
}

static int add_entities(const struct row *r, struct bytes text, struct str *why)
{
	cJSON *array = cJSON_ParseWithLength(text.p, text.len);
	const cJSON *entity;
	size_t n = 0;
	int rc = 0;

	cJSON_ArrayForEach(entity, array)
	{
		if (rc < 0 || ++n > HOSTS_MAX)
			break;
		rc = add_entity(r, entity, why);
	}
	cJSON_Delete(array);
	return rc;
}

static int take_what(struct row *r, const struct bytes *v, struct str *why)
{
	struct bytes severity = one_of(v[SEVERITY], v[ALERT_SEVERITY]);
	struct bytes time = one_of(v[TIME], v[TIME_UTC]);
	int is = alert_severity(severity);

	r->name = one_of(v[NAME], v[DISPLAY]);
	if (r->name.len > ALERT_NAME_MAX)
		r->name.len = ALERT_NAME_MAX;
	if (!r->name.len) {
		str_addz(why, "no AlertName and no DisplayName");
		return -1;
	}
	if (is < 0) {
		str_addf(why,
			"Severity '%.*s' is none of Informational, Low, "
			"Medium, High",
			shown(severity), severity.p ? severity.p : "");
		return -1;
	}
	r->severity = (enum alert_severity)is;
	if (time.len && stamp_parse(time, &r->time_ms) == 0)
		return 0;
	str_addf(why, "TimeGenerated '%.*s' is no ISO 8601 time in UTC",
		shown(time), time.p ? time.p : "");
	return -1;
}

int tables_take_alert(void *table, const struct bytes *v, struct str *why)
{
	struct row r = { .table = table };

	if (!v[HOST].p && !v[ENTITIES].p && !v[COMPROMISED].p) {
		str_addz(why, "no host, Entities or CompromisedEntity");
		return -1;
	}
	if (take_what(&r, v, why) < 0)
		return -1;
	if (v[HOST].p)
		return add(&r, v[HOST], why);
	if (v[ENTITIES].len && add_entities(&r, v[ENTITIES], why) < 0)
		return -1;
	return v[ENTITIES].len ? 0 : add(&r, v[COMPROMISED], why);
}
