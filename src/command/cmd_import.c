/* SPDX-License-Identifier: ISC */
#include "private.h"
#include "record/import_queue.h"

#define FORMATS "jsonl|shopify-csv|shopify-json|woocommerce-json|amazon-tsv"

/* What clients add to a mail by themselves: a logo, a signature. */
static bool is_decoration(const struct command_file *file)
{
	static const char *const media[] = {"image/", "application/pgp-signature",
					    "application/pkcs7-signature",
					    "application/x-pkcs7-signature"};
	for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
		if (slice_starts_nocase(file->media, slice_str(media[i])))
			return true;
	return false;
}

/* The files that are meant, in the arena; INPUT when there is none, or one did not come whole. */
static int files_of(const struct command_context *ctx, const struct command_line *line,
		    struct import_file **files, size_t *n, struct err *e)
{
	const struct command_arg *format = command_arg(line, "format");
	*n = 0;
	*files = ARENA_ARRAY(ctx->change->arena, ctx->n_files, struct import_file);
	for (size_t i = 0; i < ctx->n_files; i++) {
		const struct command_file *file = &ctx->files[i];
		if (is_decoration(file))
			continue;
		if (file->missing)
			return err_set(e, ERR_INPUT,
				       "%.*s is too large to come by mail: use "
				       "`postclerk import FILE`",
				       SLICE_ARG(file->name));
		(*files)[(*n)++] = (struct import_file){
			.name = file->name,
			.bytes = file->bytes,
			.channel = line_text(line, "channel"),
		};
		if (format && import_format_find(format->text, &(*files)[*n - 1].format, e) < 0)
			return -1;
	}
	if (*n)
		return 1;
	return err_set(e, ERR_INPUT,
		       "there is no file to import: attach it to the mail; on the command line "
		       "`postclerk import FILE` does it");
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	struct import_file *files;
	size_t n;
	if (files_of(ctx, line, &files, &n, e) < 0)
		return -1;
	return import_queue_check(ctx->change, files, n, e);
}

static void put_files(const struct import_file *files, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		enum import_format format =
			files[i].format ? files[i].format : import_format_recognise(files[i].bytes);
		buf_printf(out, "%s%.*s (%s)", i ? ", " : "", SLICE_ARG(files[i].name),
			   import_format_name(format));
	}
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct import_file *files;
	struct import_queued queued;
	size_t n;
	(void)result;
	if (files_of(ctx, line, &files, &n, e) < 0 ||
	    import_queue_add(ctx->change, files, n, ctx->thread, &queued, e) < 0)
		return -1;
	bool one = queued.objects == 1;
	buf_printf(out, "%llu record%s of ", (unsigned long long)queued.objects, one ? "" : "s");
	put_files(files, n, out);
	buf_puts(out, one ? " is" : " are");
	buf_puts(out, " imported next; a report follows when it is done");
	if (queued.unread)
		buf_printf(out, "; %llu cannot be read, the first: %.*s",
			   (unsigned long long)queued.unread, SLICE_ARG(queued.first));
	return 1;
}

static const struct command_param params[] = {
	{.name = "format", .type = COMMAND_ENUM, .words = FORMATS, .named = true, .optional = true},
	{.name = "channel", .type = COMMAND_WORD, .named = true, .optional = true},
	{.name = NULL},
};

const struct command_row cmd_import = {
	.verb = "import",
	.help = "Imports the files attached to the mail: customers, orders, items, the tables",
	.params = params,
	/* RECORD.md 2.10: tables and what is done in bulk. */
	.roles = COMMAND_ROLE(REC__ROLE__ROLE_ADMIN),
	/* It changes many records at once, and nothing takes it back (MAIL.md 6, "bulk"). */
	.class = COMMAND_MONEY,
	.check = check,
	.apply = apply,
};
