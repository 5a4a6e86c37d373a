/* SPDX-License-Identifier: ISC */
/*
 * What the writer writes, the reader reads: the same values, nothing odd, no
 * field and no address more (P14).
 */
#include "test_writer.h"

#include <string.h>

#include "base/text.h"
#include "mail/message.h"

#define LIMIT ((size_t)1 << 20)
#define ROUNDS 2000

/* What breaks writers, and ordinary letters between. */
static const char *const pieces[] = {
	"a",
	"Ann ",
	"word ",
	" ",
	"\r\n",
	"\n",
	"\r",
	"\t",
	"\r\nBcc: eve@example.com\r\n",
	"=?utf-8?q?=0D=0A?=",
	"=?utf-8?b?DQo=?=",
	"?=",
	"\"",
	"\\",
	"<",
	">",
	"@",
	",",
	";",
	":",
	"(",
	")",
	"=",
	"%00",
	"From ",
	".",
	"--",
	"../",
	"\303\274",
	"\350\251\261",
	"\360\237\230\200",
	"\342\200\256",
	"\342\200\250",
	"\302\205",
	"\377",
	"\303",
	"\033[m",
	"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
};

/* A fixed sequence: the same drafts in every run. */
static uint32_t next_number(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static struct slice make_value(struct arena *a, uint32_t *seed, size_t most)
{
	struct buf value;
	buf_init(&value, LIMIT);
	for (size_t n = next_number(seed) % (most + 1); n > 0; n--)
		buf_puts(&value, pieces[next_number(seed) % ROWS(pieces)]);
	struct slice copy = arena_copy(a, buf_slice(&value));
	buf_release(&value);
	return copy;
}

static void expect_slice(const char *what, struct slice got, struct slice want)
{
	if (!slice_eq(got, want))
		fail_msg("%s: got \"%.*s\", not \"%.*s\"", what, SLICE_ARG(got), SLICE_ARG(want));
}

static void expect_line(const char *what, struct slice got, struct slice value, size_t max)
{
	struct buf line;
	buf_init(&line, LIMIT);
	text_put_line(&line, value, max);
	expect_slice(what, got, buf_slice(&line));
	buf_release(&line);
}

/* Text of any line ends in UTF-8 with LF, without spaces at both ends. */
static struct slice plain_text(struct arena *a, struct slice text)
{
	struct buf utf8;
	buf_init(&utf8, LIMIT);
	text_put_utf8(&utf8, text);
	size_t n = 0;
	for (size_t i = 0; i < utf8.len; i++) {
		bool pair = utf8.ptr[i] == '\r' && i + 1 < utf8.len && utf8.ptr[i + 1] == '\n';
		if (!pair)
			utf8.ptr[n++] = utf8.ptr[i] == '\r' ? '\n' : utf8.ptr[i];
	}
	struct slice copy = arena_copy(a, slice_of(utf8.ptr, n));
	buf_release(&utf8);
	return slice_trim(copy);
}

static bool has_any(struct slice s, const char *set)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] && strchr(set, s.ptr[i]))
			return true;
	return false;
}

static void compare(struct arena *a, const struct mail_draft *draft, const struct mail *m)
{
	for (size_t i = 0; i < MAIL_DEFECT_COUNT; i++)
		if (mail_has_defect(m, (enum mail_defect)i))
			fail_msg("defect %s", mail_defect_name((enum mail_defect)i));
	/* A name that looks like an address when it is decoded gives no authority. */
	bool tricky = has_any(m->from.items[0].name, "<>@");
	assert_true(m->from_strict || tricky);
	assert_int_equal(m->to.n, draft->to_count);
	assert_int_equal(m->cc.n, 0);
	expect_slice("From", m->from.items[0].addr, draft->from.addr);
	expect_slice("To", m->to.items[0].addr, draft->to[0].addr);
	expect_line("From", m->from.items[0].name, draft->from.name, MAIL_DRAFT_NAME_MAX);
	expect_line("To", m->to.items[0].name, draft->to[0].name, MAIL_DRAFT_NAME_MAX);
	expect_line("Subject", m->subject, draft->subject, MAIL_DRAFT_SUBJECT_MAX);
	expect_line("X-Text", mail_field_text(a, m, "X-Text", 0), draft->extra[0].value,
		    MAIL_EXTRA_VALUE_MAX);
	expect_slice("Message-ID", m->message_id, draft->message_id);
	assert_true(m->has_date);
	assert_int_equal(m->date, draft->date);
	assert_null(mail_field(m, "Bcc", 0).ptr);
	expect_slice("text", slice_trim(m->text), plain_text(a, draft->text));
	assert_int_equal(m->n_attachments, 1);
	const struct mail_part *file = &m->parts[m->attachments[0]];
	expect_slice("bytes", mail_part_bytes(a, file), draft->attachments[0].bytes);
	assert_true(file->filename.len > 0);
}

static void test_values(void **state)
{
	(void)state;
	uint32_t seed = 1;
	for (int i = 0; i < ROUNDS; i++) {
		struct arena *a = arena_open();
		const struct mail_person to = {make_value(a, &seed, 8), SLICE("ann@example.com")};
		const struct mail_attachment file = {
			.filename = make_value(a, &seed, 8),
			.type = make_value(a, &seed, 1),
			.bytes = make_value(a, &seed, 40),
		};
		const struct mail_extra extra = {SLICE("X-Text"), MAIL_EXTRA_TEXT,
						 make_value(a, &seed, 12)};
		const struct mail_draft draft = {
			.from = {make_value(a, &seed, 8), SLICE("shop@example.com")},
			.to = &to,
			.to_count = 1,
			.subject = make_value(a, &seed, 12),
			.date = 1772359200,
			.message_id = SLICE("m1@example.com"),
			.extra = &extra,
			.extra_count = 1,
			.text = make_value(a, &seed, 60),
			.attachments = &file,
			.attachments_count = 1,
			.seed = 1 + (uint64_t)i,
		};
		struct buf out;
		struct err e = {0};
		struct mail *m;
		buf_init(&out, LIMIT);
		if (mail_compose(&draft, &out, &e) != 1 ||
		    mail_parse(a, buf_slice(&out), NULL, &m, &e) != 1)
			fail_msg("round %d: %s", i, e.text);
		compare(a, &draft, m);
		buf_release(&out);
		arena_close(&a);
	}
}

int run_roundtrip_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
	};
	return cmocka_run_group_tests_name("roundtrip", tests, NULL, NULL);
}
