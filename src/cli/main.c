/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli.h"

/* The three things an admin does to a table of the shop. */
#define TABLE_ROWS(word, what)                                                                     \
	{word " list", "", "list the " what, 0, 0, {{NULL}}, true, cli_table},                     \
		{word " set",                                                                      \
		 "NAME FIELD=VALUE…",                                                              \
		 "make or change one of the " what,                                                \
		 1,                                                                                \
		 64,                                                                               \
		 {{NULL}},                                                                         \
		 true,                                                                             \
		 cli_table},                                                                       \
	{                                                                                          \
		word " remove", "NAME", "remove one of the " what, 1, 1, {{NULL}}, true, cli_table \
	}

const struct cli_row cli_rows[] = {
	{"init",
	 "DIR",
	 "make a desk that works at once on files alone",
	 1,
	 1,
	 {{"shop", "NAME", "the shop's name, in From", true},
	  {"address", "ADDRESS", "its public mail address", true},
	  {"language", "LANG", "en, de … (en)", false},
	  {"currency", "CODE", "ISO 4217 (EUR)", false},
	  {"time-zone", "ZONE", "IANA (UTC)", false},
	  {"country", "CODE", "whose VAT it charges: NL, DE …", false}},
	 false,
	 cli_init},
	{"serve",
	 "",
	 "run the desk: take mail, process it, send mail",
	 0,
	 0,
	 {{"process", "NAME", "only this process (for the supervisor)", false}},
	 true,
	 cli_serve},
	{"fetch", "", "take new mail of every mailbox, once", 0, 0, {{NULL}}, true, cli_fetch},
	{"ingest",
	 "[FILE…]",
	 "take mails from files or standard input",
	 0,
	 CLI_ARGS_MAX,
	 {{"wait", NULL, "process them now and print the transcripts", false},
	  {"maildir", "DIR", "take the mails of a Maildir's new/ and move them to cur/", false}},
	 true,
	 cli_ingest},
	{"send", "", "send what is due in the outbox, once", 0, 0, {{NULL}}, true, cli_send},
	{"tick", "", "process what waits and run due jobs, once", 0, 0, {{NULL}}, true, cli_tick},
	{"do",
	 "BLOCK",
	 "run commands, as in a mail: '#release O10042'",
	 1,
	 1,
	 {{"as", "AGENT", "who acts", true}, {"thread", "T1", "at which thread", false}},
	 true,
	 cli_do},
	{"show", "ID", "the card of a customer, order or thread", 1, 1, {{NULL}}, true, cli_show},
	{"search",
	 "WORD…",
	 "find customers and orders: name=jansen zip=1011 status=HAL",
	 1,
	 CLI_ARGS_MAX,
	 {{NULL}},
	 true,
	 cli_search},
	{"list",
	 "VERB WORD…",
	 "the answer of a command that only reads: orders C10001",
	 1,
	 CLI_ARGS_MAX,
	 {{NULL}},
	 true,
	 cli_list},
	{"import",
	 "FILE",
	 "take in records, or a web shop's orders (\"-\" is standard input)",
	 1,
	 1,
	 {{"format", "FORMAT", "jsonl, shopify-csv … (by its content)", false},
	  {"channel", "NAME", "where its orders come from (shopify …)", false}},
	 true,
	 cli_import},
	{"export", "", "write the record as JSON Lines", 0, 0, {{NULL}}, true, cli_export},
	{"agent add",
	 "NAME ADDRESS",
	 "add an agent",
	 2,
	 2,
	 {{"role", "ROLE", "agent, warehouse, accounting or admin", true},
	  {"full-name", "NAME", "as customers and colleagues know them", false},
	  {"language", "LANG", "of the mails they get", false}},
	 true,
	 cli_agent_add},
	{"agent list", "", "who the agents are", 0, 0, {{NULL}}, true, cli_agent_list},
	{"agent revoke",
	 "NAME",
	 "make all of an agent's reply addresses worthless",
	 1,
	 1,
	 {{"leave", NULL, "and let them do nothing more", false}},
	 true,
	 cli_agent_revoke},
	{"shop list", "", "list the shops", 0, 0, {{NULL}}, true, cli_table},
	{"shop set",
	 "NAME FIELD=VALUE…",
	 "change a shop: country=NL vat_id=… destination_vat=yes",
	 2,
	 64,
	 {{NULL}},
	 true,
	 cli_table},
	TABLE_ROWS("paytype", "payment types"),
	TABLE_ROWS("terms", "payment terms"),
	TABLE_ROWS("channel", "sales channels"),
	TABLE_ROWS("pricelist", "price lists"),
	TABLE_ROWS("season", "seasons"),
	TABLE_ROWS("vat", "VAT rates, named NL/standard/2026-01-01"),
	{"mail inspect",
	 "FILE…",
	 "what is read of a mail, a line of JSON a file",
	 1,
	 CLI_ARGS_MAX,
	 {{NULL}},
	 false,
	 cli_mail_inspect},
	{"mail trim",
	 "FILE",
	 "the new text of a mail: no quotation, signature, forwarded mail",
	 1,
	 1,
	 {{"text", NULL, "the file is the text of a mail, without its header", false}},
	 false,
	 cli_mail_trim},
	{"mail classify",
	 "FILE…",
	 "what kind of mail it is, and whom a bounce is about; a line a file",
	 1,
	 CLI_ARGS_MAX,
	 {{NULL}},
	 false,
	 cli_mail_classify},
	{"template eval",
	 "",
	 "render templates: requests in, answers out, a line each",
	 0,
	 0,
	 {{"jsonl", NULL, "the form of requests and answers (the only one)", false}},
	 false,
	 cli_template_eval},
	{"template check",
	 "",
	 "check every template file of the desk",
	 0,
	 0,
	 {{NULL}},
	 true,
	 cli_template_check},
	{"template vars",
	 "[NAME]",
	 "the variables of templates, or what is in one: order.lines",
	 0,
	 1,
	 {{NULL}},
	 true,
	 cli_template_vars},
	{"template preview",
	 "FILE",
	 "the mail of a template file or name, with sample data",
	 1,
	 1,
	 {{"data", "ID", "of an order, a customer or a thread instead: O10042", false},
	  {"open", NULL, "show its HTML in a browser", false}},
	 true,
	 cli_template_preview},
	{"template gallery",
	 "DIR",
	 "write a page that shows every template into DIR",
	 1,
	 1,
	 {{NULL}},
	 true,
	 cli_template_gallery},
	{"reprocess",
	 "[N…]",
	 "list quarantined mails, or take some up again",
	 0,
	 CLI_ARGS_MAX,
	 {{"all", NULL, "all of them", false}},
	 true,
	 cli_reprocess},
	{"demo-data",
	 "",
	 "fill a new desk with a fictional shop",
	 0,
	 0,
	 {{"customers", "N", "how many customers", true},
	  {"seed", "S", "the same seed makes the same shop (1)", false},
	  {"orders-per-customer", "N", "on average (10)", false}},
	 true,
	 cli_demo_data},
	{"fsck", "", "prove the store and the record", 0, 0, {{NULL}}, true, cli_fsck},
	{NULL},
};

