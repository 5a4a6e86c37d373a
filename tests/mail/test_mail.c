/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include <stdio.h>

struct sample sample_read(struct slice raw)
{
	struct sample s = {.a = arena_open(), .raw = malloc(raw.len ? raw.len : 1)};
	if (raw.len)
		memcpy(s.raw, raw.ptr, raw.len);
	s.result = mail_parse(s.a, slice_of(s.raw, raw.len), NULL, &s.m, &s.e);
	assert_non_null(s.m);
	return s;
}

void sample_free(struct sample *s)
{
	arena_close(&s->a);
	free(s->raw);
}

void expect_text(const char *where, struct slice got, const char *want)
{
	if (!slice_eq(got, slice_str(want)))
		fail_msg("%s: got \"%.*s\", want \"%s\"", where, SLICE_ARG(got), want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address_rows),
		cmocka_unit_test(test_address_limits),
		cmocka_unit_test(test_subject_rows),
		cmocka_unit_test(test_date_rows),
		cmocka_unit_test(test_id_rows),
		cmocka_unit_test(test_header_defects),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_from_strict),
		cmocka_unit_test(test_type_rows),
		cmocka_unit_test(test_filename_rows),
		cmocka_unit_test(test_structure_rows),
		cmocka_unit_test(test_structure_defects),
		cmocka_unit_test(test_encoded_message),
		cmocka_unit_test(test_attachments),
		cmocka_unit_test(test_signed_part),
		cmocka_unit_test(test_uuencoded_file),
		cmocka_unit_test(test_text_rows),
		cmocka_unit_test(test_charset_rows),
		cmocka_unit_test(test_charset_labels),
		cmocka_unit_test(test_html_rows),
		cmocka_unit_test(test_html_blocks),
		cmocka_unit_test(test_html_links),
		cmocka_unit_test(test_html_hidden),
		cmocka_unit_test(test_html_deep),
		cmocka_unit_test(test_html_structure),
		cmocka_unit_test(test_html_trim_forms),
		cmocka_unit_test(test_html_beside_plain),
		cmocka_unit_test(test_limit_rows),
		cmocka_unit_test(test_class_rows),
		cmocka_unit_test(test_delivery_status),
		cmocka_unit_test(test_prose_bounce),
		cmocka_unit_test(test_feedback),
		cmocka_unit_test(test_auth_results),
		cmocka_unit_test(test_bounce_families),
		cmocka_unit_test(test_bounce_reasons),
		cmocka_unit_test(test_bounce_forms),
		cmocka_unit_test(test_bounce_lookalikes),
		cmocka_unit_test(test_automatic_fields),
		cmocka_unit_test(test_automatic_subjects),
		cmocka_unit_test(test_list_mail),
		cmocka_unit_test(test_receipts),
		cmocka_unit_test(test_calendars),
		cmocka_unit_test(test_feedback_forms),
		cmocka_unit_test(test_trim_rows),
		cmocka_unit_test(test_trim_pieces),
		cmocka_unit_test(test_trim_attributions),
		cmocka_unit_test(test_trim_copies),
		cmocka_unit_test(test_trim_devices),
		cmocka_unit_test(test_trim_long),
		cmocka_unit_test(test_trim_answers),
		cmocka_unit_test(test_trim_many_lines),
		cmocka_unit_test(test_corpus_sisimai),
		cmocka_unit_test(test_corpus_bounceparser),
		cmocka_unit_test(test_corpus_auth_results),
		cmocka_unit_test(test_corpus_no_bounces),
		cmocka_unit_test(test_corpus_trim),
		cmocka_unit_test(test_expected_mails),
		cmocka_unit_test(test_expected_tables),
		cmocka_unit_test(test_corpus_survives),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
