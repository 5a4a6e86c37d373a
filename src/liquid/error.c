/* SPDX-License-Identifier: ISC */
#include "liquid.h"

void liquid_error_put(struct buf *out, const struct liquid_error *error)
{
	if (error->template[0])
		buf_printf(out, "%s:", error->template);
	if (error->line && error->template[0])
		buf_printf(out, "%u:%u: ", error->line, error->column);
	else if (error->line)
		buf_printf(out, "line %u, column %u: ", error->line, error->column);
	else if (error->template[0])
		buf_putc(out, ' ');
	buf_puts(out, error->message);
	if (error->chain[0])
		buf_printf(out, " (from %s)", error->chain);
}

int liquid_error_set(const struct liquid_error *error, struct err *e)
{
	struct buf text;
	buf_init(&text, ERR_TEXT_MAX * 2);
	liquid_error_put(&text, error);
	int result = err_set(e, ERR_INPUT, "%s", buf_str(&text));
	buf_release(&text);
	return result;
}
