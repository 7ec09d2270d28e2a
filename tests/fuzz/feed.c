// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A stream of bytes gives the same records and counts however it is cut into
 * reads, and every line is counted once.
 *
 * seeds: log
 * dict: record
 */
#include "feed.h"

#include "fuzz.h"
#include "metrics.h"
#include "record.h"

struct reader {
	struct feed *feed;
	struct metrics metrics;
	uint64_t hash, n;
};

static void take(void *arg, const struct record *rec)
{
	struct reader *r = arg;

	MUST(rec->type != RECORD_OTHER);
	MUST(rec->body.len <= FEED_LINE_MAX);
	fuzz_touch(rec->node);
	fuzz_touch(rec->enriched);
	r->n++;
	r->metrics.records_taken++;
	r->hash = r->hash * 31 + fuzz_hash(rec->body) +
		  7 * fuzz_hash(rec->node) + fuzz_hash(rec->enriched) +
		  rec->serial + (uint64_t)rec->time_ms;
}

static void start(struct reader *r)
{
	struct feed_conf cf = {
		.take = take, .arg = r, .metrics = &r->metrics
	};

	*r = (struct reader){ 0 };
	r->feed = feed_new(&cf);
	MUST(r->feed);
}

static void push_chunks(struct feed *f, struct bytes in)
{
	uint64_t x = fuzz_hash(in) | 1;

	while (in.len) {
		size_t n;
		struct bytes chunk;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		n = 1 + (size_t)(x % (x >> 60 ? 100 : 20000));
		n = n < in.len ? n : in.len;
		chunk = fuzz_copy((struct bytes){ in.p, n });
		feed_push(f, chunk.p, chunk.len);
		fuzz_free(chunk);
		in.p += n;
		in.len -= n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct reader whole, cut;
	struct bytes in = fuzz_bytes(data, len);

	start(&whole);
	feed_push(whole.feed, in.p, in.len);
	feed_end(whole.feed);
	start(&cut);
	push_chunks(cut.feed, in);
	feed_end(cut.feed);
	MUST(whole.n == cut.n && whole.hash == cut.hash);
	MUST(!memcmp(&whole.metrics, &cut.metrics, sizeof(cut.metrics)));
	MUST(feed_missing(whole.feed) == feed_missing(cut.feed));
	MUST(metrics_residual(&whole.metrics) == 0);
	feed_free(whole.feed);
	feed_free(cut.feed);
	return 0;
}
