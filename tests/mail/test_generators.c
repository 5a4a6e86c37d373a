/* SPDX-License-Identifier: ISC */
/*
 * P9: mails that are quadratic, recursive or hungry elsewhere, at n, 2n, 4n
 * and 8n bytes, the whole way (parse, text, classify, trim) on a stack of
 * 64 KiB.  The work, counted in basic blocks and bytes moved by the C library,
 * grows at most 2.3 times a doubling.  No clock is asked: the mail and base
 * sources are compiled once more for this, with a call in every basic block.
 *
 * POSTCLERK_SLOW=1 goes up to 32 MiB.  With -DTIMED the program is linked with
 * the libraries as they are and prints the processor time of each at 32 MiB.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <iconv.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "base/buf.h"
#include "mail.h"

#if defined(__SANITIZE_ADDRESS__)
#define STACK_SIZE (1u << 20) /* redzones and fake frames */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STACK_SIZE (1u << 20)
#endif
#endif
#ifndef STACK_SIZE
#define STACK_SIZE (64u << 10)
#endif

#ifndef TIMED
static uint64_t work;

/* The compiler calls this in every basic block, the linker leads these calls here. */
void __sanitizer_cov_trace_pc(void);
void *__real_memchr(const void *s, int c, size_t n);
void *__wrap_memchr(const void *s, int c, size_t n);
void *__real_memcpy(void *to, const void *from, size_t n);
void *__wrap_memcpy(void *to, const void *from, size_t n);
void *__real_memmove(void *to, const void *from, size_t n);
void *__wrap_memmove(void *to, const void *from, size_t n);
void *__real_memset(void *to, int c, size_t n);
void *__wrap_memset(void *to, int c, size_t n);
int __real_memcmp(const void *a, const void *b, size_t n);
int __wrap_memcmp(const void *a, const void *b, size_t n);
void *__real_memmem(const void *s, size_t n, const void *needle, size_t m);
void *__wrap_memmem(const void *s, size_t n, const void *needle, size_t m);
size_t __real_strlen(const char *s);
size_t __wrap_strlen(const char *s);
const uint8_t *__real_u8_check(const uint8_t *s, size_t n);
const uint8_t *__wrap_u8_check(const uint8_t *s, size_t n);
size_t __real_iconv(iconv_t cd, char **in, size_t *n, char **out, size_t *room);
size_t __wrap_iconv(iconv_t cd, char **in, size_t *n, char **out, size_t *room);

void __sanitizer_cov_trace_pc(void)
{
	work++;
}

/* What a search passed over: all, when it found nothing. */
static void charge_search(const void *s, size_t n, const void *found)
{
	work += (found ? (size_t)((const char *)found - (const char *)s) : n) / 16;
}

void *__wrap_memchr(const void *s, int c, size_t n)
{
	void *found = __real_memchr(s, c, n);
	charge_search(s, n, found);
	return found;
}

void *__wrap_memmem(const void *s, size_t n, const void *needle, size_t m)
{
	void *found = __real_memmem(s, n, needle, m);
	charge_search(s, n, found);
	return found;
}

void *__wrap_memcpy(void *to, const void *from, size_t n)
{
	work += n / 16;
	return __real_memcpy(to, from, n);
}

void *__wrap_memmove(void *to, const void *from, size_t n)
{
	work += n / 16;
	return __real_memmove(to, from, n);
}

void *__wrap_memset(void *to, int c, size_t n)
{
	work += n / 16;
	return __real_memset(to, c, n);
}

int __wrap_memcmp(const void *a, const void *b, size_t n)
{
	work += n / 16;
	return __real_memcmp(a, b, n);
}

size_t __wrap_strlen(const char *s)
{
	size_t n = __real_strlen(s);
	work += n / 16;
	return n;
}

const uint8_t *__wrap_u8_check(const uint8_t *s, size_t n)
{
	const uint8_t *found = __real_u8_check(s, n);
	charge_search(s, n, found);
	return found;
}

