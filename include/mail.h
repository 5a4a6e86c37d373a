/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_H
#define POSTCLERK_MAIL_H

/*
 * Mail: bytes to a message and back.  Knows RFC 5322 and MIME, nothing of the
 * network and nothing of what is stored.
 */
#include "mail/address.h"
#include "mail/auth_results.h"
#include "mail/classify.h"
#include "mail/compose.h"
#include "mail/envelope.h"
#include "mail/lint.h"
#include "mail/message.h"
#include "mail/trim.h"

#endif
