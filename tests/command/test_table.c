/* SPDX-License-Identifier: ISC */
#include "command.h"
#include "groups.h"

static void test_CMD_every_row_is_whole(void **state)
{
	const struct command_row *row;
	size_t n = 0;
	(void)state;
	for (; (row = command_row(n)); n++) {
		size_t params = 0;
		bool optional = false;
		assert_non_null(row->verb);
		assert_non_null(row->apply);
		assert_true(row->roles != 0);
		assert_true(strlen(row->help) > 10 && strlen(row->help) < 90);
		assert_true(row->help[strlen(row->help) - 1] != '.');
		for (const struct command_param *p = row->params; p->name; p++, params++) {
			assert_int_equal(p->type == COMMAND_ENUM, p->words != NULL);
			/* What must be there stands before what may be, but for an id at hand. */
			if (!p->named && !p->optional)
				assert_true(!optional || row->params[0].type == COMMAND_ID);
			optional |= p->optional && !p->named;
		}
		assert_true(params <= COMMAND_ARGS_MAX);
	}
	assert_true(n > 18);
	assert_null(command_row(n));
	assert_null(command_row(SIZE_MAX));
}

static void test_CMD_rows_of_a_verb_differ_in_their_first_argument(void **state)
{
	const struct command_row *a, *b;
	(void)state;
	for (size_t i = 0; (a = command_row(i)); i++) {
		for (size_t k = i + 1; (b = command_row(k)); k++) {
			if (strcmp(a->verb, b->verb) != 0)
				continue;
			/* Or one takes a number where the other takes an id. */
			if (a->params[0].type != COMMAND_ID || b->params[0].type != COMMAND_ID)
				assert_int_not_equal(a->params[0].type, b->params[0].type);
			else
				assert_null(strpbrk(a->params[0].letters, b->params[0].letters));
		}
	}
}

static void test_CMD_all_commands_of_now_are_there(void **state)
{
	static const char *const verbs[] = {
		"help",	   "templates", "whoami",   "show",   "orders", "hold",
		"release", "comment",	"note",	    "assign", "close",	"reopen",
		"mail",	   "preview",	"customer", "quiet",  "end",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		struct buf out;
		buf_init(&out, 1 << 16);
		assert_int_equal(command_help(slice_str(verbs[i]), &out), 1);
		assert_true(slice_find(buf_slice(&out), slice_str(verbs[i])) >= 0);
		assert_true(slice_find(buf_slice(&out), SLICE("Class: ")) >= 0);
		buf_release(&out);
	}
}

static void test_CMD_help_lists_every_row_once(void **state)
{
	const struct command_row *row;
	struct buf out;
	(void)state;
	buf_init(&out, 1 << 16);
	assert_int_equal(command_help(SLICE(""), &out), 1);
	for (size_t i = 0; (row = command_row(i)); i++)
		assert_true(slice_find(buf_slice(&out), slice_str(row->help)) >= 0);
	assert_int_equal(command_help(SLICE("relase"), &out), 0);
	assert_int_equal(command_help(SLICE("#hold"), &out), 1);
	buf_release(&out);
}

static void test_CMD_usage(void **state)
{
	static const struct {
		const char *verb, *usage;
	} usages[] = {
		{"hold", "#hold O\xe2\x80\xa6 [\"reason\"]"},
		{"assign", "#assign [T\xe2\x80\xa6] agent"},
		{"orders", "#orders [C\xe2\x80\xa6] [asc|desc] "
			   "[sort=date|id|total|status|view|lines|payment] "
			   "[status=empty|open|hold|closed|unallocated|allocated|dispatched|"
			   "cancelled] [limit=1..1000] [offset=0..100000000]"},
		{"quiet", "#quiet"},
	};
	const struct command_row *row;
	(void)state;
	for (size_t i = 0; (row = command_row(i)); i++) {
		for (size_t k = 0; k < sizeof(usages) / sizeof(usages[0]); k++) {
			struct buf out;
			if (strcmp(row->verb, usages[k].verb) != 0)
				continue;
			buf_init(&out, 1024);
			command_usage(row, &out);
			assert_string_equal(buf_str(&out), usages[k].usage);
			buf_release(&out);
		}
	}
}

int run_table_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_CMD_every_row_is_whole),
		cmocka_unit_test(test_CMD_rows_of_a_verb_differ_in_their_first_argument),
		cmocka_unit_test(test_CMD_all_commands_of_now_are_there),
		cmocka_unit_test(test_CMD_help_lists_every_row_once),
		cmocka_unit_test(test_CMD_usage),
	};
	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
