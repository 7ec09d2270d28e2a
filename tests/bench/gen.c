// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Writes a made-up audit stream to stdout. The same seed gives the same bytes,
 * and kinds that only differ in what becomes of the records (exec, anom,
 * lossy) or in their ids (unknownids) give the same commands.
 */
#include <errno.h>
#include <getopt.h>

#include "stream.h"
#include "words.h"

#define ARG_LEN_MAX 131071 /* the kernel's limit of one argument */
#define UNKNOWN_ID  7000 /* added to an id: no passwd has it then */
#define START       1767225600 /* 2026-01-01 */

struct command {
	const char *exe;
	const char *argv;
};

struct access {
	unsigned int number;
	const char *name, *a0, *key;
};

enum sender { SENDER_INIT, SENDER_LOGIN, SENDER_SESSION };

struct message {
	const char *type;
	enum sender sender;
	const char *text;
};

struct gen {
	struct stream out;
	struct session sessions[24];
	unsigned long events;
	unsigned long number; /* the one after KIND */
	unsigned int base64_percent; /* of the exec events */
	unsigned long crash_due; /* hundredths of a record */
};

struct kind {
	const char *name;
	void (*write)(struct gen *g);
	bool has_number;
	bool is_unknown;
};

static const struct command commands[] = {
#define COMMAND(exe, argv) { exe, argv },
#include "gen.def"
};

static const struct command droppers[] = {
#define DROPPER(exe, argv) { exe, argv },
#include "gen.def"
};

static const struct access accesses[] = {
#define ACCESS(number, name, a0, key) { number, name, a0, key },
#include "gen.def"
};

static const struct message messages[] = {
#define MESSAGE(type, sender, text) { type, sender, text },
#include "gen.def"
};

static unsigned int below(struct gen *g, size_t n)
{
	return random_below(&g->out.content, (unsigned int)n);
}

static const struct session *any_session(struct gen *g)
{
	return &g->sessions[below(g, ARRAY_LEN(g->sessions))];
}

static void expand(struct gen *g, struct buf *b, const char *text)
{
	words_expand(b, text, g->out.session, &g->out.content);
}

static void add_script(struct gen *g, struct buf *b, size_t len)
{
	size_t end = b->len + len;

	while (b->len < end)
		expand(g, b, "%w --%w=%n < %f; ");
	b->len = end;
}

static void end_arg(struct gen *g)
{
	buf_add(&g->out.args.text, "", 1);
	g->out.args.count++;
}

static void set_command(struct gen *g, const char *exe, const char *argv)
{
	struct args *a = &g->out.args;

	g->out.exe = exe;
	a->text.len = 0;
	a->count = 0;
	expand(g, &a->text, argv);
	end_arg(g);
	for (size_t i = 0; i < a->text.len; i++) {
		if (a->text.p[i] != '\t')
			continue;
		a->text.p[i] = '\0';
		a->count++;
	}
}

static void any_command(struct gen *g, const struct command *rows, size_t n)
{
	const struct command *c = &rows[below(g, n)];

	set_command(g, c->exe, c->argv);
}

static void add_cwd(struct gen *g)
{
	const char *dir = g->out.session->is_person ? "/home" : "/srv";
	char cwd[64];

	snprintf(cwd, sizeof(cwd), "%s/%s", dir, words_any(&g->out.content));
	stream_cwd(&g->out, cwd);
}

static void add_exec(struct gen *g)
{
	char a[80];

	snprintf(a, sizeof(a),
		"success=yes exit=0 a0=55%010x a1=55%010x a2=55%010x",
		below(g, UINT32_MAX), below(g, UINT32_MAX),
		below(g, UINT32_MAX));
	stream_syscall(&g->out, 59, "execve", a, 2, "exec");
	stream_execve(&g->out);
	add_cwd(g);
	stream_path(&g->out, 0, g->out.exe, 0100755, 0);
	stream_path(&g->out, 1, "/lib64/ld-linux-x86-64.so.2", 0100755, 0);
	stream_proctitle_eoe(&g->out);
}

static void exec_begin(struct gen *g)
{
	stream_begin(&g->out, any_session(g));
	if (below(g, 100) < g->base64_percent)
		any_command(g, droppers, ARRAY_LEN(droppers));
	else
		any_command(g, commands, ARRAY_LEN(commands));
	add_exec(g);
}

static void write_exec(struct gen *g)
{
	exec_begin(g);
	stream_end(&g->out, false);
}

static void write_lossy(struct gen *g)
{
	exec_begin(g);
	stream_end(&g->out, true);
}

/* The number is that of crashes for every hundred events. */
static void write_anom(struct gen *g)
{
	unsigned int i;

	write_exec(g);
	for (g->crash_due += g->number; g->crash_due >= 100;
		g->crash_due -= 100) {
		i = random_below(&g->out.fault, ARRAY_LEN(g->sessions));
		stream_crash(&g->out, &g->sessions[i]);
	}
}

