/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "groups.h"

#define DOCUMENT_MAX (1 << 18)

/* doc/commands.md, held against the table; examples are its fenced blocks without a language. */
struct document {
	struct arena *arena;
	struct slice text;
};

static int open_document(void **state)
{
	static char bytes[DOCUMENT_MAX];
	struct document *document = calloc(1, sizeof(*document));
	const char *srcdir = getenv("srcdir");
	char path[4096];
	snprintf(path, sizeof(path), "%s/doc/commands.md", srcdir ? srcdir : ".");
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	document->text = slice_of(bytes, fread(bytes, 1, sizeof(bytes), file));
	fclose(file);
	document->arena = arena_open();
	*state = document;
	return 0;
}

static int close_document(void **state)
{
	struct document *document = *state;
	arena_close(&document->arena);
	free(document);
	return 0;
}

/* What stands in the document of a row, apart from prose and examples. */
static void put_section(const struct command_row *row, struct buf *out)
{
	struct slice aliases = slice_str(row->aliases), alias;
	buf_puts(out, "\n### `");
	command_usage(row, out);
	buf_printf(out, "`\n\n%s.\n\n", row->help);
	for (size_t n = 0; slice_cut(&aliases, ' ', &alias); n++)
		buf_printf(out, "%s`#%.*s`", n ? ", " : "Also written: ", SLICE_ARG(alias));
	buf_printf(out, "%sClass: %s. For: ", row->aliases ? ". " : "",
		   command_class_name(row->class));
	command_roles_put(row->roles, out);
	buf_puts(out, ".\n\n");
}

static void test_CMD_the_document_tells_every_row_in_order(void **state)
{
	struct document *document = *state;
	const struct command_row *row;
	struct slice rest = document->text;
	for (size_t i = 0; (row = command_row(i)); i++) {
		struct buf section;
		buf_init(&section, 4096);
		put_section(row, &section);
		ptrdiff_t at = slice_find(rest, buf_slice(&section));
		if (at < 0)
			fail_msg("doc/commands.md lacks this, or has it in another order:%s",
				 buf_str(&section));
		rest = slice_sub(rest, (size_t)at + section.len - 1, rest.len);
		buf_release(&section);
	}
}

static void test_CMD_the_document_tells_of_nothing_else(void **state)
{
	struct document *document = *state;
	struct slice rest = document->text, line;
	size_t sections = 0, rows = 0;
	while (slice_line(&rest, &line))
		sections += slice_starts(line, SLICE("### "));
	while (command_row(rows))
		rows++;
	assert_int_equal(sections, rows);
}

static void check_example(struct document *document, struct slice example)
{
	struct command_block *block;
	struct err e;
	assert_int_equal(command_parse(document->arena, example, &block, &e), 1);
	assert_true(block->present);
	for (struct command_line *line = block->lines; line; line = line->next)
		if (line->error.len)
			fail_msg("an example of doc/commands.md is wrong: %.*s",
				 SLICE_ARG(line->error));
}

static void test_CMD_the_examples_of_the_document_are_right(void **state)
{
	struct document *document = *state;
	struct slice rest = document->text, line, fence = SLICE("\n```\n");
	size_t n = 0;
	while (slice_line(&rest, &line)) {
		bool example = slice_eq(line, SLICE("```"));
		if (!slice_starts(line, SLICE("```")))
			continue;
		ptrdiff_t end = slice_find(rest, fence);
		assert_true(end >= 0);
		if (example)
			check_example(document, slice_sub(rest, 0, (size_t)end));
		rest = slice_sub(rest, (size_t)end + fence.len, rest.len);
		n += example;
	}
	assert_true(n >= 17);
}

int run_document_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_CMD_the_document_tells_every_row_in_order),
		cmocka_unit_test(test_CMD_the_document_tells_of_nothing_else),
		cmocka_unit_test(test_CMD_the_examples_of_the_document_are_right),
	};
	return cmocka_run_group_tests_name("document", tests, open_document, close_document);
}
