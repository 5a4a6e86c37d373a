/* SPDX-License-Identifier: ISC */
#include "mail_json.h"

static void set_text(struct arena *a, struct json *object, const char *name, struct slice s)
{
	json_set(a, object, name, json_new_string(a, s));
}

static void set_bool(struct arena *a, struct json *object, const char *name, bool value)
{
	json_set(a, object, name, json_new_boolean(a, value));
}

static void add_recipient(struct arena *a, struct json *array, const struct mail_recipient *to)
{
	struct json *item = json_add(array, json_new(a, JSON_OBJECT));
	set_text(a, item, "final", to->final);
	set_text(a, item, "original", to->original);
	set_text(a, item, "action", slice_str(mail_action_name(to->action)));
	set_text(a, item, "status", to->status);
	set_text(a, item, "reply_code", to->reply_code);
	set_text(a, item, "reason", slice_str(mail_bounce_name(to->bounce)));
	set_bool(a, item, "hard", to->hard);
	set_text(a, item, "diagnostic", to->diagnostic);
	set_text(a, item, "remote_mta", to->remote_mta);
}

void mail_json_class(struct arena *a, struct json *object, const struct mail *m,
		     const struct mail_class *class)
{
	set_text(a, object, "class", slice_str(mail_kind_name(class->kind)));
	set_text(a, object, "reason", slice_str(class->reason));
	set_bool(a, object, "formal", class->formal);
	set_bool(a, object, "ambiguous", m->ambiguous);
	set_bool(a, object, "list", class->list);
	set_text(a, object, "list_id", class->list_id);
	set_bool(a, object, "vacation", class->vacation);
	set_text(a, object, "disposition", slice_str(mail_disposition_name(class->disposition)));
	set_text(a, object, "calendar", slice_str(mail_calendar_name(class->calendar)));
	set_text(a, object, "feedback_type", class->feedback_type);
	set_text(a, object, "reporting_mta", class->reporting_mta);
	set_text(a, object, "original_message_id", class->original_message_id);
	struct json *array = json_set(a, object, "recipients", json_new(a, JSON_ARRAY));
	for (size_t i = 0; i < class->n_recipients; i++)
		add_recipient(a, array, &class->recipients[i]);
}

void mail_json_pieces(struct arena *a, struct json *object, struct slice text,
		      const struct mail_trimmed *trimmed, bool with_text)
{
	struct json *array = json_set(a, object, "pieces", json_new(a, JSON_ARRAY));
	for (size_t i = 0; i < trimmed->n_pieces; i++) {
		const struct mail_piece *piece = &trimmed->pieces[i];
		struct json *item = json_add(array, json_new(a, JSON_OBJECT));
		int64_t start = piece->text.ptr - text.ptr;
		set_text(a, item, "kind", slice_str(mail_piece_kind_name(piece->kind)));
		json_set(a, item, "start", json_new_integer(a, start));
		json_set(a, item, "end", json_new_integer(a, start + (int64_t)piece->text.len));
		if (with_text)
			set_text(a, item, "text", piece->text);
	}
}
