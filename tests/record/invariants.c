/* SPDX-License-Identifier: ISC */
#include "invariants.h"

uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

int main(void)
{
	int failed = 0;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed += run_verify_tests();
	failed += run_property_tests();
	failed += run_order_bug_tests();
	failed += run_model_tests();
	return failed > 0;
}
