/* SPDX-License-Identifier: ISC */
#include "test_writer.h"

#include <string.h>

#include "base/text.h"

#define LIMIT ((size_t)4 << 20)
#define Z10 "zzzzzzzzzz"
#define Z70 Z10 Z10 Z10 Z10 Z10 Z10 Z10

static const struct mail_person ann = {SLICE("Ann"), SLICE("ann@example.com")};

static struct mail_draft simple_draft(void)
{
	return (struct mail_draft){
		.from = {SLICE("Shop"), SLICE("shop@example.com")},
		.to = &ann,
		.to_count = 1,
		.subject = SLICE("Your order"),
		.date = 1772359200,
		.message_id = SLICE("m1@example.com"),
		.text = SLICE("Hello Ann\n"),
		.seed = 1,
	};
}

/* Writes the draft, which must succeed and be clean for the linter. */
static void compose(const struct mail_draft *draft, struct buf *out)
{
	struct err e = {0};
	buf_init(out, LIMIT);
	if (mail_compose(draft, out, &e) != 1)
		fail_msg("refused: %s", e.text);
	struct arena *arena = arena_open();
	struct mail_findings found;
	mail_lint(arena, buf_slice(out), &found);
	if (found.count > 0)
		fail_msg("line %zu: %s: %s\n%s", found.items[0].line, found.items[0].rule,
			 found.items[0].text, buf_str(out));
	arena_close(&arena);
	assert_true(draft->smtputf8 || mail_wire_safe(buf_slice(out)));
}

/* The field of that name with its folds, up to its last line end. */
static struct slice field_of(const struct buf *out, const char *name)
{
	struct slice rest = buf_slice(out), line;
	while (slice_line(&rest, &line) && line.len > 0) {
		if (!slice_starts(line, slice_str(name)) || line.ptr[strlen(name)] != ':')
			continue;
		while (rest.len > 0 && rest.ptr[0] == ' ') {
			struct slice more;
			slice_line(&rest, &more);
			line.len = (size_t)(more.ptr + more.len - line.ptr);
		}
		return line;
	}
	return (struct slice){0};
}

static void expect(const struct buf *out, const char *name, const char *want)
{
	struct slice got = field_of(out, name);
	if (!slice_eq(got, slice_str(want)))
		fail_msg("%s: got \"%.*s\", not \"%s\"", name, SLICE_ARG(got), want);
}

static void test_plain(void **state)
{
	(void)state;
	struct mail_draft draft = simple_draft();
	struct buf out;
	compose(&draft, &out);
	assert_string_equal(buf_str(&out), "Date: Sun, 01 Mar 2026 10:00:00 +0000\r\n"
					   "From: Shop <shop@example.com>\r\n"
					   "To: Ann <ann@example.com>\r\n"
					   "Subject: Your order\r\n"
					   "Message-ID: <m1@example.com>\r\n"
					   "MIME-Version: 1.0\r\n"
					   "Content-Type: text/plain; charset=utf-8\r\n"
					   "Content-Transfer-Encoding: 7bit\r\n"
					   "\r\n"
					   "Hello Ann\r\n");
	buf_release(&out);
}

