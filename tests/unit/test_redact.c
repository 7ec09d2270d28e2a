// SPDX-License-Identifier: GPL-3.0-or-later
/* What the shipped rows mask in an argv, and what they leave alone. */
#include "masked.h"

#define A(...)                                                                 \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}

struct row {
	const char *argv[MASKED_ARGS_MAX];
	const char *want, *rules; /* "": nothing is masked */
};

static const struct row rows[] = {
	/* Options: attached, next word, part of it; only of their command. */
	{ A("mysql", "-uroot", "-pS3cret", "db"), "mysql|-uroot|-p***|db",
		"mysql" },
	{ A("/usr/bin/mysqldump", "-pS", "db"), "/usr/bin/mysqldump|-p***|db",
		"mysql" },
	{ A("mysql", "-p", "db"), "mysql|-p|db", "" },
	{ A("mysql", "--password", "db"), "mysql|--password|db", "" },
	{ A("mysql", "--password=S3cret"), "mysql|--password=***", "name" },
	{ A("mysqladmin", "-u", "root", "password", "S3cret"),
		"mysqladmin|-u|root|password|***", "mysql" },
	{ A("sudo", "-u", "root", "mysql", "-pS3cret"),
		"sudo|-u|root|mysql|-p***", "mysql" },
	{ A("grep", "mysql", "-pS3cret"), "grep|mysql|-pS3cret", "" },
	{ A("curl", "-u", "ann:S3cret", "h"), "curl|-u|ann:***|h", "curl" },
	{ A("curl", "-su", "ann:S3cret"), "curl|-su|ann:***", "curl" },
	{ A("curl", "-uann:S3cret"), "curl|-uann:***", "curl" },
	{ A("curl", "-u", "ann", "h"), "curl|-u|ann|h", "" },
	{ A("curl", "--user=ann:S3cret"), "curl|--user=ann:***", "curl" },
	{ A("wget", "--http-password=S3cret"), "wget|--http-password=***",
		"name" },
	{ A("wget", "--http-password", "S3cret"), "wget|--http-password|***",
		"wget" },
	{ A("sshpass", "-p", "S3cret", "ssh", "h", "mysql -pOther"),
		"sshpass|-p|***|ssh|h|mysql -p***", "mysql,sshpass" },
	{ A("redis-cli", "-a", "S3cret", "ping"), "redis-cli|-a|***|ping",
		"redis" },
	{ A("mongo", "-u", "a", "-p", "S3cret"), "mongo|-u|a|-p|***", "mongo" },
	{ A("openssl", "rsa", "-passin", "pass:S3cret"),
		"openssl|rsa|-passin|pass:***", "name,openssl" },
	{ A("openssl", "rsa", "-passin", "env:PW"),
		"openssl|rsa|-passin|env:PW", "" },
	{ A("ldapsearch", "-x", "-w", "S3cret"), "ldapsearch|-x|-w|***",
		"ldap" },
	{ A("smbclient", "//h/s", "-U", "d/ann%S3cret"),
		"smbclient|//h/s|-U|d/ann%***", "samba" },
	{ A("docker", "login", "-u", "a", "-p", "S3cret"),
		"docker|login|-u|a|-p|***", "login" },
	{ A("htpasswd", "-bc", "f", "ann", "S3cret"), "htpasswd|-bc|f|ann|***",
		"account" },
	{ A("kubectl", "--token", "S3cret", "get"), "kubectl|--token|***|get",
		"option" },
	{ A("helm", "--token=S3cret"), "helm|--token=***", "name" },
	{ A("vault", "login", "S3cret"), "vault|login|***", "login" },
	/* Names. */
	{ A("env", "PGPASSWORD=my S3cret", "psql"), "env|PGPASSWORD=***|psql",
		"name" },
	{ A("docker", "run", "-e", "DB_PASSWORD=S3", "x"),
		"docker|run|-e|DB_PASSWORD=***|x", "name" },
	{ A("env", "AWS_SECRET_ACCESS_KEY=S3cret"),
		"env|AWS_SECRET_ACCESS_KEY=***", "name" },
	{ A("env", "GITHUB_TOKEN=S", "MY_API_KEY=T", "A_PASS2=U"),
		"env|GITHUB_TOKEN=***|MY_API_KEY=***|A_PASS2=***", "name" },
	{ A("java", "-Ddb.password=S3cret", "X"), "java|-Ddb.password=***|X",
		"name" },
	{ A("psql", "host=h password=S3cret dbname=d"),
		"psql|host=h password=*** dbname=d", "name" },
	{ A("mount", "-o", "username=a,password=S3cret,ro"),
		"mount|-o|username=a,password=***,ro", "name" },
	{ A("curl", "-d", "{\"user\":\"a\",\"password\" : \"S 3\"}"),
		"curl|-d|{\"user\":\"a\",\"password\" : \"***\"}", "name" },
	{ A("curl", "-d", "<password>S3cret</password>"),
		"curl|-d|<password>***</password>", "name" },
	/* URLs and headers. */
	{ A("git", "clone", "https://ann:S3cret@h/r"),
		"git|clone|https://ann:***@h/r", "url" },
	{ A("psql", "postgres://a:p@ss@h:5432/d"),
		"psql|postgres://a:***@h:5432/d", "url" },
	{ A("curl", "https://h/x?a=1&token=S3cret&b=2#f"),
		"curl|https://h/x?a=1&token=***&b=2#f", "url" },
	{ A("curl", "https://h/b?sv=2021&sig=S3%2Fcret"),
		"curl|https://h/b?sv=2021&sig=***", "url" },
	{ A("curl", "-H", "Authorization: Bearer S3cret"),
		"curl|-H|Authorization: Bearer ***", "authorization" },
	{ A("curl", "-H", "authorization: Basic QTpC"),
		"curl|-H|authorization: Basic ***", "authorization" },
	{ A("curl", "-H", "Authorization: token S3cret"),
		"curl|-H|Authorization: token ***", "authorization" },
	{ A("curl", "-H", "X-Api-Key: S3cret"), "curl|-H|X-Api-Key: ***",
		"name,authorization" },
	/* Tokens of a known form. */
	{ A("x", "AKIAIOSFODNN7EXAMPLE"), "x|***", "token" },
	{ A("x", "(ghp_0123456789abcdefghijklmnopqrstuvwxyz)"), "x|(***)",
		"token" },
	{ A("x", "a=glpat-0123456789abcdefghij;"), "x|a=***;", "token" },
	{ A("x", "xoxb-123456789012-abcdefghij"), "x|***", "token" },
	{ A("x", "AIzaSyA0123456789abcdefghijklmnopqrstuv"), "x|***", "token" },
	{ A("x", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"), "x|***",
		"token" },
	{ A("x", "sk_live_0123456789abcdef"), "x|***", "token" },
	{ A("x", "npm_0123456789abcdefghijklmnopqrstuvwxyz"), "x|***",
		"token" },
	{ A("x", "SG.0123456789abcdef.0123456789abcdef"), "x|***", "token" },
	{ A("echo", "-----BEGIN RSA PRIVATE KEY-----\nMIIE-x\n-----END RSA "
		    "PRIVATE KEY-----"),
		"echo|-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE "
		"KEY-----",
		"private-key" },
	/* What only looks like it. */
	{ A("x", "-p", "8080"), "x|-p|8080", "" },
	{ A("xmrig", "--user=w", "--pass=x"), "xmrig|--user=w|--pass=x", "" },
	{ A("ssh", "-p", "22", "h"), "ssh|-p|22|h", "" },
	{ A("mkdir", "-p", "x"), "mkdir|-p|x", "" },
	{ A("tar", "-p", "-xf", "a"), "tar|-p|-xf|a", "" },
	{ A("docker", "run", "-p", "80:80", "x"), "docker|run|-p|80:80|x", "" },
	{ A("x", "--pass-through", "y"), "x|--pass-through|y", "" },
	{ A("x", "--token-file", "/f"), "x|--token-file|/f", "" },
	{ A("x", "--max-tokens=100"), "x|--max-tokens=100", "" },
	{ A("x", "PASSWORD_FILE=/run/x"), "x|PASSWORD_FILE=/run/x", "" },
	{ A("ssh", "-o", "PasswordAuthentication=no"),
		"ssh|-o|PasswordAuthentication=no", "" },
	{ A("x", "--password", "--force"), "x|--password|--force", "" },
	{ A("x", "password=true", "token=", "secret=..."),
		"x|password=true|token=|secret=...", "" },
	{ A("git", "commit", "-m", "password=..."),
		"git|commit|-m|password=...", "" },
	{ A("git", "commit", "-m", "fix token: see below"),
		"git|commit|-m|fix token: see below", "" },
	{ A("git", "clone", "ssh://git@h/r"), "git|clone|ssh://git@h/r", "" },
	{ A("x", "http://h/a:b@c"), "x|http://h/a:b@c", "" },
	{ A("man", "chpasswd"), "man|chpasswd", "" },
	{ A("x", "eyJhbGci.not.one"), "x|eyJhbGci.not.one", "" },
	{ A("x", "PWD=/root", "OLDPWD=/x"), "x|PWD=/root|OLDPWD=/x", "" },
};

/* Shell texts. */
static const struct {
	const char *text, *want, *rules;
} shells[] = {
	{ "mysql -u root -p\"S3cret\" db; ls", "mysql -u root -p\"***\" db; ls",
		"mysql" },
	{ "mysql -p'a'\"b\" x", "mysql -p*** x", "mysql" },
	{ "mysql -pa\\ b x", "mysql -p*** x", "mysql" },
	{ "mysql -p$'a\\x41' x", "mysql -p$'***' x", "mysql" },
	{ "cd /x && (mysqldump -pS3cret d | gzip)",
		"cd /x && (mysqldump -p*** d | gzip)", "mysql" },
	{ "sh -c 'mysql -pS3cret'", "sh -c 'mysql -p***'", "mysql" },
	{ "sh -c \"mysql -p\\\"S3\\\" d\"", "sh -c \"mysql -p\\\"***\\\" d\"",
		"mysql" },
	{ "ssh h mysql -pS3cret", "ssh h mysql -p***", "mysql" },
	{ "ssh h 'cd x; mysql -pS3cret'", "ssh h 'cd x; mysql -p***'",
		"mysql" },
	{ "P=S3; mysql -p$P; mysql -p\"${P}\"",
		"P=***; mysql -p$P; mysql -p\"${P}\"", "mysql" },
	{ "mysql -p$DB_PW -p\"${DB_PW}\" -p$(cat f)",
		"mysql -p$DB_PW -p\"${DB_PW}\" -p$(cat f)", "" },
	{ "export A_TOKEN=S3 B_TOKEN='S 3' C_TOKEN=a\"b c\"d; x",
		"export A_TOKEN=*** B_TOKEN='***' C_TOKEN=***; x", "name" },
	{ "A_TOKEN=$X B_TOKEN=\"$Y\" PASSWORD= x",
		"A_TOKEN=$X B_TOKEN=\"$Y\" PASSWORD= x", "" },
	{ "[ \"$TOKEN\" = \"\" ] && x", "[ \"$TOKEN\" = \"\" ] && x", "" },
	{ "curl -d \"{\\\"password\\\":\\\"S3\\\"}\"",
		"curl -d \"{\\\"password\\\":\\\"***\\\"}\"", "name" },
	{ "echo ann:S3cret | chpasswd", "echo ann:*** | chpasswd", "chpasswd" },
	{ "printf 'a:b\\nc:d\\n' | sudo chpasswd -e",
		"printf 'a:***\\nc:***\\n' | sudo chpasswd -e", "chpasswd" },
	{ "chpasswd <<< 'ann:S3cret'", "chpasswd <<< 'ann:***'", "chpasswd" },
	{ "chpasswd << E\nann:S3\nbob:T4\nE\nls",
		"chpasswd << E\nann:***\nbob:***\nE\nls", "chpasswd" },
	{ "echo S3cret | sudo -S id", "echo *** | sudo -S id", "input" },
	{ "echo S3cret | sudo id", "echo S3cret | sudo id", "" },
	{ "printf '%s\\n' S3 | docker login --password-stdin",
		"printf '%s\\n' *** | docker login --password-stdin", "input" },
	/* A secret of eight bytes is one wherever it stands. */
	{ "echo long-S3cret; mysql -plong-S3cret", "echo ***; mysql -p***",
		"repeated,mysql" },
};

static void test_rows(struct masked *m)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];

		check_start("argv %zu %.40s", i, r->want);
		CHECK_Z(bytes_of(masked_argv(m, r->argv)), r->want);
		CHECK_Z(bytes_of(masked_rules(m)), r->rules);
	}
}

