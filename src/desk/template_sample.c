/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "template_set.h"

/*
 * Sample data: a JSON object of variables.  A member with a "type" is a
 * message of the record, as in JSON Lines; {"prose": "…"} is what a person of
 * ours wrote and {"foreign": "…"} what a stranger did; "now" is the time;
 * everything else is what it looks like.
 */

static const ProtobufCMessageDescriptor *const types[] = {
	&rec__shop__descriptor,		 &rec__customer__descriptor,  &rec__order__descriptor,
	&rec__line__descriptor,		 &rec__thread__descriptor,    &rec__message__descriptor,
	&rec__agent__descriptor,	 &rec__item__descriptor,      &rec__address__descriptor,
	&rec__history__descriptor,	 &rec__invoice__descriptor,   &rec__credit_note__descriptor,
	&rec__return__descriptor,	 &rec__payment__descriptor,   &rec__refund__descriptor,
	&rec__account_event__descriptor, &rec__statement__descriptor,
};

static const ProtobufCMessageDescriptor *type_of(struct slice name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (slice_eq_nocase(name, slice_str(types[i]->short_name)))
			return types[i];
	return NULL;
}

static int message_of(struct arena *a, const struct json *object, const ProtobufCMessage **message,
		      struct err *e)
{
	struct slice name = json_get_string(object, "type");
	const ProtobufCMessageDescriptor *type = type_of(name);
	*message = NULL;
	if (!type)
		return err_set(e, ERR_CONFIG, "\"%.*s\" is no type of the record", SLICE_ARG(name));
	*message = schema_from_json(a, type, object, e);
	return *message ? 1 : -1;
}

static int value_of(struct arena *a, const struct json *json, struct liquid_value *value,
		    struct err *e);

static int list_of(struct arena *a, const struct json *array, struct liquid_value *list,
		   struct err *e)
{
	*list = liquid_list_new(a);
	for (const struct json *child = array->first; child; child = child->next) {
		struct liquid_value item;
		if (value_of(a, child, &item, e) < 0)
			return -1;
		liquid_list_add(a, *list, item);
	}
	return 1;
}

static int object_of(struct arena *a, const struct json *object, struct liquid_value *value,
		     struct err *e)
{
	if (json_get_string(object, "type").ptr) {
		const ProtobufCMessage *message;
		if (message_of(a, object, &message, e) < 0)
			return -1;
		*value = binding_message(message);
		return 1;
	}
	*value = liquid_hash_new(a);
	for (const struct json *child = object->first; child; child = child->next) {
		struct liquid_value item;
		if (value_of(a, child, &item, e) < 0)
			return -1;
		liquid_hash_set(a, *value, child->name, item);
	}
	return 1;
}

static int value_of(struct arena *a, const struct json *json, struct liquid_value *value,
		    struct err *e)
{
	switch (json->kind) {
	case JSON_BOOL:
		*value = liquid_bool(json->boolean);
		return 1;
	case JSON_INTEGER:
		*value = liquid_int(json->integer);
		return 1;
	case JSON_STRING:
		*value = liquid_string(json->string);
		return 1;
	case JSON_ARRAY:
		return list_of(a, json, value, e);
	case JSON_OBJECT:
		return object_of(a, json, value, e);
	case JSON_REAL:
	case JSON_NULL:
		break;
	}
	*value = liquid_nil();
	return 1;
}

static int add_member(struct template_data *data, const struct json *member, struct err *e)
{
	const char *name = arena_str(data->a, member->name);
	struct liquid_value value;
	if (slice_eq(member->name, SLICE("now"))) {
		int64_t now;
		if (clock_parse_rfc3339(member->string, &now, e) < 0)
			return -1;
		template_data_now(data, now);
		return 1;
	}
	const struct json *prose = json_get(member, SLICE("prose"));
	const struct json *foreign = json_get(member, SLICE("foreign"));
	if (prose || foreign) {
		if (prose)
			template_data_prose(data, name, prose->string);
		else
			template_data_foreign(data, name, foreign->string);
		return 1;
	}
	if (value_of(data->a, member, &value, e) < 0)
		return err_prefix(e, "%s", name);
	template_data_set(data, name, value);
	return 1;
}

