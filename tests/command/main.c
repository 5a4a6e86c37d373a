/* SPDX-License-Identifier: ISC */
#include "groups.h"

int main(void)
{
	int failed = 0;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed += run_parse_tests();
	failed += run_arg_tests();
	failed += run_table_tests();
	failed += run_right_tests();
	failed += run_order_command_tests();
	failed += run_run_tests();
	failed += run_item_command_tests();
	failed += run_card_tests();
	failed += run_customer_command_tests();
	failed += run_view_tests();
	failed += run_document_tests();
	failed += run_import_command_tests();
	return failed > 0;
}
