/* SPDX-License-Identifier: ISC */
#ifndef DESK_COMPOSE_H
#define DESK_COMPOSE_H

#include "mail/compose.h"
#include "state.h"

/*
 * Mails that go out: built anew from a template and typed values, signed,
 * threaded, and put into the outbox in the transaction of the work (MAIL.md
 * 8).  Nothing that came in is ever forwarded to a customer.
 */

/* A mail with its content, ready but for ids and envelope. */
struct outgoing {
	Tra__OutboxKind kind;
	const char *event;	    /* what caused it, for the audit; a literal */
	const Rec__Thread *thread;  /* null: belongs to none */
	uint64_t agent;		    /* who receives it, if an agent */
	struct slice name, address; /* of the recipient */
	struct slice reply_to;	    /* a token address, or empty */
	struct slice in_reply_to;
	const struct slice *references;
	size_t n_references;
	bool automatic;	     /* nobody wrote it: RFC 3834, loop header, cap */
	struct slice result; /* of a transcript: "done", "refused" */
	bool urgent;	     /* a watch note: Importance: high */
	bool outside;	     /* to somebody who is neither an agent nor a customer */
	struct rendered_mail content;
	const struct mail_attachment *attachments;
	size_t n_attachments;
};

/* 1 and its outbox number; 0 when the cap on automatic mail holds it back. */
int compose_queue(struct work *work, const struct outgoing *mail, uint64_t *outbox, struct err *e);

/* An answer to the customer. */
struct customer_mail {
	const struct template *template;
	Rec__Thread *thread;	 /* its last message and participants are kept up */
	Rec__Customer *customer; /* null in triage */
	const Rec__Order *order; /* what the template is about; may be null */
	const Rec__Agent *agent; /* who wrote it; null: the desk by itself */
	struct slice text;	 /* the agent's own words, or empty */
	struct slice reason;	 /* of the event */
	const char *event;
};
/*
 * Renders and queues it, and adds the message to the thread.  1; 0 when the
 * template does not apply, or nobody can be written to.  *shown gets the mail
 * as text for a preview (in the arena).
 */
int compose_customer(struct work *work, const struct customer_mail *mail, struct slice *shown,
		     struct err *e);

/* The record mail that an agent sees of what came in. */
struct desk_mail {
	const Rec__Thread *thread;
	const Rec__Customer *customer; /* null in triage */
	const Rec__Message *message;
	struct slice text;   /* what the customer wrote, new text only */
	struct slice quoted; /* the rest of it */
	const struct mail_attachment *attachments;
	size_t n_attachments;
	bool truncated;
};
/* To the thread's owner, or to every agent while nobody owns it. */
int compose_desk(struct work *work, const struct desk_mail *mail, struct err *e);

struct transcript_mail {
	const Rec__Agent *agent;
	const Rec__Thread *thread; /* may be null */
	struct slice text;	   /* each line echoed, then OK or ERR */
	struct slice subject;	   /* of the mail it answers */
	struct slice in_reply_to;
	size_t n_errors;
	bool refused, preview;
	struct slice code; /* a preview that waits for "#confirm CODE"; else empty */
};
/* To the agent's registered address, whatever From said. */
int compose_transcript(struct work *work, const struct transcript_mail *mail, struct err *e);

/* A short word to the thread's owner, or to the admins when there is none. */
struct notice {
	const Rec__Thread *thread; /* may be null */
	const char *event;
	struct slice subject, text;
};
int compose_notice(struct work *work, const struct notice *notice, struct err *e);

/* The customer's language, then the shop's; valid as long as the arena. */
struct template_languages compose_languages(struct work *work, const Rec__Customer *customer,
					    const Rec__Agent *agent);

#endif
