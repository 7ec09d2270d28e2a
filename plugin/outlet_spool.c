// SPDX-License-Identifier: GPL-3.0-or-later
#include "outlet_spool.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "format.h"
#include "log.h"
#include "map.h"
#include "metrics.h"
#include "outlet.h"
#include "spool.h"

#define NAME_MAX_LEN 64

/* A name that stays the same as long as the output is the same one. */
static void spool_name(
	char name[NAME_MAX_LEN], const struct config *cf, size_t i)
{
	static const uint64_t seed[2] = { 0, 0 };
	const struct output_conf *o = &cf->outputs[i];
	char id[2 * CONFIG_PATH_MAX];
	unsigned int twins = 0;
	int len;

	for (size_t j = 0; j < i; j++)
		twins += cf->outputs[j].kind == o->kind &&
			 cf->outputs[j].format == o->format &&
			 !strcmp(cf->outputs[j].path, o->path);
	len = snprintf(
		id, sizeof(id), "%d %u %s", (int)o->kind, twins, o->path);
	snprintf(name, NAME_MAX_LEN, "%s-%016" PRIx64, o->format->name,
		map_siphash(seed, id, (size_t)len));
}

struct spool *outlet_open_spool(
	const struct config *cf, size_t i, struct metrics *m)
{
	char name[NAME_MAX_LEN];
	struct spool_conf sc = { .dir = cf->spool_dir,
		.name = name,
		.max = cf->spool_max,
		.metrics = m };
	struct spool *s;

	if (cf->outputs[i].kind == OUTPUT_STDOUT || !cf->spool_max)
		return NULL;
	spool_name(name, cf, i);
	s = spool_new(&sc);
	if (!s)
		log_warn("no memory for a spool");
	return s;
}

void outlet_add_spooled(struct outlet *o, const struct spool_line *line)
{
	const char *dup = o->conf->format->dup;
	struct str *to = &o->flight.text;
	size_t from = to->len;

	if (!line->is_unsure || !line->dup_at || !dup) {
		str_add(to, line->text, line->len);
		return;
	}
	str_add(to, line->text, line->dup_at);
	str_addz(to, dup);
	str_add(to, line->text + line->dup_at, line->len - line->dup_at);
	if (!str_ok(to))
		str_cut(to, from);
	o->metrics->events_dup += str_ok(to);
}
