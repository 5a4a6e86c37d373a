/* SPDX-License-Identifier: ISC */
#include "test_writer.h"

#define LONG_LOCAL "a123456789b123456789c123456789d123456789e123456789f123456789g123"
#define LONG_LABEL "a123456789b123456789c123456789d123456789e123456789f123456789g12"

static void test_addresses(void **state)
{
	(void)state;
	static const struct {
		struct slice addr;
		bool ascii, utf8;
	} rows[] = {
		{SLICE("ann@example.com"), true, true},
		{SLICE("ann+tag=1@sub.example.com"), true, true},
		{SLICE("o'neil@example.com"), true, true},
		{SLICE("\"a..b\"@example.com"), true, true},
		{SLICE(LONG_LOCAL "@example.com"), true, true},
		{SLICE("x" LONG_LOCAL "@example.com"), false, false},
		{SLICE("a@" LONG_LABEL ".com"), true, true},
		{SLICE("a@x" LONG_LABEL ".com"), false, false},
		{SLICE(LONG_LOCAL "@" LONG_LABEL "." LONG_LABEL ".a123456789.b123456789.c123456789."
				  "d123456789.e123456789.example"),
		 false, false},
		{SLICE(""), false, false},
		{SLICE("@"), false, false},
		{SLICE("a@"), false, false},
		{SLICE("@b.example"), false, false},
		{SLICE("a@b@c.example"), false, false},
		{SLICE("ann at example"), false, false},
		{SLICE("ann@localhost"), false, false},
		{SLICE("ann@example..com"), false, false},
		{SLICE("ann@.example.com"), false, false},
		{SLICE("ann@example.com."), false, false},
		{SLICE("ann@-example.com"), false, false},
		{SLICE("ann@example-.com"), false, false},
		{SLICE("ann@ex_ample.com"), false, false},
		{SLICE("ann@[127.0.0.1]"), false, false},
		{SLICE("ann@127.0.0.1"), false, false},
		{SLICE(".ann@example.com"), false, false},
		{SLICE("ann.@example.com"), false, false},
		{SLICE("an..n@example.com"), false, false},
		{SLICE("an n@example.com"), false, false},
		{SLICE(" ann@example.com"), false, false},
		{SLICE("ann@example.com "), false, false},
		{SLICE("ann@example.com\r\nRCPT TO:<eve@example.com>"), false, false},
		{SLICE("ann@example.com\n"), false, false},
		{SLICE("ann\r@example.com"), false, false},
		{SLICE("ann\0@example.com"), false, false},
		{SLICE("ann@example.com\0"), false, false},
		{SLICE("ann\t@example.com"), false, false},
		{SLICE("ann\x7f@example.com"), false, false},
		{SLICE("<ann@example.com>"), false, false},
		{SLICE("ann@example.com>"), false, false},
		{SLICE("ann(x)@example.com"), false, false},
		{SLICE("ann@example.com,eve@example.com"), false, false},
		{SLICE("\"\"@example.com"), false, false},
		{SLICE("\"@example.com"), false, false},
		{SLICE("\"a b\"@example.com"), false, false},
		{SLICE("\"a\"b@example.com"), false, false},
		{SLICE("\"a\\\"b\"@example.com"), false, false},
		{SLICE("\"a@b\"@example.com"), false, false},
		{SLICE("\"a>b\"@example.com"), false, false},
		{SLICE("=?utf-8?q?ann?=@example.com"), false, false},
		{SLICE("j\303\274rgen@example.com"), false, true},
		{SLICE("ann@b\303\274cher.example"), false, true},
		{SLICE("\"j\303\274\"@example.com"), false, true},
		{SLICE("\350\251\261@\344\276\213.example"), false, true},
		{SLICE("ann\377@example.com"), false, false},
		{SLICE("ann\342\200\256@example.com"), false, false},
		{SLICE("ann\302\205@example.com"), false, false},
		{SLICE("ann\302\240@example.com"), false, false},
		{SLICE("ann\357\274\240example.com@example.com"), false, false},
		{SLICE("ann\342\200\250@example.com"), false, false},
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		bool ascii = mail_addr_strict(rows[i].addr);
		bool utf8 = mail_addr_strict_utf8(rows[i].addr);
		if (ascii != rows[i].ascii || utf8 != rows[i].utf8)
			fail_msg("row %zu: \"%.*s\" is judged %d %d", i, SLICE_ARG(rows[i].addr),
				 ascii, utf8);
	}
	assert_false(mail_addr_strict((struct slice){0}));
}

