// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell_state.h"
#include "text.h"

/* Of ${NAME...} that stays as it stands: one in another would add up. */
#define WRITTEN_MAX 128

size_t shell_name_len(struct bytes b)
{
	if (b.len && b.p[0] >= '0' && b.p[0] <= '9')
		return 0;
	return text_name_len(b);
}

bool shell_is_bare(struct bytes text)
{
	bool is_braced;
	struct bytes name;

	if (text.len < 2 || text.p[0] != '$')
		return false;
	is_braced = text.p[1] == '{';
	name.p = text.p + 1 + is_braced;
	name.len = text.len - 1 - is_braced;
	return shell_name_len(name) + is_braced == name.len ||
	       (is_braced && !memchr(name.p, '$', name.len) &&
		       (const char *)memchr(name.p, '}', name.len) ==
			       name.p + name.len - 1);
}

static void set_ifs(struct shell *sh, struct bytes b)
{
	memset(sh->is_ifs, 0, sizeof(sh->is_ifs));
	for (size_t i = 0; i < b.len; i++)
		sh->is_ifs[(unsigned char)b.p[i]] = true;
}

void shell_var_reset(struct shell *sh)
{
	sh->n_vars = 0;
	set_ifs(sh, BYTES(" \t\n"));
}

static int compare(struct bytes a, struct bytes b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len ? memcmp(a.p, b.p, a.len) : 0;
}

/* Its place in the order, or where it would be. */
static size_t place(const struct shell *sh, struct bytes name, bool *is_there)
{
	size_t from = 0, to = sh->n_vars;

	*is_there = false;
	while (from < to && !*is_there) {
		size_t mid = (from + to) / 2;
		int c = compare(name, sh->vars[sh->order[mid]].name);

		*is_there = c == 0;
		if (c == 0)
			from = mid;
		else if (c < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return from;
}

const struct var *shell_var_find(const struct shell *sh, struct bytes name)
{
	bool is_there;
	size_t i = place(sh, name, &is_there);

	return is_there ? &sh->vars[sh->order[i]] : NULL;
}

void shell_var_set(struct shell *sh, const struct var *var)
{
	bool is_there;
	size_t i = place(sh, var->name, &is_there);

	if (!is_there && sh->n_vars == VARS_MAX) {
		sh->is_cut = true;
		return;
	}
	if (!is_there) {
		memmove(sh->order + i + 1, sh->order + i,
			(sh->n_vars - i) * sizeof(sh->order[0]));
		sh->order[i] = (uint16_t)sh->n_vars++;
	}
	sh->vars[sh->order[i]] = *var;
	if (bytes_equal(var->name, BYTES("IFS")) && var->is_known)
		set_ifs(sh, var->value);
}

/* PATH, HOME, XDG_CONFIG_HOME: set by others, as a rule. */
static bool is_env(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] >= 'a' && name.p[i] <= 'z')
			return false;
	return name.len > 1 && shell_name_len(name) == name.len;
}

/* A blank between words: a${IFS}b. */
static void add_ifs(struct shell *sh)
{
	const struct frame *f = top_frame(sh);
	struct draft *d = draft_of(sh);

	d->is_expanded = true;
	if (is_list(f) && !f->redirect && !(d->is_open && d->name_len))
		shell_end(sh);
	else
		shell_add(sh, " ", 1);
}

void shell_var_expand(struct shell *sh, struct bytes name, struct bytes written)
{
	const struct var *v = shell_var_find(sh, name);
	struct draft *d = draft_of(sh);

	if (v && v->is_known) {
		shell_add_value(sh,
			v->is_array ? shell_element(v->value, 0) : v->value);
		return;
	}
	if (!v && bytes_equal(name, BYTES("IFS"))) {
		add_ifs(sh);
		return;
	}
	shell_open(sh);
	d->is_opaque = d->is_expanded = true;
	if (v)
		d->source = v->source;
	else if (is_env(name) && written.len <= WRITTEN_MAX)
		shell_add(sh, written.p, written.len);
}

