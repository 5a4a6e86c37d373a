/* SPDX-License-Identifier: ISC */
#include "url.h"

#include <ctype.h>

static void put_percent(struct buf *out, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";
	char code[3] = {'%', digits[c >> 4], digits[c & 15]};
	buf_put(out, slice_of(code, sizeof(code)));
}

void url_put_encoded(struct buf *out, struct slice text, const char *keep)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (isalnum(c) || (c && strchr(keep, c)))
			buf_putc(out, (char)c);
		else
			put_percent(out, c);
	}
}

/* Up to here it can be copied as it is. */
static size_t plain_length(struct slice url, bool html)
{
	size_t n = 0;
	while (n < url.len && (unsigned char)url.ptr[n] > 0x20 &&
	       (unsigned char)url.ptr[n] < 0x7f && !strchr("\"<>'\\^`{|}", url.ptr[n]) &&
	       !(html && url.ptr[n] == '&'))
		n++;
	return n;
}

void url_put(struct buf *out, struct slice url, bool html)
{
	while (url.len) {
		size_t n = plain_length(url, html);
		buf_put(out, slice_sub(url, 0, n));
		url = slice_sub(url, n, url.len);
		if (!url.len)
			return;
		if (url.ptr[0] == '&')
			buf_puts(out, "&amp;");
		else
			put_percent(out, (unsigned char)url.ptr[0]);
		url = slice_sub(url, 1, url.len);
	}
}
