/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include "base/buf.h"

#define FLOWED "Content-Type: text/plain; format=flowed\n\n"
#define DELSP "Content-Type: text/plain; format=flowed; delsp=yes\n\n"
#define QP "Content-Transfer-Encoding: quoted-printable\n\n"
#define B64 "Content-Transfer-Encoding: base64\n\n"

void test_text_rows(void **state)
{
	(void)state;
	static const struct {
		struct slice raw;
		const char *want;
	} rows[] = {
		{SLICE("\r\na\r\nb\r\n"), "a\nb\n"},
		{SLICE("\r\na\rb"), "a\nb"},
		{SLICE("\na\0b"), "a\xef\xbf\xbd"
				  "b"},
		{SLICE("\n\xef\xbb\xbf"
		       "bom"),
		 "bom"},
		{SLICE(QP "a=20b=\r\nc  \r\nd=3D\r\n"), "a bc\nd=\n"},
		{SLICE(QP "a= \nb=C3=a9=zz=4"), "ab\xc3\xa9=zz=4"},
		{SLICE(B64 "SGVs\nbG8"), "Hello"},
		{SLICE(B64 "SGVsbG8=SGVsbG8="), "HelloHello"},
		{SLICE(B64 "S G!V*s"), "Hel"},
		{SLICE("Content-Transfer-Encoding: BASE64 (x)\n\nSGVs"), "Hel"},
		/* RFC 3676 */
		{SLICE(FLOWED "one \ntwo \nthree\nfour\n"), "one two three\nfour\n"},
		{SLICE(FLOWED "> one \n> two\n>> three \nfour\n"), "> one two\n>> three \nfour\n"},
		{SLICE(FLOWED " From x\n >y\n"), "From x\n>y\n"},
		{SLICE(FLOWED "one \n-- \nAnn\n"), "one \n-- \nAnn\n"},
		{SLICE(DELSP "sch \u00f6n \n er\n"), "sch \u00f6ner\n"},
		{SLICE(FLOWED "open "), "open \n"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample s = sample_read(rows[i].raw);
		expect_text(rows[i].raw.ptr, s.m->text, rows[i].want);
		sample_free(&s);
	}
}

void test_charset_rows(void **state)
{
	(void)state;
	static const struct {
		const char *label, *bytes, *want;
	} rows[] = {
		{"utf-8", "\xc3\xa9", "\xc3\xa9"},
		{"UTF8", "\xc3\xa9", "\xc3\xa9"},
		{"us-ascii", "\xe9", "\xc3\xa9"},
		{"us-ascii", "\xc3\xa9", "\xc3\xa9"},
		{"iso-8859-1", "\x80\xe9", "\xe2\x82\xac\xc3\xa9"},
		{"\"ISO_8859-1\"", "\xe9", "\xc3\xa9"},
		{"iso8859-2", "\xb1", "\xc4\x85"},
		{"windows1250", "\xb9", "\xc4\x85"},
		{"cp-1251", "\xcf", "\xd0\x9f"},
		{"koi8-r", "\xf0", "\xd0\x9f"},
		{"gb2312", "\xc4\xe3", "\xe4\xbd\xa0"},
		{"gbk", "\x87\xd6", "\xe5\x9b\x8d"},
		{"big5", "\xa7\x41", "\xe4\xbd\xa0"},
		{"ks_c_5601-1987", "\xb0\xa1", "\xea\xb0\x80"},
		{"shift_jis", "\x93\xfa", "\xe6\x97\xa5"},
		{"euc-jp", "\xc6\xfc", "\xe6\x97\xa5"},
		{"iso-2022-jp", "\x1b$BF|\x1b(B", "\xe6\x97\xa5"},
		{"iso-8859-8-i", "\xe0", "\xd7\x90"},
		{"tis-620", "\xa1", "\xe0\xb8\x81"},
		{"unknown-8bit", "\xe9", "\xc3\xa9"},
		{"wchar_t", "\xc3\xa9", "\xc3\xa9"},
		{"internal", "\xc3\xa9", "\xc3\xa9"},
		{"ibm850", "\x82", "\xc3\xa9"},
		{"cp437", "\x82", "\xc3\xa9"},
		{"x-none-such", "\xc3\xa9", "\xc3\xa9"},
		/* Damaged: some of it is UTF-8, none of it is, a character cut in two. */
		{"utf-8", "\xc3\xa9\xff", "\xc3\xa9\xef\xbf\xbd"},
		{"utf-8", "\xe9t\xe9", "\xc3\xa9t\xc3\xa9"},
		{"gb2312", "a\xc4", "a\xef\xbf\xbd"},
		{"utf-7", "+AGE-", "+AGE-"},
		{"x-utf-7", "+AGE-", "+AGE-"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf raw;
		buf_init(&raw, 4096);
		buf_printf(&raw, "Content-Type: text/plain; charset=%s\n\n%s", rows[i].label,
			   rows[i].bytes);
		struct sample s = sample_read(buf_slice(&raw));
		expect_text(rows[i].label, s.m->text, rows[i].want);
		buf_release(&raw);
		sample_free(&s);
	}
}

/* MAIL.md 5: the command parser compares what both forms say. */
void test_html_beside_plain(void **state)
{
	(void)state;
	struct sample s = sample_read(
		SLICE("Content-Type: multipart/mixed; boundary=m\n\n--m\n"
		      "Content-Type: multipart/alternative; boundary=a\n\n--a\n\nplain\n"
		      "--a\nContent-Type: text/html\n\n<p>html\n--a--\n"
		      "--m\n\nfooter\n--m--\n"));
	expect_text("text", s.m->text, "plain\nfooter");
	expect_text("html", mail_html_text(s.a, s.m), "html\nfooter");
	assert_true(s.m->has_plain && s.m->has_html);
	sample_free(&s);
	s = sample_read(SLICE("\nplain\n"));
	expect_text("no html", mail_html_text(s.a, s.m), "");
	sample_free(&s);
	s = sample_read(SLICE("Content-Type: multipart/alternative; boundary=a\n\n--a\n\n \n"
			      "--a\nContent-Type: text/html\n\n<p>html\n--a--\n"));
	expect_text("blank plain", s.m->text, "html\n");
	sample_free(&s);
	s = sample_read(SLICE("\nplain\n"));
	assert_true(s.m->has_plain && !s.m->has_html);
	sample_free(&s);
}
