// SPDX-License-Identifier: GPL-3.0-or-later
/* $((...)): expressions of whole numbers, as in C. */
#include "eval_state.h"

#include "text.h"

/* Of expressions in each other, and of variables that hold expressions. */
#define NESTED_MAX 32

struct arith {
	struct eval *e;
	struct bytes t;
	size_t i;
	unsigned int depth;
	bool is_bad;
	bool is_idle; /* behind && or ?: that does not count */
};

static int64_t assign(struct arith *a);

static void blanks(struct arith *a)
{
	while (a->i < a->t.len &&
		(a->t.p[a->i] == ' ' || a->t.p[a->i] == '\t' ||
			a->t.p[a->i] == '\n'))
		a->i++;
}

static bool take(struct arith *a, const char *op)
{
	size_t n = strlen(op);

	blanks(a);
	if (a->t.len - a->i < n || memcmp(a->t.p + a->i, op, n) != 0)
		return false;
	a->i += n;
	return true;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 36;
	return 99;
}

static int64_t digits(struct arith *a, unsigned int base)
{
	uint64_t v = 0;
	size_t from = a->i;

	for (; a->i < a->t.len; a->i++) {
		int d = digit(a->t.p[a->i]);

		if (d >= 36 && d < 62 && base <= 36)
			d -= 26;
		if (d < 0 || (unsigned int)d >= base)
			break;
		v = v * base + (unsigned int)d;
	}
	a->is_bad |= a->i == from;
	return (int64_t)v;
}

/* 10, 0x1f, 017, 2#101 */
static int64_t number(struct arith *a)
{
	int64_t v;

	if (a->t.len - a->i > 2 && a->t.p[a->i] == '0' &&
		(a->t.p[a->i + 1] | 0x20) == 'x') {
		a->i += 2;
		return digits(a, 16);
	}
	v = digits(a, a->t.p[a->i] == '0' ? 8 : 10);
	if (a->i < a->t.len && a->t.p[a->i] == '#' && v >= 2 && v <= 62) {
		a->i++;
		return digits(a, (unsigned int)v);
	}
	return v;
}

/* What a text says; that of a variable may be an expression. */
static int64_t value_of(struct arith *a, const struct eval_value *v)
{
	struct arith inner = { .e = a->e, .t = v->text, .depth = a->depth + 1 };
	int64_t n = 0;

	if (!eval_is_known(v) || inner.depth > NESTED_MAX) {
		a->is_bad = true;
		return 0;
	}
	blanks(&inner);
	if (inner.i < inner.t.len)
		n = assign(&inner);
	blanks(&inner);
	a->is_bad |= inner.is_bad || inner.i < inner.t.len;
	return n;
}

/* NAME or NAME[expression]; NULL: it has no value, or there is no room. */
static struct eval_value *lvalue(
	struct arith *a, struct bytes name, bool is_new)
{
	struct eval_var *v =
		is_new ? eval_var_make(a->e, name) : eval_var_get(a->e, name);
	struct eval_element *el;
	int64_t n = 0;

	if (a->i < a->t.len && a->t.p[a->i] == '[') {
		a->i++;
		n = assign(a);
		a->is_bad |= !take(a, "]");
	} else if (v && !v->is_array) {
		return &v->value;
	}
	if (!v || a->is_bad)
		return NULL;
	if (!v->is_array && !n && !is_new)
		return &v->value;
	el = eval_element(a->e, v, (struct bytes){ NULL, 0 }, n, is_new);
	return el ? &el->value : NULL;
}

static int64_t get(struct arith *a, struct bytes name)
{
	const struct eval_value *v = lvalue(a, name, false);

	/* RANDOM, SECONDS and what the environment has. */
	if (!v && name.len > 1 && name.p[0] >= 'A' && name.p[0] <= 'Z')
		a->is_bad = true;
	return v ? value_of(a, v) : 0;
}

static void put(struct arith *a, struct bytes name, size_t at, int64_t n)
{
	struct eval_value value = eval_number(a->e, n), *to;
	size_t i = a->i;

	if (a->is_idle || a->is_bad)
		return;
	a->i = at;
	to = lvalue(a, name, true);
	if (to)
		*to = value;
	a->i = i;
}

