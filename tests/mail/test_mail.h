/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TEST_MAIL_H
#define POSTCLERK_TEST_MAIL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
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

/* Public mails of other projects, found by POSTCLERK_DATA; files of at most this size. */
#define CORPUS_FILE_MAX (8u << 20)

typedef void corpus_fn(const char *name, struct slice bytes, void *ctx);

/* The whole file; the buffer is the caller's to release. */
bool corpus_file(const char *path, struct buf *out);
/* Visits every file of a folder below POSTCLERK_DATA/mail; how many there were. */
size_t corpus_each(const char *folder, corpus_fn *visit, void *ctx);

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
void test_charset_labels(void **state);
void test_html_rows(void **state);
void test_html_blocks(void **state);
void test_html_links(void **state);
void test_html_hidden(void **state);
void test_html_deep(void **state);
void test_html_structure(void **state);
void test_html_trim_forms(void **state);
void test_html_beside_plain(void **state);
void test_limit_rows(void **state);
void test_class_rows(void **state);
void test_delivery_status(void **state);
void test_prose_bounce(void **state);
void test_feedback(void **state);
void test_auth_results(void **state);
void test_bounce_families(void **state);
void test_bounce_reasons(void **state);
void test_bounce_forms(void **state);
void test_bounce_lookalikes(void **state);
void test_automatic_fields(void **state);
void test_automatic_subjects(void **state);
void test_list_mail(void **state);
void test_receipts(void **state);
void test_calendars(void **state);
void test_feedback_forms(void **state);
void test_trim_rows(void **state);
void test_trim_pieces(void **state);
void test_trim_attributions(void **state);
void test_trim_copies(void **state);
void test_trim_devices(void **state);
void test_trim_long(void **state);
void test_trim_answers(void **state);
void test_trim_many_lines(void **state);
void test_corpus_sisimai(void **state);
void test_corpus_bounceparser(void **state);
void test_corpus_auth_results(void **state);
void test_corpus_no_bounces(void **state);
void test_corpus_trim(void **state);
void test_expected_mails(void **state);
void test_expected_tables(void **state);
void test_corpus_survives(void **state);

#endif
