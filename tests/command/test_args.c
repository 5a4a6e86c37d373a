/* SPDX-License-Identifier: ISC */
#include "../../src/command/private.h"
#include "groups.h"

#define DAY INT64_C(86400)

static const struct command_param id = {.name = "id", .type = COMMAND_ID, .letters = "CO"};
static const struct command_param line = {
	.name = "line", .type = COMMAND_ID, .letters = "O", .line = true};
static const struct command_param any = {.name = "any", .type = COMMAND_ID};
static const struct command_param word = {.name = "word", .type = COMMAND_WORD};
static const struct command_param choice = {
	.name = "choice", .type = COMMAND_ENUM, .words = "keep|cancel"};
static const struct command_param number = {
	.name = "number", .type = COMMAND_NUMBER, .low = -5, .high = 10};
static const struct command_param amount = {.name = "amount", .type = COMMAND_AMOUNT};
static const struct command_param date = {.name = "date", .type = COMMAND_DATE};
static const struct command_param text = {.name = "text", .type = COMMAND_TEXT};
static const struct command_param pieces = {.name = "pieces", .type = COMMAND_QUANTITY};

static const struct {
	const struct command_param *param;
	const char *text;
	int64_t number; /* of the id, or the value */
	bool span;
	const char *refused; /* null: taken */
} cases[] = {
	{&id, "C10001", 10001, false, NULL},
	{&id, "o7", 7, false, NULL},
	{&id, "T7", 0, false, "write C\xe2\x80\xa6 or O\xe2\x80\xa6"},
	{&id, "O7/1", 0, false, "whole order"},
	{&line, "O7/1", 7, false, NULL},
	{&any, "I2026-00017", 17, false, NULL},
	{&any, "I17", 0, false, "write I2026-00017"},
	{&word, "delay", 0, false, NULL},
	{&word, "two words", 0, false, "one word"},
	{&choice, "KEEP", 0, false, NULL},
	{&choice, "cancel", 1, false, NULL},
	{&choice, "cance", 0, false, "keep|cancel"},
	{&number, "-5", -5, false, NULL},
	{&number, "10", 10, false, NULL},
	{&number, "11", 0, false, "from -5 to 10"},
	{&number, "1.0", 0, false, "number"},
	{&amount, "25.00", 0, false, NULL},
	{&amount, "25.00 EUR", 0, false, NULL},
	{&amount, "-4.00", 0, false, NULL},
	{&amount, "$4", 0, false, "amount such as 12.50"},
	{&date, "2026-03-01", 1772323200, false, NULL},
	{&date, "2026-02-30", 0, false, "date"},
	{&date, "+3d", 3 * DAY, true, NULL},
	{&date, "+2W", 14 * DAY, true, NULL},
	{&date, "+36h", 36 * 3600, true, NULL},
	{&date, "+3", 0, false, "span"},
	{&date, "+99999d", 0, false, "span"},
	{&date, "3d", 0, false, "date"},
	{&date, "+d", 0, false, "span"},
	{&pieces, "2x/3", 2, false, NULL},
	{&pieces, "12X/3.1", 12, false, NULL},
	{&pieces, "/3", 0, false, NULL},
	{&pieces, "0x/3", 0, false, "2x/3"},
	{&pieces, "2x", 0, false, "2x/3"},
	{&pieces, "2/3", 0, false, "2x/3"},
	{&pieces, "x/3", 0, false, "2x/3"},
	{&pieces, "-1x/3", 0, false, "2x/3"},
	{&pieces, "2x/0", 0, false, "2x/3"},
	{&pieces, "2x/3/4", 0, false, "2x/3"},
	{&text, "any words at all", 0, false, NULL},
	{&text, "", 0, false, "text is empty"},
};

static void test_CMD_argument_types(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct command_arg arg;
		struct err e;
		int got = arg_parse(cases[i].param, slice_str(cases[i].text), &arg, &e);
		if (got != (cases[i].refused ? -1 : 1))
			fail_msg("%s %s", cases[i].param->name, cases[i].text);
		if (cases[i].refused) {
			fixture_error(&e, ERR_INPUT, cases[i].refused);
			continue;
		}
		int64_t value = arg.id.letter ? (int64_t)arg.id.number : arg.number;
		assert_int_equal(value, cases[i].number);
		assert_int_equal(arg.span, cases[i].span);
	}
}

static void test_CMD_an_argument_is_bounded(void **state)
{
	char long_text[COMMAND_VALUE_MAX + 2];
	struct command_arg arg;
	struct err e;
	(void)state;
	memset(long_text, 'x', sizeof(long_text));
	assert_int_equal(arg_parse(&text, slice_of(long_text, COMMAND_VALUE_MAX), &arg, &e), 1);
	assert_int_equal(arg_parse(&text, slice_of(long_text, COMMAND_VALUE_MAX + 1), &arg, &e),
			 -1);
	fixture_error(&e, ERR_INPUT, "longer than 4000 bytes");
}

static const struct command_param many_params[] = {
	{.name = "order", .type = COMMAND_ID, .letters = "O"},
	{.name = "rest", .type = COMMAND_ENUM, .words = "keep|cancel", .optional = true},
	{.name = "pieces", .type = COMMAND_QUANTITY, .optional = true, .many = true},
	{.name = "line1", .type = COMMAND_TEXT, .named = true, .optional = true, .many = true},
	{.name = NULL},
};
static const struct command_row many_row = {
	.verb = "many", .help = "of tests", .params = many_params};

static void test_CMD_many_values_of_one_parameter(void **state)
{
	struct arena *a = arena_open();
	struct command_line parsed = {.number = 1};
	struct tokens tokens = {
		.items = {{.text = SLICE("many")},
			  {.text = SLICE("O7")},
			  {.text = SLICE("1x/2")},
			  {.name = SLICE("line1"), .text = SLICE("a")},
			  {.text = SLICE("/3.1")},
			  {.name = SLICE("line1"), .text = SLICE("b")}},
		.n = 6,
	};
	struct err e;
	(void)state;
	assert_int_equal(args_parse(a, &many_row, &tokens, &parsed, &e), 1);
	/* What was left out was known by its looks. */
	assert_null(command_arg(&parsed, "rest"));
	const struct command_arg *arg = command_arg(&parsed, "pieces");
	assert_int_equal(arg->number, 1);
	assert_int_equal(arg->id.line, 2);
	assert_int_equal(arg->next->number, 0);
	assert_int_equal(arg->next->id.line, 3);
	assert_int_equal(arg->next->id.split, 1);
	assert_null(arg->next->next);
	assert_true(slice_eq(command_arg(&parsed, "line1")->next->text, SLICE("b")));
	arena_close(&a);
}

int run_arg_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_CMD_argument_types),
		cmocka_unit_test(test_CMD_an_argument_is_bounded),
		cmocka_unit_test(test_CMD_many_values_of_one_parameter),
	};
	return cmocka_run_group_tests_name("args", tests, NULL, NULL);
}
