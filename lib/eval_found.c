// SPDX-License-Identifier: GPL-3.0-or-later
/* which NAME, command -v NAME, type -p NAME: as a command's name, what they
 * write is as good as the name. */
#include "eval_state.h"

#include <ctype.h>

/* The options with which each of them writes where a command is. */
static const struct {
	struct bytes name;
	const char *letters;
	bool is_plain; /* without any, too */
} rows[] = { { BYTES("which"), "as", true }, { BYTES("command"), "pv", false },
	{ BYTES("type"), "apPf", false } };

static bool is_option(struct bytes word, const char *letters)
{
	if (word.len < 2 || word.p[0] != '-')
		return false;
	for (size_t i = 1; i < word.len; i++)
		if (!word.p[i] || !strchr(letters, word.p[i]))
			return false;
	return true;
}

static bool is_name(struct bytes word)
{
	for (size_t i = 0; i < word.len; i++)
		if (!isalnum((unsigned char)word.p[i]) &&
			(!word.p[i] || !strchr("._+-/", word.p[i])))
			return false;
	return word.len && word.p[0] != '-';
}

/* The place of the name that is looked for; n: nothing is. */
static size_t name_at(const struct eval_value *words, size_t n)
{
	struct bytes name = invocation_base(words[0].text);
	size_t i = 0, at = 1;

	while (i < 3 && !bytes_equal(name, rows[i].name))
		i++;
	while (i < 3 && at < n && is_option(words[at].text, rows[i].letters))
		at++;
	/* command -p NAME runs it. */
	if (i == 3 || (at == 1 && !rows[i].is_plain) ||
		(at == 2 && bytes_equal(words[1].text, BYTES("-p")) && i == 1))
		return n;
	return at;
}

bool eval_found(struct eval *e, const struct eval_value *words, size_t n)
{
	size_t at = name_at(words, n);
	struct eval_value v, end = eval_literal(BYTES("\n"));

	if (at + 1 != n || !eval_is_known(&words[at]) ||
		!is_name(words[at].text))
		return false;
	v = words[at];
	v.note.flags |= IS_FOUND;
	end.note.flags |= IS_LINE;
	eval_write(e, &v);
	eval_write(e, &end);
	e->status = STATUS_UNKNOWN;
	return true;
}

void eval_found_end(struct eval_value *v)
{
	const char *end = v->note.flags & IS_FOUND && v->text.len
				  ? memchr(v->text.p, '\n', v->text.len)
				  : NULL;

	if (end && end + 1 < v->text.p + v->text.len)
		v->note.flags |= IS_UNKNOWN;
}
