/* SPDX-License-Identifier: ISC */
#include "test_writer.h"

#include <string.h>

/* A clean mail around one part that a row spoils. */
#define TOP                                                                                        \
	"Date: Sun, 01 Mar 2026 10:00:00 +0000\r\n"                                                \
	"From: Shop <shop@example.com>\r\n"
#define TO "To: ann@example.com\r\n"
#define ID "Message-ID: <1.a@example.com>\r\n"
#define MIME "MIME-Version: 1.0\r\n"
#define TEXT                                                                                       \
	"Content-Type: text/plain; charset=utf-8\r\n"                                              \
	"Content-Transfer-Encoding: 7bit\r\n\r\nText\r\n"
#define HEAD TOP TO ID MIME
#define PLAIN "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
#define QP                                                                                         \
	"Content-Type: text/plain; charset=utf-8\r\n"                                              \
	"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
#define BASE64                                                                                     \
	"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
#define HTML "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
#define ALTERNATIVE "Content-Type: multipart/alternative; boundary=\"=_b\"\r\n\r\n"
#define MIXED "Content-Type: multipart/mixed; boundary=\"=_m\"\r\n\r\n"
#define FILE_PART(parameters)                                                                      \
	HEAD MIXED "--=_m\r\nContent-Type: application/pdf\r\n"                                    \
		   "Content-Transfer-Encoding: base64\r\n"                                         \
		   "Content-Disposition: attachment" parameters "\r\n\r\nQUJD\r\n--=_m--\r\n"
#define A50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define A70 A50 "ffffffffffgggggggggg"

