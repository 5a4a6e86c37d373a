/* SPDX-License-Identifier: ISC */
#include "groups.h"

int main(void)
{
	int failed = 0;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed += run_id_tests();
	failed += run_line_tests();
	failed += run_order_tests();
	failed += run_totals_tests();
	failed += run_customer_tests();
	failed += run_thread_tests();
	failed += run_agent_tests();
	failed += run_import_tests();
	return failed > 0;
}
