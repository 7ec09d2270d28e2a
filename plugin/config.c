// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "config_line.h"
#include "rowfile.h"
#include "text.h"

enum type {
	TYPE_UINT,
	TYPE_SIZE,
	TYPE_NUM,
	TYPE_CHOICE,
	TYPE_PATH,
	TYPE_NAME,
	TYPE_NAMES
};

struct option {
	const char *name;
	enum type type;
	size_t at;
	const char *fallback, *least, *most;
};

static const struct option options[] = {
#define OPTION(name, type, member, fallback, least, most, help)                \
	{ name, TYPE_##type, offsetof(struct config, member), fallback, least, \
		most },
#include "options.def"
#undef OPTION
};

#define N_OPTIONS (sizeof(options) / sizeof(options[0]))

/* "20", "64K", "8M", "1G" */
static int parse_size(struct bytes v, uint64_t *n)
{
	static const char suffixes[] = "KMG";
	const char *s = v.len ? strchr(suffixes, v.p[v.len - 1]) : NULL;
	unsigned int shift = 0;

	if (s && *s) {
		shift = 10 * (unsigned int)(s - suffixes + 1);
		v.len--;
	}
	if (text_u64(v, 10, n) < 0 || *n > UINT64_MAX >> shift)
		return -1;
	*n <<= shift;
	return 0;
}

static int parse_num(struct bytes v, double *n)
{
	char z[32], *end;

	if (!v.len || v.len >= sizeof(z))
		return -1;
	memcpy(z, v.p, v.len);
	z[v.len] = '\0';
	if (strspn(z, "0123456789.") != v.len)
		return -1;
	*n = strtod(z, &end);
	return *end ? -1 : 0;
}

/* The index of v among "a|b|c", -1 if it is none. */
static int parse_choice(struct bytes v, const char *choices)
{
	struct bytes rest = bytes_of(choices);

	for (int i = 0;; i++) {
		const char *bar = memchr(rest.p, '|', rest.len);
		struct bytes one = { rest.p,
			bar ? (size_t)(bar - rest.p) : rest.len };

		if (bytes_equal(one, v))
			return i;
		if (!bar)
			return -1;
		rest.p = bar + 1;
		rest.len -= one.len + 1;
	}
}

/* Checks and stores; -1 leaves the config alone and says why. */
static int set_number(struct config *cf, const struct option *o, struct bytes v,
	struct str *why)
{
	char *to = (char *)cf + o->at;
	double num, least_num = 0, most_num = 0;
	uint64_t n, least = 0, most = 0;

	if (o->type == TYPE_NUM) {
		(void)!parse_num(bytes_of(o->least), &least_num);
		(void)!parse_num(bytes_of(o->most), &most_num);
		if (parse_num(v, &num) < 0 || num < least_num || num > most_num)
			goto bad;
		memcpy(to, &num, sizeof(num));
		return 0;
	}
	(void)!parse_size(bytes_of(o->least), &least);
	(void)!parse_size(bytes_of(o->most), &most);
	if (parse_size(v, &n) < 0 || n < least || n > most)
		goto bad;
	if (o->type == TYPE_SIZE)
		*(size_t *)(void *)to = (size_t)n;
	else
		*(unsigned int *)(void *)to = (unsigned int)n;
	return 0;
bad:
	str_addf(why, "%s takes a number from %s to %s, not '%.*s'", o->name,
		o->least, o->most, (int)(v.len < 64 ? v.len : 64), v.p);
	return -1;
}

static int set_choice(struct config *cf, const struct option *o, struct bytes v,
	struct str *why)
{
	int i = parse_choice(v, o->least);

	if (i < 0) {
		str_addf(why, "%s takes one of %s, not '%.*s'", o->name,
			o->least, (int)(v.len < 64 ? v.len : 64), v.p);
		return -1;
	}
	*(unsigned int *)(void *)((char *)cf + o->at) = (unsigned int)i;
	return 0;
}

static int set_path(struct config *cf, const struct option *o, struct bytes v,
	struct str *why)
{
	char *to = (char *)cf + o->at;

