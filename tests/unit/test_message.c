// SPDX-License-Identifier: GPL-3.0-or-later
#include "check.h"
#include "event.h"
#include "message.h"
#include "record.h"

#define HEAD "msg=audit(1795327587.902:28364): "
#define OUT  "pid=32681 uid=1002 auid=1002 ses=3 "

static void add(struct str *out, const char *name, struct bytes value)
{
	if (value.p)
		str_addf(out, "%s=%.*s ", name, (int)value.len, value.p);
}

static void add_id(struct str *out, const char *name, bool has, uint32_t id)
{
	if (has)
		str_addf(out, "%s=%d ", name, (int)id);
}

/* All that was read, in one line. */
static void describe(struct str *out, const struct event *ev)
{
	static const char trust[] = { 'k', 'a', 'i', 'p' };
	const struct event_message *m = &ev->message;

	add_id(out, "pid", ev->has_pid, ev->pid);
	add_id(out, "auid", ev->auid.has, ev->auid.id);
	add_id(out, "uid", ev->uid.has, ev->uid.id);
	add_id(out, "ses", ev->has_ses, ev->ses);
	add(out, "AUID", ev->auid.name);
	add(out, "UID", ev->uid.name);
	add(out, "tty", ev->tty);
	add(out, "exe", ev->exe);
	add(out, "cwd", ev->cwd);
	add(out, "op", m->op);
	add(out, "acct", m->acct);
	add_id(out, "id", m->has_id, m->id);
	add(out, "ID", m->id_name);
	add(out, "grp", m->group);
	add(out, "host", m->hostname);
	add(out, "addr", m->addr);
	add_id(out, "port", m->has_port, m->port);
	add(out, "term", m->terminal);
	add(out, "cmd", m->command);
	add(out, "unit", m->unit);
	str_addf(out, "%c%c", trust[m->trust],
		!m->has_result  ? '?'
		: m->is_success ? '+'
				: '-');
}

