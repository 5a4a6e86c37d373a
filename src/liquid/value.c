/* SPDX-License-Identifier: ISC */
#include "value.h"

#include <stdio.h>

#include "base/text.h"
#include "decimal.h"

struct liquid_value liquid_nil(void)
{
	return (struct liquid_value){.kind = LIQUID_NIL};
}

struct liquid_value liquid_bool(bool b)
{
	return (struct liquid_value){.kind = LIQUID_BOOL, .boolean = b};
}

struct liquid_value liquid_int(int64_t n)
{
	return (struct liquid_value){.kind = LIQUID_INT, .integer = n};
}

struct liquid_value liquid_decimal(int64_t mantissa, int exponent)
{
	if (exponent > DECIMAL_EXPONENT_MAX || exponent < -DECIMAL_EXPONENT_MAX)
		exponent = exponent > 0 ? DECIMAL_EXPONENT_MAX : -DECIMAL_EXPONENT_MAX;
	return decimal_value((struct decimal){mantissa, exponent});
}

struct liquid_value liquid_string(struct slice s)
{
	return (struct liquid_value){.kind = LIQUID_STRING, .string = s};
}

struct liquid_value liquid_safe(struct slice s)
{
	return (struct liquid_value){.kind = LIQUID_STRING, .safe = true, .string = s};
}

struct liquid_value liquid_object(const struct liquid_class *class, const void *ptr, uint32_t index)
{
	return (struct liquid_value){.kind = LIQUID_OBJECT, .index = index, .object = {class, ptr}};
}

struct liquid_value liquid_list_new(struct arena *a)
{
	return (struct liquid_value){.kind = LIQUID_LIST, .list = ARENA_NEW(a, struct liquid_list)};
}

void liquid_list_add(struct arena *a, struct liquid_value list, struct liquid_value item)
{
	struct liquid_list *l = list.list;
	arena_grow(a, &l->items, l->count, &l->room, sizeof(*l->items));
	l->items[l->count++] = item;
}

/* ---- hashes ---- */

uint32_t value_hash(struct slice key)
{
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < key.len; i++)
		h = (h ^ (unsigned char)key.ptr[i]) * 16777619u;
	return h ^ h >> 15;
}

struct liquid_value liquid_hash_new(struct arena *a)
{
	return (struct liquid_value){.kind = LIQUID_HASH, .hash = ARENA_NEW(a, struct liquid_hash)};
}

static void add_to_index(struct liquid_hash *hash, size_t item)
{
	size_t mask = hash->index_size - 1;
	size_t at = value_hash(hash->items[item].key) & mask;
	while (hash->index[at])
		at = (at + 1) & mask;
	hash->index[at] = (uint32_t)item + 1;
}

static void grow_index(struct arena *a, struct liquid_hash *hash)
{
	if (hash->count < HASH_LINEAR || hash->count * 2 < hash->index_size)
		return;
	hash->index_size = hash->index_size ? hash->index_size * 2 : HASH_LINEAR * 4;
	while (hash->index_size & (hash->index_size - 1))
		hash->index_size++;
	hash->index = ARENA_ARRAY(a, hash->index_size, uint32_t);
	for (size_t i = 0; i < hash->count; i++)
		add_to_index(hash, i);
}

size_t hash_growth(const struct liquid_hash *hash)
{
	size_t items = hash->count < hash->room ? 0 : hash->room ? hash->room * 2 : 8;
	size_t index = hash->count * 2 + 2 < hash->index_size ? 0 : hash->index_size * 2;
	return items * sizeof(*hash->items) + index * sizeof(*hash->index);
}

struct hash_item *hash_find(const struct liquid_hash *hash, struct slice key)
{
	if (!hash->index_size) {
		/* Most names differ in length already. */
		for (size_t i = 0; i < hash->count; i++)
			if (hash->items[i].key.len == key.len && same_name(hash->items[i].key, key))
				return &hash->items[i];
		return NULL;
	}
	size_t mask = hash->index_size - 1;
	for (size_t at = value_hash(key) & mask; hash->index[at]; at = (at + 1) & mask)
		if (same_name(hash->items[hash->index[at] - 1].key, key))
			return &hash->items[hash->index[at] - 1];
	return NULL;
}