static void test_whole(void **state)
{
	(void)state;
	const struct mail_person cc[] = {{.addr = SLICE("bob@example.com")},
					 {SLICE("Lee, Cy"), SLICE("cy@example.com")}};
	const struct mail_extra extra[] = {
		{SLICE("X-Loop"), MAIL_EXTRA_TOKEN, SLICE("v1; mac=abc")},
		{SLICE("X-Note"), MAIL_EXTRA_TEXT, SLICE("Gr\303\274\303\237e")},
		{SLICE("X-Thread"), MAIL_EXTRA_ID, SLICE("<t1@example.com>")},
		{SLICE("X-Agent"), MAIL_EXTRA_ADDRESS, SLICE("dan@example.com")},
	};
	const struct slice references[] = {SLICE("<p0@example.com>"), SLICE("p1@example.com")};
	const struct mail_attachment files[] = {
		{SLICE("a.csv"), SLICE("text/csv"), SLICE("a;b\n"), false},
		{SLICE(""), SLICE("message/rfc822"), SLICE("Subject: x\n\nInner\n"), true},
	};
	struct mail_draft draft = simple_draft();
	draft.sender = (struct mail_person){.addr = SLICE("desk@example.com")};
	draft.reply_to = (struct mail_person){.addr = SLICE("r+abc@example.com")};
	draft.cc = cc;
	draft.cc_count = ROWS(cc);
	draft.in_reply_to = SLICE("p1@example.com");
	draft.references = references;
	draft.references_count = ROWS(references);
	draft.auto_submitted = MAIL_AUTO_GENERATED;
	draft.unsubscribe_https = SLICE("https://example.com/u?a=1");
	draft.unsubscribe_mailto = SLICE("mailto:u@example.com");
	draft.extra = extra;
	draft.extra_count = ROWS(extra);
	draft.html = SLICE("<p>Hello Ann</p>\n");
	draft.attachments = files;
	draft.attachments_count = ROWS(files);
	struct buf out;
	compose(&draft, &out);
	struct slice type = field_of(&out, "Content-Type");
	assert_true(slice_starts(type, SLICE("Content-Type: multipart/mixed;\r\n boundary=\"=_")));
	/* Boundaries are hashes of the seed: replaced, so that the rest can be read. */
	struct buf shown;
	buf_init(&shown, LIMIT);
	for (size_t i = 0; i < out.len; i++) {
		struct slice here = slice_sub(buf_slice(&out), i, i + 2);
		buf_put(&shown, slice_sub(here, 0, 1));
		if (slice_eq(here, SLICE("=_"))) {
			buf_putc(&shown, '_');
			i += 25;
		}
	}
	assert_string_equal(
		strstr(buf_str(&shown), "From:"),
		"From: Shop <shop@example.com>\r\n"
		"Sender: desk@example.com\r\n"
		"Reply-To: r+abc@example.com\r\n"
		"To: Ann <ann@example.com>\r\n"
		"Cc: bob@example.com, \"Lee, Cy\" <cy@example.com>\r\n"
		"Subject: Your order\r\n"
		"Message-ID: <m1@example.com>\r\n"
		"In-Reply-To: <p1@example.com>\r\n"
		"References: <p0@example.com> <p1@example.com>\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"X-Auto-Response-Suppress: All\r\n"
		"List-Unsubscribe: <https://example.com/u?a=1>, <mailto:u@example.com>\r\n"
		"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
		"X-Loop: v1; mac=abc\r\n"
		"X-Note: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
		"X-Thread: <t1@example.com>\r\n"
		"X-Agent: dan@example.com\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/mixed;\r\n boundary=\"=_\"\r\n"
		"\r\n--=_\r\n"
		"Content-Type: multipart/alternative;\r\n boundary=\"=_\"\r\n"
		"\r\n--=_\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: 7bit\r\n"
		"\r\nHello Ann\r\n"
		"\r\n--=_\r\n"
		"Content-Type: text/html; charset=utf-8\r\n"
		"Content-Transfer-Encoding: 7bit\r\n"
		"\r\n<p>Hello Ann</p>\r\n"
		"\r\n--=_--\r\n"
		"\r\n--=_\r\n"
		"Content-Type: text/csv; charset=utf-8\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"Content-Disposition: attachment; filename=\"a.csv\"\r\n"
		"\r\nYTtiCg==\r\n"
		"\r\n--=_\r\n"
		"Content-Type: message/rfc822\r\n"
		"Content-Transfer-Encoding: 7bit\r\n"
		"Content-Disposition: inline; filename=\"message.eml\"\r\n"
		"\r\nSubject: x\r\n\r\nInner\r\n"
		"\r\n--=_--\r\n");
	buf_release(&shown);
	buf_release(&out);
}

