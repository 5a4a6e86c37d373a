/* SPDX-License-Identifier: ISC */
#include "base/text.h"
#include "filters.h"

/* Parts of texts: replaced, removed, cut, split. */

enum which { ALL, FIRST, LAST };

static size_t code_length(struct slice s)
{
	struct slice rest = s;
	uint32_t code;
	return text_next(&rest, &code) ? s.len - rest.len : 0;
}

static ptrdiff_t find_last(struct slice s, struct slice needle)
{
	for (size_t i = s.len + 1; i > 0; i--)
		if (slice_starts(slice_sub(s, i - 1, s.len), needle))
			return (ptrdiff_t)i - 1;
	return -1;
}

/* An empty needle stands between all characters and at both ends. */
static int between(struct mix *mix, struct piece input, struct piece by)
{
	struct slice rest = input.text;
	if (mix_put(mix, by) < 0)
		return -1;
	while (rest.len) {
		size_t n = code_length(rest);
		struct piece one = {slice_sub(rest, 0, n), input.safe};
		if (mix_put(mix, one) < 0 || mix_put(mix, by) < 0)
			return -1;
		rest = slice_sub(rest, n, rest.len);
	}
	return 0;
}

static int put_replaced(struct mix *mix, struct piece input, struct slice needle, struct piece by,
			enum which which)
{
	struct slice rest = input.text;
	if (which == ALL && !needle.len)
		return between(mix, input, by);
	for (bool more = true; more; more = which == ALL) {
		ptrdiff_t at = which == LAST ? find_last(rest, needle) : slice_find(rest, needle);
		if (at < 0)
			break;
		struct piece front = {slice_sub(rest, 0, (size_t)at), input.safe};
		if (mix_put(mix, front) < 0 || mix_put(mix, by) < 0)
			return -1;
		rest = slice_sub(rest, (size_t)at + needle.len, rest.len);
	}
	return mix_put(mix, (struct piece){rest, input.safe});
}

static int replaced(const struct liquid_call *call, struct piece by, enum which which,
		    struct liquid_value *result)
{
	struct piece input = {filter_input(call), filter_safe(call)};
	struct slice needle = filter_text(call, 0, SLICE(""));
	if (!vm_charge(call->context, input.text.len + needle.len))
		return -1;
	struct mix mix = mix_begin(call, input, by);
	/*
	 * Looking from the end compares the needle at every place: the one search here that
	 * is not linear.
	 */
	if (which == LAST && !vm_charge(call->context, input.text.len * needle.len / 16))
		return -1;
	if (put_replaced(&mix, input, needle, by, which) < 0)
		return -1;
	return mix_done(&mix, input.safe && by.safe, result);
}

static int replaced_by(const struct liquid_call *call, enum which which,
		       struct liquid_value *result)
{
	struct liquid_value v = filter_arg(call, 1);
	struct piece by = {filter_text(call, 1, SLICE("")), v.kind != LIQUID_STRING || v.safe};
	return replaced(call, by, which, result);
}

static int removed(const struct liquid_call *call, enum which which, struct liquid_value *result)
{
	return replaced(call, (struct piece){SLICE(""), true}, which, result);
}

static int filter_replace(const struct liquid_call *call, struct liquid_value *result)
{
	return replaced_by(call, ALL, result);
}

static int filter_replace_first(const struct liquid_call *call, struct liquid_value *result)
{
	return replaced_by(call, FIRST, result);
}

static int filter_replace_last(const struct liquid_call *call, struct liquid_value *result)
{
	return replaced_by(call, LAST, result);
}

static int filter_remove(const struct liquid_call *call, struct liquid_value *result)
{
	return removed(call, ALL, result);
}

static int filter_remove_first(const struct liquid_call *call, struct liquid_value *result)
{
	return removed(call, FIRST, result);
}

static int filter_remove_last(const struct liquid_call *call, struct liquid_value *result)
{
	return removed(call, LAST, result);
}

/* ---- cutting ---- */

/* The first n characters. */
static struct slice take(struct slice s, size_t n)
{
	struct slice rest = s;
	uint32_t code;
	while (n-- && text_next(&rest, &code))
		;
	return slice_sub(s, 0, s.len - rest.len);
}

static int filter_truncate(const struct liquid_call *call, struct liquid_value *result)
{
	int64_t length = 50;
	struct slice s = filter_input(call), mark = filter_text(call, 1, SLICE("..."));
	if (call->input.kind == LIQUID_NIL)
		return 1;
	if (call->n_args && filter_integer(call, call->args[0], &length) < 0)
		return -1;
	if (!vm_charge(call->context, s.len))
		return -1;
	int64_t marked = (int64_t)text_length(mark), size = (int64_t)text_length(s);
	if (size <= length)
		return filter_view(s, false, result);
	int64_t keep = length < marked ? 0 : length - marked;
	struct buf *out = filter_scratch(call);
	buf_put(out, take(s, (size_t)keep));
	buf_put(out, mark);
	return filter_done(call, false, result);
}

/* As Ruby's split: NUL too. */
static bool is_space(char c)
{
	return (c >= '\t' && c <= '\r') || c == ' ' || !c;
}

