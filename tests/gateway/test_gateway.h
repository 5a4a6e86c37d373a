/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_GATEWAY_H
#define POSTCLERK_TESTS_GATEWAY_H

/* cmocka wants these four before itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway.h"

#define PATH_ROOM 300
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A folder that goes away with its test. */
struct folder {
	char path[PATH_ROOM];
};
int folder_setup(void **state);
int folder_teardown(void **state);
void folder_put(const struct folder *folder, const char *name, const char *text);

int run_plain_tests(void);
int run_link_tests(void);
int run_imap_tests(void);
int run_tls_tests(void);
int run_smtp_tests(void);
int run_serve_tests(void);

#endif
