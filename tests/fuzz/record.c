// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One line of an audit stream: what is taken from it lies in it, whether or not
 * the line before is remembered, and its fields read as their own.
 *
 * seeds: line
 * dict: record
 */
#include "record.h"

#include "argv.h"
#include "call.h"
#include "fuzz.h"
#include "syscalls.h"
#include "tally.h"

/* Each look-up reads the body from its start. */
#define LOOKED_UP_MAX 64

static void check_text(struct bytes value)
{
	char *dst = malloc(value.len / 2 + !(value.len / 2));
	struct bytes text;
	struct str out;

	MUST(dst);
	text = record_text(value, dst);
	str_init(&out, value.len + 1);
	record_add_text(&out, value);
	MUST(str_ok(&out) && bytes_equal(text, str_bytes(&out)));
	fuzz_touch(text);
	MUST(text.len <= value.len);
	str_fini(&out);
	free(dst);
}

static void check_fields(struct bytes body)
{
	struct bytes rest = body, name, value;
	struct tally tally = { 0 };
	size_t n = 0;

	while (record_next(&rest, &name, &value)) {
		MUST(fuzz_is_inside(name, body));
		MUST(fuzz_is_inside(value, body));
		MUST(!memchr(name.p, '=', name.len));
		MUST(fuzz_is_inside(rest, body));
		check_text(value);
		if (n++ < LOOKED_UP_MAX)
			MUST(record_field(body, name).p);
	}
	tally_note(&tally, body);
	(void)tally_is_whole(&tally);
}

/* Read at once, and field by field. */
static void check_ids(struct bytes body)
{
	static const struct bytes other = BYTES("x=1 ");
	struct call at_once = { 0 }, by_field = { 0 };
	struct bytes rest = body, all;
	char *copy = malloc(other.len + body.len);

	MUST(copy);
	memcpy(copy, other.p, other.len);
	if (body.len)
		memcpy(copy + other.len, body.p, body.len);
	all = (struct bytes){ copy, other.len + body.len };
	call_read_ids(&at_once, &rest);
	call_read_ids(&by_field, &all);
	MUST(fuzz_is_inside(rest, body));
	for (int i = 0; i < CALL_IDS_N; i++) {
		MUST(at_once.ids[i].has == by_field.ids[i].has);
		MUST(at_once.ids[i].id == by_field.ids[i].id);
	}
	free(copy);
}

static void check_call(struct bytes body)
{
	struct bytes rest = body;
	struct call call = { 0 };

	if (!call_read(&call, &rest))
		return;
	MUST(fuzz_is_inside(rest, body));
	check_ids(rest);
	if (!call.is_unclear)
		MUST(syscalls_exec(call.arch, call.number));
	(void)syscalls_arch(call.arch);
}

static void check_argv(struct bytes body)
{
	static struct argv *av;
	struct event *ev = event_create();
	struct bytes name, value;

	if (!av)
		av = argv_new();
	MUST(av && ev);
	while (record_next(&body, &name, &value))
		argv_field(av, name, value);
	argv_build(av, ev);
	MUST(ev->argc <= EVENT_ARGS_MAX);
	for (size_t i = 0; i < ev->argc; i++)
		fuzz_touch(ev->argv[i]);
	event_destroy(ev);
}

static void check(struct bytes line, const struct record *rec)
{
	MUST(fuzz_is_inside(rec->node, line));
	MUST(fuzz_is_inside(rec->type_name, line));
	MUST(fuzz_is_inside(rec->body, line));
	MUST(fuzz_is_inside(rec->enriched, line));
	MUST(!rec->body.len || rec->body.p[0] != ' ');
	MUST(rec->type == RECORD_OTHER ||
		bytes_equal(
			rec->type_name, bytes_of(record_type_name(rec->type))));
	check_fields(rec->body);
	check_fields(rec->enriched);
	check_call(rec->body);
	check_argv(rec->body);
}

static void check_same(const struct record *a, const struct record *b)
{
	MUST(a->time_ms == b->time_ms && a->serial == b->serial);
	MUST(a->type == b->type && bytes_equal(a->body, b->body));
	MUST(bytes_equal(a->node, b->node));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct record_memo memo;
	struct bytes line = fuzz_bytes(data, len);
	struct record rec, other;
	int rc = record_parse(line.p, line.len, NULL, &rec);

	MUST(record_parse(line.p, line.len, &memo, &other) == rc);
	if (rc == 0) {
		check_same(&rec, &other);
		MUST(record_parse(line.p, line.len, &memo, &other) == 0);
		check_same(&rec, &other);
		check(line, &rec);
	}
	check_fields(line);
	check_argv(line);
	return 0;
}
