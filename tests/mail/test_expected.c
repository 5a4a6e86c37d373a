/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include <stdio.h>

#include "../../src/mail/charset.h"
#include "base/clock.h"
#include "base/json.h"

/*
 * P11: the mails and tables of mail-parser with what it makes of them, field
 * by field.  POSTCLERK_VERBOSE=1 shows every difference.
 */

struct score {
	size_t right, explained, all;
	const char *where; /* the mail or table being read */
};

/* Where we read otherwise on purpose. */
static const struct {
	const char *where, *field, *reason;
} ours[] = {
#define EIGHT_BIT "raw 8-bit text that is not UTF-8 is Windows-1252, not a row of U+FFFD"
	{"legacy/010", "to", EIGHT_BIT},
	{"legacy/010", "subject", EIGHT_BIT},
	{"legacy/017", "to", EIGHT_BIT},
	{"legacy/020", "to", EIGHT_BIT},
	{"legacy/020", "subject", EIGHT_BIT},
	{"legacy/022", "to", EIGHT_BIT},
	{"legacy/022", "subject", EIGHT_BIT},
	{"legacy/027", "to", EIGHT_BIT},
	{"legacy/027", "subject", EIGHT_BIT},
	{"legacy/052", "to", EIGHT_BIT},
	{"legacy/052", "subject", EIGHT_BIT},
	{"legacy/052", "text body", EIGHT_BIT},
	{"legacy/033", "text body", EIGHT_BIT},
	{"legacy/016", "attachment name", EIGHT_BIT},
	{"legacy/023", "attachment name", EIGHT_BIT},
	{"legacy/026", "attachment name", EIGHT_BIT},
#define UTF_7 "UTF-7 is refused (RELIABILITY.md, limits): shown as it is written"
	{"legacy/001", "to", UTF_7},
	{"legacy/001", "subject", UTF_7},
	{"legacy/001", "text body", UTF_7},
	{"legacy/005", "to", UTF_7},
	{"legacy/005", "subject", UTF_7},
	{"legacy/005", "text body", UTF_7},
	{"legacy/034", "text body", UTF_7},
#define UUENCODE "uuencoded files are decoded, in the text, too"
	{"legacy/017", "attachment size", UUENCODE},
	{"legacy/026", "attachment size", UUENCODE},
	{"legacy/048", "attachment size", UUENCODE},
	{"legacy/049", "attachments", UUENCODE},
#define SAFE_NAME "names are made safe (T19)"
	{"rfc/001", "attachment name", SAFE_NAME},
	{"legacy/035", "attachment name", SAFE_NAME},
	{"legacy/039", "attachment name", SAFE_NAME},
	{"address 9", "to", "an escaped line end is folded before it is an escape (5322 2.2.3)"},
	{"address 13", "to", "a route is no part of the address (5322 4.4)"},
	{"address 14", "to", "blanks around the dots of a domain mean nothing (5322 4.4)"},
	{"date 12", "date", "the zone is no zone: UTC"},
	{"unstructured 22", "subject", "a word's end glued to text makes no blank"},
	{"id 6", "references", "blanks in an id mean nothing (5322 4.5.4)"},
	{"content_type 34", "type", "blanks between encoded words are not shown, quoted or not"},
	{"content_type 38", "type", "a name has no blanks at its ends"},
	{"content_type 55", "type", "a name of blanks is empty"},
	{"content_type 56", "type", "a name of blanks is empty"},
	{"content_type 57", "type", "a name of blanks is empty"},
	{"content_type 61", "type", "names of stars are no names"},
};

static bool is_ours(const char *where, const char *field)
{
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (strstr(where, ours[i].where) && strcmp(field, ours[i].field) == 0)
			return true;
	return false;
}

static void judge(struct score *score, const char *field, struct slice got, struct slice want)
{
	bool right = slice_eq(got, want);
	score->all++;
	score->right += right;
	score->explained += !right && is_ours(score->where, field);
	if (!right && !is_ours(score->where, field) && getenv("POSTCLERK_VERBOSE"))
		printf("# %s %s\n#   got  [%.*s]\n#   want [%.*s]\n", score->where, field,
		       (int)(got.len < 600 ? got.len : 600), got.ptr ? got.ptr : "",
		       (int)(want.len < 600 ? want.len : 600), want.ptr ? want.ptr : "");
}

