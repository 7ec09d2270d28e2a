// SPDX-License-Identifier: GPL-3.0-or-later
/* Addresses of crypto-currencies, by their checksums where they are short. */
#include <nettle/sha2.h>

#include "ioc_scan.h"

#define BTC_MIN      26
#define BTC_MAX      35
#define BTC_BYTES    25
#define BTC_CHECKSUM 4
/* BIP 173: bc1, the version, 2 to 40 bytes and the checksum. */
#define BECH32_MIN      14
#define BECH32_MAX      74
#define BECH32_CHECKSUM 6
#define BECH32_CONST    1u
#define BECH32M_CONST   0x2bc830a3u /* BIP 350 */
#define ETH_LEN         42
#define XMR_LEN         95
#define XMR_LONG        106 /* with a payment id in it */

static int base58(char c)
{
	static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
				     "abcdefghijkmnopqrstuvwxyz";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* 25 bytes: the version (0 or 5), the hash, and the first four bytes of its
 * SHA-256 taken twice. */
static bool is_base58check(struct bytes b)
{
	uint8_t raw[BTC_BYTES] = { 0 }, sum[SHA256_DIGEST_SIZE];
	struct sha256_ctx ctx;

	if (b.len < BTC_MIN || b.len > BTC_MAX ||
		(b.p[0] != '1' && b.p[0] != '3'))
		return false;
	for (size_t i = 0; i < b.len; i++) {
		int carry = base58(b.p[i]);

		if (carry < 0)
			return false;
		for (size_t k = BTC_BYTES; k-- > 0;) {
			carry += 58 * raw[k];
			raw[k] = (uint8_t)carry;
			carry >>= 8;
		}
		if (carry)
			return false;
	}
	if (raw[0] != (b.p[0] == '1' ? 0 : 5))
		return false;
	sha256_init(&ctx);
	sha256_update(&ctx, BTC_BYTES - BTC_CHECKSUM, raw);
	sha256_digest(&ctx, sizeof(sum), sum);
	sha256_update(&ctx, sizeof(sum), sum);
	sha256_digest(&ctx, sizeof(sum), sum);
	return !memcmp(sum, raw + BTC_BYTES - BTC_CHECKSUM, BTC_CHECKSUM);
}

static uint32_t polymod(uint32_t sum, unsigned int value)
{
	static const uint32_t generator[5] = { 0x3b6a57b2, 0x26508e6d,
		0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (unsigned int i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= generator[i];
	return sum;
}

static bool is_bech32(struct bytes b)
{
	static const char digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	/* Of "bc": the high bits, a zero and the low bits. */
	static const unsigned int prefix[] = { 3, 3, 0, 2, 3 };
	bool has_upper = false, has_lower = false;
	uint32_t sum = 1;

	if (b.len < BECH32_MIN || b.len > BECH32_MAX || (b.p[0] | 32) != 'b' ||
		(b.p[1] | 32) != 'c' || b.p[2] != '1')
		return false;
	for (size_t i = 0; i < 5; i++)
		sum = polymod(sum, prefix[i]);
	for (size_t i = 0; i < b.len; i++) {
		const char *at = strchr(digits, scan_lower(b.p[i]));

		has_upper |= b.p[i] >= 'A' && b.p[i] <= 'Z';
		has_lower |= b.p[i] >= 'a' && b.p[i] <= 'z';
		if (i < 3)
			continue;
		if (!at || !*at)
			return false;
		sum = polymod(sum, (unsigned int)(at - digits));
	}
	/* The first version has the first checksum, all others the second. */
	return !(has_upper && has_lower) &&
	       sum == ((b.p[3] | 32) == 'q' ? BECH32_CONST : BECH32M_CONST);
}

static bool is_ethereum(struct bytes b)
{
	bool has_letter = false, has_digit = false;

	if (b.len != ETH_LEN || b.p[0] != '0' || b.p[1] != 'x')
		return false;
	for (size_t i = 2; i < b.len; i++) {
		if (!scan_is(b.p[i], SCAN_HEX))
			return false;
		has_letter |= scan_is_alpha(b.p[i]);
		has_digit |= scan_is_digit(b.p[i]);
	}
	return has_letter && has_digit;
}

/* The second character is narrower than base 58: the first two make the
 * network's byte. */
static bool is_monero(struct bytes b)
{
	bool is_long = b.len == XMR_LONG && b.p[0] == '4';

	if ((b.len != XMR_LEN && !is_long) ||
		(b.p[0] != '4' && b.p[0] != '8') ||
		!scan_in("123456789ABC", b.p[1]))
		return false;
	for (size_t i = 0; i < b.len; i++)
		if (base58(b.p[i]) < 0)
			return false;
	return true;
}

bool scan_is_wallet(struct bytes b)
{
	return is_base58check(b) || is_bech32(b) || is_ethereum(b) ||
	       is_monero(b);
}
