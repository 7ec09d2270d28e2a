// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * openssl base64 -d, and enc -d with AES where the command line has the key: as
 * such (-K, -iv), or as the password that it is made from (-k, -pass pass:).
 * By PBKDF2 that takes milliseconds: it is done once in an event.
 */
#include "command.h"

#include <stddef.h>

#include <nettle/aes.h>
#include <nettle/cbc.h>
#include <nettle/ctr.h>
#include <nettle/nettle-meta.h>
#include <nettle/pbkdf2.h>

#include "script.h"
#include "text.h"
#include "undo.h"

#define KEY_MAX  32
#define BLOCK    AES_BLOCK_SIZE
#define SALT     8
#define DIGEST   64
#define PASS_MAX 512
/* openssl's own number of rounds, and what they cost in steps of a script. */
#define ROUNDS      10000
#define ROUND_STEPS 16
/* Of any cipher or hash. */
#define CONTEXT_MAX 512

enum mode { MODE_CBC, MODE_ECB, MODE_CTR };

static const struct nettle_cipher *const ciphers[] = { &nettle_aes128,
	&nettle_aes192, &nettle_aes256 };
static const struct nettle_hash *const hashes[] = { &nettle_md5, &nettle_sha1,
	&nettle_sha256, &nettle_sha512 };
static const char *const modes[] = { "cbc", "ecb", "ctr" };

#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

struct options {
	bool is_decoding, is_base64, is_bare, is_unsalted;
	uint64_t rounds; /* PBKDF2's; 0: the old way */
	const struct nettle_cipher *cipher;
	enum mode mode;
	const struct nettle_hash *hash;
	struct bytes key, iv, pass;
};

/* aes-256-cbc, aes256: the cipher of a word; false: it names none of them. */
static bool pick_cipher(struct options *o, struct bytes word)
{
	for (size_t i = 0; i < N_OF(ciphers); i++) {
		const char *size = ciphers[i]->name + 3; /* of aes128 */

		if (!command_starts(word, "aes"))
			return false;
		if (word.len == 6 && !memcmp(word.p + 3, size, 3)) {
			o->cipher = ciphers[i];
			o->mode = MODE_CBC;
			return true;
		}
		for (size_t m = 0; m < N_OF(modes); m++)
			if (word.len == 11 && !memcmp(word.p + 4, size, 3) &&
				!memcmp(word.p + 8, modes[m], 3)) {
				o->cipher = ciphers[i];
				o->mode = (enum mode)m;
				return true;
			}
	}
	return false;
}

static bool pick_hash(struct options *o, struct bytes word)
{
	for (size_t i = 0; i < N_OF(hashes); i++)
		if (bytes_equal(word, bytes_of(hashes[i]->name))) {
			o->hash = hashes[i];
			return true;
		}
	return false;
}

/* An option with its value; false: what comes out of it nobody knows. */
static bool take_value(struct options *o, struct bytes name, struct bytes value)
{
	if (bytes_equal(name, BYTES("K"))) {
		o->key = value;
	} else if (bytes_equal(name, BYTES("iv"))) {
		o->iv = value;
	} else if (bytes_equal(name, BYTES("k"))) {
		o->pass = value;
	} else if (bytes_equal(name, BYTES("pass"))) {
		if (!command_starts(value, "pass:"))
			return false;
		o->pass = (struct bytes){ value.p + 5, value.len - 5 };
	} else if (bytes_equal(name, BYTES("md"))) {
		return pick_hash(o, value);
	} else if (bytes_equal(name, BYTES("iter"))) {
		return text_u64(value, 10, &o->rounds) == 0 && o->rounds &&
		       o->rounds <= ROUNDS;
	} else if (bytes_equal(name, BYTES("in"))) {
		return command_is_stdin(value);
	} else if (!bytes_equal(name, BYTES("out")) &&
		   !bytes_equal(name, BYTES("bufsize"))) {
		return false;
	}
	return true;
}

static bool take_flag(struct options *o, struct bytes name)
{
	if (bytes_equal(name, BYTES("d")))
		o->is_decoding = true;
	else if (bytes_equal(name, BYTES("a")) ||
		 bytes_equal(name, BYTES("base64")))
		o->is_base64 = true;
	else if (bytes_equal(name, BYTES("nopad")))
		o->is_bare = true;
	else if (bytes_equal(name, BYTES("nosalt")))
		o->is_unsalted = true;
	else if (bytes_equal(name, BYTES("pbkdf2")))
		o->rounds = o->rounds ? o->rounds : ROUNDS;
	else
		return bytes_equal(name, BYTES("A")) ||
		       bytes_equal(name, BYTES("n")) ||
		       bytes_equal(name, BYTES("salt")) || pick_cipher(o, name);
	return true;
}

static bool read_options(const struct command_call *call, struct options *o)
{
	struct bytes what = call->argv[1];

	o->is_base64 = bytes_equal(what, BYTES("base64"));
	if (!o->is_base64 && !bytes_equal(what, BYTES("enc")) &&
		!pick_cipher(o, what))
		return false;
	for (size_t i = 2; i < call->argc; i++) {
		struct bytes name = call->argv[i];

		if (name.len < 2 || name.p[0] != '-')
			return false;
		name.p++, name.len--;
		if (take_flag(o, name))
			continue;
		if (++i == call->argc || !take_value(o, name, call->argv[i]))
			return false;
	}
	return o->is_decoding;
}

