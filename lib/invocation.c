// SPDX-License-Identifier: GPL-3.0-or-later
#include "invocation.h"

#include "str_block.h"

/*
 * A wrapper's options that take a value (letters; long names, those whose value
 * is a shell text, and how many words stand between them and the command.
 */
enum shape {
	SHAPE_PLAIN,
	SHAPE_TEXT_ONLY, /* without -c it wraps nothing: su */
	SHAPE_JOINED, /* what follows is a text, in one word or more: ssh */
	SHAPE_EVAL, /* the same, always */
	SHAPE_FIND,
	SHAPE_DASHES /* the command stands behind -- */
};

struct wrapper {
	struct bytes name, sub;
	const char *values, *texts;
	const char *long_values;
	unsigned int skip;
	enum shape shape;
	const char *not_letters; /* options with which it runs nothing */
};

#define W(name, values, texts, long_values, skip, shape)                       \
	S(name, "", values, texts, long_values, skip, shape, "")
#define S(name, sub, values, texts, long_values, skip, shape, no)              \
	{                                                                      \
		{ name, sizeof(name) - 1 }, { sub, sizeof(sub) - 1 }, values,  \
			texts, long_values, skip, shape, no                    \
	}

/* By name. */
static const struct wrapper wrappers[] = {
	W("builtin", "", "", "", 0, SHAPE_PLAIN),
	W("busybox", "", "", "", 0, SHAPE_PLAIN),
	W("choom", "np", "", "", 0, SHAPE_PLAIN),
	W("chroot", "", "", "--userspec --groups", 1, SHAPE_PLAIN),
	W("chrt", "TPD", "", "", 1, SHAPE_PLAIN),
	S("command", "", "", "", "", 0, SHAPE_PLAIN, "vV"),
	W("cpulimit", "lpeP", "", "--limit --pid --exe --path", 0, SHAPE_PLAIN),
	W("doas", "aCu", "", "", 0, SHAPE_PLAIN),
	S("docker", "exec", "euw", "",
		"--env --env-file --user --workdir --detach-keys", 1,
		SHAPE_PLAIN, ""),
	W("env", "uCaS", "S", "--unset --chdir --argv0 --split-string", 0,
		SHAPE_PLAIN),
	W("eval", "", "", "", 0, SHAPE_EVAL),
	W("exec", "a", "", "", 0, SHAPE_PLAIN),
	W("fakeroot", "lisbu", "", "", 0, SHAPE_PLAIN),
	W("find", "", "", "", 0, SHAPE_FIND),
	W("firejail", "", "", "", 0, SHAPE_PLAIN),
	W("flock", "wE", "c", "--timeout --wait --conflict-exit-code", 1,
		SHAPE_PLAIN),
	S("ionice", "", "cnpPu", "", "--class --classdata", 0, SHAPE_PLAIN,
		"pPu"),
	S("kubectl", "exec", "", "", "", 0, SHAPE_DASHES, ""),
	W("ld-linux-x86-64.so.2", "", "",
		"--library-path --preload --argv0 --inhibit-rpath --audit", 0,
		SHAPE_PLAIN),
	S("ltrace", "", "aADeFlnopsuxX", "", "", 0, SHAPE_PLAIN, "p"),
	W("nice", "n", "", "--adjustment", 0, SHAPE_PLAIN),
	W("nohup", "", "", "", 0, SHAPE_PLAIN),
	W("nsenter", "tSG", "", "--target --setuid --setgid", 0, SHAPE_PLAIN),
	W("numactl", "CNmi", "", "", 0, SHAPE_PLAIN),
	W("parallel", "jPnNIaLdsSC", "",
		"--jobs --max-args --arg-file --delimiter --delay --timeout "
		"--colsep --joblog --results --sshlogin",
		0, SHAPE_JOINED),
	W("pkexec", "", "", "--user", 0, SHAPE_PLAIN),
	S("podman", "exec", "euw", "",
		"--env --env-file --user --workdir --detach-keys", 1,
		SHAPE_PLAIN, ""),
	W("prlimit", "p", "", "", 0, SHAPE_PLAIN),
	W("proxychains", "f", "", "", 0, SHAPE_PLAIN),
	W("proxychains4", "f", "", "", 0, SHAPE_PLAIN),
	W("runuser", "ugGswTC", "c",
		"--user --shell --group --supp-group --command", 0,
		SHAPE_TEXT_ONLY),
	W("script", "cEIBOTmto", "c", "--command --echo --log-in --log-out", 0,
		SHAPE_TEXT_ONLY),
	W("setpriv", "", "",
		"--reuid --regid --groups --inh-caps --ambient-caps "
		"--bounding-set --securebits --selinux-label",
		0, SHAPE_PLAIN),
	W("setsid", "", "", "", 0, SHAPE_PLAIN),
	W("sg", "", "c", "", 1, SHAPE_JOINED),
	W("ssh", "BbcDEeFIiJLlmOopQRSWw", "", "", 1, SHAPE_JOINED),
	W("sshpass", "pfdP", "", "", 0, SHAPE_PLAIN),
	W("stdbuf", "ioe", "", "--input --output --error", 0, SHAPE_PLAIN),
	S("strace", "", "abeIoOpPsSuUX", "", "", 0, SHAPE_PLAIN, "p"),
	W("su", "gGswTC", "c", "--shell --group --supp-group --command", 0,
		SHAPE_TEXT_ONLY),
	S("sudo", "", "aCcDgGhpRrTtUu", "",
		"--user --group --host --prompt --chdir --chroot --role --type "
		"--close-from --command-timeout --other-user --login-class",
		0, SHAPE_PLAIN, "elvVK"),
	W("systemd-run", "pMHEtu", "",
		"--unit --property --description --slice --uid --gid --nice "
		"--setenv --working-directory --on-active --on-boot "
		"--on-calendar --machine --host",
		0, SHAPE_PLAIN),
	W("taskset", "", "", "", 1, SHAPE_PLAIN),
	W("time", "fo", "", "--format --output", 0, SHAPE_PLAIN),
	W("timeout", "ks", "", "--kill-after --signal", 1, SHAPE_PLAIN),
	W("torify", "", "", "", 0, SHAPE_PLAIN),
	W("torsocks", "aupP", "", "", 0, SHAPE_PLAIN),
	W("toybox", "", "", "", 0, SHAPE_PLAIN),
	W("unbuffer", "", "", "", 0, SHAPE_PLAIN),
	W("unshare", "SGRwl", "",
		"--setuid --setgid --root --wd --propagation --setgroups "
		"--map-user --map-group --map-users --map-groups",
		0, SHAPE_PLAIN),
	W("watch", "nq", "", "--interval --equexit", 0, SHAPE_JOINED),
	W("xargs", "ILnPsaEd", "",
		"--max-args --max-procs --max-chars --arg-file --delimiter", 0,
		SHAPE_PLAIN),
};

