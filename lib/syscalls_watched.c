// SPDX-License-Identifier: GPL-3.0-or-later
/* Other calls that rows of alerts may be about. */
#include <stddef.h>

#include "syscalls.h"

/* x32 programs call with this bit set under x86_64's arch. */
#define X32_BIT 0x40000000u
#define NO_CALL UINT32_MAX

/* By enum syscalls_watched, from the second on. */
#define N_CALLS (SYSCALLS_WATCHED_N - 1)
#define __      NO_CALL

static const struct watched {
	uint32_t arch;
	uint32_t numbers[N_CALLS];
} watched[] = {
	{ 0xc000003e, { 90, 91, 268, 452, 175, 313, 176, 101, 319, 2, 257, 437,
			      85, 82, 264, 316, 86, 265, 88, 266 } },
	{ 0x40000003, { 15, 94, 306, 452, 128, 350, 129, 26, 356, 5, 295, 437,
			      8, 38, 302, 353, 9, 303, 83, 304 } },
	{ 0xc00000b7, { __, 52, 53, 452, 105, 273, 106, 117, 279, __, 56, 437,
			      __, __, 38, 276, __, 37, __, 36 } },
	{ 0xc00000f3, { __, 52, 53, 452, 105, 273, 106, 117, 279, __, 56, 437,
			      __, __, 38, 276, __, 37, __, 36 } },
	{ 0xc0000102, { __, 52, 53, 452, 105, 273, 106, 117, 279, __, 56, 437,
			      __, __, 38, 276, __, 37, __, 36 } },
	{ 0x40000028, { 15, 94, 333, 452, 128, 379, 129, 26, 385, 5, 322, 437,
			      8, 38, 329, 382, 9, 330, 83, 331 } },
	{ 0x00000028, { 15, 94, 333, 452, 128, 379, 129, 26, 385, 5, 322, 437,
			      8, 38, 329, 382, 9, 330, 83, 331 } },
	{ 0xc0000015, { 15, 94, 297, 452, 128, 353, 129, 26, 360, 5, 286, 437,
			      8, 38, 293, 357, 9, 294, 83, 295 } },
	{ 0x80000015, { 15, 94, 297, 452, 128, 353, 129, 26, 360, 5, 286, 437,
			      8, 38, 293, 357, 9, 294, 83, 295 } },
	{ 0x00000014, { 15, 94, 297, 452, 128, 353, 129, 26, 360, 5, 286, 437,
			      8, 38, 293, 357, 9, 294, 83, 295 } },
	{ 0x80000016, { 15, 94, 299, 452, 128, 344, 129, 26, 350, 5, 288, 437,
			      8, 38, 295, 347, 9, 296, 83, 297 } },
	{ 0x00000016, { 15, 94, 299, 452, 128, 344, 129, 26, 350, 5, 288, 437,
			      8, 38, 295, 347, 9, 296, 83, 297 } },
};

#undef __

/* x32 has but these by other numbers. */
#define X32_PTRACE 521

static const char *const names[SYSCALLS_WATCHED_N] = { NULL, "chmod", "fchmod",
	"fchmodat", "fchmodat2", "init_module", "finit_module", "delete_module",
	"ptrace", "memfd_create", "open", "openat", "openat2", "creat",
	"rename", "renameat", "renameat2", "link", "linkat", "symlink",
	"symlinkat" };

enum syscalls_watched syscalls_watched(uint32_t arch, uint64_t number)
{
	if (arch == 0xc000003e && number & X32_BIT) {
		number &= ~(uint64_t)X32_BIT;
		number = number == X32_PTRACE ? 101 : number;
	}
	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++) {
		if (watched[i].arch != arch)
			continue;
		for (int k = 0; k < N_CALLS; k++)
			if (watched[i].numbers[k] == number &&
				number != NO_CALL)
				return (enum syscalls_watched)(k + 1);
	}
	return SYSCALLS_NOT_WATCHED;
}

enum syscalls_watched syscalls_watched_of(struct bytes name)
{
	for (int i = 1; i < SYSCALLS_WATCHED_N; i++)
		if (bytes_equal(bytes_of(names[i]), name))
			return (enum syscalls_watched)i;
	return SYSCALLS_NOT_WATCHED;
}

const char *syscalls_watched_name(enum syscalls_watched call)
{
	return names[call];
}

/* asm-generic/fcntl.h, whose lowest bits are alike everywhere but for O_CREAT
 * on mips, sparc, alpha and parisc; linux/ptrace.h. */
#define WRITES     (1u | 2u | 0100u)
#define SET_ID     06000u
#define IS_ATTACH  0x10u
#define IS_SEIZE   0x4206u
#define IS_POKE(x) ((x) == 4 || (x) == 5)

int syscalls_watched_argument(enum syscalls_watched call)
{
	switch (call) {
	case SYSCALLS_PTRACE:
		return 0;
	case SYSCALLS_CHMOD:
	case SYSCALLS_FCHMOD:
	case SYSCALLS_OPEN:
		return 1;
	case SYSCALLS_FCHMODAT:
	case SYSCALLS_FCHMODAT2:
	case SYSCALLS_OPENAT:
		return 2;
	default:
		return -1;
	}
}

bool syscalls_watched_is_meant(enum syscalls_watched call, uint64_t argument)
{
	switch (call) {
	case SYSCALLS_PTRACE:
		return argument == IS_ATTACH || argument == IS_SEIZE ||
		       IS_POKE(argument);
	case SYSCALLS_CHMOD:
	case SYSCALLS_FCHMOD:
	case SYSCALLS_FCHMODAT:
	case SYSCALLS_FCHMODAT2:
		return argument & SET_ID;
	case SYSCALLS_OPEN:
	case SYSCALLS_OPENAT:
		return argument & WRITES;
	default:
		return true;
	}
}