/* Digits to n bytes; zeroes where there are none, as openssl has it. */
static bool from_hex(struct bytes hex, uint8_t *to, size_t n)
{
	memset(to, 0, n);
	return hex.p && hex.len <= 2 * n &&
	       text_unhex(hex.p, hex.len, (char *)to) == 0;
}

/* EVP_BytesToKey with one round: key and iv from a password and a salt. */
static bool make_key(const struct options *o, const uint8_t *salt,
	uint8_t key[KEY_MAX], uint8_t iv[BLOCK])
{
	uint8_t made[KEY_MAX + BLOCK + DIGEST];
	_Alignas(max_align_t) uint8_t context[CONTEXT_MAX];
	const struct nettle_hash *h = o->hash;
	size_t n = 0, need = o->cipher->key_size + BLOCK;

	if (h->context_size > sizeof(context) || o->pass.len > PASS_MAX)
		return false;
	for (size_t before = 0; n < need; n += h->digest_size) {
		h->init(context);
		if (n)
			h->update(context, h->digest_size, made + before);
		h->update(context, o->pass.len, (const uint8_t *)o->pass.p);
		if (salt)
			h->update(context, SALT, salt);
		h->digest(context, h->digest_size, made + n);
		before = n;
	}
	memcpy(key, made, o->cipher->key_size);
	memcpy(iv, made + o->cipher->key_size, BLOCK);
	return true;
}

/* The same by PBKDF2, of SHA-256. */
static bool derive_key(const struct options *o, const uint8_t *salt,
	struct script *script, uint8_t key[KEY_MAX], uint8_t iv[BLOCK])
{
	uint8_t made[KEY_MAX + BLOCK];
	size_t n = o->cipher->key_size;

	if (o->hash != &nettle_sha256 || !script ||
		!script_take_steps(script, o->rounds * ROUND_STEPS))
		return false;
	pbkdf2_hmac_sha256(o->pass.len, (const uint8_t *)o->pass.p,
		(unsigned int)o->rounds, salt ? SALT : 0, salt, n + BLOCK,
		made);
	memcpy(key, made, n);
	memcpy(iv, made + n, BLOCK);
	return true;
}

/* Takes the salt off the front where there is one. */
static bool get_key(const struct options *o, struct bytes *in,
	struct script *script, uint8_t key[KEY_MAX], uint8_t iv[BLOCK])
{
	const uint8_t *salt = NULL;

	if (o->key.p)
		return from_hex(o->key, key, o->cipher->key_size) &&
		       (from_hex(o->iv, iv, BLOCK) || o->mode == MODE_ECB);
	if (!o->pass.p)
		return false;
	if (!o->is_unsalted) {
		if (in->len < 8 + SALT || !command_starts(*in, "Salted__"))
			return false;
		salt = (const uint8_t *)in->p + 8;
		in->p += 8 + SALT;
		in->len -= 8 + SALT;
	}
	return o->rounds ? derive_key(o, salt, script, key, iv)
			 : make_key(o, salt, key, iv);
}

/* Without the padding, which tells whether the key was the right one. */
static bool unpad(const char *p, size_t *n)
{
	size_t pad = *n ? (unsigned char)p[*n - 1] : 0;

	if (!pad || pad > BLOCK || pad > *n)
		return false;
	for (size_t i = 1; i <= pad; i++)
		if ((unsigned char)p[*n - i] != pad)
			return false;
	*n -= pad;
	return true;
}

/* In place, what stands behind from; padding and salt go. */
static bool decrypt(const struct options *o, struct script *script,
	struct str *out, size_t from)
{
	uint8_t key[KEY_MAX], iv[BLOCK];
	_Alignas(max_align_t) uint8_t context[CONTEXT_MAX];
	const struct nettle_cipher *c = o->cipher;
	struct bytes in = str_tail(out, from);
	uint8_t *p;

	if (!str_ok(out) || c->context_size > sizeof(context) ||
		!get_key(o, &in, script, key, iv) || !in.len ||
		(o->mode != MODE_CTR && in.len % BLOCK))
		return false;
	p = (uint8_t *)out->p + (out->len - in.len);
	if (o->mode == MODE_CTR)
		c->set_encrypt_key(context, key);
	else
		c->set_decrypt_key(context, key);
	if (o->mode == MODE_CBC)
		cbc_decrypt(context, c->decrypt, BLOCK, iv, in.len, p, p);
	else if (o->mode == MODE_ECB)
		c->decrypt(context, in.len, p, p);
	else
		ctr_crypt(context, c->encrypt, BLOCK, iv, in.len, p, p);
	if (o->mode != MODE_CTR && !o->is_bare && !unpad(in.p, &in.len))
		return false;
	memmove(out->p + from, in.p, in.len);
	str_cut(out, from + in.len);
	return in.len != 0;
}

static bool openssl(struct command_call *call, struct str *out)
{
	struct options o = { .hash = &nettle_sha256 };
	size_t from = out->len;

	if (call->argc < 2 || !call->in.p || !read_options(call, &o))
		return false;
	call->kind = COMMAND_DECODED;
	if (o.is_base64)
		undo_base(UNDO_BASE64, call->in, false, out);
	else
		str_addb(out, call->in);
	if (!o.cipher) {
		call->undone = "base64";
		return o.is_base64;
	}
	call->undone = o.is_base64 ? "base64+aes" : "aes";
	return decrypt(&o, call->script, out, from);
}

const struct command command_openssl = { .names = "openssl", .run = openssl };