static void judge_number(struct score *score, const char *field, size_t got, size_t want)
{
	char a[32], b[32];
	snprintf(a, sizeof(a), "%zu", got);
	snprintf(b, sizeof(b), "%zu", want);
	judge(score, field, slice_str(a), slice_str(b));
}

static const struct json *at(const struct json *list, size_t i)
{
	const struct json *item = list ? list->first : NULL;
	while (item && i--)
		item = item->next;
	return item;
}

static const struct json *first_of(const struct json *object)
{
	return object ? object->first : NULL;
}

/* The value of the last header of that name of a part. */
static const struct json *header_value(const struct json *part, const char *name)
{
	const struct json *headers = json_get(part, SLICE("headers")), *found = NULL;
	for (const struct json *h = first_of(headers); h; h = h->next)
		if (slice_eq(json_get_string(h, "name"), slice_str(name)))
			found = json_get(h, SLICE("value"));
	return found;
}

static void put_address(struct buf *out, struct slice group, struct slice name, struct slice addr)
{
	buf_printf(out, "%.*s:%.*s <%.*s>\n", SLICE_ARG(group), SLICE_ARG(slice_trim(name)),
		   SLICE_ARG(addr));
}

static void put_their_list(struct buf *out, const struct json *list, struct slice group)
{
	for (const struct json *who = first_of(list); who; who = who->next)
		put_address(out, group, json_get_string(who, "name"),
			    json_get_string(who, "address"));
}

static void put_their_addresses(struct buf *out, const struct json *value)
{
	put_their_list(out, json_get(value, SLICE("List")), SLICE(""));
	for (const struct json *g = first_of(json_get(value, SLICE("Group"))); g; g = g->next)
		put_their_list(out, json_get(g, SLICE("addresses")), json_get_string(g, "name"));
}

static void judge_addresses(struct score *score, const char *field,
			    const struct mail_addresses *list, const struct json *want)
{
	struct buf got, theirs;
	buf_init(&got, 1 << 20);
	buf_init(&theirs, 1 << 20);
	for (size_t i = 0; i < list->n; i++)
		put_address(&got, list->items[i].group.ptr ? list->items[i].group : SLICE(""),
			    list->items[i].name, list->items[i].addr);
	put_their_addresses(&theirs, want);
	judge(score, field, buf_slice(&got), buf_slice(&theirs));
	buf_release(&got);
	buf_release(&theirs);
}

static int number_of(const struct json *object, const char *name)
{
	const struct json *n = json_get(object, slice_str(name));
	return n ? (int)n->integer : 0;
}

static void judge_date(struct score *score, const struct mail *m, const struct json *want)
{
	struct buf got, theirs;
	buf_init(&got, 64);
	buf_init(&theirs, 64);
	if (m->has_date)
		clock_put_rfc3339(&got, m->date);
	if (want && want->kind == JSON_OBJECT) {
		const struct json *before = json_get(want, SLICE("tz_before_gmt"));
		int offset = (number_of(want, "tz_hour") * 60 + number_of(want, "tz_minute")) * 60;
		struct civil civil = {.year = number_of(want, "year"),
				      .month = number_of(want, "month"),
				      .day = number_of(want, "day"),
				      .hour = number_of(want, "hour"),
				      .minute = number_of(want, "minute"),
				      .second = number_of(want, "second"),
				      .offset = before->boolean ? -offset : offset};
		clock_put_rfc3339(&theirs, civil_to_utc(&civil));
	}
	judge(score, "date", buf_slice(&got), buf_slice(&theirs));
	buf_release(&got);
	buf_release(&theirs);
}

static void put_without_cr(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != '\r')
			buf_putc(out, s.ptr[i]);
}

/* The source of a text part in UTF-8. */
static void put_source(struct arena *a, const struct mail_part *part, struct buf *out)
{
	struct buf utf8;
	buf_init(&utf8, 64u << 20);
	charset_put_utf8(part->charset, mail_part_bytes(a, part), &utf8);
	put_without_cr(out, buf_slice(&utf8));
	buf_release(&utf8);
}

