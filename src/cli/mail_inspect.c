/* SPDX-License-Identifier: ISC */
#include "mail_inspect.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/json.h"
#include "mail_json.h"

struct inspector {
	struct arena *a;
	const struct mail *m;
	struct json *top;
};

static void set_text(struct inspector *i, struct json *object, const char *name, struct slice s)
{
	json_set(i->a, object, name, json_new_string(i->a, s));
}

static void set_addresses(struct inspector *i, const char *name, const struct mail_addresses *list)
{
	struct json *array = json_set(i->a, i->top, name, json_new(i->a, JSON_ARRAY));
	for (size_t k = 0; k < list->n; k++) {
		struct json *item = json_add(array, json_new(i->a, JSON_OBJECT));
		set_text(i, item, "name", list->items[k].name);
		set_text(i, item, "addr", list->items[k].addr);
	}
}

static void set_ids(struct inspector *i, const char *name, const struct slice *ids, size_t n)
{
	struct json *array = json_set(i->a, i->top, name, json_new(i->a, JSON_ARRAY));
	for (size_t k = 0; k < n; k++)
		json_add(array, json_new_string(i->a, ids[k]));
}

static struct slice taken(struct inspector *i, struct buf *b)
{
	struct slice s = arena_copy(i->a, buf_slice(b));
	buf_release(b);
	return s;
}

static void set_date(struct inspector *i)
{
	struct buf text;
	if (!i->m->has_date) {
		json_set(i->a, i->top, "date", json_new(i->a, JSON_NULL));
		return;
	}
	buf_init(&text, 64);
	clock_put_rfc3339(&text, i->m->date);
	set_text(i, i->top, "date", taken(i, &text));
}

static void set_attachments(struct inspector *i)
{
	struct json *array = json_set(i->a, i->top, "attachments", json_new(i->a, JSON_ARRAY));
	for (size_t k = 0; k < i->m->n_attachments; k++) {
		const struct mail_part *part = &i->m->parts[i->m->attachments[k]];
		struct json *item = json_add(array, json_new(i->a, JSON_OBJECT));
		uint8_t digest[SHA256_SIZE];
		struct buf hex;
		char *type = arena_printf(i->a, "%.*s/%.*s", SLICE_ARG(part->type),
					  SLICE_ARG(part->subtype));
		set_text(i, item, "name", part->filename);
		set_text(i, item, "type", slice_str(type));
		json_set(i->a, item, "size", json_new_integer(i->a, (int64_t)mail_part_size(part)));
		mail_part_sha256(part, digest);
		buf_init(&hex, 2 * SHA256_SIZE);
		hex_put(&hex, slice_of(digest, sizeof(digest)));
		set_text(i, item, "sha256", taken(i, &hex));
	}
}

/* The names of all defects, or of those that make the mail ambiguous. */
static void set_defects(struct inspector *i, const char *member, bool all)
{
	struct json *array = json_set(i->a, i->top, member, json_new(i->a, JSON_ARRAY));
	for (int d = 0; d < MAIL_DEFECT_COUNT; d++) {
		enum mail_defect defect = (enum mail_defect)d;
		if (mail_has_defect(i->m, defect) && (all || mail_defect_is_ambiguity(defect)))
			json_add(array, json_new_string(i->a, slice_str(mail_defect_name(defect))));
	}
}

static void set_report(struct inspector *i, const struct mail_class *class)
{
	struct json *dsn = json_set(i->a, i->top, "dsn", json_new(i->a, JSON_OBJECT));
	struct json *array = json_set(i->a, dsn, "recipients", json_new(i->a, JSON_ARRAY));
	for (size_t k = 0; k < class->n_recipients; k++) {
		const struct mail_recipient *to = &class->recipients[k];
		struct json *item = json_add(array, json_new(i->a, JSON_OBJECT));
		set_text(i, item, "final", to->final);
		set_text(i, item, "action", slice_str(mail_action_name(to->action)));
		set_text(i, item, "status", to->status);
	}
}

int mail_inspect_json(const struct mail *m, const char *file, struct arena *a, struct buf *out)
{
	struct inspector i = {a, m, json_new(a, JSON_OBJECT)};
	struct mail_class class;
	struct mail_trimmed trimmed;
	mail_classify(a, m, &class);
	set_text(&i, i.top, "file", slice_str(file));
	set_addresses(&i, "from", &m->from);
	set_addresses(&i, "to", &m->to);
	set_addresses(&i, "cc", &m->cc);
	set_addresses(&i, "reply_to", &m->reply_to);
	set_text(&i, i.top, "subject", m->subject);
	set_date(&i);
	set_text(&i, i.top, "message_id", m->message_id);
	set_ids(&i, "in_reply_to", m->in_reply_to, m->n_in_reply_to);
	set_ids(&i, "references", m->references, m->n_references);
	set_text(&i, i.top, "class", slice_str(mail_kind_name(class.kind)));
	set_text(&i, i.top, "text", m->text);
	set_attachments(&i);
	set_defects(&i, "defects", true);
	set_report(&i, &class);
	set_defects(&i, "ambiguities", false);
	mail_json_class(a, json_set(a, i.top, "classified", json_new(a, JSON_OBJECT)), m, &class);
	mail_trim_mail(a, m, &trimmed);
	mail_json_pieces(a, i.top, m->text, &trimmed, false);
	json_put(out, i.top);
	buf_putc(out, '\n');
	return buf_failed(out) ? -1 : 1;
}