	for (size_t i = 0; i < v.len; i++) {
		if (v.p[i] >= 0x20 && v.p[i] != 0x7f && v.len < CONFIG_PATH_MAX)
			continue;
		str_addf(why, "%s takes a %s of at most %d bytes", o->name,
			o->type == TYPE_PATH ? "path" : "name",
			CONFIG_PATH_MAX - 1);
		return -1;
	}
	memcpy(to, v.p, v.len);
	to[v.len] = '\0';
	return 0;
}

/* "basic,other": small letters, digits, - _ . */
static int set_names(struct config *cf, const struct option *o, struct bytes v,
	struct str *why)
{
	char *to = (char *)cf + o->at;
	bool is_good = v.len < CONFIG_PATH_MAX && v.p[0] != ',';

	for (size_t i = 0; i < v.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.,",
			    v.p[i]) ||
			!v.p[i] ||
			(v.p[i] == ',' &&
				(i + 1 == v.len || v.p[i + 1] == ',')))
			is_good = false;
	if (!is_good) {
		str_addf(why,
			"%s takes names separated by commas, at most %d bytes, "
			"not '%.*s'",
			o->name, CONFIG_PATH_MAX - 1,
			(int)(v.len < 64 ? v.len : 64), v.p);
		return -1;
	}
	memcpy(to, v.p, v.len);
	to[v.len] = '\0';
	return 0;
}

static const struct option *find(struct bytes name)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (bytes_equal(bytes_of(options[i].name), name))
			return &options[i];
	return NULL;
}

static int set(struct config *cf, struct bytes name, struct bytes v,
	bool *is_first_output, struct str *why)
{
	const struct option *o = find(name);

	if (config_line_is(name))
		return config_line_set(cf, name, v, is_first_output, why);
	if (o && o->type == TYPE_CHOICE)
		return set_choice(cf, o, v, why);
	if (o && (o->type == TYPE_PATH || o->type == TYPE_NAME))
		return set_path(cf, o, v, why);
	if (o && o->type == TYPE_NAMES)
		return set_names(cf, o, v, why);
	if (o)
		return set_number(cf, o, v, why);
	str_addf(why, "no option '%.*s'; there are: " CONFIG_LINES,
		(int)(name.len < 64 ? name.len : 64), name.p);
	for (size_t i = 0; i < N_OPTIONS; i++)
		str_addf(why, ", %s", options[i].name);
	return -1;
}

/* -1: it is no NAME = VALUE. */
static int split(struct bytes line, struct bytes *name, struct bytes *v)
{
	const char *eq = memchr(line.p, '=', line.len);

	if (!eq)
		return -1;
	*name = text_trim((struct bytes){ line.p, (size_t)(eq - line.p) });
	*v = text_trim(
		(struct bytes){ eq + 1, line.len - (size_t)(eq - line.p) - 1 });
	return name->len && v->len ? 0 : -1;
}

int config_check(const struct config *cf, const char *what, struct str *why)
{
	const struct score_conf *s = &cf->score;
	size_t before = why->len;

	if (cf->decode.layer_max > cf->decode.event_max)
		str_addf(why, "%s: decode.layer_max is over decode.event_max\n",
			what);
	if (cf->spool_max && cf->spool_max < CONFIG_SPOOL_MIN)
		str_addf(why, "%s: spool_max is under 1M, yet not 0\n", what);
	if (cf->spool_dir[0] != '/')
		str_addf(why, "%s: spool_dir is no absolute path\n", what);
	if (cf->feed_dir[0] != '/')
		str_addf(why, "%s: feed.dir is no absolute path\n", what);
	if (s->notice > s->warning || s->warning > s->err || s->err > s->crit)
		str_addf(
			why, "%s: the severity.* scores do not ascend\n", what);
	return why->len == before ? 0 : -1;
}

struct reader {
	struct config *cf;
	const char *file;
	unsigned int line;
	bool is_first_output;
	unsigned int seen[N_OPTIONS]; /* line of the first mention */
	struct str *why;
};

static bool is_given_twice(struct reader *r, struct bytes name)
{
	const struct option *o = find(name);
	unsigned int *seen = o ? &r->seen[o - options] : NULL;

	if (!seen)
		return false;
	if (*seen) {
		str_addf(r->why, "%s:%u: %s was already set in line %u\n",
			r->file, r->line, o->name, *seen);
		return true;
	}
	*seen = r->line;
	return false;
}

