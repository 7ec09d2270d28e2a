// SPDX-License-Identifier: GPL-3.0-or-later
/* Alerts that are sent: where the socket may stand, and what it takes. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "alert.h"
#include "alertsock.h"
#include "check.h"
#include "config.h"
#include "loop.h"
#include "metrics.h"

#define TIME    "\"TimeGenerated\":\"2026-01-02T03:04:05Z\""
#define ALERT   "\"AlertName\":\"a\",\"Severity\":\"High\"," TIME
#define LATER   60000
#define PAUSE   50
#define BIG_LEN 30000

struct bench {
	char folder[64];
	struct config cf;
	struct metrics metrics;
	struct loop *loop;
	struct alert_table *table;
	struct alertsock *sock;
	int64_t now_ms;
};

static void nothing(void *arg)
{
	(void)arg;
}

static void on_ready(void *arg, int fd, unsigned int what)
{
	struct bench *b = arg;

	(void)what;
	alertsock_ready(b->sock, fd, b->now_ms);
}

static void open_bench(struct bench *b)
{
	struct loop_conf cf = { .ready = on_ready, .timer = nothing, .arg = b };

	*b = (struct bench){ .folder = "/tmp/test_alertsock.XXXXXX" };
	if (!mkdtemp(b->folder))
		abort();
	snprintf(b->cf.alerts_socket, sizeof(b->cf.alerts_socket), "%s/sock",
		b->folder);
	b->loop = loop_new(&cf);
	b->table = alert_table_new();
	b->sock = alertsock_new(b->loop, b->table, &b->metrics);
	if (!b->loop || !b->table || !b->sock)
		abort();
}

static void close_bench(struct bench *b)
{
	alertsock_free(b->sock);
	CHECK(access(b->cf.alerts_socket, F_OK) < 0);
	alert_table_free(b->table);
	loop_free(b->loop);
	CHECK_EQ(rmdir(b->folder), 0);
}

static void tick(struct bench *b, int64_t ms)
{
	b->now_ms += ms;
	alertsock_tick(b->sock, &b->cf, b->now_ms);
	loop_poll(b->loop);
}

static bool stands(const struct bench *b)
{
	struct stat st;

	return lstat(b->cf.alerts_socket, &st) == 0 && S_ISSOCK(st.st_mode) &&
	       (st.st_mode & 07777) == 0660;
}

static int address(const struct bench *b, struct sockaddr_un *to)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	*to = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(to->sun_path, b->cf.alerts_socket, sizeof(to->sun_path));
	if (fd < 0)
		abort();
	return fd;
}

static void send_bytes(struct bench *b, struct bytes text)
{
	struct sockaddr_un to;
	int fd = address(b, &to);
	ssize_t n = sendto(
		fd, text.p, text.len, 0, (struct sockaddr *)&to, sizeof(to));

	CHECK_EQ(n, (ssize_t)text.len);
	close(fd);
}

/* What of it is taken: how many, or -1 that it is refused. */
static int taken(struct bench *b, struct bytes text)
{
	uint64_t received = b->metrics.alerts_received;
	uint64_t refused = b->metrics.alerts_refused;

	send_bytes(b, text);
	loop_poll(b->loop);
	if (b->metrics.alerts_refused != refused)
		return b->metrics.alerts_received == received ? -1 : -2;
	return (int)(b->metrics.alerts_received - received);
}

