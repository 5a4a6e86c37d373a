/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdio.h>

#include "private.h"

/* ---- one argument ---- */

/* A parameter without letters takes any id: its command looks further. */
static bool letter_fits(const struct command_param *param, char letter)
{
	return !param->letters || strchr(param->letters, letter);
}

bool arg_is_id(const struct command_param *param, struct slice text)
{
	struct id id;
	return param->type == COMMAND_ID && id_parse(text, &id, NULL) > 0 &&
	       letter_fits(param, id.letter);
}

/* "C…, O…" */
static void put_letters(struct buf *out, const char *letters)
{
	for (const char *p = letters; *p; p++)
		buf_printf(out, "%s%c\xe2\x80\xa6", p > letters ? " or " : "", *p);
}

static int parse_id(const struct command_param *param, struct slice text, struct command_arg *arg,
		    struct err *e)
{
	if (id_parse(text, &arg->id, e) < 0)
		return -1;
	if (!letter_fits(param, arg->id.letter)) {
		struct buf want;
		buf_init(&want, 128);
		put_letters(&want, param->letters);
		err_set(e, ERR_INPUT, "\"%.*s\" is %s %s here, write %s", SLICE_ARG(text),
			"an id of", id_kind(arg->id.letter)->plural, buf_str(&want));
		buf_release(&want);
		return -1;
	}
	if (arg->id.line && !param->line)
		return err_set(e, ERR_INPUT,
			       "this takes a whole order, not a single line of it: write %c%llu",
			       arg->id.letter, (unsigned long long)arg->id.number);
	return 1;
}

/* The canonical word, so that commands and their answers never see a spelling. */
static int parse_enum(const struct command_param *param, struct slice text, struct command_arg *arg,
		      struct err *e)
{
	struct slice rest = slice_str(param->words), word;
	assert(param->words != NULL);
	for (int64_t i = 0; slice_cut(&rest, '|', &word); i++) {
		if (!slice_eq_nocase(word, text))
			continue;
		arg->text = word;
		arg->number = i;
		return 1;
	}
	return err_set(e, ERR_INPUT, "\"%.*s\" is no %s: write one of %s", SLICE_ARG(text),
		       param->name, param->words);
}

static int parse_number(const struct command_param *param, struct slice text,
			struct command_arg *arg, struct err *e)
{
	if (slice_i64(text, &arg->number) && arg->number >= param->low &&
	    arg->number <= param->high)
		return 1;
	return err_set(e, ERR_INPUT, "%s must be a number from %lld to %lld", param->name,
		       (long long)param->low, (long long)param->high);
}

/* Its currency is the document's, so only its shape is judged here. */
static int parse_amount(const struct command_param *param, struct slice text, struct err *e)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool digit = c >= '0' && c <= '9';
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (!digit && !letter && c != '.' && c != ',' && c != '-' && c != ' ')
			return err_set(e, ERR_INPUT, "%s must be an amount such as 12.50",
				       param->name);
	}
	return 1;
}

/* "3d": hours, days, weeks. */
static bool parse_span(struct slice text, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'h', 3600}, {'d', 86400}, {'w', 604800}};
	uint64_t n;
	if (text.len < 2 || text.len > 5 || !slice_u64(slice_sub(text, 0, text.len - 1), &n))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if ((text.ptr[text.len - 1] | 0x20) != units[i].unit)
			continue;
		*seconds = (int64_t)n * units[i].seconds;
		return true;
	}
	return false;
}

static int parse_date(const struct command_param *param, struct slice text, struct command_arg *arg,
		      struct err *e)
{
	arg->span = text.len && text.ptr[0] == '+';
	if (arg->span && parse_span(slice_sub(text, 1, text.len), &arg->number))
		return 1;
	if (!arg->span && clock_parse_date(text, &arg->number, NULL) > 0)
		return 1;
	return err_set(e, ERR_INPUT, "%s must be a date such as 2026-03-01, or a span such as +3d",
		       param->name);
}