/* The rules that must be found, in the order of finding; "" for a clean mail. */
static const struct {
	const char *name;
	struct slice raw;
	const char *rules;
} rows[] = {
	{"clean", SLICE(HEAD TEXT), ""},
	{"empty", SLICE(""), "O1 O1 O1 O1 O5 O5 O1 O5"},
	{"two From", SLICE(TOP "From: x@example.com\r\n" TO ID MIME TEXT), "O1"},
	{"From with two",
	 SLICE("Date: Sun, 01 Mar 2026 10:00:00 +0000\r\n"
	       "From: a@example.com, b@example.com\r\n" TO ID MIME TEXT),
	 "O1"},
	{"no recipient", SLICE(TOP ID MIME TEXT), "O1"},
	{"Bcc", SLICE(HEAD "Bcc: eve@example.com\r\n" TEXT), "O1"},
	{"two Subject", SLICE(HEAD "Subject: a\r\nSubject: b\r\n" TEXT), "O1"},
	{"no colon", SLICE(HEAD "Subject a\r\n" TEXT), "O1"},
	{"space before colon", SLICE(HEAD "Subject : a\r\n" TEXT), "O1"},
	{"blank fold", SLICE(HEAD "Subject: a\r\n \r\n b\r\n" TEXT), "O1"},
	{"control", SLICE(HEAD "Subject: a\007\r\n" TEXT), "O1"},
	{"address without domain", SLICE(HEAD "Cc: ann at example\r\n" TEXT), "O1"},
	{"address with empty label", SLICE(HEAD "Cc: a@b..c\r\n" TEXT), "O1"},
	{"text behind address", SLICE(HEAD "Cc: <a@b.example> x\r\n" TEXT), "O1 O1"},
	{"comma in name", SLICE(HEAD "Cc: \"Lee, Ann\" <a@b.example>, c@d.example\r\n" TEXT), ""},
	{"unquoted point", SLICE(HEAD "Cc: Ann B. <a@b.example>\r\n" TEXT), "O1"},
	{"quoted local part", SLICE(HEAD "Cc: \"a..b\"@c.example\r\n" TEXT), ""},
	{"bare LF", SLICE(HEAD "Subject: a\n" TEXT), "O2"},
	{"bare CR", SLICE(HEAD PLAIN "a\rb\r\n"), "O2"},
	{"NUL", SLICE(HEAD PLAIN "a\0b\r\n"), "O2"},
	{"no last line end", SLICE(HEAD PLAIN "a"), "O2"},
	{"not folded", SLICE(HEAD "Subject: " A70 " b\r\n" TEXT), "O2"},
	{"cannot be folded", SLICE(HEAD "Subject:\r\n " A70 A50 "\r\n" TEXT), ""},
	{"no Message-ID", SLICE(TOP TO MIME TEXT), "O1"},
	{"Message-ID without brackets", SLICE(TOP TO "Message-ID: a@b\r\n" MIME TEXT), "O3 O3"},
	{"Message-ID with two dots", SLICE(TOP TO "Message-ID: <a..b@c>\r\n" MIME TEXT), "O3"},
	{"two ids", SLICE(TOP TO "Message-ID: <a@b> <c@d>\r\n" MIME TEXT), "O3"},
	{"parent not referenced", SLICE(HEAD "In-Reply-To: <p@q>\r\n" TEXT), "O3"},
	{"parent not last", SLICE(HEAD "In-Reply-To: <p@q>\r\nReferences: <p@q> <r@s>\r\n" TEXT),
	 "O3"},
	{"parent last", SLICE(HEAD "In-Reply-To: <p@q>\r\nReferences: <r@s>\r\n <p@q>\r\n" TEXT),
	 ""},
	{"zone by name",
	 SLICE("Date: Sun, 01 Mar 2026 10:00:00 GMT\r\n"
	       "From: a@example.com\r\n" TO ID MIME TEXT),
	 "O4"},
	{"wrong weekday",
	 SLICE("Date: Mon, 01 Mar 2026 10:00:00 +0000\r\n"
	       "From: a@example.com\r\n" TO ID MIME TEXT),
	 "O1"},
	{"30 February",
	 SLICE("Date: Mon, 30 Feb 2026 10:00:00 +0000\r\n"
	       "From: a@example.com\r\n" TO ID MIME TEXT),
	 "O1"},
	{"no MIME-Version", SLICE(TOP TO ID TEXT), "O5"},
	{"no charset",
	 SLICE(HEAD "Content-Type: text/plain\r\n"
		    "Content-Transfer-Encoding: 7bit\r\n\r\nText\r\n"),
	 "O5"},
	{"no encoding", SLICE(HEAD "Content-Type: text/plain; charset=utf-8\r\n\r\nText\r\n"),
	 "O5"},
	{"8bit",
	 SLICE(HEAD "Content-Type: text/plain; charset=utf-8\r\n"
		    "Content-Transfer-Encoding: 8bit\r\n\r\n\303\274\r\n"),
	 "O5 O5"},
	{"wrong charset", SLICE(HEAD QP "=FC\r\n"), "O5"},
	{"base64", SLICE(HEAD BASE64 "w7w=\r\n"), ""},
	{"base64 cut", SLICE(HEAD BASE64 "w7w\r\n"), "O5"},
	{"base64 wide", SLICE(HEAD BASE64 A70 "aaaaaaaaaa\r\n"), "O5 O5"},
	{"lower case escape", SLICE(HEAD QP "=c3=bc\r\n"), "O5"},
	{"trailing space", SLICE(HEAD QP "a \r\n"), "O5"},
	{"soft break", SLICE(HEAD QP "a =\r\nb=20\r\n"), ""},
	{"From at start", SLICE(HEAD QP "From here\r\n"), "O5"},
	{"dot at start", SLICE(HEAD PLAIN ".a\r\n"), "O5"},
	{"long encoded line", SLICE(HEAD QP A70 "1234567\r\n"), "O5"},
	{"alternative",
	 SLICE(HEAD ALTERNATIVE "--=_b\r\n" PLAIN "a\r\n--=_b\r\n" HTML "<p>a\r\n--=_b--\r\n"), ""},
	{"HTML first",
	 SLICE(HEAD ALTERNATIVE "--=_b\r\n" HTML "<p>a\r\n--=_b\r\n" PLAIN "a\r\n--=_b--\r\n"),
	 "O6"},
	{"plain says nothing",
	 SLICE(HEAD ALTERNATIVE "--=_b\r\n" PLAIN "\r\n--=_b\r\n" HTML "<p>a\r\n--=_b--\r\n"),
	 "O6"},
	{"not closed", SLICE(HEAD ALTERNATIVE "--=_b\r\n" PLAIN "a\r\n"), "O6"},
	{"no part", SLICE(HEAD ALTERNATIVE "--=_b--\r\n"), "O6"},
	{"text behind", SLICE(HEAD MIXED "--=_m\r\n" PLAIN "a\r\n--=_m--\r\nx\r\n"), "O6"},
	{"boundary in part", SLICE(HEAD ALTERNATIVE "--=_b\r\n" PLAIN "a =_b\r\n--=_b--\r\n"),
	 "O6"},
	{"boundary of another",
	 SLICE(HEAD ALTERNATIVE "--=_b\r\n" PLAIN "a\r\n--=_bx\r\n"
				"--=_b--\r\n"),
	 "O6"},
	{"no boundary", SLICE(HEAD "Content-Type: multipart/mixed\r\n\r\n"), "O6"},
	{"long boundary",
	 SLICE(HEAD "Content-Type: multipart/mixed;\r\n boundary=" A70 "x\r\n\r\n"), "O6"},
	{"part without type", SLICE(HEAD MIXED "--=_m\r\n\r\na\r\n--=_m--\r\n"), "O5"},
	{"encoded word", SLICE(HEAD "Subject: =?utf-8?q?=C3=BC_a?= =?utf-8?b?w7w=?=\r\n" TEXT), ""},
	{"half a character", SLICE(HEAD "Subject: =?utf-8?q?=C3?= =?utf-8?q?=BC?=\r\n" TEXT),
	 "O7 O7"},
	{"word in text", SLICE(HEAD "Subject: a=?utf-8?q?b?=\r\n" TEXT), "O7"},
	{"long word", SLICE(HEAD "Subject:\r\n =?utf-8?q?" A70 "?=\r\n" TEXT), "O7 O7"},
	{"word decodes to a line end", SLICE(HEAD "Subject: =?utf-8?q?a=0D=0ABcc:b?=\r\n" TEXT),
	 "O7"},
	{"word with a bad letter", SLICE(HEAD "Cc: =?utf-8?q?a(b?= <a@b.example>\r\n" TEXT),
	 "O1 O7"},
	{"word in quotes", SLICE(HEAD "Cc: \"=?utf-8?q?a?=\" <a@b.example>\r\n" TEXT), "O7"},
	{"word in address", SLICE(HEAD "Cc: =?utf-8?q?a?=@b.example\r\n" TEXT), "O7"},
	{"word in Latin-1", SLICE(HEAD "Subject: =?iso-8859-1?q?=FC?=\r\n" TEXT), "O7"},
	{"file", SLICE(FILE_PART("; filename=\"a b.pdf\"")), ""},
	{"file with both names",
	 SLICE(FILE_PART("; filename=\"_.pdf\";\r\n filename*=utf-8''%C3%BC.pdf")), ""},
	{"file in segments",
	 SLICE(FILE_PART("; filename=\"_.pdf\";\r\n filename*0*=utf-8''%C3%BC; filename*1*=.pdf")),
	 ""},
	{"file without a name", SLICE(FILE_PART("")), "O8"},
	{"path", SLICE(FILE_PART("; filename=\"../a.pdf\"")), "O8"},
	{"path inside", SLICE(FILE_PART("; filename=\"a/b.pdf\"")), "O8"},
	{"path in the other name",
	 SLICE(FILE_PART("; filename=\"a.pdf\"; filename*=utf-8''a%2Fb.pdf")), "O8"},
	{"hidden file", SLICE(FILE_PART("; filename=.profile")), "O8"},
	{"direction", SLICE(FILE_PART("; filename=\"a\"; filename*=utf-8''%E2%80%AEfdp.exe")),
	 "O8"},
	{"NUL in name", SLICE(FILE_PART("; filename=\"a\"; filename*=utf-8''a%00.exe")), "O8"},
	{"8 bits in header", SLICE(HEAD "Subject: \303\274\r\n" TEXT), "O9"},
	{"8 bits that are no UTF-8", SLICE(HEAD "Subject: \374\r\n" TEXT), "O9"},
	{"UTF-8 address", SLICE(HEAD "Cc: \303\274@b.example\r\nSubject: \303\274\r\n" TEXT), ""},
	{"automatic",
	 SLICE(HEAD "Auto-Submitted: auto-replied\r\n"
		    "X-Auto-Response-Suppress: All\r\n" TEXT),
	 ""},
	{"automatic, not suppressed", SLICE(HEAD "Auto-Submitted: auto-generated\r\n" TEXT), "O10"},
	{"automatic, unknown",
	 SLICE(HEAD "Auto-Submitted: yes\r\n"
		    "X-Auto-Response-Suppress: All\r\n" TEXT),
	 "O10"},
	{"bulk",
	 SLICE(HEAD "List-Unsubscribe: <https://a.example/u>, <mailto:u@a.example>\r\n"
		    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" TEXT),
	 ""},
	{"bulk by mail", SLICE(HEAD "List-Unsubscribe: <mailto:u@a.example>\r\n" TEXT), ""},
	{"no one-click", SLICE(HEAD "List-Unsubscribe: <https://a.example/u>\r\n" TEXT), "O11"},
	{"one-click only", SLICE(HEAD "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" TEXT),
	 "O11"},
	{"no link", SLICE(HEAD "List-Unsubscribe: none\r\n" TEXT), "O11"},
	{"automatic answer in bulk",
	 SLICE(HEAD "Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n"
		    "List-Unsubscribe: <mailto:u@a.example>\r\n" TEXT),
	 "O11"},
};

/* On the heap and of its exact size, so that a byte read too far is seen. */
static char *exact(struct slice s)
{
	char *copy = malloc(s.len ? s.len : 1);
	assert_non_null(copy);
	memcpy(copy, s.ptr, s.len);
	return copy;
}

/* False when row i gives other findings than it should. */
static bool check_row(size_t i)
{
	struct arena *arena = arena_open();
	struct buf got;
	struct mail_findings found;
	char *raw = exact(rows[i].raw);
	buf_init(&got, 4096);
	mail_lint(arena, slice_of(raw, rows[i].raw.len), &found);
	for (size_t k = 0; k < found.count; k++)
		buf_printf(&got, "%s%s", k ? " " : "", found.items[k].rule);
	bool right = strcmp(buf_str(&got), rows[i].rules) == 0;
	if (!right)
		print_message("# %s: \"%s\" instead of \"%s\"\n", rows[i].name, buf_str(&got),
			      rows[i].rules);
	for (size_t k = 0; !right && k < found.count; k++)
		print_message("#   %zu: %s: %s\n", found.items[k].line, found.items[k].rule,
			      found.items[k].text);
	buf_release(&got);
	free(raw);
	arena_close(&arena);
	return right;
}

static void test_rules(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < ROWS(rows); i++)
		wrong += !check_row(i);
	assert_int_equal(wrong, 0);
}

static void test_lines(void **state)
{
	(void)state;
	struct arena *arena = arena_open();
	struct mail_findings found;
	mail_lint(arena,
		  SLICE(HEAD MIXED "--=_m\r\n" PLAIN "a\r\n--=_m\r\n" QP
				   "a\r\n=4\r\n.b\r\n--=_m--\r\n"),
		  &found);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.items[0].line, 19);
	assert_int_equal(found.items[1].line, 14);
	arena_close(&arena);
}

/* Each line is a finding: no more than the limit are kept. */
static void test_ceiling(void **state)
{
	(void)state;
	struct buf raw;
	buf_init(&raw, 1 << 16);
	buf_puts(&raw, HEAD PLAIN);
	for (int i = 0; i < 5000; i++)
		buf_puts(&raw, ".\n");
	struct arena *arena = arena_open();
	struct mail_findings found;
	mail_lint(arena, buf_slice(&raw), &found);
	assert_int_equal(found.count, MAIL_FINDINGS_MAX);
	arena_close(&arena);
	buf_release(&raw);
}

int run_lint_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_ceiling),
	};
	return cmocka_run_group_tests_name("lint", tests, NULL, NULL);
}
