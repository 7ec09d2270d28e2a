// SPDX-License-Identifier: GPL-3.0-or-later
/* Programs that are worked out: what they would run or write. */
#include <stdlib.h>

#include "check.h"
#include "script.h"

static const struct row {
	const char *language, *text;
	const char *want, *chain; /* NULL: nothing was hidden */
	bool is_run;
} rows[] = {
	/* loops */
	{ "python3", "s=''\nfor c in [104,117]:\n  s+=chr(c-1)\nexec(s)", "gt",
		"charcode", true },
	{ "python3", "exec(''.join(chr(c^1) for c in [104,117]))", "it", "xor",
		true },
	{ "python3",
		"i=0\nr=''\nwhile i<2:\n  r+=chr([105,100][i]);i+=1\neval(r)",
		"id", "charcode", true },
	{ "php",
		"for($i=0;$i<4;$i+=2)$r.=chr(hexdec(substr('6964',$i,2)));"
		"eval($r);",
		"id", "charcode", true },
	{ "php", "foreach([105,100] as $c){$r.=chr($c);}eval($r);", "id",
		"charcode", true },
	{ "perl", "$s.=chr($_-1) for (106,101);eval $s", "id", "charcode",
		true },
	{ "ruby", "s='';[106,101].each{|c| s<<(c-1).chr};eval s", "id",
		"charcode", true },
	{ "node",
		"let s='';for(const c of [106,101])s+=String.fromCharCode(c-1)"
		";eval(s)",
		"id", "charcode", true },
	{ "lua",
		"local s='' for i,c in ipairs({106,101}) do "
		"s=s..string.char(c-1) end load(s)()",
		"id", "charcode", true },
	{ "awk",
		"BEGIN{n=split(\"105 100\",a,\" \");for(i=1;i<=n;i++)"
		"s=s sprintf(\"%c\",a[i]);system(s)}",
		"id", "charcode", true },
	{ "pwsh", "$s='';foreach($c in 106,101){$s+=[char]($c-1)};iex $s", "id",
		"charcode", true },
	{ "pwsh", "iex (-join (104,101|%{[char]($_ -bxor 1)}))", "id", "xor",
		true },
	/* brackets that are quotes */
	{ "perl", "system scalar reverse q{'{a}' ohce}", "echo '}a{'",
		"reverse", true },
	{ "ruby", "system(%q{'{a}' ohce}.reverse)", "echo '}a{'", "reverse",
		true },
	/* functions */
	{ "python3", "def f(s):\n  r=s[::-1]\n  return r\nexec(f('di'))", "id",
		"reverse", true },
	{ "python3", "f=lambda s:bytes.fromhex(s)\nexec(f('6964'))", "id",
		"hex", true },
	{ "perl", "sub f{my($s)=@_;$s=~tr/a-z/b-za/;return $s;}eval f('hc')",
		"id", "rot13", true },
	{ "perl", "($a='6964')=~s/(..)/chr hex $1/ge;eval $a", "id", "charcode",
		true },
	{ "node",
		"const f=(s,k)=>s.map(c=>String.fromCharCode(c^k)).join('');"
		"eval(f([104,101],1))",
		"id", "xor", true },
	{ "php",
		"function f($s){$s=strrev($s);return base64_decode($s);}"
		"eval(f('QWa'));",
		"id", "reverse+base64", true },
	/* closures, classes, defaults */
	{ "python3",
		"f=lambda k:(lambda s:''.join(chr(ord(c)^k) for c in s))\n"
		"exec(f(1)('he'))",
		"id", "xor", true },
	{ "python3",
		"class A:\n  k=1\n  def f(self,l):\n"
		"    return bytes(c^self.k for c in l)\nexec(A().f([104,101]))",
		"id", "xor", true },
	{ "python3",
		"class A:\n  def __init__(self,k):\n    self.k=k\n"
		"  def f(self,l):\n    return bytes(c^self.k for c in l)\n"
		"exec(A(1).f([104,101]))",
		"id", "xor", true },
	{ "python3",
		"d=lambda s,k=1:''.join(chr(ord(c)-k) for c in s)\n"
		"exec(d('je'))",
		"id", "charcode", true },
	{ "ruby",
		"class A;def initialize(k);@k=k;end\n"
		"def f(l);l.map{|c| (c^@k).chr}.join;end;end\n"
		"eval A.new(1).f([104,101])",
		"id", "xor", true },
	{ "node",
		"class A{constructor(k){this.k=k}f(l){return l.map(c=>"
		"String.fromCharCode(c^this.k)).join('')}}"
		"eval(new A(1).f([104,101]))",
		"id", "xor", true },
	/* lists that two names have */
	{ "node",
		"const a=['Q=','aW'];(function(l){l.push(l.shift())})(a);"
		"eval(atob(a.join('')))",
		"id", "base64", true },
	/* numbers of many bytes, templates */
	{ "python3", "exec((26980).to_bytes(2,'big'))", "id", "charcode",
		true },
	{ "python3", "exec(149135777980109213164446797678.to_bytes(13,'big'))",
		NULL, NULL, false },
	{ "python3", "exec(0x756e616d65202d61203b206964.to_bytes(13,'big'))",
		"uname -a ; id", "charcode", true },
	{ "python3", "exec(struct.pack('<H1s',25705,b'-'))", "id-", "charcode",
		true },
	{ "perl", "eval pack('N C',1970168173,101)", "uname", "charcode",
		true },
	{ "perl", "eval pack('(A1)*','i','d',' ','-','a','x')", "id -ax",
		"charcode", true },
	/* in strings */
	{ "python3", "exec(f'{chr(105)}{chr(100)}')", "id", "charcode", true },
	{ "perl", "%h=(a=>'i',b=>'d');($x='abab')=~s/(.)/$h{$1}/g;eval $x",
		"idid", "charcode", true },
	{ "pwsh", "&('{1}{0}' -f 'EX','I') ('{1}{0}' -f 'd','i')", "id",
		"reverse", true },
	/* patterns */
	{ "perl", "$_='%69%6A%3b';s/%([0-9a-f]{2})/chr hex $1/gei;eval $_",
		"ij;", "charcode", true },
	{ "perl", "$_='%69%6A';s/%([0-9a-f]{2})/chr hex $1/ge;eval $_", NULL,
		NULL, false },
	{ "perl", "$_='%69%6a';s/%([^A-F]{2})/chr hex $1/gei;eval $_", NULL,
		NULL, false },
	{ "perl", "$_='%6a%6c';s/%([[:xdigit:]]+)/chr hex $1/ge;eval $_", "jl",
		"charcode", true },
	{ "perl", "$_='%69%64';s/(?:%)(..)/chr hex $1/ge;eval $_", "id",
		"charcode", true },
	{ "perl", "$_='6964';s/(..)(?=zz)/chr hex $1/ge;eval $_", NULL, NULL,
		false },
	{ "perl", "$_='wget%20-q%20a';s/%(..)/pack('H2',$1)/eg;system $_",
		"wget -q a", "hex", true },
	{ "perl", "$_='wget -q%20abc';s/%(..)/pack('H2',$1)/eg;system $_", NULL,
		NULL, false },
	{ "ruby", "eval 'curl%20a%7Csh'.gsub(/%([0-9a-f]{2})/i){$1.hex.chr}",
		"curl a|sh", "charcode", true },
	{ "node",
		"eval('curl%20a%7Csh'.replace(/%([0-9a-f]{2})/gi,"
		"(m,h)=>String.fromCharCode(parseInt(h,16))))",
		"curl a|sh", "charcode", true },
	{ "php",
		"eval(preg_replace_callback('~%([0-9a-f]{2})~i',"
		"fn($m)=>chr(hexdec($m[1])),'curl%20a%7Csh'));",
		"curl a|sh", "charcode", true },
	{ "python3",
		"exec(re.sub('%(..)',lambda m:chr(int(m.group(1),16)),"
		"'%69%64'))",
		"id", "charcode", true },
	{ "python3",
		"exec(re.sub('..',lambda m:chr(int(m.group(),16)),'6964'))",
		"id", "charcode", true },
	{ "python3",
		"exec(re.sub('%([a-f0-9]+)',lambda m:chr(int(m[1],16)),"
		"'%6A%6C',flags=re.I))",
		"jl", "charcode", true },
	{ "python3",
		"p=re.compile('%([a-f0-9]+)',re.I)\n"
		"exec(p.sub(lambda m:chr(int(m[1],16)),'%6A%6C'))",
		"jl", "charcode", true },
	{ "python3",
		"m=re.search('(..)-(..)','xy-6964')\n"
		"exec(bytes.fromhex(m.group(2)+'64'))",
		"id", "hex", true },
	{ "python3", "exec(compile(bytes.fromhex('6964'),'','exec'))", "id",
		"hex", true },
	{ "python3", "exec(re.compile('6964'))", NULL, NULL, false },
	/* statements of several lines, what shells are given, other digits */
	{ "perl", "system\npack\nqq^H4^,qq^6964^\n", "id", "hex", true },
	{ "perl", "print\n1\n;pack\n1", NULL, NULL, false },
	{ "perl", "$c=pack('H*','6964');qx{$c}", "id", "hex", true },
	{ "perl", "$c=pack('H*','6964');qx'$c'", NULL, NULL, false },
	{ "perl", "$c=pack('H*','6964');`$c`", "id", "hex", true },
	{ "ruby", "c=['6964'].pack('H*');`#{c}`", "id", "hex", true },
	{ "perl", "eval join'',map{chr oct\"0b$_\"}'1101001','1100100'", "id",
		"charcode", true },
	{ "perl", "eval chr(oct '0b2')", NULL, NULL, false },
	/* << */
	{ "perl", "$x=<<A.<<'B';eval pack 'H*',$x;\n69\nA\n64\nB\n", "id",
		"hex", true },
	{ "ruby", "x = <<~E\n  6964\nE\neval([x].pack('H*'))\n", "id", "hex",
		true },
	{ "php", "$x = <<<'E'\n6964\nE;\neval(hex2bin($x));", "id", "hex",
		true },
	{ "perl", "$x=<<A;eval pack 'H*',$x;\n6964\nAA\n", NULL, NULL, false },
	{ "perl", "$x=1<<A;eval 'id';\n6964\nA\n", NULL, NULL, false },
	/* written, not run */
	{ "python3", "print(base64.b64decode('dW5hbWUgLWE='))", "uname -a",
		"base64", false },
	{ "python3", "print('hello world'[::-1])", NULL, NULL, false },
	{ "python3", "print(''.join(chr(ord(c)+1) for c in 'hello'))", NULL,
		NULL, false },
	{ "python3", "print(''.join(chr(c) for c in range(97,123)))", NULL,
		NULL, false },
	{ "python3", "print(chr(10).join(['some text','more text']))", NULL,
		NULL, false },
	/* in pieces */
	{ "python3", "for c in [118,111,98,110,102,33]:print(chr(c-1),end='')",
		"uname ", "charcode", false },
	{ "python3", "for c in [118,111,98,110,102,33]:print(chr(c-1))", NULL,
		NULL, false },
	{ "perl", "printf '%c',$_-1 for (118,111,98,110,102,33)", "uname ",
		"charcode", false },
	{ "ruby", "[118,111,98,110,102,33].each{|c| $stdout.write((c-1).chr)}",
		"uname ", "charcode", false },
	{ "awk",
		"BEGIN{n=split(\"118 111 98 110 102 33\",a,\" \");"
		"for(i=1;i<=n;i++)printf(\"%c\",a[i]-1)}",
		"uname ", "charcode", false },
	{ "awk", "BEGIN{for(i=65;i<91;i++)printf \"%c\",i}", NULL, NULL,
		false },
	{ "php", "foreach([118,111,98,110] as $c)echo chr($c-1);echo f();",
		NULL, NULL, false },
	/* what is not known is not made up */
	{ "python3", "exec(open('x').read())", NULL, NULL, false },
	{ "python3", "os.system('ls '+sys.argv[1])", NULL, NULL, false },
	{ "perl", "system('tar','c',map{\"d$_\"}(1..3))", NULL, NULL, false },
	{ "node", "console.log([1,2,3].map(x=>x^7).join(','))", NULL, NULL,
		false },
	/* without an end */
	{ "python3", "while True:\n  x=1\n", NULL, NULL, false },
	{ "node", "function f(){return f()}f()", NULL, NULL, false },
	{ "perl", "$x='a'x999999999;eval $x", NULL, NULL, false },
	{ "php", "for(;;){$a[]=$a;}", NULL, NULL, false },
	{ "python3", "x=[[[[((((", NULL, NULL, false },
};

