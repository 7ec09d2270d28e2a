// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Sense: run.sh given to bash is a file, given to wget it may be a host. Asked
 * for the few names that could be either, so nothing here costs the others.
 * The text is cut into simple commands where a shell would most likely do it.
 */
#include "ioc_scan.h"

enum kind {
	KIND_HOSTS = 1 << 0, /* takes hosts as operands */
	KIND_SSH = 1 << 1, /* its first operand is a host */
	KIND_COPY = 1 << 2, /* host:path is one, anything else a file */
	KIND_PACKAGE = 1 << 3,
	KIND_IDS = 1 << 4,
	KIND_WRAPPER = 1 << 5, /* runs the command that follows */
};

/* Longer words are in no table. */
#define WORD_MAX 24
/* Words looked at before a command's name. */
#define LEAD_MAX 12
/* Options looked at before ssh's operand. */
#define OPTIONS_MAX 64

static const struct {
	struct bytes name;
	unsigned int kind;
} commands[] = {
#define ROW(name, kind)                                                        \
	{                                                                      \
		{ name, sizeof(name) - 1 }, kind                               \
	}
	ROW("apk", KIND_PACKAGE),
	ROW("apt", KIND_PACKAGE),
	ROW("apt-get", KIND_PACKAGE),
	ROW("aria2c", KIND_HOSTS),
	ROW("autossh", KIND_SSH),
	ROW("axel", KIND_HOSTS),
	ROW("buildctl", KIND_IDS),
	ROW("busybox", KIND_WRAPPER),
	ROW("cargo", KIND_PACKAGE),
	ROW("command", KIND_WRAPPER),
	ROW("conda", KIND_PACKAGE),
	ROW("conmon", KIND_IDS),
	ROW("containerd", KIND_IDS),
	ROW("containerd-shim", KIND_IDS),
	ROW("containerd-shim-runc-v2", KIND_IDS),
	ROW("crictl", KIND_IDS),
	ROW("crun", KIND_IDS),
	ROW("ctr", KIND_IDS),
	ROW("curl", KIND_HOSTS),
	ROW("depmod", KIND_PACKAGE),
	ROW("dig", KIND_HOSTS),
	ROW("dkms", KIND_PACKAGE),
	ROW("dnf", KIND_PACKAGE),
	ROW("do", KIND_WRAPPER),
	ROW("doas", KIND_WRAPPER),
	ROW("docker", KIND_IDS),
	ROW("dockerd", KIND_IDS),
	ROW("dpkg", KIND_PACKAGE),
	ROW("drill", KIND_HOSTS),
	ROW("else", KIND_WRAPPER),
	ROW("env", KIND_WRAPPER),
	ROW("exec", KIND_WRAPPER),
	ROW("fetch", KIND_HOSTS),
	ROW("flatpak", KIND_PACKAGE),
	ROW("fping", KIND_HOSTS),
	ROW("ftp", KIND_HOSTS),
	ROW("gem", KIND_PACKAGE),
	ROW("git", KIND_IDS),
	ROW("helm", KIND_PACKAGE),
	ROW("host", KIND_HOSTS),
	ROW("hping3", KIND_HOSTS),
	ROW("http", KIND_HOSTS),
	ROW("https", KIND_HOSTS),
	ROW("if", KIND_WRAPPER),
	ROW("ionice", KIND_WRAPPER),
	ROW("kubectl", KIND_IDS),
	ROW("kubelet", KIND_IDS),
	ROW("lftp", KIND_HOSTS),
	ROW("links", KIND_HOSTS),
	ROW("lynx", KIND_HOSTS),
	ROW("masscan", KIND_HOSTS),
	ROW("modinfo", KIND_PACKAGE),
	ROW("modprobe", KIND_PACKAGE),
	ROW("mosh", KIND_SSH),
	ROW("mtr", KIND_HOSTS),
	ROW("mvn", KIND_PACKAGE),
	ROW("nc", KIND_HOSTS),
	ROW("nc.openbsd", KIND_HOSTS),
	ROW("nc.traditional", KIND_HOSTS),
	ROW("ncat", KIND_HOSTS),
	ROW("netcat", KIND_HOSTS),
	ROW("nice", KIND_WRAPPER),
	ROW("nmap", KIND_HOSTS),
	ROW("nohup", KIND_WRAPPER),
	ROW("npm", KIND_PACKAGE),
	ROW("nslookup", KIND_HOSTS),
	ROW("openssl", KIND_HOSTS),
	ROW("pacman", KIND_PACKAGE),
	ROW("ping", KIND_HOSTS),
	ROW("ping6", KIND_HOSTS),
	ROW("pip", KIND_PACKAGE),
	ROW("pip3", KIND_PACKAGE),
	ROW("podman", KIND_IDS),
	ROW("poetry", KIND_PACKAGE),
	ROW("proxychains", KIND_WRAPPER),
	ROW("proxychains4", KIND_WRAPPER),
	ROW("rpm", KIND_PACKAGE),
	ROW("rsync", KIND_COPY | KIND_SSH),
	ROW("runc", KIND_IDS),
	ROW("scp", KIND_COPY | KIND_SSH),
	ROW("setsid", KIND_WRAPPER),
	ROW("sftp", KIND_HOSTS | KIND_SSH),
	ROW("snap", KIND_PACKAGE),
	ROW("socat", KIND_HOSTS),
	ROW("ssh", KIND_SSH),
	ROW("ssh-copy-id", KIND_SSH),
	ROW("ssh-keyscan", KIND_HOSTS),
	ROW("sshfs", KIND_COPY | KIND_SSH),
	ROW("sshpass", KIND_WRAPPER),
	ROW("stdbuf", KIND_WRAPPER),
	ROW("sudo", KIND_WRAPPER),
	ROW("telnet", KIND_HOSTS),
	ROW("tftp", KIND_HOSTS),
	ROW("then", KIND_WRAPPER),
	ROW("time", KIND_WRAPPER),
	ROW("timeout", KIND_WRAPPER),
	ROW("torify", KIND_WRAPPER),
	ROW("torsocks", KIND_WRAPPER),
	ROW("traceroute", KIND_HOSTS),
	ROW("tracepath", KIND_HOSTS),
	ROW("uname", KIND_PACKAGE),
	ROW("update-initramfs", KIND_PACKAGE),
	ROW("w3m", KIND_HOSTS),
	ROW("wget", KIND_HOSTS),
	ROW("while", KIND_WRAPPER),
	ROW("whois", KIND_HOSTS),
	ROW("xargs", KIND_WRAPPER),
	ROW("yarn", KIND_PACKAGE),
	ROW("yum", KIND_PACKAGE),
	ROW("zypper", KIND_PACKAGE),
#undef ROW
};

