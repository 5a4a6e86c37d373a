/* SPDX-License-Identifier: ISC */
#include "record/document.h"
#include "view.h"

#define DOCUMENTS_MAX 1000
#define HASH_SHOWN 12 /* digits of a SHA-256: enough to tell two from each other */

/* CP-29 */
static const struct view_column document_columns[] = {
	{"date", "date", false}, {"kind", "kind", false},     {"name", "name", false},
	{"size", "size", true},	 {"sha256", "sha256", false}, {"sent_to", "sent to", false},
	{"copy", "copy", false}, {NULL, NULL, false},
};

/* CP-37 */
static const struct view_column file_columns[] = {
	{"date", "date", false}, {"name", "name", false},     {"media_type", "type", false},
	{"size", "size", true},	 {"sha256", "sha256", false}, {NULL, NULL, false},
};

static struct slice object_of(const struct command_context *ctx, const struct command_line *line)
{
	return slice_str(id_print(ctx->change->arena, &command_arg(line, "id")->id));
}

static void put_document(struct view *view, const Rec__Document *document)
{
	view_add(view, NULL);
	view_time(view, 0, document->created_at);
	view_text(view, 1, slice_str(document->kind));
	view_text(view, 2, slice_str(document->name));
	view_number(view, 3, document->size);
	view_text(view, 4, slice_sub(slice_str(document->sha256), 0, HASH_SHOWN));
	if (document->n_sent_to)
		view_text(view, 5, slice_str(document->sent_to[0]));
	view_text(view, 6, document->copy ? SLICE("copy") : SLICE(""));
}

static int apply_docs(struct command_context *ctx, const struct command_line *line,
		      struct command_result *result, struct buf *out, struct err *e)
{
	struct document_list list;
	struct view view;
	(void)result;
	view_init(&view, ctx->change->arena, document_columns);
	struct slice object = object_of(ctx, line);
	if (document_of(ctx->change->txn, view.a, object, DOCUMENTS_MAX, &list, e) < 0)
		return -1;
	/* Listed the newest first, shown the oldest first. */
	for (size_t i = list.n; i > 0; i--)
		put_document(&view, list.items[i - 1]);
	char *head = arena_printf(view.a, "%zu document%s of %.*s", list.total,
				  list.total == 1 ? "" : "s", SLICE_ARG(object));
	return view_finish(ctx, line, &view, slice_str(head), out, e);
}

static void put_file(struct view *view, const Rec__File *file)
{
	view_add(view, NULL);
	view_time(view, 0, file->created_at);
	view_text(view, 1, slice_str(file->name));
	view_text(view, 2, slice_str(file->media_type));
	view_number(view, 3, file->size);
	view_text(view, 4, slice_sub(slice_str(file->sha256), 0, HASH_SHOWN));
}

static int apply_files(struct command_context *ctx, const struct command_line *line,
		       struct command_result *result, struct buf *out, struct err *e)
{
	struct file_list list;
	struct view view;
	(void)result;
	view_init(&view, ctx->change->arena, file_columns);
	struct slice object = object_of(ctx, line);
	if (file_of(ctx->change->txn, view.a, object, DOCUMENTS_MAX, &list, e) < 0)
		return -1;
	for (size_t i = list.n; i > 0; i--)
		put_file(&view, list.items[i - 1]);
	char *head = arena_printf(view.a, "%zu file%s of %.*s", list.total,
				  list.total == 1 ? "" : "s", SLICE_ARG(object));
	return view_finish(ctx, line, &view, slice_str(head), out, e);
}

static const struct command_param document_params[] = {
	{.name = "id", .type = COMMAND_ID, .letters = "O"},
	VIEW_DIRECTION,
	VIEW_SORT,
	VIEW_LIMIT,
	VIEW_OFFSET,
	{.name = NULL},
};

static const struct command_param file_params[] = {
	{.name = "id", .type = COMMAND_ID, .letters = "OT"},
	VIEW_DIRECTION,
	VIEW_SORT,
	VIEW_LIMIT,
	VIEW_OFFSET,
	{.name = NULL},
};

const struct command_row cmd_docs = {
	.verb = "docs",
	.help = "Lists every document that was made for an order, the oldest first",
	.params = document_params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply_docs,
};

const struct command_row cmd_files = {
	.verb = "files",
	.help = "Lists the files that were mailed to an order or a thread, the oldest first",
	.params = file_params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply_files,
};
