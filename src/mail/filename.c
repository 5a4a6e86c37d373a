/* SPDX-License-Identifier: ISC */
#include "base/buf.h"
#include "base/text.h"
#include "params.h"

/* Below every file system's 255, with room for a number before the extension. */
#define FILENAME_MAX_BYTES 200
#define EXTENSION_MAX_BYTES 16

static bool is_invisible(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

static struct slice last_component(struct slice name)
{
	size_t from = 0;
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] == '/' || name.ptr[i] == '\\')
			from = i + 1;
	return slice_sub(name, from, name.len);
}

/* Devices on Windows, with any extension. */
static bool is_device(struct slice name)
{
	static const char *const names[] = {"con", "prn", "aux", "nul"};
	ptrdiff_t dot = slice_chr(name, '.');
	struct slice stem = slice_sub(name, 0, dot < 0 ? name.len : (size_t)dot);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_eq_nocase(stem, slice_str(names[i])))
			return true;
	return stem.len == 4 && stem.ptr[3] >= '0' && stem.ptr[3] <= '9' &&
	       (slice_starts_nocase(stem, SLICE("com")) || slice_starts_nocase(stem, SLICE("lpt")));
}

static void put_visible(struct buf *out, struct slice name)
{
	uint32_t c;
	while (text_next(&name, &c)) {
		if (is_invisible(c))
			continue;
		if (c < 0x80 && strchr("<>:\"|?*", (int)c))
			c = '_';
		text_put_code_point(out, c);
	}
}

/* At most max bytes, whole characters. */
static struct slice cut(struct slice s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max && ((unsigned char)s.ptr[max] & 0xc0) == 0x80)
		max--;
	return slice_sub(s, 0, max);
}

static void put_short(struct buf *out, struct slice name)
{
	size_t dot = name.len;
	while (dot && name.ptr[dot - 1] != '.')
		dot--;
	struct slice extension = dot ? slice_sub(name, dot - 1, name.len) : SLICE("");
	if (extension.len > EXTENSION_MAX_BYTES)
		extension = SLICE("");
	buf_put(out, cut(slice_sub(name, 0, name.len - extension.len),
			 FILENAME_MAX_BYTES - extension.len));
	buf_put(out, extension);
}

struct slice filename_safe(struct reader *r, struct slice name)
{
	struct buf visible, out;
	buf_init(&visible, 3 * name.len);
	buf_init(&out, FILENAME_MAX_BYTES + 2);
	put_visible(&visible, last_component(name));
	struct slice s = slice_trim(buf_slice(&visible));
	while (s.len && (s.ptr[s.len - 1] == '.' || s.ptr[s.len - 1] == ' '))
		s.len--;
	if (s.len && (s.ptr[0] == '.' || s.ptr[0] == '-' || is_device(s)))
		buf_putc(&out, '_');
	put_short(&out, s);
	struct slice safe = arena_copy(r->a, buf_slice(&out));
	buf_release(&visible);
	buf_release(&out);
	if (!slice_eq(safe, slice_trim(name)))
		reader_note(r, MAIL_DEFECT_UNSAFE_FILENAME);
	return safe;
}
