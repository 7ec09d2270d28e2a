// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CONTAINER_H
#define CONTAINER_H

#include <stdbool.h>

#include "str.h"

/* As container runtimes show ids: the first 12 digits of 64, or a name. */
#define CONTAINER_ID_MAX 32

/*
 * The container that /proc/PID/cgroup tells of, version 1 or 2, borrowed from
 * text; absent where it tells of none:
 *
 *   .../docker/ID  .../docker-ID.scope  .../cri-containerd-ID.scope
 *   .../crio-ID.scope  .../libpod-ID.scope  .../lxc.payload.NAME
 *   .../lxc/NAME  .../kubepods/.../ID  .../machine.slice/machine-NAME.scope
 *   .../systemd-nspawn@NAME.service
 */
struct bytes container_of_cgroup(struct bytes text);

/* Whether the program is one that starts containers: runc, crun, conmon,
 * containerd-shim-runc-v2 and the like. */
bool container_is_runtime(struct bytes exe);
/* The id among a runtime's arguments; absent if there is none. */
struct bytes container_of_argv(const struct bytes *argv, size_t n);

#endif
