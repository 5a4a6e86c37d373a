/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_COMMAND_H
#define POSTCLERK_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base.h"
#include "record/change.h"
#include "record/id.h"

/*
 * The command language (MAIL.md 5) and its one table.  Commands do not know
 * where they came from: a mail, the command line or the clock.  Parsing is a
 * pure function of the text; checking changes nothing; applying happens inside
 * the caller's transaction.
 */

/* ---- the table ---- */

#define COMMAND_LINES_MAX 50	   /* commands in one block */
#define COMMAND_ARGS_MAX 64	   /* arguments of one command */
#define COMMAND_WRAP_MAX 3	   /* lines an open quote may go on over */
#define COMMAND_TEXT_MAX (1 << 20) /* bytes of a text to parse */
#define COMMAND_VALUE_MAX 4000	   /* bytes of one argument */

/* What a command may do, and so what it needs (MAIL.md 6). */
enum command_class {
	COMMAND_CONTROL, /* of the block itself: quiet, preview, customer, end */
	COMMAND_READ,
	COMMAND_TRIAGE,
	COMMAND_CUSTOMER, /* visible to the customer */
	COMMAND_RECORD,
	COMMAND_MONEY, /* money and what cannot be taken back */
};

/* What the mail, or whatever brought the block, has proved. */
enum command_proof {
	COMMAND_I0_IDENTITY = 1 << 0,
	COMMAND_I1_TOKEN = 1 << 1,
	COMMAND_I2_TRANSPORT = 1 << 2,
	COMMAND_I3_FRESH = 1 << 3,
	COMMAND_I4_SECOND = 1 << 4,
	COMMAND_SEND = 1 << 5,
	COMMAND_I2_FAILED = 1 << 6, /* transport was judged, and not passed */
};

#define COMMAND_ROLE(role) (1u << (role))

enum command_type {
	COMMAND_ID,	  /* letters: which kinds; lines: may name one line */
	COMMAND_WORD,	  /* no spaces */
	COMMAND_ENUM,	  /* one of `words`, separated by '|' */
	COMMAND_NUMBER,	  /* low..high */
	COMMAND_AMOUNT,	  /* digits, point, decimals, optional ISO code */
	COMMAND_DATE,	  /* 2026-03-01 or +3d */
	COMMAND_TEXT,	  /* in quotes; a single word may do without */
	COMMAND_QUANTITY, /* of a line of the order named before: "2x/3", "/3" for all of it */
};

struct command_param {
	const char *name; /* as usage shows it; named arguments are written name=value */
	enum command_type type;
	bool named, optional;
	bool line;	     /* an id may have a line number */
	bool many;	     /* more than one may be given: see command_arg.next */
	bool empty;	     /* of a text: may be "", which clears what it names */
	const char *letters; /* of an id: "CT"; null is any */
	const char *words;   /* of an enumeration: "asc|desc" */
	int64_t low, high;   /* of a number */
};

struct command_context;
struct command_line;
struct command_result;

/* Judges only.  1, or -1 with a sentence for the transcript. */
typedef int command_check_fn(const struct command_context *ctx, const struct command_line *line,
			     struct err *e);
/* Does it, and writes what to say behind "OK " to out: a line, or lines. */
typedef int command_apply_fn(struct command_context *ctx, const struct command_line *line,
			     struct command_result *result, struct buf *out, struct err *e);

/* A name that people try, and why it cannot be set here: "#lock C… does that". */
struct command_fixed {
	const char *name;
	const char *reason; /* a sentence without its point */
};

/* One verb and the kind of object its first argument names: one constant a row. */
struct command_row {
	const char *verb;
	const char *aliases;		    /* separated by spaces; null is none */
	const char *help;		    /* one line, a sentence without its point */
	const struct command_param *params; /* up to a row with a null name */
	const struct command_fixed *fixed;  /* likewise; null: none */
	unsigned roles;			    /* COMMAND_ROLE bits */
	enum command_class class;
	bool foreign;		 /* its ids need not belong to the customer at hand */
	const char *offer;	 /* in mailto links behind the id ("\"…\""); null: not offered */
	command_check_fn *check; /* null: nothing to judge */
	command_apply_fn *apply;
};

/* Row i of the table, in the order of the manual; null behind the last. */
const struct command_row *command_row(size_t i);
/* "#hold O… [\"reason\"]" */
void command_usage(const struct command_row *row, struct buf *out);
/*
 * All rows as help text, one line each; with a verb the rows of that verb, in
 * full.  0 when there is no such verb.
 */
int command_help(struct slice verb, struct buf *out);
/* Word for a class and a role mask: "record"; "agent, admin". */
const char *command_class_name(enum command_class class);
void command_roles_put(unsigned roles, struct buf *out);

/* ---- parsing ---- */

/*
 * One argument; which of the values is set says its parameter's type.  An
 * AMOUNT stays text until its document's currency is known (money_parse).
 */
struct command_arg {
	const struct command_param *param; /* null: not given */
	struct slice text;		   /* as meant: unquoted, unwrapped */
	struct id id;
	/*
	 * NUMBER; DATE: UTC seconds, with `span` seconds from now; ENUM: place;
	 * QUANTITY: pieces, 0 for all, of id.line and id.split.
	 */
	int64_t number;
	bool span;		  /* DATE: +3d */
	struct command_arg *next; /* of a parameter with `many`: the value behind this one */
};