/* The words of a text or of an argv, one after the other. */
struct words {
	const struct scan *s;
	bool is_argv;
	size_t i; /* of the text or of argv */
	size_t at; /* where the word that next gave starts */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What a simple command ends at. */
static bool is_separator(const struct scan *s, size_t i)
{
	char c = s->text.p[i];

	return scan_in(";|&\n(`", c) ||
	       (c == '{' && is_blank(scan_at(s, i + 1)));
}

/* The next word, without quotes. False: there is none before to. */
static bool next_word(struct words *w, size_t to, struct bytes *word)
{
	const struct scan *s = w->s;
	const char *p = s->text.p;
	size_t end;

	if (w->is_argv) {
		if (w->i >= to)
			return false;
		w->at = w->i;
		*word = s->sense.argv[w->i++];
		return true;
	}
	while (w->i < to && scan_is(p[w->i], SCAN_BREAK) &&
		!is_separator(s, w->i))
		w->i++;
	for (end = w->i; end < to && !scan_is(p[end], SCAN_BREAK) &&
			 !is_separator(s, end);)
		end++;
	w->at = w->i;
	w->i = end;
	*word = (struct bytes){ p + w->at, end - w->at };
	return word->len;
}

static unsigned int kind_of(struct bytes word)
{
	size_t n = word.len;

	while (n && word.p[n - 1] != '/')
		n--;
	word = (struct bytes){ word.p + n, word.len - n };
	if (word.len < 2 || word.len > WORD_MAX)
		return 0;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].name.p[0] == word.p[0] &&
			bytes_equal(commands[i].name, word))
			return commands[i].kind;
	return 0;
}

