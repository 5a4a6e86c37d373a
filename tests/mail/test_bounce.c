/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

/* P16: bounces of the families that are met, in words of our own. */

#define DAEMON "From: MAILER-DAEMON@mx.example\n"
#define COPY "Message-ID: <1@shop.example>\nFrom: shop@shop.example\nTo: bob@example.net\n"

struct family {
	const char *name, *raw, *to, *status;
	enum mail_bounce bounce;
	enum mail_action action;
};

static const struct family prose[] = {
	{"qmail",
	 DAEMON
	 "Subject: failure notice\n\nHi. This is the qmail-send program at mx.example.\n\n"
	 "<bob@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
	 "--- Below this line is a copy of the message.\n\nReturn-Path: <b@shop.example>\n" COPY,
	 "bob@example.net", "5.1.1", MAIL_BOUNCE_USER_UNKNOWN, MAIL_ACTION_FAILED},
	{"Exim",
	 DAEMON
	 "Subject: Mail delivery failed: returning message to sender\n\n"
	 "The following address(es) failed:\n\n  bob@example.net\n    host far.example\n"
	 "    SMTP error from remote mail server after RCPT TO:<bob@example.net>:\n"
	 "    552 5.2.2 mailbox is full\n\n------ This is a copy of the message. ------\n\n" COPY,
	 "bob@example.net", "5.2.2", MAIL_BOUNCE_MAILBOX_FULL, MAIL_ACTION_FAILED},
	{"Exim, delayed",
	 DAEMON "Subject: Warning: message 1x delayed 24 hours\n\n"
		"The address to which the message has not yet been delivered is:\n\n"
		"  bob@example.net\n    Delay reason: Connection timed out\n",
	 "bob@example.net", "4.4.7", MAIL_BOUNCE_EXPIRED, MAIL_ACTION_DELAYED},
	{"Exchange 5.5",
	 "From: System Administrator <postmaster@mx.example>\nSubject: Undeliverable: Hello\n\n"
	 "Your message\n\n  To:      bob@example.net\n  Subject: Hello\n\n"
	 "did not reach the following recipient(s):\n\nbob@example.net on Tue, 1 Jan 2002\n"
	 "    The recipient name is not recognized\n",
	 "bob@example.net", "5.1.1", MAIL_BOUNCE_USER_UNKNOWN, MAIL_ACTION_FAILED},
	{"Domino",
	 DAEMON "Subject: DELIVERY FAILURE: User bob (bob@example.net) not listed in Directory\n\n"
		"Your message\n\n  Subject: Hello\n\nwas not delivered to:\n\n  bob@example.net\n\n"
		"because:\n\n  User bob (bob@example.net) not listed in Domino Directory\n",
	 "bob@example.net", "5.1.1", MAIL_BOUNCE_USER_UNKNOWN, MAIL_ACTION_FAILED},
	{"Sendmail 5",
	 DAEMON "Subject: Returned mail: Host unknown\n\n"
		"   ----- Transcript of session follows -----\n"
		"550 <bob@nowhere.example>... Host unknown\n\n"
		"   ----- Unsent message follows -----\nReceived: from x\n" COPY,
	 "bob@nowhere.example", "5.1.2", MAIL_BOUNCE_HOST_UNKNOWN, MAIL_ACTION_FAILED},
	{"Sendmail 8",
	 DAEMON "Subject: Returned mail: see transcript for details\n\n"
		"   ----- The following addresses had permanent fatal errors -----\n"
		"<bob@example.net>\n    (reason: 550 5.7.1 Relaying denied)\n\n"
		"   ----- Transcript of session follows -----\n",
	 "bob@example.net", "5.7.1", MAIL_BOUNCE_NO_RELAYING, MAIL_ACTION_FAILED},
	{"Apache James",
	 "From: postmaster@mx.example\nSubject: [BOUNCE]\n\nMessage details:\n"
	 "  MAIL FROM: b@shop.example\n  RCPT TO: bob@example.net\n\n"
	 "Error message below:\n550 - Requested action not taken: no such user here\n",
	 "bob@example.net", "5.1.1", MAIL_BOUNCE_USER_UNKNOWN, MAIL_ACTION_FAILED},
	{"Gmail, old",
	 "From: Mail Delivery Subsystem <mailer-daemon@mail.example>\n"
	 "Subject: Delivery Status Notification (Delay)\nX-Failed-Recipients: bob@example.net\n\n"
	 "Delivery to the following recipient has been delayed:\n\n     bob@example.net\n\n"
	 "Message will be retried for 2 more day(s)\n",
	 "bob@example.net", "4.4.7", MAIL_BOUNCE_EXPIRED, MAIL_ACTION_DELAYED},
	{"Google Groups",
	 "From: Mail Delivery Subsystem <mailer-daemon@mail.example>\n"
	 "Subject: Delivery Status Notification (Failure)\nX-Failed-Recipients: g@example.net\n\n"
	 "Hallo,\n\ndie Gruppe (g) ist vielleicht nicht vorhanden.\n"
	 "https://groups.google.com/support/\n",
	 "g@example.net", "5.1.8", MAIL_BOUNCE_REJECTED, MAIL_ACTION_FAILED},
	{"KDDI",
	 "From: no-reply@carrier.example\nReturn-Path: <>\nSubject: Mail\n\n"
	 "Your mail sent on: Thu, 29 Apr 2010\n"
	 "     Could not be delivered to: <bob@carrier.example>\n     As their mailbox is full.\n",
	 "bob@carrier.example", "5.2.2", MAIL_BOUNCE_MAILBOX_FULL, MAIL_ACTION_FAILED},
	{"au",
	 "From: Postmaster@carrier.example\nSubject: Mail System Error - Returned Mail\n\n"
	 "Each of the following recipients was rejected by a remote mail server.\n\n"
	 "    Recipient: <bob@carrier.example>\n    >>> RCPT TO:<bob@carrier.example>\n"
	 "    <<< 550 <bob@carrier.example>: User unknown\n",
	 "bob@carrier.example", "5.1.1", MAIL_BOUNCE_USER_UNKNOWN, MAIL_ACTION_FAILED},
	{"m-FILTER",
	 DAEMON "Subject: failure notice\nContent-Type: text/plain; charset=utf-8\n\n"
		"以下のメールアドレスへの送信に失敗しました。\n\nbob@example.net\n\n"
		"-------server message\n550 5.7.1 Message rejected as spam\n"
		"-------SMTP command\nDATA\n-------original message\nReceived: from x\n",
	 "bob@example.net", "5.7.1", MAIL_BOUNCE_SPAM, MAIL_ACTION_FAILED},
	{"IMail",
	 "From: Postmaster <postmaster@mx.example>\nSubject: Undeliverable Mail\n\n"
	 "Unknown user: bob@example.net\n\nOriginal message follows.\n\nReceived: from x\n",
	 "bob@example.net", "5.1.1", MAIL_BOUNCE_USER_UNKNOWN, MAIL_ACTION_FAILED},
	{"InterScan",
	 "From: postmaster@mx.example\nSubject: Mail could not be delivered\n\n"
	 "****** Message from InterScan Messaging Security Suite ******\n\n"
	 "Sent <<< RCPT TO:<bob@example.net>\nReceived >>> 550 5.1.1 <bob@example.net>... "
	 "Invalid recipient\n\nUnable to deliver message to <bob@example.net>.\n",
	 "bob@example.net", "5.1.1", MAIL_BOUNCE_USER_UNKNOWN, MAIL_ACTION_FAILED},
	{"Yahoo",
	 DAEMON "Subject: Failure Notice\n\nSorry, we were unable to deliver your message to the "
		"following address.\n\n<bob@example.net>:\nRemote host said:\n"
		"554 Delivery error: This user doesn't have a mail.example account [0]\n",
	 "bob@example.net", "5.1.1", MAIL_BOUNCE_USER_UNKNOWN, MAIL_ACTION_FAILED},
	{"DragonFly",
	 "From: MAILER-DAEMON <>\nSubject: Mail delivery failed\n\n"
	 "This is the DragonFly Mail Agent at mx.example.\n\n"
	 "There was an error delivering your mail to <bob@example.net>.\n\n"
	 "far.example did not like our RCPT TO:\n525 5.7.13 account disabled\n\n"
	 "Message headers follow.\n\nReceived: from root (uid 0)\n",
	 "bob@example.net", "5.7.13", MAIL_BOUNCE_SUSPENDED, MAIL_ACTION_FAILED},
	{"fml",
	 "From: list-admin@list.example\nX-MLServer: fml [fml 4.0]\n"
	 "Subject: You bob@example.net are not member (list ML)\n\n"
	 "You are not a member of this mailing list <list@list.example>.\n",
	 "list@list.example", "5.1.8", MAIL_BOUNCE_REJECTED, MAIL_ACTION_FAILED},
	{"German",
	 "From: Mail Delivery System <postmaster@mx.example>\n"
	 "Subject: Ihre Nachricht wurde nicht zugestellt\n\n"
	 "bob@example.net\n    Das Postfach ist voll\n",
	 "bob@example.net", "5.2.2", MAIL_BOUNCE_MAILBOX_FULL, MAIL_ACTION_FAILED},
	{"Polish",
	 "From: postmaster@mx.example\nSubject: =?utf-8?q?Niedostarczalne:_Dzie=C5=84?=\n"
	 "Content-Type: text/plain; charset=utf-8\n\n"
	 "bob@example.net\n    Użytkownik bob nie istnieje\n",
	 "bob@example.net", "5.1.1", MAIL_BOUNCE_USER_UNKNOWN, MAIL_ACTION_FAILED},
};

