// SPDX-License-Identifier: GPL-3.0-or-later
#include "typed.h"

enum key {
	KEY_CTRL_C = 0x03,
	KEY_CTRL_H = 0x08,
	KEY_CTRL_U = 0x15,
	KEY_CTRL_V = 0x16,
	KEY_CTRL_W = 0x17,
	KEY_ESC = 0x1b,
	KEY_DEL = 0x7f
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A character is what it is in UTF-8. */
static void erase(struct str *line, size_t from)
{
	size_t len = line->len;

	while (len > from) {
		unsigned char c = (unsigned char)line->p[--len];

		if ((c & 0xc0) != 0x80)
			break;
	}
	str_cut(line, len);
}

static void erase_word(struct str *line, size_t from)
{
	size_t len = line->len;

	while (len > from && is_blank(line->p[len - 1]))
		len--;
	while (len > from && !is_blank(line->p[len - 1]))
		len--;
	str_cut(line, len);
}

/* What follows an Esc: ESC [ ... FINAL, ESC O X, ESC X. */
static void skip_sequence(struct bytes *rest)
{
	size_t i = 0;

	if (rest->len && rest->p[0] == '[') {
		for (i = 1; i < rest->len; i++)
			if (rest->p[i] >= 0x40 && rest->p[i] <= 0x7e)
				break;
	} else if (rest->len && rest->p[0] == 'O') {
		i = 1;
	}
	i += i < rest->len;
	rest->p += i;
	rest->len -= i;
}

static char take(struct bytes *rest)
{
	rest->len--;
	return *rest->p++;
}

static void press(char c, struct bytes *rest, struct str *line, size_t from)
{
	switch ((unsigned char)c) {
	case KEY_CTRL_H:
	case KEY_DEL:
		erase(line, from);
		break;
	case KEY_CTRL_U:
	case KEY_CTRL_C:
		str_cut(line, from);
		break;
	case KEY_CTRL_W:
		erase_word(line, from);
		break;
	case KEY_ESC:
		skip_sequence(rest);
		break;
	case KEY_CTRL_V:
		if (rest->len)
			str_addc(line, take(rest));
		break;
	default:
		if ((unsigned char)c >= 0x20)
			str_addc(line, c);
		break;
	}
}

bool typed_line(struct bytes *rest, struct str *line)
{
	size_t from = line->len;

	if (!rest->len)
		return false;
	while (rest->len) {
		char c = take(rest);

		if (c == '\n' || c == '\r')
			break;
		press(c, rest, line, from);
	}
	return true;
}

bool typed_may_run(struct bytes line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.p[i] == '|' || line.p[i] == '<' || line.p[i] == '`' ||
			(line.p[i] == '$' && i + 1 < line.len &&
				line.p[i + 1] == '('))
			return memchr(line.p, ' ', line.len);
	return false;
}
