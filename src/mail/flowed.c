/* SPDX-License-Identifier: ISC */
#include "body.h"

static size_t quote_depth(struct slice *line)
{
	size_t depth = 0;
	while (depth < line->len && line->ptr[depth] == '>')
		depth++;
	*line = slice_sub(*line, depth, line->len);
	return depth;
}

static void begin_line(struct buf *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		buf_putc(out, '>');
	if (depth)
		buf_putc(out, ' ');
}

/*
 * A line that ends in a space goes on in the next one of the same depth, but
 * for the signature separator (RFC 3676 4.1-4.5).
 */
void flowed_put(struct buf *out, struct slice text, bool delsp)
{
	struct slice line;
	size_t open_depth = 0;
	bool open = false;
	while (slice_line(&text, &line)) {
		size_t depth = quote_depth(&line);
		if (line.len && line.ptr[0] == ' ')
			line = slice_sub(line, 1, line.len);
		bool signature = slice_eq(line, SLICE("-- "));
		bool soft = line.len && line.ptr[line.len - 1] == ' ' && !signature;
		if (open && (signature || depth != open_depth)) {
			buf_putc(out, '\n');
			open = false;
		}
		if (!open)
			begin_line(out, depth);
		if (soft && delsp)
			line.len--;
		buf_put(out, line);
		if (!soft)
			buf_putc(out, '\n');
		open = soft;
		open_depth = depth;
	}
	if (open)
		buf_putc(out, '\n');
}
