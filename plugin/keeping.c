// SPDX-License-Identifier: GPL-3.0-or-later
#include "keeping.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "keeper.h"
#include "listener.h"
#include "log.h"
#include "loop.h"
#include "priv.h"
#include "process.h"
#include "settings.h"

#define PROGRAM "audisp-hunt-intel"
/* sd_listen_fds(3) */
#define LISTEN_FD 3
/* The first start anew comes at once where the one before had settled; then
 * this, doubled each time. */
#define BACKOFF_MS     250
#define BACKOFF_MAX_MS 60000
#define SETTLED_MS     10000
/* Between two tries to make the socket: of a front that was killed, the intel
 * process may still be there. */
#define AGAIN_MS 1000
/* It saves what it knows, in 2 s at most. */
#define END_MS     3000
#define WHY_MAX    4096
#define EXIT_USAGE 2

struct keeping {
	const struct config *cf;
	const struct settings *settings;
	char program[PATH_MAX];
	int signal_fd, listen_fd; /* -1: not yet */
	int pulse[2]; /* intel's standard input, which ends when we do */
	struct stat made; /* the socket */
	pid_t pid; /* 0: none runs */
	int64_t started_ms, due_ms;
	unsigned int n_vain; /* in a row that did not settle */
	bool is_reloading; /* what ends next does so for that */
	bool is_waiting; /* for a configuration that names somebody to ask */
	bool is_over; /* front is gone */
	struct log_limit limit;
};

int keeping_check(void)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(KEEPER_FD, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -1;
	errno = EPERM;
	return peer.pid == getppid() ? 0 : -1;
}

/* --- as root ----------------------------------------------------------------
 */

/* Its own file where the configuration leaves that to us: the plugin's
 * directory is no place for another user. */
static const char *own_state(const struct keeping *k)
{
	return strcmp(k->cf->intel_state, CONFIG_INTEL_STATE)
		       ? NULL
		       : CONFIG_OWN_INTEL_STATE;
}

static void make_parent(
	const struct keeping *k, const char *file, struct str *why)
{
	char dir[PATH_MAX];
	char *slash;

	(void)snprintf(dir, sizeof(dir), "%s", file);
	slash = strrchr(dir, '/');
	if (!slash || slash == dir)
		return;
	*slash = '\0';
	priv_make_dir(dir, 0700, k->cf->intel_user, why);
}

static void make_dirs(const struct keeping *k, struct str *why)
{
	const char *own = own_state(k);

	if (own || strcmp(k->cf->intel_state, "none"))
		make_parent(k, own ? own : k->cf->intel_state, why);
	if (k->cf->n_fetches)
		priv_make_dir(k->cf->feed_dir, 0755, k->cf->intel_user, why);
}

/* Then the last privilege of the start goes. */
static void open_socket(struct keeping *k, int64_t now_ms)
{
	const char *path = k->cf->intel_socket;
	struct str why;

	k->due_ms = now_ms + AGAIN_MS;
	if (listener_is_served(path)) {
		log_warn_limited(&k->limit,
			"%s: another process listens there, and has to end "
			"first",
			path);
		return;
	}
	str_init(&why, WHY_MAX);
	make_dirs(k, &why);
	k->listen_fd = listener_open(path, k->cf->user, &why);
	if (k->listen_fd >= 0) {
		if (lstat(path, &k->made) < 0)
			k->made = (struct stat){ 0 };
		k->due_ms = now_ms;
		k->limit.next_s = 0;
		priv_reduce(false, &why);
		log_warn_lines(str_z(&why));
	} else {
		log_warn_limited(&k->limit, "%s", str_z(&why));
	}
	str_fini(&why);
}

/* Not where a successor's is by now. */
static void remove_socket(const struct keeping *k)
{
	struct stat st;

	if (lstat(k->cf->intel_socket, &st) == 0 &&
		st.st_dev == k->made.st_dev && st.st_ino == k->made.st_ino)
		(void)!unlink(k->cf->intel_socket);
}

/* --- intel ------------------------------------------------------------------
 */

/* The command line's words come last: they win. */
static void become_intel(struct keeping *k)
{
	const char *argv[2 * SETTINGS_SETS_MAX + 8] = { PROGRAM, "--kept" };
	const struct settings *s = k->settings;
	char pid[40], state[PATH_MAX];
	const char *const envp[] = { "LISTEN_FDS=1", pid, NULL };
	size_t n = 2;

	if (s->file) {
		argv[n++] = "-c";
		argv[n++] = s->file;
	}
	if (own_state(k)) {
		(void)snprintf(
			state, sizeof(state), "intel.state=%s", own_state(k));
		argv[n++] = "-o";
		argv[n++] = state;
	}
	for (size_t i = 0; i < s->n_sets; i++) {
		argv[n++] = "-o";
		argv[n++] = s->sets[i];
	}
	(void)snprintf(pid, sizeof(pid), "LISTEN_PID=%d", (int)getpid());
	if (dup2(k->pulse[0], STDIN_FILENO) < 0 ||
		dup2(k->listen_fd, LISTEN_FD) < 0)
		return;
	execve(k->program, (char *const *)(uintptr_t)argv,
		(char *const *)(uintptr_t)envp);
}

