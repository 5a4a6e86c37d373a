/* SPDX-License-Identifier: ISC */
#include "private.h"

/*
 * Clients change what people type (MAIL.md 5): they set curly quotes and long
 * dashes, glue words with NBSP, leave a BOM or zero-width characters, and
 * East Asian keyboards write full-width forms.
 */
static const struct {
	uint32_t first, last, plain; /* plain 0: dropped */
} typed[] = {
	{0x0000, 0x0008, 0},   {0x0009, 0x0009, ' '},  {0x000a, 0x001f, 0},
	{0x007f, 0x009f, 0},   {0x00a0, 0x00a0, ' '},  {0x00ab, 0x00ab, '"'},
	{0x00ad, 0x00ad, 0},   {0x00bb, 0x00bb, '"'},  {0x061c, 0x061c, 0},
	{0x1680, 0x1680, ' '}, {0x180e, 0x180e, 0},    {0x2000, 0x200a, ' '},
	{0x200b, 0x200f, 0},   {0x2010, 0x2015, '-'},  {0x2018, 0x201b, '\''},
	{0x201c, 0x201f, '"'}, {0x2028, 0x202e, ' '},  {0x202f, 0x202f, ' '},
	{0x2033, 0x2033, '"'}, {0x2039, 0x203a, '\''}, {0x205f, 0x205f, ' '},
	{0x2060, 0x2069, 0},   {0x2212, 0x2212, '-'},  {0x3000, 0x3000, ' '},
	{0x301d, 0x301f, '"'}, {0xfe5f, 0xfe5f, '#'},  {0xfe63, 0xfe63, '-'},
	{0xfeff, 0xfeff, 0},   {0xfff9, 0xfffb, 0},
};

#define TYPED (sizeof(typed) / sizeof(typed[0]))
#define FULL_WIDTH_FIRST 0xff01 /* '!' */
#define FULL_WIDTH_LAST 0xff5e	/* '~' */

uint32_t typing_plain(uint32_t code_point)
{
	if (code_point >= 0x20 && code_point < 0x7f)
		return code_point;
	if (code_point >= FULL_WIDTH_FIRST && code_point <= FULL_WIDTH_LAST)
		return code_point - FULL_WIDTH_FIRST + '!';
	for (size_t i = 0; i < TYPED; i++)
		if (code_point >= typed[i].first && code_point <= typed[i].last)
			return typed[i].plain;
	return code_point;
}

uint32_t typing_quoted(uint32_t code_point)
{
	uint32_t plain = typing_plain(code_point);
	return plain == 0 || plain == ' ' ? plain : code_point;
}

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Only what is seen counts: a zero-width space before '#' hides no command. */
enum line_kind typing_kind(struct slice line)
{
	uint32_t seen[2] = {0, 0}, code_point;
	size_t n = 0;
	while (n < 2 && text_next(&line, &code_point)) {
		uint32_t c = typing_plain(code_point);
		if (c != 0 && (c != ' ' || n > 0))
			seen[n++] = c;
	}
	if (n == 0)
		return LINE_BLANK;
	if (seen[0] == '#' && is_letter(seen[1]))
		return LINE_COMMAND;
	return seen[0] == '\\' && seen[1] == '#' ? LINE_ESCAPED : LINE_OTHER;
}
