/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_VALUE_H
#define POSTCLERK_LIQUID_VALUE_H

#include "liquid.h"

/* Values by themselves: what needs no render. */

/* The longest text of a number, a boolean or a range. */
#define LIQUID_NUMBER_MAX 96
/* Lists in lists deeper than this print and compare as empty. */
#define VALUE_DEPTH_MAX 200

struct hash_item {
	struct slice key;
	struct liquid_value value;
};

/* Insertion order in items; above HASH_LINEAR items an index of slots helps. */
#define HASH_LINEAR 12
struct liquid_hash {
	struct hash_item *items;
	size_t count, room;
	uint32_t *index; /* item number + 1, by hash of the key; a power of two */
	size_t index_size;
};

/* A number as a template writes it; integers beyond 64 bits become integral decimals. */
struct liquid_value value_number(struct slice text);
/* An integer of any size up to 34 digits: int64 where it fits. */
struct liquid_value value_integral(struct liquid_value decimal);
static inline bool value_is_number(struct liquid_value v)
{
	return v.kind == LIQUID_INT || v.kind == LIQUID_DECIMAL;
}
/* A decimal that prints without a fraction: an integer too large for int64. */
static inline bool value_is_integer(struct liquid_value v)
{
	return v.kind == LIQUID_INT || (v.kind == LIQUID_DECIMAL && v.index);
}

/* As printed, of everything but arrays, hashes and objects (empty). */
struct slice value_scalar(struct liquid_value v, char number[LIQUID_NUMBER_MAX]);

/* Decimal digits; at most 20 bytes, their number. */
size_t value_put_integer(char *out, int64_t n);

/* Of 1 to 16 bytes, without a call; false for all others. */
static inline bool same_short_name(struct slice a, struct slice b)
{
	uint64_t x, y, z, w;
	uint32_t p, q, r, s;
	if (a.len != b.len)
		return false;
	if (a.len >= 8 && a.len <= 16) {
		memcpy(&x, a.ptr, 8);
		memcpy(&y, b.ptr, 8);
		memcpy(&z, a.ptr + a.len - 8, 8);
		memcpy(&w, b.ptr + a.len - 8, 8);
		return x == y && z == w;
	}
	if (a.len >= 4 && a.len < 8) {
		memcpy(&p, a.ptr, 4);
		memcpy(&q, b.ptr, 4);
		memcpy(&r, a.ptr + a.len - 4, 4);
		memcpy(&s, b.ptr + a.len - 4, 4);
		return p == q && r == s;
	}
	if (a.len - 1 >= 3)
		return false;
	return a.ptr[0] == b.ptr[0] && a.ptr[a.len / 2] == b.ptr[a.len / 2] &&
	       a.ptr[a.len - 1] == b.ptr[a.len - 1];
}

static inline bool same_name(struct slice a, struct slice b)
{
	if (a.len - 1 <= 15)
		return same_short_name(a, b);
	return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

/* Of a name, for an index of names. */
uint32_t value_hash(struct slice key);
/* Bytes that one item more takes from the arena: much when the hash must grow for it. */
size_t hash_growth(const struct liquid_hash *hash);
struct hash_item *hash_find(const struct liquid_hash *hash, struct slice key);

/* The first or last character of a text; empty if it has none. */
struct slice text_end(struct slice s, bool last);
/* Whole part of a number, leading digits of a string, else 0. */
int64_t value_lenient_integer(struct liquid_value v);
/* Lists, arrays of the host and ranges. */
bool value_is_array(struct liquid_value v);
bool value_is_hash(struct liquid_value v);
/* Items of an array, range or hash; 0 for others. */
size_t value_count(struct liquid_value v);
/* Item i of an array or range; of a hash its value, with the key in *key (may be null). */
struct liquid_value value_at(struct liquid_value v, size_t i, struct arena *a, struct slice *key);
/* How many integers a range holds; 0 when it runs backward. */
size_t range_count(struct liquid_value v);
/* Nothing in it: "", [], {}. */
bool value_empty(struct liquid_value v);
/* nil, false, empty, or only white space. */
bool value_blank(struct liquid_value v);
/* As == does; *work is charged with what was compared. */
bool value_equal(struct liquid_value a, struct liquid_value b, struct arena *arena, uint64_t *work);

#endif
