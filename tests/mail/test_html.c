/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include "base/buf.h"

struct html_row {
	const char *html, *want;
};

static struct sample html_sample(const char *html)
{
	struct buf raw;
	buf_init(&raw, 1u << 20);
	buf_printf(&raw, "Content-Type: text/html; charset=utf-8\n\n%s", html);
	struct sample s = sample_read(buf_slice(&raw));
	buf_release(&raw);
	return s;
}

static void expect_rows(const struct html_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sample s = html_sample(rows[i].html);
		expect_text(rows[i].html, s.m->text, rows[i].want);
		sample_free(&s);
	}
}

#define ROWS(rows) expect_rows(rows, sizeof(rows) / sizeof(*(rows)))
#define RULE "________________________________"

void test_html_rows(void **state)
{
	(void)state;
	static const struct html_row rows[] = {
		{"<p>one</p><p>two</p>", "one\n\ntwo\n"},
		{"one<br>two<br/><br>three", "one\ntwo\n\nthree\n"},
		{"one</br>two", "one\ntwo\n"},
		{"<div>one</div><div>two</div>", "one\ntwo\n"},
		{"<div><div>one</div></div> <div>two", "one\ntwo\n"},
		{"<div>one</div><div><br></div><div>two</div>", "one\n\ntwo\n"},
		{"one<br><br><br><br><br><br>two", "one\n\n\ntwo\n"},
		{"  a \n  b\t<b>c</b> d ", "a b c d\n"},
		{"a&nbsp;&amp;&lt;&#8364;&#x20AC;&#128;&euro;", "a &<€€€€\n"},
		{"&apos;&commat;&lbrace;&check;&hellip;", "'@{✓…\n"},
		{"&bogus; & &; &#; &#0; &#xd800;", "&bogus; & &; &#; &#0; \xef\xbf\xbd\n"},
		{"<style>p{}</style><script>a<b</script><title>t</title>x", "x\n"},
		{"<!-- c -->x<!DOCTYPE y><![if x]>z", "xz\n"},
		{"<svg><text>s</text></svg><xml><o:P>9</o:P></xml>x<o:p>y</o:p><o:p/>", "xy\n"},
		{"<h1>T</h1>x", "T\n\nx\n"},
		{"a<hr>b", "a\n" RULE "\nb\n"},
		{"a<hr><hr><hr>b", "a\n" RULE "\nb\n"},
		{"1 < 2 <3", "1 < 2 <3\n"},
		{"<pre>a\n  b\n\n\n\n\nc</pre>d", "a\n  b\n\n\n\n\nc\nd\n"},
		{"<div style=\"white-space: pre-wrap\">a\n  b</div>c", "a\n  b\nc\n"},
		/* Word */
		{"<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>",
		 "a\n\nb\n"},
		{"<p style=\"margin:0in\">a</p><p style=\"margin:0in\">b</p>", "a\nb\n"},
		/* Blanks and characters without width */
		{"a&nbsp;&nbsp;b", "a  b\n"},
		{"&nbsp;&nbsp;a&nbsp;<br>b", "  a\nb\n"},
		{"a\u200b\u00adb&#8203;&shy;c&zwnj;&nbsp;&zwnj;", "abc\u200c\n"},
		{"👩\u200d💻", "👩\u200d💻\n"},
		/* Broken */
		{"", ""},
		{"<p></p>", ""},
		{"x<script>", "x\n"},
		{"x<!--", "x\n"},
		{"x<p title=\"", "x\n"},
		{"<a href=\"x>y\">link</a>", "link\n"},
		{"<b><div>a</b>b</div>c", "ab\nc\n"},
		{"</div></td></b>x</p>", "x\n"},
		{"<p>a<p>b<div>c", "a\n\nb\n\nc\n"},
	};
	ROWS(rows);
	struct sample s = sample_read(SLICE("Content-Type: text/html\n\n"
					    "<meta charset=\"koi8-r\"><p>\xf0"));
	expect_text("meta", s.m->text, "\xd0\x9f\n");
	sample_free(&s);
}

