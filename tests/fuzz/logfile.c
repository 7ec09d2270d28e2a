// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A log file, plain or compressed: it is read to an end, in pieces no larger
 * than promised.
 *
 * seeds: packedlog
 * dict: packed
 */
#include "logfile.h"

#include "fuzz.h"

/* What a byte may become: xz makes seven thousand of one. */
#define RATIO_MAX 20000

static void push(void *arg, const char *bytes, size_t n)
{
	size_t *sum = arg;

	MUST(n <= LOGFILE_CHUNK);
	fuzz_touch((struct bytes){ bytes, n });
	*sum += n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	bool is_packed = (len >= 2 && !memcmp(data, "\x1f\x8b", 2)) ||
			 (len >= 6 && !memcmp(data, "\xfd\x37zXZ", 6));
	struct str why;
	size_t sum = 0;
	int rc;

	str_init(&why, 4096);
	rc = logfile_read(fuzz_file(fuzz_bytes(data, len)), push, &sum, &why);
	MUST((rc < 0) == (why.len > 0));
	if (!is_packed)
		MUST(rc == 0 && sum == len);
	MUST(sum / RATIO_MAX <= len);
	str_fini(&why);
	return 0;
}
