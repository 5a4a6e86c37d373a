/* SPDX-License-Identifier: ISC */
#include "base/crypto.h"

#include <assert.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#define NONCE_SIZE 12
#define TAG_SIZE 16
_Static_assert(NONCE_SIZE + TAG_SIZE == SEAL_OVERHEAD, "the header promises the overhead");

/* These calls fail only when the library is broken or memory runs out. */
static void must(int status, const char *what)
{
	if (status < 0)
		die("%s: %s", what, gnutls_strerror(status));
}

void crypto_sha256(struct slice data, uint8_t digest[SHA256_SIZE])
{
	must(gnutls_hash_fast(GNUTLS_DIG_SHA256, data.len ? data.ptr : "", data.len, digest),
	     "SHA-256");
}

void crypto_hmac(struct slice key, struct slice data, uint8_t mac[SHA256_SIZE])
{
	must(gnutls_hmac_fast(GNUTLS_MAC_SHA256, key.len ? key.ptr : "", key.len,
			      data.len ? data.ptr : "", data.len, mac),
	     "HMAC-SHA-256");
}

void crypto_random(void *out, size_t n)
{
	must(gnutls_rnd(GNUTLS_RND_KEY, out, n), "random bytes");
}

bool crypto_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || gnutls_memcmp(a.ptr, b.ptr, a.len) == 0);
}

static gnutls_aead_cipher_hd_t open_cipher(const uint8_t key[SEAL_KEY_SIZE])
{
	gnutls_aead_cipher_hd_t cipher;
	uint8_t copy[SEAL_KEY_SIZE];
	memcpy(copy, key, sizeof(copy));
	gnutls_datum_t datum = {copy, sizeof(copy)};
	must(gnutls_aead_cipher_init(&cipher, GNUTLS_CIPHER_CHACHA20_POLY1305, &datum),
	     "ChaCha20-Poly1305");
	gnutls_memset(copy, 0, sizeof(copy));
	return cipher;
}

void crypto_seal(const uint8_t key[SEAL_KEY_SIZE], struct slice context, struct slice plain,
		 struct buf *out)
{
	assert(plain.len < SIZE_MAX / 2);
	char *room = buf_reserve(out, plain.len + SEAL_OVERHEAD);
	if (!room)
		return;
	must(gnutls_rnd(GNUTLS_RND_NONCE, room, NONCE_SIZE), "random bytes");
	size_t size = plain.len + TAG_SIZE;
	gnutls_aead_cipher_hd_t cipher = open_cipher(key);
	must(gnutls_aead_cipher_encrypt(cipher, room, NONCE_SIZE, context.ptr, context.len,
					TAG_SIZE, plain.len ? plain.ptr : "", plain.len,
					room + NONCE_SIZE, &size),
	     "seal");
	gnutls_aead_cipher_deinit(cipher);
	assert(size == plain.len + TAG_SIZE);
	out->len += plain.len + SEAL_OVERHEAD;
}

int crypto_unseal(const uint8_t key[SEAL_KEY_SIZE], struct slice context, struct slice sealed,
		  struct buf *out, struct err *e)
{
	if (sealed.len < SEAL_OVERHEAD)
		return err_set(e, ERR_TEMP, "sealed bytes are cut short: %zu", sealed.len);
	size_t size = sealed.len - SEAL_OVERHEAD;
	char *room = buf_reserve(out, size);
	if (!room)
		return err_set(e, ERR_TEMP, "no room for %zu sealed bytes", size);
	gnutls_aead_cipher_hd_t cipher = open_cipher(key);
	int status = gnutls_aead_cipher_decrypt(cipher, sealed.ptr, NONCE_SIZE, context.ptr,
						context.len, TAG_SIZE, sealed.ptr + NONCE_SIZE,
						sealed.len - NONCE_SIZE, room, &size);
	gnutls_aead_cipher_deinit(cipher);
	if (status < 0) {
		/* What was not authenticated stays nowhere. */
		gnutls_memset(room, 0, sealed.len - SEAL_OVERHEAD);
		return err_set(e, ERR_TEMP, "sealed bytes do not open: %s",
			       gnutls_strerror(status));
	}
	out->len += size;
	return 1;
}
