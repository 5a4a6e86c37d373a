/* SPDX-License-Identifier: ISC */
#include "private.h"

/* What a mail can be about, as `kind:` of a template file says it. */
static const struct {
	const char *name;
	char letter;
} kinds[] = {
	{"customer", 'C'}, {"order", 'O'},  {"ticket", 'T'},  {"thread", 'T'},
	{"invoice", 'I'},  {"credit", 'N'}, {"payment", 'P'}, {"refund", 'F'},
	{"shipment", 'S'}, {"return", 'R'}, {"account", 'E'},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* The letter of "order" or of an id; 0 for no argument, -1 and INPUT for another word. */
static int letter_of(struct slice text, struct err *e)
{
	struct id id;
	if (!text.len)
		return 0;
	for (size_t i = 0; i < KINDS; i++)
		if (slice_eq_nocase(text, slice_str(kinds[i].name)))
			return kinds[i].letter;
	if (id_parse(text, &id, NULL) > 0)
		return id.letter;
	return err_set(e, ERR_INPUT,
		       "\"%.*s\" is no kind of mail: write order, customer, ticket, invoice … or "
		       "an id",
		       SLICE_ARG(slice_sub(text, 0, 40)));
}

static const char *name_of(char letter)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].letter == letter)
			return kinds[i].name;
	return "anything";
}

static bool fits(const struct command_template *template, int letter)
{
	return !letter || !template->kinds.len || slice_chr(template->kinds, (char)letter) >= 0;
}

static void put_kinds(const struct command_template *template, struct buf *out)
{
	for (size_t i = 0; i < template->kinds.len; i++)
		buf_printf(out, "%s%s", i ? ", " : " (", name_of(template->kinds.ptr[i]));
	buf_puts(out, template->kinds.len ? ")" : "");
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	(void)ctx;
	return letter_of(line_text(line, "object"), e) < 0 ? -1 : 1;
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	int letter = letter_of(line_text(line, "object"), e);
	size_t n = 0;
	(void)result;
	if (letter < 0)
		return -1;
	for (size_t i = 0; i < ctx->n_templates; i++)
		n += fits(&ctx->templates[i], letter);
	buf_printf(out, "%zu template%s%s%s; #mail ID template=NAME sends one\n", n,
		   n == 1 ? "" : "s", letter ? " for " : "", letter ? name_of((char)letter) : "");
	for (size_t i = 0; i < ctx->n_templates; i++) {
		const struct command_template *template = &ctx->templates[i];
		if (!fits(template, letter))
			continue;
		size_t width = text_width(template->name);
		buf_printf(out, "%.*s%*s %.*s", SLICE_ARG(template->name),
			   (int)(width < 22 ? 22 - width : 0), "", SLICE_ARG(template->about));
		if (!letter)
			put_kinds(template, out);
		buf_putc(out, '\n');
	}
	return 1;
}

static const struct command_param params[] = {
	{.name = "object", .type = COMMAND_WORD, .optional = true},
	{.name = NULL},
};

const struct command_row cmd_templates = {
	.verb = "templates",
	.help = "Lists the mails to choose from for an order, a customer … or for an id",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.check = check,
	.apply = apply,
};