/* Options, numbers and assignments before the command a wrapper runs. */
static bool is_passed_over(struct bytes word)
{
	return !word.len || word.p[0] == '-' || scan_is_digit(word.p[0]) ||
	       memchr(word.p, '=', word.len);
}

/* Finds the command's name; w stands behind it then. */
static unsigned int read_kind(struct words *w, size_t to)
{
	bool is_wrapped = false;
	struct bytes word;

	for (int n = 0; n < LEAD_MAX && next_word(w, to, &word); n++) {
		unsigned int kind;

		if (is_passed_over(word))
			continue;
		kind = kind_of(word);
		if (kind & KIND_WRAPPER)
			is_wrapped = true;
		else if (kind || !is_wrapped)
			return kind;
	}
	return 0;
}

/* Moves the place where at's simple command starts up to at. */
static void advance(struct scan *s, size_t at)
{
	struct sense *e = &s->sense;

	for (; e->seen < at; e->seen++)
		if (is_separator(s, e->seen))
			e->start = e->seen + 1;
}

/* Whether the text up to at is one word of its argv. */
static bool is_word_of_argv(struct scan *s, size_t at)
{
	struct sense *e = &s->sense;
	size_t i = 0;

	if (!e->argv || e->start)
		return false;
	if (!e->word) {
		while (i < s->text.len && !scan_is(s->text.p[i], SCAN_BREAK))
			i++;
		e->word = i + 1;
	}
	return at < e->word;
}

/* The kind of the command that argv is; w then stands behind its name. */
static unsigned int command_of_argv(struct scan *s, struct words *w)
{
	struct sense *e = &s->sense;

	*w = (struct words){ .s = s, .is_argv = true };
	if (!e->is_argv_known) {
		e->argv_kind = read_kind(w, e->arg);
		e->argv_behind = w->i;
		e->is_argv_known = w->i < e->arg;
	}
	w->i = e->argv_behind;
	return e->argv_kind;
}

/* The same for the command that the word at at is given to. */
static unsigned int command_at(struct scan *s, size_t at, struct words *w)
{
	struct sense *e = &s->sense;

	advance(s, at);
	if (is_word_of_argv(s, at))
		return command_of_argv(s, w);
	*w = (struct words){ .s = s };
	if (e->known != e->start + 1) {
		w->i = e->start;
		e->kind = read_kind(w, s->text.len);
		e->known = e->start + 1;
		e->behind = w->i;
	}
	w->i = e->behind;
	return w->i <= at ? e->kind : 0;
}

/* Whether an option's operand is a file: -o, -O, --output-document... */
static bool takes_file(struct bytes option)
{
	static const struct bytes names[] = { BYTES("--output"),
		BYTES("--output-document"), BYTES("--output-file"),
		BYTES("--config"), BYTES("--upload-file"),
		BYTES("--input-file"), BYTES("--post-file"),
		BYTES("--directory-prefix"), BYTES("--data"),
		BYTES("--data-binary"), BYTES("--cacert"), BYTES("--cert"),
		BYTES("--key"), BYTES("--cookie"), BYTES("--cookie-jar"),
		BYTES("--exec"), BYTES("--sh-exec") };

	if (option.len < 2 || option.p[0] != '-')
		return false;
	if (option.p[1] != '-')
		return scan_in("oOTKaicbdDeEfFPSw", option.p[option.len - 1]);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_equal(option, names[i]))
			return true;
	return false;
}

