// SPDX-License-Identifier: GPL-3.0-or-later
/* Programs whose strings are put together. */
#include <stdlib.h>

#include "check.h"
#include "program.h"

static const struct row {
	const char *language, *text;
	const char *want; /* NULL: the text itself */
} rows[] = {
	/* side by side and by operators */
	{ "python3", "f('ab'+'cd')", "f('abcd')" },
	{ "python3", "f('ab' 'cd')", "f('abcd')" },
	{ "python3", "f(b'ab'\nb\"cd\")", "f('abcd')" },
	{ "python3", "f('''ab''' + r'cd')", "f('abcd')" },
	{ "ruby", "f('a' 'b' << 'c')", "f('ab' << 'c')" },
	{ "perl", "f('a'.\"b\".q{c}.qq^d^)", "f('abcd')" },
	{ "php", "f('a'.'b' . \"c\");", "f('abc');" },
	{ "lua", "f('a'..\"b\"..[[c]])", "f('abc')" },
	{ "node", "f('a'+\n'b'+`c`)", "f('abc')" },
	{ "awk", "BEGIN{f(\"a\" \"b\")}", "BEGIN{f('ab')}" },
	{ "pwsh", "f ('a'+\"b\")", "f ('ab')" },
	{ "python3", "f(('a'+'b'), 1)", "f('ab', 1)" },
	/* lists */
	{ "python3", "f(''.join(['a','b','c']))", "f('abc')" },
	{ "python3", "f('-'.join(('a','b')))", "f('a-b')" },
	{ "node", "f(['a','b'].join(''))", "f('ab')" },
	{ "node", "f(['b','a'].reverse().join(''))", "f('ab')" },
	{ "node", "x=['a','b'];f(x[1]+x[0])", "x=[];f('ba')" },
	{ "perl", "f(join('','a','b'))", "f('ab')" },
	{ "php", "f(implode('',array('a','b')));", "f('ab');" },
	{ "lua", "f(table.concat({'a','b'}))", "f('ab')" },
	{ "lua", "load(string.char(111,115,40))()", NULL },
	{ "python3", "p=[]\np.append('a')\np.append('b')\nf(''.join(p))",
		"p=[]\n['a']\n['a','b']\nf('ab')" },
	{ "pwsh", "iex (('a','b') -join '')", "iex ('ab')" },
	/* variables */
	{ "python3", "a='x';b='y';f(a+b)", "a='';b='';f('xy')" },
	{ "python3", "a,b='x','y';f(b+a)", "a,b='','';f('yx')" },
	{ "python3", "a='x'\na+='y'\nf(a)", "a=''\na+=''\nf('xy')" },
	{ "perl", "my $a='x';my $b=\"y\";f($a.$b)",
		"my $a='';my $b='';f('xy')" },
	{ "perl", "my ($a,$b)=('x','y');f(\"$a${b}\")",
		"my ($a,$b)=[];f('xy')" },
	{ "php", "$a='x';$a.='y';f($a);", "$a='';$a.='';f('xy');" },
	{ "php", "$f='im'.'plode';g($f('',array('a','b')));",
		"$f='';g('ab');" },
	{ "php", "$f='ba'.'se';$f('x');", "$f='';base('x');" },
	{ "node", "const a='x',b='y';f(`${a}${b}`)",
		"const a='',b='';f('xy')" },
	{ "ruby", "a='x'\nf(\"#{a}y\")", "a=''\nf('xy')" },
	{ "lua", "local a='x' f(a..'y')", "local a='' f('xy')" },
	{ "python3", "k=42;f(c^k)", "k=42;f(c ^ 42)" },
	/* what is another's name, or not known yet */
	{ "python3", "a='x';o.a+'y'", NULL },
	{ "python3", "f(a='x',b='y')", NULL },
	{ "python3", "f(a+'y');a='x'", NULL },
	{ "perl", "$_='x';f($_)", NULL },
	/* calls */
	{ "python3", "f('a!b!'.replace('!',''))", "f('ab')" },
	{ "node", "f('a!b!'.replace(/!/g,''))", "f('ab')" },
	{ "node", "f('a!b#'.replace(/[!#]/g,''))", "f('ab')" },
	{ "php", "f(str_replace('!','','a!b'));", "f('ab');" },
	{ "php", "f(preg_replace('/!/','','a!b'));", "f('ab');" },
	{ "ruby", "f('a!b'.gsub('!','').delete('b'))", "f('a')" },
	{ "pwsh", "iex ('a!b' -replace '!','')", "iex ('ab')" },
	{ "pwsh", "iex ('{1}{0}' -f 'b','a')", "iex ('ab')" },
	{ "python3", "f('{}-{0}'.format('a'))", "f('a-a')" },
	{ "python3", "f('%s%s' % ('a','b'))", "f('ab')" },
	{ "python3", "f('xab'[1:],'a-b'[::2],'abc'[:-1])",
		"f('ab','ab','ab')" },
	{ "python3", "f('ab'[::-1])", NULL },
	{ "ruby", "f('n-za'.tr('A-Za-z','N-ZA-Mn-za-m'))", NULL },
	{ "php", "f(ab.chr(47).cd);", "f('ab/cd');" },
	{ "php", "f(chr(47).chr(48));", NULL },
	{ "python3", "d={'a':'x','b':'y'};f(d['a']+d['b'])", "d=[];f('xy')" },
	{ "php", "$d=['a'=>'x'];f($d['a'].'y');", "$d=[];f('xy');" },
	{ "perl", "f(join '',qw(a b),'c')", "f('abc')" },
	{ "perl", "f(q(a(b)c).'d')", "f('a(b)cd')" },
	{ "perl", "f(join '','c',qw(a b))", "f('cab')" },
	{ "perl", "f join '',qw(a b);", "f 'ab';" },
	{ "ruby", "f(%w(a b).join(''))", "f('ab')" },
	{ "ruby", "f(['a','b'].join)", "f('ab')" },
	{ "pwsh", "f ('a','b' -join '')", "f ('ab')" },
	{ "php", "f(preg_replace('/[^a-z]/','','a-b+c'));", "f('abc');" },
	{ "python3", "f(re.sub('[^\\w]','','a-b'))", NULL },
	{ "python3", "f('a|b'.split('|'))", "f('a b')" },
	{ "python3", "f(''.join('a|b'.split('|')))", "f('ab')" },
	{ "python3", "f('a b|c'.split('|')[0])", "f('a b')" },
	{ "php", "$p=explode('|','a|b');f(implode('',$p));", "$p=[];f('ab');" },
	{ "ruby", "f(%w[a b].join)", "f('ab')" },
	{ "python3", "f((lambda x:g(x[::-1]))('a'))", "f((g('a'[::-1])))" },
	/* calls by name */
	{ "php", "$x=g('a');$y=h($x);f($y);", "$x='';$y='';f(h(g('a')));" },
	{ "python3", "x=g('a')\nprint(len(x))\nf(x)",
		"x=''\nprint(len(x))\nf(g('a'))" },
	{ "python3", "x=g('a')\nh(x.y)", "x=''\nh(g('a').y)" },
	/* functions */
	{ "python3", "g=lambda s:h(s[::-1]);f((g)('x'))",
		"g=lambda s:h(s[::-1]);f((h('x'[::-1])))" },
	{ "node", "const g=s=>h(s);f(g('a'+'b'))",
		"const g=s=>h(s);f((h('ab')))" },
	{ "php", "function g($s){return h($s);}f(g('a'));",
		"function g($s){return h($s);}f((h('a')));" },
	{ "python3", "g=lambda s:g(s);g('x')", "" },
	/* escapes: of one or two, what they are; of many, as they are */
	{ "python3", "f('a\\x62'+'c')", "f('abc')" },
	{ "python3", "f('\\x61\\x62\\x63'+'\\x64')",
		"f('\\x61\\x62\\x63\\x64')" },
	{ "python3", "f('it\\'s')", "f(\"it's\")" },
	{ "python3", "f('\\'a\"')", "f(\x02'a\"\x02)" },
	{ "lua", "f('\\97\\98\\99\\100')", "f('\\x61\\x62\\x63\\x64')" },
	/* no strings, and broken ones */
	{ "python3", "# it's\nf(1)", NULL },
	{ "python3", "f('a+'", NULL },
	{ "perl", "s/'//g; tr/'/\"/; f('a')", NULL },
	{ "python3", "", NULL },
};

