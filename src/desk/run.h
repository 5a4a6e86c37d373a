/* SPDX-License-Identifier: ISC */
#ifndef DESK_RUN_H
#define DESK_RUN_H

#include "command.h"
#include "state.h"

/*
 * A command block with the text below it, run inside the transaction of a
 * work: the commands, then the mails that their events and the text cause.
 * It commits whole or not at all: whoever runs it rolls back unless
 * run->committed.
 */
struct run {
	/* Given. */
	struct work *work;
	const Rec__Agent *agent;
	Rec__Thread *thread; /* null: none at hand */
	unsigned proofs;
	struct slice whoami;
	const struct command_block *block;
	const struct command_file *files; /* that came with it, for #import */
	size_t n_files;
	bool note;	/* the text stays inside */
	bool ask_first; /* a preview, whatever the block says */

	/* Made, in the arena. */
	bool refused;
	bool committed; /* false: refused, or a preview */
	bool quiet, preview;
	size_t n_errors;
	size_t n_mails; /* to the customer */
	struct slice transcript;
};

/*
 * 1 when it is done; -1 and the error otherwise: INPUT or DENIED when it was
 * refused (the transcript says why) or was a preview (then !run->refused);
 * CONFLICT and TEMP as the store says, without a transcript.
 */
int run_block(struct run *run, struct err *e);

/*
 * The thread through which a customer is written to about an order, new if
 * need be; 0 when they have no mail address.
 */
int run_thread_for(struct work *work, const Rec__Customer *customer, const Rec__Order *order,
		   Rec__Thread **thread, struct err *e);

#endif
