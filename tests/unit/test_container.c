// SPDX-License-Identifier: GPL-3.0-or-later
#include "container.h"

#include "check.h"

#define SUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
	const char *name, *text, *want;
} cgroups[] = {
	{ "host2", "0::/user.slice/user-1000.slice/session-3.scope\n", NULL },
	{ "host1", "12:pids:/system.slice/ssh.service\n1:name=systemd:/\n",
		NULL },
	{ "service_id", "0::/system.slice/docker.service\n", NULL },
	{ "docker1", "9:pids:/docker/" SUM "\n", "0123456789ab" },
	{ "docker_slice", "0::/system.slice/docker-" SUM ".scope\n",
		"0123456789ab" },
	{ "docker_inside", "0::/docker/" SUM "/init.scope\n", "0123456789ab" },
	{ "containerd",
		"0::/kubepods.slice/kubepods-burstable.slice/"
		"kubepods-burstable-pod1_2.slice/cri-containerd-" SUM
		".scope\n",
		"0123456789ab" },
	{ "containerd_colons",
		"0::/system.slice/containerd.service/"
		"kubepods-burstable-pod1.slice:cri-containerd:" SUM "\n",
		"0123456789ab" },
	{ "crio", "0::/kubepods.slice/pod1.slice/crio-" SUM ".scope\n",
		"0123456789ab" },
	{ "crio_conmon", "0::/machine.slice/crio-conmon-" SUM ".scope\n",
		NULL },
	{ "kubepods1", "3:cpu:/kubepods/besteffort/pod12-34/" SUM "\n",
		"0123456789ab" },
	{ "podman", "0::/machine.slice/libpod-" SUM ".scope\n",
		"0123456789ab" },
	{ "podman_rootless",
		"0::/user.slice/user-1.slice/user@1.service/user.slice/"
		"libpod-" SUM ".scope/container\n",
		"0123456789ab" },
	{ "lxc", "0::/lxc.payload.web1/init.scope\n", "web1" },
	{ "lxc4", "0::/lxc.payload/web1/init.scope\n", "web1" },
	{ "lxc1", "4:cpu:/lxc/web1\n", "web1" },
	{ "lxc_monitor", "0::/lxc.monitor.web1\n", NULL },
	{ "nspawn", "0::/system.slice/systemd-nspawn@web1.service/payload\n",
		"web1" },
	{ "machine", "0::/machine.slice/machine-web1.scope\n", "web1" },
	{ "nested", "0::/lxc.payload.web1/docker/" SUM "\n", "0123456789ab" },
	{ "second_line", "2:cpu:/\n0::/docker/" SUM "\n", "0123456789ab" },
	{ "short", "0::/docker/0123456789abcdef\n", NULL },
	{ "long", "0::/docker/" SUM "0\n", NULL },
	{ "not_hex", "0::/docker/x" SUM "\n", NULL },
	{ "name_cut",
		"0::/lxc/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
		"\n",
		"abcdefghijklmnopqrstuvwxyzabcdef" },
	{ "empty", "", NULL },
	{ "slashes", "////\n0::\n:/\n", NULL },
};

static const struct {
	const char *exe;
	bool is;
} exes[] = { { "/usr/bin/runc", true }, { "/usr/sbin/runc", true },
	{ "/usr/bin/crun", true }, { "/usr/libexec/podman/conmon", true },
	{ "/usr/bin/containerd-shim-runc-v2", true },
	{ "/usr/bin/containerd-shim", true },
	{ "/memfd:runc_cloned:/proc/self/exe (deleted)", true },
	{ "/usr/bin/runcon", false }, { "/usr/bin/dockerd", false },
	{ "/usr/bin/bash", false }, { "", false } };

int main(void)
{
	struct bytes argv[] = { BYTES(SUM), BYTES("--log"), BYTES("a/" SUM),
		BYTES("create"), BYTES(SUM) };

	check.module = "container";
	for (size_t i = 0; i < sizeof(cgroups) / sizeof(cgroups[0]); i++) {
		check_start("cgroup/%s", cgroups[i].name);
		CHECK_BYTES(container_of_cgroup(bytes_of(cgroups[i].text)),
			bytes_of(cgroups[i].want));
	}
	for (size_t i = 0; i < sizeof(exes) / sizeof(exes[0]); i++) {
		check_start("runtime/%s", exes[i].exe);
		CHECK_EQ(container_is_runtime(bytes_of(exes[i].exe)),
			exes[i].is);
	}
	check_start("argv/found");
	CHECK_Z(container_of_argv(argv, 5), "0123456789ab");
	check_start("argv/none");
	CHECK(!container_of_argv(argv, 4).p);
	return check_end();
}