void liquid_hash_set(struct arena *a, struct liquid_value hash, struct slice key,
		     struct liquid_value item)
{
	struct liquid_hash *h = hash.hash;
	struct hash_item *there = hash_find(h, key);
	if (there) {
		there->value = item;
		return;
	}
	arena_grow(a, &h->items, h->count, &h->room, sizeof(*h->items));
	h->items[h->count++] = (struct hash_item){key, item};
	if (h->index_size)
		add_to_index(h, h->count - 1);
	grow_index(a, h);
}

/* ---- numbers and texts ---- */

struct liquid_value value_integral(struct liquid_value decimal)
{
	int64_t n;
	if (decimal.kind == LIQUID_INT)
		return decimal;
	if (decimal_integer(decimal_of(decimal), &n))
		return liquid_int(n);
	decimal.index = 1;
	return decimal;
}

/* The common number is read as int64; only what fails that pays for 128 bits. */
struct liquid_value value_number(struct slice text)
{
	int64_t n;
	struct decimal d;
	if (slice_i64(text, &n))
		return liquid_int(n);
	if (!decimal_parse(text, &d))
		return liquid_nil();
	struct liquid_value v = decimal_value(d);
	return slice_chr(text, '.') < 0 ? value_integral(v) : v;
}

static size_t put_integral(char *out, struct decimal d)
{
	struct liquid_value v = decimal_value(d);
	char digits[DECIMAL_TEXT_MAX];
	/* Digits of the mantissa alone are never printed in the scientific form. */
	uint128 m = d.mantissa < 0 ? -(uint128)d.mantissa : (uint128)d.mantissa;
	size_t n = 0, at = 0;
	for (; m; m /= 10)
		digits[n++] = (char)('0' + (unsigned)(m % 10));
	if (d.mantissa < 0)
		out[at++] = '-';
	while (n)
		out[at++] = digits[--n];
	for (int i = 0; i < v.exponent && at < LIQUID_NUMBER_MAX; i++)
		out[at++] = '0';
	return at;
}

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324"
				  "25262728293031323334353637383940414243444546474849"
				  "50515253545556575859606162636465666768697071727374"
				  "75767778798081828384858687888990919293949596979899";

size_t value_put_integer(char *out, int64_t n)
{
	/* Counts and positions, most of what a mail prints. */
	if (n >= 0 && n < 10) {
		*out = (char)('0' + n);
		return 1;
	}
	char text[20], *p = text + sizeof(text);
	uint64_t m = n < 0 ? -(uint64_t)n : (uint64_t)n;
	for (; m >= 100; m /= 100)
		p -= 2, memcpy(p, digit_pairs + m % 100 * 2, 2);
	if (m >= 10)
		p -= 2, memcpy(p, digit_pairs + m * 2, 2);
	else
		*--p = (char)('0' + m);
	size_t sign = n < 0, len = (size_t)(text + sizeof(text) - p);
	out[0] = '-';
	memcpy(out + sign, p, len);
	return sign + len;
}

struct slice value_scalar(struct liquid_value v, char number[LIQUID_NUMBER_MAX])
{
	size_t n;
	switch (v.kind) {
	case LIQUID_STRING:
		return v.string;
	case LIQUID_BOOL:
		return v.boolean ? SLICE("true") : SLICE("false");
	case LIQUID_INT:
		return slice_of(number, value_put_integer(number, v.integer));
	case LIQUID_DECIMAL:
		n = v.index ? put_integral(number, decimal_of(v))
			    : decimal_put(number, decimal_of(v));
		return slice_of(number, n);
	case LIQUID_RANGE:
		n = value_put_integer(number, v.range.first);
		number[n++] = '.';
		number[n++] = '.';
		return slice_of(number, n + value_put_integer(number + n, v.range.last));
	default:
		return SLICE("");
	}
}

/* ---- collections ---- */

