// SPDX-License-Identifier: GPL-3.0-or-later
#include "invocation.h"

/*
 * An interpreter's short options: those whose value is the program, those
 * that take a value (attached or the next word), those that may have one
 * attached, those after which nothing is read from stdin; and its long ones.
 */
static const struct interpreter {
	struct bytes name; /* without its version */
	enum invocation_language language;
	const char *programs, *values, *attached, *files;
	const char *long_program, *long_value;
} interpreters[] = {
#define X(name, language, ...)                                                 \
	{                                                                      \
		{ name, sizeof(name) - 1 }, INVOCATION_##language, __VA_ARGS__ \
	}
#define SH "c", "oO", "", "", "--command", "--rcfile"
	X("sh", SH, SH),
	X("bash", SH, SH),
	X("rbash", SH, SH),
	X("dash", SH, SH),
	X("ash", SH, SH),
	X("zsh", SH, SH),
	X("ksh", SH, SH),
	X("mksh", SH, SH),
	X("fish", SH, SH),
#undef SH
#define PYTHON "c", "WXQ", "", "m", "", ""
	X("python", PYTHON, PYTHON),
	X("pypy", PYTHON, PYTHON),
#undef PYTHON
	X("perl", PERL, "eE", "I", "iMmF0lCxDVd", "", "", ""),
	X("ruby", RUBY, "e", "ICErF", "iK0TWx", "", "", ""),
	X("php", PHP, "rBRE", "dczt", "", "fFS", "--run", "--define"),
#define NODE "ep", "rC", "", "", "--eval --print", "--require --import"
	X("node", NODE, NODE),
	X("nodejs", NODE, NODE),
#undef NODE
	X("lua", LUA, "e", "l", "", "", "", ""),
	X("luajit", LUA, "e", "ljbO", "", "", "", ""),
#define AWK "e", "Fv", "", "f", "--source", "--assign --field-separator"
	X("awk", AWK, AWK),
	X("gawk", AWK, AWK),
	X("mawk", AWK, AWK),
	X("nawk", AWK, AWK),
#undef AWK
	X("pwsh", POWERSHELL, "", "", "", "", "", ""),
	X("powershell", POWERSHELL, "", "", "", "", "", ""),
#undef X
};

/* By how an interpreter's name begins and ends, which most words do not. */
static bool may_be(struct bytes name)
{
	static const bool begins[256] = { ['a'] = true,
		['b'] = true,
		['d'] = true,
		['f'] = true,
		['g'] = true,
		['k'] = true,
		['l'] = true,
		['m'] = true,
		['n'] = true,
		['p'] = true,
		['r'] = true,
		['s'] = true,
		['z'] = true };
	static const bool ends[256] = { ['a'] = true,
		['b'] = true,
		['e'] = true,
		['h'] = true,
		['k'] = true,
		['l'] = true,
		['n'] = true,
		['p'] = true,
		['s'] = true,
		['t'] = true,
		['y'] = true };

	return name.len >= 2 && name.len <= 10 &&
	       begins[(unsigned char)name.p[0]] &&
	       ends[(unsigned char)name.p[name.len - 1]];
}

static const struct interpreter *find(struct bytes name)
{
	size_t len = name.len;

	if (len > 4 && !memcmp(name.p + len - 4, ".exe", 4))
		len -= 4;
	while (len &&
		(name.p[len - 1] == '.' || name.p[len - 1] == '-' ||
			(name.p[len - 1] >= '0' && name.p[len - 1] <= '9')))
		len--;
	name.len = len;
	if (!may_be(name))
		return NULL;
	for (size_t i = 0; i < sizeof(interpreters) / sizeof(interpreters[0]);
		i++)
		if (bytes_equal(name, interpreters[i].name))
			return &interpreters[i];
	return NULL;
}

enum invocation_language invocation_language_of(struct bytes name)
{
	const struct interpreter *in = find(name);

	return in ? in->language : INVOCATION_NONE;
}

bool invocation_is_option(struct bytes arg)
{
	return arg.len > 1 && arg.p[0] == '-' &&
	       (arg.p[arg.len - 1] | 0x20) == 'e';
}

