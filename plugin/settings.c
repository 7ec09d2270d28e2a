// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings.h"

#include <unistd.h>

#include "config.h"
#include "filter.h"
#include "format.h"
#include "geo.h"
#include "output.h"
#include "rules.h"

int settings_add(struct settings *s, const char *assignment)
{
	if (s->n_sets == SETTINGS_SETS_MAX)
		return -1;
	s->sets[s->n_sets++] = assignment;
	return 0;
}

static int set_stdout(
	const struct settings *s, struct config *cf, struct str *why)
{
	struct output_conf *o = &cf->outputs[0];
	const struct format *format =
		format_get(bytes_of(s->format ? s->format : "json"));

	if (!format) {
		str_addf(why,
			"--format: no format '%s'; there are: ", s->format);
		format_names(why);
		str_addc(why, '\n');
		return -1;
	}
	if (output_parse(o, BYTES("stdout"), why) < 0)
		return -1;
	o->format = format;
	cf->n_outputs = 1;
	return 0;
}

int settings_config(
	const struct settings *s, struct config *cf, struct str *why)
{
	const char *file = s->file ? s->file : CONFIG_FILE;
	int rc = config_load(cf, file, !s->file, why);
	bool is_first_output = true;

	for (size_t i = 0; i < s->n_sets; i++)
		if (config_set(cf, s->sets[i], &is_first_output, why) < 0)
			rc = -1;
	if (s->to_stdout && set_stdout(s, cf, why) < 0)
		rc = -1;
	if (rc == 0)
		rc = config_check(cf, s->n_sets ? "-o" : file, why);
	(void)!gethostname(
		cf->alerts.own_host, sizeof(cf->alerts.own_host) - 1);
	return rc;
}

const char *settings_state(const struct settings *s, const struct config *cf)
{
	const char *file = s->state;

	if (!file)
		file = s->to_stdout ? "none" : cf->state;
	return strcmp(file, "none") ? file : NULL;
}

/* The filters that outputs name have to be there. */
static int check_filters(
	const struct config *cf, const struct rules *rules, struct str *why)
{
	uint64_t bits;
	int rc = 0;

	for (size_t i = 0; i < cf->n_outputs; i++) {
		size_t before = why->len;

		str_addf(why, "output %zu: ", i + 1);
		if (filter_rules_pick(rules->filters,
			    bytes_of(cf->outputs[i].filters), &bits, why) < 0) {
			str_addc(why, '\n');
			rc = -1;
		} else {
			str_cut(why, before);
		}
	}
	return rc;
}

int settings_rows(
	const struct config *cf, struct rules **rules, struct str *why)
{
	bool is_there = access(cf->hunt_dir, F_OK) == 0;

	*rules = is_there ? rules_load(cf->hunt_dir, cf->redact_sets, why)
			  : rules_shipped(cf->redact_sets, why);
	if (*rules && check_filters(cf, *rules, why) < 0) {
		rules_free(*rules);
		*rules = NULL;
	}
	return *rules ? 0 : -1;
}

int settings_geo(const struct config *cf, struct rules *rules, struct str *why)
{
	return geo_open(&rules->geo, cf->geoip_country, cf->geoip_asn, why);
}

int settings_rules(
	const struct config *cf, struct rules **rules, struct str *why)
{
	if (settings_rows(cf, rules, why) < 0)
		return -1;
	if (settings_geo(cf, *rules, why) == 0)
		return 0;
	rules_free(*rules);
	*rules = NULL;
	return -1;
}
