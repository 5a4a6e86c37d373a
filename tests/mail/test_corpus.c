/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include <dirent.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/json.h"

/* Public mails of other projects, found by POSTCLERK_DATA; without it nothing is tested. */

#define FILE_MAX (8u << 20)

typedef void visit_fn(const char *name, struct slice bytes, void *ctx);

static bool read_file(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	buf_init(out, FILE_MAX);
	if (!f)
		return false;
	char chunk[65536];
	for (size_t n; (n = fread(chunk, 1, sizeof(chunk), f)) > 0;)
		buf_put(out, slice_of(chunk, n));
	fclose(f);
	return !buf_failed(out);
}

/* Every file of a folder below the data; how many there were. */
static size_t each_file(const char *folder, visit_fn *visit, void *ctx)
{
	const char *data = getenv("POSTCLERK_DATA");
	char directory[1024], path[2048];
	if (!data)
		return 0;
	snprintf(directory, sizeof(directory), "%s/mail/%s", data, folder);
	DIR *d = opendir(directory);
	size_t n = 0;
	if (!d)
		return 0;
	for (struct dirent *entry; (entry = readdir(d));) {
		struct buf bytes;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (entry->d_name[0] != '.' && entry->d_type != DT_DIR && read_file(path, &bytes)) {
			visit(entry->d_name, buf_slice(&bytes), ctx);
			buf_release(&bytes);
			n++;
		}
	}
	closedir(d);
	return n;
}

struct score {
	size_t right, all;
};

static void expect_score(const char *what, const struct score *score, size_t percent)
{
	if (score->right * 100 < score->all * percent)
		fail_msg("%s: %zu of %zu", what, score->right, score->all);
}

static bool is_bounce_by_name(const char *name)
{
	/* Feedback, vacation, and three notices that are no bounces: sisimai names them so. */
	static const char *const others[] = {"arf-",
					     "rfc3834-",
					     "SOURCE",
					     "LICENSE",
					     "lhost-fml-02",
					     "lhost-amazonses-10",
					     "lhost-amazonses-12"};
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strncmp(name, others[i], strlen(others[i])) == 0)
			return false;
	return true;
}

static void count_bounce(const char *name, struct slice bytes, void *ctx)
{
	struct score *score = ctx;
	struct mail_class class;
	if (!is_bounce_by_name(name))
		return;
	struct sample s = sample_read(bytes);
	mail_classify(s.a, s.m, &class);
	score->all++;
	score->right += class.kind == MAIL_KIND_DSN && class.n_recipients > 0;
	sample_free(&s);
}

/* P16: recall at least 97 %. */
void test_corpus_bounces(void **state)
{
	(void)state;
	struct score score = {0};
	if (!each_file("sisimai", count_bounce, &score))
		skip();
	assert_true(score.all > 250);
	expect_score("bounces understood", &score, 97);
}

static void count_ordinary(const char *name, struct slice bytes, void *ctx)
{
	struct score *score = ctx;
	struct mail_class class;
	struct sample s = sample_read(bytes);
	mail_classify(s.a, s.m, &class);
	score->all++;
	score->right += class.kind != MAIL_KIND_DSN && class.kind != MAIL_KIND_ARF;
	if (class.kind == MAIL_KIND_DSN)
		fail_msg("%s is taken for a bounce: %s", name, class.reason);
	sample_free(&s);
}

/* P16: precision 100 %. */
void test_corpus_no_bounces(void **state)
{
	(void)state;
	struct score score = {0};
	if (!each_file("spamassassin", count_ordinary, &score))
		skip();
	expect_score("ordinary mails", &score, 100);
}

/* Without white space, and with bars as quotation marks. */
static struct slice squeeze(struct arena *a, struct slice s)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (strchr(" \t\r\n", s.ptr[i]))
			continue;
		bool begins = i == 0 || s.ptr[i - 1] == '\n';
		out[n++] = begins && s.ptr[i] == '|' ? '>' : s.ptr[i];
	}
	return slice_of(out, n);
}

static struct slice expected(struct arena *a, const char *folder, const char *name)
{
	struct buf bytes;
	char *path = arena_printf(a, "%s/mail/email_reply_trimmer/%s/%s", getenv("POSTCLERK_DATA"),
				  folder, name);
	assert_true(read_file(path, &bytes));
	struct slice s = arena_copy(a, buf_slice(&bytes));
	buf_release(&bytes);
	return squeeze(a, s);
}