/* Every body part of theirs that is of this kind, beside the text parts of ours. */
static void judge_bodies(struct score *score, const struct sample *s, const struct json *root,
			 bool html)
{
	const struct json *parts = json_get(root, SLICE("parts"));
	const struct json *list = json_get(root, html ? SLICE("html_body") : SLICE("text_body"));
	struct buf got, want;
	buf_init(&got, 64u << 20);
	buf_init(&want, 64u << 20);
	for (const struct json *i = first_of(list); i; i = i->next) {
		const struct json *body = json_get(at(parts, (size_t)i->integer), SLICE("body"));
		const struct json *text = json_get(body, html ? SLICE("Html") : SLICE("Text"));
		if (text)
			put_without_cr(&want, text->string);
	}
	for (size_t i = 0; i < s->m->n_parts; i++)
		if (s->m->parts[i].is_text && html == mail_part_is(&s->m->parts[i], "text/html"))
			put_source(s->a, &s->m->parts[i], &got);
	judge(score, html ? "html body" : "text body", buf_slice(&got), buf_slice(&want));
	buf_release(&got);
	buf_release(&want);
}

static struct slice attribute(const struct json *content_type, const char *name)
{
	const struct json *list =
		json_get(json_get(content_type, SLICE("ContentType")), SLICE("attributes"));
	for (const struct json *a = first_of(list); a; a = a->next)
		if (slice_eq(json_get_string(a, "name"), slice_str(name)))
			return json_get_string(a, "value");
	return (struct slice){0};
}

/* The expected text of mails with LF has LF, whatever the encoded bytes say. */
static size_t size_without_cr(struct slice s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] != '\r';
	return n;
}

static size_t their_size(const struct json *part)
{
	const struct json *body = json_get(part, SLICE("body")), *value = first_of(body);
	if (slice_eq(value->name, SLICE("Message"))) {
		const struct json *inner = at(json_get(value, SLICE("parts")), 0);
		return (size_t)(number_of(inner, "offset_end") - number_of(inner, "offset_header"));
	}
	return value->kind == JSON_STRING ? size_without_cr(value->string) : value->count;
}

static size_t our_size(const struct sample *s, const struct mail_part *part,
		       const struct json *theirs)
{
	struct buf utf8;
	if (first_of(json_get(theirs, SLICE("body")))->kind != JSON_STRING)
		return mail_part_size(part);
	buf_init(&utf8, 64u << 20);
	charset_put_utf8(part->charset, mail_part_bytes(s->a, part), &utf8);
	size_t size = size_without_cr(buf_slice(&utf8));
	buf_release(&utf8);
	return size;
}

static void judge_attachment(struct score *score, const struct sample *s,
			     const struct mail_part *ours_part, const struct json *theirs)
{
	const struct json *type = header_value(theirs, "content_type");
	const struct json *value = json_get(type, SLICE("ContentType"));
	struct slice name = attribute(header_value(theirs, "content_disposition"), "filename");
	struct buf got, want;
	buf_init(&got, 4096);
	buf_init(&want, 4096);
	if (!name.ptr)
		name = attribute(type, "name");
	judge(score, "attachment name", ours_part->filename, slice_trim(name));
	buf_printf(&got, "%.*s/%.*s", SLICE_ARG(ours_part->type), SLICE_ARG(ours_part->subtype));
	if (value)
		buf_printf(&want, "%.*s/%.*s", SLICE_ARG(json_get_string(value, "c_type")),
			   SLICE_ARG(json_get_string(value, "c_subtype")));
	if (value && slice_eq_nocase(buf_slice(&got), buf_slice(&want)))
		judge(score, "attachment type", SLICE(""), SLICE(""));
	else if (value)
		judge(score, "attachment type", buf_slice(&got), buf_slice(&want));
	judge_number(score, "attachment size", our_size(s, ours_part, theirs), their_size(theirs));
	buf_release(&got);
	buf_release(&want);
}

static void judge_attachments(struct score *score, const struct sample *s, const struct json *root)
{
	const struct json *list = json_get(root, SLICE("attachments"));
	const struct json *parts = json_get(root, SLICE("parts")), *index = first_of(list);
	judge_number(score, "attachments", s->m->n_attachments, list->count);
	for (size_t i = 0; index && i < s->m->n_attachments; i++, index = index->next)
		judge_attachment(score, s, &s->m->parts[s->m->attachments[i]],
				 at(parts, (size_t)index->integer));
}

static void put_their_ids(struct buf *out, const struct json *value)
{
	const struct json *list = json_get(value, SLICE("TextList"));
	struct slice one = json_get_string(value, "Text");
	if (one.ptr)
		buf_printf(out, "<%.*s>", SLICE_ARG(one));
	for (const struct json *id = first_of(list); id; id = id->next)
		buf_printf(out, "<%.*s>", SLICE_ARG(id->string));
}