size_t invocation_lines(const struct bytes *argv, size_t n, size_t first)
{
	size_t k = first;

	if (!k || !invocation_is_option(argv[k - 1]))
		return 1;
	while (k + 2 < n && invocation_is_option(argv[k + 1]))
		k += 2;
	return (k - first) / 2 + 1;
}

static void set(struct invocation *inv, size_t program, size_t at, size_t n)
{
	inv->program = program;
	inv->program_at = at;
	inv->program_n = n;
}

/* The walk over an interpreter's words. */
struct walk {
	const struct interpreter *in;
	size_t next;
	bool has_c; /* a shell's: the first word that is no option */
	bool has_s; /* it reads stdin whatever follows */
	bool has_file; /* or it does not */
};

static void walk_long(const struct bytes *argv, size_t n, struct walk *walk,
	struct invocation *inv)
{
	struct bytes name = argv[walk->next];
	const char *eq = memchr(name.p, '=', name.len);

	if (eq)
		name.len = (size_t)(eq - name.p);
	walk->next++;
	if (invocation_is_listed(walk->in->long_program, name)) {
		if (eq)
			set(inv, walk->next - 1, name.len + 1, 1);
		else if (walk->next < n)
			set(inv, walk->next, 0, 1);
	} else if (!eq && (invocation_is_listed(walk->in->long_value, name) ||
				  bytes_equal(name, BYTES("--init-file")))) {
		walk->next++;
	}
}

static void walk_short(const struct bytes *argv, size_t n, struct walk *walk,
	struct invocation *inv)
{
	const struct interpreter *in = walk->in;
	struct bytes arg = argv[walk->next];
	size_t i = walk->next++;

	for (size_t k = 1; k < arg.len && arg.p[k]; k++) {
		char c = arg.p[k];
		bool is_last = k + 1 == arg.len;
		bool is_flag = in->language == INVOCATION_SH ||
			       (in->language == INVOCATION_NODE && !is_last);

		if (strchr(in->programs, c) && is_flag) {
			walk->has_c |= in->language == INVOCATION_SH;
			continue;
		}
		walk->has_s |= in->language == INVOCATION_SH && c == 's';
		if (strchr(in->programs, c)) {
			if (!is_last)
				set(inv, i, k + 1, 1);
			else if (i + 1 < n)
				set(inv, i + 1, 0, 1);
			return;
		}
		if (strchr(in->files, c)) {
			walk->has_file = true;
			if (c == 'f' && is_last && i + 1 < n)
				inv->script = i + 1;
		}
		if (strchr(in->files, c) || strchr(in->values, c)) {
			walk->next += is_last;
			return;
		}
		if (!strchr(in->attached, c))
			continue;
		/* perl -l012e, -0777ne: digits; of others it is the rest. */
		if (c != '0' && c != 'l')
			return;
		while (k + 1 < arg.len && arg.p[k + 1] >= '0' &&
			arg.p[k + 1] <= '9')
			k++;
	}
}

static bool is_option(const struct interpreter *in, struct bytes arg)
{
	return arg.len > 1 &&
	       (arg.p[0] == '-' ||
		       (arg.p[0] == '+' && in->language == INVOCATION_SH));
}

static bool is_stdin(struct bytes file)
{
	return bytes_equal(file, BYTES("/dev/stdin")) ||
	       bytes_equal(file, BYTES("/dev/fd/0")) ||
	       bytes_equal(file, BYTES("/proc/self/fd/0"));
}

