// SPDX-License-Identifier: GPL-3.0-or-later
/* Network calls through all stages: which have a line, and in overload. */
#include "pipeline.h"

#include "check.h"
#include "config.h"
#include "event.h"
#include "metrics.h"

struct run {
	struct config config;
	struct metrics metrics;
	struct pipeline *pipeline;
	struct str told; /* "PORT " of each line about a call */
	uint32_t serial;
};

static void out(void *arg, struct event *ev)
{
	struct run *r = arg;

	r->metrics.events_emitted++;
	if (ev->kind == EVENT_NETWORK)
		str_addf(&r->told, "%u%s ", ev->network.port,
			ev->network.is_first ? "!" : "");
}

static uint64_t audience(void *arg, const struct event *ev)
{
	(void)arg;
	(void)ev;
	return 1;
}

static void start(struct run *r)
{
	struct pipeline_conf pc = { .out = out,
		.audience = audience,
		.arg = r,
		.metrics = &r->metrics };

	*r = (struct run){ 0 };
	config_init(&r->config);
	str_init(&r->told, 65536);
	r->pipeline = pipeline_new(&pc, &r->config);
	if (!r->pipeline)
		abort();
}

static void stop(struct run *r)
{
	pipeline_end(r->pipeline);
	CHECK_EQ(metrics_residual(&r->metrics), 0);
	pipeline_free(r->pipeline);
	str_fini(&r->told);
}

/* A call to 8.8.8.8 at a port, or whatever else saddr says. */
static void call(struct run *r, unsigned int port, const char *saddr)
{
	char text[2048], address[64];
	unsigned int n = ++r->serial;

	snprintf(address, sizeof(address), "0200%04X08080808", port);
	snprintf(text, sizeof(text),
		"type=SYSCALL msg=audit(1700000000.000:%u): arch=c000003e "
		"syscall=42 success=yes exit=0 a0=3 a1=1 a2=10 a3=0 items=0 "
		"ppid=1 pid=20 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 "
		"egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm=\"a\" exe=\"/a\" "
		"key=(null)\n"
		"type=SOCKADDR msg=audit(1700000000.000:%u): saddr=%s\n"
		"type=PROCTITLE msg=audit(1700000000.000:%u): "
		"proctitle=\"a\"\n"
		"type=EOE msg=audit(1700000000.000:%u): \n",
		n, n, saddr ? saddr : address, n, n);
	pipeline_push(r->pipeline, text, strlen(text));
}

#define UNIX "01002F6100"

static void check_which(void)
{
	static const char *const want[] = { "", "53! ", "53! 0! " };
	static const unsigned int netlink[] = { 0, 1, 1 },
				  other[] = { 0, 1, 0 };

	for (unsigned int k = NETWORK_OFF; k <= NETWORK_ALL; k++) {
		struct run r;

		check_start("network=%u", k);
		start(&r);
		r.config.network = k;
		pipeline_reload(r.pipeline, &r.config, NULL);
		call(&r, 53, NULL);
		call(&r, 0, UNIX);
		call(&r, 0, "100000000000000000000000");
		CHECK_Z(str_bytes(&r.told), want[k]);
		CHECK_EQ(r.metrics.network_netlink, netlink[k]);
		CHECK_EQ(r.metrics.network_other, other[k]);
		CHECK_EQ(r.metrics.events_network, k);
		stop(&r);
	}
}

static void check_overload(void)
{
	struct run r;

	check_start("overload");
	start(&r);
	call(&r, 1, NULL);
	call(&r, 1, NULL);
	pipeline_relieve(r.pipeline, OVERLOAD_ROLL_UP);
	call(&r, 1, NULL);
	call(&r, 2, NULL);
	call(&r, 2, NULL);
	pipeline_relieve(r.pipeline, OVERLOAD_NO_INTEL);
	call(&r, 2, NULL);
	CHECK_Z(str_bytes(&r.told), "1! 1 2! 2 ");
	CHECK_EQ(r.metrics.events_quiet, 2);
	stop(&r);
}

/* What scores is told, and all is where nothing is ever rolled up. */
static void check_overload_told(void)
{
	struct run r;

	check_start("overload/score");
	start(&r);
	r.config.repeat_below = 0;
	pipeline_relieve(r.pipeline, OVERLOAD_LIGHT);
	call(&r, 1, NULL);
	call(&r, 1, NULL);
	CHECK_Z(str_bytes(&r.told), "1! 1 ");
	stop(&r);
	check_start("overload/repeat=off");
	start(&r);
	r.config.repeat = REPEAT_OFF;
	pipeline_relieve(r.pipeline, OVERLOAD_LIGHT);
	call(&r, 1, NULL);
	call(&r, 1, NULL);
	CHECK_Z(str_bytes(&r.told), "1! 1 ");
	stop(&r);
}

int main(void)
{
	check.module = "pipeline";
	check_which();
	check_overload();
	check_overload_told();
	return check_end();
}
