/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_MAIL_TEST_WRITER_H
#define POSTCLERK_TESTS_MAIL_TEST_WRITER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "mail/compose.h"
#include "mail/envelope.h"
#include "mail/lint.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

int run_envelope_tests(void);
int run_lint_tests(void);
int run_roundtrip_tests(void);

#endif