/* ---- help ---- */

static int help(FILE *out)
{
	fputs("usage: postclerk [--desk DIR] [--json] SUBCOMMAND …\n\n"
	      "A customer-service desk that lives in the mailbox.\n\n",
	      out);
	for (const struct cli_row *row = cli_rows; row->verb; row++) {
		size_t width = text_width(slice_str(row->operands));
		fprintf(out, "  %-16s %s%*s %s\n", row->verb, row->operands,
			(int)(width < 16 ? 16 - width : 0), "", row->help);
	}
	fputs("\n  --desk DIR  the desk's directory (or POSTCLERK_DESK)\n"
	      "  --json      for programs: JSON on standard output\n"
	      "  --version   which version this is\n"
	      "postclerk SUBCOMMAND --help tells its options.\n",
	      out);
	return EX_OK;
}

static int help_row(const struct cli_row *row)
{
	printf("usage: postclerk [--desk DIR] %s%s%s%s\n\n%s\n", row->verb,
	       row->options[0].name ? " [OPTIONS]" : "", *row->operands ? " " : "", row->operands,
	       row->help);
	for (const struct cli_option *o = row->options; o->name; o++) {
		char name[64];
		snprintf(name, sizeof(name), "--%s %s", o->name, o->value ? o->value : "");
		printf("%s  %-24s %s%s\n", o == row->options ? "\n" : "", name, o->help,
		       o->required ? " (needed)" : "");
	}
	return EX_OK;
}

__attribute__((format(printf, 1, 2))) static int usage(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("postclerk: ", stderr);
	vfprintf(stderr, format, args);
	fputs("; postclerk --help\n", stderr);
	va_end(args);
	return EX_USAGE;
}

/* ---- taking the command line apart ---- */

/* How many words of argv the verb of that row takes; 0 when it is another one. */
static size_t verb_words(const char *verb, char *const *argv)
{
	struct slice rest = slice_str(verb), word;
	size_t n = 0;
	while (slice_cut(&rest, ' ', &word)) {
		if (!argv[n] || !slice_eq(word, slice_str(argv[n])))
			return 0;
		n++;
	}
	return n;
}

static const struct cli_row *find_row(char *const *argv, size_t *words)
{
	for (const struct cli_row *row = cli_rows; row->verb; row++)
		if ((*words = verb_words(row->verb, argv)))
			return row;
	return NULL;
}

static int no_verb(const char *word)
{
	const char *nearest = NULL;
	size_t best = 4;
	for (const struct cli_row *row = cli_rows; row->verb; row++) {
		size_t distance = text_distance(slice_str(word), slice_str(row->verb));
		if (distance < best) {
			best = distance;
			nearest = row->verb;
		}
	}
	return nearest ? usage("\"%s\" is no subcommand: did you mean \"%s\"?", word, nearest)
		       : usage("\"%s\" is no subcommand", word);
}