void test_html_blocks(void **state)
{
	(void)state;
	static const struct html_row rows[] = {
		{"<ul><li>one<li>two</ul>", "- one\n- two\n"},
		{"<ul><li><p>one</p></li><li></li></ul>x", "- one\n\nx\n"},
		{"<ol><li>a</li><li>b</li></ol>", "1. a\n2. b\n"},
		{"<ol start=9><li>a<ul><li>x</ul><li>b</ol>", "9. a\n  - x\n10. b\n"},
		{"<table><tr><td>1</td><td>2</td></tr><tr><td>3</table>", "1 | 2\n3\n"},
		{"<table><tr><th>A<th>B<tr><td><p>1</p><td><div>2</div></table>x",
		 "A | B\n1 | 2\nx\n"},
		/* Laid out: what has several lines stands as blocks. */
		{"<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc\n"},
		{"<table><tr><td><table><tr><td>a</td></tr></table></td><td>b</td></tr></table>",
		 "a\nb\n"},
		{"<table><tr><td></td><td>x</td><td> </td></tr></table>", "x\n"},
		{"a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e",
		 "a\n> b\n> c\n>> d\ne\n"},
		{"<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n"},
		/* How Gmail indents. */
		{"a<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">b</blockquote>",
		 "a\nb\n"},
	};
	ROWS(rows);
}

void test_html_links(void **state)
{
	(void)state;
	static const struct html_row rows[] = {
		{"<a href=\"https://x.example/a?b=1&amp;c=2\">here</a>.",
		 "here <https://x.example/a?b=1&c=2>.\n"},
		{"<a href=\"https://www.x.example/\">x.example</a>", "x.example\n"},
		{"<a href=\"http://x.example\">https://x.example/</a>", "https://x.example/\n"},
		/* Looks like another place. */
		{"<a href=\"https://evil.example/\">https://bank.example/</a>",
		 "https://bank.example/ <https://evil.example/>\n"},
		{"<a href=\"mailto:ann@x.example?subject=a\">Ann@x.example</a>", "Ann@x.example\n"},
		{"<a href=\"mailto:ann@x.example\">Ann</a>", "Ann <ann@x.example>\n"},
		{"<a href=\"tel:+3120123\">+31 20 123</a>", "+31 20 123\n"},
		{"<a href=\"tel:+3120123\">call</a>", "call <tel:+3120123>\n"},
		/* Nobody is to follow these. */
		{"<a href=\"javascript:x()\">a</a> <a href=\" java&#10;script:x()\">b</a>",
		 "a b\n"},
		{"<a href=\"data:text/html,x\">a</a> <a href=\"file:///etc\">b</a>", "a b\n"},
		{"<a href=\"#top\">a</a> <a href=\"x.html\">b</a> <a name=c>c</a>", "a b c\n"},
		{"<a href=\"https://x.example/a b<c>\">d</a>",
		 "d <https://x.example/a%20b%3Cc%3E>\n"},
		{"<a href=\"https://x.example/\"><table><tr><td>Pay</td></tr></table></a>y",
		 "Pay <https://x.example/>\ny\n"},
		{"<a href=\"https://x.example/\"></a>y", "y\n"},
		{"<a href=\"https://x.example/\"><img src=a alt=\"Our shop\"></a>",
		 "[Our shop] <https://x.example/>\n"},
		{"<a href=\"https://x.example/\"><img src=a></a>", "<https://x.example/>\n"},
		{"<img alt=\"A &amp; B\">", "[A & B]\n"},
		{"a <img alt=\"🙂\"> b", "a 🙂 b\n"},
		{"a<img width=1 height=1 alt=pixel>b<img src=x>", "ab\n"},
	};
	ROWS(rows);
}

