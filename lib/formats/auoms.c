// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The line that AUOMS (OMS-Auditd-Plugin, branch MSTIC-Research) sends, field
 * for field, so that Sentinel's parsers and hunting queries read it unchanged.
 * They look for constants in order; so that no value can hold one of them, the
 * double quotes of names and the = of those constants are written as \x22 and
 * \x3D, where AUOMS itself escapes neither. subj= is always there, for the
 * parsers that want it.
 */
#include "auoms_field.h"
#include "cmdline.h"
#include "event.h"
#include "format.h"
#include "line.h"
#include "record.h"
#include "text.h"

/* What a cut command line keeps at least. */
#define CMDLINE_MIN 128
/* In a line that is too long even so: what is kept of a name, in bytes, at
 * the first and at the second try, and how many names. */
#define NAME_KEPT     160
#define NAME_KEPT_MIN 24
#define NAMES_KEPT    3

static struct bytes field(const struct auoms_fields *f, const char *name)
{
	return record_field(f->record, bytes_of(name));
}

static void key(struct str *out, struct bytes value, struct str *scratch)
{
	bool is_hex = false;

	if (!value.p) {
		auoms_raw(out, "key", BYTES("(null)"));
		return;
	}
	str_reset(scratch);
	for (size_t i = 0; i < value.len; i++) {
		str_addc(scratch, value.p[i] == '\1' ? ',' : value.p[i]);
		is_hex |= value.p[i] <= 0x20 || value.p[i] >= 0x7f ||
			  value.p[i] == '"';
	}
	auoms_bare(out, "key", str_bytes(scratch));
	auoms_raw(out, "key_r", BYTES(""));
	if (!is_hex) {
		str_addc(out, '"');
		auoms_escape(out, value, false);
		str_addc(out, '"');
		return;
	}
	for (size_t i = 0; i < value.len; i++)
		str_addf(out, "%02X", (unsigned char)value.p[i]);
}

/* An LSM's label may have blanks in it; it ends where key= begins. */
static struct bytes label_of(struct bytes record)
{
	struct bytes label = { text_find(record, BYTES(" subj=")), 0 };
	const char *end;

	if (!label.p)
		return BYTES("?");
	label.p += sizeof(" subj=") - 1;
	label.len = (size_t)(record.p + record.len - label.p);
	end = text_find(label, BYTES(" key="));
	if (end)
		label.len = (size_t)(end - label.p);
	return label;
}

static const char *file_type(uint64_t mode)
{
	switch (mode >> 12) {
	case 001:
		return "fifo";
	case 002:
		return "character";
	case 004:
		return "dir";
	case 006:
		return "block";
	case 010:
		return "file";
	case 012:
		return "link";
	case 014:
		return "socket";
	}
	return NULL;
}

static void mode(struct str *out, struct bytes value)
{
	uint64_t bits;

	if (!value.p)
		return;
	auoms_raw(out, "mode", BYTES(""));
	if (text_u64(value, 8, &bits) < 0) {
		auoms_escape(out, value, false);
		return;
	}
	if (file_type(bits))
		str_addz(out, file_type(bits));
	else
		str_addf(out, "%03llo", (unsigned long long)(bits >> 12));
	if (bits & 04000)
		str_addz(out, ",suid");
	if (bits & 02000)
		str_addz(out, ",sgid");
	if (bits & 01000)
		str_addz(out, ",sticky");
	str_addf(out, ",%03llo", (unsigned long long)(bits & 0777));
}

static void first_path(struct str *out, const struct event *ev)
{
	static const char *const rest[] = { "cap_fp", "cap_fi", "cap_fe",
		"cap_fver", "cap_frootid" };
	struct auoms_fields f = { ev->paths[0].record, ev->path_enriched };
	struct bytes type = field(&f, "nametype");

	auoms_quoted(out, "name", ev->paths[0].name);
	auoms_bare(out, "inode", field(&f, "inode"));
	auoms_bare(out, "dev", field(&f, "dev"));
	mode(out, field(&f, "mode"));
	if (field(&f, "ouid").p)
		auoms_user(out, "o_user", "ouid", &f, "OUID");
	if (field(&f, "ogid").p)
		auoms_user(out, "owner_group", "ogid", &f, "OGID");
	auoms_bare(out, "rdev", field(&f, "rdev"));
	auoms_bare(out, "obj", field(&f, "obj"));
	auoms_bare(out, "nametype", type.p ? type : field(&f, "objtype"));
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		auoms_bare(out, rest[i], field(&f, rest[i]));
}

/* path_name=["..",".."] and the like, one array for each of their fields. */
static void path_array(struct str *out, const char *key, const char *name,
	const struct event *ev)
{
	auoms_raw(out, key, BYTES("["));
	for (size_t i = 0; i < ev->n_paths; i++) {
		struct bytes v = record_field(
			ev->paths[i].record, bytes_of(name ? name : ""));

		if (!name)
			v = ev->paths[i].name;
		str_addz(out, i ? ",\"" : "\"");
		if (v.p)
			auoms_escape(out, v, false);
		str_addc(out, '"');
	}
	str_addc(out, ']');
}

