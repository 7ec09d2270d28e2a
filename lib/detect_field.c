// SPDX-License-Identifier: GPL-3.0-or-later
/* What rows may ask of an event. */
#include "address.h"
#include "detect_state.h"
#include "invocation.h"
#include "message.h"
#include "network.h"
#include "record.h"
#include "text.h"

static const struct bytes none = { NULL, 0 };

static struct bytes yes_no(bool is_there, bool is_yes)
{
	return !is_there ? none : is_yes ? BYTES("yes") : BYTES("no");
}

static struct bytes number(struct detect *d, bool is_there, uint64_t v)
{
	if (!is_there)
		return none;
	str_reset(&d->text);
	str_addu(&d->text, v);
	return str_bytes(&d->text);
}

/* By its number, and by the name that auditd gave it. */
static struct bytes user(struct detect *d, const struct event_user *u, size_t i)
{
	if (i == 0)
		return u->id == EVENT_UNSET && u->has
			       ? BYTES("unset")
			       : number(d, u->has, u->id);
	return i == 1 ? u->name : none;
}

static struct bytes base_of(struct bytes path)
{
	return path.p ? invocation_base(path) : none;
}

#define GET(field)                                                             \
	static struct bytes get_##field(                                       \
		struct detect *d, struct event *ev, size_t i)
#define ONE(field, value)                                                      \
	GET(field)                                                             \
	{                                                                      \
		(void)d, (void)ev;                                             \
		return i ? none : (value);                                     \
	}

/* A program with several names has the one that it was called by in comm. */
GET(name)
{
	(void)d;
	return i == 0 ? base_of(ev->exe) : i == 1 ? ev->comm : none;
}

ONE(exe, ev->exe)
ONE(comm, ev->comm)
ONE(cwd, ev->cwd)
ONE(key, ev->key)
ONE(syscall, bytes_of(ev->syscall_name))
ONE(success, ev->kind == EVENT_MESSAGE
		     ? yes_no(ev->message.has_result, ev->message.is_success)
		     : yes_no(ev->has_success, ev->success))
ONE(tty, ev->tty)
ONE(node, ev->node)
ONE(container, ev->lineage.container)
ONE(parent,
	ev->lineage.n_ancestors ? base_of(ev->lineage.ancestors[0].exe) : none)
ONE(early, yes_no(ev->session.number != 0, ev->session.is_early))
ONE(session, bytes_of(ev->session.kind))
ONE(service, ev->session.service)
ONE(login, ev->session.user)
ONE(failed_before, number(d, true, ev->session.failed_before))
ONE(evt, bytes_of(ev->session.evt))
ONE(action, bytes_of(ev->session.action))
ONE(type, ev->message.type_name)
ONE(op, ev->message.op)
ONE(acct, ev->message.acct.p ? ev->message.acct : ev->message.id_name)
ONE(group, ev->message.group)
ONE(id, number(d, ev->message.has_id, ev->message.id))
ONE(unit, ev->message.unit)
ONE(external, yes_no(ev->kind == EVENT_NETWORK, ev->network.is_external))
ONE(first, yes_no(ev->kind == EVENT_NETWORK, ev->network.is_first))
ONE(port, number(d, ev->network.has_port, ev->network.port))
ONE(direction, ev->kind == EVENT_NETWORK
		       ? bytes_of(network_direction_name(ev->network.direction))
		       : none)
ONE(record, none)

GET(arg)
{
	(void)d;
	return i < ev->argc ? ev->argv[i] : none;
}

GET(last)
{
	(void)d;
	return i == 0 && ev->argc ? ev->argv[ev->argc - 1] : none;
}

GET(hidden)
{
	(void)d;
	return i < ev->n_layers ? ev->layers[i].text : none;
}

/* That was run: a script's, not its interpreter's. */
GET(file)
{
	(void)d;
	return i == 0 && ev->n_paths ? ev->paths[0].name : none;
}

/* With the folder that it is in, where the call said no more than a name. */
static struct bytes whole_path(
	struct detect *d, struct event *ev, struct bytes name)
{
	if (!name.len || name.p[0] == '/' || !ev->cwd.len)
		return name;
	str_reset(&d->path);
	str_addb(&d->path, ev->cwd);
	if (ev->cwd.p[ev->cwd.len - 1] != '/')
		str_addc(&d->path, '/');
	str_addb(&d->path, name);
	return event_copy(ev, str_bytes(&d->path));
}

/* The folders that a file came into or left say nothing. */
static bool is_parent(const struct event_path *path)
{
	return bytes_equal(
		record_field(path->record, BYTES("nametype")), BYTES("PARENT"));
}