static void test_taken(void)
{
	static const struct {
		const char *text;
		int n;
	} rows[] = {
		{ "{\"host\":\"web1\"," ALERT "}", 1 },
		{ "\n {\"host\":\"web1\",\n\t" ALERT "}\r\n", 1 },
		{ "[{\"host\":\"web1\"," ALERT "},{\"host\":\"x\"," ALERT "}]",
			2 },
		{ "{\"Entities\":\"[{\\\"Type\\\":\\\"host\\\","
		  "\\\"HostName\\\":\\\"web1\\\"}]\",\"DisplayName\":\"d\","
		  "\"AlertSeverity\":\"Low\"," TIME "}",
			1 },
		{ "", -1 },
		{ "x", -1 },
		{ "{", -1 },
		{ "null", -1 },
		{ "7", -1 },
		{ "{}", -1 },
		{ "[]", -1 },
		{ "[7]", -1 },
		{ "{\"host\":\"web1\"," ALERT "} {}", -1 },
		{ "{\"host\":\"\"," ALERT "}", -1 },
		{ "{\"host\":7," ALERT "}", -1 },
		{ "{" ALERT "}", -1 },
		{ "{\"host\":\"w\",\"AlertName\":\"a\"," TIME "}", -1 },
		{ "host,AlertName,Severity,TimeGenerated\n"
		  "w,a,High,2026-01-02T03:04:05Z\n",
			-1 },
		/* All of them, or none. */
		{ "[{\"host\":\"web2\"," ALERT "},{}]", -1 },
	};
	struct bytes nul = BYTES("{\"host\":\"w\"," ALERT "}\0{}");
	struct bench b;

	check_start("taken");
	open_bench(&b);
	tick(&b, 1);
	CHECK(stands(&b));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int n = taken(&b, bytes_of(rows[i].text));

		if (n != rows[i].n)
			check_fail(__LINE__, "%s: %d", rows[i].text, n);
		tick(&b, PAUSE);
	}
	CHECK_EQ(taken(&b, nul), -1);
	CHECK(alert_sum(b.table, BYTES("web1"), 0, INT64_MAX).n == 2);
	CHECK(alert_sum(b.table, BYTES("web2"), 0, INT64_MAX).n == 0);
	close_bench(&b);
}

/* Much at once waits, and so does its sender. */
static void test_pause(void)
{
	static char big[ALERTSOCK_LEN_MAX + 1];
	struct bytes one = { big, BIG_LEN };
	struct bench b;

	check_start("pause");
	open_bench(&b);
	tick(&b, 1);
	for (int i = 0; i < 5; i++)
		send_bytes(&b, one);
	loop_poll(b.loop);
	CHECK_EQ(b.metrics.alerts_refused, 3);
	CHECK_EQ(alertsock_due_ms(b.sock), b.now_ms + PAUSE);
	loop_poll(b.loop);
	tick(&b, PAUSE - 1);
	CHECK_EQ(b.metrics.alerts_refused, 3);
	tick(&b, 1);
	CHECK_EQ(b.metrics.alerts_refused, 5);
	CHECK(alertsock_due_ms(b.sock) > b.now_ms + PAUSE);

	check_start("too long");
	memset(big, ' ', sizeof(big));
	memcpy(big, "{\"host\":\"w\"," ALERT "}",
		strlen("{\"host\":\"w\"," ALERT "}"));
	CHECK_EQ(taken(&b, (struct bytes){ big, sizeof(big) }), -1);
	tick(&b, PAUSE);
	CHECK_EQ(taken(&b, (struct bytes){ big, sizeof(big) - 1 }), 1);
	close_bench(&b);
}

/* Where something else stands, or might be put, there is no socket. */
static void test_place(void)
{
	struct sockaddr_un at;
	struct bench b;
	int fd;

	check_start("place");
	open_bench(&b);
	fd = address(&b, &at);
	CHECK_EQ(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	chmod(b.cf.alerts_socket, 0600);
	tick(&b, 1);
	CHECK(!stands(&b)); /* somebody listens there */
	close(fd);
	tick(&b, LATER);
	CHECK(stands(&b)); /* and has died */
	unlink(b.cf.alerts_socket);
	tick(&b, LATER);
	CHECK(stands(&b));
	memcpy(b.cf.alerts_socket + strlen(b.cf.alerts_socket), "2", 2);
	alertsock_reload(b.sock);
	tick(&b, 1);
	CHECK(stands(&b));
	b.cf.alerts_socket[strlen(b.cf.alerts_socket) - 1] = '\0';
	CHECK(access(b.cf.alerts_socket, F_OK) < 0);

	check_start("place/file");
	fd = creat(b.cf.alerts_socket, 0600);
	close(fd);
	alertsock_reload(b.sock);
	tick(&b, 1);
	CHECK(!stands(&b) && access(b.cf.alerts_socket, F_OK) == 0);
	unlink(b.cf.alerts_socket);

	check_start("place/folder");
	chmod(b.folder, 0770);
	tick(&b, LATER);
	CHECK(!stands(&b));
	chmod(b.folder, 0700);
	tick(&b, LATER);
	CHECK(stands(&b));

	check_start("place/none");
	fd = address(&b, &at);
	memcpy(b.cf.alerts_socket, "none", 5);
	alertsock_reload(b.sock);
	tick(&b, 1);
	CHECK(access(at.sun_path, F_OK) < 0);
	close(fd);
	close_bench(&b);
}

int main(void)
{
	check.module = "alertsock";
	test_taken();
	test_pause();
	test_place();
	return check_end();
}
