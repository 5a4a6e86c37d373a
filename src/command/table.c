/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "private.h"
#include "record/agent.h"

/* The one table, in the order of the manual. */
static const struct command_row *const rows[] = {
	&cmd_show,	     &cmd_search,	&cmd_find,
	&cmd_orders,	     &cmd_lines,	&cmd_invoices,
	&cmd_credits,	     &cmd_labels,	&cmd_mails,
	&cmd_account,	     &cmd_transactions, &cmd_shipments,
	&cmd_item,	     &cmd_item_line,	&cmd_stock,
	&cmd_dispatch,	     &cmd_talk,		&cmd_docs,
	&cmd_files,	     &cmd_next,		&cmd_first,
	&cmd_last,	     &cmd_empty,	&cmd_k,
	&cmd_hold,	     &cmd_release,	&cmd_neworder,
	&cmd_order,	     &cmd_add,		&cmd_save,
	&cmd_remove,	     &cmd_set_order,	&cmd_address_order,
	&cmd_cancel,	     &cmd_reopen_order, &cmd_na_line,
	&cmd_na_item,	     &cmd_reserve,	&cmd_unreserve,
	&cmd_urgent,	     &cmd_normal,	&cmd_picklist,
	&cmd_scan,	     &cmd_ship,		&cmd_ship_planned,
	&cmd_shipnow,	     &cmd_tracking,	&cmd_reship,
	&cmd_cancelshipment, &cmd_transfer,	&cmd_fulfil,
	&cmd_merge_order,    &cmd_delete_order, &cmd_triggers,
	&cmd_trigger,	     &cmd_comment,	&cmd_note_customer,
	&cmd_note_thread,    &cmd_note_read,	&cmd_newcustomer,
	&cmd_set_customer,   &cmd_address,	&cmd_watch,
	&cmd_unwatch,	     &cmd_call,		&cmd_lock,
	&cmd_unlock,	     &cmd_blacklist,	&cmd_unblacklist,
	&cmd_activate,	     &cmd_deactivate,	&cmd_merge_customer,
	&cmd_history,	     &cmd_import,	&cmd_mail,
	&cmd_templates,	     &cmd_assign,	&cmd_close,
	&cmd_reopen,	     &cmd_customer,	&cmd_preview,
	&cmd_confirm,	     &cmd_quiet,	&cmd_whoami,
	&cmd_help,	     &cmd_end,
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const char *const class_names[] = {
	[COMMAND_CONTROL] = "control", [COMMAND_READ] = "read",
	[COMMAND_TRIAGE] = "triage",   [COMMAND_CUSTOMER] = "customer-visible",
	[COMMAND_RECORD] = "record",   [COMMAND_MONEY] = "money",
};

const struct command_row *command_row(size_t i)
{
	return i < ROWS ? rows[i] : NULL;
}

static bool has_verb(const struct command_row *row, struct slice verb)
{
	struct slice rest = slice_str(row->aliases), alias;
	if (slice_eq_nocase(verb, slice_str(row->verb)))
		return true;
	while (slice_cut(&rest, ' ', &alias))
		if (slice_eq_nocase(verb, alias))
			return true;
	return false;
}

bool table_has_verb(struct slice verb)
{
	for (size_t i = 0; i < ROWS; i++)
		if (has_verb(rows[i], verb))
			return true;
	return false;
}

/* ---- did you mean ---- */

struct nearest {
	struct slice verb;
	size_t distance;
};

/* A short verb is near to every other: a distance as long as the verb is no likeness. */
static void nearer(struct nearest *best, struct slice typed, struct slice verb)
{
	size_t distance = text_distance(typed, verb);
	if (distance < best->distance && distance < verb.len)
		*best = (struct nearest){verb, distance};
}

static int unknown_verb(struct slice verb, struct err *e)
{
	struct nearest best = {.distance = 3};
	for (size_t i = 0; i < ROWS; i++) {
		struct slice rest = slice_str(rows[i]->aliases), alias;
		nearer(&best, verb, slice_str(rows[i]->verb));
		while (slice_cut(&rest, ' ', &alias))
			nearer(&best, verb, alias);
	}
	verb = slice_sub(verb, 0, 40);
	if (best.verb.ptr)
		return err_set(e, ERR_INPUT, "there is no command #%.*s; did you mean #%.*s?",
			       SLICE_ARG(verb), SLICE_ARG(best.verb));
	return err_set(e, ERR_INPUT, "there is no command #%.*s; #help lists them all",
		       SLICE_ARG(verb));
}

/* ---- finding a row ---- */

enum fit { FIT_NOT, FIT_WITHOUT, FIT_ID };

static bool looks_right(const struct command_param *param, const struct token *first)
{
	uint64_t number;
	if (!first || first->name.ptr)
		return false;
	if (param->type == COMMAND_NUMBER)
		return !first->quoted && slice_u64(first->text, &number);
	return arg_is_id(param, first->text);
}

/* An id decides, and so does a number where one must stand; a row without is second. */
static enum fit fits(const struct command_row *row, const struct token *first)
{
	const struct command_param *param = &row->params[0];
	if (!param->name || param->named)
		return FIT_WITHOUT;
	bool told =
		param->type == COMMAND_ID || (param->type == COMMAND_NUMBER && !param->optional);
	if (told && looks_right(param, first))
		return FIT_ID;
	return told && !param->optional ? FIT_NOT : FIT_WITHOUT;
}

static int no_row(struct slice verb, struct err *e)
{
	struct buf usages;
	buf_init(&usages, 2048);
	for (size_t i = 0; i < ROWS; i++) {
		if (!has_verb(rows[i], verb))
			continue;
		if (usages.len)
			buf_puts(&usages, " or ");
		command_usage(rows[i], &usages);
	}
	err_set(e, ERR_INPUT, "write %s", buf_str(&usages));
	buf_release(&usages);
	return -1;
}

const struct command_row *table_find(struct slice verb, const struct token *first, struct err *e)
{
	const struct command_row *best = NULL, *only = NULL;
	enum fit best_fit = FIT_NOT;
	size_t n = 0;
	for (size_t i = 0; i < ROWS; i++) {
		if (!has_verb(rows[i], verb))
			continue;
		enum fit fit = fits(rows[i], first);
		only = rows[i];
		n++;
		if (fit > best_fit) {
			best_fit = fit;
			best = rows[i];
		}
	}
	assert((best != NULL) == (best_fit != FIT_NOT));
	if (n == 0)
		unknown_verb(verb, e);
	/* A single row says best itself what is wrong with its arguments. */
	if (best || n == 1)
		return best ? best : only;
	if (n > 1)
		no_row(verb, e);
	return NULL;
}

/* ---- telling about it ---- */

static void put_param(const struct command_param *param, struct buf *out)
{
	buf_puts(out, param->optional ? " [" : " ");
	if (param->named)
		buf_printf(out, "%s=", param->name);
	if (param->type == COMMAND_ID && param->letters)
		for (const char *p = param->letters; *p; p++)
			buf_printf(out, "%s%c\xe2\x80\xa6", p > param->letters ? "/" : "", *p);
	else if (param->type == COMMAND_TEXT)
		buf_printf(out, "\"%s\"", param->named ? "\xe2\x80\xa6" : param->name);
	else if (param->type == COMMAND_ENUM)
		buf_puts(out, param->words);
	else if (param->type == COMMAND_NUMBER)
		buf_printf(out, "%lld..%lld", (long long)param->low, (long long)param->high);
	else if (param->type == COMMAND_QUANTITY)
		buf_puts(out, "2x/3");
	else
		buf_puts(out, param->named ? "\xe2\x80\xa6" : param->name);
	if (param->many)
		buf_puts(out, " \xe2\x80\xa6");
	if (param->optional)
		buf_putc(out, ']');
}

void command_usage(const struct command_row *row, struct buf *out)
{
	buf_printf(out, "#%s", row->verb);
	for (const struct command_param *param = row->params; param->name; param++)
		put_param(param, out);
}

const char *command_class_name(enum command_class class)
{
	assert(class < sizeof(class_names) / sizeof(class_names[0]));
	return class_names[class];
}

void command_roles_put(unsigned roles, struct buf *out)
{
	bool first = true;
	for (int role = REC__ROLE__ROLE_AGENT; role <= REC__ROLE__ROLE_ADMIN; role++) {
		if (!(roles & COMMAND_ROLE(role)))
			continue;
		buf_printf(out, "%s%.*s", first ? "" : ", ",
			   SLICE_ARG(agent_role_text((Rec__Role)role)));
		first = false;
	}
}

static void put_row(const struct command_row *row, struct buf *out)
{
	struct buf usage;
	buf_init(&usage, 1024);
	command_usage(row, &usage);
	size_t width = text_width(buf_slice(&usage));
	buf_put(out, buf_slice(&usage));
	if (width > 40)
		buf_printf(out, "\n%*s", 42, "");
	else
		buf_printf(out, "%*s", (int)(42 - width), "");
	buf_printf(out, "%s\n", row->help);
	buf_release(&usage);
}

static void put_in_full(const struct command_row *row, struct buf *out)
{
	command_usage(row, out);
	buf_printf(out, "\n    %s.\n", row->help);
	if (row->aliases)
		buf_printf(out, "    Also written: %s\n", row->aliases);
	buf_printf(out, "    Class: %s. For: ", command_class_name(row->class));
	command_roles_put(row->roles, out);
	buf_puts(out, ".\n");
}

int command_help(struct slice verb, struct buf *out)
{
	int found = 0;
	verb = slice_starts(verb, SLICE("#")) ? slice_sub(verb, 1, verb.len) : verb;
	for (size_t i = 0; i < ROWS; i++) {
		if (verb.len && !has_verb(rows[i], verb))
			continue;
		found = 1;
		if (verb.len)
			put_in_full(rows[i], out);
		else
			put_row(rows[i], out);
	}
	return found;
}