void test_bounce_families(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(prose) / sizeof(*prose); i++) {
		const struct family *row = &prose[i];
		struct mail_class class;
		struct sample s = sample_read(slice_str(row->raw));
		mail_classify(s.a, s.m, &class);
		expect_text(row->name, slice_str(mail_kind_name(class.kind)), "dsn");
		if (class.n_recipients != 1)
			fail_msg("%s: %zu recipients", row->name, class.n_recipients);
		const struct mail_recipient *to = &class.recipients[0];
		expect_text(row->name, to->final, row->to);
		expect_text(row->name, to->status, row->status);
		expect_text(row->name, slice_str(mail_bounce_name(to->bounce)),
			    mail_bounce_name(row->bounce));
		expect_text(row->name, slice_str(mail_action_name(to->action)),
			    mail_action_name(row->action));
		sample_free(&s);
	}
}

static const struct {
	const char *status, *diagnostic;
	enum mail_bounce bounce;
	bool hard;
} reasons[] = {
	{"5.1.1", "550 5.1.1 nope", MAIL_BOUNCE_USER_UNKNOWN, true},
	{"5.0.0", "550 No such user here", MAIL_BOUNCE_USER_UNKNOWN, true},
	{"5.4.1", "550 5.4.1 Recipient address rejected: Access denied", MAIL_BOUNCE_USER_UNKNOWN,
	 true},
	{"4.1.1", "450 4.1.1 user unknown", MAIL_BOUNCE_USER_UNKNOWN, false},
	{"5.0.0", "550 User unknown (in reply to end of DATA command)", MAIL_BOUNCE_FILTERED,
	 false},
	{"5.1.2", "", MAIL_BOUNCE_HOST_UNKNOWN, true},
	{"5.4.4", "Host or domain name not found. Name service error", MAIL_BOUNCE_HOST_UNKNOWN,
	 true},
	{"5.1.6", "550 address has changed", MAIL_BOUNCE_HAS_MOVED, true},
	{"5.1.10", "556 nullMX", MAIL_BOUNCE_NOT_ACCEPTED, true},
	{"5.2.1", "550 account suspended", MAIL_BOUNCE_SUSPENDED, true},
	{"5.2.2", "552 over quota", MAIL_BOUNCE_MAILBOX_FULL, false},
	{"5.3.4", "552 message size exceeds fixed limit", MAIL_BOUNCE_TOO_LARGE, false},
	{"4.3.1", "452 insufficient system storage", MAIL_BOUNCE_SYSTEM_FULL, false},
	{"5.3.5", "553 5.3.5 system config error", MAIL_BOUNCE_SYSTEM_ERROR, false},
	{"5.3.0", "Command died with status 1: \"/usr/bin/filter\"", MAIL_BOUNCE_MAILER_ERROR,
	 false},
	{"4.4.7", "delivery time expired", MAIL_BOUNCE_EXPIRED, false},
	{"5.4.6", "554 5.4.6 too many hops", MAIL_BOUNCE_NETWORK_ERROR, false},
	{"4.7.0", "421 4.7.0 too many connections", MAIL_BOUNCE_RATE_LIMITED, false},
	{"5.5.2", "501 5.5.2 syntax error", MAIL_BOUNCE_SYNTAX_ERROR, false},
	{"5.6.0", "552 5.6.0 headers too large", MAIL_BOUNCE_CONTENT_ERROR, false},
	{"5.7.1", "550 5.7.1 messages with multiple addresses in From", MAIL_BOUNCE_NOT_COMPLIANT,
	 false},
	{"5.7.1", "550 refused due to recipient preferences", MAIL_BOUNCE_FILTERED, false},
	{"5.1.8", "553 5.1.8 domain of sender address does not exist", MAIL_BOUNCE_REJECTED, false},
	{"5.7.1", "550 5.7.1 access denied (in reply to MAIL FROM command)", MAIL_BOUNCE_REJECTED,
	 false},
	{"5.7.1", "554 5.7.1 client host [192.0.2.1] blocked using bl.example", MAIL_BOUNCE_BLOCKED,
	 false},
	{"5.7.606", "550 5.7.606 see us", MAIL_BOUNCE_BLOCKED, false},
	{"5.7.1", "550 very low reputation of the sending domain", MAIL_BOUNCE_BAD_REPUTATION,
	 false},
	{"4.7.1", "450 4.7.1 cannot find your reverse hostname", MAIL_BOUNCE_REQUIRE_PTR, false},
	{"5.7.1", "550 5.7.1 message identified as SPAM", MAIL_BOUNCE_SPAM, false},
	{"5.7.0", "550 5.7.0 virus found", MAIL_BOUNCE_VIRUS, false},
	{"5.7.9", "554 5.7.9 not accepted for policy reasons", MAIL_BOUNCE_POLICY, false},
	{"5.7.26", "550 5.7.26 go", MAIL_BOUNCE_AUTH_FAILURE, false},
	{"5.7.1", "550 rejected by the DMARC policy of shop.example", MAIL_BOUNCE_AUTH_FAILURE,
	 false},
	{"5.7.8", "535 5.7.8 credentials are wrong", MAIL_BOUNCE_SECURITY, false},
	{"5.7.10", "530 must issue a STARTTLS command first", MAIL_BOUNCE_STARTTLS, false},
	{"5.7.1", "550 relaying denied", MAIL_BOUNCE_NO_RELAYING, false},
	{"5.1.1", "Address is on the account's suppression list", MAIL_BOUNCE_SUPPRESSED, true},
	{"5.0.0", "550 no", MAIL_BOUNCE_ON_HOLD, false},
	{"5.0.0", "", MAIL_BOUNCE_UNDEFINED, true},
	{"5.1.0", "5.1.0 - Unknown error 550-'5.2.2 mailbox full'", MAIL_BOUNCE_MAILBOX_FULL,
	 false},
};