static int64_t apply(struct arith *a, char op, int64_t x, int64_t y)
{
	uint64_t ux = (uint64_t)x, uy = (uint64_t)y;

	switch (op) {
	case '+':
		return (int64_t)(ux + uy);
	case '-':
		return (int64_t)(ux - uy);
	case '*':
		return (int64_t)(ux * uy);
	case '&':
		return x & y;
	case '|':
		return x | y;
	case '^':
		return x ^ y;
	case '<':
		return (int64_t)(ux << (uy & 63));
	case '>':
		return x >= 0 ? x >> (uy & 63) : ~(int64_t)(~ux >> (uy & 63));
	default:
		if (!y || (y == -1 && x == INT64_MIN)) {
			a->is_bad |= !a->is_idle;
			return 0;
		}
		return op == '/' ? x / y : x % y;
	}
}

/* A variable, with what changes it: i++, i=1, i+=2. */
static int64_t variable(struct arith *a)
{
	struct bytes rest = { a->t.p + a->i, a->t.len - a->i };
	struct bytes name = { rest.p, shell_name_len(rest) };
	static const char ops[] = "+-*/%&|^<>";
	size_t at, op;
	int64_t n;

	a->i += name.len;
	at = a->i;
	n = get(a, name);
	if (take(a, "++") || take(a, "--")) {
		put(a, name, at, apply(a, a->t.p[a->i - 1], n, 1));
		return n;
	}
	blanks(a);
	op = a->i;
	if (a->t.len - op < 2)
		return n;
	if (a->t.p[op] == '=' && a->t.p[op + 1] != '=') {
		a->i++;
		/* What it was does not matter. */
		a->is_bad = false;
		n = assign(a);
	} else if (memchr(ops, a->t.p[op], sizeof(ops) - 1) &&
		   (a->t.p[op + 1] == '=' ||
			   (a->t.len - op > 2 && a->t.p[op + 1] == a->t.p[op] &&
				   a->t.p[op + 2] == '=')) &&
		   !(memchr("<>", a->t.p[op], 2) && a->t.p[op + 1] == '=')) {
		a->i += a->t.p[op + 1] == '=' ? 2 : 3;
		n = apply(a, a->t.p[op], n, assign(a));
	} else {
		return n;
	}
	put(a, name, at, n);
	return n;
}

static int64_t unary(struct arith *a)
{
	int64_t n;
	char c;

	if (a->depth++ > NESTED_MAX || !eval_step(a->e, 1))
		a->is_bad = true;
	blanks(a);
	c = a->i < a->t.len && !a->is_bad ? a->t.p[a->i] : '\0';
	if (c == '(') {
		a->i++;
		n = assign(a);
		while (take(a, ","))
			n = assign(a);
		a->is_bad |= !take(a, ")");
	} else if (take(a, "++") || take(a, "--")) {
		struct bytes rest, name;

		blanks(a);
		rest = (struct bytes){ a->t.p + a->i, a->t.len - a->i };
		name = (struct bytes){ rest.p, shell_name_len(rest) };
		a->i += name.len;
		n = apply(a, c, get(a, name), 1);
		put(a, name, (size_t)(name.p + name.len - a->t.p), n);
	} else if (c == '-' || c == '+' || c == '!' || c == '~') {
		a->i++;
		n = unary(a);
		n = c == '-'   ? apply(a, '-', 0, n)
		    : c == '!' ? !n
		    : c == '~' ? ~n
			       : n;
	} else if (c >= '0' && c <= '9') {
		n = number(a);
	} else {
		n = 0;
		if (c == '_' || (c | 0x20) >= 'a')
			n = variable(a);
		else
			a->is_bad = true;
	}
	a->depth--;
	return n;
}

