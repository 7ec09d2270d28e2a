// SPDX-License-Identifier: GPL-3.0-or-later
#include "ioc_rules.h"

#include <stdlib.h>

#include "intel_severity.h"
#include "rowline.h"

#define TYPE_LEN_MAX 32

struct ioc_rules *ioc_rules_new(void)
{
	struct ioc_rules *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->find = finder_new(true);
	r->matcher = pattern_matcher_new();
	if (r->find && r->matcher)
		return r;
	ioc_rules_free(r);
	return NULL;
}

void ioc_rules_free(struct ioc_rules *r)
{
	if (!r)
		return;
	for (unsigned int i = 0; i < r->n_rules; i++)
		pattern_free(r->rules[i].code);
	for (unsigned int i = 0; i < r->n_types; i++)
		free(r->types[i]);
	finder_free(r->find);
	pattern_matcher_free(r->matcher);
	free(r);
}

const char *ioc_rules_type_name(const struct ioc_rules *r, unsigned int type)
{
	return type < IOC_N_TYPES ? ioc_type_name((enum ioc_type)type)
				  : r->types[type - IOC_N_TYPES];
}

static int add_type(struct ioc_rules *r, struct rowline *l, unsigned int *type)
{
	const char *name = str_z(&l->token);

	for (*type = 0; *type < IOC_N_TYPES + r->n_types; ++*type)
		if (!strcmp(ioc_rules_type_name(r, *type), name))
			return 0;
	r->types[r->n_types] = strdup(name);
	if (!r->types[r->n_types])
		return rowline_full(l);
	r->n_types++;
	return 0;
}

static int take_type(struct ioc_rules *r, struct rowline *l, unsigned int *type)
{
	int rc = rowline_next(l);
	const char *name = str_z(&l->token);
	size_t len = strlen(name);

	if (rc < 0)
		return -1;
	if (len > 0 && len <= TYPE_LEN_MAX &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len)
		return add_type(r, l, type);
	str_addf(l->why,
		"a type has to follow, 1 to %d of a-z, 0-9, _ and -, "
		"not '%.64s'",
		TYPE_LEN_MAX, name);
	return -1;
}

static int set_severity(struct rowline *l, struct bytes v, unsigned int *to)
{
	int severity = intel_severity(v);

	if (severity < 0) {
		str_addf(l->why,
			"no severity '%.*s'; there are: unknown, information, "
			"low, medium, high",
			rowline_shown(v), v.p);
		return -1;
	}
	*to = (unsigned int)severity;
	return 0;
}

static bool is_before(const struct rowline *l, const char *option)
{
	size_t len = strlen(option);

	return l->rest.len >= len && !memcmp(l->rest.p, option, len);
}

/* Up to the pattern, which may look like anything. */
static int take_options(struct rowline *l, struct ioc_rule *rule)
{
	struct bytes v;

	for (;;) {
		rowline_skip_blanks(l);
		if (!is_before(l, "severity=") && !is_before(l, "weight="))
			return 0;
		if (rowline_next(l) < 0)
			return -1;
		if (rowline_has_value(l, "severity", &v)) {
			if (set_severity(l, v, &rule->severity) < 0)
				return -1;
		} else if (rowline_has_value(l, "weight", &v) &&
			   rowline_weight(l, v, &rule->weight) < 0) {
			return -1;
		}
	}
}

/* ioc TYPE [severity=NAME] [weight=N] REGEX */
static int take_ioc(struct ioc_rules *r, struct rowline *l)
{
	struct ioc_rule *rule = &r->rules[r->n_rules];
	struct bytes literal;

	if (r->n_rules == IOC_RULES_MAX) {
		str_addf(l->why, "more than %d rows", IOC_RULES_MAX);
		return -1;
	}
	*rule = (struct ioc_rule){ .severity = INTEL_NOT_ASKED };
	if (take_type(r, l, &rule->type) < 0 || take_options(l, rule) < 0)
		return -1;
	if (!l->rest.len) {
		str_addz(l->why, "a pattern has to follow");
		return -1;
	}
	rule->code = pattern_new(l->rest, l->why);
	if (!rule->code)
		return -1;
	literal = pattern_literal(rule->code);
	r->n_others += !literal.len;
	r->n_rules++;
	if (literal.len && finder_add(r->find, literal, r->n_rules - 1) < 0)
		return rowline_full(l);
	return 0;
}

int ioc_rules_line(struct ioc_rules *r, struct bytes line, struct str *why)
{
	struct rowline l;
	int rc = rowline_open_row(&l, line, "ioc", why);

	if (rc > 0)
		rc = take_ioc(r, &l);
	rowline_close(&l);
	return rc;
}

int ioc_rules_done(struct ioc_rules *r, struct str *why)
{
	if (finder_build(r->find) == 0)
		return 0;
	str_addz(why, "out of memory");
	return -1;
}
