/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "imap_private.h"

static void put_shifted(struct buf *out, struct buf *utf16)
{
	struct buf base64;
	buf_init(&base64, 4 * IMAP_FOLDER_MAX);
	base64_put(&base64, buf_slice(utf16));
	buf_putc(out, '&');
	struct slice s = buf_slice(&base64);
	for (size_t i = 0; i < s.len && s.ptr[i] != '='; i++)
		buf_putc(out, s.ptr[i] == '/' ? ',' : s.ptr[i]);
	buf_putc(out, '-');
	buf_release(&base64);
	buf_clear(utf16);
}

static void put_utf16(struct buf *out, uint32_t c)
{
	if (c >= 0x10000) {
		c -= 0x10000;
		put_utf16(out, 0xd800 | c >> 10);
		c = 0xdc00 | (c & 0x3ff);
	}
	buf_putc(out, (char)(c >> 8));
	buf_putc(out, (char)(c & 0xff));
}

/* Modified UTF-7 (RFC 3501 5.1.3); the name is checked for length first. */
static void put_folder(struct buf *out, struct slice name)
{
	struct buf shifted;
	buf_init(&shifted, 4 * IMAP_FOLDER_MAX);
	for (uint32_t c; text_next(&name, &c);) {
		if (c < 0x20 || c > 0x7e) {
			put_utf16(&shifted, c);
			continue;
		}
		if (shifted.len)
			put_shifted(out, &shifted);
		buf_putc(out, (char)c);
		if (c == '&')
			buf_putc(out, '-');
	}
	if (shifted.len)
		put_shifted(out, &shifted);
	buf_release(&shifted);
}

int imap_folder_name(const char *folder, struct buf *out, struct err *e)
{
	buf_init(out, 16 * IMAP_FOLDER_MAX);
	if (!*folder || strlen(folder) > IMAP_FOLDER_MAX)
		return err_set(e, ERR_CONFIG, "a folder's name has 1 to %zu bytes",
			       IMAP_FOLDER_MAX);
	put_folder(out, slice_str(folder));
	return 1;
}
