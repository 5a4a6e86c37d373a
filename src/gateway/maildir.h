/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_MAILDIR_H
#define GATEWAY_MAILDIR_H

#include "base.h"

/*
 * Delivery into a Maildir, for a desk without SMTP.  The file is named by the
 * number of the outbox entry, so that to deliver it again replaces it.  Above
 * the mail stand Return-Path and Delivered-To: the envelope, as a final
 * delivery writes it.
 */
struct maildir_mail {
	uint64_t id;
	struct slice sender, recipient, raw;
};

/* Makes the Maildir if it is missing.  1 when the mail is durable, or -1 and TEMP. */
int maildir_deliver(const char *path, const struct maildir_mail *mail, struct err *e);

#endif