static void test_rows(void)
{
	struct program *p = program_new();
	struct str out;

	if (!p)
		abort();
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		bool is_changed = program_join(p, bytes_of(r->text),
			invocation_language_of(bytes_of(r->language)), &out);

		check_start("%s: %s", r->language, r->text);
		/* A function that calls itself: only that there is an end. */
		if (r->want && !*r->want)
			continue;
		CHECK_EQ(is_changed, r->want != NULL);
		if (is_changed && r->want)
			CHECK_Z(str_bytes(&out), r->want);
	}
	str_fini(&out);
	program_free(p);
}

static const struct {
	const char *text, *want;
} shells[] = {
	{ "python3 -c \"func('a'+'b')\" | sh", "python3 -c  func('ab')  | sh" },
	{ "perl -e 'func(\"a\".\"b\")'", "perl -e  func('ab') " },
	{ "python3 -c 'func('\\''a'\\''+'\\''b'\\'')'",
		"python3 -c  func('ab') " },
	{ "echo \"import x;f('a'+'b')\" | python3",
		"echo  import x;f('ab')  | python3" },
	{ "python3 <<'E'\nf('a'+'b')\nE", "python3 <<'E'\nf('ab')\nE" },
	{ "sh -c 'echo a+b'", NULL },
	{ "echo 'a' 'b' | base64 -d", NULL },
	{ "x='a';y='b'; echo \"$x$y\"", NULL },
	{ "echo 'unended", NULL },
};

