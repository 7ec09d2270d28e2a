// SPDX-License-Identifier: GPL-3.0-or-later
#include "gtfobins.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdlib.h>

/* As classification takes them. */
#define NAME_LEN_MAX  64
#define FUNCTIONS_MAX 32
/* The site has 478. */
#define PROGRAMS_MAX 4096
/* An alias of an alias of... The site has three in a row. */
#define ALIASES_MAX 8

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define ALNUM LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

struct reading {
	const char *functions[FUNCTIONS_MAX];
	size_t n_functions;
	const cJSON *executables;
	const cJSON *program; /* the one that is read */
	struct str *why;
};

static const struct {
	const char *name;
	char letter;
} contexts[] = {
	{ "unprivileged", 'u' },
	{ "sudo", 's' },
	{ "suid", 'i' },
	{ "capabilities", 'c' },
};

#define N_CONTEXTS (sizeof(contexts) / sizeof(contexts[0]))
/* Those of a function that may be had anyhow: none need be told. */
#define CONTEXTS_ALL 7u

__attribute__((format(printf, 2, 3))) static int fault(
	struct reading *r, const char *fmt, ...)
{
	va_list ap;

	if (r->program)
		str_addf(r->why, "program '%.64s': ", r->program->string);
	va_start(ap, fmt);
	str_vaddf(r->why, fmt, ap);
	va_end(ap);
	return -1;
}

static bool is_name(const char *name, const char *allowed)
{
	size_t len = strlen(name);

	return len && len <= NAME_LEN_MAX && strspn(name, allowed) == len;
}

static int read_functions(struct reading *r, const cJSON *root)
{
	const cJSON *all = cJSON_GetObjectItemCaseSensitive(root, "functions");
	const cJSON *item;

	if (!cJSON_IsObject(all) || !all->child)
		return fault(r, "no object \"functions\" with anything in it");
	cJSON_ArrayForEach(item, all)
	{
		if (!is_name(item->string, LOWER "-"))
			return fault(r, "'%.64s' is no function: a-z and -",
				item->string);
		if (r->n_functions == FUNCTIONS_MAX)
			return fault(
				r, "more than %d functions", FUNCTIONS_MAX);
		r->functions[r->n_functions++] = item->string;
	}
	return 0;
}

/* The program whose functions it has; NULL: a fault. */
static const cJSON *behind_aliases(struct reading *r, const cJSON *program)
{
	for (int i = 0; i < ALIASES_MAX; i++) {
		const cJSON *alias =
			cJSON_GetObjectItemCaseSensitive(program, "alias");

		if (!alias)
			return program;
		if (!cJSON_IsString(alias)) {
			fault(r, "its alias is no text");
			return NULL;
		}
		program = cJSON_GetObjectItemCaseSensitive(
			r->executables, alias->valuestring);
		if (!program) {
			fault(r, "no program '%.64s' that it would stand for",
				alias->valuestring);
			return NULL;
		}
	}
	fault(r, "aliases in a circle");
	return NULL;
}

static int add_context(
	struct reading *r, const cJSON *context, unsigned int *mask)
{
	for (size_t i = 0; i < N_CONTEXTS; i++) {
		if (strcmp(contexts[i].name, context->string))
			continue;
		*mask |= 1u << i;
		return 0;
	}
	return fault(r,
		"no context '%.64s'; there are: unprivileged, sudo, suid, "
		"capabilities",
		context->string);
}

/* What any of the examples needs. */
static int read_contexts(
	struct reading *r, const cJSON *function, unsigned int *mask)
{
	const cJSON *example, *all, *context;

	if (!cJSON_IsArray(function) || !function->child)
		return fault(r, "%.64s has no examples", function->string);
	cJSON_ArrayForEach(example, function)
	{
		all = cJSON_GetObjectItemCaseSensitive(example, "contexts");
		if (!cJSON_IsObject(all) || !all->child)
			return fault(r, "%.64s: an example without contexts",
				function->string);
		cJSON_ArrayForEach(context, all)
		{
			if (add_context(r, context, mask) < 0)
				return -1;
		}
	}
	return 0;
}

