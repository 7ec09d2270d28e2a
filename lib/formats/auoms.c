// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The line that AUOMS (OMS-Auditd-Plugin, branch MSTIC-Research) sends, field
 * for field, so that Sentinel's parsers and hunting queries read it unchanged.
 * They look for constants in order; so that no value can hold one of them, the
 * double quotes of names and the = of those constants are written as \x22 and
 * \x3D, where AUOMS itself escapes neither. subj= is always there, for the
 * parsers that want it.
 */
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

static void add_hex(struct str *out, char c)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char u = (unsigned char)c;
	char hex[4] = { '\\', 'x', digits[u >> 4], digits[u & 15] };

	str_add(out, hex, sizeof(hex));
}

/* Whether the = at i ends one of the constants that parsers look for behind
 * a value; those with a quote in them no value can hold anyway. */
static bool ends_constant(struct bytes b, size_t i)
{
	static const struct bytes constants[] = { BYTES("containerid"),
		BYTES("redactors"), BYTES("cmdline"), BYTES("proctitle") };

	for (size_t k = 0; k < sizeof(constants) / sizeof(constants[0]); k++)
		if (i >= constants[k].len &&
			!memcmp(b.p + i - constants[k].len, constants[k].p,
				constants[k].len))
			return true;
	return false;
}

/* The inside of a quoted value. */
static void escape(struct str *out, struct bytes b, bool keep_quotes)
{
	for (size_t i = 0; i < b.len; i++) {
		char c = b.p[i];

		if (c < 0x20 || c >= 0x7f || (c == '"' && !keep_quotes) ||
			(c == '=' && ends_constant(b, i)))
			add_hex(out, c);
		else
			str_addc(out, c);
	}
}

static void raw(struct str *out, const char *key, struct bytes value)
{
	if (!value.p)
		return;
	str_addc(out, ' ');
	str_addz(out, key);
	str_addc(out, '=');
	str_addb(out, value);
}

/* A label or id that no user chooses; still kept within the alphabet. */
static void bare(struct str *out, const char *key, struct bytes value)
{
	if (!value.p)
		return;
	raw(out, key, BYTES(""));
	escape(out, value, false);
}

static void quoted(struct str *out, const char *key, struct bytes value)
{
	if (!value.p) {
		raw(out, key, BYTES("(null)"));
		return;
	}
	raw(out, key, BYTES("\""));
	escape(out, value, false);
	str_addc(out, '"');
}

static void number(struct str *out, const char *key, long long value)
{
	raw(out, key, BYTES(""));
	str_addi(out, value);
}

/* A record's fields as written, and what auditd added to it. */
struct fields {
	struct bytes record, enriched;
};

static struct bytes field(const struct fields *f, const char *name)
{
	return record_field(f->record, bytes_of(name));
}

/* A user or group: user=NAME uid=N. Its name is auditd's, under the upper-case
 * key; without one it is unknown-uid(N) or unknown-gid(N). */
static void user(struct str *out, const char *name_key, const char *id_key,
	const struct fields *f, const char *enriched_key)
{
	bool is_group = strstr(id_key, "gid");
	struct bytes name = record_field(f->enriched, bytes_of(enriched_key));
	char decoded[256];
	uint64_t id;

	if (text_u64(field(f, id_key), 10, &id) < 0 || id > UINT32_MAX)
		id = EVENT_UNSET;
	if (name.len / 2 > sizeof(decoded))
		name.p = NULL;
	name = record_text(name, decoded);
	raw(out, name_key, BYTES(""));
	if (id == EVENT_UNSET)
		str_addz(out, "unset");
	else if (name.p && !text_find(name, BYTES("unknown")))
		escape(out, name, false);
	else if (id == 0)
		str_addz(out, "root");
	else
		str_addf(out, "unknown-%s(%u)", is_group ? "gid" : "uid",
			(unsigned int)id);
	number(out, id_key, (long long)id);
}

