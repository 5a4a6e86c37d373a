/* SPDX-License-Identifier: ISC */
#include "record/import_reader.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "import_json.h"
#include "import_table.h"

#define HEAD_MAX 65536 /* bytes that are looked at to recognise a format */

struct import_reader {
	struct import_options options;
	enum import_format format;
	struct buf head; /* until the format is known */
	struct table *table;
	struct elements *elements;
	/* JSON Lines: the line at hand. */
	struct buf text;
	uint64_t line;
	struct arena *arena;
};

static const struct {
	const char *name;
	const struct table_format *table;
	const struct json_format *json;
} formats[IMPORT_FORMATS] = {
	[IMPORT_UNKNOWN] = {"unknown", NULL, NULL},
	[IMPORT_JSONL] = {"jsonl", NULL, NULL},
	[IMPORT_SHOPIFY_CSV] = {"shopify-csv", &shopify_table, NULL},
	[IMPORT_SHOPIFY_JSON] = {"shopify-json", NULL, &shopify_json},
	[IMPORT_WOO_JSON] = {"woocommerce-json", NULL, &woo_json},
	[IMPORT_AMAZON_TSV] = {"amazon-tsv", &amazon_table, NULL},
};

const char *import_format_name(enum import_format format)
{
	assert(format < IMPORT_FORMATS);
	return formats[format].name;
}

int import_format_find(struct slice word, enum import_format *format, struct err *e)
{
	struct buf names;
	buf_init(&names, 512);
	for (int i = IMPORT_UNKNOWN + 1; i < IMPORT_FORMATS; i++) {
		*format = (enum import_format)i;
		if (slice_eq_nocase(word, slice_str(formats[i].name))) {
			buf_release(&names);
			return 1;
		}
		buf_printf(&names, "%s%s", names.len ? ", " : "", formats[i].name);
	}
	err_set(e, ERR_INPUT, "\"%.*s\" is no format: write one of %s",
		SLICE_ARG(slice_sub(word, 0, 40)), buf_str(&names));
	buf_release(&names);
	return -1;
}

/* ---- recognising ---- */

static bool holds(struct slice head, const char *words)
{
	return slice_find_nocase(head, slice_str(words)) >= 0;
}

/* A byte order mark is no part of the first column's name. */
static struct slice without_mark(struct slice head)
{
	return slice_starts(head, SLICE("\xef\xbb\xbf")) ? slice_sub(head, 3, head.len) : head;
}

static enum import_format recognise_table(struct slice line)
{
	if (holds(line, "financial status") && slice_chr(line, ',') >= 0)
		return IMPORT_SHOPIFY_CSV;
	if (holds(line, "order-id") && slice_chr(line, '\t') >= 0)
		return IMPORT_AMAZON_TSV;
	return IMPORT_UNKNOWN;
}

static enum import_format recognise_json(struct slice head)
{
	static const char *const woo[] = {"\"date_created_gmt\"", "\"prices_include_tax\"",
					  "\"tax_class\"", "\"wp-json\""};
	static const char *const shopify[] = {"\"financial_status\"", "\"orders_count\"",
					      "\"refund_line_items\"", "\"orders\"", "\"order\""};
	for (size_t i = 0; i < sizeof(woo) / sizeof(woo[0]); i++)
		if (holds(head, woo[i]))
			return IMPORT_WOO_JSON;
	for (size_t i = 0; i < sizeof(shopify) / sizeof(shopify[0]); i++)
		if (holds(head, shopify[i]))
			return IMPORT_SHOPIFY_JSON;
	return IMPORT_UNKNOWN;
}

/* Ours is one whole object a line that says its type. */
enum import_format import_format_recognise(struct slice head)
{
	struct slice rest, line;
	head = without_mark(slice_sub(head, 0, HEAD_MAX));
	rest = slice_trim(head);
	if (!slice_line(&rest, &line))
		return IMPORT_UNKNOWN;
	line = slice_trim(line);
	if (slice_starts(line, SLICE("{")) && holds(line, "\"type\"") &&
	    (slice_ends(line, SLICE("}")) || !rest.len) && !holds(line, "\"date_created_gmt\""))
		return IMPORT_JSONL;
	if (slice_starts(line, SLICE("{")) || slice_starts(line, SLICE("[")))
		return recognise_json(head);
	return recognise_table(line);
}

