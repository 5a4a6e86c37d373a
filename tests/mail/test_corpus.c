/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include <dirent.h>
#include <stdio.h>

#include "base/buf.h"

/* Public mails of other projects, found by POSTCLERK_DATA; without it nothing is tested. */

bool corpus_file(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	buf_init(out, CORPUS_FILE_MAX);
	if (!f)
		return false;
	char chunk[65536];
	for (size_t n; (n = fread(chunk, 1, sizeof(chunk), f)) > 0;)
		buf_put(out, slice_of(chunk, n));
	fclose(f);
	return !buf_failed(out);
}

/* Every file of a folder below the data; how many there were. */
size_t corpus_each(const char *folder, corpus_fn *visit, void *ctx)
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
		if (entry->d_name[0] != '.' && entry->d_type != DT_DIR &&
		    corpus_file(path, &bytes)) {
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
	assert_true(corpus_file(path, &bytes));
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
	if (!corpus_each("email_reply_trimmer/emails", count_trimmed, &score))
		skip();
	expect_score("replies trimmed", &score, 100);
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
		n += corpus_each(folders[i], survive, NULL);
	if (!n)
		skip();
	assert_true(n > 300);
}
