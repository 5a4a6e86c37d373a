/* SPDX-License-Identifier: ISC */
/* Small written forms: amounts, times, dates, zones, base32, lines.  What is taken reads back. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"

#define OUT_MAX ((size_t)16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void try_money(struct slice text, struct buf *out)
{
	static const char *const codes[] = {"EUR", "JPY", "KWD", "CLF"};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct slice code = slice_str(codes[i]);
		struct err e;
		int64_t amount, again;
		if (money_parse(text, code, &amount, &e) < 0)
			continue;
		buf_clear(out);
		money_put(out, amount, code);
		require(money_parse(buf_slice(out), code, &again, &e) == 1 && again == amount);
	}
}

static void try_times(struct slice text, struct buf *out)
{
	const struct zone *zone;
	struct err e;
	int64_t seconds, again;
	if (clock_parse_rfc3339(text, &seconds, &e) > 0 && seconds >= -62135596800) {
		buf_clear(out);
		clock_put_rfc3339(out, seconds);
		if (out->len == strlen("2026-03-01T10:00:00Z"))
			require(clock_parse_rfc3339(buf_slice(out), &again, &e) == 1 &&
				again == seconds);
	}
	clock_parse_date(text, &seconds, &e);
	zone_find(text, &zone, &e);
}

static void try_text(struct slice text, struct buf *out)
{
	buf_clear(out);
	text_put_line(out, text, 100);
	require(text_is_utf8(buf_slice(out)) && text_length(buf_slice(out)) <= 100);
	require(slice_chr(buf_slice(out), '\n') < 0 && slice_chr(buf_slice(out), '\r') < 0);
	buf_clear(out);
	text_put_folded(out, text);
	require(text_is_utf8(buf_slice(out)));
}

static void try_base32(struct slice text, struct buf *out)
{
	struct buf again;
	buf_init(&again, OUT_MAX);
	buf_clear(out);
	if (base32_get(text, out)) {
		base32_put(&again, buf_slice(out));
		require(slice_eq_nocase(buf_slice(&again), text));
	}
	buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out;
	char *copy = malloc(size ? size : 1);
	if (!copy)
		return 0;
	memcpy(copy, data, size);
	struct slice text = slice_of(copy, size);
	buf_init(&out, OUT_MAX);
	try_money(text, &out);
	try_times(text, &out);
	try_text(text, &out);
	try_base32(text, &out);
	buf_release(&out);
	free(copy);
	return 0;
}
