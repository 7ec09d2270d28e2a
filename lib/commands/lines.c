// SPDX-License-Identifier: GPL-3.0-or-later
/* What goes through unchanged, and what takes lines apart: cat, rev, tac,
 * head, tail, cut. */
#include "command.h"

#include "text.h"
#include "undo.h"

/* Ranges of a list: 1,3-5 */
#define RANGES_MAX 16

static bool has_files(const struct command_call *call, const char *values)
{
	struct command_opts o = { .call = call, .values = values };
	char c;

	while ((c = command_next(&o)))
		if (c == '.' && !command_is_stdin(o.word))
			return true;
	return false;
}

static bool copy(struct command_call *call, struct str *out)
{
	struct bytes name = call->argv[0];
	/* Or a path that ends in it; dd is shorter than that. */
	bool is_cat = name.len >= 3 && !memcmp(name.p + name.len - 3, "cat", 3);

	if (!call->in.p || (is_cat && has_files(call, "")))
		return false;
	for (size_t i = 1; i < call->argc; i++)
		if (command_starts(call->argv[i], "if=") ||
			command_starts(call->argv[i], "skip="))
			return false;
	str_addb(out, call->in);
	call->ends_line = call->has_newline;
	return true;
}

const struct command command_copy = {
	.names = "cat tee dd pv sponge buffer dos2unix strings iconv",
	.use = COMMAND_COPIES,
	.run = copy
};

/* The first line of *in, without its end; *in is then behind it. */
static struct bytes take_line(struct bytes *in, bool *has_end)
{
	const char *end = memchr(in->p, '\n', in->len);
	struct bytes line = *in;

	*has_end = end != NULL;
	if (end)
		line.len = (size_t)(end - in->p);
	in->p += line.len + *has_end;
	in->len -= line.len + *has_end;
	return line;
}

static bool rev(struct command_call *call, struct str *out)
{
	if (!call->in.p || has_files(call, ""))
		return false;
	undo_reverse_lines(call->in, out);
	call->undone = "reverse";
	call->ends_line = call->has_newline;
	return true;
}

const struct command command_rev = { .names = "rev", .run = rev };

static bool tac(struct command_call *call, struct str *out)
{
	struct bytes in = call->in;

	if (!in.p || has_files(call, "s"))
		return false;
	while (in.len) {
		const char *nl = memrchr(in.p, '\n', in.len - 1);
		size_t at = nl ? (size_t)(nl + 1 - in.p) : 0;

		str_add(out, in.p + at, in.len - at);
		if (call->has_newline &&
			in.p + in.len == call->in.p + call->in.len && at)
			str_addc(out, '\n');
		in.len = at;
	}
	if (memchr(call->in.p, '\n', call->in.len))
		call->undone = "reverse";
	return true;
}

const struct command command_tac = { .names = "tac", .run = tac };

struct amount {
	uint64_t n;
	bool is_bytes, is_from_end, is_from_start;
};

/* -c N, -n N, -N, --bytes=N; +N and -N as tail and head take them. */
static bool amount_of(const struct command_call *call, struct amount *a)
{
	struct command_opts o = { .call = call, .values = "cn" };
	struct bytes v = BYTES("10");
	char c;

	while ((c = command_next(&o))) {
		if (c == '.' && !command_is_stdin(o.word))
			return false;
		if (c >= '0' && c <= '9') {
			v = call->argv[o.at ? o.i : o.i - 1];
			v.p++, v.len--;
			o.i += o.at > 0, o.at = 0;
			continue;
		}
		if (c == 'c' || c == 'n') {
			a->is_bytes = c == 'c';
			v = o.value;
		}
		if (c == '-' && command_starts(o.word, "--bytes=")) {
			a->is_bytes = true;
			v = (struct bytes){ o.word.p + 8, o.word.len - 8 };
		} else if (c == '-' && command_starts(o.word, "--lines=")) {
			v = (struct bytes){ o.word.p + 8, o.word.len - 8 };
		}
	}
	a->is_from_start = command_starts(v, "+");
	a->is_from_end = command_starts(v, "-");
	if (a->is_from_start || a->is_from_end)
		v.p++, v.len--;
	return call->in.p && text_u64(v, 10, &a->n) == 0;
}

/* Where the n-th line starts, from 0; the end if there are fewer. */
static size_t line_at(struct bytes in, uint64_t n)
{
	size_t i = 0;

	while (n && i < in.len) {
		const char *end = memchr(in.p + i, '\n', in.len - i);

		i = end ? (size_t)(end + 1 - in.p) : in.len;
		n--;
	}
	return i;
}

static uint64_t lines_in(struct bytes in)
{
	uint64_t n = 0;

	for (size_t i = 0; i < in.len; n++)
		i = i + line_at((struct bytes){ in.p + i, in.len - i }, 1);
	return n;
}

static size_t place(const struct amount *a, struct bytes in, bool from_end)
{
	uint64_t all = a->is_bytes ? in.len : lines_in(in);
	uint64_t n = a->n;

	if (from_end)
		n = n < all ? all - n : 0;
	if (n > all)
		n = all;
	return a->is_bytes ? (size_t)n : line_at(in, n);
}