static int read_masks(
	struct reading *r, const cJSON *functions, unsigned int *masks)
{
	const cJSON *function;

	if (!cJSON_IsObject(functions) || !functions->child)
		return fault(r, "neither functions nor an alias");
	cJSON_ArrayForEach(function, functions)
	{
		size_t i = 0;

		while (i < r->n_functions &&
			strcmp(r->functions[i], function->string))
			i++;
		if (i == r->n_functions)
			return fault(r, "'%.64s' is not among the functions",
				function->string);
		if (read_contexts(r, function, &masks[i]) < 0)
			return -1;
	}
	return 0;
}

static int add_row(struct reading *r, struct str *rows)
{
	unsigned int masks[FUNCTIONS_MAX] = { 0 };
	const cJSON *target;
	char between = '\t';

	if (!is_name(r->program->string, ALNUM "._+-"))
		return fault(r,
			"its name is not 1 to %d of A-Z, a-z, 0-9, . _ + -",
			NAME_LEN_MAX);
	target = behind_aliases(r, r->program);
	if (!target ||
		read_masks(r,
			cJSON_GetObjectItemCaseSensitive(target, "functions"),
			masks) < 0)
		return -1;
	str_addz(rows, r->program->string);
	for (size_t i = 0; i < r->n_functions; i++) {
		if (!masks[i])
			continue;
		str_addf(rows, "%c%s", between, r->functions[i]);
		between = ',';
		if ((masks[i] & CONTEXTS_ALL) == CONTEXTS_ALL)
			continue;
		str_addc(rows, ':');
		for (size_t k = 0; k < N_CONTEXTS; k++)
			if (masks[i] & 1u << k)
				str_addc(rows, contexts[k].letter);
	}
	str_addc(rows, '\n');
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const cJSON *x, *y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return strcmp(x->string, y->string);
}

static int add_rows(struct reading *r, struct str *rows)
{
	size_t n = (size_t)cJSON_GetArraySize(r->executables), i = 0;
	const cJSON **sorted = calloc(n ? n : 1, sizeof(*sorted));
	const cJSON *item;
	int rc = 0;

	if (!sorted)
		return fault(r, "out of memory");
	cJSON_ArrayForEach(item, r->executables) sorted[i++] = item;
	qsort(sorted, n, sizeof(*sorted), by_name);
	for (i = 0; i < n && rc == 0; i++) {
		r->program = sorted[i];
		if (i && !strcmp(sorted[i - 1]->string, sorted[i]->string))
			rc = fault(r, "is there twice");
		else
			rc = add_row(r, rows);
	}
	free(sorted);
	return rc;
}

static int read_root(struct reading *r, const cJSON *root)
{
	r->executables = cJSON_GetObjectItemCaseSensitive(root, "executables");
	if (!cJSON_IsObject(root))
		return fault(r, "not a JSON object");
	if (!cJSON_IsObject(r->executables) || !r->executables->child)
		return fault(
			r, "no object \"executables\" with anything in it");
	if (cJSON_GetArraySize(r->executables) > PROGRAMS_MAX)
		return fault(r, "more than %d programs", PROGRAMS_MAX);
	return read_functions(r, root);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int gtfobins_rows(struct bytes json, struct str *rows, struct str *why)
{
	struct reading r = { .why = why };
	const char *end = NULL;
	cJSON *root = cJSON_ParseWithLengthOpts(json.p, json.len, &end, 0);
	int rc = read_root(&r, root);

	while (rc == 0 && end < json.p + json.len && is_space(*end))
		end++;
	if (rc == 0 && end < json.p + json.len)
		rc = fault(&r, "something follows the JSON object");
	if (rc == 0)
		rc = add_rows(&r, rows);
	if (rc == 0 && !str_ok(rows)) {
		r.program = NULL;
		rc = fault(&r, "more than a file of rows may hold");
	}
	cJSON_Delete(root);
	return rc;
}
