/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include "base/buf.h"

/* "text/plain" with indents for the parents: depth, type, decoded size. */
static void describe(const struct mail *m, struct buf *out)
{
	for (size_t i = 0; i < m->n_parts; i++)
		buf_printf(out, "%s%zu %.*s/%.*s", i ? "; " : "", m->parts[i].depth,
			   SLICE_ARG(m->parts[i].type), SLICE_ARG(m->parts[i].subtype));
}

void test_type_rows(void **state)
{
	(void)state;
	static const struct {
		const char *value, *type, *name, *param;
	} rows[] = {
		{"audio/basic", "audio/basic", "x", ""},
		{" text / HTML (comment) ; charset =\"us-ascii\"", "text/html", "charset",
		 "us-ascii"},
		{"text/plain; charset=us-ascii (Plain text)", "text/plain", "charset", "us-ascii"},
		{"text/plain;;; charset=a", "text/plain", "charset", "a"},
		{"text/plain charset=a", "text/plain", "charset", "a"},
		{"a/b; x=1\r\n y=\"2\"", "a/b", "y", "2"},
		{"a/b; name=two words (1).pdf; x=1", "a/b", "name", "two words (1).pdf"},
		{"a/b; name=foo(1).pdf", "a/b", "name", "foo(1).pdf"},
		{"a/b; boundary=\"foo\r\n bar\"", "a/b", "boundary", "foo bar"},
		/* RFC 2231 */
		{"a/b; url*0=\"ftp://\"; url*1=\"x.y/z\"", "a/b", "url", "ftp://x.y/z"},
		{"a/b; t*=us-ascii'en-us'This%20is%20%2A%2A%2Afun", "a/b", "t", "This is ***fun"},
		{"a/b; t*0*=us-ascii'en'even%20; t*1*=more%2A; t*2=\"isn't it!\"", "a/b", "t",
		 "even more*isn't it!"},
		{"a/b; k*1=baz; k*0=foo", "a/b", "k", "foobaz"},
		{"a/b; k*2*=%C3; k*3=\xa9; k*0*=utf-8''a; k*1=b", "a/b", "k", "ab\xc3\xa9"},
		{"a/b; k*0*=iso-8859-1''%E9; k*1*=iso-8859-1'%E8", "a/b", "k", "\xc3\xa9\xc3\xa8"},
		{"a/b; k*0=a; k*2=c", "a/b", "k", "ac"},
		{"a/b; k*00=a; k*01=b", "a/b", "k", "ab"},
		{"a/b; k*0*=unknown-8bit''%E9", "a/b", "k", "\xc3\xa9"},
		{"a/b; k*=utf-8'%E9", "a/b", "k", "utf-8'\xc3\xa9"},
		{"a/b; k*0*=gb2312''%C4%E3; k*1*=%BA%C3", "a/b", "k", "\xe4\xbd\xa0\xe5\xa5\xbd"},
		{"a/b; n=plain; n*=utf-8''%C3%A9", "a/b", "n", "\xc3\xa9"},
		{"a/b; n*=iso-8859-1''Fr%F6sche", "a/b", "n", "Fr\xc3\xb6sche"},
		{"a/b; n*=utf-8''a%zz%4", "a/b", "n", "a%zz%4"},
		{"a/b; n=\"=?utf-8?Q?=C3=A9?=.png\"", "a/b", "n", "\xc3\xa9.png"},
		{"a/b; n==?iso-8859-1?B?4Q==?=.gif", "a/b", "n", "\xc3\xa1.gif"},
		{"a/b; n=Fr\xf6sche", "a/b", "n", "Fr\xc3\xb6sche"},
		/* What cannot be read is text/plain (RFC 2045 5.2). */
		{"text", "text/plain", "x", ""},
		{"/plain; charset=a", "text/plain", "charset", "a"},
		{"inline; x=1", "text/plain", "x", "1"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf raw;
		buf_init(&raw, 4096);
		buf_printf(&raw, "Content-Type: %s\r\n\r\nx", rows[i].value);
		struct sample s = sample_read(buf_slice(&raw));
		assert_true(mail_part_is(&s.m->parts[0], rows[i].type));
		expect_text(rows[i].value, mail_part_param(&s.m->parts[0], rows[i].name),
			    rows[i].param);
		buf_release(&raw);
		sample_free(&s);
	}
}

void test_filename_rows(void **state)
{
	(void)state;
	static const struct {
		const char *name, *want;
		bool unsafe;
	} rows[] = {
		{"invoice.pdf", "invoice.pdf", false},
		{"two words.pdf", "two words.pdf", false},
		{"../../etc/passwd", "passwd", true},
		{"C:\\\\temp\\\\x.exe", "x.exe", true},
		{"..", "", true},
		{".bashrc", "_.bashrc", true},
		{"-rf", "_-rf", true},
		{"a\x01"
		 "b.txt",
		 "a b.txt", false},
		{"gpj\xe2\x80\xae"
		 "exe.txt",
		 "gpj exe.txt", false},
		{"a<b>:\\\"c|d?.txt", "a_b___c_d_.txt", true},
		{"CON.txt", "_CON.txt", true},
		{"lpt1", "_lpt1", true},
		{"name. . ", "name", true},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf raw;
		buf_init(&raw, 4096);
		buf_printf(&raw, "Content-Disposition: attachment; filename=\"%s\"\n\nx",
			   rows[i].name);
		struct sample s = sample_read(buf_slice(&raw));
		expect_text(rows[i].name, s.m->parts[0].filename, rows[i].want);
		if (mail_has_defect(s.m, MAIL_DEFECT_UNSAFE_FILENAME) != rows[i].unsafe)
			fail_msg("%s: unsafe is %d", rows[i].name, !rows[i].unsafe);
		buf_release(&raw);
		sample_free(&s);
	}
}

#define MIXED(boundary) "Content-Type: multipart/mixed; boundary=" boundary "\n\n"

void test_structure_rows(void **state)
{
	(void)state;
	static const struct {
		const char *raw, *parts, *text;
	} rows[] = {
		{"\nplain\n", "0 text/plain", "plain\n"},
		{MIXED("b") "--b\n\none\n--b\n\ntwo\n--b--\n",
		 "0 multipart/mixed; 1 text/plain; 1 text/plain", "one\ntwo"},
		{MIXED("b") "preamble\n--b  \n\none\n--b--  \nepilogue\n",
		 "0 multipart/mixed; 1 text/plain", "one"},
		/* The line end before a boundary is the boundary's. */
		{MIXED("b") "--b\n\none\n\n--b--", "0 multipart/mixed; 1 text/plain", "one\n"},
		{MIXED("b") "--b\n\none", "0 multipart/mixed; 1 text/plain", "one"},
		{MIXED("b") "--b\nContent-Type: text/plain\n--b--",
		 "0 multipart/mixed; 1 text/plain", ""},
		{MIXED("\"b \"") "--b\n\none\n--b--", "0 multipart/mixed; 1 text/plain", "one"},
		{MIXED("b") "--bb\n\none\n--b\n\ntwo\n--b--", "0 multipart/mixed; 1 text/plain",
		 "two"},
		/* An inner boundary left open ends with the outer one. */
		{MIXED("b") "--b\n" MIXED("c") "--c\n\none\n--b\n\ntwo\n--b--",
		 "0 multipart/mixed; 1 multipart/mixed; 2 text/plain; 1 text/plain", "one\ntwo"},
		{"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\n"
		 "Content-Type: text/html\n\n<p>html\n--b--",
		 "0 multipart/alternative; 1 text/plain; 1 text/html", "plain"},
		{"Content-Type: multipart/alternative; boundary=b\n\n--b\n"
		 "Content-Type: text/html\n\n<p>html\n--b--",
		 "0 multipart/alternative; 1 text/html", "html\n"},
		{"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: in\n\nx\n--b--",
		 "0 multipart/digest; 1 message/rfc822; 2 text/plain", ""},
		{"Content-Type: message/rfc822\n\nSubject: in\n\nx\n",
		 "0 message/rfc822; 1 text/plain", ""},
		{"Content-Type: message/global\n\nContent-Type: message/rfc822\n\n\nx\n",
		 "0 message/global; 1 message/rfc822; 2 text/plain", ""},
		{"Content-Type: message/partial; id=a; number=1; total=2\n\nSubject: in\n\nx",
		 "0 message/partial", ""},
		{MIXED("b") "--b\n\nx\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n"
			    "Content-Transfer-Encoding: base64\n\neJ8+\n--b--",
		 "0 multipart/mixed; 1 text/plain; 1 application/ms-tnef", "x"},
		/* Labelled base64 and not encoded; a footer behind the base64. */
		{"Content-Transfer-Encoding: base64\n\nHello, this is text.\n", "0 text/plain",
		 "Hello, this is text.\n"},
		{"Content-Transfer-Encoding: base64\n\nSGVsbG8=\n______\nlist footer!\n",
		 "0 text/plain", "Hello"},
		{"Content-Transfer-Encoding: base64\n\nSGVsbG8=\nSGVsbG8=\n", "0 text/plain",
		 "HelloHello"},
		/* Nothing is lost where the boundary never comes. */
		{MIXED("b") "lost\n", "0 text/plain", "lost\n"},
		{"Content-Type: multipart/mixed\n\nlost\n", "0 text/plain", "lost\n"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample s = sample_read(slice_str(rows[i].raw));
		struct buf got;
		buf_init(&got, 4096);
		describe(s.m, &got);
		assert_int_equal(s.result, 1);
		expect_text(rows[i].raw, buf_slice(&got), rows[i].parts);
		expect_text(rows[i].raw, s.m->text, rows[i].text);
		buf_release(&got);
		sample_free(&s);
	}
}

void test_structure_defects(void **state)
{
	(void)state;
	static const struct {
		const char *raw;
		enum mail_defect defect;
	} rows[] = {
		{"Content-Type: multipart/mixed\n\nx", MAIL_DEFECT_NO_BOUNDARY},
		{MIXED("b") "x", MAIL_DEFECT_BOUNDARY_NOT_FOUND},
		{MIXED("b") "--b\n\nx", MAIL_DEFECT_BOUNDARY_NOT_CLOSED},
		{MIXED("b") "--b\n" MIXED("b") "--b\n\nx\n--b--", MAIL_DEFECT_BOUNDARY_CONFLICT},
		{MIXED("b") "--bx\n\nx\n--b\n\nx\n--b--", MAIL_DEFECT_BOUNDARY_CONFLICT},
		{MIXED("b") "--b\n\nx\n--b--\n--b\n\ny\n--b--", MAIL_DEFECT_BOUNDARY_CONFLICT},
		{MIXED("b; boundary*=utf-8''c") "--b\n\nx\n--b--", MAIL_DEFECT_DUPLICATE_PARAMETER},
		{"Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\n\n--ab\n\nx\n--ab--",
		 MAIL_DEFECT_DUPLICATE_PARAMETER},
		{"Content-Type: text/plain; charset=utf-8; charset*=us-ascii''utf-7\n\nx",
		 MAIL_DEFECT_DUPLICATE_PARAMETER},
		{"Content-Transfer-Encoding: base64\n\nthis is no base64 at all",
		 MAIL_DEFECT_BAD_BASE64},
		{"Content-Transfer-Encoding: base64\n\nSGVsbG8=\n______\nlist footer!",
		 MAIL_DEFECT_BAD_BASE64},
		{MIXED("b") "--b\n" MIXED("bc") "--bc\n\nx\n--b--", MAIL_DEFECT_BOUNDARY_CONFLICT},
		{"Content-Transfer-Encoding: base64\n" MIXED("b") "--b\n\nx\n--b--",
		 MAIL_DEFECT_ENCODED_MULTIPART},
		{MIXED("b; boundary=c") "--b\n\nx\n--b--", MAIL_DEFECT_DUPLICATE_PARAMETER},
		{"Content-Transfer-Encoding: base64\n\nab*d", MAIL_DEFECT_BAD_BASE64},
		{"Content-Transfer-Encoding: base64\n\nSGVsbG8=SGVs", MAIL_DEFECT_BAD_BASE64},
		{"Content-Transfer-Encoding: quoted-printable\n\na=zz",
		 MAIL_DEFECT_BAD_QUOTED_PRINTABLE},
		{"Content-Type: text/plain; charset=x-none-such\n\n\xfc",
		 MAIL_DEFECT_UNKNOWN_CHARSET},
		{"Content-Type: text/plain; charset=utf-8\n\n\xfc", MAIL_DEFECT_BAD_CHARSET},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample s = sample_read(slice_str(rows[i].raw));
		if (!mail_has_defect(s.m, rows[i].defect))
			fail_msg("%s: no %s", rows[i].raw, mail_defect_name(rows[i].defect));
		sample_free(&s);
	}
}

/* A mail within the mail that is base64 or quoted-printable, which RFC 2046 forbids. */
void test_encoded_message(void **state)
{
	(void)state;
	struct sample s = sample_read(SLICE(MIXED(
		"b") "--b\nContent-Type: message/rfc822\n"
		     "Content-Transfer-Encoding: base64\n\n"
		     "Q29udGVudC1UeXBlOiBtdWx0aXBhcnQvbWl4ZWQ7IGJvdW5kYXJ5PWIKCi0tYgoKaW5uZXIK"
		     "LS1iLS0K\n--b\n\nouter\n--b--\n"));
	struct buf got;
	buf_init(&got, 4096);
	describe(s.m, &got);
	expect_text("parts", buf_slice(&got),
		    "0 multipart/mixed; 1 message/rfc822; 2 multipart/mixed; 3 text/plain; 1 "
		    "text/plain");
	expect_text("text", s.m->text, "outer");
	expect_text("inner", mail_part_text(s.a, &s.m->parts[3]), "inner");
	assert_int_equal(s.m->n_attachments, 1);
	assert_int_equal(s.m->attachments[0], 1);
	buf_release(&got);
	sample_free(&s);
}

void test_attachments(void **state)
{
	(void)state;
	struct sample s = sample_read(SLICE(MIXED(
		"b") "--b\n\nsee\n--b\nContent-Type: image/png; name=\"a.png\"\n"
		     "Content-Disposition: inline\nContent-ID: <c1@x>\n"
		     "Content-Transfer-Encoding: base64\n\nSGVs\nbG8=\n"
		     "--b\nContent-Disposition: attachment; filename=b.txt\n\nhello\n--b--\n"));
	assert_int_equal(s.m->n_attachments, 2);
	const struct mail_part *image = &s.m->parts[s.m->attachments[0]];
	const struct mail_part *file = &s.m->parts[s.m->attachments[1]];
	uint8_t digest[SHA256_SIZE], want[SHA256_SIZE];
	expect_text("name", image->filename, "a.png");
	expect_text("id", image->content_id, "c1@x");
	expect_text("bytes", mail_part_bytes(s.a, image), "Hello");
	assert_int_equal(mail_part_size(image), 5);
	mail_part_sha256(image, digest);
	crypto_sha256(SLICE("Hello"), want);
	assert_memory_equal(digest, want, SHA256_SIZE);
	expect_text("name", file->filename, "b.txt");
	expect_text("bytes", mail_part_bytes(s.a, file), "hello");
	expect_text("text", s.m->text, "see");
	sample_free(&s);
}

/* RFC 3156 5: the line end before the boundary is not signed. */
void test_signed_part(void **state)
{
	(void)state;
	struct sample s = sample_read(
		SLICE("Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n"
		      "Content-Type: text/plain\r\n\r\nsigned\r\n\r\n--s\r\n"
		      "Content-Type: application/pgp-signature\r\n\r\nsig\r\n--s--\r\n"));
	expect_text("raw", s.m->parts[1].raw, "Content-Type: text/plain\r\n\r\nsigned\r\n");
	expect_text("body", s.m->parts[1].body, "signed\r\n");
	expect_text("text", s.m->text, "signed\n");
	assert_int_equal(s.m->n_attachments, 1);
	sample_free(&s);
}

void test_uuencoded_file(void **state)
{
	(void)state;
	struct sample s = sample_read(SLICE("\nsee\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye\n"));
	expect_text("text", s.m->text, "see\n\nbye\n");
	assert_int_equal(s.m->n_attachments, 1);
	const struct mail_part *file = &s.m->parts[s.m->attachments[0]];
	expect_text("name", file->filename, "cat.txt");
	expect_text("bytes", mail_part_bytes(s.a, file), "Cat");
	sample_free(&s);
	/* Words that only look like one. */
	s = sample_read(SLICE("\nbegin 100 days of work\nthe end is near\n"));
	assert_int_equal(s.m->n_attachments, 0);
	sample_free(&s);
}
