// SPDX-License-Identifier: GPL-3.0-or-later
/* xxd -r -p, and xxd -r on a dump. */
#include "command.h"

#include "text.h"
#include "undo.h"

/* The bytes of a dump's line: behind its offset, up to two blanks. */
static struct bytes dump_part(struct bytes line)
{
	const char *p = memchr(line.p, ':', line.len);

	if (!p)
		return (struct bytes){ "", 0 };
	line.len -= (size_t)(p + 1 - line.p);
	line.p = p + 1;
	if (line.len && line.p[0] == ' ')
		line.p++, line.len--;
	p = text_find(line, BYTES("  "));
	if (p)
		line.len = (size_t)(p - line.p);
	return line;
}

static void undo_dump(struct bytes in, struct str *out)
{
	while (in.len) {
		const char *end = memchr(in.p, '\n', in.len);
		size_t n = end ? (size_t)(end - in.p) : in.len;

		undo_base(UNDO_BASE16, dump_part((struct bytes){ in.p, n }),
			false, out);
		n += end != NULL;
		in.p += n;
		in.len -= n;
	}
}

static bool xxd(struct command_call *call, struct str *out)
{
	struct command_opts o = { .call = call, .values = "clso" };
	bool is_reverse = false, is_plain = false;
	char c;

	while ((c = command_next(&o))) {
		is_reverse |= c == 'r';
		is_plain |= c == 'p';
		/* -ps is one option. */
		if (c == 'p')
			o.i += o.at > 0, o.at = 0;
		if (c == '.' && !command_is_stdin(o.word))
			return false;
		if (c == '-')
			is_reverse |= bytes_equal(o.word, BYTES("--revert"));
	}
	if (!is_reverse || !call->in.p)
		return false;
	call->kind = COMMAND_DECODED;
	call->undone = "hex";
	if (is_plain)
		undo_base(UNDO_BASE16, call->in, true, out);
	else
		undo_dump(call->in, out);
	return true;
}

const struct command command_xxd = { .names = "xxd", .run = xxd };
