// SPDX-License-Identifier: GPL-3.0-or-later
#include "rules.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>

#include "askable.h"
#include "classify.h"
#include "detect.h"
#include "filter.h"
#include "geo.h"
#include "ioc.h"
#include "redact.h"
#include "rowfile.h"

static int take_row(void *rules, struct bytes line, struct str *why)
{
	return classify_rules_line(rules, line, why);
}

static int take_bin(void *rules, struct bytes line, struct str *why)
{
	return classify_rules_bin(rules, line, why);
}

static int read_categories(
	struct classify_rules *r, const char *dir, struct str *why)
{
	int n = rowfile_read_all(dir, "categories*.conf", take_row, r, why);

	if (n == 0)
		str_addf(why, "%s: no categories*.conf in it\n", dir);
	return n > 0 ? 0 : -1;
}

static int read_bins(struct classify_rules *r, const char *dir, struct str *why)
{
	struct str path;
	int rc;

	str_init(&path, PATH_MAX);
	str_addf(&path, "%s/gtfobins.tsv", dir);
	rc = rowfile_read(str_z(&path), take_bin, r, why);
	str_fini(&path);
	return rc;
}

static int load_classify(
	struct classify_rules *r, const char *dir, struct str *why)
{
	int rc = read_categories(r, dir, why);

	if (read_bins(r, dir, why) < 0)
		return -1;
	if (rc == 0 && classify_rules_done(r, why) < 0) {
		str_addc(why, '\n');
		return -1;
	}
	return rc;
}

static int take_ioc(void *rules, struct bytes line, struct str *why)
{
	return ioc_rules_line(rules, line, why);
}

static int load_iocs(struct ioc_rules *r, const char *dir, struct str *why)
{
	if (rowfile_read_all(dir, "iocs*.conf", take_ioc, r, why) < 0)
		return -1;
	if (ioc_rules_done(r, why) == 0)
		return 0;
	str_addc(why, '\n');
	return -1;
}

static int take_filter(void *rules, struct bytes line, struct str *why)
{
	return filter_rules_line(rules, line, why);
}

static int load_filters(
	struct filter_rules *r, const char *dir, struct str *why)
{
	return rowfile_read_all(dir, "filters*.conf", take_filter, r, why) < 0
		       ? -1
		       : 0;
}

static int take_never(void *rules, struct bytes line, struct str *why)
{
	return askable_rules_line(rules, line, why);
}

int rules_load_never(struct askable_rules *r, const char *dir, struct str *why)
{
	return rowfile_read_all(dir, "never*.conf", take_never, r, why) < 0 ? -1
									    : 0;
}

static int take_alert(void *rules, struct bytes line, struct str *why)
{
	return detect_rules_line(rules, line, why);
}

static int load_alerts(struct detect_rules *r, const char *dir, struct str *why)
{
	if (rowfile_read_all(dir, "alerts*.conf", take_alert, r, why) < 0)
		return -1;
	if (detect_rules_done(r) == 0)
		return 0;
	str_addz(why, "out of memory\n");
	return -1;
}

static int take_redact(void *rules, struct bytes line, struct str *why)
{
	return redact_rules_line(rules, line, why);
}

/* whose: what is to blame where a set is missing. */
static int finish_redact(struct redact_rules *r, const char *whose,
	const char *sets, struct str *why)
{
	size_t before = why->len;

	str_addf(why, "%s: ", whose);
	if ((strcmp(sets, "none") &&
		    redact_rules_require(r, bytes_of(sets), why) < 0) ||
		redact_rules_done(r, why) < 0) {
		str_addc(why, '\n');
		return -1;
	}
	str_cut(why, before);
	return 0;
}

static int load_redact(struct redact_rules *r, const char *dir,
	const char *sets, struct str *why)
{
	if (rowfile_read_all(dir, "redact*.conf", take_redact, r, why) < 0)
		return -1;
	return finish_redact(r, dir, sets, why);
}

static int load_shipped(
	struct redact_rules *r, const char *sets, struct str *why)
{
	struct bytes rest = bytes_of(redact_shipped);

	while (rest.len) {
		const char *nl = memchr(rest.p, '\n', rest.len);
		size_t len = nl ? (size_t)(nl - rest.p) : rest.len;

		if (take_redact(r, (struct bytes){ rest.p, len }, why) < 0)
			return -1;
		rest.p += len + (nl ? 1 : 0);
		rest.len -= len + (nl ? 1 : 0);
	}
	return finish_redact(r, "without hunt_dir", sets, why);
}

static struct rules *new_rules(bool has_others, struct str *why)
{
	struct rules *r = calloc(1, sizeof(*r));
	unsigned long long seed[2];

	if (r && getrandom(seed, sizeof(seed), 0) == sizeof(seed)) {
		r->redact = redact_rules_new();
		r->classify = has_others ? classify_rules_new() : NULL;
		r->iocs = has_others ? ioc_rules_new() : NULL;
		r->filters = has_others ? filter_rules_new() : NULL;
		r->never = has_others ? askable_rules_new(seed) : NULL;
		r->alerts = has_others ? detect_rules_new() : NULL;
	}
	if (r && r->redact &&
		((r->classify && r->iocs && r->filters && r->never &&
			 r->alerts) ||
			!has_others))
		return r;
	str_addz(why, "out of memory\n");
	rules_free(r);
	return NULL;
}

struct rules *rules_load(const char *dir, const char *sets, struct str *why)
{
	struct rules *r = new_rules(true, why);
	int rc = 0;

	if (!r)
		return NULL;
	if (load_classify(r->classify, dir, why) < 0)
		rc = -1;
	if (load_iocs(r->iocs, dir, why) < 0)
		rc = -1;
	if (load_redact(r->redact, dir, sets, why) < 0)
		rc = -1;
	if (load_filters(r->filters, dir, why) < 0)
		rc = -1;
	if (rules_load_never(r->never, dir, why) < 0)
		rc = -1;
	if (load_alerts(r->alerts, dir, why) < 0)
		rc = -1;
	if (rc == 0)
		return r;
	rules_free(r);
	return NULL;
}

struct rules *rules_shipped(const char *sets, struct str *why)
{
	struct rules *r = new_rules(false, why);

	if (r && load_shipped(r->redact, sets, why) == 0)
		return r;
	rules_free(r);
	return NULL;
}

void rules_free(struct rules *r)
{
	if (!r)
		return;
	classify_rules_free(r->classify);
	ioc_rules_free(r->iocs);
	redact_rules_free(r->redact);
	filter_rules_free(r->filters);
	askable_rules_free(r->never);
	detect_rules_free(r->alerts);
	geo_free(r->geo);
	free(r);
}
