// SPDX-License-Identifier: GPL-3.0-or-later
#include "call.h"

#include "event.h"
#include "record.h"
#include "syscalls.h"
#include "text.h"

bool call_read(struct call *call, struct bytes *rest)
{
	struct bytes name, value;
	uint64_t arch = 0;
	bool has_number = false;

	while (record_next(rest, &name, &value)) {
		/* a0 to a3 */
		if (name.len == 2)
			continue;
		if (bytes_equal(name, BYTES("arch"))) {
			call->is_unclear = text_u64(value, 16, &arch) < 0;
			call->arch = (uint32_t)arch;
		} else if (bytes_equal(name, BYTES("syscall"))) {
			has_number = text_u64(value, 10, &call->number) == 0;
		} else if (bytes_equal(name, BYTES("success"))) {
			call->has_success = true;
			call->is_success = bytes_equal(value, BYTES("yes"));
		} else if (bytes_equal(name, BYTES("exit"))) {
			call->has_exit = text_i64(value, &call->exit) == 0;
		} else if (bytes_equal(name, BYTES("items"))) {
			/* Damaged, it announces none. */
			(void)!text_u64(value, 10, &call->items);
			break;
		}
	}
	call->is_unclear |= !has_number || !syscalls_arch(call->arch);
	return call->is_unclear || syscalls_exec(call->arch, call->number);
}

/* The kernel writes these before whatever others name. */
static const struct id_row {
	struct bytes name;
	enum call_id id; /* CALL_IDS_N: none */
} id_rows[] = {
	{ BYTES("ppid"), CALL_PPID },
	{ BYTES("pid"), CALL_PID },
	{ BYTES("auid"), CALL_AUID },
	{ BYTES("uid"), CALL_UID },
	{ BYTES("gid"), CALL_GID },
	{ BYTES("euid"), CALL_EUID },
	{ BYTES("suid"), CALL_IDS_N },
	{ BYTES("fsuid"), CALL_IDS_N },
	{ BYTES("egid"), CALL_IDS_N },
	{ BYTES("sgid"), CALL_IDS_N },
	{ BYTES("fsgid"), CALL_IDS_N },
	{ BYTES("tty"), CALL_IDS_N },
	{ BYTES("ses"), CALL_SES },
};

#define N_ROWS (sizeof(id_rows) / sizeof(id_rows[0]))

static const struct id_row *find_row(struct bytes name)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (bytes_equal(id_rows[i].name, name))
			return &id_rows[i];
	return NULL;
}

static struct call_id_value value_of(struct bytes text)
{
	uint64_t v;

	if (text_u64(text, 10, &v) < 0 || v > UINT32_MAX)
		return (struct call_id_value){ .id = EVENT_UNSET };
	return (struct call_id_value){ .has = true, .id = (uint32_t)v };
}

/* Where its value begins, if the text begins with the name. */
static const char *behind_name(
	const char *p, const char *end, const struct id_row *row)
{
	size_t n = 0;

	if ((size_t)(end - p) <= row->name.len)
		return NULL;
	while (n < row->name.len && p[n] == row->name.p[n])
		n++;
	return n == row->name.len && p[n] == '=' ? p + n + 1 : NULL;
}

/* All of them as the kernel writes them, with a blank behind each, which is
 * nearly always so. False: no such thing, and nothing was taken. */
static bool read_all(struct call *call, struct bytes *rest)
{
	struct call_id_value ids[CALL_IDS_N + 1];
	const char *p = rest->p, *end;

	if (!rest->len)
		return false;
	end = p + rest->len;
	for (const struct id_row *row = id_rows; row < id_rows + N_ROWS;
		row++) {
		const char *from = behind_name(p, end, row);
		uint64_t v = 0;

		if (!from)
			return false;
		for (p = from; p < end && *p >= '0' && *p <= '9'; p++)
			v = v * 10 + (uint64_t)(*p - '0');
		if (row->id == CALL_IDS_N)
			while (p < end && *p != ' ')
				p++;
		else if (p == from || p - from > 10 || v > UINT32_MAX)
			return false;
		if (p == end || *p++ != ' ')
			return false;
		ids[row->id] = (struct call_id_value){ true, (uint32_t)v };
	}
	memcpy(call->ids, ids, sizeof(call->ids));
	*rest = (struct bytes){ p, (size_t)(end - p) };
	return true;
}

void call_read_ids(struct call *call, struct bytes *rest)
{
	struct bytes at = *rest, name, value;
	unsigned int seen = 1u << CALL_IDS_N;
	bool is_first = true;

	if (read_all(call, rest))
		return;
	while (record_next(&at, &name, &value)) {
		const struct id_row *row = find_row(name);

		if (row && !(seen >> row->id & 1)) {
			call->ids[row->id] = value_of(value);
			seen |= 1u << row->id;
		}
		is_first &= row != NULL;
		if (is_first)
			*rest = at;
	}
}
