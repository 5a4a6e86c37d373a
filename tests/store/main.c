/* SPDX-License-Identifier: ISC */
#include "fixture.h"

int main(void)
{
	int failed = 0;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed += run_key_tests();
	failed += run_txn_tests();
	failed += run_walk_tests();
	failed += run_open_tests();
	failed += run_blob_tests();
	failed += run_care_tests();
	failed += run_crash_tests();
	return failed > 0;
}