static void test_seed(void **state)
{
	(void)state;
	struct mail_draft draft = simple_draft();
	draft.html = SLICE("<p>");
	struct buf first, second, other, random;
	compose(&draft, &first);
	compose(&draft, &second);
	draft.seed = 2;
	compose(&draft, &other);
	draft.seed = 0;
	compose(&draft, &random);
	assert_true(slice_eq(buf_slice(&first), buf_slice(&second)));
	assert_false(slice_eq(buf_slice(&first), buf_slice(&other)));
	assert_false(slice_eq(buf_slice(&first), buf_slice(&random)));
	/* A text that holds the boundary gets another one. */
	struct slice type = field_of(&first, "Content-Type");
	ptrdiff_t at = slice_find(type, SLICE("=_"));
	draft.seed = 1;
	draft.text = slice_sub(type, (size_t)at, type.len - 1);
	struct buf third;
	compose(&draft, &third);
	assert_false(slice_eq(type, field_of(&third, "Content-Type")));
	struct buf *all[] = {&first, &second, &other, &random, &third};
	for (size_t i = 0; i < ROWS(all); i++)
		buf_release(all[i]);
}

static void test_subjects(void **state)
{
	(void)state;
	static const struct {
		struct slice subject;
		const char *field;
	} rows[] = {
		{SLICE(""), ""},
		{SLICE(" \r\n\t "), ""},
		{SLICE("[T1234] Re: your order?"), "Subject: [T1234] Re: your order?"},
		{SLICE("a   b"), "Subject: a b"},
		{SLICE(Z10 " " Z10 " " Z10 " " Z10 " " Z10 " " Z10 " " Z10),
		 "Subject: " Z10 " " Z10 " " Z10 " " Z10 " " Z10 " " Z10 "\r\n " Z10},
		{SLICE("Gr\303\274n"), "Subject: =?utf-8?q?Gr=C3=BCn?="},
		{SLICE("=?utf-8?q?=0D=0ABcc:_x?="),
		 "Subject: =?utf-8?q?=3D=3Futf-8=3Fq=3F=3D0D=3D0ABcc=3A=5Fx=3F=3D?="},
		{SLICE("a\r\nBcc: eve@example.com"), "Subject: a Bcc: eve@example.com"},
		{SLICE("a\0b\x7f"
		       "c"),
		 "Subject: a b c"},
		{SLICE("a\342\200\250b"), "Subject: a b"},
		{SLICE("bad \377 byte"), "Subject: =?utf-8?q?bad_=EF=BF=BD_byte?="},
		{SLICE(Z70 Z70), "Subject: =?utf-8?q?" Z10 Z10 Z10 Z10 Z10 "zzzzz?=\r\n"
				 " =?utf-8?q?" Z10 Z10 Z10 Z10 Z10 Z10 "zzz?=\r\n"
				 " =?utf-8?q?" Z10 Z10 "zz?="},
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mail_draft draft = simple_draft();
		struct buf out;
		draft.subject = rows[i].subject;
		compose(&draft, &out);
		expect(&out, "Subject", rows[i].field);
		buf_release(&out);
	}
}

