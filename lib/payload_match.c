// SPDX-License-Identifier: GPL-3.0-or-later
/* A suspect's commands and files, as hashes. */
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "payload_state.h"
#include "shell.h"

/* A holder's command line, to find the files in. */
#define HOLDER_MAX 65536

/* Fixed: rows of the state are made by it. */
static const uint64_t word_seed[2] = { 0x776f726473206f66ULL,
	0x2070617965720a21ULL };

uint64_t payload_hash(struct bytes b)
{
	return map_siphash(word_seed, b.p ? b.p : "", b.len);
}

static struct bytes trimmed(struct bytes b)
{
	while (b.len && (b.p[b.len - 1] == '\n' || b.p[b.len - 1] == ' '))
		b.len--;
	return b;
}

/* Words by what a command is given: the program by its base name. */
static uint64_t add_word(uint64_t sum, struct bytes word)
{
	return (sum ^ payload_hash(word)) * UINT64_C(0x100000001b3) + 1;
}

static void read_command(const struct payload_table *t, struct bytes name,
	const struct shell_command *c, struct payload_command *to)
{
	uint64_t sum = add_word(0, name);
	bool is_known = true;

	*to = (struct payload_command){ .name = payload_hash(name),
		.n = (uint32_t)(c->first + c->n - c->name) };
	for (size_t i = c->name + 1; i < c->first + c->n; i++) {
		const struct shell_word *w = shell_word(t->shell, i);

		is_known &= !w->is_opaque;
		sum = add_word(sum, w->text);
	}
	to->all = is_known ? sum : 0;
}

void payload_set_text(struct payload_suspect *s, struct bytes text)
{
	size_t len;

	text = trimmed(text);
	len = text.len;
	if (text.len > PAYLOAD_TEXT_MAX)
		text.len = PAYLOAD_TEXT_MAX;
	payload_put_text(s, text, len);
}

void payload_drop_suspect(struct payload_suspect *s)
{
	free(s->text);
	free(s->commands);
}

void payload_put_text(
	struct payload_suspect *s, struct bytes beginning, size_t len)
{
	free(s->text);
	s->text = beginning.len ? malloc(beginning.len) : NULL;
	s->text_len = s->text ? len : 0;
	if (s->text)
		memcpy(s->text, beginning.p, beginning.len);
}

struct bytes payload_text_of(const struct payload_suspect *s)
{
	return (struct bytes){ s->text, s->text_len < PAYLOAD_TEXT_MAX
						? s->text_len
						: PAYLOAD_TEXT_MAX };
}

/* Few suspects have somebody below them, so the others need no reading. */
static void read_commands(struct payload_table *t, struct payload_suspect *s)
{
	size_t n;

	s->is_read = true;
	s->commands = calloc(PAYLOAD_COMMANDS_MAX, sizeof(*s->commands));
	if (!s->commands)
		return;
	shell_read(t->shell, payload_text_of(s));
	n = shell_n_commands(t->shell);
	for (size_t i = 0; i < n && s->n_commands < PAYLOAD_COMMANDS_MAX; i++) {
		const struct shell_command *c = shell_command(t->shell, i);
		struct bytes name;

		if (c->name >= c->first + c->n)
			continue;
		name = shell_word(t->shell, c->name)->text;
		if (name.len)
			read_command(t, invocation_base(name), c,
				&s->commands[s->n_commands++]);
	}
}

static uint64_t all_of(struct bytes base, const struct event *ev)
{
	uint64_t sum = add_word(0, base);

	for (size_t i = 1; i < ev->argc; i++)
		sum = add_word(sum, ev->argv[i]);
	return sum;
}

/* What a script says in plain words is its own, though it decodes the like. */
static bool is_plain(const struct payload_suspect *s, uint64_t all)
{
	for (size_t i = 0; i < s->n_plain; i++)
		if (s->plain[i] == all)
			return true;
	return false;
}

/* Whether a command of the suspect's could be the event's, but for the words
 * that follow the program. */
static bool may_be(const struct payload_command *c, uint64_t name,
	const struct event *ev, bool is_whole)
{
	if (c->name != name)
		return false;
	return (!c->all && !is_whole) ||
	       (c->n == ev->argc && !(is_whole && c->n < 2));
}