static void walk_words(const struct bytes *argv, size_t n,
	const struct interpreter *in, struct invocation *inv)
{
	struct walk walk = { .in = in, .next = inv->command + 1 };
	bool is_program;

	while (walk.next < n && is_option(in, argv[walk.next])) {
		struct bytes arg = argv[walk.next];

		if (bytes_equal(arg, BYTES("--"))) {
			walk.next++;
			break;
		}
		if (arg.p[1] == '-')
			walk_long(argv, n, &walk, inv);
		else
			walk_short(argv, n, &walk, inv);
		if (inv->program != n)
			return;
		/* python -m module: the rest is the module's. */
		if (walk.has_file && in->language == INVOCATION_PYTHON)
			return;
	}
	if (walk.next < n && bytes_equal(argv[walk.next], BYTES("-")) &&
		in->language != INVOCATION_AWK) {
		walk.next++;
		walk.has_s = !walk.has_c && in->language != INVOCATION_SH;
	}
	is_program = walk.has_c ||
		     (in->language == INVOCATION_AWK && !walk.has_file);
	if (walk.next < n && is_program && inv->script == n)
		set(inv, walk.next, 0, 1);
	else if (walk.next < n && !walk.has_s && !walk.has_file)
		inv->script = walk.next;
	if (inv->script < n && is_stdin(argv[inv->script]))
		inv->script = n;
	inv->reads_stdin = !is_program && !walk.has_file && inv->script == n &&
			   in->language != INVOCATION_AWK;
}

/* PowerShell's parameters by any prefix, in any case. */
static const struct {
	struct bytes name;
	size_t least; /* bytes of it that are enough */
	char what; /* c e f, v: a value, 0: a switch */
} parameters[] = {
#define X(name, least, what)                                                   \
	{                                                                      \
		{ name, sizeof(name) - 1 }, least, what                        \
	}
	X("command", 1, 'c'),
	X("encodedcommand", 1, 'e'),
	X("ec", 2, 'e'),
	X("file", 1, 'f'),
	X("ep", 2, 'v'),
	X("executionpolicy", 2, 'v'),
	X("encodedarguments", 8, 'v'),
	X("windowstyle", 1, 'v'),
	X("workingdirectory", 2, 'v'),
	X("wd", 2, 'v'),
	X("inputformat", 3, 'v'),
	X("if", 2, 'v'),
	X("outputformat", 1, 'v'),
	X("of", 2, 'v'),
	X("configurationname", 6, 'v'),
	X("configurationfile", 14, 'v'),
	X("custompipename", 2, 'v'),
	X("settingsfile", 2, 'v'),
	X("psconsolefile", 1, 'v'),
	X("version", 1, 'v'),
#undef X
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

static char parameter(struct bytes arg)
{
	size_t skip = arg.len > 2 && arg.p[1] == '-' ? 2 : 1;

	if (arg.len < 2 || arg.p[0] != '-')
		return 'f';
	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]);
		i++) {
		struct bytes name = parameters[i].name;
		size_t k = 0;

		while (k < name.len && skip + k < arg.len &&
			lower(arg.p[skip + k]) == name.p[k])
			k++;
		if (skip + k == arg.len && k >= parameters[i].least)
			return parameters[i].what;
	}
	return 0;
}

static void walk_powershell(const struct bytes *argv, size_t n,
	const struct interpreter *in, struct invocation *inv)
{
	size_t i = inv->command + 1;

	while (i < n) {
		char what = parameter(argv[i]);

		if (what == 'c' || what == 'e') {
			i++;
			inv->is_encoded = what == 'e';
			break;
		}
		if (what == 'f') {
			bool is_named = argv[i].len > 1 && argv[i].p[0] == '-';

			/* Without -File it is one for pwsh, but a command for
			 * Windows' powershell. */
			if (!is_named &&
				bytes_equal(in->name, BYTES("powershell")))
				break;
			i += is_named;
			inv->script = i < n ? i : n;
			break;
		}
		i += what == 'v' ? 2 : 1;
	}
	if (i < n && bytes_equal(argv[i], BYTES("-"))) {
		i = n;
		inv->script = n;
	}
	if (i < n && inv->script == n)
		set(inv, i, 0, inv->is_encoded ? 1 : n - i);
	inv->reads_stdin = inv->script == n && inv->program == n;
	inv->is_encoded = inv->is_encoded && inv->program < n;
}

void invocation_program(
	const struct bytes *argv, size_t n, struct invocation *inv)
{
	const struct interpreter *in =
		find(invocation_base(argv[inv->command]));

	if (!in)
		return;
	inv->language = in->language;
	if (in->language == INVOCATION_POWERSHELL)
		walk_powershell(argv, n, in, inv);
	else
		walk_words(argv, n, in, inv);
}
