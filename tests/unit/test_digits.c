// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "charcode", "id;ls -la",
		"pwsh -c \"('69x64,3b!6cx73,20!2dx6c,61'.Split('x,!')|%{[char]"
		"([convert]::ToInt16($_,16))})-join''|iex\"" },
	{ "charcode", "id;ls",
		"python3 -c \"exec(''.join(chr(int(x,8)) for x in '151 144 73 "
		"154 163'.split()))\"" },
	{ "charcode", "id;",
		"python3 -c \"exec(''.join(chr(int(x,2)) for x in '01101001 "
		"01100100 00111011'.split()))\"" },
	{ "charcode", "id;",
		"perl -e 'eval join\"\",map{chr hex}qw(69 64 3b)'" },
};

static const char *const not [] = {
	"python3 -c 'print(int(\"69\",16),chr(65))'",
	"python3 -c 'print([int(x) for x in \"80,443,8080\".split(\",\")])'",
	"python3 -c 'print(chr(int(\"2024-06-01\".split(\"-\")[0])))'",
	"node -e 'console.log(parseInt(\"ff:ee:dd\".split(\":\")[0],16))'",
	"node -e "
	"'console.log(parseInt(\"0a:1b:2c:3d:4e:5f\".split(\":\")[0],16)"
	",String.fromCharCode(65))'",
};

HIDDEN_MAIN("digits")
