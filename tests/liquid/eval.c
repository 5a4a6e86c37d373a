/* SPDX-License-Identifier: ISC */
#include "../../src/cli/template_eval.h"

/* The evaluator by itself, for the public suites. */
int main(void)
{
	return template_eval_jsonl(stdin, stdout);
}