/* Many rows ask for them: they are made once. */
static void make_paths(struct detect *d, struct event *ev)
{
	d->paths_event = d->event;
	d->n_paths = 0;
	for (size_t i = 0; i < ev->n_paths && i < EVENT_PATHS_MAX; i++)
		if (ev->paths[i].name.p && !is_parent(&ev->paths[i]))
			d->paths[d->n_paths++] =
				whole_path(d, ev, ev->paths[i].name);
}

GET(path)
{
	if (d->paths_event != d->event)
		make_paths(d, ev);
	return i < d->n_paths ? d->paths[i] : none;
}

GET(user)
{
	return user(d, &ev->uid, i);
}

GET(auser)
{
	return user(d, &ev->auid, i);
}

GET(euser)
{
	return user(d, &ev->euid, i);
}

GET(ancestor)
{
	(void)d;
	if (i >= ev->lineage.n_ancestors)
		return none;
	return ev->lineage.ancestors[i].exe.p
		       ? base_of(ev->lineage.ancestors[i].exe)
		       : BYTES("");
}

GET(category)
{
	(void)d;
	return i < ev->tags.n_categories ? ev->tags.categories[i] : none;
}

GET(payload)
{
	static const char *const roles[] = { [EVENT_PAYLOAD_CARRIES] =
						     "carries",
		[EVENT_PAYLOAD_DECODES] = "decodes",
		[EVENT_PAYLOAD_RUNS] = "runs",
		[EVENT_PAYLOAD_FOLLOWS] = "follows" };

	(void)d;
	return i ? none : bytes_of(roles[ev->payload.role]);
}

static struct bytes addr_of(const struct event *ev)
{
	if (ev->kind == EVENT_NETWORK)
		return ev->network.address;
	if (ev->session.addr.p || ev->kind != EVENT_MESSAGE)
		return ev->session.addr;
	return ev->message.addr.p ? ev->message.addr : ev->message.hostname;
}

ONE(addr, addr_of(ev))
ONE(class, bytes_of(address_class(addr_of(ev))))

static const struct {
	struct bytes name;
	struct bytes (*get)(struct detect *d, struct event *ev, size_t i);
	bool is_told;
} fields[DETECT_N_FIELDS] = {
#define FIELD(name, is_told) { BYTES(#name), get_##name, is_told },
#include "detect_fields.def"
#undef FIELD
};

enum detect_field detect_field_of(struct bytes name)
{
	int i = 0;

	while (i < DETECT_FIELD_record && !bytes_equal(fields[i].name, name))
		i++;
	return i < DETECT_FIELD_record ? (enum detect_field)i : DETECT_N_FIELDS;
}

void detect_field_names(struct str *out)
{
	for (int i = 0; i < DETECT_FIELD_record; i++) {
		str_addz(out, i ? ", " : "");
		str_addb(out, fields[i].name);
	}
}

bool detect_field_is_told(enum detect_field field)
{
	return fields[field].is_told;
}

struct bytes detect_value(struct detect *d, struct event *ev,
	enum detect_field field, struct bytes name, size_t i)
{
	struct bytes outer, inner, value;
	char *text;

	if (field != DETECT_FIELD_record)
		return fields[field].get(d, ev, i);
	if (i)
		return none;
	/* What programs say in msg='...' may look like anything. */
	message_split(ev->message.record, &outer, &inner);
	value = record_field(outer, name);
	if (!value.p)
		return none;
	str_reset(&d->text);
	text = str_room(&d->text, value.len);
	return text ? record_text(value, text) : none;
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

static bool is_one(
	const struct detect_test *t, struct bytes text, struct bytes value)
{
	uint64_t v;

	switch (t->op) {
	case DETECT_IS:
		return bytes_equal(text, value);
	case DETECT_BEGINS:
		return begins(text, value);
	case DETECT_ENDS:
		return ends(text, value);
	case DETECT_HAS:
		return !value.len || text_find(text, value) != NULL;
	case DETECT_LEAST:
		return text_u64(text, 10, &v) == 0 && v >= t->least;
	}
	return false;
}

bool detect_test_holds(struct detect *d, struct event *ev,
	const struct detect_rules *r, const struct detect_test *t)
{
	for (size_t i = 0;; i++) {
		struct bytes text = detect_value(d, ev, t->field, t->name, i);

		/* Programs have a path and no comm, or the other way round. */
		if (!text.p && !(i == 0 && t->field == DETECT_FIELD_name))
			return t->is_not;
		for (uint32_t k = 0; text.p && k < t->n; k++)
			if (is_one(t, text, r->values[t->first + k]))
				return !t->is_not;
	}
}
