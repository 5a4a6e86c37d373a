/* SPDX-License-Identifier: ISC */
#include "invariants.h"

int main(void)
{
	int failed = 0;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed += run_verify_tests();
	failed += run_property_tests();
	failed += run_model_tests();
	return failed > 0;
}
