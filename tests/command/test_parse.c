/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "command.h"
#include "groups.h"

/*
 * A block as one text: "1 hold order=O10042 reason=late;" for a right line,
 * "2! error;" for a wrong one.
 */
static void dump(const struct command_block *block, struct buf *out)
{
	for (const struct command_line *line = block->lines; line; line = line->next) {
		if (!line->row) {
			buf_printf(out, "%u! %.*s;", line->number, SLICE_ARG(line->error));
			continue;
		}
		buf_printf(out, "%u %s", line->number, line->row->verb);
		for (size_t i = 0; line->row->params[i].name; i++)
			if (line->args[i].param)
				buf_printf(out, " %s=%.*s", line->row->params[i].name,
					   SLICE_ARG(line->args[i].text));
		buf_putc(out, ';');
	}
}

/* The input is in a heap block of just its size, so that a sanitizer sees reads behind it. */
static struct command_block *parse(struct arena *a, const char *text)
{
	size_t size = strlen(text);
	char *copy = malloc(size ? size : 1);
	struct command_block *block;
	struct err e;
	memcpy(copy, text, size);
	if (command_parse(a, slice_of(copy, size), &block, &e) < 0)
		fail_msg("%s", e.text);
	free(copy);
	return block;
}

static const struct {
	const char *text, *lines, *rest;
} cases[] = {
	/* the block */
	{"", "", ""},
	{"Dear Ann,\nhello", "", "Dear Ann,\nhello\n"},
	{"#release O10042", "1 release order=O10042;", ""},
	{"#release O10042\n\nDear Ann", "1 release order=O10042;", "Dear Ann\n"},
	{"\n\n#release O10042\n\n\n#hold O10043\nDear Ann\n\nBye",
	 "3 release order=O10042;6 hold order=O10043;", "Dear Ann\n\nBye\n"},
	{"#release O10042\r\n#hold O10043\r\n\r\nDear Ann\r\n",
	 "1 release order=O10042;2 hold order=O10043;", "Dear Ann\n"},
	{"#release O10042\n#end\n\nDear Ann", "1 release order=O10042;2 end;", "Dear Ann\n"},
	{"#end\nDear Ann", "1 end;", "Dear Ann\n"},
	{"#1 in the list", "", "#1 in the list\n"},
	{"# a title", "", "# a title\n"},
	{"#", "", "#\n"},

	/* escapes */
	{"\\#release O10042", "", "#release O10042\n"},
	{"#release O10042\n\\#hashtag\n  \\#more", "1 release order=O10042;",
	 "#hashtag\n  #more\n"},
	{"#quiet\nCosts \\#5 and #6", "1 quiet;", "Costs \\#5 and #6\n"},
	{"Hello\n\\\\#x", "", "Hello\n\\\\#x\n"},

	/* a command below the block */
	{"Hello\n#release O10042",
	 "2! line 2: a command below the block of commands; if it is text, write \\#;",
	 "Hello\n#release O10042\n"},
	{"#quiet\nHello\n\n  #thanks",
	 "1 quiet;4! line 4: a command below the block of commands; if it is text, write \\#;",
	 "Hello\n\n  #thanks\n"},
	{"#end\n#release O1",
	 "1 end;2! line 2: a command below the block of commands; if it is text, write \\#;",
	 "#release O1\n"},
	{"Hello\n\xef\xbc\x83release O1",
	 "2! line 2: a command below the block of commands; if it is text, write \\#;",
	 "Hello\n\xef\xbc\x83release O1\n"},

	/* arguments */
	{"#hold O10042 \"late payment\"", "1 hold order=O10042 reason=late payment;", ""},
	{"#HOLD o10042 fraud", "1 hold order=o10042 reason=fraud;", ""},
	{"#hold O10042 \"he said \\\"no\\\" \\\\ x\"",
	 "1 hold order=O10042 reason=he said \"no\" \\ x;", ""},
	{"#mail O10042 template=delay", "1 mail object=O10042 template=delay;", ""},
	{"#mail TEMPLATE=\"delay\" O10042", "1 mail object=O10042 template=delay;", ""},
	{"#orders C10001 sort=total desc limit=5",
	 "1 orders customer=C10001 direction=desc sort=total limit=5;", ""},
	{"#orders status=HOLD", "1 orders status=hold;", ""},
	{"#orders", "1 orders;", ""},
	{"#show O10042/3.1", "1 show id=O10042/3.1;", ""},
	{"#f6 C10001", "1 show id=C10001;", ""},
	{"#note C10001 \"x\"", "1 note customer=C10001 text=x;", ""},
	{"#note T10001 \"x\"", "1 note thread=T10001 text=x;", ""},
	{"#note \"call him\"", "1 note text=call him;", ""},
	{"#note \"a=b\"", "1 note text=a=b;", ""},
	{"#assign me", "1 assign agent=me;", ""},
	{"#assign T10001 ann", "1 assign thread=T10001 agent=ann;", ""},
	{"#close", "1 close;", ""},
	{"#close solved", "1 close reason=solved;", ""},
	{"#open T10001", "1 reopen thread=T10001;", ""},
	{"#help", "1 help;", ""},
	{"#help hold", "1 help verb=hold;", ""},

	/* what clients do to typing */
	{"\xef\xbb\xbf#release O10042", "1 release order=O10042;", ""},
	{"\xc2\xa0\xe2\x80\x8b\n\xc2\xa0#release\xc2\xa0O10042\xc2\xa0", "2 release order=O10042;",
	 ""},
	{"\xef\xbc\x83release O10042", "1 release order=O10042;", ""},
	{"\xef\xbc\x83\xef\xbd\x92"
	 "elease\xe3\x80\x80\xef\xbc\xaf\xef\xbc\x91",
	 "1 release order=O1;", ""},
	{"#re\xe2\x80\x8blease O10\xc2\xad"
	 "042",
	 "1 release order=O10042;", ""},
	{"#hold O10042 \xe2\x80\x9clate payment\xe2\x80\x9d",
	 "1 hold order=O10042 reason=late payment;", ""},
	{"#hold O10042 \xe2\x80\x9elate payment\xe2\x80\x9c",
	 "1 hold order=O10042 reason=late payment;", ""},
	{"#hold O10042 \xc2\xab\xc2\xa0tard\xc2\xa0\xc2\xbb", "1 hold order=O10042 reason=tard;",
	 ""},
	{"#hold O10042 \"\xe2\x80\x9cvery\xe2\x80\x9d \xe2\x80\x93 late\"",
	 "1 hold order=O10042 reason=\xe2\x80\x9cvery\xe2\x80\x9d \xe2\x80\x93 late;", ""},
	{"\t#release \t  O10042  ", "1 release order=O10042;", ""},
	{"#help who\xe2\x80\x93"
	 "ami",
	 "1 help verb=who-ami;", ""},
	{"#note \"gr\xc3\xbc\xc3\x9f"
	 "e\"",
	 "1 note text=gr\xc3\xbc\xc3\x9f"
	 "e;",
	 ""},

	/* wrapped quotes */
	{"#hold O10042 \"late\npayment\"\nDear Ann", "1 hold order=O10042 reason=late payment;",
	 "Dear Ann\n"},
	{"#hold O10042 \"one\n\ntwo\n\nthree\"\n#quiet",
	 "1 hold order=O10042 reason=one two three;6 quiet;", ""},
	{"#hold O10042 \"1\n2\n3\n4\"", "1 hold order=O10042 reason=1 2 3 4;", ""},
	{"#hold O10042 \"1\n2\n3\n4\n5\"",
	 "1! line 1: a quote is not closed (a text goes on over 3 lines at most);",
	 "2\n3\n4\n5\"\n"},
	{"#hold O10042 \"late\n#quiet",
	 "1! line 1: a quote is not closed (a text goes on over 3 lines at most);2 quiet;", ""},
	{"#hold O10042 \"late",
	 "1! line 1: a quote is not closed (a text goes on over 3 lines at most);", ""},
	{"#hold O10042 \"late\"now", "1! line 1: put a space behind the closing quote;", ""},

	/* errors, all of them */
	{"#relase O10042", "1! line 1: there is no command #relase; did you mean #release?;", ""},
	{"#thanks", "1! line 1: there is no command #thanks; #help lists them all;", ""},
	{"#relaese O1\n#quiet\n#hodl O2\n",
	 "1! line 1: there is no command #relaese; did you mean #release?;2 quiet;"
	 "3! line 3: there is no command #hodl; did you mean #hold?;",
	 ""},
	{"#hold", "1! line 1: order is missing; write #hold O\xe2\x80\xa6 [\"reason\"];", ""},
	{"#hold 10042",
	 "1! line 1: \"10042\" is no id: write a letter and a number, such as O10042;", ""},
	{"#hold C10001", "1! line 1: \"C10001\" is an id of customers here, write O\xe2\x80\xa6;",
	 ""},
	{"#release O10042/3",
	 "1! line 1: this takes a whole order, not a single line of it: write O10042;", ""},
	{"#hold O10042 late payment",
	 "1! line 1: \"payment\" is too much (a text stands in quotes); write "
	 "#hold O\xe2\x80\xa6 [\"reason\"];",
	 ""},
	{"#hold O10042 \"\"", "1 hold order=O10042;", ""},
	{"#comment O10042 \"\"", "1! line 1: text is empty;", ""},
	{"#mail O10042 template=", "1! line 1: template is empty;", ""},
	{"#mail O10042",
	 "1! line 1: template is missing; write "
	 "#mail O\xe2\x80\xa6/C\xe2\x80\xa6/T\xe2\x80\xa6 template=\xe2\x80\xa6;",
	 ""},
	{"#mail O10042 templat=delay",
	 "1! line 1: there is no \"templat=\" here, did you mean template=; write "
	 "#mail O\xe2\x80\xa6/C\xe2\x80\xa6/T\xe2\x80\xa6 template=\xe2\x80\xa6;",
	 ""},
	{"#mail O1 template=a template=b", "1! line 1: template= is there twice;", ""},
	{"#orders limit=1001", "1! line 1: limit must be a number from 1 to 1000;", ""},
	{"#orders sort=colour",
	 "1! line 1: \"colour\" is no sort: write one of date|id|total|status|view|lines|payment;",
	 ""},
	{"#note C10001", "1! line 1: text is missing; write #note C\xe2\x80\xa6 \"text\";", ""},
	{"# hold O10042", "1! line 1: write #hold without a space between;", ""},
	{"#hold=O1", "1! line 1: \"#hold=\" is no command;", ""},
	{"#quiet now", "1! line 1: \"now\" is too much (a text stands in quotes); write #quiet;",
	 ""},
	{"#hold 1 2 3 4 5 6 7 8 9 10 1 2 3 4 5 6 7 8 9 20 1 2 3 4 5 6 7 8 9 30 1 2 3 4 5 6 7 8 9 "
	 "40 "
	 "1 2 3 4 5 6 7 8 9 50 1 2 3 4 5 6 7 8 9 60 1 2 3 4 5 6",
	 "1! line 1: too many words: put a text into quotes, \"like this\";", ""},
};