void test_bounce_reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		struct mail_class class;
		struct arena *a = arena_open();
		struct sample s = sample_read(slice_str(arena_printf(
			a,
			DAEMON "Content-Type: multipart/report; report-type=delivery-status; "
			       "boundary=r\n\n--r\n\nSorry.\n--r\n"
			       "Content-Type: message/delivery-status\n\n"
			       "Reporting-MTA: dns; mx.example\n\n"
			       "Final-Recipient: rfc822; bob@example.net\nAction: failed\n"
			       "Status: %s\nDiagnostic-Code: smtp; %s\n--r--\n",
			reasons[i].status, reasons[i].diagnostic)));
		mail_classify(s.a, s.m, &class);
		assert_int_equal(class.n_recipients, 1);
		expect_text(reasons[i].diagnostic,
			    slice_str(mail_bounce_name(class.recipients[0].bounce)),
			    mail_bounce_name(reasons[i].bounce));
		if (class.recipients[0].hard != reasons[i].hard)
			fail_msg("%s: hard is %d", reasons[i].diagnostic, !reasons[i].hard);
		sample_free(&s);
		arena_close(&a);
	}
}

#define REPORT "Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\n\n"
#define STATUS "--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n"

void test_bounce_forms(void **state)
{
	(void)state;
	static const struct {
		const char *raw;
		size_t n;
		const char *last, *status;
		enum mail_action action;
	} rows[] = {
		/* No empty lines between the recipients. */
		{DAEMON REPORT
		 "x\n" STATUS
		 "Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.2.2\n"
		 "Final-Recipient: rfc822; b@example.net\nAction: failed\nStatus: 5.1.1\n"
		 "--r--\n",
		 2, "b@example.net", "5.1.1", MAIL_ACTION_FAILED},
		{DAEMON REPORT "x\n" STATUS
			       "\nFinal-Recipient: utf-8; b\\x{F6}b@example.net\nAction: relayed\n"
			       "Status: 2.0.0\n--r--\n",
		 1, "böb@example.net", "2.0.0", MAIL_ACTION_RELAYED},
		{DAEMON REPORT
		 "x\n" STATUS
		 "\nFinal-Recipient: rfc822; bob+2Btag+40example.net\nAction: delivered\n"
		 "Status: 2.1.5\n--r--\n",
		 1, "bob+tag@example.net", "2.1.5", MAIL_ACTION_DELIVERED},
		/* "ction:": the status still tells. */
		{DAEMON REPORT
		 "x\n" STATUS
		 "\nFinal-Recipient: rfc822; b@example.net\nction: failed\nStatus: 4.4.7\n"
		 "--r--\n",
		 1, "b@example.net", "4.4.7", MAIL_ACTION_DELAYED},
		/* The report says nothing; the prose does. */
		{DAEMON REPORT "<b@example.net>\n    (reason: 550 5.7.1 Relaying denied)\n" STATUS
			       "\nFinal-Recipient: rfc822; b@example.net\nAction: failed\n"
			       "Status: 5.0.0\n--r--\n",
		 1, "b@example.net", "5.7.1", MAIL_ACTION_FAILED},
		{"From: n@sns.example\nSubject: Notification\n\n"
		 "{\"Type\":\"Notification\",\"Message\":\"{\\\"notificationType\\\":"
		 "\\\"Bounce\\\","
		 "\\\"bounce\\\":{\\\"bounceType\\\":\\\"Permanent\\\",\\\"bouncedRecipients\\\":"
		 "[{\\\"emailAddress\\\":\\\"b@example.net\\\",\\\"action\\\":\\\"fai!\n led\\\","
		 "\\\"status\\\":\\\"5.1.1\\\"}]}}\"}\n",
		 1, "b@example.net", "5.1.1", MAIL_ACTION_FAILED},
		{"From: n@sns.example\nSubject: Notification\n\n"
		 "{\"eventType\":\"Delivery\",\"delivery\":{\"recipients\":[\"b@example.net\"],"
		 "\"smtpResponse\":\"250 2.6.0 taken\"}}\n\n--\nUnsubscribe here.\n",
		 1, "b@example.net", "2.6.0", MAIL_ACTION_DELIVERED},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mail_class class;
		struct sample s = sample_read(slice_str(rows[i].raw));
		mail_classify(s.a, s.m, &class);
		expect_text(rows[i].raw, slice_str(mail_kind_name(class.kind)), "dsn");
		assert_int_equal(class.n_recipients, rows[i].n);
		const struct mail_recipient *last = &class.recipients[rows[i].n - 1];
		expect_text(rows[i].raw, last->final, rows[i].last);
		expect_text(rows[i].raw, last->status, rows[i].status);
		assert_int_equal(last->action, rows[i].action);
		sample_free(&s);
	}
}