static void test_names(void **state)
{
	(void)state;
	static const struct {
		struct slice name;
		const char *field;
	} rows[] = {
		{SLICE(""), "To: a@example.com"},
		{SLICE("\r\n"), "To: a@example.com"},
		{SLICE("Ann O'Neil"), "To: Ann O'Neil <a@example.com>"},
		{SLICE("Ann B. Cole"), "To: \"Ann B. Cole\" <a@example.com>"},
		{SLICE("a\"b\\c"), "To: \"a\\\"b\\\\c\" <a@example.com>"},
		{SLICE("\"\"\"\"\"\"\"\"\"\"" Z10 Z10 Z10 Z10 "z"),
		 "To: =?utf-8?q?=22=22=22=22=22=22=22=22=22=22" Z10 Z10 Z10 "?=\r\n"
		 " =?utf-8?q?" Z10 "z?= <a@example.com>"},
		{SLICE("eve@example.com"), "To: \"eve@example.com\" <a@example.com>"},
		{SLICE("J\303\274rgen, GmbH"),
		 "To: =?utf-8?q?J=C3=BCrgen=2C_GmbH?= <a@example.com>"},
		{SLICE("\350\251\261"), "To: =?utf-8?b?6Kmx?= <a@example.com>"},
		{SLICE("x\r\nBcc: eve@example.com"),
		 "To: \"x Bcc: eve@example.com\" <a@example.com>"},
		{SLICE("=?utf-8?q?x?="),
		 "To: =?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?= <a@example.com>"},
		{SLICE("\342\200\256moc"), "To: moc <a@example.com>"},
		{SLICE(Z70), "To: =?utf-8?q?" Z10 Z10 Z10 Z10 Z10 Z10 "?=\r\n"
			     " =?utf-8?q?" Z10 "?= <a@example.com>"},
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct mail_person to = {rows[i].name, SLICE("a@example.com")};
		struct mail_draft draft = simple_draft();
		struct buf out;
		draft.to = &to;
		compose(&draft, &out);
		expect(&out, "To", rows[i].field);
		buf_release(&out);
	}
}

/* T19; the part's field is the last one of its name. */
static void test_filenames(void **state)
{
	(void)state;
	static const struct {
		struct slice name;
		const char *field;
	} rows[] = {
		{SLICE(""), "filename=\"attachment\""},
		{SLICE("a b.pdf"), "filename=\"a b.pdf\""},
		{SLICE("../../etc/passwd"), "filename=\"_.._etc_passwd\""},
		{SLICE("..\\..\\boot.ini"), "filename=\"_.._boot.ini\""},
		{SLICE("C:\\a"), "filename=\"C__a\""},
		{SLICE(".profile"), "filename=\"profile\""},
		{SLICE("..."), "filename=\"attachment\""},
		{SLICE("a\0.exe"), "filename=\"a .exe\""},
		{SLICE("a\r\nX: y"), "filename=\"a X_ y\""},
		{SLICE("a\"; x=\"b"), "filename=\"a_; x=_b\""},
		{SLICE("=?utf-8?q?a?="), "filename=\"=_utf-8_q_a_=\""},
		{SLICE("r\303\251sum\303\251.pdf"),
		 "filename=\"r_sum_.pdf\";\r\n filename*0*=utf-8''r%C3%A9sum%C3%A9.pdf"},
		{SLICE("\342\200\256fdp.exe"), "filename=\"fdp.exe\""},
		{SLICE(Z70 ".tar.gz"), "filename=\"" Z10 Z10 Z10 Z10 Z10 "zzzzzzz.gz\";\r\n"
				       " filename*0*=utf-8''" Z10 Z10 Z10 Z10 "zzz;\r\n"
				       " filename*1*=" Z10 Z10 "zzzzzzz.tar.gz"},
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct mail_attachment file = {.filename = rows[i].name, .bytes = SLICE("x")};
		struct mail_draft draft = simple_draft();
		struct buf out;
		draft.attachments = &file;
		draft.attachments_count = 1;
		compose(&draft, &out);
		const char *got = strstr(buf_str(&out), "Content-Disposition: attachment;");
		assert_non_null(got);
		got += strlen("Content-Disposition: attachment;");
		got += strspn(got, " \r\n");
		size_t n = strlen(rows[i].field);
		if (strncmp(got, rows[i].field, n) != 0 || strncmp(got + n, "\r\n\r\n", 4) != 0)
			fail_msg("row %zu: %.*s", i, (int)n + 20, got);
		buf_release(&out);
	}
}