bool value_is_array(struct liquid_value v)
{
	return v.kind == LIQUID_LIST || (v.kind == LIQUID_OBJECT && v.object.class->array);
}

bool value_is_hash(struct liquid_value v)
{
	return v.kind == LIQUID_HASH || (v.kind == LIQUID_OBJECT && !v.object.class->array);
}

size_t range_count(struct liquid_value v)
{
	if (v.range.last < v.range.first)
		return 0;
	/*
	 * Unsigned: from the smallest to the largest int64 there is one more than a size_t
	 * counts.
	 */
	uint64_t span = (uint64_t)v.range.last - (uint64_t)v.range.first;
	return span == UINT64_MAX ? SIZE_MAX : (size_t)span + 1;
}

size_t value_count(struct liquid_value v)
{
	switch (v.kind) {
	case LIQUID_LIST:
		return v.list->count;
	case LIQUID_HASH:
		return v.hash->count;
	case LIQUID_RANGE:
		return range_count(v);
	case LIQUID_OBJECT:
		return v.object.class->count ? v.object.class->count(&v) : 0;
	default:
		return 0;
	}
}

struct liquid_value value_at(struct liquid_value v, size_t i, struct arena *a, struct slice *key)
{
	struct liquid_value item = {.kind = LIQUID_NIL};
	struct slice unused = {0};
	switch (v.kind) {
	case LIQUID_LIST:
		return i < v.list->count ? v.list->items[i] : item;
	case LIQUID_HASH:
		if (i >= v.hash->count)
			return item;
		if (key)
			*key = v.hash->items[i].key;
		return v.hash->items[i].value;
	case LIQUID_RANGE:
		return liquid_int((int64_t)((uint64_t)v.range.first + i));
	case LIQUID_OBJECT:
		if (!v.object.class->at ||
		    !v.object.class->at(&v, i, a, key ? key : &unused, &item))
			return liquid_nil();
		return item;
	default:
		return item;
	}
}

bool liquid_truthy(struct liquid_value v)
{
	if (v.kind == LIQUID_BOOL)
		return v.boolean;
	return v.kind != LIQUID_NIL && v.kind != LIQUID_UNDEFINED;
}

bool value_empty(struct liquid_value v)
{
	if (v.kind == LIQUID_STRING)
		return !v.string.len;
	if (v.kind == LIQUID_LIST || v.kind == LIQUID_HASH ||
	    (v.kind == LIQUID_OBJECT && v.object.class->count))
		return !value_count(v);
	return v.kind == LIQUID_EMPTY || v.kind == LIQUID_BLANK;
}

/* What Rails calls blank; the reference has it from there. */
bool value_blank(struct liquid_value v)
{
	if (!liquid_truthy(v))
		return true;
	if (v.kind != LIQUID_STRING)
		return value_empty(v);
	for (size_t i = 0; i < v.string.len; i++)
		if (!memchr(" \t\n\v\f\r", v.string.ptr[i], 6))
			return false;
	return true;
}

bool liquid_integer(struct liquid_value v, int64_t *n)
{
	if (v.kind == LIQUID_INT) {
		*n = v.integer;
		return true;
	}
	if (v.kind == LIQUID_DECIMAL)
		return decimal_integer(decimal_of(v), n);
	return v.kind == LIQUID_STRING && slice_i64(slice_trim(v.string), n);
}

struct slice text_end(struct slice s, bool last)
{
	struct slice rest = s;
	uint32_t code;
	if (!last) {
		text_next(&rest, &code);
		return slice_sub(s, 0, s.len - rest.len);
	}
	size_t at = s.len;
	/*
	 * At most three bytes back: in broken UTF-8 a longer run of continuations is no
	 * character.
	 */
	while (at > 0 && s.len - at < 3 && ((unsigned char)s.ptr[at - 1] & 0xC0) == 0x80)
		at--;
	return slice_sub(s, at ? at - 1 : 0, s.len);
}

