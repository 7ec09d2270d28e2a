// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The memory that front and engine share, with an engine that writes anything
 * into its own part: its positions, its mark, its counters and its ledger. The
 * input says who does what next. As long as the engine did not lie, it reads
 * every line that found room, once and in order; when it did, front's own view
 * still holds, and an engine that comes after it can live with what it finds.
 */
#include "ring.h"

#include <sys/mman.h>

#include "fuzz.h"
#include "ledger.h"
#include "mark.h"
#include "metrics.h"

#define SIZE      (2u << 20)
#define LINE      32
#define LINES_MAX 4096
/* Engine's part begins on the second page, of the largest that there are. */
#define PART_AT  65536
#define PART_LEN (2 * 65536)

struct pair {
	struct ring *front, *engine;
	struct ledger *ledger;
	uint64_t *part; /* engine's, as an engine that lies sees it */
	uint64_t n_put, n_got;
	uint64_t committed; /* as front last believed it */
	size_t partial; /* bytes read of a line */
	bool is_liar;
};

static void open_engine(struct pair *p)
{
	ledger_free(p->ledger);
	ring_free(p->engine);
	p->engine = ring_open(dup(ring_fd(p->front)));
	MUST(p->engine);
	metrics_redo(ring_metrics(p->engine));
	MUST(metrics_residual(ring_metrics(p->engine)) == 0);
	p->ledger = ledger_new(ring_ledger(p->engine), ring_resumed(p->engine));
	MUST(p->ledger);
}

static void start(struct pair *p)
{
	*p = (struct pair){ .front = ring_new(SIZE) };
	MUST(p->front);
	p->part = mmap(NULL, PART_LEN, PROT_READ | PROT_WRITE, MAP_SHARED,
		ring_fd(p->front), PART_AT);
	MUST(p->part != MAP_FAILED);
	open_engine(p);
	ring_seqs(p->engine)[0] = 77;
	MUST(p->part[0] == 0 && memchr(p->part, 77, 256));
}

static void put(struct pair *p, unsigned int n)
{
	static char lines[LINE * LINES_MAX];
	size_t dropped;

	for (unsigned int i = 0; i < n; i++) {
		snprintf(lines + LINE * i, LINE, "%031llx",
			(unsigned long long)(p->n_put + i));
		lines[LINE * i + LINE - 1] = '\n';
	}
	dropped = ring_put(p->front, lines, (size_t)n * LINE);
	MUST(dropped <= n);
	p->n_put += n - dropped;
}

static void take(struct pair *p, unsigned int part)
{
	uint64_t pos;
	struct bytes got = ring_get(p->engine, &pos);

	MUST(got.len <= RING_PIECE_MAX);
	fuzz_touch(got);
	got.len = got.len * (part + 1) / 256;
	for (size_t i = 0; i < got.len && !p->is_liar; i++) {
		char want[LINE + 1];

		if (!p->partial && got.len - i >= LINE) {
			snprintf(want, sizeof(want), "%031llx\n",
				(unsigned long long)p->n_got);
			MUST(!memcmp(got.p + i, want, LINE));
		}
		p->partial = (p->partial + 1) % LINE;
		p->n_got += !p->partial;
	}
	MUST(p->is_liar || p->n_got <= p->n_put);
	ring_advance(p->engine, got.len);
}

static uint64_t number(struct bytes *in, struct pair *p)
{
	unsigned int what = fuzz_byte(in);
	uint64_t n = fuzz_byte(in);

	switch (what % 8) {
	case 0:
		return n;
	case 1:
		return UINT64_MAX - n;
	case 2:
		return ring_committed(p->front) + n;
	case 3:
		return ring_committed(p->front) - n;
	case 4:
		return ring_resumed(p->engine) + n * n;
	case 5:
		return n << 56 | fuzz_byte(in);
	case 6:
		return (UINT64_C(1) << (n & 63)) + fuzz_byte(in);
	default:
		return SIZE * n + fuzz_byte(in);
	}
}

/* A word of engine's part: mostly of its start, where the positions are. */
static void lie(struct pair *p, struct bytes *in)
{
	size_t at = fuzz_byte(in);

	if (at & 128)
		at = at * 256 + fuzz_byte(in);
	p->part[at % (PART_LEN / sizeof(*p->part))] = number(in, p);
	p->is_liar = true;
}

static void look(struct pair *p)
{
	uint64_t beat, commit = ring_committed(p->front);
	uint64_t at = ring_at(p->front);

	MUST(commit >= p->committed);
	p->committed = commit;
	(void)ring_wants_bell(p->front);
	(void)ring_begun(p->front);
	(void)ring_is_behind(p->front, &beat);
	if (at != MARK_NONE)
		(void)ring_poison(p->front, at);
}

static void tell(struct pair *p, struct bytes *in)
{
	struct mark m = ring_mark(p->engine);
	uint64_t pos = number(in, p) >> 4;
	unsigned int what = fuzz_byte(in);

	(void)mark_set(&m, what & 1 ? mark_line(pos) : mark_event(pos));
	(void)ledger_find(p->ledger, pos);
	if (what & 2)
		ledger_begin(p->ledger, pos, what & 4);
	if (what & 8)
		ledger_send(p->ledger, pos, what >> 4);
	if (what & 16)
		ledger_done(p->ledger, pos);
	if (what & 32)
		ledger_settle(p->ledger);
	if (what & 64)
		ledger_forget(p->ledger, pos);
	(void)ring_sleep(p->engine);
	(void)ring_held_ms(p->engine, 1000);
	ring_touch(p->engine, 1000);
}

static void step(struct pair *p, struct bytes *in)
{
	unsigned int what = fuzz_byte(in), n = fuzz_byte(in);

	switch (what % 8) {
	case 0:
		put(p, n);
		break;
	case 1:
		put(p, n * 16);
		break;
	case 2:
		take(p, n);
		break;
	case 3:
		ring_commit(p->engine, ring_resumed(p->engine) + n * 4096, 1);
		break;
	case 4:
		lie(p, in);
		break;
	case 5:
		/* It starts where the one before was done. */
		p->is_liar |= p->n_got || p->partial;
		open_engine(p);
		break;
	case 6:
		look(p);
		break;
	default:
		tell(p, in);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_bytes(data, len < 512 ? len : 512);
	struct pair p;

	start(&p);
	while (in.len)
		step(&p, &in);
	look(&p);
	munmap(p.part, PART_LEN);
	ledger_free(p.ledger);
	ring_free(p.engine);
	ring_free(p.front);
	return 0;
}