static void paths(struct str *out, const struct event *ev)
{
	if (!ev->n_paths)
		return;
	first_path(out, ev);
	path_array(out, "path_name", NULL, ev);
	path_array(out, "path_nametype", "nametype", ev);
	path_array(out, "path_mode", "mode", ev);
	path_array(out, "path_ouid", "ouid", ev);
	path_array(out, "path_ogid", "ogid", ev);
}

static void call(struct str *out, const struct event *ev, struct str *scratch)
{
	struct auoms_fields f = { ev->syscall_record, ev->syscall_enriched };

	auoms_raw(out, "arch",
		bytes_of(ev->arch_name ? ev->arch_name : "unknown"));
	auoms_raw(out, "syscall",
		bytes_of(ev->syscall_name ? ev->syscall_name : "execve"));
	auoms_bare(out, "syscall_r", field(&f, "syscall"));
	if (ev->has_success)
		auoms_raw(out, "success", bytes_of(ev->success ? "yes" : "no"));
	if (ev->has_exit)
		auoms_number(out, "exit", ev->exit);
	auoms_bare(out, "a0", field(&f, "a0"));
	auoms_bare(out, "a1", field(&f, "a1"));
	auoms_bare(out, "a2", field(&f, "a2"));
	auoms_bare(out, "a3", field(&f, "a3"));
	auoms_number(out, "ppid", ev->ppid);
	auoms_number(out, "pid", ev->pid);
	auoms_user(out, "audit_user", "auid", &f, "AUID");
	auoms_user(out, "user", "uid", &f, "UID");
	auoms_user(out, "group", "gid", &f, "GID");
	auoms_user(out, "effective_user", "euid", &f, "EUID");
	auoms_user(out, "set_user", "suid", &f, "SUID");
	auoms_user(out, "filesystem_user", "fsuid", &f, "FSUID");
	auoms_user(out, "effective_group", "egid", &f, "EGID");
	auoms_user(out, "set_group", "sgid", &f, "SGID");
	auoms_user(out, "filesystem_group", "fsgid", &f, "FSGID");
	auoms_bare(out, "tty", ev->tty.p ? ev->tty : BYTES("(none)"));
	if (ev->has_ses && ev->ses != EVENT_UNSET)
		auoms_number(out, "ses", ev->ses);
	else
		auoms_raw(out, "ses", BYTES("\"-1\""));
	auoms_quoted(out, "comm", ev->comm);
	auoms_quoted(out, "exe", ev->exe);
	auoms_bare(out, "subj", label_of(ev->syscall_record));
	key(out, ev->key, scratch);
}

/* argv, or what stands in for it, between quotes; cut in its middle to room
 * bytes. True: it was cut. */
static bool command(struct str *out, const struct event *ev,
	struct str *scratch, size_t room)
{
	size_t start, half = (room > CMDLINE_MIN ? room : CMDLINE_MIN) / 2;
	size_t len, tail;

	str_reset(scratch);
	cmdline_auoms(scratch, ev);
	str_addf(out, " argc=%zu cmdline=\"", ev->argc);
	start = out->len;
	auoms_escape(out, str_bytes(scratch), true);
	len = out->len - start;
	str_addc(out, '"');
	if (len <= 2 * half)
		return false;
	/* <...> is what AUOMS puts where pieces are missing. */
	tail = out->len - 1 - (half - 5);
	memmove(out->p + start + half + 5, out->p + tail, half - 4);
	memcpy(out->p + start + half, CMDLINE_LOST, 5);
	out->len = start + 2 * half + 1;
	return true;
}

static void proctitle(
	struct str *out, const struct event *ev, struct str *scratch)
{
	str_reset(scratch);
	record_add_text(scratch, ev->proctitle);
	for (size_t i = 0; i < scratch->len; i++)
		if (!scratch->p[i])
			scratch->p[i] = ' ';
	auoms_quoted(out, "proctitle", str_bytes(scratch));
}

/* As AUOMS reads it, but for the port, which it shows in network order. */
static void saddr(struct str *out, const struct event *ev)
{
	const struct event_network *n = &ev->network;
	struct bytes raw = record_field(n->record, BYTES("saddr"));
	bool is_path = n->family && !strcmp(n->family, "unix");

	if (!n->family || !raw.p)
		return;
	str_addf(out, " saddr={ fam=%s", n->family);
	if (n->address.p) {
		str_addz(out, is_path ? " path=" : " laddr=");
		auoms_escape(out, n->address, false);
	}
	if (n->has_port)
		str_addf(out, " lport=%u", n->port);
	str_addz(out, " }");
	auoms_bare(out, "saddr_r", raw);
}

