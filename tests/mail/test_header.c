/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include "base/buf.h"
#include "base/clock.h"

static struct sample with_field(const char *name, const char *value)
{
	struct buf raw;
	buf_init(&raw, 1 << 20);
	buf_printf(&raw, "%s: %s\r\n\r\nbody\r\n", name, value);
	struct sample s = sample_read(buf_slice(&raw));
	buf_release(&raw);
	return s;
}

void test_subject_rows(void **state)
{
	(void)state;
	static const struct {
		const char *value, *want;
	} rows[] = {
		{"Saying Hello", "Saying Hello"},
		{"Re:  two  spaces", "Re:  two  spaces"},
		{"folded\r\n\t over\r\n lines ", "folded over lines"},
		{"=?iso-8859-1?q?this=20is=20some=20text?=", "this is some text"},
		{"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"},
		{"=?ISO-8859-1?Q?a?=\r\n  =?ISO-8859-2?Q?_b?=", "a b"},
		{"=?ISO-8859-1?Q?a?= b =?ISO-8859-1?Q?c?=", "a b c"},
		{"=?US-ASCII*EN?Q?Keith_Moore?=", "Keith Moore"},
		/* A character in two words, and a word folded in the middle. */
		{"=?utf-8?B?w4Q=?= =?utf-8?Q?=C3?= =?utf-8?Q?=A4?=", "\xc3\x84\xc3\xa4"},
		{"=?utf-8?Q?Hello\r\n _there!?=", "Hello there!"},
		{"[SPAM]=?utf-8?Q?x?=", "[SPAM] x"},
		{"=?utf-8?B?SGVsbG8?=", "Hello"},
		{"let's = try =?iso-8859-1? to =? break", "let's = try =?iso-8859-1? to =? break"},
		{"=?utf-8?X?a?=", "=?utf-8?X?a?="},
		{"=?gb2312?B?xOO6ww==?=", "\xe4\xbd\xa0\xe5\xa5\xbd"},
		{"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\xe6\x97\xa5\xe6\x9c\xac"},
		{"=?iso-8859-1?Q?=80?=", "\xe2\x82\xac"},
		/* T04: words decode to line ends, controls and marks of direction. */
		{"=?utf-8?Q?a=0D=0ABcc:_x=40y?=", "a Bcc: x@y"},
		{"=?utf-8?Q?a=E2=80=AEb=00c?=", "a b c"},
		{"=?cs?Q?=C3=A9?=", "\xc3\xa9"},
		{"=?utf-7?Q?+ADw-?=", "+ADw-"},
		{"Gr\xc3\xbc\xc3\x9f"
		 "e",
		 "Gr\xc3\xbc\xc3\x9f"
		 "e"},
		{"Gr\xfc\xdf"
		 "e",
		 "Gr\xc3\xbc\xc3\x9f"
		 "e"},
		{"", ""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample s = with_field("Subject", rows[i].value);
		expect_text(rows[i].value, s.m->subject, rows[i].want);
		sample_free(&s);
	}
}

void test_date_rows(void **state)
{
	(void)state;
	static const struct {
		const char *value, *want; /* null: no date */
	} rows[] = {
		{"Tue, 1 Jul 2003 10:52:37 +0200", "2003-07-01T08:52:37Z"},
		{"Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", "1997-11-21T15:55:06Z"},
		{"Thu,\r\n 13\r\n Feb\r\n 1969\r\n 23:32\r\n -0330 (Newfoundland Time)",
		 "1969-02-14T03:02:00Z"},
		{"21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06Z"},
		{"1 jan 21 09:55 EST", "2021-01-01T14:55:00Z"},
		{"Thu, 10 Jul 1997 14:53:31 EST5EDT", "1997-07-10T19:53:31Z"},
		{"Mon Mar 22 09:41:09 1993", "1993-03-22T09:41:09Z"},
		{"2003-07-01 10:52:37+02:00", "2003-07-01T08:52:37Z"},
		{"Tue, 1 Jul 2003 ((a)b) 10:52:37 CEST", "2003-07-01T08:52:37Z"},
		{"29 Feb 2024 00:00:00 +0000", "2024-02-29T00:00:00Z"},
		{"31 Dec 2016 23:59:60 +0000", "2017-01-01T00:00:00Z"},
		{"by mx.example with SMTP;\r\n\tTue, 1 Jul 2003 10:52:37 +0200",
		 "2003-07-01T08:52:37Z"},
		{"Tue, 029 Apr 2019 23:34:45 -0800 (PST)", "2019-04-30T07:34:45Z"},
		{"2003-07-01T10:52:37-07:00", "2003-07-01T17:52:37Z"},
		{"2003-07-01T10:52:37Z", "2003-07-01T10:52:37Z"},
		{"1 Jul 2003 10:52:37-0700", "2003-07-01T17:52:37Z"},
		{"Wed, 16 Aug 2006 20:52:12 +0360", "2006-08-16T16:52:12Z"},
		{"01 Jan 2001 00:01+0000", "2001-01-01T00:01:00Z"},
		/* T15 */
		{"29 Feb 2023 00:00:00 +0000", NULL},
		{"31 Apr 2023 00:00:00 +0000", NULL},
		{"1 Jan 2023 24:00:00 +0000", NULL},
		{"1 Jan 2023 10:00:00 +9900", NULL},
		{"1 Jan 99999 10:00:00 +0000", NULL},
		{"some numbers 0 1 2", NULL},
		{"Tue, 7 Bog 2026 19:14:51 +0000", NULL},
		{"999999999999999999999", NULL},
		{"", NULL},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample s = with_field("Date", rows[i].value);
		struct buf got;
		buf_init(&got, 64);
		if (s.m->has_date)
			clock_put_rfc3339(&got, s.m->date);
		expect_text(rows[i].value, buf_slice(&got), rows[i].want ? rows[i].want : "");
		assert_int_equal(mail_has_defect(s.m, MAIL_DEFECT_BAD_DATE), !rows[i].want);
		buf_release(&got);
		sample_free(&s);
	}
}

void test_id_rows(void **state)
{
	(void)state;
	static const struct {
		const char *value, *want;
	} rows[] = {
		{"<a@b>", "a@b"},
		{"<a@b> <c@d>", "a@b c@d"},
		{"<a@\r\n b>\r\n\t<c@d>", "a@b c@d"},
		{"Your message of Monday <a@b>", "a@b"},
		{"a@b c@d", "a@b c@d"},
		{"<a@b", "a@b"},
		{"<>", ""},
		{"", ""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample s = with_field("References", rows[i].value);
		struct buf got;
		buf_init(&got, 4096);
		for (size_t k = 0; k < s.m->n_references; k++)
			buf_printf(&got, "%s%.*s", k ? " " : "", SLICE_ARG(s.m->references[k]));
		expect_text(rows[i].value, buf_slice(&got), rows[i].want);
		buf_release(&got);
		sample_free(&s);
	}
	/* The first and the last 99 are kept. */
	struct buf many;
	buf_init(&many, 1 << 16);
	for (int i = 0; i < 150; i++)
		buf_printf(&many, "<%d@x> ", i);
	struct sample s = with_field("References", buf_str(&many));
	assert_int_equal(s.m->n_references, MAIL_REFERENCES_MAX);
	expect_text("first", s.m->references[0], "0@x");
	expect_text("second", s.m->references[1], "51@x");
	expect_text("last", s.m->references[MAIL_REFERENCES_MAX - 1], "149@x");
	assert_true(mail_has_defect(s.m, MAIL_DEFECT_REFERENCES_CUT));
	buf_release(&many);
	sample_free(&s);
}

#define USUAL "From: a@b.example\r\nDate: 1 Jan 2026 10:00 +0000\r\nMessage-ID: <a@b>\r\n"

void test_header_defects(void **state)
{
	(void)state;
	static const struct {
		struct slice raw;
		const char *want; /* names in order of the table */
		bool ambiguous;
	} rows[] = {
		{SLICE(USUAL "\r\nx\r\n"), "", false},
		{SLICE("x\n"), "no-headers missing-from missing-date missing-message-id", false},
		{SLICE(""), "no-headers missing-from missing-date missing-message-id", false},
		{SLICE(USUAL "From: c@d.example\r\n\r\n"), "duplicate-from", true},
		{SLICE(USUAL "To: a@b.example\r\nTo: c@d.example\r\n\r\n"), "duplicate-header",
		 true},
		{SLICE(USUAL "Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n"),
		 "duplicate-header", true},
		{SLICE(USUAL "Content-Type: text/plain; charset=a; charset=b\r\n\r\n"),
		 "duplicate-parameter unknown-charset", true},
		{SLICE(USUAL "bad line\r\nTo: x@y.example\r\n\r\n"), "bad-header-line", true},
		{SLICE(USUAL "To : x@y.example\r\n\r\n"), "blank-before-colon", true},
		{SLICE(USUAL " \r\nTo: x@y.example\r\n\r\n"), "bad-header-line", true},
		{SLICE(USUAL "\r\n--x\r\n"), "", false},
		{SLICE(USUAL "Subject: \x01x\r\n\r\n"), "control-in-header", false},
		{SLICE(USUAL "Subject: \xfc\r\n\r\n"), "eight-bit-header", false},
		{SLICE(USUAL "\r\na\0b"), "nul-byte", true},
		{SLICE(USUAL "\r\na\rb\r\n"), "bare-cr", true},
		{SLICE(USUAL "\r\na\nb\r\n"), "mixed-line-ends", true},
		{SLICE(USUAL "Content-Type: text\r\n\r\n"), "bad-content-type", false},
		{SLICE(USUAL "Content-Transfer-Encoding: x-odd\r\n\r\n"), "unknown-encoding", true},
		{SLICE(USUAL "Content-Transfer-Encoding: \"base64\"\r\n\r\nSGVs"),
		 "unknown-encoding", true},
		{SLICE(USUAL "Subject: a\rBcc: x\r\n\r\n"), "bare-cr", true},
		{SLICE(USUAL "Subject: a\nTo: x@y.example\r\n\r\n"), "mixed-line-ends", true},
		{SLICE(USUAL "Subject: a\0b\r\n\r\n"), "control-in-header nul-byte", true},
		{SLICE(USUAL "Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: "
			     "7bit\r\n\r\nSGVs"),
		 "duplicate-header", true},
		{SLICE(USUAL "Content-Disposition: inline\r\nContent-Disposition: "
			     "attachment\r\n\r\n"),
		 "duplicate-header", true},
		{SLICE(USUAL "Subject: a\r\nSubject: b\r\n\r\n"), "duplicate-header", true},
		{SLICE(USUAL "Message-ID: <c@d>\r\n\r\n"), "duplicate-header", true},
		{SLICE(USUAL "\r\n=ybegin line=128 size=1 name=x\r\n"), "yenc", false},
		{SLICE(USUAL "Content-Type: text/plain; charset=utf-7\r\n\r\n+ADw-"), "utf-7",
		 true},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample s = sample_read(rows[i].raw);
		struct buf got;
		buf_init(&got, 4096);
		for (int d = 0; d < MAIL_DEFECT_COUNT; d++)
			if (mail_has_defect(s.m, (enum mail_defect)d))
				buf_printf(&got, "%s%s", got.len ? " " : "",
					   mail_defect_name((enum mail_defect)d));
		expect_text(rows[i].raw.ptr, buf_slice(&got), rows[i].want);
		assert_int_equal(s.m->ambiguous, rows[i].ambiguous);
		buf_release(&got);
		sample_free(&s);
	}
}

void test_fields(void **state)
{
	(void)state;
	struct sample s = sample_read(SLICE("From x Thu Jan  1 00:00:00 2026\n"
					    "Delivered-To: one@b.example\n"
					    "X-Note : a\n"
					    "  b\n"
					    "delivered-to: two@b.example\n"
					    "X-Word: =?utf-8?Q?=C3=A9?=\n"
					    "\nbody\n"));
	expect_text("first", mail_field(s.m, "Delivered-To", 0), "one@b.example");
	expect_text("second", mail_field(s.m, "DELIVERED-TO", 1), "two@b.example");
	assert_null(mail_field(s.m, "Delivered-To", 2).ptr);
	expect_text("blank before the colon", mail_field(s.m, "X-Note", 0), "a\n  b");
	expect_text("unfolded", mail_field_text(s.a, s.m, "X-Note", 0), "a b");
	expect_text("decoded", mail_field_text(s.a, s.m, "X-Word", 0), "\xc3\xa9");
	assert_int_equal(s.m->parts[0].n_fields, 4);
	sample_free(&s);
}

void test_from_strict(void **state)
{
	(void)state;
	static const struct {
		const char *header;
		bool strict;
	} rows[] = {
		{"From: ann@shop.example\n", true},
		{"From: Ann <ann@shop.example>\n", true},
		{"From: \"Ann, Sales\" <ann@shop.example>\n", true},
		{"From: =?utf-8?Q?=C3=84nn?= <ann@shop.example>\n", true},
		{"From: ann@shop.example\nFrom: ann@shop.example\n", false},
		{"From: ann@shop.example, bob@shop.example\n", false},
		{"From: Team: ann@shop.example;\n", false},
		{"From: ann@shop.example <evil@example.org>\n", false},
		{"From: <ann@shop.example> evil@example.org\n", false},
		{"From: <ann@shop.example> <evil@example.org>\n", false},
		{"From: ann(x)@shop.example\n", false},
		{"From: <@evil.example:ann@shop.example>\n", false},
		{"From: ann@shop.example@evil.example\n", false},
		{"From: ann@[127.0.0.1]\n", false},
		{"From: ann\n", false},
		{"From: =?utf-8?Q?Muster=2C_Ann?= <ann@shop.example>\n", true},
		{"From: =?utf-8?Q?evil=40x.example=3E?= <ann@shop.example>\n", false},
		{"From: =?utf-8?Q?a=3Cevil=40x.example=3E=2C?= <ann@shop.example>\n", false},
		{"From: =?utf-8?Q?ann=40shop.example?=\n", false},
		{"From: <=?utf-8?Q?ann?=@shop.example>\n", false},
		{"From: ann@shop.example evil@x.example\n", false},
		{"From: Ann <ann@shop.example> Evil <evil@x.example>\n", false},
		{"From:\n", false},
		{"Sender: ann@shop.example\n", false},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf raw;
		buf_init(&raw, 4096);
		buf_printf(&raw, "%s\nx\n", rows[i].header);
		struct sample s = sample_read(buf_slice(&raw));
		if (s.m->from_strict != rows[i].strict)
			fail_msg("%s: from_strict is %d", rows[i].header, s.m->from_strict);
		buf_release(&raw);
		sample_free(&s);
	}
}