static int64_t power(struct arith *a)
{
	int64_t n = unary(a), by, r = 1;

	if (!take(a, "**"))
		return n;
	if (a->depth++ > NESTED_MAX)
		a->is_bad = true;
	by = a->is_bad ? 0 : power(a);
	a->depth--;
	if (by < 0 || by > 63)
		a->is_bad = true;
	for (int64_t i = 0; i < by && !a->is_bad; i++)
		r = apply(a, '*', r, n);
	return r;
}

/* By rank, of two letters first. */
static const struct {
	char op[3];
	unsigned char rank;
	char how; /* as apply has it; = e ! n, G >=, L <= */
} binary[] = { { "*", 10, '*' }, { "/", 10, '/' }, { "%", 10, '%' },
	{ "+", 9, '+' }, { "-", 9, '-' }, { "<<", 8, '<' }, { ">>", 8, '>' },
	{ "<=", 7, 'L' }, { ">=", 7, 'G' }, { "<", 7, 'l' }, { ">", 7, 'g' },
	{ "==", 6, 'e' }, { "!=", 6, 'n' }, { "&&", 2, 'A' }, { "||", 1, 'O' },
	{ "&", 5, '&' }, { "^", 4, '^' }, { "|", 3, '|' } };

static int64_t compare(struct arith *a, char how, int64_t x, int64_t y)
{
	switch (how) {
	case 'L':
		return x <= y;
	case 'G':
		return x >= y;
	case 'l':
		return x < y;
	case 'g':
		return x > y;
	case 'e':
		return x == y;
	case 'n':
		return x != y;
	case 'A':
		return x && y;
	case 'O':
		return x || y;
	default:
		return apply(a, how, x, y);
	}
}

static int64_t climb(struct arith *a, unsigned int rank)
{
	int64_t n = power(a);
	size_t i = 0;

	while (i < sizeof(binary) / sizeof(binary[0]) && !a->is_bad) {
		bool was_idle = a->is_idle;
		size_t at = a->i;
		int64_t m;

		if (binary[i].rank < rank || !take(a, binary[i].op)) {
			i++;
			continue;
		}
		/* a+=1 and a<<=1 are none of these. */
		if (a->i < a->t.len && a->t.p[a->i] == '=' &&
			!memchr("LGen", binary[i].how, 4) &&
			!memchr("lg", binary[i].how, 2)) {
			a->i = at;
			break;
		}
		a->is_idle |= (binary[i].how == 'A' && !n) ||
			      (binary[i].how == 'O' && n);
		m = climb(a, binary[i].rank + 1u);
		a->is_idle = was_idle;
		n = compare(a, binary[i].how, n, m);
		i = 0;
	}
	return n;
}

static int64_t assign(struct arith *a)
{
	bool was_idle = a->is_idle;
	int64_t n, yes, no;

	if (a->depth++ > NESTED_MAX)
		a->is_bad = true;
	n = climb(a, 1);
	if (!a->is_bad && take(a, "?")) {
		a->is_idle |= !n;
		yes = assign(a);
		a->is_bad |= !take(a, ":");
		a->is_idle = was_idle || n;
		no = assign(a);
		a->is_idle = was_idle;
		n = n ? yes : no;
	}
	a->depth--;
	return n;
}

bool eval_arith(struct eval *e, struct bytes text, int64_t *n)
{
	struct arith a = { .e = e, .t = text };

	*n = 0;
	blanks(&a);
	if (a.i == text.len)
		return true;
	*n = assign(&a);
	while (!a.is_bad && take(&a, ","))
		*n = assign(&a);
	blanks(&a);
	return !a.is_bad && a.i == text.len && eval_step(e, text.len);
}

bool eval_double_paren(struct eval *e, struct eval_value *v)
{
	struct eval_place before = e->at;
	int64_t n;

	/* Behind (( or $(( */
	*v = eval_until(e, ")", false, true);
	if (eval_peek(e, 0) != ')' || eval_peek(e, 1) != ')') {
		e->at = before;
		return false;
	}
	e->at.pos += 2;
	if (e->skip)
		return true;
	if (eval_is_known(v) && eval_arith(e, v->text, &n))
		*v = eval_number(e, n);
	else
		*v = eval_unknown();
	return true;
}