static void test_ids(void **state)
{
	(void)state;
	static const struct {
		struct slice id;
		bool safe, strict;
	} rows[] = {
		{SLICE("1.a@example.com"), true, true},
		{SLICE("a@localhost"), true, true},
		{SLICE("a@b@c"), true, false},
		{SLICE("abc"), true, false},
		{SLICE("a..b@example.com"), true, false},
		{SLICE("a@[10.0.0.1]"), true, false},
		{SLICE("a\"b@example.com"), true, false},
		{SLICE("@example.com"), true, false},
		{SLICE("a@"), true, false},
		{SLICE(""), false, false},
		{SLICE("a b@example.com"), false, false},
		{SLICE("a@example.com>"), false, false},
		{SLICE("a@example.com> <b@example.com"), false, false},
		{SLICE("a@example.com\r\nBcc: eve@example.com"), false, false},
		{SLICE("a\0@example.com"), false, false},
		{SLICE("=?utf-8?q?a?=@example.com"), false, false},
		{SLICE("\303\274@example.com"), false, false},
	};
	for (size_t i = 0; i < ROWS(rows); i++)
		if (mail_id_safe(rows[i].id) != rows[i].safe ||
		    mail_id_strict(rows[i].id) != rows[i].strict)
			fail_msg("row %zu: \"%.*s\"", i, SLICE_ARG(rows[i].id));
	char big[MAIL_ID_MAX + 1];
	memset(big, 'a', sizeof(big));
	assert_true(mail_id_safe(slice_of(big, MAIL_ID_MAX)));
	assert_false(mail_id_safe(slice_of(big, MAIL_ID_MAX + 1)));
}

/* T06: each row is what a smuggler would like to pass. */
static void test_wire(void **state)
{
	(void)state;
	static const struct {
		struct slice raw;
		bool ascii, utf8;
	} rows[] = {
		{SLICE("A: b\r\n\r\nText\r\n"), true, true},
		{SLICE(".\r\n"), true, true},
		{SLICE("\r\n"), true, true},
		{SLICE("A: b\r\n\r\nText"), false, false},
		{SLICE("A: b\n\r\nText\r\n"), false, false},
		{SLICE("A: b\r\n\r\nText\n.\n"), false, false},
		{SLICE("A: b\r\n\r\nText\n.\r\n"), false, false},
		{SLICE("A: b\r\n\r\nText\r.\r\n"), false, false},
		{SLICE("A: b\r\n\r\nText\r\n.\r"), false, false},
		{SLICE("A: b\r\n\r\nText\r\r\n"), false, false},
		{SLICE("A: b\r\n\r\nTe\0xt\r\n"), false, false},
		{SLICE("A: \303\274\r\n\r\nText\r\n"), false, true},
		{SLICE("A: \303\r\n\r\nText\r\n"), false, false},
		{SLICE("A: b\r\n\r\n\303\274\r\n"), false, false},
	};
	for (size_t i = 0; i < ROWS(rows); i++)
		if (mail_wire_safe(rows[i].raw) != rows[i].ascii ||
		    mail_wire_safe_utf8(rows[i].raw) != rows[i].utf8)
			fail_msg("row %zu", i);
	char line[1001];
	memset(line, 'a', sizeof(line));
	memcpy(line + 998, "\r\n", 2);
	assert_true(mail_wire_safe(slice_of(line, 1000)));
	memcpy(line + 998, "a\r\n", 3);
	assert_false(mail_wire_safe(slice_of(line, 1001)));
}

int run_envelope_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_wire),
	};
	return cmocka_run_group_tests_name("envelope", tests, NULL, NULL);
}