struct liquid_value liquid_number(struct slice text)
{
	struct decimal d;
	if (slice_chr(text, 'e') < 0 && slice_chr(text, 'E') < 0)
		return value_number(text);
	return decimal_parse(text, &d) ? decimal_value(d) : liquid_nil();
}

/* Ruby's to_i: leading digits, and never an error. */
int64_t value_lenient_integer(struct liquid_value v)
{
	int64_t n = 0;
	struct slice s = v.string;
	if (v.kind == LIQUID_DECIMAL) {
		struct decimal d = decimal_of(v);
		decimal_integer(decimal_round(d, 0, d.mantissa < 0 ? DECIMAL_CEIL : DECIMAL_FLOOR),
				&n);
		return n;
	}
	if (v.kind != LIQUID_STRING)
		return liquid_integer(v, &n) ? n : 0;
	s = slice_trim(s);
	size_t end = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+');
	size_t start = end && s.ptr[0] == '+';
	while (end < s.len && s.ptr[end] >= '0' && s.ptr[end] <= '9')
		end++;
	return slice_i64(slice_sub(s, start, end), &n) ? n : 0;
}

/* ---- equality ---- */

static bool equal_items(struct liquid_value a, struct liquid_value b, struct arena *arena,
			uint64_t *work, unsigned depth);

static bool equal_alike(struct liquid_value a, struct liquid_value b, uint64_t *work)
{
	switch (a.kind) {
	case LIQUID_BOOL:
		return a.boolean == b.boolean;
	case LIQUID_STRING:
		/* Sixteen bytes are compared in about the time of one operation. */
		*work += a.string.len / 16;
		return slice_eq(a.string, b.string);
	case LIQUID_RANGE:
		return a.range.first == b.range.first && a.range.last == b.range.last;
	case LIQUID_OBJECT:
		return a.object.class == b.object.class && a.object.ptr == b.object.ptr &&
		       a.index == b.index;
	default:
		return true;
	}
}

/* Undefined equals nil, as it does where it is allowed. */
static uint8_t kind_of(struct liquid_value v)
{
	return v.kind == LIQUID_UNDEFINED ? LIQUID_NIL : v.kind;
}

static bool equal_deep(struct liquid_value a, struct liquid_value b, struct arena *arena,
		       uint64_t *work, unsigned depth)
{
	++*work;
	if (value_is_number(a) && value_is_number(b))
		return decimal_compare(decimal_of(a), decimal_of(b)) == 0;
	if ((value_is_array(a) && value_is_array(b)) ||
	    (a.kind == LIQUID_HASH && b.kind == LIQUID_HASH))
		return equal_items(a, b, arena, work, depth);
	return kind_of(a) == kind_of(b) && equal_alike(a, b, work);
}

static bool equal_items(struct liquid_value a, struct liquid_value b, struct arena *arena,
			uint64_t *work, unsigned depth)
{
	size_t n = value_count(a);
	/* Data may hold itself: a comparison that goes too deep is false, never endless. */
	if (n != value_count(b) || depth == VALUE_DEPTH_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct slice key = {0};
		struct liquid_value x = value_at(a, i, arena, &key), y;
		if (a.kind == LIQUID_HASH) {
			const struct hash_item *item = hash_find(b.hash, key);
			if (!item)
				return false;
			y = item->value;
		} else {
			y = value_at(b, i, arena, NULL);
		}
		if (!equal_deep(x, y, arena, work, depth + 1))
			return false;
	}
	return true;
}

bool value_equal(struct liquid_value a, struct liquid_value b, struct arena *arena, uint64_t *work)
{
	bool either = b.kind == LIQUID_EMPTY || b.kind == LIQUID_BLANK;
	if (a.kind == LIQUID_EMPTY || a.kind == LIQUID_BLANK) {
		if (either) /* they are questions, not values */
			return false;
		struct liquid_value swap = a;
		a = b;
		b = swap;
	}
	if (b.kind == LIQUID_EMPTY)
		return value_empty(a);
	if (b.kind == LIQUID_BLANK)
		return value_blank(a);
	return equal_deep(a, b, arena, work, 0);
}
