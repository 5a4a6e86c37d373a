/* SPDX-License-Identifier: ISC */
#include "search_keys.h"

#include <assert.h>

#include "record/order.h"

/* ---- texts made comparable ---- */

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void put_text(struct buf *out, struct slice folded, bool spaces)
{
	bool gap = false;
	for (size_t i = 0; i < folded.len; i++) {
		if (is_space(folded.ptr[i])) {
			gap = true;
			continue;
		}
		if (gap && out->len && spaces)
			buf_putc(out, ' ');
		gap = false;
		buf_putc(out, folded.ptr[i]);
	}
}

/* "+31 (0)20 123" and "0031 20 123" have no form in common but the end; zeros are a prefix. */
static void put_digits(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] >= '0' && text.ptr[i] <= '9' && (out->len || text.ptr[i] != '0'))
			buf_putc(out, text.ptr[i]);
}

struct slice search_form(struct arena *a, enum search_form form, struct slice text)
{
	struct buf folded, out;
	buf_init(&folded, text.len * 18 + 16);
	buf_init(&out, text.len * 18 + 16);
	text_put_folded(&folded, text);
	if (form == FORM_DIGITS)
		put_digits(&out, buf_slice(&folded));
	else
		put_text(&out, buf_slice(&folded), form == FORM_TEXT);
	struct slice made = arena_copy(a, buf_slice(&out));
	buf_release(&folded);
	buf_release(&out);
	return made;
}

/* ---- places ---- */

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* May a searched text begin at byte i?  The last byte alone is no place: it would be everywhere. */
static bool is_start(enum search_start start, struct slice text, size_t i)
{
	if (i == 0)
		return true;
	if (start == START_WHOLE || is_continuation(text.ptr[i]))
		return false;
	if (start == START_WORD)
		return is_word(text.ptr[i]) && !is_word(text.ptr[i - 1]);
	if (start == START_PHONE && i >= SEARCH_PHONE_STARTS)
		return false;
	return i + 1 < text.len;
}

bool search_fits(enum search_start start, struct slice text, struct slice wanted)
{
	assert(wanted.len > 0);
	for (size_t i = 0; i + wanted.len <= text.len; i++)
		if (text.ptr[i] == wanted.ptr[0] && is_start(start, text, i) &&
		    slice_starts(slice_sub(text, i, text.len), wanted))
			return true;
	return false;
}

struct slice search_key_text(enum search_start start, struct slice text)
{
	static const size_t most[] = {
		[START_WHOLE] = SEARCH_KEY_WHOLE,
		[START_ANYWHERE] = SEARCH_KEY_TEXT,
		[START_WORD] = SEARCH_KEY_TEXT,
		[START_PHONE] = SEARCH_KEY_PHONE,
	};
	size_t n = most[start];
	if (n >= text.len)
		return text;
	while (n > 1 && is_continuation(text.ptr[n]))
		n--;
	return slice_sub(text, 0, n);
}

void search_key(struct store_key *key, enum search_tag tag, enum search_start start,
		struct slice text)
{
	key->len = 0;
	store_key_u8(key, (uint8_t)tag);
	store_key_bytes(key, search_key_text(start, text));
}

/* ---- keys ---- */

struct adding {
	struct store_keys *keys;
	struct arena *a;
	size_t n;
};

static bool add_text(void *ctx, const struct search_text *text)
{
	struct adding *adding = ctx;
	struct slice whole = search_form(adding->a, text->form, text->text);
	for (size_t i = 0; i < whole.len && adding->n < SEARCH_KEYS_MAX; i++) {
		struct store_key key;
		if (!is_start(text->start, whole, i))
			continue;
		search_key(&key, text->tag, text->start, slice_sub(whole, i, whole.len));
		store_keys_add(adding->keys, store_key_slice(&key));
		adding->n++;
	}
	return adding->n < SEARCH_KEYS_MAX;
}

static void add_number(struct store_keys *keys, enum search_tag tag, uint8_t number)
{
	struct store_key key = {.len = 0};
	store_key_u8(&key, (uint8_t)tag);
	store_key_u8(&key, number);
	store_keys_add(keys, store_key_slice(&key));
}

void search_customer_keys(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Customer *customer = (const Rec__Customer *)message;
	struct adding adding = {keys, NULL, 0};
	if (customer->merged_into)
		return;
	adding.a = arena_open();
	search_customer_texts(customer, add_text, &adding);
	arena_close(&adding.a);
	if (customer->kind)
		add_number(keys, TAG_TYPE, (uint8_t)customer->kind);
	if (customer->inactive)
		add_number(keys, TAG_ACTIVE, 0);
}

/* What an order's lines may be in without being done; of these a shop has few. */
#define AT_WORK(state)                                                                             \
	((state) != REC__LINE_STATE__LINE_STATE_AUS && (state) != REC__LINE_STATE__LINE_STATE_FUS)

void search_order_keys(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Order *order = (const Rec__Order *)message;
	struct adding adding = {keys, NULL, 0};
	struct store_key day = {.len = 0};
	if (order->deleted_at)
		return;
	enum order_status status = order_status(order);
	if (status != ORDER_CLOSED)
		add_number(keys, TAG_STATUS, (uint8_t)status);
	for (size_t i = 0; i < order->n_lines && i < SEARCH_KEYS_MAX / 4; i++)
		if (AT_WORK(order->lines[i]->state))
			add_number(keys, TAG_LINE, (uint8_t)order->lines[i]->state);
	store_key_u8(&day, TAG_ORDERED);
	store_key_i64(&day, order->ordered_at);
	store_keys_add(keys, store_key_slice(&day));
	adding.a = arena_open();
	search_order_texts(order, add_text, &adding);
	arena_close(&adding.a);
}

void search_item_keys(const ProtobufCMessage *message, struct store_keys *keys)
{
	struct adding adding = {keys, arena_open(), 0};
	search_item_texts((const Rec__Item *)message, add_text, &adding);
	arena_close(&adding.a);
}
