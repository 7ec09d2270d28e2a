// SPDX-License-Identifier: GPL-3.0-or-later
#include <ctype.h>

#include "plain_state.h"
#include "str_block.h"

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* What means the same in quotes and out of them. */
static bool is_safe(char c)
{
	return is_letter(c) || (c && strchr("./:@%+,-", c));
}

static bool starts(struct bytes s, size_t at, const char *head)
{
	size_t n = strlen(head);

	return s.len - at >= n && !memcmp(s.p + at, head, n);
}

/* $IFS, ${IFS}: a blank. */
static size_t ifs_len(struct bytes s, size_t at)
{
	if (starts(s, at, "${IFS}"))
		return 6;
	if (starts(s, at, "$IFS") &&
		!(at + 4 < s.len && is_letter(s.p[at + 4])))
		return 4;
	return 0;
}

bool plain_is_ifs(struct bytes s)
{
	size_t i = 0, n;

	while (i < s.len && (n = ifs_len(s, i)))
		i += n;
	return i == s.len;
}

static size_t ifs_tail(struct bytes s)
{
	size_t n = 0;

	while (true) {
		struct bytes head = { s.p, s.len - n };

		if (head.len >= 6 && ifs_len(head, head.len - 6) == 6)
			n += 6;
		else if (head.len >= 4 && ifs_len(head, head.len - 4))
			n += 4;
		else
			return n;
	}
}

/* $@ and the like, which a text that is given no arguments has empty. */
static size_t empty_len(struct bytes s, size_t at)
{
	if (starts(s, at, "$@") || starts(s, at, "$*"))
		return 2;
	if (starts(s, at, "${@}") || starts(s, at, "${*}"))
		return 4;
	/* $IFS$9 */
	return !at && starts(s, at, "$9") ? 2 : 0;
}

/* \167, \x77, \u0077 in $'...': a letter that needs none. */
static size_t escape_len(struct bytes s, size_t at)
{
	char kind = at + 1 < s.len ? s.p[at + 1] : '\0';
	bool is_hex = kind == 'x' || kind == 'u';
	size_t n = is_hex ? 2 : 1, most = kind == 'u' ? 6 : 4;

	while (n < most && at + n < s.len &&
		(is_hex ? isxdigit((unsigned char)s.p[at + n])
			: s.p[at + n] >= '0' && s.p[at + n] <= '7'))
		n++;
	return n > (is_hex ? 2u : 1u) ? n : 0;
}

struct walk {
	struct bytes s;
	size_t i;
	bool is_escaped; /* the quote that is open is a $' */
	char quote; /* that is open */
	char last; /* byte that stands for itself */
	bool is_joint; /* there were quotes since */
};

/* One step of a word. False: it is one that needs to be as it is. */
static bool step(struct walk *w, struct plain_form *form)
{
	char c = w->s.p[w->i];
	size_t n;

	if (w->quote ? c == w->quote : c == '\'' || c == '"') {
		w->quote = w->quote ? '\0' : c;
		w->is_escaped = false;
		w->is_joint = true;
		w->i++;
		return true;
	}
	if (!w->quote && starts(w->s, w->i, "$'")) {
		w->quote = '\'';
		w->is_escaped = true;
		w->i += 2;
		return true;
	}
	if (w->is_escaped && c == '\\') {
		n = escape_len(w->s, w->i);
		form->joints++;
		w->last = 'x';
		w->i += n;
		return n > 0;
	}
	if (c == '$' && !w->quote && (n = empty_len(w->s, w->i))) {
		w->is_joint = w->i > 0;
		w->i += n;
		return true;
	}
	if (c == '\\' && !w->quote && w->i + 1 < w->s.len) {
		w->is_joint = true;
		c = w->s.p[++w->i];
		if (!is_letter(c))
			return false;
	}
	if (!is_safe(c))
		return false;
	form->joints += w->is_joint && is_letter(w->last) && is_letter(c);
	w->is_joint = false;
	w->last = c;
	w->i++;
	return true;
}

/* C:\Windows\notepad.exe */
static bool is_windows(struct bytes s)
{
	return s.len > 2 && s.p[1] == ':' && s.p[2] == '\\';
}

struct plain_form plain_form(struct bytes written)
{
	struct walk w = { .s = written };
	struct plain_form form = { .ifs = ifs_tail(written),
		.is_known = !is_windows(written) };

	w.s.len -= form.ifs;
	while (w.i < w.s.len && form.is_known)
		form.is_known = step(&w, &form);
	form.is_known &= !w.quote && w.last;
	return form;
}

bool plain_is_name(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_safe(text.p[i]))
			return false;
	return text.len && (isalpha((unsigned char)text.p[0]) ||
				   text.p[0] == '/' || text.p[0] == '.');
}

void plain_add_item(struct plain *p, struct bytes text)
{
	bool is_plain = text.len > 0;

	for (size_t i = 0; i < text.len; i++)
		is_plain &= is_safe(text.p[i]) || text.p[i] == '=';
	if (is_plain) {
		str_addb(&p->pieces, text);
		return;
	}
	str_addc(&p->pieces, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '\'')
			str_addz(&p->pieces, "'\\'");
		str_addc(&p->pieces, text.p[i]);
	}
	str_addc(&p->pieces, '\'');
}

void plain_add_text(struct plain *p, struct bytes text)
{
	size_t from = p->texts.len;

	if (p->n_texts == PLAIN_TEXTS_MAX || !plain_may(text))
		return;
	str_addb(&p->texts, text);
	if (str_ok(&p->texts))
		p->parts[p->n_texts++] =
			(struct plain_part){ .from = from, .len = text.len };
}

/* Whether at i a word may be broken up. */
static bool is_mark(struct bytes t, size_t i)
{
	char next = i + 1 < t.len ? t.p[i + 1] : '\0';

	if (t.p[i] == '$')
		return ifs_len(t, i) ||
		       (next == '\'' && i + 2 < t.len && t.p[i + 2] == '\\') ||
		       (i && is_letter(t.p[i - 1]) && empty_len(t, i));
	if (t.p[i] == '{')
		return is_safe(next);
	return i && is_letter(t.p[i - 1]) &&
	       (is_letter(next) || (next && strchr("'\"\\$", next)));
}

bool plain_may(struct bytes text)
{
	static const bool is_special[256] = { ['\''] = true,
		['"'] = true,
		['\\'] = true,
		['$'] = true,
		['{'] = true };

	for (size_t i = 0; i < text.len; i++) {
		if (text.len - i >= BLOCK_LEN) {
			block b = block_load(text.p + i);
			struct block_marks m = block_marks(
				(block)((b == '\'') | (b == '"') | (b == '\\') |
					(b == '$') | (b == '{')));

			if (!(m.lo | m.hi)) {
				i += BLOCK_LEN - 1;
				continue;
			}
			i += block_first(m);
		}
		if (is_special[(unsigned char)text.p[i]] && is_mark(text, i))
			return true;
	}
	return false;
}