static void test_shells(void)
{
	struct program *p = program_new();
	struct str out;

	if (!p)
		abort();
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		bool is_changed =
			program_join_strings(p, bytes_of(shells[i].text), &out);

		check_start("shell: %s", shells[i].text);
		CHECK_EQ(is_changed, shells[i].want != NULL);
		if (is_changed && shells[i].want)
			CHECK_Z(str_bytes(&out), shells[i].want);
	}
	str_fini(&out);
	program_free(p);
}

static void test_guess(void)
{
	static const struct {
		const char *text;
		enum invocation_language want;
	} texts[] = {
		{ "import os;os.system('id')", INVOCATION_PYTHON },
		{ "eval(base64_decode('aWQ='));", INVOCATION_PHP },
		{ "use MIME::Base64;print 1", INVOCATION_PERL },
		{ "require('fs').x()", INVOCATION_NODE },
		{ "os.execute('id')", INVOCATION_LUA },
		{ "echo id | base64 -d | sh", INVOCATION_NONE },
		{ "f() { id; }; f", INVOCATION_NONE },
		{ "a=$(id); echo \"$a\"", INVOCATION_NONE },
		{ "python3 -c \"import os;f('x')\"", INVOCATION_NONE },
	};

	struct program *p = program_new();

	if (!p)
		abort();
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		check_start("guess: %s", texts[i].text);
		CHECK_EQ(program_guess(p, bytes_of(texts[i].text)),
			texts[i].want);
	}
	program_free(p);
}

/* Any bytes, and texts that ask for more than there is. */
static void test_caps(void)
{
	static const char *const pieces[] = { "a=a+a;", "(", "'", "f('a',",
		"['a',", "'a'+", "\\'", "a='x';", "qq,", "g=lambda s:s+s;",
		"\x00\xff", "$a.=$a;", "${", "'a'.replace('a','aaaaaaaa')" };
	struct program *p = program_new();
	struct str text, out;

	if (!p)
		abort();
	str_init(&out, 0);
	str_init(&text, 1 << 20);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		for (int language = 0; language <= INVOCATION_POWERSHELL;
			language++) {
			struct bytes t;
			bool is_changed;

			str_reset(&text);
			str_addz(
				&text, "a='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';");
			for (int n = 0; n < 3000; n++)
				str_addz(&text, pieces[i]);
			t = str_bytes(&text);
			check_start("caps %zu of %d", i, language);
			is_changed = program_join(
				p, t, (enum invocation_language)language, &out);
			if (is_changed)
				CHECK(out.len <= PROGRAM_OUT_MAX(t.len));
		}
	str_fini(&text);
	str_fini(&out);
	program_free(p);
}

/* More tokens than wait at a time: no call is cut in two. */
static void test_long(void)
{
	struct program *p = program_new();
	struct str text, out;

	if (!p)
		abort();
	str_init(&out, 0);
	str_init(&text, 1 << 20);
	for (int n = 0; n < 20000; n++)
		str_addz(&text, "func('a');");
	check_start("20000 calls");
	CHECK(!program_join(p, str_bytes(&text), INVOCATION_PYTHON, &out));
	str_addz(&text, "func('a'+'b')");
	CHECK(program_join(p, str_bytes(&text), INVOCATION_PYTHON, &out));
	CHECK_EQ(out.len, text.len - 3);
	str_fini(&text);
	str_fini(&out);
	program_free(p);
}

int main(void)
{
	check.module = "program";
	test_rows();
	test_shells();
	test_guess();
	test_caps();
	test_long();
	return check_end();
}