/* "2x/3", "2x/3.1", "/3": the line's number is that of an id behind its slash. */
static int parse_quantity(const struct command_param *param, struct slice text,
			  struct command_arg *arg, struct err *e)
{
	ptrdiff_t slash = slice_chr(text, '/');
	uint64_t pieces = 0;
	char whole[64];
	if (slash > 1 && (text.ptr[slash - 1] | 0x20) == 'x' &&
	    (!slice_u64(slice_sub(text, 0, (size_t)slash - 1), &pieces) || !pieces))
		slash = -1;
	else if (slash != 0 && (slash < 2 || (text.ptr[slash - 1] | 0x20) != 'x'))
		slash = -1;
	if (slash >= 0 && text.len < sizeof(whole) - 2 && pieces <= INT64_MAX) {
		snprintf(whole, sizeof(whole), "O1%.*s",
			 SLICE_ARG(slice_sub(text, (size_t)slash, text.len)));
		arg->number = (int64_t)pieces;
		if (id_parse(slice_str(whole), &arg->id, NULL) > 0 && arg->id.line) {
			/* The order is named elsewhere. */
			arg->id.letter = 0;
			arg->id.number = 0;
			return 1;
		}
	}
	return err_set(e, ERR_INPUT,
		       "%s must be pieces of a line such as 2x/3, or /3 for all of line 3",
		       param->name);
}

int arg_parse(const struct command_param *param, struct slice text, struct command_arg *arg,
	      struct err *e)
{
	assert(param->name != NULL);
	*arg = (struct command_arg){.param = param, .text = text};
	if (text.len > COMMAND_VALUE_MAX)
		return err_set(e, ERR_INPUT, "%s is longer than %d bytes", param->name,
			       COMMAND_VALUE_MAX);
	if (text.len == 0 && param->empty)
		return 1;
	if (text.len == 0)
		return err_set(e, ERR_INPUT, "%s is empty", param->name);
	switch (param->type) {
	case COMMAND_ID:
		return parse_id(param, text, arg, e);
	case COMMAND_ENUM:
		return parse_enum(param, text, arg, e);
	case COMMAND_NUMBER:
		return parse_number(param, text, arg, e);
	case COMMAND_AMOUNT:
		return parse_amount(param, text, e);
	case COMMAND_DATE:
		return parse_date(param, text, arg, e);
	case COMMAND_WORD:
		if (slice_chr(text, ' ') >= 0)
			return err_set(e, ERR_INPUT, "%s must be one word", param->name);
		return 1;
	case COMMAND_TEXT:
		return 1;
	case COMMAND_QUANTITY:
		return parse_quantity(param, text, arg, e);
	}
	die("command: parameter %s has no type", param->name);
}

/* ---- all of a row's ---- */

struct fill {
	struct arena *arena;
	const struct command_row *row;
	struct command_arg *args;
	size_t next; /* positional parameter */
};

static int usage_error(const struct command_row *row, const char *what, struct err *e)
{
	struct buf usage;
	buf_init(&usage, 1024);
	command_usage(row, &usage);
	err_set(e, ERR_INPUT, "%s; write %s", what, buf_str(&usage));
	buf_release(&usage);
	return -1;
}

static int unknown_option(const struct command_row *row, struct slice name, struct err *e)
{
	char what[128];
	size_t best = 3;
	const char *nearest = NULL;
	for (const struct command_fixed *p = row->fixed; p && p->name; p++)
		if (slice_eq(name, slice_str(p->name)))
			return err_set(e, ERR_INPUT, "%s cannot be set: %s", p->name, p->reason);
	for (const struct command_param *p = row->params; p->name; p++) {
		size_t distance = text_distance(name, slice_str(p->name));
		if (p->named && distance < best) {
			best = distance;
			nearest = p->name;
		}
	}
	snprintf(what, sizeof(what), "there is no \"%.*s=\" here%s%s%s",
		 (int)(name.len < 40 ? name.len : 40), name.ptr, nearest ? ", did you mean " : "",
		 nearest ? nearest : "", nearest ? "=" : "");
	return usage_error(row, what, e);
}