static void test_CMD_parse(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf lines;
		const struct command_block *block = parse(a, cases[i].text);
		buf_init(&lines, 1 << 16);
		dump(block, &lines);
		if (strcmp(buf_str(&lines), cases[i].lines) != 0)
			fail_msg("%s\n  is     %s\n  not    %s", cases[i].text, buf_str(&lines),
				 cases[i].lines);
		if (!slice_eq(block->text, slice_str(cases[i].rest)))
			fail_msg("%s\n  leaves %.*s\n  not    %s", cases[i].text,
				 SLICE_ARG(block->text), cases[i].rest);
		assert_int_equal(block->present, cases[i].lines[0] != '\0');
		buf_release(&lines);
		arena_clear(a);
	}
	arena_close(&a);
}

static void test_CMD_echo_is_one_line(void **state)
{
	static const struct {
		const char *text, *echo;
	} echoes[] = {
		{"  #hold   O10042\t\"late\n   payment\"", "#hold O10042 \"late payment\""},
		{"#hold O10042 \"x\xe2\x80\xae\x01y\"", "#hold O10042 \"x y\""},
		{"#relase\xc2\xa0O1", "#relase\xc2\xa0O1"},
	};
	(void)state;
	struct arena *a = arena_open();
	for (size_t i = 0; i < sizeof(echoes) / sizeof(echoes[0]); i++)
		assert_string_equal(parse(a, echoes[i].text)->lines->echo.ptr, echoes[i].echo);
	arena_close(&a);
}

