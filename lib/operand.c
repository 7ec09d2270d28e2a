// SPDX-License-Identifier: GPL-3.0-or-later
#include "operand.h"

#include <ctype.h>

/* How far an operand may stand behind its command. */
#define LOOK_BACK 32
/* How far the functions around it are looked for, and what is behind it. */
#define LOOK_AROUND 160

struct bytes operand_lead(struct bytes text, size_t at)
{
	size_t from = at > LOOK_BACK ? at - LOOK_BACK : 0;
	struct bytes lead = { text.p + from, at - from };

	while (lead.len && memchr("\"'`\\ \t,\2", lead.p[lead.len - 1], 8))
		lead.len--;
	return lead;
}

bool operand_ends_with(struct bytes b, const struct bytes *tails, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (b.len >= tails[i].len && !memcmp(b.p + b.len - tails[i].len,
						     tails[i].p, tails[i].len))
			return true;
	return false;
}

bool operand_is_in_place(struct bytes text, size_t at)
{
	static const struct bytes leads[] = { BYTES("echo"), BYTES("echo -n"),
		BYTES("echo -e"), BYTES("echo -ne"), BYTES("echo -en"),
		BYTES("printf"), BYTES("%s"), BYTES("%b"), BYTES("%s\\n"),
		BYTES("<<<"), BYTES("("), BYTES("(b"), BYTES("Base64/"),
		BYTES("-enc"), BYTES("-ec"), BYTES("-EncodedCommand"),
		BYTES("=") };

	return operand_ends_with(operand_lead(text, at), leads,
		sizeof(leads) / sizeof(leads[0]));
}

bool operand_is_alone(struct bytes text, size_t at, size_t end)
{
	for (size_t i = end; i < text.len; i++)
		if (!memchr("\"' \t\r\n\2", text.p[i], 7))
			return false;
	return at <= LOOK_BACK && !operand_lead(text, at).len;
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_.:$[]", c));
}

static size_t skip(struct bytes text, size_t i, const char *set)
{
	while (i < text.len && text.p[i] && strchr(set, text.p[i]))
		i++;
	return i;
}

struct ops {
	struct bytes text;
	size_t left, right; /* what is between them has been read */
	size_t stop; /* where to look no further */
	struct operand_op *to;
	size_t n;
};

static void add(struct ops *o, size_t at, size_t end)
{
	if (o->n < OPERAND_OPS_MAX)
		o->to[o->n].args = (struct bytes){ "", 0 };
	if (o->n < OPERAND_OPS_MAX)
		o->to[o->n++].name = (struct bytes){ o->text.p + at, end - at };
}

/* :method( */
static bool is_lua_method(struct bytes t, size_t i)
{
	return t.p[i] == ':' && i + 1 < t.len &&
	       isalpha((unsigned char)t.p[i + 1]);
}

/* [::-1], .method and .method(...), as far as they go. */
static void add_methods(struct ops *o)
{
	struct bytes t = o->text;

	while (o->right < o->stop) {
		size_t i = skip(t, o->right, " \t"), at = i;

		if (i >= o->stop || (t.p[i] != '[' && t.p[i] != '.' &&
					    !is_lua_method(t, i)))
			return;
		if (t.p[i] == '[') {
			while (i < o->stop && t.p[i] != ']')
				i++;
		} else {
			for (i++;
				i < o->stop && isalnum((unsigned char)t.p[i]);)
				i++;
			if (i < o->stop && t.p[i] == '(')
				while (i < o->stop && t.p[i] != ')')
					i++;
			else
				i--;
		}
		if (i >= o->stop)
			return;
		add(o, at, i + 1);
		o->right = i + 1;
	}
}

/* The function whose parenthesis stands at left, and its arguments, which end
 * at right. As one run: from its name to the closing parenthesis. */
static bool add_call(struct ops *o)
{
	struct bytes t = o->text;
	size_t i = o->left, end = o->right, open;
	unsigned int depth = 0;

	/* PowerShell's (,x) is a list of one. */
	while (i && o->left - i < LOOK_AROUND &&
		(t.p[i - 1] == ' ' || t.p[i - 1] == ','))
		i--;
	if (!i || t.p[i - 1] != '(')
		return false;
	open = i;
	while (--i && o->left - i < LOOK_AROUND && is_name(t.p[i - 1]))
		;
	for (; end < o->stop && (depth || t.p[end] != ')'); end++) {
		if (t.p[end] == '(')
			depth++;
		else if (t.p[end] == ')')
			depth--;
		else if (t.p[end] == '|' || t.p[end] == ';')
			return false;
	}
	if (end >= o->stop)
		return false;
	if (o->n < OPERAND_OPS_MAX) {
		add(o, i, open);
		o->to[o->n - 1].args =
			(struct bytes){ t.p + o->right, end - o->right };
	}
	/* new, New-Object and the like, a minus of -join( */
	while (i && o->left - i < LOOK_AROUND &&
		(isalpha((unsigned char)t.p[i - 1]) || t.p[i - 1] == ' ' ||
			t.p[i - 1] == '-'))
		i--;
	o->left = i;
	o->right = end + 1;
	return true;
}

