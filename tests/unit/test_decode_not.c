// SPDX-License-Identifier: GPL-3.0-or-later
/* What looks like Base64 and hides nothing: no layer may come of it. */
#include "encoded.h"

#define SHA1 "da39a3ee5e6b4b0d3255bfef95601890afd80709"
#define SHA256                                                                 \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define SHA512                                                                 \
	"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"     \
	"47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
#define JWT                                                                    \
	"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwi"    \
	"bmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fw"  \
	"pMeJf36POk6yJV_adQssw5c"
#define SSH_RSA                                                                \
	"AAAAB3NzaC1yc2EAAAADAQABAAABgQC7v3mX9o2bqJkKZ1sTq0yq4g3Hq8mW5nU2xR"   \
	"0dV5cPz8sJf1LwYh6tBvNe4KaQp7oGiUjEzXlSmDcRrTnOyWxVfHbMkLgPqAsZd3="
#define SSH_ED25519                                                            \
	"AAAAC3NzaC1lZDI1NTE5AAAAIJ8r5V4Qm2Yx0h9bZkT7pWc1sNn6uEoLqRgKyXv3TfHd"
#define PEM                                                                    \
	"-----BEGIN CERTIFICATE-----\n"                                        \
	"MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n"   \
	"RTESMBAGA1UEChMJQmFsdGltb3JlMRMwEQYDVQQLEwpDeWJlclRydXN0MSIwIAYD\n"   \
	"VQQDExlCYWx0aW1vcmUgQ3liZXJUcnVzdCBSb290MB4XDTAwMDUxMjE4NDYwMFoX\n"   \
	"DTI1MDUxMjIzNTkwMFowWjELMAkGA1UEBhMCSUUxEjAQBgNVBAoTCUJhbHRpbW9y\n"   \
	"-----END CERTIFICATE-----\n"