void test_html_hidden(void **state)
{
	(void)state;
	static const struct html_row rows[] = {
		{"<div style=\"display:none\">a<p>b</p></div>c", "c\n"},
		{"<div style='DISPLAY : none !important'>a</div>c", "c\n"},
		{"<span style=\"visibility:hidden\">a</span>c", "c\n"},
		{"<span hidden>a</span><div hidden=''>b</div>c", "c\n"},
		{"<p style=\"opacity:0\">a</p>c", "c\n"},
		{"<div style=\"max-height:0;overflow:hidden\">a</div>c", "c\n"},
		{"<div style=\"max-height:0\">a</div>c", "a\nc\n"},
		{"<div style=\"font-size:0\">a<b>b</b></div>c", "c\n"},
		/* Layouts set it around cells that set it back. */
		{"<td style=\"font-size:0px\">a<div style=\"font-size:14px\">b</div></td>", "b\n"},
		{"<!--[if mso]>a<![endif]-->b<!--[if !mso]><!-->c<!--<![endif]-->", "bc\n"},
		{"<div style=\"mso-hide:all\">a</div>", "a\n"},
		{"<div style=\"display:none\"><a href=\"https://x.example/\">a</a></div>c", "c\n"},
		{"<div style=\"display:none\"><div>a</div>b</div>c", "c\n"},
	};
	ROWS(rows);
}

/* Beyond the depths that are kept the text is whole still. */
void test_html_deep(void **state)
{
	(void)state;
	static const char *const tags[] = {"<div>",
					   "<b>",
					   "<blockquote>",
					   "<ol><li>",
					   "<table><tr><td>",
					   "<a href=x>",
					   "<span style=\"color:red\">"};
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		struct buf html;
		buf_init(&html, 1u << 20);
		for (size_t k = 0; k < 1500; k++)
			buf_puts(&html, tags[i]);
		buf_puts(&html, "end");
		struct sample s = html_sample(buf_str(&html));
		assert_true(slice_find(s.m->text, SLICE("end")) >= 0);
		buf_release(&html);
		sample_free(&s);
	}
}

struct structure_row {
	const char *html, *fresh;
	enum mail_piece_kind last;
};

#define DIVIDER                                                                                    \
	"<div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\">"