static void key(struct str *out, struct bytes value, struct str *scratch)
{
	bool is_hex = false;

	if (!value.p) {
		raw(out, "key", BYTES("(null)"));
		return;
	}
	str_reset(scratch);
	for (size_t i = 0; i < value.len; i++) {
		str_addc(scratch, value.p[i] == '\1' ? ',' : value.p[i]);
		is_hex |= value.p[i] <= 0x20 || value.p[i] >= 0x7f ||
			  value.p[i] == '"';
	}
	bare(out, "key", str_bytes(scratch));
	raw(out, "key_r", BYTES(""));
	if (!is_hex) {
		str_addc(out, '"');
		escape(out, value, false);
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
	raw(out, "mode", BYTES(""));
	if (text_u64(value, 8, &bits) < 0) {
		escape(out, value, false);
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
	struct fields f = { ev->paths[0].record, ev->path_enriched };
	struct bytes type = field(&f, "nametype");

	quoted(out, "name", ev->paths[0].name);
	bare(out, "inode", field(&f, "inode"));
	bare(out, "dev", field(&f, "dev"));
	mode(out, field(&f, "mode"));
	if (field(&f, "ouid").p)
		user(out, "o_user", "ouid", &f, "OUID");
	if (field(&f, "ogid").p)
		user(out, "owner_group", "ogid", &f, "OGID");
	bare(out, "rdev", field(&f, "rdev"));
	bare(out, "obj", field(&f, "obj"));
	bare(out, "nametype", type.p ? type : field(&f, "objtype"));
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		bare(out, rest[i], field(&f, rest[i]));
}

/* path_name=["..",".."] and the like, one array for each of their fields. */
static void path_array(struct str *out, const char *key, const char *name,
	const struct event *ev)
{
	raw(out, key, BYTES("["));
	for (size_t i = 0; i < ev->n_paths; i++) {
		struct bytes v = record_field(
			ev->paths[i].record, bytes_of(name ? name : ""));

		if (!name)
			v = ev->paths[i].name;
		str_addz(out, i ? ",\"" : "\"");
		if (v.p)
			escape(out, v, false);
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
	struct fields f = { ev->syscall_record, ev->syscall_enriched };

	raw(out, "arch", bytes_of(ev->arch_name ? ev->arch_name : "unknown"));
	raw(out, "syscall",
		bytes_of(ev->syscall_name ? ev->syscall_name : "execve"));
	bare(out, "syscall_r", field(&f, "syscall"));
	if (ev->has_success)
		raw(out, "success", bytes_of(ev->success ? "yes" : "no"));
	if (ev->has_exit)
		number(out, "exit", ev->exit);
	bare(out, "a0", field(&f, "a0"));
	bare(out, "a1", field(&f, "a1"));
	bare(out, "a2", field(&f, "a2"));
	bare(out, "a3", field(&f, "a3"));
	number(out, "ppid", ev->ppid);
	number(out, "pid", ev->pid);
	user(out, "audit_user", "auid", &f, "AUID");
	user(out, "user", "uid", &f, "UID");
	user(out, "group", "gid", &f, "GID");
	user(out, "effective_user", "euid", &f, "EUID");
	user(out, "set_user", "suid", &f, "SUID");
	user(out, "filesystem_user", "fsuid", &f, "FSUID");
	user(out, "effective_group", "egid", &f, "EGID");
	user(out, "set_group", "sgid", &f, "SGID");
	user(out, "filesystem_group", "fsgid", &f, "FSGID");
	bare(out, "tty", ev->tty.p ? ev->tty : BYTES("(none)"));
	if (ev->has_ses && ev->ses != EVENT_UNSET)
		number(out, "ses", ev->ses);
	else
		raw(out, "ses", BYTES("\"-1\""));
	quoted(out, "comm", ev->comm);
	quoted(out, "exe", ev->exe);
	bare(out, "subj", label_of(ev->syscall_record));
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
	escape(out, str_bytes(scratch), true);
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
	quoted(out, "proctitle", str_bytes(scratch));
}

static bool render(
	struct str *out, const struct event *ev, const struct format_job *job)
{
	static const struct bytes last = BYTES(" containerid=");
	size_t start = out->len, used;
	char id[FORMAT_ID_MAX];
	bool was_cut = false;

	format_id(id, ev->time_ms, ev->serial);
	str_addf(out, "type=AUOMS_%s audit(%s):",
		ev->has_syscall ? "EXECVE" : "SYSCALL_FRAGMENT", id);
	if (ev->has_syscall)
		call(out, ev, job->scratch);
	if (ev->cwd.p)
		quoted(out, "cwd", ev->cwd);
	paths(out, ev);
	used = out->len - start + last.len +
	       sizeof(" argc=1048576 cmdline=\"\"");
	if (ev->has_execve)
		was_cut = command(out, ev, job->scratch,
			job->line_max > used ? job->line_max - used : 0);
	else
		proctitle(out, ev, job->scratch);
	str_addb(out, last);
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
	bool was_cut = render(out, ev, job);

	if (out->len - start <= job->line_max)
		return was_cut;
	out->len = start;
	render_short(out, ev, job, NAME_KEPT);
	if (out->len - start > job->line_max) {
		out->len = start;
		render_short(out, ev, job, NAME_KEPT_MIN);
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
