/* SPDX-License-Identifier: ISC */
#include "token.h"

#include <assert.h>

enum { KEY_MESSAGE_ID = TOKEN_KINDS, KEY_LOOP };

#define TOKEN_VERSION 1
#define MAC_SIZE 12
#define ID_SIZE 10	/* bytes before the MAC of a Message-ID: thread 5, outbox 5 */
#define ID_TEXT_SIZE 36 /* base32 of 22 bytes */

static void put_number(uint8_t *at, size_t bytes, uint64_t n)
{
	for (size_t i = bytes; i-- > 0; n >>= 8)
		at[i] = (uint8_t)n;
	assert(n == 0);
}

static uint64_t get_number(const uint8_t *at, size_t bytes)
{
	uint64_t n = 0;
	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | at[i];
	return n;
}

void token_keys_init(struct token_keys *keys, struct slice secret, uint64_t incarnation)
{
	for (size_t i = 0; i < sizeof(keys->key) / sizeof(keys->key[0]); i++) {
		uint8_t label[18] = "postclerk";
		label[9] = (uint8_t)i;
		put_number(label + 10, 8, incarnation);
		crypto_hmac(secret, slice_of(label, sizeof(label)), keys->key[i]);
	}
}

static void put_mac(const struct token_keys *keys, unsigned key, const void *data, size_t n,
		    uint8_t mac[MAC_SIZE])
{
	uint8_t whole[SHA256_SIZE];
	crypto_hmac(slice_of(keys->key[key], SHA256_SIZE), slice_of(data, n), whole);
	memcpy(mac, whole, MAC_SIZE);
}

static bool mac_is_right(const struct token_keys *keys, unsigned key, const void *data, size_t n,
			 const uint8_t mac[MAC_SIZE])
{
	uint8_t right[MAC_SIZE];
	put_mac(keys, key, data, n, right);
	return crypto_equal(slice_of(mac, MAC_SIZE), slice_of(right, MAC_SIZE));
}

/* Bytes: version and kind 1, key id 1, agent 4, thread 5, message 5, expiry 4, MAC 12. */
void token_put(struct buf *out, const struct token_keys *keys, const struct token *token)
{
	uint8_t bytes[TOKEN_SIZE];
	bytes[0] = (uint8_t)(TOKEN_VERSION << 4 | (unsigned)token->kind);
	bytes[1] = 0;
	put_number(bytes + 2, 4, token->agent);
	put_number(bytes + 6, 5, token->thread);
	put_number(bytes + 11, 5, token->message);
	put_number(bytes + 16, 4, (uint64_t)token->expires);
	put_mac(keys, token->kind, bytes, 20, bytes + 20);
	base32_put(out, slice_of(bytes, sizeof(bytes)));
}

/* Exactly n bytes from base32 text, or false. */
static bool decode(struct slice text, uint8_t *bytes, size_t n)
{
	struct buf out;
	buf_init(&out, n);
	bool good = base32_get(text, &out) && !buf_failed(&out) && out.len == n;
	if (good)
		memcpy(bytes, out.ptr, n);
	buf_release(&out);
	return good;
}

int token_get(const struct token_keys *keys, struct slice text, struct token *token)
{
	uint8_t bytes[TOKEN_SIZE];
	if (text.len != TOKEN_TEXT_SIZE || !decode(text, bytes, sizeof(bytes)))
		return 0;
	unsigned kind = bytes[0] & 15;
	if (bytes[0] >> 4 != TOKEN_VERSION || bytes[1] != 0 || kind == 0 || kind >= TOKEN_KINDS)
		return 0;
	if (!mac_is_right(keys, kind, bytes, 20, bytes + 20))
		return 0;
	*token = (struct token){
		.kind = kind,
		.agent = (uint32_t)get_number(bytes + 2, 4),
		.thread = get_number(bytes + 6, 5),
		.message = get_number(bytes + 11, 5),
		.expires = (int64_t)get_number(bytes + 16, 4),
	};
	return 1;
}

static bool is_base32(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
}

/*
 * Letters may stand right before a token ("%2B" of a mailto link) and right
 * behind it: so it may begin at any place of a run of them.
 */