struct command_line {
	unsigned number;	       /* of the line in the text, 1 the first */
	struct slice echo;	       /* the command in one line, as the transcript repeats it */
	const struct command_row *row; /* null when it is wrong */
	struct command_arg *args;      /* one a parameter, in the row's order */
	struct slice error;	       /* a sentence, or empty */
	struct command_line *next;
};

struct command_block {
	bool present;		    /* there is at least one command, right or wrong */
	struct command_line *lines; /* in order, wrong ones too */
	size_t n, n_errors;
	struct slice text; /* what follows the block, "\#" unescaped: for the customer */
};

/*
 * Parses the block at the top of a mail's new text (UTF-8).  Wrong lines are
 * not a failure: they carry their errors, all of them.  -1 and INPUT only when
 * the text is too long.  Everything lives in the arena; nothing of `text` is
 * referred to.  The same text gives the same block.
 */
int command_parse(struct arena *a, struct slice text, struct command_block **block, struct err *e);
/* The argument of a parameter of the row, or null when it was not given. */
const struct command_arg *command_arg(const struct command_line *line, const char *name);

/* ---- running ---- */

/* A mail that an agent may choose for #mail. */
struct command_template {
	struct slice name, about;
	struct slice kinds; /* id letters of what it can be about; empty: anything */
};

/* A file that came with the mail of a block, for #import. */
struct command_file {
	struct slice name;  /* one line of UTF-8, never empty */
	struct slice media; /* "text/csv" */
	struct slice bytes;
	bool missing; /* too large to be taken in: the bytes are not there */
};

/*
 * Who asks, with which proofs, at which thread; the change has agent, role,
 * mail and time.  While a thread is at hand, commands may name only objects of
 * its customer, or of the one #customer names; without a thread, any.
 */
struct command_context {
	struct change *change;
	uint64_t thread;     /* at hand; 0 none */
	uint64_t customer;   /* whose objects may be named; 0 none; #customer changes it */
	unsigned proofs;     /* COMMAND_I… bits */
	struct slice whoami; /* what #whoami answers: the desk's words on the proofs */
	const struct command_template *templates; /* what #templates lists, by name */
	size_t n_templates;
	const struct command_file *files; /* of the mail; the command line has none */
	size_t n_files;
	bool json;     /* lists as JSON, a line a row */
	bool fleeting; /* the transaction only reads: no place in a list is kept */
};

/* What became of one command. */
struct command_outcome {
	unsigned line;
	bool ok;
	struct slice echo;
	struct slice text; /* without "OK " or "ERR " */
};

struct command_result {
	struct slice transcript; /* each line echoed, then its OK or ERR; UTF-8, LF */
	struct command_outcome *outcomes;
	size_t n, n_errors;
	bool denied;  /* a right or a proof was missing */
	bool quiet;   /* #quiet: a wholly successful transcript need not be sent */
	bool preview; /* #preview: show everything, then roll back */
	bool read;    /* every command only read: nothing changed */
	bool mails;   /* #mail was run: the text goes into that mail */
};

/*
 * Judges and runs the block in order, inside the transaction of ctx->change.
 * 1 when all went well.  -1 and INPUT (DENIED when a right or proof was
 * missing) as soon as one line was refused, after judging the others: the
 * caller must then roll back, and the transcript lists every error with its
 * line.  -1 and another class (CONFLICT, TEMP) is the store's; then there is
 * no transcript.  *result lives in the change's arena.
 */
int command_run(struct command_context *ctx, const struct command_block *block,
		struct command_result *result, struct err *e);
/*
 * One command that only reads, for its answer alone, without a transcript: what
 * the command line prints.  The transaction may be one that only reads.  INPUT
 * when it is no such command, with its sentence.
 */
int command_read(struct command_context *ctx, struct slice text, struct buf *out, struct err *e);
/*
 * The transcript of a block that is refused for a reason of the caller's (no
 * proof, a replay with another text): the sentence stands first.
 */
void command_refuse(struct arena *a, const struct command_block *block, struct slice reason,
		    struct command_result *result);

/*
 * Is a fresh proof (I3) all that the block lacks: would it pass with one, and
 * not without?  Roles and arguments are not judged.
 */
bool command_lacks_fresh(unsigned proofs, const struct command_block *block);
/* The code of a mail that consists of #confirm alone; empty for any other. */
struct slice command_confirms(const struct command_block *block);

/* A command that may be given now, ready for a mailto link. */
struct command_offer {
	const struct command_row *row;
	struct slice line; /* "#release O10042", "#comment O10042 \"…\"" */
};

/*
 * What the agent of the context may do with an object now, in the table's
 * order: right, role and check are judged, proofs are not (the reply brings
 * them).  At most max offers; returns how many, or -1.
 */
int command_allowed(const struct command_context *ctx, char letter, uint64_t id,
		    struct command_offer *offers, size_t max, struct err *e);

/*
 * The card of an object as plain text: #show's answer, and what a desk mail
 * shows.  Watch notes first, states as "[HAL] on hold".  0 when it is not
 * there.
 */
int command_card(struct txn *txn, struct arena *a, const struct id *id, struct buf *out,
		 struct err *e);

#endif