static void write_access(struct gen *g)
{
	const struct access *row = &accesses[below(g, ARRAY_LEN(accesses))];
	struct buf file = { 0 };
	char a[80];

	stream_begin(&g->out, any_session(g));
	any_command(g, commands, ARRAY_LEN(commands));
	expand(g, &file, "%f");
	buf_add(&file, "", 1);
	snprintf(a, sizeof(a), "success=yes exit=0 a0=%s a1=55%010x a2=%x",
		row->a0, below(g, UINT32_MAX), below(g, 4096));
	stream_syscall(&g->out, row->number, row->name, a, 1, row->key);
	add_cwd(g);
	stream_path(&g->out, 0, file.p, 0100644, g->out.session->uid);
	stream_proctitle_eoe(&g->out);
	stream_end(&g->out, false);
	free(file.p);
}

static void write_connect(struct gen *g)
{
	struct buf *b = &g->out.event;
	unsigned int port = 1 + below(g, 9999);
	unsigned int addr = below(g, 512);

	stream_begin(&g->out, any_session(g));
	any_command(g, commands, ARRAY_LEN(commands));
	stream_syscall(&g->out, 42, "connect",
		"success=no exit=-115 a0=5 a1=7ffd4f1c22d0 a2=10", 0,
		"net_connect");
	stream_open(&g->out, "SOCKADDR");
	buf_addf(b, "saddr=0200%04X%s%02X0000000000000000", port,
		addr & 1 ? "C63364" : "CB0071", addr >> 1);
	if (g->out.is_enriched) {
		buf_adds(b, "\035SADDR={ saddr_fam=inet laddr=");
		words_address(b, addr);
		buf_addf(b, " lport=%u }", port);
	}
	stream_close(&g->out);
	stream_proctitle_eoe(&g->out);
	stream_end(&g->out, false);
}

/* What most programs do first: ask a name service that is not there. */
static void write_nscd(struct gen *g)
{
	static const char path[] = "/var/run/nscd/socket";
	struct buf *b = &g->out.event;

	stream_begin(&g->out, any_session(g));
	any_command(g, commands, ARRAY_LEN(commands));
	stream_syscall(&g->out, 42, "connect",
		"success=no exit=-2 a0=4 a1=7fff3b5aeef0 a2=6e", 1,
		"net_connect");
	stream_open(&g->out, "SOCKADDR");
	buf_adds(b, "saddr=0100");
	buf_add_hex(b, path, sizeof(path));
	buf_addf(b, "%0*d", 2 * (int)(110 - 2 - sizeof(path)), 0);
	if (g->out.is_enriched)
		buf_addf(b, "\035SADDR={ saddr_fam=local path=%s }", path);
	stream_close(&g->out);
	add_cwd(g);
	stream_open(&g->out, "PATH");
	buf_addf(b,
		"item=0 name=\"%s\" nametype=UNKNOWN cap_fp=0 cap_fi=0 "
		"cap_fe=0 cap_fver=0 cap_frootid=0",
		path);
	stream_close(&g->out);
	stream_proctitle_eoe(&g->out);
	stream_end(&g->out, false);
}

static void write_message(struct gen *g)
{
	const struct message *m = &messages[below(g, ARRAY_LEN(messages))];
	bool has_session = m->sender == SENDER_SESSION;
	const struct session *who = any_session(g);
	unsigned int auid = has_session ? who->auid : ID_UNSET;
	unsigned int ses = has_session ? who->ses : ID_UNSET;

	stream_begin(&g->out, who);
	stream_open(&g->out, m->type);
	buf_addf(&g->out.event, "pid=%u uid=0 auid=%u ses=%u msg='",
		m->sender == SENDER_INIT ? 1 : g->out.pid, auid, ses);
	expand(g, &g->out.event, m->text);
	buf_adds(&g->out.event, "'");
	if (g->out.is_enriched) {
		buf_adds(&g->out.event, "\035UID=\"root\"");
		stream_name(&g->out.event, who, " AUID", auid);
	}
	stream_close(&g->out);
	stream_end(&g->out, false);
}

static void write_mixed(struct gen *g)
{
	unsigned int n = below(g, 100);

	if (n < 30)
		write_exec(g);
	else if (n < 60)
		write_access(g);
	else if (n < 70)
		write_connect(g);
	else if (n < 80)
		write_nscd(g);
	else
		write_message(g);
}

/* Arguments as long as the kernel takes them, every other one Base64. */
static void write_bigargv(struct gen *g)
{
	struct buf *b = &g->out.args.text;
	struct buf script = { 0 };
	size_t len;

	stream_begin(&g->out, any_session(g));
	set_command(g, "/usr/bin/bash", "bash\t-c");
	while (b->len < g->number) {
		len = g->number - b->len;
		len = len > ARG_LEN_MAX ? ARG_LEN_MAX : len;
		if (g->out.args.count % 2 == 0) {
			script.len = 0;
			add_script(g, &script, len / 4 * 3);
			buf_add_base64(b, script.p, script.len);
		} else {
			add_script(g, b, len);
		}
		end_arg(g);
	}
	add_exec(g);
	stream_end(&g->out, false);
	free(script.p);
}