bool token_stands_in(const struct token_keys *keys, struct slice text)
{
	struct token token;
	for (size_t i = 0, run = 0; i < text.len; i++) {
		run = is_base32(text.ptr[i]) ? run + 1 : 0;
		if (run < TOKEN_TEXT_SIZE)
			continue;
		size_t start = i + 1 - TOKEN_TEXT_SIZE;
		/* Five bits of the version and the kind. */
		if ((text.ptr[start] | 0x20) == 'c' &&
		    token_get(keys, slice_sub(text, start, i + 1), &token) == 1 &&
		    token.kind != TOKEN_BOUNCE)
			return true;
	}
	return false;
}

/* "support" and "shop.example" of "support@shop.example". */
static void split(struct slice address, struct slice *local, struct slice *domain)
{
	ptrdiff_t at = slice_chr(address, '@');
	*local = slice_sub(address, 0, at < 0 ? address.len : (size_t)at);
	*domain = slice_sub(address, at < 0 ? address.len : (size_t)at + 1, address.len);
}

void token_put_address(struct buf *out, const struct token_keys *keys, const struct token *token,
		       struct slice address)
{
	struct slice local, domain;
	split(address, &local, &domain);
	buf_put(out, local);
	buf_putc(out, '+');
	token_put(out, keys, token);
	buf_putc(out, '@');
	buf_put(out, domain);
}

int token_get_address(const struct token_keys *keys, struct slice text, struct slice address,
		      struct token *token)
{
	struct slice local, domain, our_local, our_domain;
	split(text, &local, &domain);
	split(address, &our_local, &our_domain);
	if (!slice_eq_nocase(domain, our_domain) || !slice_starts_nocase(local, our_local))
		return -1;
	if (local.len == our_local.len)
		return 0;
	if (local.ptr[our_local.len] != '+')
		return -1;
	return token_get(keys, slice_sub(local, our_local.len + 1, local.len), token);
}

void token_put_message_id(struct buf *out, const struct token_keys *keys, uint64_t thread,
			  uint64_t outbox, struct slice address)
{
	struct slice local, domain;
	uint8_t bytes[ID_SIZE + MAC_SIZE];
	split(address, &local, &domain);
	put_number(bytes, 5, thread);
	put_number(bytes + 5, 5, outbox);
	put_mac(keys, KEY_MESSAGE_ID, bytes, ID_SIZE, bytes + ID_SIZE);
	base32_put(out, slice_of(bytes, sizeof(bytes)));
	buf_putc(out, '@');
	buf_put(out, domain);
}

int token_get_message_id(const struct token_keys *keys, struct slice text, uint64_t *thread,
			 uint64_t *outbox)
{
	uint8_t bytes[ID_SIZE + MAC_SIZE];
	struct slice local, domain;
	if (text.len && text.ptr[0] == '<')
		text = slice_sub(text, 1, text.len - slice_ends(text, SLICE(">")));
	split(text, &local, &domain);
	if (local.len != ID_TEXT_SIZE || !decode(local, bytes, sizeof(bytes)) ||
	    !mac_is_right(keys, KEY_MESSAGE_ID, bytes, ID_SIZE, bytes + ID_SIZE))
		return 0;
	*thread = get_number(bytes, 5);
	*outbox = get_number(bytes + 5, 5);
	return 1;
}

void token_put_loop(struct buf *out, const struct token_keys *keys, struct slice message_id)
{
	uint8_t mac[MAC_SIZE];
	put_mac(keys, KEY_LOOP, message_id.ptr, message_id.len, mac);
	buf_put(out, message_id);
	buf_putc(out, ' ');
	base32_put(out, slice_of(mac, sizeof(mac)));
}

bool token_is_loop(const struct token_keys *keys, struct slice value)
{
	uint8_t mac[MAC_SIZE];
	value = slice_trim(value);
	ptrdiff_t space = slice_chr(value, ' ');
	if (space <= 0)
		return false;
	/* The field may have been folded between the two. */
	struct slice id = slice_trim(slice_sub(value, 0, (size_t)space));
	struct slice text = slice_trim(slice_sub(value, (size_t)space, value.len));
	return decode(text, mac, sizeof(mac)) && mac_is_right(keys, KEY_LOOP, id.ptr, id.len, mac);
}
