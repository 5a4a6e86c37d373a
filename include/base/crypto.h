/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_CRYPTO_H
#define POSTCLERK_BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/* Hashes, MACs, sealing and random bytes, all by GnuTLS. */

#define SHA256_SIZE 32
#define SEAL_KEY_SIZE 32
/* What crypto_seal adds to its input: 12 bytes nonce, 16 bytes tag. */
#define SEAL_OVERHEAD 28

/* SHA-256 and HMAC-SHA-256; none of the three can fail: a broken GnuTLS ends the process. */
void crypto_sha256(struct slice data, uint8_t digest[SHA256_SIZE]);
void crypto_hmac(struct slice key, struct slice data, uint8_t mac[SHA256_SIZE]);
void crypto_random(void *out, size_t n);
/* Constant time; lengths may be public. */
bool crypto_equal(struct slice a, struct slice b);

/*
 * ChaCha20-Poly1305 with a random nonce: out = nonce, ciphertext, tag.
 * `context` is authenticated, not stored (who the bytes belong to).
 */
void crypto_seal(const uint8_t key[SEAL_KEY_SIZE], struct slice context, struct slice plain,
		 struct buf *out);
/* 1, or -1 and TEMP when the bytes, the key or the context are not the right ones. */
int crypto_unseal(const uint8_t key[SEAL_KEY_SIZE], struct slice context, struct slice sealed,
		  struct buf *out, struct err *e);

/* Two lower-case digits a byte. */
void hex_put(struct buf *out, struct slice data);
/* RFC 4648 base32 without padding, lower case out, any case in. */
void base32_put(struct buf *out, struct slice data);
/* False on a foreign character, a wrong length or set trailing bits. */
bool base32_get(struct slice text, struct buf *out);
/* RFC 4648 base64 with padding, no line breaks. */
void base64_put(struct buf *out, struct slice data);

#endif
