// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The shipped rows on an argv of any bytes, and on its last argument as a
 * layer: tags are sorted and each there once, and are the event's own.
 *
 * seeds: argv
 * dict: shell
 */
#include "classify.h"
#include "fuzz.h"
#include "rules.h"

#define WEIGHT_MAX 1e6

static struct rules *rules;
static struct classify *stage;

static void load(void)
{
	struct str why;

	if (rules)
		return;
	str_init(&why, 1 << 16);
	rules = rules_load("conf/hunt.d", "basic", &why);
	if (!rules)
		fputs(str_z(&why), stderr);
	str_fini(&why);
	stage = classify_new();
	MUST(rules && stage);
}

static void check(const struct event_tags *t)
{
	for (size_t i = 0; i < t->n_categories; i++) {
		fuzz_touch(t->categories[i]);
		for (size_t k = 0; k < i; k++)
			MUST(!bytes_equal(t->categories[i], t->categories[k]));
	}
	for (size_t i = 0; i < t->n_bins; i++) {
		fuzz_touch(t->bins[i].name);
		fuzz_touch(t->bins[i].functions);
		for (size_t k = 0; k < i; k++)
			MUST(!bytes_equal(t->bins[i].name, t->bins[k].name));
	}
	for (size_t i = 0; i < t->n_attack; i++) {
		struct bytes id = t->attack[i], last;

		MUST(id.len >= 5 && id.p[0] == 'T');
		if (!i)
			continue;
		last = t->attack[i - 1];
		MUST(memcmp(last.p, id.p,
			     last.len < id.len ? last.len : id.len) < 0 ||
			last.len < id.len);
	}
	MUST(t->weight >= 0 && t->weight < WEIGHT_MAX);
	MUST(t->heaviest.p || !(t->weight > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_bytes(data, len);
	uint64_t hash = fuzz_hash(in);
	struct classify_conf cf = { .match = hash % 4 ? CLASSIFY_WORDS
						      : CLASSIFY_SUBSTRING };
	struct event_layer layer = {
		.depth = 1, .chain = BYTES("base64"), .is_text = true
	};
	struct fuzz_args args;
	struct event *ev;

	load();
	cf.rules = rules->classify;
	fuzz_args_init(&args, in);
	ev = fuzz_event(&args);
	if (hash / 4 % 2 && args.n) {
		layer.text = args.v[args.n - 1];
		ev->layers = &layer;
		ev->n_layers = 1;
	}
	classify_run(stage, ev, &cf);
	fuzz_args_fini(&args);
	check(&ev->tags);
	event_destroy(ev);
	return 0;
}
