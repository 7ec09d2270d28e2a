// SPDX-License-Identifier: GPL-3.0-or-later
/* Who opens sessions. */
#include "session_state.h"

static const struct session_service services[] = {
	{ BYTES("sshd"), BYTES("sshd"), SESSION_LOGIN, false },
	{ BYTES("sshd-session"), BYTES("sshd"), SESSION_LOGIN, false },
	{ BYTES("sshd-auth"), BYTES("sshd"), SESSION_LOGIN, false },
	{ BYTES("dropbear"), BYTES("dropbear"), SESSION_LOGIN, false },
	{ BYTES("login"), BYTES("login"), SESSION_LOGIN, false },
	{ BYTES("remote"), BYTES("remote"), SESSION_LOGIN, false },
	{ BYTES("gdm-session-worker"), BYTES("gdm"), SESSION_LOGIN, false },
	{ BYTES("lightdm"), BYTES("lightdm"), SESSION_LOGIN, false },
	{ BYTES("sddm-helper"), BYTES("sddm"), SESSION_LOGIN, false },
	{ BYTES("xdm"), BYTES("xdm"), SESSION_LOGIN, false },
	{ BYTES("xrdp-sesman"), BYTES("xrdp"), SESSION_LOGIN, false },
	{ BYTES("cockpit-session"), BYTES("cockpit"), SESSION_LOGIN, false },
	{ BYTES("vsftpd"), BYTES("vsftpd"), SESSION_LOGIN, false },
	{ BYTES("proftpd"), BYTES("proftpd"), SESSION_LOGIN, false },
	{ BYTES("cron"), BYTES("cron"), SESSION_CRON, false },
	{ BYTES("crond"), BYTES("cron"), SESSION_CRON, false },
	{ BYTES("anacron"), BYTES("cron"), SESSION_CRON, false },
	{ BYTES("atd"), BYTES("at"), SESSION_AT, false },
	{ BYTES("systemd"), BYTES("systemd --user"), SESSION_SERVICE, false },
	{ BYTES("systemd-executor"), BYTES("systemd --user"), SESSION_SERVICE,
		false },
	{ BYTES("sudo"), BYTES("sudo"), SESSION_OTHER, true },
	{ BYTES("su"), BYTES("su"), SESSION_OTHER, true },
	{ BYTES("runuser"), BYTES("runuser"), SESSION_OTHER, true },
	{ BYTES("pkexec"), BYTES("pkexec"), SESSION_OTHER, true },
	{ BYTES("doas"), BYTES("doas"), SESSION_OTHER, true },
	{ BYTES("polkit-agent-helper-1"), BYTES("polkit"), SESSION_OTHER,
		true },
};

struct session_service session_service_of(struct bytes exe)
{
	const char *slash = exe.len ? memrchr(exe.p, '/', exe.len) : NULL;
	struct bytes base = exe;

	if (slash) {
		base.p = slash + 1;
		base.len = (size_t)(exe.p + exe.len - base.p);
	}
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (bytes_equal(services[i].program, base))
			return services[i];
	return (struct session_service){ base, base, SESSION_OTHER, false };
}
