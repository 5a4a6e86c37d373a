/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_COMMAND_PRIVATE_H
#define POSTCLERK_COMMAND_PRIVATE_H

#include "command.h"
#include "record/thread.h"

/* ---- typing.c: what clients do to what was typed ---- */

/* What a code point stands for outside quotes; 0: nothing, it is dropped. */
uint32_t typing_plain(uint32_t code_point);
/* Inside quotes: only what cannot be seen is dropped, odd spaces become spaces. */
uint32_t typing_quoted(uint32_t code_point);

enum line_kind {
	LINE_BLANK,
	LINE_COMMAND, /* '#' and a letter */
	LINE_ESCAPED, /* "\#" */
	LINE_OTHER,
};
/* What a line is by its beginning. */
enum line_kind typing_kind(struct slice line);

/* ---- scan.c: words ---- */

/* word, "quoted text", name=word, name="quoted text" */
struct token {
	struct slice name; /* lower case; null pointer: none */
	struct slice text;
	bool quoted;
};

struct tokens {
	struct token items[COMMAND_ARGS_MAX + 2]; /* the verb first */
	size_t n;
};

/*
 * Splits a command that begins with the first line of *rest, and moves *rest
 * behind it and behind the lines its quotes go on over (*lines counts them).
 * The echo is the command in one line.  -1 and INPUT; *rest is then behind the
 * first line.
 */
int scan_command(struct arena *a, struct slice *rest, unsigned *lines, struct tokens *tokens,
		 struct slice *echo, struct err *e);

/* ---- args.c ---- */

/* One argument of that type; INPUT that names the parameter and what would be right. */
int arg_parse(const struct command_param *param, struct slice text, struct command_arg *arg,
	      struct err *e);
/* All of a row's, from the tokens behind the verb; line->args is set. */
int args_parse(struct arena *a, const struct command_row *row, const struct tokens *tokens,
	       struct command_line *line, struct err *e);
/* Is the text an id of one of the parameter's letters? */
bool arg_is_id(const struct command_param *param, struct slice text);

/* ---- table.c ---- */

/*
 * The row of that verb whose first argument fits the first token (null: there
 * is none).  INPUT "did you mean" for an unknown verb.
 */
const struct command_row *table_find(struct slice verb, const struct token *first, struct err *e);
bool table_has_verb(struct slice verb);

#define ROLES_ALL                                                                                  \
	(COMMAND_ROLE(REC__ROLE__ROLE_AGENT) | COMMAND_ROLE(REC__ROLE__ROLE_WAREHOUSE) |           \
	 COMMAND_ROLE(REC__ROLE__ROLE_ACCOUNTING) | COMMAND_ROLE(REC__ROLE__ROLE_ADMIN) |          \
	 COMMAND_ROLE(REC__ROLE__ROLE_SYSTEM))
/* Customer service: who talks to customers and moves their orders. */
#define ROLES_SERVICE                                                                              \
	(COMMAND_ROLE(REC__ROLE__ROLE_AGENT) | COMMAND_ROLE(REC__ROLE__ROLE_ADMIN) |               \
	 COMMAND_ROLE(REC__ROLE__ROLE_SYSTEM))

extern const struct command_row cmd_assign, cmd_close, cmd_comment, cmd_confirm, cmd_customer,
	cmd_end, cmd_help, cmd_hold, cmd_mail, cmd_note_customer, cmd_note_thread, cmd_orders,
	cmd_preview, cmd_quiet, cmd_release, cmd_reopen, cmd_show, cmd_templates, cmd_whoami;

/* Customers. */
extern const struct command_row cmd_newcustomer, cmd_set_customer, cmd_address, cmd_note_read,
	cmd_watch, cmd_unwatch, cmd_call, cmd_lock, cmd_unlock, cmd_blacklist, cmd_unblacklist,
	cmd_activate, cmd_deactivate, cmd_merge_customer, cmd_history;

/* Orders. */
extern const struct command_row cmd_add, cmd_address_order, cmd_cancel, cmd_cancelshipment,
	cmd_delete_order, cmd_fulfil, cmd_merge_order, cmd_na_line, cmd_neworder, cmd_normal,
	cmd_order, cmd_picklist, cmd_remove, cmd_reopen_order, cmd_reserve, cmd_reship, cmd_save,
	cmd_scan, cmd_set_order, cmd_ship, cmd_ship_planned, cmd_shipnow, cmd_tracking,
	cmd_transfer, cmd_trigger, cmd_triggers, cmd_unreserve, cmd_urgent;

/* Items. */
extern const struct command_row cmd_item, cmd_item_line, cmd_na_item, cmd_stock;

/* Files of other systems. */
extern const struct command_row cmd_import;

/* Search and lists. */
extern const struct command_row cmd_account, cmd_credits, cmd_dispatch, cmd_docs, cmd_empty,
	cmd_files, cmd_find, cmd_first, cmd_invoices, cmd_k, cmd_labels, cmd_last, cmd_lines,
	cmd_mails, cmd_next, cmd_search, cmd_shipments, cmd_talk, cmd_transactions;

/* ---- right.c ---- */

/* May this agent give this command, with these proofs?  DENIED with a sentence. */
int right_role(const struct command_context *ctx, const struct command_row *row, struct err *e);
int right_proofs(const struct command_context *ctx, const struct command_row *row, struct err *e);
/* Do the ids of the line exist and belong to the customer at hand?  INPUT. */
int right_ids(const struct command_context *ctx, const struct command_line *line, struct err *e);

/* ---- line.c: what several commands ask of their line ---- */

/* The text of an argument, empty when it was not given. */
struct slice line_text(const struct command_line *line, const char *name);
/* The thread an optional id names, else the one at hand; INPUT when there is neither. */
int line_thread(const struct command_context *ctx, const struct command_line *line,
		uint64_t *thread, struct err *e);
/* Likewise the customer; of a merged one the one it was merged into. */
int line_customer(const struct command_context *ctx, const struct command_line *line,
		  uint64_t *customer, struct err *e);
/* That thread itself; INPUT when it is not there. */
int line_load_thread(const struct command_context *ctx, const struct command_line *line,
		     Rec__Thread **thread, struct err *e);
int line_check_thread(const struct command_context *ctx, const struct command_line *line,
		      enum thread_event event, struct err *e);
/* Moves it, for the "reason" of the line, and says what it is now. */
int line_move_thread(struct command_context *ctx, const struct command_line *line,
		     enum thread_event event, struct buf *out, struct err *e);

#endif
