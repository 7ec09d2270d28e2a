// SPDX-License-Identifier: GPL-3.0-or-later
#include "config_line.h"

#include <stdio.h>

#include "output.h"

static int set_output(
	struct config *cf, struct bytes v, bool *is_first, struct str *why)
{
	struct output_conf o;

	if (output_parse(&o, v, why) < 0)
		return -1;
	/* The first one given takes the default's place. */
	if (*is_first)
		cf->n_outputs = 0;
	*is_first = false;
	if (cf->n_outputs == CONFIG_OUTPUTS_MAX) {
		str_addf(why, "more than %d outputs", CONFIG_OUTPUTS_MAX);
		return -1;
	}
	cf->outputs[cf->n_outputs++] = o;
	return 0;
}

static int set_provider(struct config *cf, struct bytes v, struct str *why)
{
	struct provider_conf *p = &cf->providers[cf->n_providers];

	if (cf->n_providers == CONFIG_PROVIDERS_MAX) {
		str_addf(why, "more than %d providers", CONFIG_PROVIDERS_MAX);
		return -1;
	}
	if (provider_parse(p, v, why) < 0)
		return -1;
	for (size_t i = 0; i < cf->n_providers; i++) {
		if (strcmp(cf->providers[i].name, p->name))
			continue;
		str_addf(why, "a second provider '%s'; name= tells two apart",
			p->name);
		return -1;
	}
	cf->n_providers++;
	return 0;
}

static int set_list(struct config *cf, struct bytes v, struct str *why)
{
	if (cf->n_lists == CONFIG_LISTS_MAX) {
		str_addf(why, "more than %d lists", CONFIG_LISTS_MAX);
		return -1;
	}
	if (list_parse(&cf->lists[cf->n_lists], v, why) < 0)
		return -1;
	cf->n_lists++;
	return 0;
}

static int set_feed(struct config *cf, struct bytes v, struct str *why)
{
	struct fetch_conf *f = &cf->fetches[cf->n_fetches];

	if (cf->n_fetches == CONFIG_FETCHES_MAX) {
		str_addf(why, "more than %d feeds", CONFIG_FETCHES_MAX);
		return -1;
	}
	if (fetch_parse(f, v, why) < 0)
		return -1;
	for (size_t i = 0; i < cf->n_fetches; i++) {
		if (strcmp(cf->fetches[i].name, f->name))
			continue;
		str_addf(why, "a second feed '%s'", f->name);
		return -1;
	}
	cf->n_fetches++;
	return 0;
}

bool config_line_is(struct bytes name)
{
	return bytes_equal(name, BYTES("output")) ||
	       bytes_equal(name, BYTES("provider")) ||
	       bytes_equal(name, BYTES("list")) ||
	       bytes_equal(name, BYTES("feed"));
}

int config_line_set(struct config *cf, struct bytes name, struct bytes v,
	bool *is_first_output, struct str *why)
{
	if (bytes_equal(name, BYTES("output")))
		return set_output(cf, v, is_first_output, why);
	if (bytes_equal(name, BYTES("provider")))
		return set_provider(cf, v, why);
	if (bytes_equal(name, BYTES("list")))
		return set_list(cf, v, why);
	return set_feed(cf, v, why);
}

void config_line_print(const struct config *cf, struct str *out)
{
	for (size_t i = 0; i < cf->n_outputs; i++) {
		str_addz(out, "output = ");
		output_print(&cf->outputs[i], out);
		str_addc(out, '\n');
	}
	for (size_t i = 0; i < cf->n_providers; i++) {
		str_addz(out, "provider = ");
		provider_print(&cf->providers[i], out);
		str_addc(out, '\n');
	}
	for (size_t i = 0; i < cf->n_lists; i++) {
		str_addz(out, "list = ");
		list_print(&cf->lists[i], out);
		str_addc(out, '\n');
	}
	for (size_t i = 0; i < cf->n_fetches; i++) {
		str_addz(out, "feed = ");
		fetch_print(&cf->fetches[i], out);
		str_addc(out, '\n');
	}
}

/* Its file; NULL: there are no more feeds of the sort. */
static const struct fetch_conf *feed_of(const struct config *cf, size_t i,
	bool (*is_wanted)(const struct fetch_kind *kind), char *path)
{
	for (size_t k = 0; k < cf->n_fetches; k++) {
		const struct fetch_conf *f = &cf->fetches[k];

		if (!is_wanted(f->kind) || i--)
			continue;
		(void)snprintf(
			path, LIST_PATH_MAX, "%s/%s", cf->feed_dir, f->name);
		return f;
	}
	return NULL;
}

static bool is_list(const struct fetch_kind *kind)
{
	return kind->list != NULL;
}

static bool is_baseline(const struct fetch_kind *kind)
{
	return !strcmp(kind->name, "baseline");
}

static bool is_alerts(const struct fetch_kind *kind)
{
	return !strcmp(kind->name, "alerts");
}

bool config_list(const struct config *cf, size_t i, struct list_conf *to)
{
	const struct fetch_conf *f;
	char path[LIST_PATH_MAX];

	if (i < cf->n_lists) {
		*to = cf->lists[i];
		return true;
	}
	f = feed_of(cf, i - cf->n_lists, is_list, path);
	if (!f)
		return false;
	*to = f->list;
	memcpy(to->path, path, sizeof(path));
	return true;
}

bool config_baseline(const struct config *cf, size_t i, struct config_file *to)
{
	bool has_own = strcmp(cf->frequency_baseline, "none") != 0;

	*to = (struct config_file){ .is_fetched = !has_own || i };
	if (to->is_fetched)
		return feed_of(cf, i - has_own, is_baseline, to->path) != NULL;
	(void)snprintf(
		to->path, sizeof(to->path), "%s", cf->frequency_baseline);
	return true;
}

bool config_alerts(const struct config *cf, struct config_file *to)
{
	*to = (struct config_file){ .is_fetched =
					    !strcmp(cf->alerts_file, "none") };
	if (to->is_fetched)
		return feed_of(cf, 0, is_alerts, to->path) != NULL;
	(void)snprintf(to->path, sizeof(to->path), "%s", cf->alerts_file);
	return true;
}