/* Perl's and Ruby's functions need no parentheses; of those, this one. */
static void add_word(struct ops *o)
{
	struct bytes t = o->text, word = BYTES("reverse");
	size_t i = o->left;

	while (i && t.p[i - 1] == ' ')
		i--;
	if (i == o->left || i < word.len + 1 || t.p[i - word.len - 1] == '-' ||
		memcmp(t.p + i - word.len, word.p, word.len) != 0)
		return;
	o->left = i - word.len;
	add(o, o->left, i);
	while (o->left && o->text.p[o->left - 1] != '(' &&
		(isalpha((unsigned char)t.p[o->left - 1]) ||
			t.p[o->left - 1] == ' '))
		o->left--;
}

/* The command in whose <<< it stands. */
static void add_reader(struct ops *o)
{
	struct bytes t = o->text;
	size_t i = o->left, end;

	while (i && (t.p[i - 1] == ' ' || t.p[i - 1] == '$'))
		i--;
	if (i < 3 || memcmp(t.p + i - 3, "<<<", 3) != 0)
		return;
	end = i - 3;
	for (i = end;
		i && end - i < LOOK_AROUND && !strchr("|;&(\n`", t.p[i - 1]);)
		i--;
	add(o, skip(t, i, " \t"), end);
}

/* The commands behind each |, and those that $(...) is an argument of. */
static void add_stages(struct ops *o)
{
	struct bytes t = o->text;

	while (o->right < o->stop && o->n < OPERAND_OPS_MAX) {
		size_t i = skip(t, o->right, "\"'` \t)}\\"), at;

		if (i < o->stop && t.p[i] == '>')
			while (i < o->stop && !strchr("|;\n", t.p[i]))
				i++;
		if (i >= o->stop || t.p[i] != '|')
			return;
		at = i = skip(t, i + 1, " \t{");
		while (i < t.len && i < o->stop && !strchr("|;&\n)`}", t.p[i]))
			i++;
		if (i == at)
			return;
		add(o, at, i);
		o->right = i;
	}
}

size_t operand_ops(struct bytes text, size_t at, size_t end,
	struct operand_op ops[OPERAND_OPS_MAX])
{
	struct ops o = { .text = text,
		.left = at,
		.right = end,
		.stop = text.len - end > LOOK_AROUND ? end + LOOK_AROUND
						     : text.len,
		.to = ops };

	while (o.left && at - o.left < 3 &&
		strchr("\"'\\\2", text.p[o.left - 1]))
		o.left--;
	if (o.left && text.p[o.left - 1] == 'b' && o.left < at)
		o.left--;
	o.right = skip(text, end, "\"'\\\2");
	add_methods(&o);
	add_word(&o);
	while (o.n < OPERAND_OPS_MAX && add_call(&o))
		add_methods(&o);
	if (o.left == at || !o.n)
		add_reader(&o);
	/* cat 'a file' | rev says nothing of the name. */
	if (o.n || operand_is_in_place(text, at))
		add_stages(&o);
	return o.n;
}

/* What stands at i without quotes and is given to a command that prints it;
 * its end, 0 if there is none. */
static size_t unquoted_end(struct bytes t, size_t i)
{
	size_t end = i;
	static const struct bytes leads[] = { BYTES("echo"), BYTES("echo -n"),
		BYTES("echo -e"), BYTES("echo -ne"), BYTES("echo -en"),
		BYTES("printf"), BYTES("<<<"), BYTES("%s"), BYTES("%b"),
		BYTES("echo,") };
	bool is_start = i && memchr(" <,", t.p[i - 1], 3) && t.p[i] != ' ' &&
			!memchr("-'\"<$", t.p[i], 5);

	if (!is_start || !operand_ends_with(operand_lead(t, i), leads,
				 sizeof(leads) / sizeof(leads[0])))
		return 0;
	while (end < t.len && !strchr("|;&\n)`}>", t.p[end]))
		end++;
	while (end > i && t.p[end - 1] == ' ')
		end--;
	return end > i ? end : 0;
}

bool operand_next(struct operand_walk *w)
{
	struct bytes t = w->text;

	for (; w->i < t.len; w->i++) {
		char c = t.p[w->i];
		size_t kind = c == '"' ? 1 : c == OPERAND_QUOTE ? 2 : 0;
		const char *close;
		size_t end;

		if (c != '"' && c != '\'' && c != OPERAND_QUOTE) {
			end = w->i < w->unquoted ? 0 : unquoted_end(t, w->i);
			if (!end)
				continue;
			w->at = w->i++;
			w->end = w->unquoted = end;
			return true;
		}
		if (w->is_odd[kind])
			continue;
		close = memchr(t.p + w->i + 1, c, t.len - w->i - 1);
		while (close && kind == 1 && close[-1] == '\\')
			close = memchr(close + 1, c,
				t.len - (size_t)(close + 1 - t.p));
		if (!close) {
			w->is_odd[kind] = true;
			continue;
		}
		w->at = ++w->i;
		w->end = (size_t)(close - t.p);
		return true;
	}
	return false;
}