/* Whether the word before at makes it a file. */
static bool is_behind_file_option(struct scan *s, size_t at)
{
	const char *p = s->text.p;
	size_t end;

	if (is_word_of_argv(s, at))
		return s->sense.arg &&
		       takes_file(s->sense.argv[s->sense.arg - 1]);
	while (at && scan_in("'\"", p[at - 1]))
		at--;
	while (at && is_blank(p[at - 1]))
		at--;
	if (at && scan_in("<>", p[at - 1]))
		return true;
	for (end = at;
		at && end - at < WORD_MAX && !scan_is(p[at - 1], SCAN_BREAK);)
		at--;
	return takes_file((struct bytes){ p + at, end - at });
}

/* Whether at is the first of the words that w still has which is an operand. */
static bool is_first(struct words *w, const struct scan *s, size_t at)
{
	size_t self = w->is_argv ? s->sense.arg : at;
	size_t to = w->is_argv ? s->sense.argc : s->text.len;
	struct bytes word;

	for (int n = 0; n < OPTIONS_MAX && next_word(w, to, &word); n++) {
		if (w->at <= self && self < w->at + (w->is_argv ? 1 : word.len))
			return true;
		if (w->at > self || (word.len && word.p[0] != '-'))
			return false;
		if (word.len == 2 && strchr("bcDEeFIiJLlmOopQRSWw", word.p[1]))
			next_word(w, to, &word);
	}
	return false;
}

/* Whether a word, or what it names, starts at at and ends at end. */
static bool is_whole(const struct scan *s, size_t at, size_t end)
{
	char before = scan_before(s, at), after = scan_at(s, end);

	return (!before || scan_is(before, SCAN_BREAK) ||
		       scan_in(":,@", before)) &&
	       before != '<' && before != '>' &&
	       (!after || scan_is(after, SCAN_BREAK) ||
		       scan_in(":/,;&)?", after));
}

bool sense_is_host(struct scan *s, size_t at, size_t end)
{
	struct words w;
	unsigned int kind = command_at(s, at, &w);

	if (end && !is_whole(s, at, end))
		return false;
	if (kind & KIND_COPY)
		return scan_at(s, end) == ':';
	if (kind & KIND_HOSTS)
		return !is_behind_file_option(s, at);
	return (kind & KIND_SSH) && is_first(&w, s, at);
}

bool sense_is_ssh(struct scan *s, size_t at)
{
	struct words w;
	unsigned int kind = command_at(s, at, &w);

	return (kind & KIND_SSH) &&
	       (kind & KIND_COPY ? !is_behind_file_option(s, at)
				 : is_first(&w, s, at));
}

bool sense_is_package(struct scan *s, size_t at)
{
	struct words w;

	return command_at(s, at, &w) & KIND_PACKAGE;
}

bool sense_is_ids(struct scan *s, size_t at)
{
	struct words w;

	return command_at(s, at, &w) & KIND_IDS;
}

bool sense_is_version(const struct scan *s, size_t at)
{
	static const struct bytes words[] = { BYTES("version"), BYTES("ver"),
		BYTES("release"), BYTES("kernel"), BYTES("linux"),
		BYTES("revision"), BYTES("rev"), BYTES("build"), BYTES("tag") };
	char word[8];
	size_t n = 0, gap = 0;

	while (at && gap < 4 && scan_in(" =:\"'", s->text.p[at - 1]))
		at--, gap++;
	while (at && n < sizeof(word) && scan_is_alpha(s->text.p[at - 1])) {
		n++;
		word[sizeof(word) - n] = scan_lower(s->text.p[--at]);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (n == words[i].len &&
			!memcmp(word + sizeof(word) - n, words[i].p, n))
			return gap > 0;
	return false;
}
