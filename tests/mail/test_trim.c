/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#define OLD "\n> old text\n> more\n"

static const char *const attributions[] = {
	"On Mon, Feb 1, 2016 at 6:32 PM, Jeff <info@example.org> wrote:",
	"Am 03.02.2016 3:35 nachm. schrieb Max <max@example.org>:",
	"Max <max@example.org> schrieb am Fr., 28. Apr. 2017 um 11:53 Uhr:",
	"Le 4 janv. 2016 19:03, \"Neil\" <info@example.org> a \xc3\xa9"
	"crit :",
	"Op 16 aug. 2014 05:13 schreef \"cod\" <info@example.org> het volgende geschreven:",
	"El jueves, 21 de noviembre de 2013, codi escribi\xc3\xb3:",
	"Il giorno 4 gen 2016, alle ore 19:03, Neil <info@example.org> ha scritto:",
	"Em seg, 27 de jul de 2015 17:13, Neil <info@example.org> escreveu:",
	"W dniu 2017-01-09 11:59:39 u\xc5\xbcytkownik X <q@example.org> napisa\xc5\x82:",
	"Den 15. jun. 2016 kl. 20.42 skrev Jeff <info@example.org>:",
	"20 \xd0\xbe\xd0\xba\xd1\x82. 2016 \xd0\xb3. 19:37 X <m@example.org> "
	"\xd0\xbd\xd0\xb0\xd0\xbf\xd0\xb8\xd1\x81\xd0\xb0\xd0\xbb:",
	"\xe5\x9c\xa8 2016\xe5\xb9\xb4"
	"12\xe6\x9c\x88"
	"12\xe6\x97\xa5\xef\xbc\x8c"
	"Erlend "
	"<meta@example.org> \xe5\x86\x99\xe9\x81\x93\xef\xbc\x9a",
	"2016-10-24 15:36 GMT+02:00 Foo bar <info@example.org>:",
	"---- On Tue, 22 Dec 2015 14:17:36 +0530 Sam wrote ----",
	"Posted by mpalmer on 01/21/2016",
};

void test_trim_rows(void **state)
{
	(void)state;
	static const struct {
		const char *text, *fresh, *quoted, *signature, *forwarded;
	} rows[] = {
		{"only text\n", "only text", "", "", ""},
		{"", "", "", "", ""},
		{"new\n\n-- \nAnn\n", "new", "", "-- \nAnn", ""},
		{"new\n\nSent from my iPhone\n", "new", "", "Sent from my iPhone", ""},
		{"Sent from my desk, it is much easier than from my telephone.\n",
		 "Sent from my desk, it is much easier than from my telephone.", "", "", ""},
		{"> a\nanswer\n> b\nmore\n", "answer\nmore", "> a\n> b", "", ""},
		{"new\n\n-----Original Message-----\nFrom: a\nold\n", "new",
		 "-----Original Message-----\nFrom: a\nold", "", ""},
		{"new\n________________________________\nFrom: a\nSent: b\nTo: c\nSubject: "
		 "d\n\nold\n",
		 "new",
		 "________________________________\nFrom: a\nSent: b\nTo: c\nSubject: d\n\nold", "",
		 ""},
		{"new\n\n---------- Forwarded message ---------\nFrom: a\n\nold\n", "new", "", "",
		 "---------- Forwarded message ---------\nFrom: a\n\nold"},
		/* Nothing of one's own above: it was passed on. */
		{"From: a\nDate: b\nTo: c\nSubject: d\n\nold\n", "", "", "",
		 "From: a\nDate: b\nTo: c\nSubject: d\n\nold"},
		{"On 8 May 2017 17:34, \"Andy\" <a@b.example> wrote:\n> q\n\nanswer below\n",
		 "answer below", "On 8 May 2017 17:34, \"Andy\" <a@b.example> wrote:\n> q", "", ""},
		{"new\n\nOn Nov 26, 2013 you wrote:\n\nunquoted\n", "new",
		 "On Nov 26, 2013 you wrote:\n\nunquoted", "", ""},
		{"new\n\nOn Mon, 1 Feb 2016 at 10:00, Ann\n<ann@example.org>\nwrote:\n> q\n", "new",
		 "On Mon, 1 Feb 2016 at 10:00, Ann\n<ann@example.org>\nwrote:\n> q", "", ""},
		/* Not attributions. */
		{"On Monday I wrote to you:\nplease answer\n",
		 "On Monday I wrote to you:\nplease answer", "", "", ""},
		{"Am 3.2. schrieb ich Ihnen:\nbitte\n", "Am 3.2. schrieb ich Ihnen:\nbitte", "", "",
		 ""},
		{"Date: tomorrow\nis fine\n", "Date: tomorrow\nis fine", "", "", ""},
		{"```\n-- \n> code\n```\nend\n", "```\n-- \n> code\n```\nend", "", "", ""},
		{"#release O10042\n\n#note T1 \"x\"\n\nDear Ann\n",
		 "#release O10042\n\n#note T1 \"x\"\n\nDear Ann", "", "", ""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct arena *a = arena_open();
		struct mail_trimmed t;
		mail_trim(a, slice_str(rows[i].text), &t);
		expect_text(rows[i].text, t.fresh, rows[i].fresh);
		expect_text(rows[i].text, t.quoted, rows[i].quoted);
		expect_text(rows[i].text, t.signature, rows[i].signature);
		expect_text(rows[i].text, t.forwarded, rows[i].forwarded);
		arena_close(&a);
	}
	for (size_t i = 0; i < sizeof(attributions) / sizeof(*attributions); i++) {
		struct arena *a = arena_open();
		struct mail_trimmed t;
		mail_trim(a, slice_str(arena_printf(a, "new\n\n%s" OLD, attributions[i])), &t);
		expect_text(attributions[i], t.fresh, "new");
		arena_close(&a);
	}
}

/* What is cut is kept: the pieces are the text. */
void test_trim_pieces(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	struct slice text = SLICE("\n\nnew\n> q\n\ninline\nSent from my iPhone\n\n-- \nAnn\n\n"
				  "On 1 May 2017 10:00, B <b@c.example> wrote:\n> x\n");
	static const enum mail_piece_kind kinds[] = {
		MAIL_PIECE_FRESH,     MAIL_PIECE_QUOTED, MAIL_PIECE_FRESH,
		MAIL_PIECE_SIGNATURE, MAIL_PIECE_QUOTED,
	};
	struct mail_trimmed t;
	mail_trim(a, text, &t);
	assert_int_equal(t.n_pieces, sizeof(kinds) / sizeof(*kinds));
	const char *at = text.ptr;
	for (size_t i = 0; i < t.n_pieces; i++) {
		assert_int_equal(t.pieces[i].kind, kinds[i]);
		assert_ptr_equal(t.pieces[i].text.ptr, at);
		at += t.pieces[i].text.len;
	}
	assert_ptr_equal(at, text.ptr + text.len);
	expect_text("fresh", t.fresh, "new\ninline");
	expect_text("answer", t.answer, "new\n> q\n\ninline");
	arena_close(&a);
}