/* T11: what looks like a bounce and is none. */
void test_bounce_lookalikes(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"From: ann@example.org\nSubject: Undeliverable: what does this mean?\n\n"
		"550 5.1.1 user unknown\n",
		"From: ann@example.org\nSubject: my parcel was not delivered\n\n"
		"The parcel could not be delivered to bob@example.net.\n",
		"From: postmaster@example.org\nSubject: Re: Undelivered Mail Returned to Sender\n\n"
		"We looked into it: user unknown.\n",
		"From: ann@example.org\nReturn-Path: <>\n"
		"Subject: Automatic reply: Your parcel could not be delivered\n\nI am away.\n",
		"From: ann@example.org\nReturn-Path: <>\nAuto-Submitted: auto-replied\n"
		"Subject: Your order is delayed\n\nI am away; bob@example.net helps.\n",
		"From: parcels@carrier.example\nReturn-Path: <>\nSubject: Delivery failed\n\n"
		"Your parcel is at the shop around the corner.\n",
		"From: ann@example.org\nSubject: json\n\n{\"notificationType\":\"Bou",
		"From: ann@example.org\nSubject: Fwd: x\nContent-Type: multipart/mixed; "
		"boundary=f\n\n"
		"--f\n\nWhy?\n--f\nContent-Type: message/rfc822\n\n" DAEMON REPORT "x\n" STATUS
		"\nFinal-Recipient: rfc822; b@example.net\nAction: failed\nStatus: 5.1.1\n"
		"--r--\n--f--\n",
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mail_class class;
		struct sample s = sample_read(slice_str(rows[i]));
		mail_classify(s.a, s.m, &class);
		if (class.kind == MAIL_KIND_DSN || class.n_recipients)
			fail_msg("%s: %s", rows[i], class.reason);
		sample_free(&s);
	}
}