/* Programs without an end, and ones that are too large, which run what they
 * make or not. */
static const struct limit {
	const char *language, *text;
	bool is_capped;
} limits[] = {
	{ "python3", "x=''\nfor i in range(10**9):\n  x+='a'\nexec(x)", true },
	{ "python3", "x=''\nfor i in range(10**9):\n  x+='a'\nprint(x)",
		false },
	{ "python3", "exec(bytes([105,100]))", false },
	{ "python3", "while True:\n  subprocess.run('a'+'b')\n", false },
	{ "python3", "n=0\nwhile n<n+1:\n  n+=1;subprocess.run('a'+'b')\n",
		true },
	{ "perl", "$x='a' x 999999999;eval $x", true },
	{ "perl", "$x='a' x 999999999;print $x", false },
	{ "node", "for(;;){console.log('a'+'b');spawn('id')}", false },
	{ "node", "function f(){return f()+'a'}eval(f())", true },
};

static void test_limits(struct script *s)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const struct limit *r = &limits[i];
		enum invocation_language language =
			invocation_language_of(bytes_of(r->language));

		check_start("limit %zu", i);
		script_renew(s);
		CHECK(!script_is_capped(s));
		script_run(s, bytes_of(r->text), language);
		CHECK_EQ(script_is_capped(s), r->is_capped);
		/* It counts for the whole event. */
		script_reset(s);
		CHECK_EQ(script_is_capped(s), r->is_capped);
	}
}

int main(void)
{
	struct script *s = script_new();
	struct script_result last;

	if (!s)
		abort();
	check.module = "script";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		const struct script_result *got;

		check_start("%s %zu", r->language, i);
		script_renew(s);
		script_run(s, bytes_of(r->text),
			invocation_language_of(bytes_of(r->language)));
		got = script_result(s, 0);
		CHECK(!got == !r->want);
		if (!got || !r->want)
			continue;
		last = *got;
		CHECK_BYTES(last.text, bytes_of(r->want));
		CHECK_BYTES(((struct bytes){ last.chain.p, last.chain.len }),
			bytes_of(r->chain));
		CHECK_EQ(last.is_run, r->is_run);
	}
	test_limits(s);
	script_free(s);
	return check_end();
}
