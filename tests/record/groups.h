/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_RECORD_GROUPS_H
#define POSTCLERK_TESTS_RECORD_GROUPS_H

#include "fixture.h"

/* Each file of tests runs its group and returns how many failed. */
int run_id_tests(void);
int run_line_tests(void);
int run_order_tests(void);
int run_order_step_tests(void);
int run_order_edit_tests(void);
int run_order_stock_tests(void);
int run_order_daily_tests(void);
int run_totals_tests(void);
int run_customer_tests(void);
int run_customer_edit_tests(void);
int run_customer_merge_tests(void);
int run_thread_tests(void);
int run_agent_tests(void);
int run_import_tests(void);
int run_search_tests(void);
int run_search_demo_tests(void);
int run_import_reader_tests(void);
int run_import_foreign_tests(void);
int run_shop_table_tests(void);
int run_vat_tests(void);
int run_price_tests(void);
int run_item_tests(void);

#endif
