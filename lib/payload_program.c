// SPDX-License-Identifier: GPL-3.0-or-later
/* Programs of python -c, perl -e and the like that run what they decode. */
#include "event.h"
#include "payload_state.h"
#include "text.h"

/* A name that a value is given. */
#define NAME_MAX_LEN 64

static bool runs(struct bytes b)
{
	static const struct bytes names[] = { BYTES("exec"), BYTES("eval"),
		BYTES("system"), BYTES("popen"), BYTES("subprocess"),
		BYTES("spawn"), BYTES("Function("), BYTES("qx"),
		BYTES("compile"), BYTES("loadstring"), BYTES("assert("),
		BYTES("Invoke-Expression"), BYTES("iex") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_find(b, names[i]))
			return true;
	return false;
}

static bool is_end(char c)
{
	return c == ';' || c == '\n';
}

/* The statement around a place. */
static struct bytes statement_at(struct bytes text, size_t at, size_t end)
{
	while (at && !is_end(text.p[at - 1]))
		at--;
	while (end < text.len && !is_end(text.p[end]))
		end++;
	return (struct bytes){ text.p + at, end - at };
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* x of x = ..., $x = ... or my $x = ...; absent if there is none. */
static struct bytes assigned(struct bytes b)
{
	const char *equals = b.len ? memchr(b.p, '=', b.len) : NULL;
	size_t end = equals ? (size_t)(equals - b.p) : 0, at;

	while (end && b.p[end - 1] == ' ')
		end--;
	for (at = end; at && is_word(b.p[at - 1]); at--)
		;
	if (at == end || end - at > NAME_MAX_LEN)
		return (struct bytes){ NULL, 0 };
	return (struct bytes){ b.p + at, end - at };
}

/* Whether a statement runs something with that name in it. */
static bool runs_name(struct bytes text, struct bytes name)
{
	size_t at = 0;

	while (at < text.len) {
		struct bytes b = statement_at(text, at, at);

		if (text_find(b, name) && runs(b))
			return true;
		at += b.len + 1;
	}
	return false;
}

bool payload_runs_itself(const struct event *ev, const struct invocation *inv,
	const struct event_layer *layer)
{
	struct bytes text, statement, name;

	if (inv->language <= INVOCATION_SH || inv->n_wrappers ||
		inv->program >= ev->argc)
		return false;
	if (inv->is_encoded)
		return true;
	text = ev->argv[inv->program];
	if (layer->arg != inv->program || layer->of != EVENT_IN_ARGV ||
		!layer->n_spans ||
		layer->spans[layer->n_spans - 1].end > text.len)
		return runs(text);
	statement = statement_at(
		text, layer->spans[0].at, layer->spans[layer->n_spans - 1].end);
	if (runs(statement))
		return true;
	name = assigned(statement);
	return name.p && runs_name(text, name);
}