static void count_trimmed(const char *name, struct slice bytes, void *ctx)
{
	struct score *score = ctx;
	struct arena *a = arena_open();
	struct mail_trimmed t;
	mail_trim(a, bytes, &t);
	score->all++;
	score->right += slice_eq(squeeze(a, t.answer), expected(a, "trimmed", name)) &&
			slice_eq(squeeze(a, t.elided), expected(a, "elided", name));
	arena_close(&a);
}

void test_corpus_trim(void **state)
{
	(void)state;
	struct score score = {0};
	if (!each_file("email_reply_trimmer/emails", count_trimmed, &score))
		skip();
	expect_score("replies trimmed", &score, 100);
}

/* The value of the header of that name in mail-parser's tree. */
static const struct json *header_value(const struct json *root, const char *name)
{
	const struct json *parts = json_get(root, SLICE("parts"));
	const struct json *headers = json_get(parts ? parts->first : NULL, SLICE("headers"));
	for (const struct json *h = headers ? headers->first : NULL; h; h = h->next)
		if (slice_eq(json_get_string(h, "name"), slice_str(name)))
			return json_get(h, SLICE("value"));
	return NULL;
}

static bool from_is(const struct mail *m, const struct json *root)
{
	const struct json *address = json_get(header_value(root, "from"), SLICE("Address"));
	const struct json *list = json_get(address, SLICE("List"));
	size_t i = 0;
	for (const struct json *who = list ? list->first : NULL; who; who = who->next, i++)
		if (i >= m->from.n ||
		    !slice_eq(m->from.items[i].addr, json_get_string(who, "address")) ||
		    !slice_eq(m->from.items[i].name, json_get_string(who, "name")))
			return false;
	return i == m->from.n || !list;
}

static bool id_is(const struct mail *m, const struct json *root)
{
	struct slice id = json_get_string(header_value(root, "message_id"), "Text");
	return slice_eq(m->message_id, id);
}

static void count_expected(const char *name, struct slice bytes, void *ctx)
{
	struct score *score = ctx;
	size_t n = strlen(name);
	if (n < 4 || strcmp(name + n - 4, ".eml") != 0)
		return;
	struct sample s = sample_read(bytes);
	struct buf text;
	struct json *root;
	char *path = arena_printf(s.a, "%s/mail/mail-parser/legacy/%.*s.json",
				  getenv("POSTCLERK_DATA"), (int)n - 4, name);
	assert_true(read_file(path, &text));
	assert_int_equal(json_parse(s.a, buf_slice(&text), &root, &s.e), 1);
	const struct json *attachments = json_get(root, SLICE("attachments"));
	const struct json *parts = json_get(root, SLICE("parts"));
	/* Where it counts fewer attachments, files stood uuencoded within the text. */
	score->all++;
	score->right += from_is(s.m, root) && id_is(s.m, root) &&
			s.m->n_attachments >= attachments->count && s.m->n_parts >= parts->count;
	buf_release(&text);
	sample_free(&s);
}

/* P11 */
void test_corpus_expected(void **state)
{
	(void)state;
	struct score score = {0};
	if (!each_file("mail-parser/legacy", count_expected, &score))
		skip();
	expect_score("mails as mail-parser reads them", &score, 99);
}

static void survive(const char *name, struct slice bytes, void *ctx)
{
	(void)ctx;
	struct mail_class class;
	struct mail_trimmed trimmed;
	struct sample s = sample_read(bytes);
	mail_classify(s.a, s.m, &class);
	mail_trim(s.a, s.m->text, &trimmed);
	if (!s.m->n_parts)
		fail_msg("%s has no part", name);
	sample_free(&s);
}

void test_corpus_survives(void **state)
{
	(void)state;
	static const char *const folders[] = {
		"authentication_milter/t/data/source",
		"bounceparser-perl/t/corpus",
		"ddeboer-imap/tests/fixtures",
		"enmime/testdata/mail",
		"enmime/testdata/parts",
		"enmime/testdata/low-quality",
		"kmime/autotests/data",
		"mail-parser/rfc",
		"php-imap/tests/messages",
		"python-test_email/Lib/test/test_email/data",
		"rt/t/data/emails",
		"talon/tests/fixtures/standard_replies",
		"mail-gem/spec/fixtures/emails/error_emails",
		"mail-gem/spec/fixtures/emails/mime_emails",
	};
	size_t n = 0;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		n += each_file(folders[i], survive, NULL);
	if (!n)
		skip();
	assert_true(n > 300);
}
