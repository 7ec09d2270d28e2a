// SPDX-License-Identifier: GPL-3.0-or-later
#include "ioc.h"

#include "event.h"
#include "ioc_rules.h"
#include "ioc_scan.h"

/* Slots of the table that tells what was seen; twice what it may hold. */
#define SEEN_SLOTS (2 * IOC_EVENT_MAX)

const char *ioc_type_name(enum ioc_type type)
{
	static const char *const names[IOC_N_TYPES] = {
#define X(upper, lower) [IOC_##upper] = #lower,
		IOC_TYPES(X)
#undef X
	};

	return type < IOC_N_TYPES ? names[type] : "";
}

void ioc_scan(
	struct bytes text, const struct ioc_conf *cf, ioc_take *take, void *arg)
{
	struct suffixes suffixes;
	struct scan s = { .text = text,
		.types = cf->types,
		.suffixes = &suffixes,
		.take = take,
		.arg = arg };

	suffixes.is_ready = false;
	if (text.len)
		scan_run(&s);
}

struct gather {
	struct event *ev;
	struct ioc_rules *rules;
	size_t arg, layer; /* what is being scanned */
	bool has_seen; /* the table is in use */
	uint16_t seen[SEEN_SLOTS]; /* number of the indicator, + 1 */
};

static size_t hash(unsigned int type, struct bytes value)
{
	uint32_t h = 2166136261u ^ type;

	for (size_t i = 0; i < value.len; i++)
		h = (h ^ (unsigned char)value.p[i]) * 16777619u;
	return (h ^ h >> 15) % SEEN_SLOTS;
}

/* The slot of the indicator: its own, or a free one. */
static uint16_t *slot_of(
	struct gather *g, unsigned int type, struct bytes value)
{
	size_t i = hash(type, value);

	if (!g->has_seen)
		memset(g->seen, 0, sizeof(g->seen));
	g->has_seen = true;
	while (g->seen[i]) {
		const struct event_ioc *old = &g->ev->iocs[g->seen[i] - 1];

		if (old->type == type && bytes_equal(old->value, value))
			break;
		i = (i + 1) % SEEN_SLOTS;
	}
	return &g->seen[i];
}

/* Doubles ev->iocs when it is full; its size is the next power of two. */
static struct event_ioc *add(struct event *ev)
{
	size_t n = ev->n_iocs;
	struct event_ioc *to;

	if (n == 0 || (n >= 4 && !(n & (n - 1)))) {
		to = event_alloc(ev, (n ? 2 * n : 4) * sizeof(*to));
		if (!to)
			return NULL;
		if (n)
			memcpy(to, ev->iocs, n * sizeof(*to));
		ev->iocs = to;
	}
	return &ev->iocs[n];
}

/* The indicator, new where it has to be. NULL: no memory. */
static struct event_ioc *note(struct gather *g, unsigned int type,
	struct bytes name, struct bytes value)
{
	struct event *ev = g->ev;
	uint16_t *slot = slot_of(g, type, value);
	struct event_ioc *to;

	if (*slot)
		return &ev->iocs[*slot - 1];
	to = add(ev);
	value = event_copy(ev, value);
	if (!to || !value.p)
		return NULL;
	*to = (struct event_ioc){ .type = type,
		.type_name = name,
		.value = value,
		.arg = g->arg,
		.layer = g->layer };
	ev->n_iocs++;
	*slot = (uint16_t)ev->n_iocs;
	return to;
}

static bool take(void *arg, enum ioc_type type, struct bytes value)
{
	struct gather *g = arg;

	return note(g, type, bytes_of(ioc_type_name(type)), value) &&
	       g->ev->n_iocs < IOC_EVENT_MAX;
}

static bool take_own(void *arg, const struct ioc_rule *rule, struct bytes value)
{
	struct gather *g = arg;
	struct bytes name = bytes_of(ioc_rules_type_name(g->rules, rule->type));
	struct event_ioc *to;

	if (rule->type >= IOC_N_TYPES)
		name = event_copy(g->ev, name);
	to = note(g, rule->type, name, value);
	if (!to)
		return false;
	if (to->severity < rule->severity)
		to->severity = rule->severity;
	if (to->weight < rule->weight)
		to->weight = rule->weight;
	return g->ev->n_iocs < IOC_EVENT_MAX;
}

