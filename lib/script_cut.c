// SPDX-License-Identifier: GPL-3.0-or-later
/* What cuts texts, puts them together and exchanges parts of them. */
#include "script_state.h"

#include <ctype.h>
#include <stdlib.h>

#include "script_calls.h"
#include "text.h"

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

static struct script_value part(
	struct script *s, unsigned int id, struct script_value *a, size_t n)
{
	int64_t from = 0, to = INT64_MAX,
		len = (int64_t)script_length(s, &a[0]);

	if (n < 2 || !script_to_int(s, &a[1], &from))
		return unknown;
	if (n > 2 && !script_to_int(s, &a[2], &to))
		return unknown;
	if (id == CALL_LUASUB) {
		from = from > 0 ? from - 1 : from;
		to = to == INT64_MAX || to == -1 ? INT64_MAX
		     : to < 0                    ? to + 1
						 : to;
	} else if (id == CALL_SUBSTR ||
		   (script_is(s, INVOCATION_RUBY) && id == CALL_SLICE) ||
		   (id == CALL_SUBSTRING &&
			   script_is(s, INVOCATION_POWERSHELL)) ||
		   (script_is(s, INVOCATION_PHP) && id == CALL_SLICE)) {
		from -= script_is(s, INVOCATION_AWK);
		if (from < 0)
			from = from + len < 0 ? 0 : from + len;
		if (n > 2 && to >= 0)
			to = to > len ? len : from + to;
	}
	a[0] = script_slice(s, &a[0], from, to, 1);
	return a[1].flags & IS_COUNTED ? a[0] : script_letter(s, a[0]);
}

/* Past a conversion's width and the like to its letter, or }. */
static uint32_t letter_at(struct bytes b, uint32_t i, bool is_braced)
{
	for (uint32_t n = 0; i < b.len && n < 8; n++, i++)
		if (is_braced ? b.p[i] == '}'
			      : !strchr("0123456789.-+#l", b.p[i]))
			break;
	return i;
}

/* Adds one value. False: it is not known. */
static bool converted(struct script *s, struct script_value *one, char how)
{
	bool has_letters =
		one->type == SCRIPT_INT || script_is(s, INVOCATION_AWK);
	int64_t v;

	if (how == 'c' && has_letters && script_to_int(s, one, &v) && v >= 0 &&
		v < 256) {
		*one = script_chr(s, one);
	} else if (one->type == SCRIPT_BIG) {
		*one = script_digits(s, one, how == 'x' ? 16 : 10);
	} else if (one->type == SCRIPT_INT) {
		str_addf(&s->arena, how == 'x' ? "%02llx" : "%lld",
			(long long)one->number);
	} else if (one->type == SCRIPT_TEXT) {
		script_copy(s, one->at, one->len);
	}
	return one->type == SCRIPT_TEXT || one->type == SCRIPT_INT;
}

/* %c %s %02x and the like, or {} and {0}. */
static struct script_value formatted(
	struct script *s, struct script_value *a, size_t n, bool is_braced)
{
	struct script_value to, from = { .type = SCRIPT_TEXT }, one;
	const struct script_value *args = a + 1;
	size_t at, k = 1, last = 0, n_plain = 0;
	bool is_mixed = false;

	if (!n || a[0].type != SCRIPT_TEXT)
		return unknown;
	/* vsprintf's are a list. */
	if (n == 2 && a[1].type == SCRIPT_LIST) {
		n = a[1].len + 1;
		args = s->items + a[1].at;
	}
	at = s->arena.len;
	for (uint32_t i = 0; i < a[0].len && str_ok(&s->arena); i++) {
		char c = s->arena.p[a[0].at + i], how = 's';
		uint32_t j = i + 1;
		size_t which = k;

		if (c != (is_braced ? '{' : '%')) {
			str_addc(&s->arena, c);
			n_plain++;
			continue;
		}
		if (is_braced && j < a[0].len &&
			isdigit((unsigned char)s->arena.p[a[0].at + j]))
			which = (size_t)(s->arena.p[a[0].at + j] - '0') + 1;
		i = letter_at(script_text(s, &a[0]), j, is_braced);
		if (i < a[0].len)
			how = s->arena.p[a[0].at + i];
		if (!is_braced && how == '%') {
			str_addc(&s->arena, '%');
			continue;
		}
		k++;
		if (which >= n)
			return unknown;
		is_mixed |= which < last;
		last = which;
		one = args[which - 1];
		if (!converted(s, &one, how))
			return unknown;
		script_inherit(s, &from, &one);
	}
	to = script_made(s, at);
	script_inherit(s, &to, &from);
	if (to.flags & IS_HIDDEN)
		to.number = to.len;
	else if (is_mixed && !n_plain && to.type == SCRIPT_TEXT)
		script_undone(s, &to, "reverse", IS_CHANGED);
	return to;
}