void test_html_structure(void **state)
{
	(void)state;
	static const struct structure_row rows[] = {
		/* Gmail */
		{"a<div class=\"gmail_quote\"><div class=\"gmail_attr\">Am Di schrieb B:<br></div>"
		 "<blockquote class=\"gmail_quote\">q</blockquote></div>",
		 "a", MAIL_PIECE_QUOTED},
		{"a<div class=\"gmail_quote gmail_quote_container\">old<div>x</div></div>", "a",
		 MAIL_PIECE_QUOTED},
		/* Answers between are new. */
		{"<div class=\"gmail_quote\"><div "
		 "class=\"gmail_attr\">B:</div><blockquote>q</blockquote>"
		 "<div>yes</div><blockquote>r</blockquote></div>",
		 "yes", MAIL_PIECE_QUOTED},
		{"a<div class=\"gmail_quote\">---------- Forwarded message ---------<br>From: "
		 "b<br>x</div>",
		 "a", MAIL_PIECE_FORWARDED},
		{"a<br>-- <br><div class=\"gmail_signature\">Ann<br>Shop</div>", "a",
		 MAIL_PIECE_SIGNATURE},
		{"a<div class=\"gmail_signature\">Ann</div>b", "a\nb", MAIL_PIECE_FRESH},
		/* Outlook */
		{"a<div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>X:</b> "
		 "b</div>old",
		 "a", MAIL_PIECE_QUOTED},
		{"a<div id=\"Signature\">Ann</div><div id=\"x_divRplyFwdMsg\">X</div>old", "a",
		 MAIL_PIECE_QUOTED},
		{"<p>a</p>" DIVIDER "<p><b>Avsändare:</b> b</p></div><p>old</p>", "a",
		 MAIL_PIECE_QUOTED},
		{"<p>a</p>" DIVIDER "<p>no header</p></div><p>b</p>", "a\n\nno header\n\nb",
		 MAIL_PIECE_FRESH},
		{"a<hr id=\"stopSpelling\">X: b<br>old", "a", MAIL_PIECE_QUOTED},
		{"<div id=\"divRplyFwdMsg\"><b>X:</b> b</div>old", "", MAIL_PIECE_FORWARDED},
		{"a<div id=\"ms-outlook-mobile-signature\">Ann</div>", "a", MAIL_PIECE_SIGNATURE},
		/* Thunderbird */
		{"a<div class=\"moz-cite-prefix\">Dne B napsal</div><blockquote "
		 "type=cite>q</blockquote>",
		 "a", MAIL_PIECE_QUOTED},
		{"a<div class=\"moz-signature\">-- <br>Ann</div>", "a", MAIL_PIECE_SIGNATURE},
		{"a<div class=\"moz-forward-container\">X: y<br>old</div>", "a",
		 MAIL_PIECE_FORWARDED},
		/* Others */
		{"a<div id=\"yahoo_quoted_1234\" "
		 "class=\"yahoo_quoted\">B<blockquote>q</blockquote>c</div>",
		 "a", MAIL_PIECE_QUOTED},
		{"a<div class=\"protonmail_quote\">B<blockquote "
		 "class=\"protonmail_quote\">q</blockquote>"
		 "</div>",
		 "a\nB", MAIL_PIECE_QUOTED},
		{"a<div class=\"zmail_extra\">B<div>q</div></div>", "a", MAIL_PIECE_QUOTED},
		{"a<div name=\"quote\">B<div name=\"quoted-content\">q</div></div>", "a",
		 MAIL_PIECE_QUOTED},
		{"a<div id=\"isForwardContent\">old</div>", "a", MAIL_PIECE_FORWARDED},
		{"a<hr id=\"zwchr\" data-marker=\"__DIVIDER__\"><b>X: </b>b<br>old", "a",
		 MAIL_PIECE_QUOTED},
		{"a<div data-signatureblock=\"true\">Ann</div>", "a", MAIL_PIECE_SIGNATURE},
		/* Typed into the signature: it is the text. */
		{"<div id=\"AppleMailSignature\">all of it</div>", "all of it", MAIL_PIECE_FRESH},
		{"<div id=\"AppleMailSignature\">Sent from my iPhone</div>a", "a",
		 MAIL_PIECE_FRESH},
		/* Whatever is not closed. */
		{"a<div class=\"gmail_quote\">b<div class=\"gmail_quote\">c", "a",
		 MAIL_PIECE_QUOTED},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample s = html_sample(rows[i].html);
		struct mail_trimmed t;
		mail_trim_mail(s.a, s.m, &t);
		expect_text(rows[i].html, t.fresh, rows[i].fresh);
		if (t.pieces[t.n_pieces - 1].kind != rows[i].last)
			fail_msg("%s: ends in %s", rows[i].html,
				 mail_piece_kind_name(t.pieces[t.n_pieces - 1].kind));
		sample_free(&s);
	}
}

/* Both forms of a mail, and HTML parts beside others. */
void test_html_trim_forms(void **state)
{
	(void)state;
	struct mail_trimmed t;
	struct sample s = sample_read(
		SLICE("Content-Type: multipart/alternative; boundary=a\n\n--a\n\nplain\n"
		      "--a\nContent-Type: text/html\n\nhtml<div class=\"yahoo_quoted\">old</div>\n"
		      "--a--\n"));
	mail_trim_mail(s.a, s.m, &t);
	expect_text("plain", t.fresh, "plain");
	mail_trim_html(s.a, s.m, &t);
	expect_text("html", t.fresh, "html");
	expect_text("html quoted", t.quoted, "old");
	sample_free(&s);
	s = sample_read(
		SLICE("Content-Type: multipart/mixed; boundary=m\n\n--m\n\nfirst\n--m\n"
		      "Content-Type: text/html\n\nsecond<div class=\"yahoo_quoted\">old</div>\n"
		      "--m--\n"));
	mail_trim_mail(s.a, s.m, &t);
	expect_text("both", t.fresh, "first\nsecond");
	mail_trim_html(s.a, s.m, &t);
	expect_text("both", t.quoted, "old");
	sample_free(&s);
	s = sample_read(SLICE("\nplain\n"));
	mail_trim_html(s.a, s.m, &t);
	assert_int_equal(t.n_pieces, 0);
	sample_free(&s);
}