static void judge_ids(struct score *score, const char *field, const struct slice *ids, size_t n,
		      const struct json *want)
{
	struct buf got, theirs;
	buf_init(&got, 1 << 20);
	buf_init(&theirs, 1 << 20);
	for (size_t i = 0; i < n; i++)
		buf_printf(&got, "<%.*s>", SLICE_ARG(ids[i]));
	put_their_ids(&theirs, want);
	judge(score, field, buf_slice(&got), buf_slice(&theirs));
	buf_release(&got);
	buf_release(&theirs);
}

static void judge_mail(struct score *score, struct slice raw, const struct json *root)
{
	const struct json *top = at(json_get(root, SLICE("parts")), 0);
	struct sample s = sample_read(raw);
	const struct mail *m = s.m;
	const struct {
		const char *field, *header;
		const struct mail_addresses *list;
	} lists[] = {{"from", "from", &m->from},
		     {"to", "to", &m->to},
		     {"cc", "cc", &m->cc},
		     {"reply-to", "reply_to", &m->reply_to}};
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		judge_addresses(score, lists[i].field, lists[i].list,
				json_get(header_value(top, lists[i].header), SLICE("Address")));
	judge(score, "subject", m->subject, json_get_string(header_value(top, "subject"), "Text"));
	judge_date(score, m, json_get(header_value(top, "date"), SLICE("DateTime")));
	judge_ids(score, "message-id", &m->message_id, m->message_id.len > 0,
		  header_value(top, "message_id"));
	judge_ids(score, "in-reply-to", m->in_reply_to, m->n_in_reply_to,
		  header_value(top, "in_reply_to"));
	judge_ids(score, "references", m->references, m->n_references,
		  header_value(top, "references"));
	judge_bodies(score, &s, root, false);
	judge_bodies(score, &s, root, true);
	judge_attachments(score, &s, root);
	sample_free(&s);
}

static struct json *read_json(struct arena *a, const char *path)
{
	struct buf text;
	struct json *root;
	struct err e;
	assert_true(corpus_file(path, &text));
	assert_int_equal(json_parse(a, buf_slice(&text), &root, &e), 1);
	buf_release(&text);
	return root;
}

static void put_crlf(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\n')
			buf_putc(out, '\r');
		if (s.ptr[i] != '\r')
			buf_putc(out, s.ptr[i]);
	}
}

struct walk {
	struct score *score;
	const char *folder;
};

/* Each mail with LF and with CR LF. */
static void visit_mail(const char *name, struct slice bytes, void *ctx)
{
	const struct walk *walk = ctx;
	size_t n = strlen(name);
	struct buf lf, crlf;
	if (n < 4 || strcmp(name + n - 4, ".eml") != 0)
		return;
	struct arena *a = arena_open();
	char *stem = arena_printf(a, "%s/%.*s", walk->folder, (int)n - 4, name);
	const char *data = getenv("POSTCLERK_DATA");
	buf_init(&lf, CORPUS_FILE_MAX);
	buf_init(&crlf, 2 * CORPUS_FILE_MAX);
	put_without_cr(&lf, bytes);
	put_crlf(&crlf, bytes);
	walk->score->where = stem;
	judge_mail(walk->score, buf_slice(&lf),
		   read_json(a, arena_printf(a, "%s/mail/%s.json", data, stem)));
	walk->score->where = arena_printf(a, "%s.crlf", stem);
	judge_mail(walk->score, buf_slice(&crlf),
		   read_json(a, arena_printf(a, "%s/mail/%s.crlf.json", data, stem)));
	buf_release(&lf);
	buf_release(&crlf);
	arena_close(&a);
}

static void expect_score(const char *what, const struct score *score)
{
	printf("# %s: %zu of %zu fields, %zu other on purpose\n", what, score->right, score->all,
	       score->explained);
	if (score->right + score->explained < score->all)
		fail_msg("%s: %zu of %zu and %zu", what, score->right, score->all,
			 score->explained);
}

void test_expected_mails(void **state)
{
	(void)state;
	static const char *const folders[] = {"mail-parser/rfc", "mail-parser/legacy"};
	struct score score = {0};
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (!corpus_each(folders[i], visit_mail, &(struct walk){&score, folders[i]}))
			skip();
	expect_score("mails as mail-parser reads them", &score);
}