static void test_CMD_fifty_commands_at_most(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	struct buf text;
	buf_init(&text, 1 << 16);
	for (int i = 0; i < COMMAND_LINES_MAX; i++)
		buf_puts(&text, "#quiet\n");
	struct command_block *block = parse(a, buf_str(&text));
	assert_int_equal(block->n, COMMAND_LINES_MAX);
	assert_int_equal(block->n_errors, 0);
	for (int i = 0; i < 1000; i++)
		buf_puts(&text, "#quiet\n");
	block = parse(a, buf_str(&text));
	assert_int_equal(block->n, COMMAND_LINES_MAX + 1);
	assert_int_equal(block->n_errors, 1);
	buf_release(&text);
	arena_close(&a);
}

static void test_CMD_a_large_text_is_bounded(void **state)
{
	static const char *const pieces[] = {"#",    "\"",   "#hold O1 \"",  "\\#",  "\n",
					     "#a\n", "# ",   "\xe2\x80\x8b", "\xff", "=",
					     "a=\"", "x=y ", "# hold O1\n"};
	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct arena *a = arena_open();
		struct buf text;
		struct command_block *block;
		struct err e;
		buf_init(&text, COMMAND_TEXT_MAX + 100);
		while (text.len + 16 < COMMAND_TEXT_MAX)
			buf_puts(&text, pieces[i]);
		assert_int_equal(command_parse(a, buf_slice(&text), &block, &e), 1);
		assert_true(block->n <= COMMAND_LINES_MAX + 1);
		while (text.len <= COMMAND_TEXT_MAX)
			buf_puts(&text, pieces[i]);
		assert_int_equal(command_parse(a, buf_slice(&text), &block, &e), -1);
		fixture_error(&e, ERR_INPUT, "longer than");
		buf_release(&text);
		arena_close(&a);
	}
}

int run_parse_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_CMD_parse),
		cmocka_unit_test(test_CMD_echo_is_one_line),
		cmocka_unit_test(test_CMD_fifty_commands_at_most),
		cmocka_unit_test(test_CMD_a_large_text_is_bounded),
	};
	return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
