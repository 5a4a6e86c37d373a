/* SPDX-License-Identifier: ISC */
#include "groups.h"

int main(void)
{
	int failed = 0;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed += run_id_tests();
	failed += run_line_tests();
	failed += run_order_tests();
	failed += run_order_step_tests();
	failed += run_order_edit_tests();
	failed += run_order_stock_tests();
	failed += run_order_daily_tests();
	failed += run_totals_tests();
	failed += run_customer_tests();
	failed += run_customer_edit_tests();
	failed += run_customer_merge_tests();
	failed += run_thread_tests();
	failed += run_agent_tests();
	failed += run_import_tests();
	failed += run_search_tests();
	failed += run_search_demo_tests();
	failed += run_import_reader_tests();
	failed += run_import_foreign_tests();
	failed += run_shop_table_tests();
	failed += run_vat_tests();
	failed += run_price_tests();
	failed += run_item_tests();
	return failed > 0;
}
