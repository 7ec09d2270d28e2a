// SPDX-License-Identifier: GPL-3.0-or-later
/* Our own files and user, and the clock. */
#include "survey.h"

#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "config.h"

#define OWN "/etc/audisp-hunt"
/* Less is full before anybody looks. */
#define DISK_MIN_MB 256

static void own_files(struct survey *s)
{
	static const char *const paths[] = { OWN, OWN "/audisp-hunt.conf",
		OWN "/hunt.d" };
	const char *dir = s->sc.config->hunt_dir;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		survey_is_roots(s, "config.owner", paths[i]);
	if (s->sc.root[0])
		return;
	if (access(dir, R_OK | X_OK) == 0)
		survey_find(s, SURVEY_OK, "config.hunt_dir", NULL,
			"the classification rows are in %s", dir);
	else
		survey_find(s,
			errno == EACCES ? SURVEY_UNKNOWN : SURVEY_PROBLEM,
			"config.hunt_dir", "install conf/hunt.d there",
			"the classification rows cannot be read: %s: %s", dir,
			strerror(errno));
}

static void user(struct survey *s)
{
	const char *name = s->sc.config->user;
	const struct passwd *pw;

	if (s->sc.root[0] || !name[0])
		return;
	errno = 0;
	pw = getpwnam(name);
	if (!pw)
		survey_find(s, SURVEY_PROBLEM, "host.user",
			"systemd-sysusers, or useradd -r audisp-hunt",
			"the plugin cannot give up root: there is no user %s",
			name);
	else if (pw->pw_uid == 0)
		survey_find(s, SURVEY_PROBLEM, "host.user",
			"a user of its own for option user",
			"the plugin would stay root: user is %s", name);
	else
		survey_find(s, SURVEY_OK, "host.user", NULL,
			"the plugin becomes user %s, uid %u", name,
			(unsigned int)pw->pw_uid);
}

static void disk(struct survey *s)
{
	static const char *const dirs[] = { "/var/log", "/var/lib" };
	struct statvfs v;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		unsigned long long mb;

		if (statvfs(survey_path(s, dirs[i]), &v) < 0)
			continue;
		mb = (unsigned long long)v.f_bavail * v.f_frsize >> 20;
		if (mb < DISK_MIN_MB)
			survey_find(s, SURVEY_ADVICE, "host.disk",
				"make room there",
				"%s has %llu MiB left: logs and spool end "
				"soon",
				dirs[i], mb);
	}
}

/* Times of this host and of its fleet are compared. */
static void clock_of(struct survey *s)
{
	struct timex t = { .modes = 0 };

	if (s->sc.root[0])
		return;
	if (adjtimex(&t) < 0)
		return;
	if (t.status & STA_UNSYNC)
		survey_find(s, SURVEY_ADVICE, "host.clock",
			"run chrony or systemd-timesyncd",
			"the clock is not synchronised");
	else
		survey_find(s, SURVEY_OK, "host.clock", NULL,
			"the clock is synchronised, to %ld us", t.maxerror);
}

void survey_host(struct survey *s)
{
	own_files(s);
	user(s);
	disk(s);
	clock_of(s);
}
