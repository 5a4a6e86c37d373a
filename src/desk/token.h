/* SPDX-License-Identifier: ISC */
#ifndef DESK_TOKEN_H
#define DESK_TOKEN_H

#include "base.h"

/*
 * What the desk signs and later recognises (MAIL.md 4 and 6): reply tokens and
 * bounce tokens in addresses, Message-IDs, and the loop header.  Everything is
 * keyed from the desk's secret, a key a kind, and compared in constant time.
 * Pure functions: whether an agent's tokens were revoked is the caller's to
 * ask.
 */
#define TOKEN_SIZE 32	    /* bytes */
#define TOKEN_TEXT_SIZE 52  /* base32 characters */
#define TOKEN_PREFIX_MAX 12 /* octets before it in a local part of 64 */
#define TOKEN_DAYS 60	    /* how long a reply address is good */

enum token_kind {
	TOKEN_PUBLIC = 1, /* a reply reaches the customer */
	TOKEN_NOTE,	  /* a reply stays inside */
	TOKEN_DIGEST,
	TOKEN_CONFIRM,
	TOKEN_BOUNCE, /* envelope sender; `message` is the outbox id */
	TOKEN_KINDS,
};

struct token {
	enum token_kind kind;
	uint32_t agent;
	uint64_t thread;  /* 40 bits */
	uint64_t message; /* 40 bits: last one seen */
	int64_t expires;  /* UTC seconds, 32 bits */
};

struct token_keys {
	uint8_t key[TOKEN_KINDS + 2][SHA256_SIZE];
};

/* All keys of a desk from its secret and incarnation. */
void token_keys_init(struct token_keys *keys, struct slice secret, uint64_t incarnation);

/* 52 characters. */
void token_put(struct buf *out, const struct token_keys *keys, const struct token *token);
/* 1, or 0 when the text is no token that these keys made.  Expiry is not judged. */
int token_get(const struct token_keys *keys, struct slice text, struct token *token);

/* "support+TOKEN@shop.example" for the shop address "support@shop.example". */
void token_put_address(struct buf *out, const struct token_keys *keys, const struct token *token,
		       struct slice address);
/* Does an agent's reply token stand anywhere in the text (P13)?  Linear. */
bool token_stands_in(const struct token_keys *keys, struct slice text);
/*
 * The token in an address of that shop: 1; 0 when it is the shop's address
 * without a token, or with one that is not good; -1 when it is another address.
 */
int token_get_address(const struct token_keys *keys, struct slice text, struct slice address,
		      struct token *token);

/* A Message-ID of ours without angle brackets; thread and outbox id are in it. */
void token_put_message_id(struct buf *out, const struct token_keys *keys, uint64_t thread,
			  uint64_t outbox, struct slice address);
/* 1 and what it names; 0 when we did not sign it.  With or without brackets. */
int token_get_message_id(const struct token_keys *keys, struct slice text, uint64_t *thread,
			 uint64_t *outbox);

/* The value of our loop header for one mail, and whether a value is ours. */
void token_put_loop(struct buf *out, const struct token_keys *keys, struct slice message_id);
bool token_is_loop(const struct token_keys *keys, struct slice value);

#endif