/* "--name", "--name=value" or "--name value"; how many words it took, 0 when unknown. */
static size_t take_option(struct cli *cli, char *const *argv)
{
	struct slice name = slice_str(argv[0] + 2);
	ptrdiff_t equals = slice_chr(name, '=');
	if (equals >= 0)
		name.len = (size_t)equals;
	for (size_t i = 0; cli->row->options[i].name; i++) {
		const struct cli_option *option = &cli->row->options[i];
		if (!slice_eq(name, slice_str(option->name)))
			continue;
		if (!option->value)
			cli->values[i] = "";
		else
			cli->values[i] = equals >= 0 ? argv[0] + 2 + equals + 1 : argv[1];
		return cli->values[i] ? 1 + (option->value && equals < 0) : 0;
	}
	return 0;
}

static int take_words(struct cli *cli, char *const *argv)
{
	const char **args = ARENA_ARRAY(cli->arena, CLI_ARGS_MAX, const char *);
	bool options = true;
	for (size_t i = 0; argv[i];) {
		size_t took = 1;
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && strcmp(argv[i], "--json") == 0) {
			cli->json = true;
		} else if (options && strncmp(argv[i], "--", 2) == 0) {
			took = take_option(cli, argv + i);
			if (!took)
				return usage("%s does not know the option %s, or it lacks a value",
					     cli->row->verb, argv[i]);
		} else if (cli->n_args < CLI_ARGS_MAX) {
			args[cli->n_args++] = argv[i];
		} else {
			return usage("more than %d operands", CLI_ARGS_MAX);
		}
		i += took;
	}
	cli->args = args;
	return EX_OK;
}

static int check_words(const struct cli *cli)
{
	const struct cli_row *row = cli->row;
	if (cli->n_args < row->least || cli->n_args > row->most)
		return usage("%s takes: %s", row->verb, *row->operands ? row->operands : "nothing");
	for (size_t i = 0; row->options[i].name; i++)
		if (row->options[i].required && !cli->values[i])
			return usage("%s needs --%s %s", row->verb, row->options[i].name,
				     row->options[i].value);
	if (row->needs_desk && !cli->dir)
		return usage("%s needs to know the desk: --desk DIR, or POSTCLERK_DESK", row->verb);
	return EX_OK;
}

static int run_row(struct cli *cli, char *const *argv)
{
	size_t words;
	cli->row = find_row(argv, &words);
	if (!cli->row)
		return no_verb(argv[0]);
	for (size_t i = words; argv[i]; i++)
		if (strcmp(argv[i], "--help") == 0)
			return help_row(cli->row);
	struct err e = {ERR_NONE, ""};
	int status = take_words(cli, argv + words);
	if (status == EX_OK)
		status = check_words(cli);
	if (status == EX_OK && clock_init(&e) < 0)
		status = cli_fail(&e);
	if (status == EX_OK)
		status = cli->row->run(cli);
	/* An MTA that pipes a mail in keeps it whatever went wrong here (MAIL.md 2). */
	return status != EX_OK && cli->row->run == cli_ingest && !cli_value(cli, "wait")
		       ? EX_TEMPFAIL
		       : status;
}

static int run(int argc, char **argv)
{
	struct cli cli = {.program = argv[0], .dir = getenv("POSTCLERK_DESK")};
	int i = 1;
	signal(SIGPIPE, SIG_IGN);
	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--desk") == 0 && i + 1 < argc)
			cli.dir = argv[++i];
		else if (strncmp(argv[i], "--desk=", 7) == 0)
			cli.dir = argv[i] + 7;
		else if (strcmp(argv[i], "--json") == 0)
			cli.json = true;
		else if (strcmp(argv[i], "--version") == 0)
			return printf("postclerk %s\n", PACKAGE_VERSION) > 0 ? EX_OK : EX_IOERR;
		else if (strcmp(argv[i], "--help") == 0)
			return help(stdout);
		else
			return usage("the option %s is unknown", argv[i]);
	}
	if (i >= argc) {
		help(stderr);
		return EX_USAGE;
	}
	if (strcmp(argv[i], "help") == 0)
		return help(stdout);
	cli.arena = arena_open();
	int status = run_row(&cli, argv + i);
	arena_close(&cli.arena);
	return status;
}

/*
 * MAIL.md 2: mail from a pipe that is not waited for.  Its MTA would bounce the
 * mail on any status but 75, whatever was wrong with our command line.
 */
static bool is_pipe(char *const *argv)
{
	bool ingest = false, wait = false;
	for (size_t i = 1; argv[i]; i++) {
		ingest |= strcmp(argv[i], "ingest") == 0 && strcmp(argv[i - 1], "--desk") != 0;
		wait |= strcmp(argv[i], "--wait") == 0;
	}
	return ingest && !wait;
}

int main(int argc, char **argv)
{
	int status = run(argc, argv);
	return status != EX_OK && is_pipe(argv) ? EX_TEMPFAIL : status;
}