static const struct row {
	const char *name;
	const char *argv[PAYLOAD_ARGS_MAX];
} rows[] = {
	{ "picture", { "sh", "-c",
			     "base64 -d <<< iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"
			     "CAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
			     "AABJRU5ErkJggg== >p.png" } },
	{ "key", { "sh", "-c",
			 "echo dvlDYbiBLdeyaxovjMv7Qg9CPgOWG+kamwHjoHmkLws="
			 "|base64 -d>k" } },
	{ "path", { "/usr/lib/x86_64-linux-gnu/libgtk/Something/Else/More" } },
	{ "path of words", { "ls", "/home/user/Documents/Projects/2024/src" } },
	{ "path in /proc",
		{ "cat", "/proc/sys/kernel/random/boot/id/abcdef" } },
	{ "Maven path", { "java", "-cp",
				"/root/.m2/repository/org/apache/"
				"commons/commons/lang3/3.12.0/"
				"commons-lang3-3.12.0.jar" } },
	{ "node_modules", { "node", "/srv/app/node_modules/webpack/lib/node/"
				    "NodeEnvironmentPlugin" } },
	{ "md5", { "md5sum", "d41d8cd98f00b204e9800998ecf8427e" } },
	{ "md5 in upper case", { "x", "D41D8CD98F00B204E9800998ECF8427E" } },
	{ "sha1", { "git", "show", SHA1 } },
	{ "sha256", { "x", SHA256 } },
	{ "sha512", { "x", "--checksum=" SHA512 } },
	{ "git range", { "git", "log", SHA1 ".." SHA1 } },
	{ "image digest", { "docker", "pull", "alpine@sha256:" SHA256 } },
	{ "container id", { "runc", "--root", "/run/runc", "exec", SHA256 } },
	{ "containerd path", { "x", "/run/containerd/io.containerd.runtime.v2."
				    "task/k8s.io/" SHA256 "/log.json" } },
	{ "hex that is readable as Base64",
		{ "x", "b0d9d057c31ca287b3c3e303d094c1c8" } },
	{ "Base64 of text that is hardly ASCII",
		{ "x", "0L/"
		       "RgNC40LLQtdGCINC80LjRgCwg0LrQsNC6INC00LXQu9CwPw==" } },
	{ "hex of text",
		{ "x", "77686f616d693b206964203b20756e616d65202d61" } },
	{ "UUID", { "blkid", "123e4567-e89b-12d3-a456-426614174000" } },
	{ "UUID without dashes", { "x", "123e4567e89b12d3a456426614174000" } },
	{ "machine id",
		{ "journalctl",
			"/var/log/journal/"
			"b08dfa6083e7567a1921a715000001fb/system.journal" } },
	{ "JWT", { "curl", "-H", "Authorization: Bearer " JWT } },
	{ "JWT alone", { "x", JWT } },
	{ "JWT option", { "x", "--token=" JWT } },
	{ "SSH RSA key", { "sh", "-c",
				 "echo 'ssh-rsa " SSH_RSA
				 " root@h' >> ~/.ssh/authorized_keys" } },
	{ "SSH ED25519 key", { "x", "ssh-ed25519 " SSH_ED25519 " me@host" } },
	{ "certificate", { "openssl", "x509", "-in", PEM } },
	{ "certificate in a heredoc",
		{ "sh", "-c", "cat > c.pem <<EOF\n" PEM "EOF" } },
	{ "npm integrity", { "x", "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpI"
				  "dNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+"
				  "SfaPg==" } },
	{ "subresource integrity",
		{ "x", "integrity=sha384-oqVuAfXRKap7fdgcCY5"
		       "uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC" } },
	{ "Java name",
		{ "java", "org.springframework.context.annotation."
			  "AnnotationConfigApplicationContextInitializer" } },
	{ "Java path", { "x", "org/springframework/boot/autoconfigure/web/"
			      "servlet/WebMvcAutoConfiguration" } },
	{ "Java system property",
		{ "java", "-Dorg.eclipse.jetty.util.ssl.SslContextFactory."
			  "TrustAll=true" } },
	{ "Kubernetes name",
		{ "kubectl", "logs",
			"deployment/"
			"ingress-nginx-controller-7d5fb757db-8xk2v" } },
	{ "Kubernetes path",
		{ "x", "/var/lib/kubelet/pods/"
		       "6f9c1a51-8f70-4f6b-b5b5-8f2d0b6f9e33/volumes/"
		       "kubernetes.io~projected/kube-api-access-x7k2p" } },
	{ "systemd unit", { "systemctl", "status",
				  "systemd-networkd-wait-online.service" } },
	{ "CamelCase",
		{ "x", "ThisIsAnAbstractSingletonProxyFactoryBeanName" } },
	{ "camelCase of a length of 4", { "x", "getElementByAttributeName" } },
	{ "CamelCase of 20", { "x", "ApplicationContextUp" } },
	{ "snake_case",
		{ "x", "this_is_a_long_name_of_some_option_or_other" } },
	{ "kebab-case", { "x", "--this-is-a-long-option-of-some-program-or" } },
	{ "word", { "x", "pneumonoultramicroscopicsilicovolcanoconiosis" } },
	{ "word of 20", { "x", "internationalization" } },
	{ "upper-case word", { "x", "ANTIDISESTABLISHMENTARIANISMS" } },
	{ "SCREAMING_CASE",
		{ "x", "CONFIG_SECURITY_SELINUX_BOOTPARAM_VALUE" } },
	{ "digits", { "x", "12345678901234567890123456789012" } },
	{ "zeros", { "x", "00000000000000000000000000000000" } },
	{ "all A", { "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" } },
	{ "all a", { "x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } },
	{ "all slashes", { "x", "////////////////////////////////////" } },
	{ "line of =", { "x", "====================================" } },
	{ "line of -", { "x", "------------------------------------" } },
	{ "date", { "x", "20240229T235959Z20240301T000000Z" } },
	{ "IPv6", { "ping", "2001:0db8:85a3:0000:0000:8a2e:0370:7334" } },
	{ "MAC", { "x", "00:1A:2B:3C:4D:5E/00:1A:2B:3C:4D:5F" } },
	{ "URL", { "curl",
			 "https://example.org/api/v2/users/list/all/active" } },
	{ "URL with an id", { "x", "https://youtu.be/dQw4w9WgXcQ?t=43" } },
	{ "S3 URL",
		{ "aws", "s3", "cp", "s3://bucket/AKIAIOSFODNN7EXAMPLE/key" } },
	{ "AWS secret", { "x", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" } },
	{ "GitHub token", { "x", "ghp_16C7e42F292c6912E7710c838347Ae178B4a" } },
	{ "data: URI",
		{ "x", "data:text/plain;base64,SGVsbG8sIFdvcmxkISBob3cgYX"
		       "JlIHlvdT8=" } },
	{ "data: URI of an image",
		{ "x", "data:image/png;base64,iVBORw0KGgoAAAA"
		       "NSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/"
		       "w38GIAXDIBKE"
		       "0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==" } },
	{ "Basic auth", { "curl", "-H",
				"Authorization: Basic "
				"QWxhZGRpbjpvcGVuIHNlc2FtZTEyMzQ1" } },
	{ "short words", { "sh", "-c", "echo testdata" } },
	{ "short without context", { "echo", "d2hvYW1pOyBpZA==" } },
	{ "encoding", { "sh", "-c", "echo hello | base64" } },
	{ "encoding wide", { "sh", "-c", "echo helloworldtest | base64 -w0" } },
	{ "encoding a file",
		{ "base64", "/etc/ssl/certs/ca-certificates.crt" } },
	{ "openssl encoding", { "sh", "-c",
				      "openssl enc -base64 -in "
				      "somefilename.bin -out othername.b64" } },
	{ "decoding a file", { "sh", "-c",
				     "base64 -d /tmp/payloadfile/encoded.b64 > "
				     "/tmp/outputfile.bin" } },
	{ "words beside a decoder",
		{ "sh", "-c",
			"cat somefile | base64 -d > anotherfilename; chmod "
			"installed" } },
	{ "path beside a decoder",
		{ "sh", "-c",
			"base64 -d "
			"/usr/share/something/readable/directory/file.b64" } },
	{ "names beside b64decode",
		{ "python3", "-c",
			"import base64,sys,subprocess\nfrom collections import "
			"OrderedDict\ndata=sys.stdin.buffer.read()\n"
			"subprocess.check_output(base64.b64decode(data))" } },
	{ "powershell without", { "pwsh", "-e", "Get-ChildItem" } },
	{ "-e of others", { "grep", "-e", "abcdefgh", "file" } },
	{ "fold of sed", { "sed", "-e", "s/aaaaaaaa/bbbbbbbb/g" } },
	{ "kernel options", { "x", "BOOT_IMAGE=/boot/vmlinuz-6.1.0-13-amd64 "
				   "root=UUID=2b1f7a1c-38c1-4b09-9e6a-"
				   "0c2f3f2dd1a0 ro quiet" } },
	{ "compiler", { "cc1", "-fmacro-prefix-map=/build/reproducible-path/=.",
			      "-D_FORTIFY_SOURCE=2",
			      "-Wno-unused-but-set-parameter" } },
};

static void complain(const struct event *ev)
{
	char text[160];

	for (size_t i = 0; i < ev->n_layers; i++)
		check_fail(__LINE__, "argument %zu gave '%s'",
			ev->layers[i].arg,
			check_show(text, sizeof(text), ev->layers[i].text, 0));
}

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes argv[PAYLOAD_ARGS_MAX];
		struct event *ev;
		size_t n = 0;

		for (; rows[i].argv[n]; n++)
			argv[n] = bytes_of(rows[i].argv[n]);
		check_start("%s", rows[i].name);
		ev = payload_run(argv, n, &payload_conf);
		complain(ev);
		CHECK(!ev->is_capped);
		CHECK_EQ(ev->decoded_bytes, 0);
		event_destroy(ev);
	}
}

/* Keys and digests: random bytes in Base64 with nothing that decodes them. */
static void test_random(void)
{
	static const size_t lens[] = { 16, 20, 24, 32, 33, 48, 64, 100, 256,
		1000 };
	unsigned long long seed = 17;

	for (size_t k = 0; k < sizeof(lens) / sizeof(lens[0]); k++) {
		check_start("%zu random bytes", lens[k]);
		for (int i = 0; i < (int)check_rounds(2000); i++) {
			char raw[1000], template[] = "key=@s";
			const char *argv[] = { "x", template, NULL };
			struct event *ev;

			for (size_t j = 0; j < lens[k]; j++)
				raw[j] = (char)(check_random(&seed) >> 33);
			/* A file's first bytes are not random. */
			raw[0] = (char)(raw[0] | 0x80);
			template[5] = "sunv67"[i % 6];
			ev = payload_run_rows(
				argv, (struct bytes){ raw, lens[k] });
			complain(ev);
			event_destroy(ev);
		}
	}
}

/* Random hex, and random names of words, of every length. */
static void test_noise(void)
{
	static const char *const words[] = { "get", "Set", "user", "Name",
		"File", "path", "List", "com", "Value", "x86", "v2", "Http" };
	unsigned long long seed = 23;

	check_start("random hex");
	for (int i = 0; i < (int)check_rounds(20000); i++) {
		char text[129];
		struct bytes arg = { text, 20 + (size_t)i % 109 };
		struct event *ev;

		for (size_t j = 0; j < arg.len; j++)
			text[j] = (i & 1 ? "0123456789ABCDEF"
					 : "0123456789abcdef")
				[check_random(&seed) >> 33 & 15];
		ev = payload_run(&arg, 1, &payload_conf);
		complain(ev);
		event_destroy(ev);
	}
	check_start("random names");
	for (int i = 0; i < (int)check_rounds(20000); i++) {
		struct event *ev;
		struct bytes arg;
		struct str s;

		str_init(&s, 1000);
		for (int j = 0; j < 4 + i % 12; j++) {
			if (i % 3 && j)
				str_addc(&s, "./"[i % 3 - 1]);
			str_addz(&s, words[check_random(&seed) >> 33 & 7]);
		}
		arg = str_bytes(&s);
		ev = payload_run(&arg, 1, &payload_conf);
		complain(ev);
		event_destroy(ev);
		str_fini(&s);
	}
}

int main(void)
{
	check.module = "decode not";
	test_rows();
	test_random();
	test_noise();
	return check_end();
}