static void test_shells(struct masked *m)
{
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		check_start("shell %zu %.40s", i, shells[i].want);
		CHECK_Z(bytes_of(masked_shell(m, shells[i].text)),
			shells[i].want);
		CHECK_Z(bytes_of(masked_rules(m)), shells[i].rules);
	}
}

static void test_programs(struct masked *m)
{
	check_start("a command in another language's strings");
	CHECK_Z(bytes_of(masked_argv(
			m, (const char *const[]){ "python3", "-c",
				   "os.system(\"mysql -pS3cret d\")", NULL })),
		"python3|-c|os.system(\"mysql -p*** d\")");
	check_start("an argv in them");
	CHECK_Z(bytes_of(masked_argv(
			m, (const char *const[]){ "python3", "-c",
				   "run([\"sshpass\", \"-p\", \"S3\", \"id\"])",
				   NULL })),
		"python3|-c|run([\"sshpass\", \"-p\", \"***\", \"id\"])");
	check_start("what is asked for there is no secret");
	CHECK_Z(bytes_of(masked_argv(
			m, (const char *const[]){ "python3", "-c",
				   "password = getpass(); token = e[\"x\"]",
				   NULL })),
		"python3|-c|password = getpass(); token = e[\"x\"]");
}

int main(void)
{
	struct masked m;

	check.module = "redact";
	masked_init(&m, NULL);
	test_rows(&m);
	test_shells(&m);
	test_programs(&m);
	masked_fini(&m);
	return check_end();
}
