// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Programs that are no interpreters and hand some text of their arguments to a
 * shell: mysql -e '\! id', tar --checkpoint-action=exec=id.
 */
#include "invocation.h"

#include <ctype.h>

#define HEADS_MAX 8
/* What a * of a head may stand for. */
#define ANY_MAX 64

/*
 * Options with which such a text comes; +: attached to that; none: any operand.
 * What stands before it there, at the start of a line or behind a ;, in any
 * case; * is for anything but =. Without a head, it is all of it.
 */
struct row {
	struct bytes name;
	const char *options;
	const char *heads[HEADS_MAX];
};

#define ROW(name, options, ...)                                                \
	{                                                                      \
		{ name, sizeof(name) - 1 }, options,                           \
		{                                                              \
			__VA_ARGS__                                            \
		}                                                              \
	}
#define APT(name)   ROW(name, "-o --option", "APT::*=", "Dpkg::*=")
#define MAIL(name)  ROW(name, "--exec", "!", "shell ")
#define MYSQL(name) ROW(name, "-e --execute", "\\!", "system ")
#define NC(name)    ROW(name, "-c -e --exec --sh-exec", NULL)
#define PAGER(name) ROW(name, "+", "!")
#define RPM(name)   ROW(name, "-E --eval", "%(")
#define SSH(name)                                                              \
	ROW(name, "-o", "ProxyCommand=", "ProxyCommand ",                      \
		"LocalCommand=", "LocalCommand ",                              \
		"KnownHostsCommand=", "KnownHostsCommand ")
#define TAR(name)                                                              \
	ROW(name, "--checkpoint-action", "exec="),                             \
		ROW(name, "-I --to-command --use-compress-program", NULL)
#define VI(name) ROW(name, "-c --cmd +", ":!", "!")

/* By name. */
static const struct row rows[] = {
	ROW("ansible", "-a --args", NULL),
	APT("apt"),
	APT("apt-get"),
	TAR("bsdtar"),
	VI("ex"),
	ROW("expect", "-c", "spawn ", "exec ", "system "),
	ROW("gdb", "-ex -iex --ex --eval-command", "!", "shell "),
	ROW("git", "-c", "alias.*=!", "credential.*=!",
		"core.pager=", "pager.*=", "core.sshCommand=", "core.editor=",
		"core.fsmonitor="),
	ROW("git", "--upload-pack --receive-pack", NULL),
	TAR("gtar"),
	VI("gvim"),
	PAGER("less"),
	ROW("lftp", "-c -e", "!", "shell "),
	MAIL("mail"),
	MAIL("mailx"),
	PAGER("man"),
	ROW("man", "-P -H --pager --html", NULL),
	MYSQL("mariadb"),
	PAGER("more"),
	MYSQL("mysql"),
	NC("nc"),
	NC("ncat"),
	NC("netcat"),
	VI("nvim"),
	ROW("psql", "-c --command", "\\!"),
	RPM("rpm"),
	RPM("rpmspec"),
	ROW("rsync", "-e --rsh --rsync-path", NULL),
	SSH("scp"),
	SSH("sftp"),
	ROW("socat", "", "SYSTEM:", "EXEC:", "SHELL:"),
	ROW("split", "--filter", NULL),
	ROW("sqlite3", "-cmd", ".shell ", ".system "),
	ROW("sqlite3", "", ".shell ", ".system "),
	SSH("ssh"),
	TAR("tar"),
	VI("vi"),
	VI("view"),
	VI("vim"),
	VI("vimdiff"),
	ROW("zip", "-TT --unzip-command", NULL),
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* The first row of that name, if there is one; else where it would be. */
static size_t first_row(struct bytes name)
{
	size_t from = 0, to = N_ROWS;

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (invocation_compare(name, rows[mid].name) > 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

/* How long the head is at the start of t; 0: it does not stand there. */
static size_t head_len(struct bytes t, const char *head)
{
	size_t i = 0;

	for (; *head; head++) {
		size_t from = i;

		if (*head != '*') {
			if (i == t.len || tolower((unsigned char)t.p[i]) !=
						  tolower((unsigned char)*head))
				return 0;
			i++;
			continue;
		}
		while (i < t.len && t.p[i] != '=' && i - from < ANY_MAX)
			i++;
	}
	return i;
}

static size_t skip_blanks(struct bytes t, size_t i)
{
	while (i < t.len && (t.p[i] == ' ' || t.p[i] == '\t'))
		i++;
	return i;
}

/* Where the shell's text begins in a value; its end: there is none. */
static size_t text_at(const struct row *row, struct bytes value)
{
	size_t i = skip_blanks(value, 0);

	if (!row->heads[0])
		return invocation_is_text(value) ? 0 : value.len;
	while (i < value.len) {
		struct bytes rest = { value.p + i, value.len - i };
		size_t n = 0;

		for (size_t k = 0; k < HEADS_MAX && row->heads[k] && !n; k++)
			n = head_len(rest, row->heads[k]);
		if (n)
			return skip_blanks(value, i + n);
		while (i < value.len && value.p[i] != ';' && value.p[i] != '\n')
			i++;
		i = skip_blanks(value, i + (i < value.len));
	}
	return value.len;
}

static bool has_letter(const struct row *row, char c)
{
	char option[] = { '-', c };

	return c && strchr(row->options, c) &&
	       invocation_is_listed(
		       row->options, (struct bytes){ option, sizeof(option) });
}

/* Whether the value of one of the row's options is in word: at *at of it, or in
 * the next one, at its end. */
static bool has_option(const struct row *row, struct bytes word, size_t *at)
{
	const char *eq;

	*at = 0;
	if (!row->options[0])
		return true;
	if (word.len < 2 || (word.p[0] != '-' && word.p[0] != '+'))
		return false;
	if (word.p[0] == '+') {
		*at = 1;
		return invocation_is_listed(row->options, BYTES("+"));
	}
	*at = word.len;
	if (word.p[1] == '-') {
		eq = memchr(word.p, '=', word.len);
		word.len = eq ? (size_t)(eq - word.p) : word.len;
		*at = word.len + (eq != NULL);
		return invocation_is_listed(row->options, word);
	}
	if (word.len > 2 && invocation_is_listed(row->options, word))
		return true;
	/* -eTEXT, or -abe TEXT. */
	if (has_letter(row, word.p[1])) {
		*at = 2;
		return true;
	}
	return has_letter(row, word.p[word.len - 1]);
}

static bool find_text(const struct bytes *argv, size_t n, const struct row *row,
	struct invocation *inv)
{
	for (size_t i = inv->command + 1; i < n; i++) {
		struct bytes value = argv[i];
		size_t at, found;
		bool is_next;

		if (!has_option(row, argv[i], &at))
			continue;
		is_next = at && at == argv[i].len;
		if (is_next && i + 1 == n)
			return false;
		if (is_next)
			value = argv[i + 1];
		at = is_next ? 0 : at;
		value.p += at;
		value.len -= at;
		found = text_at(row, value);
		if (found == value.len)
			continue;
		inv->program = i + is_next;
		inv->program_at = at + found;
		inv->program_n = 1;
		inv->language = INVOCATION_SH;
		return true;
	}
	return false;
}

bool invocation_text(const struct bytes *argv, size_t n, struct invocation *inv)
{
	size_t i = inv->name.len ? first_row(inv->name) : N_ROWS;

	for (; i < N_ROWS && bytes_equal(rows[i].name, inv->name); i++)
		if (find_text(argv, n, &rows[i], inv))
			return true;
	return false;
}
