/* SPDX-License-Identifier: ISC */
#ifndef DESK_AUTHORITY_H
#define DESK_AUTHORITY_H

#include "mail.h"
#include "state.h"

/*
 * Who is asking, with which proofs (MAIL.md 6): the layers I0 to I2 of one
 * mail, and what #whoami says about them.
 */
struct authority {
	Rec__Agent *agent;  /* whose registered address From is; null for nobody's */
	unsigned proofs;    /* COMMAND_I… bits */
	bool has_token;	    /* a reply token of ours stands in a recipient address */
	bool to_desk;	    /* written to the desk's own address, without a token */
	struct token token; /* if has_token */
	bool token_foreign; /* has_token, but it is another agent's */
	struct slice whoami;
};

/* Judged as of work->change.now. */
int authority_judge(struct work *work, const struct mail *m, struct authority *out, struct err *e);

#endif
