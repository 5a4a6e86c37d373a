/* SPDX-License-Identifier: ISC */
#include "harness.h"

int main(void)
{
	static const struct {
		const struct CMUnitTest *tests;
		const size_t *count;
		const char *name;
	} groups[] = {
		{render_tests, &render_count, "render"},
		{error_tests, &error_count, "errors"},
		{limit_tests, &limit_count, "limits"},
		{hostile_tests, &hostile_count, "hostile"},
		{value_tests, &value_count_tests, "values"},
		{layout_tests, &layout_count, "layout"},
		{escape_tests, &escape_count, "escape"},
		{suite_tests, &suite_count, "suites"},
	};
	int failed = 0;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		failed += _cmocka_run_group_tests(groups[i].name, groups[i].tests, *groups[i].count,
						  NULL, NULL);
	return failed != 0;
}
