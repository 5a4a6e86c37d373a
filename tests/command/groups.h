/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_COMMAND_GROUPS_H
#define POSTCLERK_TESTS_COMMAND_GROUPS_H

#include "../record/fixture.h"

/* Each file of tests runs its group and returns how many failed. */
int run_parse_tests(void);
int run_arg_tests(void);
int run_table_tests(void);
int run_run_tests(void);
int run_right_tests(void);
int run_order_command_tests(void);
int run_item_command_tests(void);
int run_card_tests(void);
int run_customer_command_tests(void);
int run_view_tests(void);
int run_document_tests(void);
int run_import_command_tests(void);

#endif