/* With its shop, and nothing else yet. */
static int data_begin(struct arena *a, const struct json *sample, struct template_data **data,
		      struct err *e)
{
	const struct json *shop = json_get(sample, SLICE("shop"));
	const ProtobufCMessage *message = NULL;
	if (sample->kind != JSON_OBJECT)
		return err_set(e, ERR_CONFIG, "sample data is a JSON object");
	if (shop && message_of(a, shop, &message, e) < 0)
		return -1;
	if (message && message->descriptor != &rec__shop__descriptor)
		return err_set(e, ERR_CONFIG, "\"shop\" is not of type shop");
	*data = template_data_new(a, (const Rec__Shop *)message);
	return 1;
}

static int data_from(struct arena *a, const struct json *sample, struct template_data **data,
		     struct err *e)
{
	if (data_begin(a, sample, data, e) < 0)
		return -1;
	for (const struct json *member = sample->first; member; member = member->next)
		if (add_member(*data, member, e) < 0)
			return -1;
	return 1;
}

static bool is_nothing(const struct json *member)
{
	const struct json *prose = json_get(member, SLICE("prose"));
	return member->kind == JSON_NULL || (prose && !prose->string.len) ||
	       (member->kind == JSON_STRING && !member->string.len) ||
	       (member->kind == JSON_ARRAY && !member->first);
}

static int add_missing(struct template_data *data, const struct json *sample, struct err *e)
{
	for (const struct json *member = sample->first; member; member = member->next)
		if (!is_nothing(member) && !template_data_has(data, member->name) &&
		    add_member(data, member, e) < 0)
			return -1;
	return 1;
}

int template_samples(const struct template_set *set, struct arena *a, struct template_data **data,
		     struct err *e)
{
	*data = NULL;
	for (size_t i = 0; i < set->files_count; i++) {
		const struct template_file *f = &set->files[i];
		if (!f->json || !f->tree || f->language.len ||
		    !slice_starts(f->name, SLICE("sample/")))
			continue;
		if ((!*data && data_begin(a, f->tree, data, e) < 0) ||
		    add_missing(*data, f->tree, e) < 0)
			return err_prefix(e, "%.*s", SLICE_ARG(f->path));
	}
	if (!*data)
		*data = template_data_new(a, NULL);
	return 1;
}

/* The sample of the template's language, or else the one without language. */
static const struct template_file *find_sample(const struct template *template)
{
	const struct template_set *set = template->view->set;
	const struct template_file *found = NULL;
	char name[128];
	snprintf(name, sizeof(name), "sample/%.*s",
		 SLICE_ARG(slice_sub(template->file->sample, 0, 100)));
	for (size_t i = 0; i < set->files_count; i++) {
		const struct template_file *f = &set->files[i];
		if (!f->json || !f->tree || !slice_eq(f->name, slice_str(name)))
			continue;
		if (slice_eq(f->language, template->view->language))
			return f;
		if (!f->language.len && !found)
			found = f;
	}
	return found;
}

int template_sample(const struct template *template, struct arena *a, struct template_data **data,
		    struct err *e)
{
	if (!template->file->sample.len)
		return 0;
	const struct template_file *f = find_sample(template);
	if (!f)
		return err_set(e, ERR_CONFIG, "there is no sample/%.*s.json",
			       SLICE_ARG(template->file->sample));
	if (data_from(a, f->tree, data, e) < 0) {
		err_prefix(e, "%.*s", SLICE_ARG(f->path));
		if (e)
			e->class = ERR_CONFIG;
		return -1;
	}
	return 1;
}
