/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "private.h"

struct parse {
	struct arena *arena;
	struct slice rest;
	unsigned number; /* of the first line of rest */
	struct command_block *block;
	struct command_line **last;
};

static struct command_line *add_line(struct parse *p, struct slice echo)
{
	struct command_line *line = ARENA_NEW(p->arena, struct command_line);
	line->number = p->number;
	line->echo = echo;
	*p->last = line;
	p->last = &line->next;
	p->block->n++;
	p->block->present = true;
	return line;
}

static void set_error(struct parse *p, struct command_line *line, const struct err *e)
{
	assert(e->class == ERR_INPUT);
	line->row = NULL;
	line->error = slice_str(arena_printf(p->arena, "line %u: %s", line->number, e->text));
	p->block->n_errors++;
}

static int parse_words(struct parse *p, const struct tokens *tokens, struct command_line *line,
		       struct err *e)
{
	const struct token *first = tokens->n > 1 ? &tokens->items[1] : NULL;
	assert(tokens->n > 0);
	if (tokens->items[0].name.ptr)
		return err_set(e, ERR_INPUT, "\"#%.*s=\" is no command",
			       SLICE_ARG(tokens->items[0].name));
	const struct command_row *row = table_find(tokens->items[0].text, first, e);
	return row ? args_parse(p->arena, row, tokens, line, e) : -1;
}

/* One command; false when it was #end. */
static bool parse_command(struct parse *p)
{
	struct tokens tokens;
	struct slice echo;
	struct err e;
	unsigned lines;
	int got = scan_command(p->arena, &p->rest, &lines, &tokens, &echo, &e);
	struct command_line *line = add_line(p, echo);
	/* One error for all that is too much, or a mail of 10,000 lines gets as long an answer. */
	if (p->block->n > COMMAND_LINES_MAX)
		got = err_set(&e, ERR_INPUT, "more than %d commands in one mail",
			      COMMAND_LINES_MAX);
	if (got > 0)
		got = parse_words(p, &tokens, line, &e);
	if (got < 0)
		set_error(p, line, &e);
	p->number += lines;
	return p->block->n <= COMMAND_LINES_MAX && line->row != &cmd_end;
}

/* "# hold O10042": neither a command nor something to tell a customer. */
static bool is_gapped(struct parse *p, struct slice line)
{
	uint32_t code_point;
	struct buf plain;
	buf_init(&plain, 64);
	while (!buf_failed(&plain) && text_next(&line, &code_point)) {
		uint32_t c = typing_plain(code_point);
		if (c && (c != ' ' || plain.len > 1))
			text_put_code_point(&plain, c);
	}
	struct slice rest = slice_trim(buf_slice(&plain)), verb = {NULL, 0};
	bool gapped = slice_starts(rest, SLICE("#"));
	if (gapped) {
		rest = slice_trim(slice_sub(rest, 1, rest.len));
		gapped = slice_cut(&rest, ' ', &verb) && verb.len && table_has_verb(verb);
	}
	if (gapped) {
		struct err e;
		err_set(&e, ERR_INPUT, "write #%.*s without a space between", SLICE_ARG(verb));
		set_error(p, add_line(p, arena_copy(p->arena, verb)), &e);
	}
	buf_release(&plain);
	return gapped;
}

/* Some clients set every line as a paragraph: blank lines are no end of the block. */
static void parse_block(struct parse *p)
{
	struct slice behind = p->rest, line;
	while (slice_line(&behind, &line)) {
		enum line_kind kind = typing_kind(line);
		bool more = true;
		if (kind == LINE_COMMAND)
			more = parse_command(p);
		else if (kind == LINE_BLANK || (kind == LINE_OTHER && is_gapped(p, line))) {
			p->rest = behind;
			p->number++;
			more = p->block->n <= COMMAND_LINES_MAX;
		} else
			return;
		if (!more)
			return;
		behind = p->rest;
	}
}

static void put_unescaped(struct buf *out, struct slice line, enum line_kind kind)
{
	if (kind == LINE_ESCAPED) {
		ptrdiff_t at = slice_chr(line, '\\');
		/* A full-width backslash stays: it is only dropped where it was typed plainly. */
		if (at >= 0) {
			buf_put(out, slice_sub(line, 0, (size_t)at));
			line = slice_sub(line, (size_t)at + 1, line.len);
		}
	}
	buf_put(out, line);
	buf_putc(out, '\n');
}

/* The customer's text; a line in it that looks like a command is a mistake. */
static void parse_text(struct parse *p)
{
	struct buf text;
	struct slice line;
	struct err e;
	buf_init(&text, COMMAND_TEXT_MAX + 1);
	err_set(&e, ERR_INPUT, "a command below the block of commands; if it is text, write \\#");
	for (; slice_line(&p->rest, &line); p->number++) {
		enum line_kind kind = typing_kind(line);
		if (kind == LINE_BLANK && text.len == 0)
			continue;
		if (kind == LINE_COMMAND && p->block->n <= COMMAND_LINES_MAX) {
			struct buf echo;
			buf_init(&echo, 4 * COMMAND_VALUE_MAX);
			text_put_line(&echo, line, COMMAND_VALUE_MAX);
			set_error(p, add_line(p, arena_copy(p->arena, buf_slice(&echo))), &e);
			buf_release(&echo);
		}
		put_unescaped(&text, line, kind);
	}
	p->block->text = arena_copy(p->arena, buf_slice(&text));
	buf_release(&text);
}

int command_parse(struct arena *a, struct slice text, struct command_block **block, struct err *e)
{
	if (text.len > COMMAND_TEXT_MAX)
		return err_set(e, ERR_INPUT, "the text is longer than %d bytes", COMMAND_TEXT_MAX);
	struct parse p = {.arena = a, .rest = text, .number = 1};
	p.block = ARENA_NEW(a, struct command_block);
	p.last = &p.block->lines;
	parse_block(&p);
	parse_text(&p);
	assert(p.block->n_errors <= p.block->n && p.block->n <= COMMAND_LINES_MAX + 1);
	*block = p.block;
	return 1;
}