static struct script_value chunks(
	struct script *s, struct script_value *a, size_t n)
{
	struct script_value list = script_list(s, NULL, 0), one;
	int64_t width = 1, len = (int64_t)script_length(s, &a[0]);

	if (n > 1 && (!script_to_int(s, &a[1], &width) || width < 1))
		return unknown;
	for (int64_t i = 0; i < len && script_step(s); i += width) {
		one = script_slice(s, &a[0], i, i + width, 1);
		script_append(s, &list, &one);
	}
	return list;
}

static struct script_value split(struct script *s, unsigned int id,
	struct script_value *a, size_t n, bool has_self)
{
	struct script_value v = a[0], by = a[1];
	struct script_pattern p;

	if (!n)
		return unknown;
	if ((id == CALL_EXPLODE || id == CALL_PREG_SPLIT ||
		    (script_is(s, INVOCATION_PERL) && !has_self)) &&
		n > 1) {
		v = a[1];
		by = a[0];
	}
	/* awk's second names the list. */
	if (script_is(s, INVOCATION_AWK))
		by = n > 2 ? a[2] : (struct script_value){ 0 };
	if (n < 2 || by.type != SCRIPT_TEXT)
		return script_split(s, &v, BYTES(" "));
	p = id == CALL_PREG_SPLIT ? script_bare(s, &by)
				  : script_pattern_of(s, &by);
	/* \s+ and the like part words. */
	if (p.text.len && p.text.len < 4 && p.text.p[0] == '\\' &&
		(p.text.len == 2 || p.text.p[2] == '+') && p.text.p[1] == 's')
		return script_split(s, &v, BYTES(" "));
	if (p.text.len == 2 && p.text.p[0] == '\\')
		p.text.p++, p.text.len--;
	/* One of a set, as if it were the only one. */
	if (p.text.len > 2 && p.text.p[0] == '[' && p.text.p[1] != '^' &&
		(by.flags & IS_PATTERN ||
			script_is(s, INVOCATION_POWERSHELL))) {
		struct script_value blank = script_string(s, BYTES(" "));

		v = script_exchanged(s, &v, p, &blank);
		return script_split(s, &v, BYTES(" "));
	}
	/* PowerShell's Split takes each character. */
	if (script_is(s, INVOCATION_POWERSHELL) && p.text.len > 1) {
		size_t from = s->arena.len;
		struct script_value blank;

		str_addc(&s->arena, '[');
		str_addb(&s->arena, p.text);
		str_addz(&s->arena, "]+");
		p.text = str_tail(&s->arena, from);
		blank = script_string(s, BYTES(" "));
		v = script_exchanged(s, &v, p, &blank);
		return script_split(s, &v, BYTES(" "));
	}
	return script_split(s, &v, p.text);
}

static struct script_value join(
	struct script *s, struct script_value *a, size_t n, bool has_self)
{
	struct script_value list = a[0], by = a[1], rest;

	if (script_is(s, INVOCATION_PYTHON) ||
		(!has_self && a[0].type == SCRIPT_TEXT)) {
		list = a[1];
		by = a[0];
		if (n > 2 || list.type == SCRIPT_TEXT) {
			rest = script_list(s, NULL, 0);
			for (size_t i = 1; i < n; i++) {
				struct script_value l =
					a[i].type == SCRIPT_LIST
						? a[i]
						: script_list(s, &a[i], 1);

				for (uint32_t k = 0; k < l.len; k++)
					script_append(
						s, &rest, &s->items[l.at + k]);
			}
			list = script_is(s, INVOCATION_PYTHON)
				       ? script_as_list(s, &list)
				       : rest;
		}
	}
	if (list.type != SCRIPT_LIST)
		return list.type == SCRIPT_TEXT ? list : unknown;
	return script_join(s, &list,
		by.type == SCRIPT_TEXT                   ? script_text(s, &by)
		: script_is(s, INVOCATION_NODE) && n < 2 ? BYTES(",")
							 : BYTES(""));
}

static struct script_value matches(struct script *s, unsigned int id,
	struct script_value *a, size_t n, bool has_self)
{
	struct script_value v = a[0], by = a[1], list;
	struct script_pattern p;