static const struct {
	const char *name, *line, *want;
} rows[] = {
	{ "LOGIN",
		"type=LOGIN " HEAD "pid=32477 uid=0 subj=unconfined "
		"old-auid=4294967295 auid=1001 tty=(none) old-ses=4294967295 "
		"ses=1 res=1\035UID=\"root\" OLD-AUID=\"unset\" AUID=\"alice\"",
		"pid=32477 auid=1001 uid=0 ses=1 AUID=alice UID=root k+" },
	{ "USER_AUTH",
		"type=USER_AUTH " HEAD
		"pid=31833 uid=0 auid=4294967295 ses=4294967295 "
		"msg='op=PAM:authentication grantors=? acct=\"alice\" "
		"exe=\"/usr/sbin/sshd\" hostname=127.0.0.66 addr=127.0.0.66 "
		"terminal=ssh res=failed'\035UID=\"root\" AUID=\"unset\"",
		"pid=31833 auid=-1 uid=0 ses=-1 AUID=unset UID=root "
		"exe=/usr/sbin/sshd op=PAM:authentication acct=alice "
		"host=127.0.0.66 addr=127.0.0.66 term=ssh p-" },
	{ "hex in acct=",
		"type=USER_LOGIN " HEAD OUT
		"msg='op=login acct=28696E76616C6964207573657229 "
		"exe=\"/usr/sbin/sshd\" hostname=? addr=? terminal=sshd "
		"res=failed'",
		"pid=32681 auid=1002 uid=1002 ses=3 exe=/usr/sbin/sshd "
		"op=login acct=(invalid user) term=sshd p-" },
	{ "a command",
		"type=USER_CMD " HEAD OUT
		"msg='cwd=\"/home/bob\" cmd=636174202F6574632F736861646F77 "
		"exe=\"/usr/bin/sudo\" terminal=pts/1 res=success'",
		"pid=32681 auid=1002 uid=1002 ses=3 exe=/usr/bin/sudo "
		"cwd=/home/bob term=pts/1 cmd=cat /etc/shadow p+" },
	{ "blanks in op=",
		"type=ADD_USER " HEAD OUT
		"msg='op=adding user to shadow group acct=\"bob\" "
		"exe=\"/usr/sbin/useradd\" res=success'",
		"pid=32681 auid=1002 uid=1002 ses=3 exe=/usr/sbin/useradd "
		"op=adding user to shadow group acct=bob p+" },
	{ "an id",
		"type=ADD_USER " HEAD OUT
		"msg='op=adding user id=1002 exe=\"/usr/sbin/useradd\" "
		"res=success'\035UID=\"root\" AUID=\"unset\" "
		"ID=\"unknown(1002)\"",
		"pid=32681 auid=1002 uid=1002 ses=3 AUID=unset UID=root "
		"exe=/usr/sbin/useradd op=adding user id=1002 p+" },
	{ "a service",
		"type=SERVICE_START " HEAD
		"pid=1 uid=0 auid=4294967295 ses=4294967295 subj=unconfined "
		"msg='unit=user@1000 comm=\"systemd\" exe=\"/usr/lib/systemd/"
		"systemd\" hostname=? addr=? terminal=? res=success'",
		"pid=1 auid=-1 uid=0 ses=-1 exe=/usr/lib/systemd/systemd "
		"unit=user@1000 i+" },
	{ "auditd",
		"type=DAEMON_START " HEAD "op=start ver=3.0.9 format=raw "
		"kernel=6.1 auid=4294967295 pid=9156 uid=0 ses=4294967295 "
		"subj=unconfined  res=success",
		"pid=9156 auid=-1 uid=0 ses=-1 op=start a+" },
	{ "a port",
		"type=CRYPTO_SESSION " HEAD OUT
		"msg='op=start direction=from-server rport=51234 lport=22 "
		"addr=10.0.0.1 res=success'",
		"pid=32681 auid=1002 uid=1002 ses=3 op=start addr=10.0.0.1 "
		"port=51234 p+" },
	{ "what looks like the kernel's, inside",
		"type=USER_START " HEAD OUT
		"msg='op=x pid=1 auid=0 uid=0 ses=9 tty=tty1 acct=\"root\" "
		"acct=\"eve\" res=failed res=success'",
		"pid=32681 auid=1002 uid=1002 ses=3 op=x acct=root p-" },
	{ "another msg= inside",
		"type=USER_START " HEAD OUT
		"msg='op=a' msg='auid=0 acct=\"root\"' ses=1 res=success'",
		"pid=32681 auid=1002 uid=1002 ses=3 op=a' acct=\"root\"' p+" },
	{ "names inside of a RAW record",
		"type=USER_START " HEAD OUT
		"msg='op=a acct=\"b\" \035UID=\"root\" AUID=\"root\"'",
		"pid=32681 auid=1002 uid=1002 ses=3 op=a acct=b p?" },
	{ "a newline and a record inside",
		"type=USER_START " HEAD OUT
		"msg='op=a\rtype=SYSCALL msg=audit(1.0:1): acct=\"b\"'",
		"pid=32681 auid=1002 uid=1002 ses=3 op=a\rtype=SYSCALL acct=b "
		"p?" },
	{ "no end", "type=USER_CMD " HEAD OUT "msg='cmd=\"id\" terminal=pts/1",
		"pid=32681 auid=1002 uid=1002 ses=3 term=pts/1 cmd=id p?" },
	{ "nothing", "type=USER_CMD " HEAD, "p?" },
	{ "numbers that are none",
		"type=USER_CMD " HEAD "pid=x uid=-1 auid=4294967296 ses= "
		"msg='id=1x'",
		"p?" },
};

int main(void)
{
	check.module = "message";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct event *ev = event_create();
		struct record rec;
		struct str got;

		check_start("%s", rows[i].name);
		str_init(&got, 4096);
		CHECK(record_parse(rows[i].line, strlen(rows[i].line), NULL,
			      &rec) == 0);
		CHECK(record_is_message(rec.type));
		CHECK(message_read(ev, &rec) == 0);
		CHECK(ev->kind == EVENT_MESSAGE);
		CHECK_EQ(ev->serial, 28364);
		describe(&got, ev);
		CHECK_Z(str_bytes(&got), rows[i].want);
		str_fini(&got);
		event_destroy(ev);
	}
	return check_end();
}
