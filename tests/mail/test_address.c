/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include "base/buf.h"

/* Each address as name|addr|flags: s strict, and @group; several with ';' between. */
static const struct {
	const char *value, *want;
	bool malformed;
} rows[] = {
	{"ann@example.org", "|ann@example.org|s", false},
	{"Ann <ann@example.org>", "Ann|ann@example.org|s", false},
	{"\"Doe, Jane\" <j@example.org>, bob@example.org",
	 "Doe, Jane|j@example.org|s;|bob@example.org|s", false},
	{"\"Giant; \\\"Big\\\" Box\" <box@example.net>", "Giant; \"Big\" Box|box@example.net|s",
	 false},
	{"Joe Q. Public <joe@example.org>", "Joe Q. Public|joe@example.org|s", false},
	{"=?utf-8?Q?J=C3=B6rg?= <j@example.org>", "J\xc3\xb6rg|j@example.org|s", false},
	{"\"=?utf-8?B?SsO2cmc=?=\" <j@example.org>", "J\xc3\xb6rg|j@example.org|s", false},
	{"ann@example.org (Ann (the) Great)", "Ann (the) Great|ann@example.org|", false},
	{"Ann <ann@example.org> (Sales)", "Ann (Sales)|ann@example.org|s", false},
	{"ann (x) @ example . org", "x|ann@example.org|", false},
	{"A Group:Ed <c@a.example>,joe@b.example;",
	 "Ed|c@a.example|s@A Group;|joe@b.example|s@A Group", false},
	{"Undisclosed recipients:;", "", false},
	{"<@r1.example,@r2.example:ann@example.org>", "|ann@example.org|", false},
	{"\"john smith\"@example.org", "|\"john smith\"@example.org|", false},
	{"a@example.org; b@example.org", "|a@example.org|s;|b@example.org|s", true},
	{"Ann ann@example.org", "Ann|ann@example.org|s", true},
	{"ann at example", "ann at example||", true},
	{"ann@example.org Ann", "Ann|ann@example.org|s", true},
	{"Whomever", "Whomever||", false},
	{"a@", "|a@|", false},
	{"@b.example", "|@b.example|", false},
	{"a@b@c.example", "|a@b@c.example|", false},
	{"<a@b.example, C <c@d.example>", "|a@b.example|s;C|c@d.example|s", true},
	{"\"Ann <ann@example.org>", "Ann|ann@example.org|s", true},
	{"admin@shop.example <evil@example.org>", "admin@shop.example|evil@example.org|s", true},
	{"<=?utf-8?Q?a?=@example.org>", "|=?utf-8?Q?a?=@example.org|", false},
	{"A\r\n B <a@example.org>", "A B|a@example.org|s", false},
	{"Ann <a@b.example> Bob <c@d.example>", "Ann|a@b.example|s;Bob|c@d.example|s", true},
	{"<a@b.example> Ann", "Ann|a@b.example|s", true},
	{"a@b.example c@d.example", "|a@b.example|s;|c@d.example|s", true},
	{"Ann a@b.example c@d.example", "Ann a@b.example|c@d.example|s", true},
	{", ,", "", false},
	{"", "", false},
};

static void describe(const struct mail_addresses *list, struct buf *out)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct mail_address *who = &list->items[i];
		buf_printf(out, "%s%.*s|%.*s|%s", i ? ";" : "", SLICE_ARG(who->name),
			   SLICE_ARG(who->addr), who->strict ? "s" : "");
		if (who->group.ptr)
			buf_printf(out, "@%.*s", SLICE_ARG(who->group));
	}
}

void test_address_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct arena *a = arena_open();
		struct mail_addresses list = {0};
		struct buf got;
		buf_init(&got, 4096);
		assert_true(mail_address_read(a, slice_str(rows[i].value), &list));
		describe(&list, &got);
		expect_text(rows[i].value, buf_slice(&got), rows[i].want);
		if (list.malformed != rows[i].malformed)
			fail_msg("%s: malformed is %d", rows[i].value, list.malformed);
		buf_release(&got);
		arena_close(&a);
	}
	assert_true(mail_address_same(SLICE("Ann@Example.org"), SLICE("ann@example.ORG")));
	assert_false(mail_address_same(SLICE(""), SLICE("")));
}

void test_address_limits(void **state)
{
	(void)state;
	static const struct {
		const char *piece;
		size_t times;
		bool fits;
	} limits[] = {
		{"a@b.example,", MAIL_ADDRESSES_MAX, true},
		{"a@b.example,", MAIL_ADDRESSES_MAX + 1, false},
		{"(", MAIL_COMMENT_DEPTH_MAX, true},
		{"(", MAIL_COMMENT_DEPTH_MAX + 1, false},
		{"(", 60000, false},
		{"\"\\", 30000, true},
	};
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		struct arena *a = arena_open();
		struct mail_addresses list = {0};
		struct buf value;
		buf_init(&value, 1 << 20);
		for (size_t k = 0; k < limits[i].times; k++)
			buf_puts(&value, limits[i].piece);
		assert_int_equal(mail_address_read(a, buf_slice(&value), &list), limits[i].fits);
		buf_release(&value);
		arena_close(&a);
	}
}