struct bytes invocation_base(struct bytes arg)
{
	const char *slash = arg.len ? memrchr(arg.p, '/', arg.len) : NULL;

	if (slash)
		return (struct bytes){ slash + 1,
			(size_t)(arg.p + arg.len - slash) - 1 };
	if (arg.len > 1 && arg.p[0] == '-')
		return (struct bytes){ arg.p + 1, arg.len - 1 };
	return arg;
}

static bool is_option(struct bytes arg)
{
	return arg.len > 1 && arg.p[0] == '-';
}

static bool is_assignment(struct bytes arg)
{
	const char *eq = arg.len ? memchr(arg.p, '=', arg.len) : NULL;

	if (!eq || eq == arg.p || (arg.p[0] >= '0' && arg.p[0] <= '9'))
		return false;
	for (const char *p = arg.p; p < eq; p++)
		if (!(*p == '_' || (*p >= '0' && *p <= '9') ||
			    ((*p | 32) >= 'a' && (*p | 32) <= 'z')))
			return false;
	return true;
}

static const struct wrapper *find(
	const struct bytes *argv, size_t n, size_t at, struct bytes name)
{
	size_t from = 0, to = sizeof(wrappers) / sizeof(wrappers[0]);

	while (name.len && from < to) {
		const struct wrapper *w = &wrappers[(from + to) / 2];
		int rc = invocation_compare(name, w->name);

		if (!rc)
			return !w->sub.len || (at + 1 < n &&
						      bytes_equal(argv[at + 1],
							      w->sub))
				       ? w
				       : NULL;
		if (rc < 0)
			to = (size_t)(w - wrappers);
		else
			from = (size_t)(w - wrappers) + 1;
	}
	return NULL;
}

