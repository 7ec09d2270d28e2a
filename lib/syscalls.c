// SPDX-License-Identifier: GPL-3.0-or-later
#include "syscalls.h"

#include <stddef.h>

/* x32 programs call with this bit set under x86_64's arch. */
#define X32_BIT 0x40000000u
#define CLONE3  435

static const struct arch {
	uint32_t arch;
	const char *name;
	uint32_t execve, execveat;
	/* 0: it has no such call; clone3 is 435 everywhere. */
	uint32_t fork, vfork, clone, exit_group;
} archs[] = {
	{ 0xc000003e, "x86_64", 59, 322, 57, 58, 56, 231 },
	{ 0xc000003e, "x86_64", X32_BIT | 520, X32_BIT | 545, X32_BIT | 57,
		X32_BIT | 58, X32_BIT | 56, X32_BIT | 231 },
	{ 0x40000003, "i386", 11, 358, 2, 190, 120, 252 },
	{ 0xc00000b7, "aarch64", 221, 281, 0, 0, 220, 94 },
	{ 0x40000028, "arm", 11, 387, 2, 190, 120, 248 },
	{ 0x00000028, "armeb", 11, 387, 2, 190, 120, 248 },
	{ 0xc0000015, "ppc64le", 11, 362, 2, 189, 120, 234 },
	{ 0x80000015, "ppc64", 11, 362, 2, 189, 120, 234 },
	{ 0x00000014, "ppc", 11, 362, 2, 189, 120, 234 },
	{ 0x80000016, "s390x", 11, 354, 2, 190, 120, 248 },
	{ 0x00000016, "s390", 11, 354, 2, 190, 120, 248 },
	{ 0xc00000f3, "riscv64", 221, 281, 0, 0, 220, 94 },
	{ 0xc0000102, "loongarch64", 221, 281, 0, 0, 220, 94 },
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

enum syscalls_life syscalls_life(uint32_t arch, uint64_t number)
{
	for (size_t i = 0; number && i < sizeof(archs) / sizeof(archs[0]);
		i++) {
		const struct arch *a = &archs[i];

		if (a->arch != arch)
			continue;
		if (number == a->exit_group)
			return SYSCALLS_EXIT;
		if (number == a->fork || number == a->vfork ||
			number == a->clone || (number & ~X32_BIT) == CLONE3)
			return SYSCALLS_FORK;
	}
	return SYSCALLS_NEITHER;
}
