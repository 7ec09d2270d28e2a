// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter.h"

#include "event.h"
#include "filter_rows.h"
#include "pattern.h"
#include "text.h"

#include <stdlib.h>

/* Of a command line that is longer, the rest is not looked at: rows are many,
 * and who filters by what stands there filters by what anyone may write. */
#define COMMAND_MAX (64 * 1024)
/* What is kept from one event to the next. */
#define KEEP_BYTES 4096

struct filter {
	struct pattern_matcher *matcher;
	struct str command;
	bool has_command; /* of this event */
};

struct filter *filter_new(void)
{
	struct filter *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	str_init(&f->command, COMMAND_MAX);
	f->matcher = pattern_matcher_new();
	if (f->matcher)
		return f;
	free(f);
	return NULL;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	pattern_matcher_free(f->matcher);
	str_fini(&f->command);
	free(f);
}

static struct bytes command_of(struct filter *f, const struct event *ev)
{
	if (!ev->has_execve)
		return (struct bytes){ NULL, 0 };
	if (!f->has_command)
		str_reset(&f->command);
	for (size_t i = 0; i < ev->argc && !f->has_command; i++) {
		size_t room = COMMAND_MAX - f->command.len;
		size_t len = ev->argv[i].len;

		if (i && room)
			str_addc(&f->command, ' ');
		room -= i && room;
		str_add(&f->command, ev->argv[i].p, len < room ? len : room);
		if (len > room)
			break;
	}
	f->has_command = true;
	return str_bytes(&f->command);
}

static struct bytes text_of(
	struct filter *f, const struct event *ev, enum filter_field field)
{
	struct bytes none = { NULL, 0 };

	switch (field) {
	case FILTER_EXE:
		return ev->exe;
	case FILTER_COMM:
		return ev->comm;
	case FILTER_CMD:
		return command_of(f, ev);
	case FILTER_CWD:
		return ev->cwd;
	case FILTER_TTY:
		return ev->tty;
	case FILTER_KEY:
		return ev->key;
	case FILTER_NODE:
		return ev->node;
	case FILTER_SYSCALL:
		return bytes_of(ev->syscall_name);
	case FILTER_SUCCESS:
		return !ev->has_success ? none
		       : ev->success    ? BYTES("yes")
					: BYTES("no");
	case FILTER_PARENT:
		return ev->lineage.n_ancestors ? ev->lineage.ancestors[0].exe
					       : none;
	case FILTER_CONTAINER:
		return ev->lineage.container;
	default:
		return none;
	}
}

static const struct event_user *user_of(
	const struct event *ev, enum filter_field field)
{
	return field == FILTER_USER    ? &ev->uid
	       : field == FILTER_AUSER ? &ev->auid
	       : field == FILTER_GROUP ? &ev->gid
				       : NULL;
}

static bool begins(struct bytes text, struct bytes with)
{
	return text.len >= with.len && !memcmp(text.p, with.p, with.len);
}

static bool ends(struct bytes text, struct bytes with)
{
	return text.len >= with.len &&
	       !memcmp(text.p + text.len - with.len, with.p, with.len);
}

static bool text_holds(
	struct filter *f, const struct filter_test *t, struct bytes text)
{
	struct bytes value = str_bytes(&t->value);

	if (!text.p)
		return t->op == FILTER_NOT;
	switch (t->op) {
	case FILTER_IS:
		return bytes_equal(text, value);
	case FILTER_NOT:
		return !bytes_equal(text, value);
	case FILTER_BEGINS:
		return begins(text, value);
	case FILTER_ENDS:
		return ends(text, value);
	case FILTER_HAS:
		return text_find(text, value) != NULL;
	case FILTER_MATCHES:
		return pattern_matcher_run(f->matcher, t->code, text, 0,
			       text.len) == PATTERN_FOUND;
	}
	return false;
}

/* Of any that is near enough; != wants it of none. */
static bool ancestor_holds(struct filter *f, const struct filter_test *t,
	const struct event *ev, uint32_t depth)
{
	size_t n = ev->lineage.n_ancestors;
	bool is_not = t->op == FILTER_NOT, has = false;

	for (size_t i = 0; i < n && i < depth && has == false; i++)
		if (ev->lineage.ancestors[i].exe.p)
			has = text_holds(f, t, ev->lineage.ancestors[i].exe) !=
			      is_not;
	return has != is_not;
}

static bool holds(struct filter *f, const struct filter_test *t,
	const struct event *ev, uint32_t depth)
{
	const struct event_user *u = user_of(ev, t->field);

	if (t->field == FILTER_ANCESTOR)
		return ancestor_holds(f, t, ev, depth);
	if (!u)
		return text_holds(f, t, text_of(f, ev, t->field));
	if (!t->is_number)
		return text_holds(f, t, u->name);
	return (u->has && u->id == t->number) == (t->op == FILTER_IS);
}

void filter_run(
	struct filter *f, struct event *ev, const struct filter_rules *r)
{
	f->has_command = false;
	ev->filters = 0;
	for (size_t i = 0; i < r->n_rows; i++) {
		const struct filter_row *row = &r->rows[i];
		uint64_t bit = UINT64_C(1) << row->name;
		size_t n = 0;

		if (ev->filters & bit || ev->score.total >= row->below)
			continue;
		while (n < row->n_tests &&
			holds(f, &r->tests[row->first_test + n], ev,
				row->depth))
			n++;
		if (n == row->n_tests)
			ev->filters |= bit;
	}
	str_shrink(&f->command, KEEP_BYTES);
}