/* Whether the word stands at p, all of it; a blank in it is none of a list's.
 */
static bool is_word_at(const char *p, struct bytes word)
{
	size_t i = 0;

	while (i < word.len && p[i] && p[i] == word.p[i] && p[i] != ' ')
		i++;
	return i == word.len && (p[i] == ' ' || !p[i]);
}

bool invocation_is_listed(const char *list, struct bytes word)
{
	size_t n = strlen(list), i = 0;

	if (!word.len || word.len > n)
		return false;
	if (is_word_at(list, word))
		return true;
	for (; n - i >= BLOCK_LEN; i += BLOCK_LEN) {
		block blank = block_load(list + i) == (uint8_t)' ';
		block first = block_load(list + i + 1) == (uint8_t)word.p[0];
		struct block_marks m = block_marks(blank & first);

		while (m.lo | m.hi)
			if (is_word_at(list + i + 1 + block_take(&m), word))
				return true;
	}
	for (; i < n; i++)
		if (list[i] == ' ' && list[i + 1] == word.p[0] &&
			is_word_at(list + i + 1, word))
			return true;
	return false;
}

static void set_text(struct invocation *inv, size_t program, size_t at)
{
	inv->program = program;
	inv->program_at = at;
	inv->program_n = 1;
	inv->language = INVOCATION_SH;
}

/* What an option is to the walk over a wrapper's words. */
struct walk {
	const struct wrapper *w;
	size_t next; /* where to go on */
	bool is_none; /* the wrapper runs nothing */
	bool has_user; /* runuser -u x: a command follows */
};

static void walk_long(const struct bytes *argv, size_t n, size_t i,
	struct walk *walk, struct invocation *inv)
{
	struct bytes option = argv[i];
	const char *eq = memchr(option.p, '=', option.len);
	bool is_text;

	if (eq)
		option.len = (size_t)(eq - option.p);
	is_text = walk->w->texts[0] &&
		  (bytes_equal(option, BYTES("--command")) ||
			  bytes_equal(option, BYTES("--split-string")));
	walk->next = i + 1;
	if (!eq && invocation_is_listed(walk->w->long_values, option))
		walk->next++;
	if (!is_text)
		return;
	if (eq)
		set_text(inv, i, option.len + 1);
	else if (i + 1 < n)
		set_text(inv, i + 1, 0);
}

static void walk_short(const struct bytes *argv, size_t n, size_t i,
	struct walk *walk, struct invocation *inv)
{
	const struct wrapper *w = walk->w;

	walk->next = i + 1;
	for (size_t k = 1; k < argv[i].len; k++) {
		char c = argv[i].p[k];
		bool is_last = k + 1 == argv[i].len;

		if (!c)
			return;
		walk->is_none |= strchr(w->not_letters, c) != NULL;
		walk->has_user |= c == 'u';
		if (strchr(w->texts, c)) {
			walk->next += is_last;
			if (!is_last)
				set_text(inv, i, k + 1);
			else if (i + 1 < n)
				set_text(inv, i + 1, 0);
			return;
		}
		if (strchr(w->values, c)) {
			walk->next += is_last;
			return;
		}
	}
}