bool payload_is_command(struct payload_table *t, struct payload_suspect *s,
	const struct event *ev, bool is_whole)
{
	struct bytes base = invocation_base(ev->argv[0]);
	uint64_t name = payload_hash(base), all = 0;
	bool has_all = false;

	if (!s->is_read)
		read_commands(t, s);
	for (size_t i = 0; i < s->n_commands; i++) {
		const struct payload_command *c = &s->commands[i];

		if (!may_be(c, name, ev, is_whole))
			continue;
		if (!has_all) {
			all = all_of(base, ev);
			has_all = true;
			if (is_plain(s, all))
				return false;
		}
		if ((!c->all && !is_whole) || c->all == all)
			return true;
	}
	return false;
}

bool payload_is_text(const struct payload_suspect *s, const struct event *ev)
{
	struct bytes text = payload_text_of(s);

	for (size_t i = 1; text.len && i < ev->argc; i++) {
		struct bytes arg = trimmed(ev->argv[i]);

		if (arg.len == s->text_len && !memcmp(arg.p, text.p, text.len))
			return true;
	}
	return false;
}

static uint64_t file_of(const struct event *ev, struct bytes path)
{
	uint64_t parts[3] = { payload_hash(ev->node), payload_hash(path),
		path.len && path.p[0] == '/' ? 0 : payload_hash(ev->cwd) };

	return payload_hash(
		(struct bytes){ (const char *)parts, sizeof(parts) });
}

/* Devices are written to by everybody, but for the memory that looks so. */
static bool is_file(struct bytes path)
{
	static const struct bytes dev = BYTES("/dev/"),
				  shm = BYTES("/dev/shm/");

	return path.len > 1 &&
	       (path.len < dev.len || memcmp(path.p, dev.p, dev.len) != 0 ||
		       (path.len > shm.len && !memcmp(path.p, shm.p, shm.len)));
}

static void note_file(struct payload_table *t, const struct event *ev,
	struct bytes path, uint64_t id)
{
	payload_know(t, t->files, file_of(ev, path), id);
}

static void note_plain(const struct payload_table *t, struct payload_suspect *s,
	const struct shell_command *c)
{
	struct payload_command command;
	struct bytes name;

	if (c->name >= c->first + c->n || s->n_plain == PAYLOAD_COMMANDS_MAX)
		return;
	name = shell_word(t->shell, c->name)->text;
	read_command(t, invocation_base(name), c, &command);
	if (command.all)
		s->plain[s->n_plain++] = command.all;
}

void payload_note_holder(struct payload_table *t, const struct event *ev,
	const struct invocation *inv, uint64_t id)
{
	struct payload_suspect *s = map_find(t->suspects, &id);
	struct bytes text;
	unsigned int n = 0;

	if (!s || inv->program >= ev->argc || inv->language != INVOCATION_SH)
		return;
	text = ev->argv[inv->program];
	if (text.len > HOLDER_MAX)
		text.len = HOLDER_MAX;
	shell_read(t->shell, text);
	s->n_plain = 0;
	s->change = ++t->change;
	for (size_t i = 0; i < shell_n_commands(t->shell); i++) {
		const struct shell_command *c = shell_command(t->shell, i);

		note_plain(t, s, c);
		if (!c->to.p || !is_file(c->to) || n++ >= PAYLOAD_FILES_MAX)
			continue;
		note_file(t, ev, c->to, id);
	}
}

static uint64_t of_path(
	struct payload_table *t, const struct event *ev, struct bytes path)
{
	const struct payload_known *known;
	uint64_t key;

	if (!path.len)
		return 0;
	if (path.len > 2 && path.p[0] == '.' && path.p[1] == '/') {
		path.p += 2;
		path.len -= 2;
	}
	key = file_of(ev, path);
	known = map_find(t->files, &key);
	return known ? known->id : 0;
}

uint64_t payload_of_file(struct payload_table *t, const struct event *ev,
	const struct invocation *inv)
{
	uint64_t id;

	if (!map_count(t->files))
		return 0;
	id = inv->script < ev->argc ? of_path(t, ev, ev->argv[inv->script]) : 0;
	if (!id && ev->exe.p)
		id = of_path(t, ev, ev->exe);
	return id ? id : of_path(t, ev, ev->argv[0]);
}
