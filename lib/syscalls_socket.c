// SPDX-License-Identifier: GPL-3.0-or-later
/* The calls that come with a socket's address. */
#include <stddef.h>

#include "syscalls.h"

/* x32 programs call with this bit set under x86_64's arch. */
#define X32_BIT 0x40000000u

/* By enum syscalls_socket; 0: there is no such call. */
static const struct sockets {
	uint32_t arch;
	uint32_t numbers[SYSCALLS_SOCKET_N];
} sockets[] = {
	{ 0xc000003e, { 0, 42, 49, 50, 43, 288, 44, 46, 307, 0 } },
	{ 0x40000003, { 0, 362, 361, 363, 0, 364, 369, 370, 345, 102 } },
	{ 0xc00000b7, { 0, 203, 200, 201, 202, 242, 206, 211, 269, 0 } },
	{ 0xc00000f3, { 0, 203, 200, 201, 202, 242, 206, 211, 269, 0 } },
	{ 0xc0000102, { 0, 203, 200, 201, 202, 242, 206, 211, 269, 0 } },
	{ 0x40000028, { 0, 283, 282, 284, 285, 366, 290, 296, 374, 0 } },
	{ 0x00000028, { 0, 283, 282, 284, 285, 366, 290, 296, 374, 0 } },
	{ 0xc0000015, { 0, 328, 327, 329, 330, 344, 335, 341, 349, 102 } },
	{ 0x80000015, { 0, 328, 327, 329, 330, 344, 335, 341, 349, 102 } },
	{ 0x00000014, { 0, 328, 327, 329, 330, 344, 335, 341, 349, 102 } },
	{ 0x80000016, { 0, 362, 361, 363, 0, 364, 369, 370, 358, 102 } },
	{ 0x00000016, { 0, 362, 361, 363, 0, 364, 369, 370, 358, 102 } },
};

/* What x86_64 has twice, for programs with 32-bit pointers. */
#define X32_SENDMSG  518
#define X32_SENDMMSG 538

static uint64_t plain_number(uint32_t arch, uint64_t number)
{
	if (arch != 0xc000003e || !(number & X32_BIT))
		return number;
	number &= ~(uint64_t)X32_BIT;
	return number == X32_SENDMSG    ? 46
	       : number == X32_SENDMMSG ? 307
					: number;
}

enum syscalls_socket syscalls_socket(uint32_t arch, uint64_t number)
{
	number = plain_number(arch, number);
	for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
		if (sockets[i].arch != arch)
			continue;
		for (int k = 1; number && k < SYSCALLS_SOCKET_N; k++)
			if (sockets[i].numbers[k] == number)
				return (enum syscalls_socket)k;
	}
	return SYSCALLS_NO_SOCKET;
}

enum syscalls_socket syscalls_socketcall(uint64_t which)
{
	/* linux/net.h */
	switch (which) {
	case 2:
		return SYSCALLS_BIND;
	case 3:
		return SYSCALLS_CONNECT;
	case 4:
		return SYSCALLS_LISTEN;
	case 5:
		return SYSCALLS_ACCEPT;
	case 11:
		return SYSCALLS_SENDTO;
	case 16:
		return SYSCALLS_SENDMSG;
	case 18:
		return SYSCALLS_ACCEPT4;
	case 20:
		return SYSCALLS_SENDMMSG;
	}
	return SYSCALLS_NO_SOCKET;
}

const char *syscalls_socket_name(enum syscalls_socket call)
{
	static const char *const names[SYSCALLS_SOCKET_N] = { NULL, "connect",
		"bind", "listen", "accept", "accept4", "sendto", "sendmsg",
		"sendmmsg", "socketcall" };

	return names[call];
}