size_t __wrap_iconv(iconv_t cd, char **in, size_t *n, char **out, size_t *room)
{
	size_t before = n ? *n : 0;
	size_t result = __real_iconv(cd, in, n, out, room);
	work += 16 + (n ? before - *n : 0);
	return result;
}
#endif

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"
#define HTML "Content-Type: text/html\n\n"
#define BASE64 "Content-Transfer-Encoding: base64\n\n"
#define QP "Content-Transfer-Encoding: quoted-printable\n\n"
#define DAEMON "From: mailer-daemon@x.example\nSubject: failure notice\n\n"
#define DSN                                                                                        \
	"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"         \
	"\nx\n--b\nContent-Type: message/delivery-status\n\n"
#define UULINE "M0V%T0V%T0V%T0V%T0V%T0V%T0V%T0V%T0V%T0V%T0V%T0V%T0V%T0V%T0V%T\n"
#define MANY "0123456789012345678901234567890123456789012345678901234567890123456789"

/* The piece is repeated up to the size; '#' in it is a number that rises, '~' one that falls. */
static const struct generator {
	const char *name, *start, *piece, *end;
} generators[] = {
	{"nested multiparts", "", "Content-Type: multipart/mixed; boundary=b#\n\n--b#\n", "\nx"},
	{"nested messages", "", "Content-Type: message/rfc822\n\n", "\nx"},
	{"nested digests", "", "Content-Type: multipart/digest; boundary=#\n\n--#\n\n", "x"},
	{"many parts", MIXED, "--b\n\nx\n", "--b--\n"},
	{"empty parts", MIXED, "--b\n", "--b--\n"},
	{"boundary look-alikes", "Content-Type: multipart/mixed; boundary=" MANY "\n\n",
	 "--" MANY "x\n", "x"},
	{"boundaries never closed", "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
	 "--b#\nContent-Type: multipart/mixed; boundary=b#\n\n", "x"},
	{"dashes", MIXED, "--\n", "x"},
	{"long header field", "Subject: ", "x", "\n\nx"},
	{"folded header field", "Subject: x", "\n x", "\n\nx"},
	{"many header fields", "", "X-Field-#: y\n", "\nx"},
	{"the same header field", "", "To: a@b.example\n", "\nx"},
	{"header lines that are none", "", "no field here\nX: y\n", "\nx"},
	{"Received chain", "",
	 "Received: from a (b [192.0.2.1]) by c with SMTP id #;\n\tMon, 1 Jun 2026 10:00:00 "
	 "+0000 (UTC)\n",
	 "\nx"},
	{"many parameters", "Content-Type: a/b", "; p#=#", "\n\nx"},
	{"2231 continuations backwards", "Content-Type: a/b", "; p*~*=%41", "\n\nx"},
	{"2231 continuations alike", "Content-Type: a/b", "; p*1=a", "\n\nx"},
	{"parameters without end", "Content-Type: a/b; p=\"", "\\\"", "\n\nx"},
	{"nested comments", "From: ", "(", "\n\nx"},
	{"comments in a row", "From: ", "(a)", "\n\nx"},
	{"encoded words", "Subject: ", "=?utf-8?Q?=C3=A9?= ", "\n\nx"},
	{"encoded words without end", "Subject: ", "=?utf-8?Q?a ", "\n\nx"},
	{"encoded words of two charsets",
	 "Subject: ", "=?koi8-r?B?8PI=?= =?big5?B?p0E=?= ", "\n\nx"},
	{"many addresses", "To: ", "a#@b.example, ", "\n\nx"},
	{"addresses without commas", "To: ", "a#@b.example ", "\n\nx"},
	{"angles", "To: ", "a <b@c.example> ", "\n\nx"},
	{"groups", "To: ", "a:b@c.example;", "\n\nx"},
	{"open quotes", "To: ", "\"", "\n\nx"},
	{"open angles", "To: ", "<", "\n\nx"},
	{"references", "References: ", "<#@b.example> ", "\n\nx"},
	{"references without end", "References: ", "<", "\n\nx"},
	{"base64 junk", BASE64, "QUJD*!QUJD\n", ""},
	{"base64 padding", BASE64, "QQ==\n", ""},
	{"base64 padding in a line", BASE64 "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD", "=", ""},
	{"quoted-printable junk", QP, "=zz= \n", ""},
	{"quoted-printable blanks", QP, " ", "\n"},
	{"uuencode begins", "\n", "begin 644 x\n", ""},
	{"uuencode files", "\n", "begin 644 x\n" UULINE UULINE UULINE UULINE "`\nend\n", ""},
	{"utf-8 bad bytes", "Content-Type: text/plain; charset=utf-8\n\n", "\xff\xc3\n", ""},
	{"gb18030 bad bytes", "Content-Type: text/plain; charset=gb18030\n\n", "\xff\xff\xff\n",
	 ""},
	{"iso-2022-jp bad bytes", "Content-Type: text/plain; charset=iso-2022-jp\n\n",
	 "\x1b$B\x80\n", ""},
	{"iso-2022-jp escapes", "Content-Type: text/plain; charset=iso-2022-jp\n\n", "\x1b$B\x1b(B",
	 ""},
	{"charset bomb", "Content-Type: text/plain; charset=windows-1252\n\n", "\x80\x80\n", ""},
	{"bold tags", HTML, "<b>\n", ""},
	{"closing tags", HTML, "</b>\n", ""},
	{"tables", HTML, "<table><tr><td>", ""},
	{"block quotations", HTML, "<blockquote>x\n", ""},
	{"lists", HTML, "<ul><li>x\n", ""},
	{"links", HTML, "<a href=\"http://x.example/#\">y\n", ""},
	{"attributes", HTML "<p ", "a#=b\n", ">"},
	{"entities", HTML, "&zzz;&amp\n", ""},
	{"comments of HTML", HTML, "<!--\n", ""},
	{"scripts", HTML, "<script>\n", ""},
	{"open tags", HTML, "<a\n", ""},
	{"quotation tower", "\n", "> > > > > > > > x\n> y\n", ""},
	{"quotation marks", "\n", ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>\n", ""},
	{"flowed", "Content-Type: text/plain; format=flowed\n\n", ">>>> \n", ""},
	{"attribution look-alikes", "\n", "On 2016 10:00 w@w wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww:\n",
	 ""},
	{"attributions cut", "\n", "On Monday, 1 June 2026 at 10:00, Ann\n", ""},
	{"forwarded headers", "\n", "From: x\nTo: y\n", ""},
	{"signatures", "\n", "-- \nAnn\n", ""},
	{"answers in quotations", "\n", "> q\nanswer\n", ""},
	{"blank lines", "\n", "\n", "x"},
	{"blanks", "\n", "          \t          \n", "x"},
	{"bare CR", "\n", "a\rb\r\n", ""},
	{"NUL", "\n", "a\1\n", ""},
	{"long lines", "\n", MANY MANY MANY MANY MANY MANY MANY MANY MANY "\n", ""},
	{"delivery status blocks", DSN,
	 "Final-Recipient: rfc822;a#@b.cc\nAction: failed\nStatus: 5.1.1\n\n", "--b--\n"},
	{"delivery status fields", DSN "Final-Recipient: rfc822;a@b.cc\n", "Action: failed\n",
	 "\n"},
	{"bounces in prose", DAEMON, "<a#@b.example>: 550 5.1.1 user unknown\n", ""},
	{"at signs", DAEMON, "a@b@", "\n"},
};

/* One mail of about that size; \1 stands for NUL. */
static void cook(const struct generator *g, size_t size, struct buf *out)
{
	size_t n = size / strlen(g->piece);
	buf_init(out, 2 * (size_t)MAIL_SIZE_MAX);
	buf_puts(out, g->start);
	for (size_t i = 0; out->len < size; i++)
		for (const char *p = g->piece; *p; p++) {
			if (*p == '#')
				buf_printf(out, "%zu", i);
			else if (*p == '~')
				buf_printf(out, "%zu", n - (i < n ? i : n));
			else
				buf_putc(out, *p == '\1' ? '\0' : *p);
		}
	buf_puts(out, g->end);
	assert_false(buf_failed(out));
}

/* Seconds of the processor for the stage that ends here; "" begins. */
static void stage(const char *name)
{
#ifdef TIMED
	static double last;
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	double now = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
	if (*name)
		printf(" %s=%.2f", name, now - last);
	last = now;
#else
	(void)name;
#endif
}

/* Everything that is asked of a mail. */
static void *read_all(void *ctx)
{
	const struct buf *raw = ctx;
	struct arena *a = arena_open();
	struct mail *m;
	struct mail_class class;
	struct mail_trimmed trimmed;
	struct err e;
	stage("");
	mail_parse(a, buf_slice(raw), NULL, &m, &e);
	stage("parse");
	mail_classify(a, m, &class);
	stage("classify");
	mail_trim(a, m->text, &trimmed);
	stage("trim");
	mail_html_text(a, m);
	for (size_t i = 0; i < m->n_attachments; i++)
		mail_part_bytes(a, &m->parts[m->attachments[i]]);
	stage("parts");
	arena_close(&a);
	return NULL;
}

static void read_on_small_stack(struct buf *raw)
{
	pthread_attr_t attr;
	pthread_t thread;
	assert_int_equal(pthread_attr_init(&attr), 0);
	assert_int_equal(pthread_attr_setstacksize(&attr, STACK_SIZE), 0);
	assert_int_equal(pthread_create(&thread, &attr, read_all, raw), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	pthread_attr_destroy(&attr);
}

#ifdef TIMED
static void run(const struct generator *g)
{
	struct buf raw;
	cook(g, MAIL_SIZE_MAX - 4096, &raw);
	printf("generator \"%s\"", g->name);
	read_on_small_stack(&raw);
	printf("\n");
	buf_release(&raw);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(generators) / sizeof(*generators); i++)
		if (argc < 2 || strstr(generators[i].name, argv[1]))
			run(&generators[i]);
	return 0;
}
#else
#define SIZE_DEFAULT (128u << 10)
#define GROWTH_MAX 2.3

static uint64_t work_of(const struct generator *g, size_t size)
{
	struct buf raw;
	cook(g, size, &raw);
	work = 0;
	read_on_small_stack(&raw);
	uint64_t done = work;
	buf_release(&raw);
	return done;
}

static void test_growth(void **state)
{
	const struct generator *g = *state;
	size_t largest = getenv("POSTCLERK_SLOW") ? MAIL_SIZE_MAX - 4096 : SIZE_DEFAULT;
	/* What is made once (tables of a charset) is no growth. */
	work_of(g, largest / 8);
	uint64_t last = work_of(g, largest / 8);
	for (size_t parts = 4; parts; parts /= 2) {
		uint64_t now = work_of(g, largest / parts);
		if ((double)now > GROWTH_MAX * (double)last)
			fail_msg("%s: %.2f times the work at %zu bytes", g->name,
				 (double)now / (double)last, largest / parts);
		last = now;
	}
}

#define COUNT (sizeof(generators) / sizeof(*generators))

int main(void)
{
	struct CMUnitTest tests[COUNT] = {0};
	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct CMUnitTest){
			.name = generators[i].name,
			.test_func = test_growth,
			.initial_state = (void *)(uintptr_t)&generators[i],
		};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("mail generators", tests, COUNT, NULL, NULL);
}
#endif