static void judge_to(struct score *score, const struct mail *m, const struct json *want)
{
	judge_addresses(score, "to", &m->to, want);
}

static void judge_subject(struct score *score, const struct mail *m, const struct json *want)
{
	judge(score, "subject", m->subject, want ? want->string : SLICE(""));
}

static void judge_references(struct score *score, const struct mail *m, const struct json *want)
{
	struct buf got, theirs;
	buf_init(&got, 1 << 16);
	buf_init(&theirs, 1 << 16);
	for (size_t i = 0; i < m->n_references; i++)
		buf_printf(&got, "<%.*s>", SLICE_ARG(m->references[i]));
	for (const struct json *id = first_of(want); id; id = id->next)
		buf_printf(&theirs, "<%.*s>", SLICE_ARG(id->string));
	judge(score, "references", buf_slice(&got), buf_slice(&theirs));
	buf_release(&got);
	buf_release(&theirs);
}

/* The language of RFC 2231 is left out: nobody asks for it. */
static void put_their_type(struct buf *out, const struct json *want)
{
	struct slice type = json_get_string(want, "c_type"),
		     subtype = json_get_string(want, "c_subtype");
	if (!type.ptr || !subtype.ptr)
		type = SLICE("text"), subtype = SLICE("plain");
	buf_printf(out, "%.*s/%.*s\n", SLICE_ARG(type), SLICE_ARG(subtype));
	const struct json *list = json_get(want, SLICE("attributes"));
	for (const struct json *a = first_of(list); a; a = a->next) {
		struct slice name = at(a, 0)->string;
		if (!slice_ends(name, SLICE("-language")))
			buf_printf(out, "%.*s=%.*s\n", SLICE_ARG(name),
				   SLICE_ARG(at(a, 1)->string));
	}
}

static void judge_type(struct score *score, const struct mail *m, const struct json *want)
{
	struct buf got, theirs;
	const struct mail_part *part = &m->parts[0];
	buf_init(&got, 1 << 16);
	buf_init(&theirs, 1 << 16);
	buf_printf(&got, "%.*s/%.*s\n", SLICE_ARG(part->type), SLICE_ARG(part->subtype));
	for (size_t i = 0; i < part->n_params && want && want->kind == JSON_OBJECT; i++)
		buf_printf(&got, "%.*s=%.*s\n", SLICE_ARG(part->params[i].name),
			   SLICE_ARG(part->params[i].value));
	put_their_type(&theirs, want);
	judge(score, "type", buf_slice(&got), buf_slice(&theirs));
	buf_release(&got);
	buf_release(&theirs);
}

/* So that a multipart is one. */
static void put_boundaries(struct buf *out, const struct json *want)
{
	const struct json *list = json_get(want, SLICE("attributes"));
	for (const struct json *a = first_of(list); a; a = a->next)
		if (slice_eq(at(a, 0)->string, SLICE("boundary")))
			buf_printf(out, "--%.*s\n\nx\n", SLICE_ARG(at(a, 1)->string));
}

void test_expected_tables(void **state)
{
	(void)state;
	static const struct {
		const char *table, *field;
		void (*judge)(struct score *score, const struct mail *m, const struct json *want);
	} tables[] = {
		{"address", "To", judge_to},
		{"date", "Date", judge_date},
		{"unstructured", "Subject", judge_subject},
		{"id", "References", judge_references},
		{"content_type", "Content-Type", judge_type},
	};
	const char *data = getenv("POSTCLERK_DATA");
	struct score score = {0};
	if (!data)
		skip();
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct arena *a = arena_open();
		struct json *rows = read_json(
			a, arena_printf(a, "%s/mail/mail-parser/%s.json", data, tables[i].table));
		size_t n = 0;
		for (const struct json *row = rows->first; row; row = row->next) {
			struct buf raw;
			buf_init(&raw, 1 << 16);
			buf_printf(&raw, "%s:", tables[i].field);
			buf_put(&raw, json_get_string(row, "header"));
			buf_puts(&raw, "\n\n");
			put_boundaries(&raw, json_get(row, SLICE("expected")));
			score.where = arena_printf(a, "%s %zu", tables[i].table, n++);
			struct sample s = sample_read(buf_slice(&raw));
			tables[i].judge(&score, s.m, json_get(row, SLICE("expected")));
			sample_free(&s);
			buf_release(&raw);
		}
		arena_close(&a);
	}
	expect_score("headers as mail-parser reads them", &score);
}
