/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "../../src/desk/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a person wrote is paragraphs of words and links, and nothing else. */
static void check_words(const struct md_node *node, bool top)
{
	for (const struct md_node *child = node->first; child; child = child->next) {
		if (top ? child->kind != MD_PARAGRAPH
			: child->kind != MD_TEXT && child->kind != MD_LINK &&
				    child->kind != MD_SOFT_BREAK && child->kind != MD_HARD_BREAK)
			abort();
		check_words(child, false);
	}
}

static void render(struct arena *a, struct slice source, bool prose)
{
	struct buf out;
	buf_init(&out, 64u << 20);
	struct md_node *document = markdown_parse(a, source);
	if (prose)
		check_words(document, true);
	markdown_text(document, a, &out);
	markdown_html(document, NULL, NULL, &out);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_open();
	struct buf prose;
	char *exact = malloc(size ? size : 1);
	if (!exact)
		return 0;
	if (size)
		memcpy(exact, data, size);
	render(a, slice_of(exact, size), false);
	buf_init(&prose, 64u << 20);
	markdown_put_prose(&prose, slice_of(exact, size));
	render(a, buf_slice(&prose), true);
	buf_release(&prose);
	free(exact);
	arena_close(&a);
	return 0;
}