static void test_bodies(void **state)
{
	(void)state;
	static const struct {
		struct slice text;
		const char *encoding, *body;
	} rows[] = {
		{SLICE(""), "7bit", ""},
		{SLICE("a"), "7bit", "a\r\n"},
		{SLICE("a\nb\r\nc\rd"), "7bit", "a\r\nb\r\nc\r\nd\r\n"},
		{SLICE("\n\n"), "7bit", "\r\n\r\n"},
		{SLICE("-- \nShop"), "quoted-printable", "--=20\r\nShop\r\n"},
		{SLICE("a\t"), "quoted-printable", "a=09\r\n"},
		{SLICE("From here"), "quoted-printable", "=46rom here\r\n"},
		{SLICE(".\n..b"), "quoted-printable", "=2E\r\n=2E.b\r\n"},
		{SLICE("a = b and more \303\274"), "quoted-printable",
		 "a =3D b and more =C3=BC\r\n"},
		{SLICE("\350\251\261"), "base64", "6KmxDQo=\r\n"},
		{SLICE(Z70 "123456"), "7bit", Z70 "123456\r\n"},
		{SLICE(Z70 "1234567"), "quoted-printable", Z70 "12345=\r\n67\r\n"},
		{SLICE(Z70 "12345.67"), "quoted-printable", Z70 "12345=\r\n=2E67\r\n"},
		{SLICE(Z70 "12345From b"), "quoted-printable", Z70 "12345=\r\n=46rom b\r\n"},
		{SLICE(Z70 "123 4567"), "quoted-printable", Z70 "123 4=\r\n567\r\n"},
		{SLICE(Z70 "1234=567"), "quoted-printable", Z70 "1234=\r\n=3D567\r\n"},
		{SLICE("long enough for it\0"), "quoted-printable",
		 "long enough for it=EF=BF=BD\r\n"},
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mail_draft draft = simple_draft();
		struct buf out, encoding;
		draft.text = rows[i].text;
		compose(&draft, &out);
		buf_init(&encoding, 100);
		buf_printf(&encoding, "Content-Transfer-Encoding: %s", rows[i].encoding);
		expect(&out, "Content-Transfer-Encoding", buf_str(&encoding));
		assert_string_equal(strstr(buf_str(&out), "\r\n\r\n") + 4, rows[i].body);
		buf_release(&encoding);
		buf_release(&out);
	}
}

static void test_attachments(void **state)
{
	(void)state;
	static const struct {
		struct slice type, bytes;
		const char *want;
	} rows[] = {
		{SLICE("application/pdf"), SLICE("x"), "Content-Type: application/pdf\r\n"},
		{SLICE("text/plain"), SLICE("\303\274"),
		 "Content-Type: text/plain; charset=utf-8\r\n"},
		{SLICE("text/plain"), SLICE("\374"), "Content-Type: application/octet-stream\r\n"},
		{SLICE("text/plain; name=x"), SLICE("x"),
		 "Content-Type: application/octet-stream\r\n"},
		{SLICE("a/b\r\nX: y"), SLICE("x"), "Content-Type: application/octet-stream\r\n"},
		{SLICE("multipart/mixed"), SLICE("x"),
		 "Content-Type: application/octet-stream\r\n"},
		{SLICE("message/partial"), SLICE("x"),
		 "Content-Type: application/octet-stream\r\n"},
		{SLICE("Message/RFC822"), SLICE("A: b\n\nc\n"), "Content-Type: Message/RFC822\r\n"},
		{SLICE("message/rfc822"), SLICE("A: \374\n\nc\n"),
		 "Content-Type: application/octet-stream\r\n"},
		{SLICE("message/rfc822"), SLICE("A: b\n\n\0\n"),
		 "Content-Type: application/octet-stream\r\n"},
		{SLICE("message/rfc822"), SLICE(""), "Content-Type: application/octet-stream\r\n"},
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct mail_attachment file = {SLICE("f"), rows[i].type, rows[i].bytes,
						     false};
		struct mail_draft draft = simple_draft();
		struct buf out;
		draft.text = SLICE("Hello=");
		draft.attachments = &file;
		draft.attachments_count = 1;
		compose(&draft, &out);
		const char *part = strstr(buf_str(&out), "Hello=");
		if (!strstr(part, rows[i].want))
			fail_msg("row %zu: %s", i, part);
		buf_release(&out);
	}
}

