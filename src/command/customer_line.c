/* SPDX-License-Identifier: ISC */
#include "customer_line.h"

#include <assert.h>

#include "record/customer_edit.h"

#define CHANGE_VALUE 120 /* code points of a value before and after */

const struct slice *line_values(const struct command_context *ctx, const struct command_line *line,
				const char *name, size_t *n)
{
	struct slice *values = NULL;
	size_t room = 0;
	*n = 0;
	for (const struct command_arg *arg = command_arg(line, name); arg; arg = arg->next) {
		arena_grow(ctx->change->arena, &values, *n, &room, sizeof(*values));
		values[(*n)++] = arg->text;
	}
	return values;
}

static bool has_param(const struct command_row *row, const char *name)
{
	for (const struct command_param *param = row->params; param->name; param++)
		if (strcmp(param->name, name) == 0)
			return true;
	return false;
}

int customer_line_set(const struct command_context *ctx, const struct command_line *line,
		      Rec__Customer *customer, size_t *n, struct err *e)
{
#define NAME(field, several) #field,
	/* The currency stands before what is an amount of it. */
	static const char *const names[] = {"currency", CUSTOMER_FIELDS(NAME)};
#undef NAME
	*n = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct customer_setting setting = {.name = slice_str(names[i])};
		assert(has_param(line->row, names[i]));
		setting.values = line_values(ctx, line, names[i], &setting.n);
		if (!setting.n)
			continue;
		++*n;
		if (customer_set(ctx->change->txn, ctx->change->arena, customer, &setting, e) < 0)
			return -1;
	}
	return 1;
}

static void put_value(struct slice value, struct buf *out)
{
	if (value.len)
		text_put_line(out, value, CHANGE_VALUE);
	else
		buf_puts(out, "(none)");
}

void line_put_change(const struct slice *old, const struct slice *new, struct buf *out)
{
	put_value(*old, out);
	buf_puts(out, " \xe2\x86\x92 ");
	put_value(*new, out);
}
