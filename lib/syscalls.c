// SPDX-License-Identifier: GPL-3.0-or-later
#include "syscalls.h"

#include <stddef.h>

/* x32 programs call with this bit set under x86_64's arch. */
#define X32_BIT 0x40000000u

static const struct arch {
	uint32_t arch;
	const char *name;
	uint32_t execve, execveat;
} archs[] = {
	{ 0xc000003e, "x86_64", 59, 322 },
	{ 0xc000003e, "x86_64", X32_BIT | 520, X32_BIT | 545 },
	{ 0x40000003, "i386", 11, 358 },
	{ 0xc00000b7, "aarch64", 221, 281 },
	{ 0x40000028, "arm", 11, 387 },
	{ 0x00000028, "armeb", 11, 387 },
	{ 0xc0000015, "ppc64le", 11, 362 },
	{ 0x80000015, "ppc64", 11, 362 },
	{ 0x00000014, "ppc", 11, 362 },
	{ 0x80000016, "s390x", 11, 354 },
	{ 0x00000016, "s390", 11, 354 },
	{ 0xc00000f3, "riscv64", 221, 281 },
	{ 0xc0000102, "loongarch64", 221, 281 },
};

const char *syscalls_arch(uint32_t arch)
{
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++)
		if (archs[i].arch == arch)
			return archs[i].name;
	return NULL;
}

const char *syscalls_exec(uint32_t arch, uint64_t number)
{
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
		if (archs[i].arch != arch)
			continue;
		if (archs[i].execve == number)
			return "execve";
		if (archs[i].execveat == number)
			return "execveat";
	}
	return NULL;
}