/* T04: nothing of a value may become a field, a line or an address. */
static void test_injection(void **state)
{
	(void)state;
	static const struct slice evil[] = {
		SLICE("x\r\nBcc: eve@example.com\r\n\r\nbody"),
		SLICE("x\nBcc: eve@example.com"),
		SLICE("x\rBcc: eve@example.com"),
		SLICE("x\r\n Bcc: eve@example.com"),
		SLICE("x\0\r\nBcc: eve@example.com"),
		SLICE("\"\r\nBcc: eve@example.com"),
		SLICE("=?utf-8?q?x=0D=0ABcc:_eve@example.com?="),
		SLICE("=?utf-8?b?DQpCY2M6IGV2ZUBleGFtcGxlLmNvbQ==?="),
		SLICE("x\302\205Bcc: eve@example.com"),
		SLICE("x\342\200\251Bcc: eve@example.com"),
		SLICE("\340\240\212Bcc: eve@example.com"),
		SLICE("\300\215\300\212Bcc: eve@example.com"),
		SLICE("ann@example.com>, <eve@example.com"),
	};
	for (size_t i = 0; i < ROWS(evil); i++) {
		const struct mail_extra extra = {SLICE("X-Text"), MAIL_EXTRA_TEXT, evil[i]};
		const struct mail_person to = {evil[i], SLICE("ann@example.com")};
		const struct mail_attachment file = {evil[i], evil[i], evil[i], false};
		struct mail_draft draft = simple_draft();
		struct buf out;
		draft.from.name = evil[i];
		draft.to = &to;
		draft.subject = evil[i];
		draft.extra = &extra;
		draft.extra_count = 1;
		draft.attachments = &file;
		draft.attachments_count = 1;
		compose(&draft, &out);
		assert_int_equal(field_of(&out, "Bcc").len, 0);
		assert_int_equal(slice_find(buf_slice(&out), SLICE("\nBcc")), -1);
		buf_release(&out);
	}
}

static void test_references(void **state)
{
	(void)state;
	struct arena *arena = arena_open();
	struct slice ids[150];
	for (int i = 0; i < 150; i++)
		ids[i] = slice_str(arena_printf(arena, "r%d@example.com", i));
	struct mail_draft draft = simple_draft();
	struct buf out;
	draft.in_reply_to = SLICE("<r7@example.com>");
	draft.references = ids;
	draft.references_count = 150;
	compose(&draft, &out);
	struct slice field = field_of(&out, "References");
	size_t n = 0;
	for (size_t i = 0; i < field.len; i++)
		n += field.ptr[i] == '<';
	assert_int_equal(n, MAIL_DRAFT_REFERENCES_MAX);
	assert_true(slice_starts(field, SLICE("References: <r0@example.com> <r52@example.com>")));
	assert_true(slice_ends(field, SLICE(" <r7@example.com>")));
	buf_release(&out);
	draft.references_count = 0;
	compose(&draft, &out);
	expect(&out, "References", "References: <r7@example.com>");
	buf_release(&out);
	arena_close(&arena);
}

static void test_smtputf8(void **state)
{
	(void)state;
	const struct mail_person to = {SLICE("J\303\274rgen"),
				       SLICE("j\303\274@b\303\274.example")};
	struct mail_draft draft = simple_draft();
	struct buf out;
	struct err e;
	draft.to = &to;
	buf_init(&out, LIMIT);
	assert_int_equal(mail_compose(&draft, &out, &e), -1);
	draft.smtputf8 = true;
	compose(&draft, &out);
	expect(&out, "To", "To: =?utf-8?q?J=C3=BCrgen?= <j\303\274@b\303\274.example>");
	assert_true(mail_wire_safe_utf8(buf_slice(&out)));
	buf_release(&out);
}