static int64_t backoff_ms(const struct keeping *k)
{
	int64_t ms = k->n_vain ? BACKOFF_MS : 0;

	for (unsigned int i = 1; i < k->n_vain && ms < BACKOFF_MAX_MS; i++)
		ms *= 2;
	return ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS;
}

static void start(struct keeping *k, int64_t now_ms)
{
	k->started_ms = now_ms;
	k->is_reloading = false;
	k->pid = fork();
	if (k->pid == 0) {
		become_intel(k);
		log_warn("%s: %s", k->program, strerror(errno));
		_exit(127);
	}
	if (k->pid > 0)
		return;
	log_warn_limited(
		&k->limit, "cannot start " PROGRAM ": %s", strerror(errno));
	k->pid = 0;
	k->n_vain++;
	k->due_ms = now_ms + backoff_ms(k);
}

static void note_end(struct keeping *k, int status, int64_t now_ms)
{
	char how[PROCESS_HOW_MAX];

	k->pid = 0;
	if (k->is_reloading || now_ms - k->started_ms >= SETTLED_MS)
		k->n_vain = 0;
	else
		k->n_vain++;
	k->due_ms = now_ms + backoff_ms(k);
	k->is_waiting = !k->is_reloading && WIFEXITED(status) &&
			WEXITSTATUS(status) == EXIT_USAGE;
	if (k->is_over || k->is_reloading)
		return;
	process_how(status, how, sizeof(how));
	log_warn_limited(&k->limit, PROGRAM " ended %s; %s", how,
		k->is_waiting ? "the next reload starts it"
			      : "it is started again");
}

static void reap(struct keeping *k, int64_t now_ms)
{
	struct signalfd_siginfo info;
	int status;

	while (read(k->signal_fd, &info, sizeof(info)) == sizeof(info))
		;
	if (k->pid && waitpid(k->pid, &status, WNOHANG) == k->pid)
		note_end(k, status, now_ms);
}

static void end_intel(struct keeping *k)
{
	struct pollfd fd = { .fd = k->signal_fd, .events = POLLIN };
	int64_t until_ms = loop_now_ms() + END_MS, now_ms;

	if (k->pid)
		kill(k->pid, SIGTERM);
	while (k->pid && (now_ms = loop_now_ms()) < until_ms) {
		(void)!poll(&fd, 1, (int)(until_ms - now_ms));
		reap(k, now_ms);
	}
	if (k->pid && kill(k->pid, SIGKILL) == 0)
		(void)!waitpid(k->pid, NULL, 0);
}

/* --- front ------------------------------------------------------------------
 */

static void reload(struct keeping *k)
{
	k->n_vain = 0;
	k->is_waiting = false;
	k->due_ms = loop_now_ms();
	k->is_reloading = k->pid != 0;
	if (k->pid)
		kill(k->pid, SIGHUP);
}

static void hear(struct keeping *k)
{
	char what;
	ssize_t n = recv(KEEPER_FD, &what, sizeof(what), MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		k->is_over = true;
	else if (n > 0 && what == KEEPER_RELOAD)
		reload(k);
}

static bool is_due(const struct keeping *k)
{
	return k->listen_fd < 0 || (!k->pid && !k->is_waiting);
}

static void rest(struct keeping *k)
{
	struct pollfd fds[2] = { { .fd = KEEPER_FD, .events = POLLIN },
		{ .fd = k->signal_fd, .events = POLLIN } };
	int64_t ms = is_due(k) ? k->due_ms - loop_now_ms() : -1;

	if (is_due(k) && ms < 0)
		ms = 0;
	if (poll(fds, 2, (int)ms) <= 0)
		return;
	if (fds[1].revents)
		reap(k, loop_now_ms());
	if (fds[0].revents)
		hear(k);
}

static int open_signals(void)
{
	sigset_t set;

	/* All others that have a meaning wait for ever: nobody but front
	 * has anything to tell. */
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -1;
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int keeping_run(const struct settings *s, const struct config *cf)
{
	static struct keeping keeping;
	struct keeping *k = &keeping;

	*k = (struct keeping){ .cf = cf, .settings = s, .listen_fd = -1 };
	/* auditd's is no child's. */
	(void)!setpriority(PRIO_PROCESS, 0, 0);
	k->signal_fd = open_signals();
	if (k->signal_fd < 0 || pipe2(k->pulse, O_CLOEXEC) < 0 ||
		fcntl(KEEPER_FD, F_SETFD, FD_CLOEXEC) < 0 ||
		process_beside(k->program, sizeof(k->program), PROGRAM) < 0) {
		log_warn("cannot keep " PROGRAM ": %s", strerror(errno));
		return EXIT_FAILURE;
	}
	while (!k->is_over) {
		int64_t now_ms = loop_now_ms();

		if (is_due(k) && now_ms >= k->due_ms) {
			if (k->listen_fd < 0)
				open_socket(k, now_ms);
			else
				start(k, now_ms);
		}
		rest(k);
	}
	end_intel(k);
	if (k->listen_fd >= 0)
		remove_socket(k);
	return EXIT_SUCCESS;
}