/* A link's #hold O10042 "" that nobody filled in means no reason, not an empty one. */
static bool left_empty(const struct command_param *param, const struct token *token)
{
	return param->optional && param->type == COMMAND_TEXT && token->quoted &&
	       token->text.len == 0;
}

/* The first value stands in the array, further ones behind it. */
static int fill_arg(struct fill *f, size_t i, struct slice text, struct err *e)
{
	struct command_arg *arg = &f->args[i];
	if (arg->param) {
		while (arg->next)
			arg = arg->next;
		arg = arg->next = ARENA_NEW(f->arena, struct command_arg);
	}
	return arg_parse(&f->row->params[i], text, arg, e);
}

/* What may be left out is known by its looks, where something else may stand behind it. */
static bool left_out(const struct fill *f, const struct token *token)
{
	const struct command_param *param = &f->row->params[f->next];
	struct command_arg scratch;
	if (!param->optional || param->type == COMMAND_TEXT || param->type == COMMAND_WORD)
		return false;
	if (param->type == COMMAND_ID)
		return !arg_is_id(param, token->text);
	for (size_t i = f->next + 1; f->row->params[i].name; i++)
		if (!f->row->params[i].named)
			return arg_parse(param, token->text, &scratch, NULL) < 0;
	return false;
}

static int fill_named(struct fill *f, const struct token *token, struct err *e)
{
	for (size_t i = 0; f->row->params[i].name; i++) {
		const struct command_param *param = &f->row->params[i];
		if (!param->named || !slice_eq(token->name, slice_str(param->name)))
			continue;
		if (f->args[i].param && !param->many)
			return err_set(e, ERR_INPUT, "%s= is there twice", param->name);
		return fill_arg(f, i, token->text, e);
	}
	return unknown_option(f->row, token->name, e);
}

/* Words in the order of the row, named arguments anywhere between them. */
static int fill_next(struct fill *f, const struct token *token, struct err *e)
{
	for (; f->row->params[f->next].name; f->next++) {
		const struct command_param *param = &f->row->params[f->next];
		if (param->named)
			continue;
		if (left_out(f, token))
			continue;
		size_t at = f->next;
		f->next += !param->many;
		if (left_empty(param, token))
			return 1;
		return fill_arg(f, at, token->text, e);
	}
	char what[128];
	snprintf(what, sizeof(what), "\"%.*s\" is too much (a text stands in quotes)",
		 (int)(token->text.len < 40 ? token->text.len : 40), token->text.ptr);
	return usage_error(f->row, what, e);
}

int args_parse(struct arena *a, const struct command_row *row, const struct tokens *tokens,
	       struct command_line *line, struct err *e)
{
	struct fill f = {a, row, ARENA_ARRAY(a, COMMAND_ARGS_MAX, struct command_arg), 0};
	for (size_t i = 1; i < tokens->n; i++) {
		const struct token *token = &tokens->items[i];
		int got = token->name.ptr ? fill_named(&f, token, e) : fill_next(&f, token, e);
		if (got < 0)
			return -1;
	}
	/* Judged at the end, since a named argument may stand last. */
	for (size_t i = 0; row->params[i].name; i++) {
		assert(i < COMMAND_ARGS_MAX);
		if (f.args[i].param || row->params[i].optional)
			continue;
		char what[64];
		snprintf(what, sizeof(what), "%s is missing", row->params[i].name);
		return usage_error(row, what, e);
	}
	line->row = row;
	line->args = f.args;
	return 1;
}

const struct command_arg *command_arg(const struct command_line *line, const char *name)
{
	assert(line->row && line->args);
	for (size_t i = 0; line->row->params[i].name; i++)
		if (strcmp(line->row->params[i].name, name) == 0)
			return line->args[i].param ? &line->args[i] : NULL;
	die("command: #%s has no parameter %s", line->row->verb, name);
}