/* A number, or a name that has one as its value; one + or - behind it, too. */
static bool number(const struct shell *sh, struct bytes b, int64_t *n)
{
	size_t len = shell_name_len(b);
	const struct var *v;
	int64_t more;

	while (b.len && b.p[0] == ' ')
		b.p++, b.len--;
	while (b.len && b.p[b.len - 1] == ' ')
		b.len--;
	if (!len)
		return text_i64(b, n) == 0;
	v = shell_var_find(sh, (struct bytes){ b.p, len });
	if (!v || !v->is_known || text_i64(v->value, n) < 0 || *n > INT32_MAX ||
		*n < INT32_MIN)
		return false;
	b.p += len;
	b.len -= len;
	if (!b.len)
		return true;
	if ((b.p[0] != '+' && b.p[0] != '-') ||
		text_i64((struct bytes){ b.p + 1, b.len - 1 }, &more) < 0 ||
		more > INT32_MAX || more < 0)
		return false;
	*n += b.p[0] == '+' ? more : -more;
	return true;
}

/* OFFSET or OFFSET:LENGTH. */
static bool slice(
	const struct shell *sh, struct bytes *value, struct bytes spec)
{
	const char *colon = spec.len ? memchr(spec.p, ':', spec.len) : NULL;
	struct bytes first = spec;
	int64_t at, len = (int64_t)value->len;

	while (first.len && first.p[0] == ' ') {
		first.p++;
		first.len--;
	}
	if (colon) {
		struct bytes last = { colon + 1,
			(size_t)(spec.p + spec.len - colon) - 1 };

		first.len = (size_t)(colon - first.p);
		if (!number(sh, last, &len))
			return false;
	}
	if (!number(sh, first, &at))
		return false;
	if (at < 0)
		at += (int64_t)value->len;
	if (at < 0 || at > (int64_t)value->len)
		at = (int64_t)value->len;
	value->p += at;
	value->len -= (size_t)at;
	if (len < 0)
		len += (int64_t)value->len;
	if (len < 0)
		len = 0;
	if ((uint64_t)len < value->len)
		value->len = (size_t)len;
	return true;
}

bool shell_is_directory(struct bytes name)
{
	return bytes_equal(name, BYTES("HOME")) ||
	       bytes_equal(name, BYTES("PATH")) ||
	       bytes_equal(name, BYTES("PWD")) ||
	       bytes_equal(name, BYTES("OLDPWD")) ||
	       bytes_equal(name, BYTES("SHELL"));
}

/* What ${NAME...} gives where that is known without NAME's value. False:
 * it is as $NAME. */
static bool use_text(struct shell *sh, const struct frame *f,
	const struct var *v, struct bytes text)
{
	bool is_set = v && (!f->has_colon || !v->is_known || v->value.len);

	switch (f->op) {
	case '=':
	case '-':
		if (is_set)
			return false;
		shell_add_value(sh, text);
		if (f->op == '=')
			shell_var_set(sh, &(struct var){ .name = f->name,
						  .value = shell_keep(sh, text),
						  .is_known = true,
						  .source = NONE });
		return true;
	case '+':
		if (is_set)
			shell_add_value(sh, text);
		return true;
	case ':':
		if (v || !shell_is_directory(f->name) ||
			!bytes_equal(text, BYTES("0:1")))
			return false;
		shell_add_value(sh, BYTES("/"));
		return true;
	default:
		return false;
	}
}

static void replace(struct shell *sh, const struct frame *f)
{
	const struct var *v = shell_var_find(sh, f->name);
	size_t end = sh->pos < sh->limit ? sh->pos + 1 : sh->limit;
	struct bytes written = { sh->source.p + f->at, end - f->at }, text;

	/* Adding what follows moves build. */
	str_reset(&sh->spare);
	if (f->op)
		str_addb(&sh->spare, str_tail(&sh->build, f->from));
	text = str_bytes(&sh->spare);
	sh->build.len = f->from;
	sh->token = f->at;
	if (use_text(sh, f, v, text))
		return;
	if (v && v->is_known && shell_param(sh, v, f->op, text))
		return;
	if (f->op == ':' && v && v->is_known) {
		struct bytes value =
			v->is_array ? shell_element(v->value, 0) : v->value;

		if (slice(sh, &value, text)) {
			shell_add_value(sh, value);
			return;
		}
	}
	if (v && v->is_known && (!f->op || !memchr("-=+?", f->op, 4))) {
		shell_open(sh);
		draft_of(sh)->is_opaque = draft_of(sh)->is_expanded = true;
		return;
	}
	shell_var_expand(sh, f->name, written);
}

void shell_var_close(struct shell *sh, const struct frame *f)
{
	const struct draft *d = draft_of(sh);

	replace(sh, f);
	/* Nothing, outside of quotes, is no word. */
	if (f->is_first && d->is_open && sh->build.len == d->from &&
		!d->is_opaque && !d->is_quoted)
		draft_of(sh)->is_open = false;
}
