// SPDX-License-Identifier: GPL-3.0-or-later
/* GTFOBins: a program a line, and what it can be made to do. */
#include "classify_rows.h"

#include <string.h>

#include "text.h"

#define LINE_LEN_MAX 8192
#define NAME_LEN_MAX 64

static struct bytes take_until(struct bytes *rest, char end)
{
	const char *at = rest->len ? memchr(rest->p, end, rest->len) : NULL;
	struct bytes b = { rest->p, at ? (size_t)(at - rest->p) : rest->len };

	*rest = at ? (struct bytes){ at + 1, rest->len - b.len - 1 }
		   : (struct bytes){ NULL, 0 };
	return b;
}

static bool is_label(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.p[i] != '-' && (b.p[i] < 'a' || b.p[i] > 'z'))
			return false;
	return b.len > 0 && b.len <= NAME_LEN_MAX;
}

/* The contexts that letters stand for; 0: one of them is none. */
static unsigned int contexts_of(struct bytes letters)
{
	unsigned int contexts = 1u << ROWS_CONTEXT_ANY;

	for (size_t i = 0; i < letters.len; i++) {
		switch (letters.p[i]) {
		case 'u':
			contexts |= 1u << ROWS_CONTEXT_UNPRIVILEGED;
			break;
		case 's':
			contexts |= 1u << ROWS_CONTEXT_SUDO;
			break;
		case 'i':
			contexts |= 1u << ROWS_CONTEXT_SUID;
			break;
		case 'c':
			/* Nobody can tell from a command line. */
			break;
		default:
			return 0;
		}
	}
	return letters.len ? contexts : 0;
}

#define ALL_CONTEXTS ((1u << ROWS_CONTEXTS) - 1)

/* FUNCTION or FUNCTION:usi */
static int take_function(struct classify_rules *r, struct rows_bin *bin,
	struct bytes one, struct str *why)
{
	struct bytes letters = one, label = take_until(&letters, ':');
	unsigned int contexts = letters.p ? contexts_of(letters) : ALL_CONTEXTS;
	uint32_t f;

	if (!is_label(label)) {
		str_addf(why, "'%.*s' is no function: a-z and - alone",
			(int)(label.len < 64 ? label.len : 64), label.p);
		return -1;
	}
	if (!contexts) {
		str_addz(why, "behind a : stand u (unprivileged), s (sudo), "
			      "i (set-uid), c (capabilities)");
		return -1;
	}
	f = rows_function(r, label);
	if (f == ROWS_NONE) {
		str_addf(why, "more than %d functions", ROWS_FUNCTIONS_MAX);
		return -1;
	}
	for (unsigned int i = 0; i < ROWS_CONTEXTS; i++)
		if (contexts & 1u << i)
			bin->mask[i] |= 1u << f;
	return 0;
}

/* The functions' names, by the order of the line. */
static int name_functions(
	struct classify_rules *r, struct rows_bin *bin, struct bytes functions)
{
	char text[ROWS_FUNCTIONS_MAX * (NAME_LEN_MAX + 1)];

	for (unsigned int i = 0; i < ROWS_CONTEXTS; i++) {
		struct bytes rest = functions;
		size_t len = 0;
		uint32_t done = 0;

		while (rest.p) {
			struct bytes one = take_until(&rest, ',');
			struct bytes name = take_until(&one, ':');
			uint32_t f = rows_function(r, name);

			if (!(bin->mask[i] & ~done & 1u << f))
				continue;
			done |= 1u << f;
			if (len)
				text[len++] = ',';
			memcpy(text + len, name.p, name.len);
			len += name.len;
		}
		bin->functions[i] = rows_keep(r, (struct bytes){ text, len });
		if (!bin->functions[i].p)
			return -1;
	}
	return 0;
}

static int add_bin(struct classify_rules *r, struct bytes name,
	struct bytes functions, struct str *why)
{
	struct rows_bin *bin = ROWS_ADD(r, bins);
	struct bytes rest = functions;

	if (!bin)
		goto full;
	while (rest.p)
		if (take_function(r, bin, take_until(&rest, ','), why) < 0)
			return -1;
	bin->name = rows_keep(r, name);
	if (bin->name.p && name_functions(r, bin, functions) == 0 &&
		finder_add(r->substrings, name,
			ROWS_ID(r->has_bins.n - 1, 1)) == 0)
		return 0;
full:
	str_addz(why, "out of memory, or more rows than there may be");
	return -1;
}

static int take_alias(struct classify_rules *r, struct rows_entry *e,
	struct bytes target, struct str *why)
{
	const struct rows_entry *to = rows_find(r, target);

	if (!to || to->bin == ROWS_NONE) {
		str_addf(why, "no program '%.*s' above this line",
			(int)(target.len < 64 ? target.len : 64), target.p);
		return -1;
	}
	if (e->bin != ROWS_NONE && e->bin != to->bin) {
		str_addf(why, "'%s' is a program of its own", e->word.p);
		return -1;
	}
	e->bin = to->bin;
	return 0;
}

int classify_rules_bin(
	struct classify_rules *r, struct bytes line, struct str *why)
{
	struct bytes functions, name;
	struct rows_entry *e;
	bool is_versioned;

	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	if (!line.len || line.p[0] == '#')
		return 0;
	if (text_readable(line.p, line.len) != line.len) {
		str_addz(why, "not UTF-8, or with control characters");
		return -1;
	}
	functions = line;
	name = take_until(&functions, '\t');
	is_versioned = name.len > 1 && name.p[name.len - 1] == '#';
	name.len -= is_versioned;
	if (!functions.len || functions.len > LINE_LEN_MAX || !name.len ||
		name.len > NAME_LEN_MAX ||
		text_printable(name.p, name.len) != name.len ||
		memchr(name.p, '/', name.len)) {
		str_addz(why, "not NAME, a tab, and FUNCTION,FUNCTION... or "
			      "=NAME");
		return -1;
	}
	e = rows_entry(r, name);
	if (!e) {
		str_addz(why, "out of memory, or more rows than there may be");
		return -1;
	}
	e->is_versioned |= is_versioned;
	if (functions.p[0] == '=')
		return take_alias(r, e,
			(struct bytes){ functions.p + 1, functions.len - 1 },
			why);
	if (e->bin != ROWS_NONE) {
		str_addf(why, "'%s' for the second time", e->word.p);
		return -1;
	}
	e->bin = r->has_bins.n;
	return add_bin(r, name, functions, why);
}