/* What xargs makes of a long list of files. */
static void write_manyargs(struct gen *g)
{
	stream_begin(&g->out, any_session(g));
	set_command(g, "/usr/bin/rm", "rm\t-f");
	while (g->out.args.text.len < g->number) {
		expand(g, &g->out.args.text, "%f.%x");
		end_arg(g);
	}
	add_exec(g);
	stream_end(&g->out, false);
}

/* One argument, longer than the kernel takes it if asked for. */
static void write_hexarg(struct gen *g)
{
	stream_begin(&g->out, any_session(g));
	set_command(g, "/usr/bin/dash", "sh\t-c");
	add_script(g, &g->out.args.text, g->number);
	end_arg(g);
	add_exec(g);
	stream_end(&g->out, false);
}

static const struct kind kinds[] = {
	{ "exec", write_exec, false, false },
	{ "mixed", write_mixed, false, false },
	{ "anom", write_anom, true, false },
	{ "lossy", write_lossy, false, false },
	{ "bigargv", write_bigargv, true, false },
	{ "manyargs", write_manyargs, true, false },
	{ "hexarg", write_hexarg, true, false },
	{ "unknownids", write_exec, false, true },
};

static void make_sessions(struct gen *g, bool is_unknown)
{
	static const struct {
		const char *name;
		unsigned int uid;
		bool is_person;
	} users[] = {
		{ "root", 0, false },
		{ "www-data", 33, false },
		{ "postgres", 113, false },
		{ "root", 0, true },
		{ "alice", 1000, true },
		{ "webadm", 1001, true },
		{ "bob", 1002, true },
		{ "deploy", 1003, true },
	};

	for (unsigned int i = 0; i < ARRAY_LEN(g->sessions); i++) {
		struct session *s = &g->sessions[i];
		size_t n = i % ARRAY_LEN(users);

		s->name = users[n].name;
		s->is_person = users[n].is_person;
		s->is_unknown = is_unknown;
		s->uid = users[n].uid + (is_unknown ? UNKNOWN_ID : 0);
		s->auid = s->is_person ? s->uid : ID_UNSET;
		s->ses = s->is_person ? 50 + i : ID_UNSET;
		s->ppid = 2000 + 37 * i;
		s->addr = below(g, 512);
		snprintf(s->tty, sizeof(s->tty),
			s->is_person ? "pts%u" : "(none)", i);
	}
}

static _Noreturn void usage(void)
{
	fputs("usage: gen [-s SEED] [-n EVENTS] [--enriched] "
	      "[--base64 PERCENT] [--ts SECONDS] KIND\n"
	      "KIND: exec, mixed, lossy, unknownids, anom PERCENT, "
	      "bigargv BYTES, manyargs BYTES, hexarg BYTES\n",
		stderr);
	exit(2);
}

static unsigned long to_number(const char *text, unsigned long max)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || n > max)
		usage();
	return n;
}

static const struct kind *parse(struct gen *g, int argc, char **argv)
{
	static const struct option options[] = { { "seed", required_argument,
							 NULL, 's' },
		{ "events", required_argument, NULL, 'n' },
		{ "enriched", no_argument, NULL, 'e' },
		{ "base64", required_argument, NULL, 'b' },
		{ "ts", required_argument, NULL, 't' }, { 0 } };
	int opt;

	while ((opt = getopt_long(argc, argv, "s:n:", options, NULL)) != -1) {
		switch (opt) {
		case 's':
			g->out.content = to_number(optarg, UINT32_MAX);
			break;
		case 'n':
			g->events = to_number(optarg, UINT32_MAX);
			break;
		case 'e':
			g->out.is_enriched = true;
			break;
		case 'b':
			g->base64_percent =
				(unsigned int)to_number(optarg, 100);
			break;
		case 't':
			g->out.clock_us =
				to_number(optarg, UINT32_MAX) * 1000000;
			break;
		default:
			usage();
		}
	}
	argc -= optind;
	argv += optind;
	for (size_t i = 0; i < ARRAY_LEN(kinds) && argc > 0; i++) {
		if (strcmp(argv[0], kinds[i].name) != 0)
			continue;
		if (argc != (kinds[i].has_number ? 2 : 1))
			usage();
		if (kinds[i].has_number)
			g->number = to_number(argv[1], 1UL << 30);
		return &kinds[i];
	}
	usage();
}

int main(int argc, char **argv)
{
	struct gen g = { .events = 1000, .base64_percent = 1 };
	const struct kind *kind;

	g.out.content = 1;
	g.out.clock_us = 1000000ull * START;
	g.out.serial = 1000;
	g.out.pid = 3000;
	kind = parse(&g, argc, argv);
	g.out.fault = ~g.out.content;
	g.out.is_enriched |= kind->is_unknown;
	make_sessions(&g, kind->is_unknown);
	while (g.events-- > 0)
		kind->write(&g);
	stream_flush(&g.out);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("gen");
		return 1;
	}
	return 0;
}
