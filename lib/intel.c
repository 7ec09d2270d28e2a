// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel.h"

#include <stdlib.h>

#include "event.h"
#include "listmap.h"
#include "map.h"

/* Longer ones are looked up by their hash like all others. */
#define IOC_MAX      2048
#define PROVIDER_MAX 24

struct key {
	uint64_t hash[2];
};

struct verdict {
	char provider[PROVIDER_MAX];
	unsigned int severity;
};

struct intel_table {
	uint64_t seeds[2][2];
	struct map_conf cf;
	struct map *verdicts;
};

struct intel_table *intel_table_new(const uint64_t seed[2], uint32_t max)
{
	struct intel_table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->cf = (struct map_conf){ .key_len = sizeof(struct key),
		.value_len = sizeof(struct verdict),
		.max = max,
		.seed = { seed[0], seed[1] } };
	for (int i = 0; i < 2; i++) {
		t->seeds[i][0] = seed[0] + (uint64_t)i;
		t->seeds[i][1] = seed[1] ^ (uint64_t)i << 32;
	}
	t->verdicts = map_new(&t->cf);
	if (!t->verdicts) {
		free(t);
		return NULL;
	}
	return t;
}

void intel_table_clear(struct intel_table *t)
{
	struct map *fresh = map_new(&t->cf);

	if (!fresh)
		return;
	map_free(t->verdicts);
	t->verdicts = fresh;
}

void intel_table_free(struct intel_table *t)
{
	if (!t)
		return;
	map_free(t->verdicts);
	free(t);
}

/* Two hashes of 64 bits stand for an indicator: no two ever meet. */
static struct key key_of(const struct intel_table *t, struct bytes ioc)
{
	char lower[IOC_MAX];
	struct key key;

	if (ioc.len > sizeof(lower))
		ioc.len = sizeof(lower);
	for (size_t i = 0; i < ioc.len; i++) {
		char c = ioc.p[i];

		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	for (int i = 0; i < 2; i++)
		key.hash[i] = map_siphash(t->seeds[i], lower, ioc.len);
	return key;
}

int intel_table_add(struct intel_table *t, struct bytes ioc,
	struct bytes provider, enum intel_severity severity)
{
	struct key key = key_of(t, ioc);
	struct verdict *v = map_note(t->verdicts, &key);
	size_t len = provider.len < PROVIDER_MAX - 1 ? provider.len
						     : PROVIDER_MAX - 1;

	if (!v)
		return -1;
	if (v->severity >= (unsigned int)severity)
		return 0;
	v->severity = severity;
	memset(v->provider, 0, sizeof(v->provider));
	if (len)
		memcpy(v->provider, provider.p, len);
	return 0;
}

enum intel_severity intel_table_get(
	struct intel_table *t, struct bytes ioc, struct bytes *provider)
{
	struct key key = key_of(t, ioc);
	const struct verdict *v = map_find(t->verdicts, &key);

	if (!v)
		return INTEL_NOT_ASKED;
	*provider = bytes_of(v->provider);
	return (enum intel_severity)v->severity;
}

/* The worst that is known of it; *provider (borrowed) says whose word it is. */
static enum intel_severity look_up(struct intel_table *t,
	const struct event_ioc *ioc, const struct listmap *lists,
	struct bytes *provider)
{
	enum intel_severity severity = INTEL_NOT_ASKED, listed;
	const char *list = NULL;

	if (t)
		severity = intel_table_get(t, ioc->value, provider);
	/* An operator's own types are any text. */
	listed = lists ? listmap_get(lists,
				 ioc->type < IOC_N_TYPES
					 ? (enum ioc_type)ioc->type
					 : IOC_WALLET,
				 ioc->value, &list)
		       : INTEL_NOT_ASKED;
	if (listed > severity) {
		severity = listed;
		*provider = bytes_of(list);
	}
	if (severity < ioc->severity) {
		severity = (enum intel_severity)ioc->severity;
		*provider = BYTES("hunt.d");
	}
	return severity;
}

double intel_points(const struct event_ioc *ioc, enum intel_severity severity,
	const struct intel_conf *cf)
{
	double said = intel_severity_points(severity, cf->not_asked);

	return cf->has_weights && ioc->weight > said ? ioc->weight : said;
}

void intel_run(
	struct intel_table *t, struct event *ev, const struct intel_conf *cf)
{
	ev->intel_points = 0;
	if (!ev->n_iocs)
		return;
	ev->verdicts = event_alloc(ev, ev->n_iocs * sizeof(*ev->verdicts));
	if (!ev->verdicts)
		return;
	for (size_t i = 0; i < ev->n_iocs; i++) {
		struct event_verdict *v = &ev->verdicts[i];
		struct bytes provider = { NULL, 0 };
		enum intel_severity severity =
			look_up(t, &ev->iocs[i], cf->lists, &provider);

		*v = (struct event_verdict){ .severity = severity,
			.provider = event_copy(ev, provider) };
		if (ev->iocs[i].layer != EVENT_IN_ARGV || !cf->is_decoded_only)
			ev->intel_points +=
				intel_points(&ev->iocs[i], severity, cf);
	}
}
