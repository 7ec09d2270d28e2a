// SPDX-License-Identifier: GPL-3.0-or-later
/* How AUOMS writes a field, by what it is. */
#include "auoms_field.h"

#include "event.h"
#include "record.h"
#include "text.h"

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
void auoms_escape(struct str *out, struct bytes b, bool keep_quotes)
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

void auoms_raw(struct str *out, const char *key, struct bytes value)
{
	if (!value.p)
		return;
	str_addc(out, ' ');
	str_addz(out, key);
	str_addc(out, '=');
	str_addb(out, value);
}

/* A label or id that no user chooses; still kept within the alphabet. */
void auoms_bare(struct str *out, const char *key, struct bytes value)
{
	if (!value.p)
		return;
	auoms_raw(out, key, BYTES(""));
	auoms_escape(out, value, false);
}

void auoms_quoted(struct str *out, const char *key, struct bytes value)
{
	if (!value.p) {
		auoms_raw(out, key, BYTES("(null)"));
		return;
	}
	auoms_raw(out, key, BYTES("\""));
	auoms_escape(out, value, false);
	str_addc(out, '"');
}

void auoms_number(struct str *out, const char *key, long long value)
{
	auoms_raw(out, key, BYTES(""));
	str_addi(out, value);
}

static struct bytes field(const struct auoms_fields *f, const char *name)
{
	return record_field(f->record, bytes_of(name));
}

/* A user or group: user=NAME uid=N. Its name is auditd's, under the upper-case
 * key; without one it is unknown-uid(N) or unknown-gid(N). */
void auoms_user(struct str *out, const char *name_key, const char *id_key,
	const struct auoms_fields *f, const char *enriched_key)
{
	bool is_group = strstr(id_key, "gid");
	struct bytes name = record_field(f->enriched, bytes_of(enriched_key));
	char decoded[256];
	uint64_t id;

	if (text_u64(field(f, id_key), 10, &id) < 0 || id > UINT32_MAX)
		id = EVENT_UNSET;
	if (name.len / 2 > sizeof(decoded))
		name = (struct bytes){ NULL, 0 };
	name = record_text(name, decoded);
	auoms_raw(out, name_key, BYTES(""));
	if (id == EVENT_UNSET)
		str_addz(out, "unset");
	else if (name.p && !text_find(name, BYTES("unknown")))
		auoms_escape(out, name, false);
	else if (id == 0)
		str_addz(out, "root");
	else
		str_addf(out, "unknown-%s(%u)", is_group ? "gid" : "uid",
			(unsigned int)id);
	auoms_number(out, id_key, (long long)id);
}