static const struct bytes last = BYTES(" containerid=");

/* Bare, so that a name has to look like one. */
static struct bytes container_of(const struct event *ev)
{
	struct bytes id = ev->lineage.container;

	for (size_t i = 0; i < id.len; i++)
		if (!strchr("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_.-"
			    "abcdefghijklmnopqrstuvwxyz",
			    id.p[i]) ||
			!id.p[i])
			return BYTES("");
	return id;
}

/* AUOMS has it behind cmdline, where the parsers that want containerid= there
 * would lose the line; in front of everything it is in nobody's way. */
static void redactors(struct str *out, const struct event *ev)
{
	const struct event_redacted *r = &ev->redacted;

	for (size_t i = 0; i < r->n_rules; i++) {
		str_addz(out, i ? "," : " redactors=");
		auoms_escape(out, r->rules[i], false);
	}
}

static const char *record_name(const struct event *ev)
{
	if (!ev->has_syscall)
		return "SYSCALL_FRAGMENT";
	return ev->kind == EVENT_NETWORK ? "SYSCALL" : "EXECVE";
}

static bool render(
	struct str *out, const struct event *ev, const struct format_job *job)
{
	struct bytes container = container_of(ev);
	size_t start = out->len, used;
	char id[FORMAT_ID_MAX];
	bool was_cut = false;

	format_id(id, ev->time_ms, ev->serial);
	str_addf(out, "type=AUOMS_%s audit(%s):", record_name(ev), id);
	redactors(out, ev);
	if (ev->has_syscall)
		call(out, ev, job->scratch);
	if (ev->cwd.p)
		auoms_quoted(out, "cwd", ev->cwd);
	paths(out, ev);
	saddr(out, ev);
	used = out->len - start + last.len + container.len +
	       sizeof(" argc=1048576 cmdline=\"\"");
	if (ev->has_execve)
		was_cut = command(out, ev, job->scratch,
			job->line_max > used ? job->line_max - used : 0);
	else
		proctitle(out, ev, job->scratch);
	str_addb(out, last);
	str_addb(out, container);
	return was_cut;
}

struct short_name {
	char text[NAME_KEPT + sizeof(CMDLINE_LOST)];
};

static void shorten(struct bytes *b, struct short_name *to, size_t kept)
{
	static const struct bytes lost = BYTES(CMDLINE_LOST);
	size_t half = kept / 2;

	if (b->len <= kept + lost.len)
		return;
	memcpy(to->text, b->p, half);
	memcpy(to->text + half, lost.p, lost.len);
	memcpy(to->text + half + lost.len, b->p + b->len - half, half);
	*b = (struct bytes){ to->text, kept + lost.len };
}

static void render_short(struct str *out, const struct event *ev,
	const struct format_job *job, size_t kept)
{
	struct short_name names[NAMES_KEPT + 4];
	struct event_path few[NAMES_KEPT];
	struct event brief = *ev;

	if (brief.n_paths > NAMES_KEPT)
		brief.n_paths = NAMES_KEPT;
	for (size_t i = 0; i < brief.n_paths; i++) {
		few[i] = ev->paths[i];
		shorten(&few[i].name, &names[i], kept);
	}
	brief.paths = few;
	shorten(&brief.exe, &names[NAMES_KEPT], kept);
	shorten(&brief.cwd, &names[NAMES_KEPT + 1], kept);
	shorten(&brief.comm, &names[NAMES_KEPT + 2], kept);
	shorten(&brief.key, &names[NAMES_KEPT + 3], kept);
	render(out, &brief, job);
}

static bool event(
	const struct event *ev, const struct format_job *job, struct str *out)
{
	size_t start = out->len;
	bool was_cut;

	/* AUOMS has no word for these, and its readers would count one event.
	 */
	if (ev->repeat.count || ev->is_late || ev->told ||
		ev->kind == EVENT_TYPED)
		return line_event(&hunt_writer, ev, job, out);
	if (ev->kind == EVENT_MESSAGE)
		return auoms_message(ev, job, out);
	was_cut = render(out, ev, job);

	if (out->len - start <= job->line_max)
		return was_cut;
	out->len = start;
	render_short(out, ev, job, NAME_KEPT);
	if (out->len - start > job->line_max) {
		out->len = start;
		render_short(out, ev, job, NAME_KEPT_MIN);
	}
	/* Records as no kernel writes them. */
	if (out->len - start > job->line_max) {
		str_cut(out, start + job->line_max - last.len);
		str_addb(out, last);
	}
	return true;
}

static void status(const struct format_job *job, struct str *out)
{
	line_status(&hunt_writer, job, out);
}

const struct format format_auoms = {
	.name = "auoms",
	.ident = "auoms",
	.is_user_info = true,
	.is_long = true,
	.event = event,
	.status = status,
};