/* ---- JSON Lines ---- */

static int end_line(struct import_reader *r, struct err *e)
{
	struct import_item item = {.line = r->line};
	struct json *object;
	struct err failed;
	int got = 1;
	if (buf_failed(&r->text)) {
		item.error = SLICE("the line is too long");
		got = r->options.emit(r->options.ctx, &item, e);
	} else if (slice_trim(buf_slice(&r->text)).len) {
		if (json_parse(r->arena, buf_slice(&r->text), &object, &failed) < 0)
			item.error = slice_str(failed.text);
		else
			item.object = object;
		got = r->options.emit(r->options.ctx, &item, e);
	}
	arena_clear(r->arena);
	buf_clear(&r->text);
	r->line++;
	return got;
}

static int feed_lines(struct import_reader *r, struct slice bytes, struct err *e)
{
	while (bytes.len) {
		ptrdiff_t end = slice_chr(bytes, '\n');
		buf_put(&r->text, slice_sub(bytes, 0, end < 0 ? bytes.len : (size_t)end));
		if (end < 0)
			return 1;
		if (end_line(r, e) < 0)
			return -1;
		bytes = slice_sub(bytes, (size_t)end + 1, bytes.len);
	}
	return 1;
}

/* ---- the reader ---- */

struct import_reader *import_reader_open(const struct import_options *options)
{
	struct import_reader *r = mem_new(1, sizeof(*r));
	assert(options->format < IMPORT_FORMATS && options->emit);
	*r = (struct import_reader){.options = *options, .line = 1, .arena = arena_open()};
	buf_init(&r->head, HEAD_MAX);
	buf_init(&r->text, IMPORT_OBJECT_MAX);
	return r;
}

void import_reader_close(struct import_reader **reader)
{
	struct import_reader *r = *reader;
	if (!r)
		return;
	table_close(&r->table);
	elements_close(&r->elements);
	buf_release(&r->head);
	buf_release(&r->text);
	arena_close(&r->arena);
	free(r);
	*reader = NULL;
}

enum import_format import_reader_format(const struct import_reader *reader)
{
	return reader->format;
}

static int feed(struct import_reader *r, struct slice bytes, struct err *e)
{
	if (r->table)
		return table_feed(r->table, bytes, e);
	if (r->elements)
		return elements_feed(r->elements, bytes, e);
	return feed_lines(r, bytes, e);
}

static int begin(struct import_reader *r, struct err *e)
{
	struct slice head = without_mark(buf_slice(&r->head));
	r->format = r->options.format ? r->options.format : import_format_recognise(head);
	if (r->format == IMPORT_UNKNOWN)
		return err_set(e, ERR_INPUT,
			       "the file is of no format that is known: name one with --format");
	if (formats[r->format].table)
		r->table = table_open(formats[r->format].table, &r->options);
	else if (formats[r->format].json)
		r->elements = elements_open(formats[r->format].json, &r->options);
	return feed(r, head, e);
}

int import_reader_feed(struct import_reader *r, struct slice bytes, struct err *e)
{
	if (r->format)
		return feed(r, bytes, e);
	size_t room = HEAD_MAX - r->head.len;
	buf_put(&r->head, slice_sub(bytes, 0, room));
	if (r->head.len < HEAD_MAX)
		return 1;
	return begin(r, e) < 0 ? -1 : feed(r, slice_sub(bytes, room, bytes.len), e);
}

int import_reader_end(struct import_reader *r, struct err *e)
{
	/* An empty file has nothing in it, which is no error. */
	if (!r->format && !slice_trim(buf_slice(&r->head)).len)
		return 1;
	if (!r->format && begin(r, e) < 0)
		return -1;
	if (r->table)
		return table_end(r->table, e);
	if (r->elements)
		return elements_end(r->elements, e);
	return r->text.len ? end_line(r, e) : 1;
}