/* Each row spoils one value of a good draft. */
static void test_refusals(void **state)
{
	(void)state;
	static const struct mail_person bad = {.addr = SLICE("a@b\r\nRCPT TO:<c@d>")};
	static const struct slice bad_id[] = {SLICE("a b")};
	static const struct mail_extra extra[] = {
		{SLICE("Bcc"), MAIL_EXTRA_ADDRESS, SLICE("a@example.com")},
		{SLICE("subject"), MAIL_EXTRA_TEXT, SLICE("x")},
		{SLICE("Content-Type"), MAIL_EXTRA_TEXT, SLICE("x")},
		{SLICE("X: y\r\nBcc"), MAIL_EXTRA_TEXT, SLICE("x")},
		{SLICE(""), MAIL_EXTRA_TEXT, SLICE("x")},
		{SLICE("X-A"), MAIL_EXTRA_TOKEN, SLICE("a\r\nBcc: b")},
		{SLICE("X-A"), MAIL_EXTRA_TOKEN, SLICE("a  b")},
		{SLICE("X-A"), MAIL_EXTRA_TOKEN, SLICE("")},
		{SLICE("X-A"), MAIL_EXTRA_TOKEN, SLICE("=?utf-8?q?a?=")},
		{SLICE("X-A"), MAIL_EXTRA_ID, SLICE("a b")},
		{SLICE("X-A"), MAIL_EXTRA_ADDRESS, SLICE("a")},
	};
	struct mail_draft drafts[12 + ROWS(extra)];
	for (size_t i = 0; i < ROWS(drafts); i++)
		drafts[i] = simple_draft();
	drafts[0].from.addr = SLICE("");
	drafts[1].sender = bad;
	drafts[2].reply_to = bad;
	drafts[3].to = &bad;
	drafts[4].to_count = 0;
	drafts[5].message_id = SLICE("");
	drafts[6].message_id = SLICE("a@b\r\nBcc: c");
	drafts[7].in_reply_to = SLICE("a>\r\n<b");
	drafts[8].references = bad_id;
	drafts[8].references_count = 1;
	drafts[9].unsubscribe_https = SLICE("http://example.com/>");
	drafts[10].date = INT64_MAX;
	drafts[11].text = SLICE(" \r\n");
	drafts[11].html = SLICE("<p>");
	for (size_t i = 0; i < ROWS(extra); i++) {
		drafts[12 + i].extra = &extra[i];
		drafts[12 + i].extra_count = 1;
	}
	for (size_t i = 0; i < ROWS(drafts); i++) {
		struct buf out;
		struct err e = {0};
		buf_init(&out, LIMIT);
		if (mail_compose(&drafts[i], &out, &e) != -1 || e.class != ERR_INPUT)
			fail_msg("row %zu is taken", i);
		assert_int_equal(e.text[strlen(e.text) - 1], '.');
		buf_release(&out);
	}
}

static void test_too_large(void **state)
{
	(void)state;
	struct mail_draft draft = simple_draft();
	struct buf out;
	struct err e = {0};
	buf_init(&out, 200);
	assert_int_equal(mail_compose(&draft, &out, &e), -1);
	assert_int_equal(e.class, ERR_INPUT);
	buf_release(&out);
}

static int run_compose_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),	  cmocka_unit_test(test_whole),
		cmocka_unit_test(test_seed),	  cmocka_unit_test(test_subjects),
		cmocka_unit_test(test_names),	  cmocka_unit_test(test_filenames),
		cmocka_unit_test(test_bodies),	  cmocka_unit_test(test_attachments),
		cmocka_unit_test(test_injection), cmocka_unit_test(test_references),
		cmocka_unit_test(test_smtputf8),  cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_too_large),
	};
	return cmocka_run_group_tests_name("compose", tests, NULL, NULL);
}

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	int failed = run_compose_tests();
	failed += run_envelope_tests();
	failed += run_lint_tests();
	failed += run_roundtrip_tests();
	return failed != 0;
}
