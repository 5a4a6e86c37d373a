/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include <stdio.h>

/*
 * P16 on public mails: recall of bounces and feedback reports at least 97 %,
 * and none among ordinary mails.  The files are named after what they are.
 */
struct score {
	size_t right, all;
};

static bool starts_with_any(const char *name, const char *const *words)
{
	for (; *words; words++)
		if (strncmp(name, *words, strlen(*words)) == 0)
			return true;
	return false;
}

static void expect_score(const char *what, const struct score *score, size_t percent)
{
	print_message("# %s: %zu of %zu\n", what, score->right, score->all);
	if (score->right * 100 < score->all * percent)
		fail_msg("%s: %zu of %zu", what, score->right, score->all);
}

static void count(struct score *score, const char *name, struct slice bytes, enum mail_kind kind)
{
	struct mail_class class;
	struct sample s = sample_read(bytes);
	mail_classify(s.a, s.m, &class);
	bool right = class.kind == kind;
	if (kind == MAIL_KIND_DSN)
		right = right && class.n_recipients > 0 && class.recipients[0].status.len > 0;
	score->all++;
	score->right += right;
	if (!right)
		print_message("# %s: %s, %s\n", name, mail_kind_name(class.kind), class.reason);
	sample_free(&s);
}

static void count_sisimai(const char *name, struct slice bytes, void *ctx)
{
	static const char *const reports[] = {"arf-", NULL};
	static const char *const replies[] = {"rfc3834-", NULL};
	static const char *const others[] = {"SOURCE", "LICENSE", NULL};
	struct score *scores = ctx;
	if (starts_with_any(name, others))
		return;
	if (starts_with_any(name, reports))
		count(&scores[1], name, bytes, MAIL_KIND_ARF);
	else if (starts_with_any(name, replies))
		count(&scores[2], name, bytes, MAIL_KIND_AUTO);
	else
		count(&scores[0], name, bytes, MAIL_KIND_DSN);
}

void test_corpus_sisimai(void **state)
{
	(void)state;
	struct score scores[3] = {0};
	if (!corpus_each("sisimai", count_sisimai, scores))
		skip();
	assert_true(scores[0].all > 250);
	expect_score("bounces", &scores[0], 97);
	expect_score("feedback reports", &scores[1], 97);
	expect_score("automatic answers", &scores[2], 97);
}

static void count_bounceparser(const char *name, struct slice bytes, void *ctx)
{
	/* Spam, answers of vacation programs, and a challenge. */
	static const char *const others[] = {
		"spam-bogus", "spam-lots", "spam-with", "autoreply",	  "aol-vacation",
		"bluebottle", "warning-5", "warning-6", "polish-autorep", NULL};
	struct score *scores = ctx;
	struct mail_class class;
	if (!starts_with_any(name, others)) {
		count(&scores[0], name, bytes, MAIL_KIND_DSN);
		return;
	}
	struct sample s = sample_read(bytes);
	mail_classify(s.a, s.m, &class);
	scores[1].all++;
	scores[1].right += class.kind != MAIL_KIND_DSN && class.kind != MAIL_KIND_ARF;
	sample_free(&s);
}

void test_corpus_bounceparser(void **state)
{
	(void)state;
	struct score scores[2] = {0};
	if (!corpus_each("bounceparser-perl/t/corpus", count_bounceparser, scores))
		skip();
	expect_score("bounces", &scores[0], 97);
	expect_score("no bounces among them", &scores[1], 100);
}

static void count_ordinary(const char *name, struct slice bytes, void *ctx)
{
	struct score *score = ctx;
	struct mail_class class;
	struct sample s = sample_read(bytes);
	mail_classify(s.a, s.m, &class);
	bool right = class.kind != MAIL_KIND_DSN && class.kind != MAIL_KIND_ARF &&
		     !class.vacation && !class.n_recipients;
	score->all++;
	score->right += right;
	if (!right)
		print_message("# %s: %s, %s\n", name, mail_kind_name(class.kind), class.reason);
	sample_free(&s);
}

void test_corpus_no_bounces(void **state)
{
	(void)state;
	static const char *const folders[] = {"spamassassin", "email_reply_trimmer/emails",
					      "talon/tests/fixtures/standard_replies",
					      "mail-gem/spec/fixtures/emails/plain_emails"};
	struct score score = {0};
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		corpus_each(folders[i], count_ordinary, &score);
	if (!score.all)
		skip();
	expect_score("ordinary mails", &score, 100);
}

static void count_results(const char *name, struct slice bytes, void *ctx)
{
	struct score *score = ctx;
	struct slice value;
	(void)name;
	struct sample s = sample_read(bytes);
	for (size_t i = 0; (value = mail_field(s.m, "Authentication-Results", i)).ptr; i++) {
		struct mail_auth_results results;
		score->all++;
		score->right += mail_auth_results_read(s.a, value, &results);
	}
	sample_free(&s);
}

void test_corpus_auth_results(void **state)
{
	(void)state;
	struct score score = {0};
	if (!corpus_each("authentication_milter/t/data/example", count_results, &score))
		skip();
	assert_true(score.all > 30);
	expect_score("Authentication-Results", &score, 100);
}