static void run_own(struct gather *g)
{
	struct event *ev = g->ev;
	bool has_room = true;

	ioc_own_start(g->rules);
	g->layer = EVENT_IN_ARGV;
	for (g->arg = 0; g->arg < ev->argc && has_room; g->arg++)
		has_room =
			ioc_own_scan(g->rules, ev->argv[g->arg], take_own, g);
	for (g->layer = 0; g->layer < ev->n_layers && has_room; g->layer++) {
		g->arg = ev->layers[g->layer].arg;
		if (ev->layers[g->layer].is_text)
			has_room = ioc_own_scan(g->rules,
				ev->layers[g->layer].text, take_own, g);
	}
	ev->is_ioc_capped = g->rules->is_capped;
}

/* Whether a text shorter than any run has no trigger. */
static inline bool is_bare(struct bytes text)
{
	const char *p = text.p;
	block_halves h = { 0 };
	struct block_marks m, last;
	uint32_t a, b;

	if (text.len > BLOCK_LEN) {
		m = scan_marks(block_load(p));
		last = scan_marks(block_load(p + text.len - BLOCK_LEN));
		return !(m.lo | m.hi | last.lo | last.hi);
	}
	/* Bytes may come twice; the v of a CVE id stands among the first 8. */
	if (text.len >= 8) {
		memcpy(&h, p, 8);
		memcpy((char *)&h + 8, p + text.len - 8, 8);
	} else if (text.len >= 4) {
		memcpy(&a, p, 4);
		memcpy(&b, p + text.len - 4, 4);
		h[0] = (uint64_t)a << 32 | b;
	} else {
		/* The shortest indicator, ::1, takes more than one of them. */
		return text.len < 3 || (p[0] != ':' && p[1] != ':');
	}
	m = scan_marks((block)h);
	return !(m.lo | m.hi);
}

/* Scans one argument. */
static __attribute__((noinline)) void run_arg(struct scan *s, size_t arg)
{
	struct gather *g = s->arg;

	s->text = s->sense.argv[arg];
	s->floor = s->file = s->runs = s->paths = 0;
	s->sense.arg = g->arg = arg;
	s->sense.seen = s->sense.start = s->sense.word = s->sense.known = 0;
	scan_run(s);
}

static void run_layers(struct scan *s, struct event *ev)
{
	struct gather *g = s->arg;

	for (size_t i = 0; i < ev->n_layers && !s->is_full; i++) {
		struct scan layer = { .text = ev->layers[i].text,
			.types = s->types,
			.suffixes = s->suffixes,
			.take = take,
			.arg = g };

		if (!ev->layers[i].is_text || !layer.text.len)
			continue;
		g->arg = ev->layers[i].arg;
		g->layer = i;
		scan_run(&layer);
		s->is_full = layer.is_full;
	}
}

void ioc_run(struct event *ev, const struct ioc_conf *cf)
{
	bool has_paths = cf->types & 1u << IOC_LINUX_PATH;
	struct suffixes suffixes;
	struct gather g;
	struct scan s = { .types = cf->types,
		.suffixes = &suffixes,
		.take = take,
		.arg = &g,
		.sense = { .argv = ev->argv, .argc = ev->argc } };

	g.ev = ev;
	g.rules = cf->rules;
	g.has_seen = false;
	if (g.rules && g.rules->n_rules)
		run_own(&g);
	s.is_full = ev->n_iocs >= IOC_EVENT_MAX;
	g.layer = EVENT_IN_ARGV;
	suffixes.is_ready = false;
	for (size_t i = 0; i < ev->argc && !s.is_full; i++) {
		struct bytes text = ev->argv[i];

		if (has_paths ? text.len > 1
			      : text.len >= SCAN_RUN_MIN || !is_bare(text))
			run_arg(&s, i);
	}
	run_layers(&s, ev);
}