static void read_line(struct reader *r, struct bytes line)
{
	struct bytes name, v;
	struct str what;

	line = text_trim(line);
	if (!line.len || line.p[0] == '#')
		return;
	if (memchr(line.p, '\0', line.len) || split(line, &name, &v) < 0) {
		str_addf(r->why, "%s:%u: not NAME = VALUE\n", r->file, r->line);
		return;
	}
	if (is_given_twice(r, name))
		return;
	str_init(&what, 2048);
	if (set(r->cf, name, v, &r->is_first_output, &what) < 0)
		str_addf(r->why, "%s:%u: %s\n", r->file, r->line, str_z(&what));
	str_fini(&what);
}

int config_load(
	struct config *cf, const char *file, bool is_optional, struct str *why)
{
	struct reader r = {
		.cf = cf, .file = file, .is_first_output = true, .why = why
	};
	size_t before = why->len;
	struct bytes rest;
	struct str text;

	config_init(cf);
	if (is_optional && access(file, F_OK) < 0 && errno == ENOENT)
		return 0;
	str_init(&text, CONFIG_FILE_MAX + ROWFILE_GROWTH);
	if (rowfile_slurp(file, CONFIG_FILE_MAX, &text, why) < 0) {
		str_fini(&text);
		return -1;
	}
	rest = str_bytes(&text);
	while (rest.len) {
		const char *nl = memchr(rest.p, '\n', rest.len);
		size_t len = nl ? (size_t)(nl - rest.p) : rest.len;

		r.line++;
		read_line(&r, (struct bytes){ rest.p, len });
		rest.p += len + (nl ? 1 : 0);
		rest.len -= len + (nl ? 1 : 0);
	}
	str_fini(&text);
	return why->len == before ? 0 : -1;
}

int config_set(struct config *cf, const char *assignment, bool *is_first_output,
	struct str *why)
{
	size_t before = why->len;
	struct bytes name, v;

	str_addf(why, "-o %s: ", assignment);
	if (split(bytes_of(assignment), &name, &v) < 0) {
		str_addz(why, "not NAME=VALUE\n");
		return -1;
	}
	if (set(cf, name, v, is_first_output, why) < 0) {
		str_addc(why, '\n');
		return -1;
	}
	why->len = before;
	return 0;
}

void config_init(struct config *cf)
{
	struct str why;
	bool is_first = true;

	*cf = (struct config){ 0 };
	str_init(&why, 1024);
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (set(cf, bytes_of(options[i].name),
			    bytes_of(options[i].fallback), &is_first, &why) < 0)
			abort(); /* options.def contradicts itself */
	if (set(cf, BYTES("output"), BYTES(CONFIG_OUTPUT), &is_first, &why) < 0)
		abort();
	str_fini(&why);
}

static void print_size(struct str *out, size_t v)
{
	if (v && v % (1 << 20) == 0)
		str_addf(out, "%zuM", v >> 20);
	else if (v && v % (1 << 10) == 0)
		str_addf(out, "%zuK", v >> 10);
	else
		str_addf(out, "%zu", v);
}

static void print_choice(struct str *out, const char *choices, unsigned int i)
{
	while (i--)
		choices = strchr(choices, '|') + 1;
	str_add(out, choices, strcspn(choices, "|"));
}

void config_print(const struct config *cf, struct str *out)
{
	config_line_print(cf, out);
	for (size_t i = 0; i < N_OPTIONS; i++) {
		const struct option *o = &options[i];
		const char *from = (const char *)cf + o->at;
		double num;

		str_addf(out, "%s = ", o->name);
		switch (o->type) {
		case TYPE_NUM:
			memcpy(&num, from, sizeof(num));
			str_add_plain(out, num);
			break;
		case TYPE_SIZE:
			print_size(out, *(const size_t *)(const void *)from);
			break;
		case TYPE_UINT:
			str_addu(
				out, *(const unsigned int *)(const void *)from);
			break;
		case TYPE_PATH:
		case TYPE_NAME:
		case TYPE_NAMES:
			str_addz(out, from);
			break;
		case TYPE_CHOICE:
			print_choice(out, o->least,
				*(const unsigned int *)(const void *)from);
			break;
		}
		str_addc(out, '\n');
	}
}

double config_min_score(const struct config *cf, const struct output_conf *o)
{
	return o->has_min_score ? o->min_score : cf->min_score;
}