static bool head(struct command_call *call, struct str *out)
{
	struct amount a = { 0 };
	bool has_newline = call->has_newline;
	size_t end;

	if (!amount_of(call, &a) || a.is_from_start)
		return false;
	/* echo's newline is the last byte. */
	if (a.is_bytes && has_newline)
		has_newline = a.is_from_end ? !a.n : a.n > call->in.len;
	if (a.is_bytes && call->has_newline && a.is_from_end && a.n)
		a.n--;
	end = place(&a, call->in, a.is_from_end);
	str_add(out, call->in.p, end);
	if (end < call->in.len)
		call->undone = "head";
	call->ends_line = has_newline && end == call->in.len;
	return true;
}

const struct command command_head = { .names = "head", .run = head };

static bool tail(struct command_call *call, struct str *out)
{
	struct amount a = { 0 };
	size_t at;

	if (!amount_of(call, &a))
		return false;
	/* echo's newline is the last byte. */
	if (a.is_bytes && call->has_newline && !a.is_from_start && a.n)
		a.n--;
	if (a.is_from_start && a.n)
		a.n--;
	at = place(&a, call->in, !a.is_from_start);
	str_add(out, call->in.p + at, call->in.len - at);
	if (at)
		call->undone = "tail";
	call->ends_line = call->has_newline;
	return true;
}

const struct command command_tail = { .names = "tail", .run = tail };

struct cut {
	struct {
		uint64_t from, to;
	} ranges[RANGES_MAX];
	size_t n;
	char delimiter;
	bool is_fields;
};

static bool set_ranges(struct cut *k, struct bytes list)
{
	while (list.len) {
		const char *comma = memchr(list.p, ',', list.len);
		size_t n = comma ? (size_t)(comma - list.p) : list.len;
		const char *dash = memchr(list.p, '-', n);
		size_t n_from = dash ? (size_t)(dash - list.p) : n;
		uint64_t from = 1, to = UINT64_MAX;

		if (k->n == RANGES_MAX)
			return false;
		if (n_from && text_u64((struct bytes){ list.p, n_from }, 10,
				      &from) < 0)
			return false;
		if (!dash)
			to = from;
		else if (n_from + 1 < n &&
			 text_u64((struct bytes){ dash + 1, n - n_from - 1 },
				 10, &to) < 0)
			return false;
		k->ranges[k->n].from = from;
		k->ranges[k->n++].to = to;
		n += comma != NULL;
		list.p += n;
		list.len -= n;
	}
	return k->n > 0;
}

static bool is_in(const struct cut *k, uint64_t i)
{
	for (size_t j = 0; j < k->n; j++)
		if (i >= k->ranges[j].from && i <= k->ranges[j].to)
			return true;
	return false;
}

static void cut_fields(const struct cut *k, struct bytes line, struct str *out)
{
	bool has_more = true, is_first = true;

	if (!memchr(line.p, k->delimiter, line.len)) {
		str_addb(out, line);
		return;
	}
	for (uint64_t i = 1; has_more; i++) {
		const char *p = memchr(line.p, k->delimiter, line.len);
		size_t n = p ? (size_t)(p - line.p) : line.len;

		if (is_in(k, i)) {
			if (!is_first)
				str_addc(out, k->delimiter);
			is_first = false;
			str_add(out, line.p, n);
		}
		has_more = p != NULL;
		line.p += n + has_more;
		line.len -= n + has_more;
	}
}

static bool cut_options(const struct command_call *call, struct cut *k)
{
	struct command_opts o = { .call = call, .values = "bcdf" };
	char c;

	k->delimiter = '\t';
	while ((c = command_next(&o))) {
		struct bytes v = o.value;
		const char *eq;

		if (c == '-' && (eq = memchr(o.word.p, '=', o.word.len))) {
			c = o.word.p[2];
			v.p = eq + 1;
			v.len = o.word.len - (size_t)(v.p - o.word.p);
		}
		if (c == 'd')
			k->delimiter = v.len ? v.p[0] : '\t';
		else if (c == 'b' || c == 'c' || c == 'f')
			k->is_fields = c == 'f';
		else if (c != 's' || !command_is_stdin(o.word))
			return false;
		if (c != 'd' && c != 's' && !set_ranges(k, v))
			return false;
	}
	return k->n > 0;
}

static bool cut(struct command_call *call, struct str *out)
{
	struct bytes in = call->in;
	struct cut k = { .n = 0 };
	size_t from = out->len;

	if (!in.p || !cut_options(call, &k))
		return false;
	while (in.len) {
		bool has_end;
		struct bytes line = take_line(&in, &has_end);

		if (k.is_fields)
			cut_fields(&k, line, out);
		for (size_t i = 0; i < line.len && !k.is_fields; i++)
			if (is_in(&k, i + 1))
				str_addc(out, line.p[i]);
		if (has_end)
			str_addc(out, '\n');
	}
	if (!bytes_equal(str_tail(out, from), call->in))
		call->undone = "cut";
	call->ends_line = call->has_newline;
	return true;
}

const struct command command_cut = { .names = "cut", .run = cut };
