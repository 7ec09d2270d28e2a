// SPDX-License-Identifier: GPL-3.0-or-later
#include "container.h"

#include "text.h"

/* Ids are SHA-256 sums in hex; runtimes show the first 12 digits. */
#define ID_LEN   64
#define ID_SHOWN 12

static size_t hex_run(struct bytes b)
{
	size_t n = 0;

	while (n < b.len && text_hexval(b.p[n]) >= 0)
		n++;
	return n;
}

/* An id at the start of b, with nothing of a word behind it. */
static struct bytes id_at(struct bytes b)
{
	size_t n = hex_run(b);

	if (n != ID_LEN || (n < b.len && b.p[n] != '.'))
		return (struct bytes){ NULL, 0 };
	return (struct bytes){ b.p, ID_SHOWN };
}

static bool takes(struct bytes *b, struct bytes prefix)
{
	if (b->len < prefix.len || memcmp(b->p, prefix.p, prefix.len) != 0)
		return false;
	b->p += prefix.len;
	b->len -= prefix.len;
	return true;
}

static bool drops(struct bytes *b, struct bytes suffix)
{
	if (b->len < suffix.len ||
		memcmp(b->p + b->len - suffix.len, suffix.p, suffix.len) != 0)
		return false;
	b->len -= suffix.len;
	return true;
}

static struct bytes name_of(struct bytes b)
{
	if (b.len > CONTAINER_ID_MAX)
		b.len = CONTAINER_ID_MAX;
	return b.len ? b : (struct bytes){ NULL, 0 };
}

/* One directory of a path, and the one above it. */
static struct bytes of_part(struct bytes part, struct bytes above)
{
	static const struct bytes scopes[] = { BYTES("docker-"),
		BYTES("cri-containerd-"), BYTES("crio-"), BYTES("libpod-"),
		BYTES("containerd-") };
	const char *colon;

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		struct bytes rest = part;

		if (takes(&rest, scopes[i]))
			return id_at(rest);
	}
	if (takes(&part, BYTES("lxc.payload.")))
		return name_of(part);
	if (bytes_equal(above, BYTES("lxc")) ||
		bytes_equal(above, BYTES("lxc.payload")))
		return name_of(part);
	if (takes(&part, BYTES("systemd-nspawn@")) &&
		drops(&part, BYTES(".service")))
		return name_of(part);
	if (takes(&part, BYTES("machine-")) && drops(&part, BYTES(".scope")))
		return name_of(part);
	colon = part.len ? memrchr(part.p, ':', part.len) : NULL;
	if (colon) {
		part.len -= (size_t)(colon + 1 - part.p);
		part.p = colon + 1;
	}
	/* docker/ID, kubepods/burstable/podUID/ID, libpod_parent/ID and
	 * k8s.io's: nothing else has names like that. */
	return above.len ? id_at(part) : (struct bytes){ NULL, 0 };
}

/* The innermost, where containers run in containers. */
static struct bytes of_path(struct bytes path)
{
	struct bytes found = { NULL, 0 }, above = { "", 0 };

	while (path.len) {
		const char *slash = memchr(path.p, '/', path.len);
		size_t len = slash ? (size_t)(slash - path.p) : path.len;
		struct bytes part = { path.p, len };
		struct bytes id = of_part(part, above);

		if (id.p)
			found = id;
		above = part;
		path.p += len + (slash ? 1 : 0);
		path.len -= len + (slash ? 1 : 0);
	}
	return found;
}

struct bytes container_of_cgroup(struct bytes text)
{
	struct bytes id = { NULL, 0 };

	while (text.len && !id.p) {
		const char *nl = memchr(text.p, '\n', text.len);
		size_t len = nl ? (size_t)(nl - text.p) : text.len;
		const char *path = memchr(text.p, '/', len);

		if (path)
			id = of_path((struct bytes){
				path, len - (size_t)(path - text.p) });
		text.p += len + (nl ? 1 : 0);
		text.len -= len + (nl ? 1 : 0);
	}
	return id;
}

bool container_is_runtime(struct bytes exe)
{
	static const struct bytes names[] = { BYTES("runc"), BYTES("crun"),
		BYTES("youki"), BYTES("kata-runtime"), BYTES("conmon"),
		BYTES("docker-runc"), BYTES("lxc-start"), BYTES("lxc-attach"),
		BYTES("systemd-nspawn"), BYTES("docker-containerd-shim") };
	const char *slash = exe.len ? memrchr(exe.p, '/', exe.len) : NULL;

	/* runc runs as a sealed copy of itself. */
	if (exe.len && exe.p[exe.len - 1] == ')' &&
		text_find(exe, BYTES("/memfd:runc_cloned")))
		return true;
	if (slash) {
		exe.len -= (size_t)(slash + 1 - exe.p);
		exe.p = slash + 1;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_equal(exe, names[i]))
			return true;
	return takes(&exe, BYTES("containerd-shim"));
}

struct bytes container_of_argv(const struct bytes *argv, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct bytes id = { NULL, 0 };

		if (argv[i].p && argv[i].len == ID_LEN)
			id = id_at(argv[i]);
		if (id.p)
			return id;
	}
	return (struct bytes){ NULL, 0 };
}
