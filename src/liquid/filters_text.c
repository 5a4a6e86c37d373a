/* SPDX-License-Identifier: ISC */
#include "base/text.h"
#include "filters.h"

/* Case, white space at the ends, and text joined to text. */

/* Nearly every text is: libunistring is asked only for the others. */
static bool all_ascii(struct slice s)
{
	unsigned char seen = 0;
	for (size_t i = 0; i < s.len; i++)
		seen |= (unsigned char)s.ptr[i];
	return seen < 0x80;
}

static void put_case(struct buf *out, struct slice s, bool upper)
{
	if (!all_ascii(s)) {
		if (upper)
			text_put_upper(out, s);
		else
			text_put_lower(out, s);
		return;
	}
	char *room = buf_reserve(out, s.len);
	if (!room)
		return;
	char first = upper ? 'a' : 'A', last = upper ? 'z' : 'Z';
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		room[i] = c >= first && c <= last ? (char)(c ^ 0x20) : c;
	}
	out->len += s.len;
}

static int filter_upcase(const struct liquid_call *call, struct liquid_value *result)
{
	struct slice s = filter_input(call);
	put_case(filter_scratch(call), s, true);
	return filter_done(call, filter_safe(call), result);
}

static int filter_downcase(const struct liquid_call *call, struct liquid_value *result)
{
	struct slice s = filter_input(call);
	put_case(filter_scratch(call), s, false);
	return filter_done(call, filter_safe(call), result);
}

static int filter_capitalize(const struct liquid_call *call, struct liquid_value *result)
{
	/* The first character may be several bytes, and its capital more than one. */
	struct slice s = filter_input(call), rest = s;
	uint32_t code;
	text_next(&rest, &code);
	struct buf *out = filter_scratch(call);
	put_case(out, slice_sub(s, 0, s.len - rest.len), true);
	put_case(out, rest, false);
	return filter_done(call, filter_safe(call), result);
}

/* Ruby's strip takes NUL for white space, its squish does not. */
static bool is_space(char c, bool nul)
{
	return (c >= '\t' && c <= '\r') || c == ' ' || (nul && !c);
}

static struct slice strip(struct slice s, bool left, bool right)
{
	size_t from = 0, to = s.len;
	while (left && from < to && is_space(s.ptr[from], true))
		from++;
	while (right && to > from && is_space(s.ptr[to - 1], true))
		to--;
	return slice_sub(s, from, to);
}

static int filter_strip(const struct liquid_call *call, struct liquid_value *result)
{
	return filter_view(strip(filter_input(call), true, true), filter_safe(call), result);
}

static int filter_lstrip(const struct liquid_call *call, struct liquid_value *result)
{
	return filter_view(strip(filter_input(call), true, false), filter_safe(call), result);
}

static int filter_rstrip(const struct liquid_call *call, struct liquid_value *result)
{
	return filter_view(strip(filter_input(call), false, true), filter_safe(call), result);
}

static int filter_squish(const struct liquid_call *call, struct liquid_value *result)
{
	if (call->input.kind == LIQUID_NIL)
		return 1;
	struct slice s = strip(filter_input(call), true, true);
	struct buf *out = filter_scratch(call);
	for (size_t i = 0; i < s.len; i++)
		if (!is_space(s.ptr[i], false))
			buf_putc(out, s.ptr[i]);
		else if (!is_space(s.ptr[i + 1 < s.len ? i + 1 : i], false))
			buf_putc(out, ' ');
	return filter_done(call, filter_safe(call), result);
}

static int filter_strip_newlines(const struct liquid_call *call, struct liquid_value *result)
{
	struct slice s = filter_input(call);
	struct buf *out = filter_scratch(call);
	for (size_t i = 0; i < s.len; i++) {
		bool cr = s.ptr[i] == '\r' && i + 1 < s.len && s.ptr[i + 1] == '\n';
		if (s.ptr[i] != '\n' && !cr)
			buf_putc(out, s.ptr[i]);
	}
	return filter_done(call, filter_safe(call), result);
}

/* ---- joining ---- */

static int joined(const struct liquid_call *call, bool before, struct liquid_value *result)
{
	struct piece input = {filter_input(call), filter_safe(call)};
	struct piece other = {filter_text(call, 0, SLICE("")), true};
	/* Numbers and booleans hold no marks: they spoil nothing that is safe. */
	other.safe = call->args[0].kind != LIQUID_STRING || call->args[0].safe;
	if (call->input.kind != LIQUID_STRING && !value_is_hash(call->input) &&
	    !value_is_array(call->input))
		input.safe = true;
	struct mix mix = mix_begin(call, input, other);
	if (mix_put(&mix, before ? other : input) < 0 || mix_put(&mix, before ? input : other) < 0)
		return -1;
	return mix_done(&mix, input.safe && other.safe, result);
}

static int filter_append(const struct liquid_call *call, struct liquid_value *result)
{
	return joined(call, false, result);
}

static int filter_prepend(const struct liquid_call *call, struct liquid_value *result)
{
	return joined(call, true, result);
}

const struct liquid_filter filters_text[] = {
	{"upcase", 0, 0, false, filter_upcase},
	{"downcase", 0, 0, false, filter_downcase},
	{"capitalize", 0, 0, false, filter_capitalize},
	{"strip", 0, 0, false, filter_strip},
	{"lstrip", 0, 0, false, filter_lstrip},
	{"rstrip", 0, 0, false, filter_rstrip},
	{"squish", 0, 0, false, filter_squish},
	{"strip_newlines", 0, 0, false, filter_strip_newlines},
	{"append", 1, 1, false, filter_append},
	{"prepend", 1, 1, false, filter_prepend},
	{NULL, 0, 0, false, NULL},
};
