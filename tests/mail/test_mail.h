/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TEST_MAIL_H
#define POSTCLERK_TEST_MAIL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mail.h"

/* A mail read from an exact-size heap block, so that a sanitizer sees every step too far. */
struct sample {
	struct arena *a;
	char *raw;
	struct mail *m;
	struct err e;
	int result;
};

struct sample sample_read(struct slice raw);
void sample_free(struct sample *s);

/* Compares and says both. */
void expect_text(const char *where, struct slice got, const char *want);

/* Each runs as one test. */
void test_address_rows(void **state);
void test_address_limits(void **state);
void test_subject_rows(void **state);
void test_date_rows(void **state);
void test_id_rows(void **state);
void test_header_defects(void **state);
void test_fields(void **state);
void test_from_strict(void **state);
void test_type_rows(void **state);
void test_filename_rows(void **state);
void test_structure_rows(void **state);
void test_structure_defects(void **state);
void test_encoded_message(void **state);
void test_attachments(void **state);
void test_signed_part(void **state);
void test_uuencoded_file(void **state);
void test_text_rows(void **state);
void test_charset_rows(void **state);
void test_html_rows(void **state);
void test_html_beside_plain(void **state);
void test_limit_rows(void **state);
void test_hostile_rows(void **state);
void test_class_rows(void **state);
void test_delivery_status(void **state);
void test_prose_bounce(void **state);
void test_feedback(void **state);
void test_auth_results(void **state);
void test_trim_rows(void **state);
void test_trim_pieces(void **state);
void test_corpus_bounces(void **state);
void test_corpus_no_bounces(void **state);
void test_corpus_trim(void **state);
void test_corpus_expected(void **state);
void test_corpus_survives(void **state);

#endif
