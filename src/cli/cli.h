/* SPDX-License-Identifier: ISC */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base.h"

/*
 * The program's subcommands: one table of rows, each with its options; --help,
 * the manual page's test and the shell completion read it.  Exit statuses are
 * those of sysexits(3).
 */
#define CLI_OPTIONS_MAX 8
#define CLI_ARGS_MAX 4096

struct cli_option {
	const char *name;  /* without "--" */
	const char *value; /* what it takes, for the help; null: nothing */
	const char *help;
	bool required;
};

/* One call, its command line taken apart. */
struct cli {
	const char *program;
	const char *dir; /* of the desk */
	bool json;
	const struct cli_row *row;
	const char
		*values[CLI_OPTIONS_MAX]; /* by position in row->options; "" when it takes none */
	const char *const *args;
	size_t n_args;
	struct arena *arena;
};

struct cli_row {
	const char *verb;     /* "agent add" */
	const char *operands; /* "NAME ADDRESS", for the help */
	const char *help;
	size_t least, most; /* operands */
	struct cli_option options[CLI_OPTIONS_MAX + 1];
	bool needs_desk; /* --desk or POSTCLERK_DESK must be given */
	/* Returns the exit status; prints its own errors with cli_fail. */
	int (*run)(struct cli *cli);
};

/* The rows, a null verb behind the last. */
extern const struct cli_row cli_rows[];

/* The value of an option of this call, or null. */
const char *cli_value(const struct cli *cli, const char *name);
/* "postclerk: sentence" on standard error; returns the status of its class. */
int cli_fail(const struct err *e);
/* A call of the desk: prints its output; the exit status. */
int cli_call(struct cli *cli, const char *name, const char *const *args, size_t n_args);
/* The same, and its output is not printed but handed over, in the arena. */
int cli_call_for(struct cli *cli, const char *name, const char *const *args, size_t n_args,
		 struct slice *output);
/*
 * The same for an answer that comes in pages: asks again until there is none
 * left, with the memory of one.
 */
int cli_call_pages(struct cli *cli, const char *name);
/* All of a file ("-" is standard input), in the arena; INPUT when it cannot be read. */
int cli_read(struct cli *cli, const char *path, size_t max, struct slice *text, struct err *e);
/* Writes to standard output; TEMP when that fails. */
int cli_write(struct slice text, struct err *e);

/* A bar on standard error while it is a terminal; nothing elsewhere. */
struct cli_progress {
	const char *what;
	uint64_t total, shown;
	bool on;
};
void cli_progress_begin(struct cli_progress *p, const char *what, uint64_t total);
void cli_progress_at(struct cli_progress *p, uint64_t done);
void cli_progress_end(struct cli_progress *p);

/* Subcommands, by file. */
int cli_init(struct cli *cli);
int cli_serve(struct cli *cli);
int cli_fetch(struct cli *cli);
int cli_send(struct cli *cli);
int cli_tick(struct cli *cli);
int cli_fsck(struct cli *cli);
int cli_reprocess(struct cli *cli);
int cli_ingest(struct cli *cli);
int cli_do(struct cli *cli);
int cli_show(struct cli *cli);
int cli_search(struct cli *cli);
int cli_list(struct cli *cli);
int cli_demo_data(struct cli *cli);
int cli_import(struct cli *cli);
int cli_export(struct cli *cli);
int cli_agent_add(struct cli *cli);
int cli_agent_list(struct cli *cli);
int cli_agent_revoke(struct cli *cli);
int cli_table(struct cli *cli);
int cli_mail_inspect(struct cli *cli);
int cli_mail_trim(struct cli *cli);
int cli_mail_classify(struct cli *cli);
int cli_template_eval(struct cli *cli);
int cli_template_check(struct cli *cli);
int cli_template_vars(struct cli *cli);
int cli_template_preview(struct cli *cli);
int cli_template_gallery(struct cli *cli);

#endif