/* The next word of *rest; false when there is none. */
static bool next_word(struct slice *rest, struct slice *word)
{
	size_t from = 0, to;
	while (from < rest->len && is_space(rest->ptr[from]))
		from++;
	for (to = from; to < rest->len && !is_space(rest->ptr[to]);)
		to++;
	*word = slice_sub(*rest, from, to);
	*rest = slice_sub(*rest, to, rest->len);
	return word->len;
}

static int filter_truncatewords(const struct liquid_call *call, struct liquid_value *result)
{
	int64_t words = 15, n = 0;
	struct slice s = filter_input(call), rest = s, word;
	struct slice mark = filter_text(call, 1, SLICE("..."));
	if (call->input.kind == LIQUID_NIL)
		return 1;
	if (call->n_args && filter_integer(call, call->args[0], &words) < 0)
		return -1;
	if (!vm_charge(call->context, s.len))
		return -1;
	/* The reference keeps one word at least. */
	words = words < 1 ? 1 : words;
	struct buf *out = filter_scratch(call);
	for (; n < words && next_word(&rest, &word); n++) {
		if (n)
			buf_putc(out, ' ');
		buf_put(out, word);
	}
	/* As the reference: white space at the end counts as one more. */
	if (n < words || !rest.len)
		return n < words || call->input.kind == LIQUID_STRING
			       ? filter_view(s, false, result)
			       : filter_done(call, false, result);
	buf_put(out, mark);
	return filter_done(call, false, result);
}

/* Ruby's slice: from the end when negative, nothing when out of bounds. */
static bool clamp(int64_t size, int64_t *offset, int64_t *length)
{
	if (*offset < 0)
		*offset = *offset < -size ? -1 : *offset + size;
	if (*offset < 0 || *offset > size || *length < 0)
		return false;
	if (*length > size - *offset)
		*length = size - *offset;
	return true;
}

static int slice_list(const struct liquid_call *call, int64_t offset, int64_t length,
		      struct liquid_value *result)
{
	struct liquid_context *ctx = call->context;
	*result = liquid_list_new(ctx->arena);
	if (!clamp((int64_t)value_count(call->input), &offset, &length))
		return 1;
	for (int64_t i = 0; i < length; i++) {
		struct liquid_value item =
			value_at(call->input, (size_t)(offset + i), ctx->arena, NULL);
		if (filter_add(ctx, result->list, item) < 0)
			return -1;
	}
	return 1;
}

static int filter_slice(const struct liquid_call *call, struct liquid_value *result)
{
	int64_t offset, length = 1;
	struct liquid_value second = filter_arg(call, 1);
	if (filter_integer(call, call->args[0], &offset) < 0 ||
	    (liquid_truthy(second) && filter_integer(call, second, &length) < 0))
		return -1;
	if (value_is_array(call->input))
		return slice_list(call, offset, length, result);
	struct slice s = filter_input(call);
	if (!vm_charge(call->context, s.len))
		return -1;
	if (!clamp((int64_t)text_length(s), &offset, &length))
		return filter_view(SLICE(""), filter_safe(call), result);
	size_t skip = take(s, (size_t)offset).len;
	return filter_view(take(slice_sub(s, skip, s.len), (size_t)length), filter_safe(call),
			   result);
}

/* ---- split ---- */

static int add_part(const struct liquid_call *call, struct liquid_value list, struct slice part)
{
	struct liquid_value v = liquid_string(part);
	v.safe = filter_safe(call);
	return filter_add(call->context, list.list, v);
}

static int split_words(const struct liquid_call *call, struct slice s, struct liquid_value list)
{
	struct slice word;
	while (next_word(&s, &word))
		if (add_part(call, list, word) < 0)
			return -1;
	return 1;
}

static int split_by(const struct liquid_call *call, struct slice s, struct slice by,
		    struct liquid_value list)
{
	while (s.len) {
		ptrdiff_t at = by.len ? slice_find(s, by) : (ptrdiff_t)code_length(s);
		size_t end = at < 0 ? s.len : (size_t)at;
		if (add_part(call, list, slice_sub(s, 0, end)) < 0)
			return -1;
		s = slice_sub(s, end + by.len, s.len);
	}
	/* Ruby drops empty parts at the end. */
	while (list.list->count && !list.list->items[list.list->count - 1].string.len)
		list.list->count--;
	return 1;
}

static int filter_split(const struct liquid_call *call, struct liquid_value *result)
{
	struct slice s = filter_input(call), by = filter_text(call, 0, SLICE(""));
	*result = liquid_list_new(call->context->arena);
	if (!vm_charge(call->context, s.len))
		return -1;
	/* Ruby takes a single space for "any white space". */
	if (slice_eq(by, SLICE(" ")))
		return split_words(call, s, *result);
	return split_by(call, s, by, *result);
}

const struct liquid_filter filters_edit[] = {
	{"replace", 1, 2, false, filter_replace},
	{"replace_first", 1, 2, false, filter_replace_first},
	{"replace_last", 2, 2, false, filter_replace_last},
	{"remove", 1, 1, false, filter_remove},
	{"remove_first", 1, 1, false, filter_remove_first},
	{"remove_last", 1, 1, false, filter_remove_last},
	{"truncate", 0, 2, false, filter_truncate},
	{"truncatewords", 0, 2, false, filter_truncatewords},
	{"slice", 1, 2, false, filter_slice},
	{"split", 1, 1, false, filter_split},
	{NULL, 0, 0, false, NULL},
};