	if (n < 2)
		return unknown;
	if (script_is(s, INVOCATION_PYTHON) &&
		(!has_self || v.flags & IS_PATTERN)) {
		v = a[1];
		by = a[0];
	}
	p = script_pattern_of(s, &by);
	p.is_first = id == CALL_MATCH && script_is(s, INVOCATION_PYTHON);
	list = script_matches(s, &v, &p);
	if (p.is_first)
		return list.len ? script_groups(s) : unknown;
	if (n > 2 && bytes_equal(script_text(s, &a[2]), BYTES("RightToLeft")))
		return script_reverse(s, &list);
	return list;
}

static bool is_class(unsigned int id, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		unsigned char c = (unsigned char)b.p[i];

		if (!(id == CALL_ISALPHA         ? isalpha(c)
			    : id == CALL_ISUPPER ? isupper(c)
			    : id == CALL_ISLOWER ? islower(c)
			    : id == CALL_ISDIGIT ? isdigit(c)
						 : isalnum(c)))
			return false;
	}
	return b.len > 0;
}

static bool cut_more(struct script *s, unsigned int id, struct script_value *a,
	size_t n, struct script_value *v)
{
	switch (id) {
	case CALL_CHARAT:
		if (n > 1)
			*v = part(s, CALL_SUBSTR,
				(struct script_value[]){
					a[0], a[1], script_int(1) },
				3);
		return true;
	case CALL_REPEAT:
		if (n > 1)
			*v = script_binary(s, OP_REPEAT, &a[0], &a[1]);
		return true;
	case CALL_FORMAT:
	case CALL_SPRINTF:
		*v = formatted(s, a, n,
			a[0].type == SCRIPT_TEXT && a[0].len &&
				(script_is(s, INVOCATION_PYTHON) ||
					script_is(s, INVOCATION_POWERSHELL)) &&
				memchr(s->arena.p + a[0].at, '{', a[0].len));
		return true;
	case CALL_ISALPHA:
	case CALL_ISUPPER:
	case CALL_ISLOWER:
	case CALL_ISDIGIT:
	case CALL_ISALNUM:
		if (a[0].type == SCRIPT_TEXT)
			*v = script_int(is_class(id, script_text(s, &a[0])));
		return true;
	case CALL_FIND:
		if (n > 1 && a[0].type == SCRIPT_TEXT &&
			a[1].type == SCRIPT_TEXT) {
			struct bytes b = script_text(s, &a[0]);
			const char *hit = text_find(b, script_text(s, &a[1]));

			*v = script_int(hit ? hit - b.p : -1);
			if (script_is(s, INVOCATION_AWK))
				v->number++;
		}
		return true;
	default:
		return false;
	}
}

/* False: it is for lists. */
bool script_cut(struct script *s, unsigned int id, struct script_value *a,
	size_t n, bool has_self, struct script_value *v)
{
	if (id == CALL_SUBSTR || id == CALL_SUBSTRING || id == CALL_SLICE) {
		*v = part(s, id, a, n);
		return true;
	}
	/* Lua's sub cuts. */
	if (id == CALL_GSUB && n > 1 && a[1].type == SCRIPT_INT) {
		*v = part(s, CALL_LUASUB, a, n);
		return true;
	}
	switch (id) {
	case CALL_JOIN:
		*v = join(s, a, n, has_self);
		return true;
	case CALL_SPLIT:
	case CALL_EXPLODE:
	case CALL_PREG_SPLIT:
		*v = split(s, id, a, n, has_self);
		return true;
	case CALL_CHARS:
		if (a[0].type == SCRIPT_TEXT)
			*v = script_split(s, &a[0], BYTES(""));
		return true;
	case CALL_CHUNKS:
	case CALL_SLICES:
		*v = chunks(s, a,
			n && a[n - 1].type == SCRIPT_FUNCTION ? n - 1 : n);
		return true;
	case CALL_REPLACE:
	case CALL_GSUB:
	case CALL_STR_REPLACE:
	case CALL_PREG_REPLACE:
		*v = script_replace(s, id, a, n, has_self);
		return true;
	case CALL_TR:
	case CALL_STRTR:
	case CALL_TRANSLATE:
	case CALL_DELETE:
		*v = script_translated(s, id, a, n);
		return true;
	case CALL_MATCH:
	case CALL_MATCHES:
		*v = matches(s, id, a, n, has_self);
		return true;
	case CALL_MAKETRANS:
		*v = a[has_self && n > 1];
		if (v->type != SCRIPT_MAP)
			*v = script_list(s, has_self && n > 2 ? a + 1 : a, 2);
		return true;
	default:
		return cut_more(s, id, a, n, v);
	}
}
