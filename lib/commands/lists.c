// SPDX-License-Identifier: GPL-3.0-or-later
/* What makes lines, or puts them together: fold, paste, seq. */
#include "command.h"

#include "text.h"

/* More numbers are no key to anything. */
#define NUMBERS_MAX 8192
#define NUMBER_MAX  1000000000
/* paste's separators, one after the other. */
#define BETWEEN_MAX 16

static bool fold(struct command_call *call, struct str *out)
{
	struct command_opts o = { .call = call, .values = "w" };
	struct bytes v = BYTES("80");
	uint64_t width, n = 0;
	char c;

	while ((c = command_next(&o))) {
		if (c == 's' || (c == '.' && !command_is_stdin(o.word)))
			return false;
		if (c == 'w')
			v = o.value;
		if (c == '-' && command_starts(o.word, "--width="))
			v = (struct bytes){ o.word.p + 8, o.word.len - 8 };
	}
	if (!call->in.p || text_u64(v, 10, &width) < 0 || !width)
		return false;
	for (size_t i = 0; i < call->in.len; i++) {
		n = call->in.p[i] == '\n' ? 0 : n + 1;
		if (n > width) {
			str_addc(out, '\n');
			n = 1;
		}
		str_addc(out, call->in.p[i]);
	}
	call->ends_line = call->has_newline;
	return true;
}

const struct command command_fold = { .names = "fold", .run = fold };

struct paste {
	char between[BETWEEN_MAX];
	size_t n; /* separators */
	uint64_t columns; /* lines of a row; 0: all */
};

/* \n, \t, \0 (nothing) and other characters. */
static void set_between(struct paste *p, struct bytes v)
{
	p->n = 0;
	for (size_t i = 0; i < v.len && p->n < BETWEEN_MAX; i++) {
		char c = v.p[i];

		if (c == '\\' && i + 1 < v.len) {
			c = v.p[++i];
			c = (char)(c == 'n'   ? '\n'
				   : c == 't' ? '\t'
				   : c == '0' ? '\0'
					      : c);
		}
		p->between[p->n++] = c;
	}
	if (!p->n)
		p->between[p->n++] = '\0';
}

static bool paste_options(const struct command_call *call, struct paste *p)
{
	struct command_opts o = { .call = call, .values = "d" };
	bool is_serial = false;
	char c;

	*p = (struct paste){ .between = { '\t' }, .n = 1 };
	while ((c = command_next(&o))) {
		is_serial |= c == 's' ||
			     (c == '-' && command_starts(o.word, "--serial"));
		if (c == 'd')
			set_between(p, o.value);
		if (c == '-' && command_starts(o.word, "--delimiters="))
			set_between(p, (struct bytes){ o.word.p + 13,
					       o.word.len - 13 });
		if (c == '.' && !command_is_stdin(o.word))
			return false;
		p->columns += c == '.';
	}
	p->columns = is_serial ? 0 : p->columns + !p->columns;
	return true;
}

static bool paste(struct command_call *call, struct str *out)
{
	struct paste p;
	uint64_t column = 0;

	if (!call->in.p || !paste_options(call, &p))
		return false;
	for (size_t i = 0; i < call->in.len; i++) {
		char c = call->in.p[i];

		if (c == '\n') {
			column++;
			c = p.between[(column - 1) % p.n];
			if (p.columns && column % p.columns == 0) {
				c = '\n';
				column = 0;
			}
			/* The last line's end is added below. */
			if (i + 1 == call->in.len && !call->has_newline)
				break;
			if (!c)
				continue;
		}
		str_addc(out, c);
	}
	call->ends_line = true;
	return true;
}

const struct command command_paste = { .names = "paste", .run = paste };

static bool number(struct bytes b, int64_t *n)
{
	return text_i64(b, n) == 0 && *n<NUMBER_MAX && * n> - NUMBER_MAX;
}

/* seq LAST, seq FIRST LAST, seq FIRST STEP LAST; -s SEPARATOR. */
static bool seq(struct command_call *call, struct str *out)
{
	int64_t v[3] = { 1, 1, 1 }, from, to, step;
	struct bytes between = BYTES("\n");
	size_t n = 0, i = 1;

	if (call->argc > 2 && bytes_equal(call->argv[1], BYTES("-s"))) {
		between = call->argv[2];
		i = 3;
	}
	for (; i < call->argc; i++)
		if (n == 3 || !number(call->argv[i], &v[n++]))
			return false;
	if (!n)
		return false;
	from = n > 1 ? v[0] : 1;
	step = n > 2 ? v[1] : 1;
	to = v[n - 1];
	if (!step)
		return false;
	for (i = 0; step > 0 ? from <= to : from >= to; i++, from += step) {
		if (i == NUMBERS_MAX)
			return false;
		if (i)
			str_addb(out, between);
		str_addi(out, from);
	}
	call->ends_line = i > 0;
	return true;
}

const struct command command_seq = {
	.names = "seq", .use = COMMAND_WRITES, .is_deaf = true, .run = seq
};
