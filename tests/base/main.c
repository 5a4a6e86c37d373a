/* SPDX-License-Identifier: ISC */
#include "check.h"

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	int (*const groups[])(void) = {run_core_tests,	 run_money_tests, run_clock_tests,
				       run_zone_tests,	 run_log_tests,	  run_pattern_tests,
				       run_crypto_tests, run_json_tests,  run_conf_tests,
				       run_text_tests};
	int failed = 0;
	for (size_t i = 0; i < ROWS(groups); i++)
		failed += groups[i]();
	return failed != 0;
}
