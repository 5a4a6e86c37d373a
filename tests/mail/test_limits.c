/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include "base/buf.h"

/* A mail made of a start, a piece many times, and an end. */
struct recipe {
	const char *start, *piece, *end;
	size_t times;
};

static void cook(const struct recipe *r, struct buf *out)
{
	buf_init(out, 64u << 20);
	buf_puts(out, r->start);
	for (size_t i = 0; i < r->times; i++)
		buf_puts(out, r->piece);
	buf_puts(out, r->end);
	assert_false(buf_failed(out));
}

#define PART "Content-Type: multipart/mixed; boundary=b\n\n"

/* RELIABILITY.md, "Limits on input": at the limit it passes, over it the reason is named. */
void test_limit_rows(void **state)
{
	(void)state;
	static const struct {
		struct recipe recipe;
		const char *reason; /* null: passes */
	} rows[] = {
		{{"\n", "0123456789abcde\n", "", MAIL_SIZE_MAX / 16}, "size of a mail"},
		{{"", "X: y\n", "\nx", MAIL_FIELDS_MAX}, NULL},
		{{"", "X: y\n", "\nx", MAIL_FIELDS_MAX + 1}, "number of header fields"},
		{{"Subject: ", "x", "\n\nx", MAIL_FIELD_SIZE_MAX - 2}, NULL},
		{{"Subject: ", "x", "\n\nx", MAIL_FIELD_SIZE_MAX + 1}, "size of a header field"},
		{{"Subject: ", " x\n", "\nx", MAIL_FIELD_SIZE_MAX / 2}, "size of a header field"},
		{{"",
		  "X: 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
		  "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
		  "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
		  "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n",
		  "\nx", 999},
		 "size of the header"},
		{{"\n", "x", "\n", MAIL_LINE_MAX}, NULL},
		{{"\n", "x", "\n", MAIL_LINE_MAX + 1}, "length of a line"},
		{{PART, "--b\n\nx\n", "--b--\n", MAIL_PARTS_MAX - 1}, NULL},
		{{PART, "--b\n\nx\n", "--b--\n", MAIL_PARTS_MAX}, "number of parts"},
		{{"", "Content-Type: message/rfc822\n\n", "\nx", MAIL_DEPTH_MAX}, NULL},
		{{"", "Content-Type: message/rfc822\n\n", "\nx", MAIL_DEPTH_MAX + 1},
		 "nesting of parts"},
		{{"Content-Type: a/b", "; x=1", "\n\nx", MAIL_PARAMS_MAX}, NULL},
		{{"Content-Type: a/b", "; x=1", "\n\nx", MAIL_PARAMS_MAX + 1},
		 "parameters of a header field"},
		{{"To: ", "a@b.example, ", "\n\nx", MAIL_ADDRESSES_MAX + 1},
		 "addresses in a header field"},
		{{"From: ", "(", "\n\nx", MAIL_COMMENT_DEPTH_MAX + 1}, "nesting of comments"},
		{{"Subject: ", "=?a?q?b?= ", "\n\nx", MAIL_WORDS_MAX}, NULL},
		{{"Subject: ", "=?a?q?b?= ", "\n\nx", MAIL_WORDS_MAX + 1},
		 "encoded words in a header field"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf raw;
		cook(&rows[i].recipe, &raw);
		struct sample s = sample_read(buf_slice(&raw));
		bool over = s.result < 0;
		if (over != (rows[i].reason != NULL) || (over && !strstr(s.e.text, rows[i].reason)))
			fail_msg("row %zu: %s", i, over ? s.e.text : "passed");
		assert_true(!over || s.e.class == ERR_INPUT);
		assert_true(s.m->n_parts > 0);
		buf_release(&raw);
		sample_free(&s);
	}
}