/* The wrapper's command: the index of its first word, n if it has none. */
static size_t walk_words(const struct bytes *argv, size_t n, size_t at,
	const struct wrapper *w, struct invocation *inv)
{
	struct walk walk = { .w = w, .next = at + 1 + (w->sub.len != 0) };
	unsigned int skip = w->skip;
	bool is_done = false;

	while (walk.next < n && inv->program == n && !walk.is_none) {
		size_t i = walk.next;

		if (!is_done && bytes_equal(argv[i], BYTES("--"))) {
			walk.next++;
			is_done = true;
		} else if (!is_done && is_option(argv[i]) &&
			   (w->texts[0] || skip || w->skip == 0 ||
				   w->shape == SHAPE_JOINED)) {
			if (argv[i].p[1] == '-')
				walk_long(argv, n, i, &walk, inv);
			else
				walk_short(argv, n, i, &walk, inv);
		} else if (skip) {
			skip--;
			walk.next++;
		} else if (w->shape == SHAPE_TEXT_ONLY && !walk.has_user) {
			walk.next++;
		} else {
			return i;
		}
	}
	return n;
}

static size_t find_exec(const struct bytes *argv, size_t n, size_t at)
{
	for (size_t i = at + 1; i + 1 < n; i++)
		if (bytes_equal(argv[i], BYTES("-exec")) ||
			bytes_equal(argv[i], BYTES("-execdir")) ||
			bytes_equal(argv[i], BYTES("-ok")) ||
			bytes_equal(argv[i], BYTES("-okdir")))
			return i + 1;
	return n;
}

static size_t find_dashes(const struct bytes *argv, size_t n, size_t at)
{
	for (size_t i = at + 1; i + 1 < n; i++)
		if (bytes_equal(argv[i], BYTES("--")))
			return i + 1;
	return n;
}

bool invocation_is_text(struct bytes arg)
{
	for (size_t i = 0; i < arg.len; i++)
		if (arg.p[i] == '\n' || !arg.p[i] ||
			strchr(" \t;|&<>(){}$`\"'\\", arg.p[i]))
			return true;
	return false;
}

/* The command behind the wrapper at inv->command; n: it is that itself. */
static size_t unwrap(const struct bytes *argv, size_t n,
	const struct wrapper *w, struct invocation *inv)
{
	size_t at = inv->command, next;

	if (w->shape == SHAPE_FIND)
		return find_exec(argv, n, at);
	if (w->shape == SHAPE_DASHES)
		return find_dashes(argv, n, at);
	next = w->shape == SHAPE_EVAL ? at + 1
				      : walk_words(argv, n, at, w, inv);
	if (next >= n || inv->program != n)
		return n;
	if (w->shape == SHAPE_EVAL ||
		(w->shape == SHAPE_JOINED && invocation_is_text(argv[next]))) {
		set_text(inv, next, 0);
		inv->program_n = n - next;
		return n;
	}
	return next;
}

static size_t first_word(const struct bytes *argv, size_t n, size_t i)
{
	while (i < n && (argv[i].len == 0 || is_assignment(argv[i]) ||
				bytes_equal(argv[i], BYTES("$SUDO")) ||
				bytes_equal(argv[i], BYTES("${SUDO}"))))
		i++;
	return i;
}

void invocation_read(const struct bytes *argv, size_t n, struct invocation *inv)
{
	*inv = (struct invocation){ .command = first_word(argv, n, 0),
		.program = n,
		.script = n,
		.name = BYTES("") };
	while (inv->command < n) {
		const struct wrapper *w;
		size_t next;

		inv->name = invocation_base(argv[inv->command]);
		if (invocation_text(argv, n, inv))
			break;
		w = find(argv, n, inv->command, inv->name);
		if (!w || inv->n_wrappers == INVOCATION_WRAPPERS_MAX)
			break;
		next = first_word(argv, n, unwrap(argv, n, w, inv));
		if (next == n)
			break;
		inv->wrappers[inv->n_wrappers++] = inv->command;
		inv->command = next;
	}
	if (inv->command < n && inv->program == n)
		invocation_program(argv, n, inv);
}
