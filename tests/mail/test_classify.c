/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

void test_class_rows(void **state)
{
	(void)state;
	static const struct {
		const char *header;
		enum mail_kind kind;
		const char *reason;
	} rows[] = {
		{"Subject: Where is my order?\n", MAIL_KIND_CUSTOMER, "person"},
		{"Auto-Submitted: no\n", MAIL_KIND_CUSTOMER, "person"},
		{"Auto-Submitted: No (really)\n", MAIL_KIND_CUSTOMER, "person"},
		{"Auto-Submitted: auto-replied\n", MAIL_KIND_AUTO, "auto-submitted"},
		{"Auto-Submitted: nothing\n", MAIL_KIND_AUTO, "auto-submitted"},
		{"Precedence: bulk\n", MAIL_KIND_AUTO, "precedence"},
		{"Precedence: List\n", MAIL_KIND_AUTO, "precedence"},
		{"Precedence: normal\n", MAIL_KIND_CUSTOMER, "person"},
		{"List-Id: <news.example.org>\n", MAIL_KIND_AUTO, "list-id"},
		{"X-Auto-Response-Suppress: All\n", MAIL_KIND_AUTO, "x-auto-response-suppress"},
		{"X-Auto-Response-Suppress: None\n", MAIL_KIND_CUSTOMER, "person"},
		{"Return-Path: <>\n", MAIL_KIND_AUTO, "null-return-path"},
		{"Subject: Out of Office: gone\n", MAIL_KIND_AUTO, "vacation-subject"},
		{"Subject: Automatische Antwort: weg\n", MAIL_KIND_AUTO, "vacation-subject"},
		{"Subject: Re: Out of Office: what now?\n", MAIL_KIND_CUSTOMER, "person"},
		{"Subject: Undeliverable\n", MAIL_KIND_CUSTOMER, "person"},
		{"From: postmaster@shop.example\nSubject: Undeliverable: x\n", MAIL_KIND_DSN,
		 "bounce-subject"},
		{"From: postmaster@shop.example\nSubject: Hello\n", MAIL_KIND_CUSTOMER, "person"},
		{"X-Failed-Recipients: a@b.example\n", MAIL_KIND_DSN, "x-failed-recipients"},
		{"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n",
		 MAIL_KIND_CUSTOMER, "person"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mail_class class;
		struct arena *a = arena_open();
		struct slice raw = slice_str(arena_printf(a, "%s\nHello\n", rows[i].header));
		struct sample s = sample_read(raw);
		mail_classify(s.a, s.m, &class);
		expect_text(rows[i].header, slice_str(mail_kind_name(class.kind)),
			    mail_kind_name(rows[i].kind));
		expect_text(rows[i].header, slice_str(class.reason), rows[i].reason);
		sample_free(&s);
		arena_close(&a);
	}
}

#define REPORT "Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n"

void test_delivery_status(void **state)
{
	(void)state;
	struct mail_class class;
	struct sample s = sample_read(
		SLICE("From: MAILER-DAEMON@mx.example\n" REPORT "--r\n\nSorry.\n"
		      "--r\nContent-Type: message/delivery-status\n\n"
		      "Reporting-MTA: dns; mx.example\nOriginal-Envelope-Id: Q1\n\n"
		      "Final-Recipient: rfc822; <bob@example.net>\n"
		      "Original-Recipient: rfc822;robert@example.net\n"
		      "Action: Failed\nStatus: 5.1.1 (bad)\nRemote-MTA: dns; far.example\n"
		      "Diagnostic-Code: smtp; 550 no\n  such user\n\n\n"
		      "Final-Recipient: rfc822; eve@example.net\nAction: delayed\nStatus: 4.4.1\n"
		      "--r\nContent-Type: message/rfc822\n\n"
		      "Message-ID: <1@shop.example>\nFrom: Shop <shop@shop.example>\n"
		      "To: bob@example.net\n\nHello\n--r--\n"));
	mail_classify(s.a, s.m, &class);
	assert_int_equal(class.kind, MAIL_KIND_DSN);
	assert_true(class.formal);
	assert_int_equal(class.n_recipients, 2);
	const struct mail_recipient *bob = &class.recipients[0], *eve = &class.recipients[1];
	expect_text("final", bob->final, "bob@example.net");
	expect_text("original", bob->original, "robert@example.net");
	expect_text("status", bob->status, "5.1.1");
	expect_text("diagnostic", bob->diagnostic, "smtp; 550 no such user");
	expect_text("remote", bob->remote_mta, "far.example");
	assert_true(bob->action == MAIL_ACTION_FAILED && bob->hard);
	expect_text("final", eve->final, "eve@example.net");
	assert_true(eve->action == MAIL_ACTION_DELAYED && !eve->hard);
	expect_text("mta", class.reporting_mta, "mx.example");
	expect_text("envelope", class.envelope_id, "Q1");
	expect_text("id", class.original_message_id, "1@shop.example");
	expect_text("from", class.original_from, "shop@shop.example");
	expect_text("to", class.original_to, "bob@example.net");
	assert_int_equal(class.original_part, 3);
	sample_free(&s);
	/* Somebody forwards a bounce: that is a customer's mail. */
	s = sample_read(SLICE("From: ann@example.org\nContent-Type: multipart/mixed; boundary=f\n\n"
			      "--f\n\nWhat is this?\n--f\nContent-Type: message/rfc822\n\n" REPORT
			      "--r\nContent-Type: message/delivery-status\n\n"
			      "Final-Recipient: rfc822; bob@example.net\nAction: failed\n"
			      "Status: 5.1.1\n--r--\n--f--\n"));
	mail_classify(s.a, s.m, &class);
	assert_int_equal(class.kind, MAIL_KIND_CUSTOMER);
	sample_free(&s);
}

void test_prose_bounce(void **state)
{
	(void)state;
	static const struct {
		const char *raw, *to, *status, *id;
		enum mail_action action;
	} rows[] = {
		{"From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n"
		 "Hi. This is the qmail-send program at mx.example.\n\n<bob@example.net>:\n"
		 "192.0.2.1 does not like recipient.\n550 5.2.1 gone\n\n"
		 "--- Below this line is a copy of the message.\n\n"
		 "Return-Path: <shop@shop.example>\nMessage-ID: <1@shop.example>\n",
		 "bob@example.net", "5.2.1", "1@shop.example", MAIL_ACTION_FAILED},
		{"From: postmaster@mx.example\nSubject: Undeliverable Mail\n\n"
		 "User mailbox exceeds allowed size: bob@example.net\n\n"
		 "Original message follows.\n\nReceived: from x\nMessage-ID: <2@shop.example>\n",
		 "bob@example.net", "5.2.2", "2@shop.example", MAIL_ACTION_FAILED},
		{"From: MAILER-DAEMON@mx.example\nSubject: Returned mail: see transcript\n\n"
		 "The original message was received at Wed, 7 Apr 2010\n\n"
		 "   ----- The following addresses had permanent fatal errors -----\n"
		 "<bob@example.net>\n    (reason: 552 too big)\n",
		 "bob@example.net", "5.0.0", "", MAIL_ACTION_FAILED},
		{"From: MAILER-DAEMON@mx.example\nSubject: Delivery Status Notification (Delay)\n\n"
		 "Delivery to the following recipient has been delayed:\n\n  bob@example.net\n\n"
		 "Message will be retried for 2 more day(s)\n",
		 "bob@example.net", "4.4.7", "", MAIL_ACTION_DELAYED},
		{"From: MAILER-DAEMON@mx.example\nSubject: Mail delivery failed\n"
		 "X-Failed-Recipients: bob@example.net\n\n"
		 "  bob@example.net\n    SMTP error: 550 5.1.1 unknown\n",
		 "bob@example.net", "5.1.1", "", MAIL_ACTION_FAILED},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mail_class class;
		struct sample s = sample_read(slice_str(rows[i].raw));
		mail_classify(s.a, s.m, &class);
		assert_int_equal(class.kind, MAIL_KIND_DSN);
		assert_false(class.formal);
		assert_int_equal(class.n_recipients, 1);
		expect_text(rows[i].raw, class.recipients[0].final, rows[i].to);
		expect_text(rows[i].raw, class.recipients[0].status, rows[i].status);
		expect_text(rows[i].raw, class.original_message_id, rows[i].id);
		assert_int_equal(class.recipients[0].action, rows[i].action);
		sample_free(&s);
	}
}

void test_feedback(void **state)
{
	(void)state;
	struct mail_class class;
	struct sample s = sample_read(SLICE(
		"Content-Type: multipart/report; report-type=feedback-report; boundary=f\n\n"
		"--f\n\nA complaint.\n--f\nContent-Type: message/feedback-report\n\n"
		"Feedback-Type: abuse\nUser-Agent: x/1\nOriginal-Mail-From: <b@shop.example>\n"
		"Original-Rcpt-To: <ann@example.org>\n"
		"--f\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1@shop.example>\n--f--\n"));
	mail_classify(s.a, s.m, &class);
	assert_int_equal(class.kind, MAIL_KIND_ARF);
	expect_text("type", class.feedback_type, "abuse");
	expect_text("from", class.original_mail_from, "b@shop.example");
	expect_text("to", class.original_rcpt_to, "ann@example.org");
	expect_text("id", class.original_message_id, "1@shop.example");
	sample_free(&s);
}

void test_auth_results(void **state)
{
	(void)state;
	static const struct {
		const char *value, *id, *method, *result, *ptype, *property, *want;
	} rows[] = {
		{"mx.example; dkim=pass header.d=a.example", "mx.example", "dkim", "pass", "header",
		 "d", "a.example"},
		{"MX.Example 1; (c) SPF = Fail (no) smtp.mailfrom=b@a.example;\r\n dkim=none",
		 "mx.example", "spf", "fail", "smtp", "mailfrom", "b@a.example"},
		{"mx.example; dkim/1=pass reason=\"good; very\" header.i=@a.example", "mx.example",
		 "dkim", "pass", "header", "i", "@a.example"},
		{"mx.example; auth=pass (cram) smtp.auth=\"x y\"", "mx.example", "auth", "pass",
		 "smtp", "auth", "x y"},
		{"mx.example; dmarc=pass action=none header.from=a.example;", "mx.example", "dmarc",
		 "pass", "header", "from", "a.example"},
		{"mx.example; spf=pass smtp.mailfrom=; dkim=none", "mx.example", "spf", "pass",
		 "smtp", "mailfrom", ""},
		{"mx.example; none", "mx.example", NULL, NULL, NULL, NULL, NULL},
		{"(a) mx.example (b) 1 (c) ; (d) dkim (e) / (f) 1 (g) = (h) pass (i) header (j) . "
		 "(k) from (l) = (m) a.example (n)",
		 "mx.example", "dkim", "pass", "header", "from", "a.example"},
		{"\"MX example\"; x-y=z policy.p=\"a;b\"", "mx example", "x-y", "z", "policy", "p",
		 "a;b"},
		{"mx.example; dkim=pass header.d=a.example; dkim=fail header.d=b.example",
		 "mx.example", "dkim", "pass", "header", "d", "a.example"},
		{"mx.example; spf=pass smtp.mailfrom=\"b c\"@a.example", "mx.example", "spf",
		 "pass", "smtp", "mailfrom", "\"b c\"@a.example"},
		/* A broken field proves nothing. */
		{"", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; dkim", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; dkim=", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; dkim=pass .d=x", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; dkim=pass header.=x", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; dkim=pass header.d=\"x", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; none; none", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; dkim/x=pass", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; dkim=pass header.d", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; dkim=pass; none", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example x; dkim=pass", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; dkim=pass (unclosed", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; d<k>m=pass", NULL, NULL, NULL, NULL, NULL, NULL},
		{"mx.example; dkim=pass dkim=fail", "mx.example", "dkim", "pass", "", "dkim",
		 "fail"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct arena *a = arena_open();
		struct mail_auth_results r;
		bool read = mail_auth_results_read(a, slice_str(rows[i].value), &r);
		if (read != (rows[i].id != NULL))
			fail_msg("%s: read is %d", rows[i].value, read);
		if (rows[i].id)
			expect_text(rows[i].value, r.authserv_id, rows[i].id);
		if (rows[i].method) {
			expect_text(rows[i].value, r.methods[0].method, rows[i].method);
			expect_text(rows[i].value, r.methods[0].result, rows[i].result);
			expect_text(
				rows[i].value,
				mail_auth_property(&r.methods[0], rows[i].ptype, rows[i].property),
				rows[i].want);
		} else {
			assert_int_equal(r.n_methods, 0);
		}
		arena_close(&a);
	}
}
