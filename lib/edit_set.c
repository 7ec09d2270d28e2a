// SPDX-License-Identifier: GPL-3.0-or-later
/* The sets of bytes that a pattern names. */
#include "edit_set.h"

#include <ctype.h>

void edit_set_add(struct edit_part *part, unsigned char c, bool is_folded)
{
	part->set[c >> 3] |= (unsigned char)(1 << (c & 7));
	if (is_folded && isalpha(c))
		edit_set_add(part, c ^ 0x20, false);
}

typedef int class_is(int c);

/* The class of this name, [:name:]; NULL: none. */
static class_is *class_of(struct bytes name)
{
	static const struct {
		struct bytes name;
		class_is *is;
	} classes[] = { { BYTES("alnum"), isalnum },
		{ BYTES("alpha"), isalpha }, { BYTES("blank"), isblank },
		{ BYTES("cntrl"), iscntrl }, { BYTES("digit"), isdigit },
		{ BYTES("graph"), isgraph }, { BYTES("lower"), islower },
		{ BYTES("print"), isprint }, { BYTES("punct"), ispunct },
		{ BYTES("space"), isspace }, { BYTES("upper"), isupper },
		{ BYTES("xdigit"), isxdigit } };

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (bytes_equal(name, classes[i].name))
			return classes[i].is;
	return NULL;
}

/* False: there is no such class. */
static bool add_class(
	struct edit_part *part, struct bytes name, bool is_not, bool is_folded)
{
	class_is *is = class_of(name);

	for (int c = 0; is && c < 256; c++)
		if (!is(c) == is_not)
			edit_set_add(part, (unsigned char)c, is_folded);
	return is;
}

/* [:name:] in a set, at *i, which is then behind it. */
static bool parse_class_name(
	struct edit_part *part, struct bytes p, size_t *i, bool is_folded)
{
	struct bytes name = { p.p + *i + 2, 0 };

	if (p.len - *i < 4 || p.p[*i + 1] != ':')
		return false;
	while (*i + 2 + name.len < p.len &&
		isalpha((unsigned char)name.p[name.len]))
		name.len++;
	*i += name.len + 3;
	return *i < p.len && p.p[*i - 1] == ':' && p.p[*i] == ']' &&
	       add_class(part, name, false, is_folded);
}

bool edit_set_letter(struct edit_part *part, char c, struct edit_syntax how)
{
	int l = tolower((unsigned char)c);
	struct bytes name = l == 'w'                  ? BYTES("alnum")
			    : l == 's'                ? BYTES("space")
			    : l == 'd' && how.is_perl ? BYTES("digit")
						      : BYTES("");

	if (!add_class(part, name, l != c, false))
		return false;
	if (l == 'w')
		part->set['_' >> 3] ^= 1 << ('_' & 7);
	return true;
}

/* What in a set is more than a byte or a range, at *i, which is then at its
 * end. False: refused. */
static bool parse_special(struct edit_part *part, struct bytes p, size_t *i,
	struct edit_syntax how)
{
	unsigned char c;

	if (p.p[*i] == '[')
		return parse_class_name(part, p, i, how.is_folded);
	if (++*i >= p.len)
		return false;
	c = (unsigned char)p.p[*i];
	if (isalnum(c))
		return edit_set_letter(part, (char)c, how);
	edit_set_add(part, c, false);
	return true;
}

static bool is_special(struct bytes p, size_t i, struct edit_syntax how)
{
	char next = i + 1 < p.len ? p.p[i + 1] : '\0';

	return p.p[i] == '[' ? next == ':' || next == '.' || next == '='
			     : p.p[i] == '\\' && how.is_perl;
}

bool edit_set_parse(struct edit_part *part, struct bytes p, size_t *i,
	struct edit_syntax how)
{
	bool is_not = *i < p.len && p.p[*i] == '^';
	size_t from;

	*i += is_not;
	for (from = *i; *i < p.len && (p.p[*i] != ']' || *i == from); ++*i) {
		unsigned int c = (unsigned char)p.p[*i], last = c;

		if (is_special(p, *i, how)) {
			if (!parse_special(part, p, i, how))
				return false;
			continue;
		}
		if (*i + 2 < p.len && p.p[*i + 1] == '-' && p.p[*i + 2] != ']')
			last = (unsigned char)p.p[ *i += 2];
		for (; c <= last; c++)
			edit_set_add(part, (unsigned char)c, how.is_folded);
	}
	for (size_t k = 0; is_not && k < sizeof(part->set); k++)
		part->set[k] = (unsigned char)~part->set[k];
	return (*i)++ < p.len;
}
