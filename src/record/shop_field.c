/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "record/shop_table.h"
#include "record/vat.h"

#define LIST_MAX 64 /* values of one field */

static int wrong(const ProtobufCFieldDescriptor *field, const char *want, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s must be %s", field->name, want);
}

static int set_integer(const ProtobufCFieldDescriptor *field, struct slice text, int64_t *out,
		       struct err *e)
{
	if (schema_is_time(field))
		return clock_parse_date(text, out, NULL) > 0 ||
				       clock_parse_rfc3339(text, out, NULL) > 0
			       ? 1
			       : wrong(field, "a date such as 2026-03-01", e);
	if (slice_ends(slice_str(field->name), SLICE("rate")))
		return vat_rate_parse(text, out) ? 1 : wrong(field, "a percentage such as 21%", e);
	return slice_i64(text, out) ? 1 : wrong(field, "a whole number", e);
}

static int set_bool(const ProtobufCFieldDescriptor *field, struct slice text,
		    protobuf_c_boolean *out, struct err *e)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!slice_eq_nocase(text, slice_str(words[i])))
			continue;
		*out = i % 2;
		return 1;
	}
	return wrong(field, "yes or no", e);
}

static int set_enum(struct arena *a, const ProtobufCFieldDescriptor *field, struct slice text,
		    int *out, struct err *e)
{
	const ProtobufCEnumDescriptor *type = field->descriptor;
	if (schema_enum_value(type, text, out))
		return 1;
	char *names = arena_str(a, SLICE("one of"));
	for (unsigned i = 0; i < type->n_values; i++)
		names = arena_printf(a, "%s%s %.*s", names, i ? "," : "",
				     SLICE_ARG(schema_enum_text(type, type->values[i].value)));
	return wrong(field, names, e);
}

static int set_u32(const ProtobufCFieldDescriptor *field, struct slice text, uint32_t *out,
		   struct err *e)
{
	uint64_t n;
	if (!slice_u64(text, &n) || n > UINT32_MAX)
		return wrong(field, "a whole number", e);
	*out = (uint32_t)n;
	return 1;
}

static int set_one(struct arena *a, const ProtobufCFieldDescriptor *field, struct slice text,
		   void *at, struct err *e)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
		if (slice_chr(text, '\0') >= 0 || !text_is_utf8(text))
			return wrong(field, "text in UTF-8", e);
		*(char **)at = arena_str(a, text);
		return 1;
	case PROTOBUF_C_TYPE_INT64:
		return set_integer(field, text, at, e);
	case PROTOBUF_C_TYPE_UINT32:
		return set_u32(field, text, at, e);
	case PROTOBUF_C_TYPE_BOOL:
		return set_bool(field, text, at, e);
	case PROTOBUF_C_TYPE_ENUM:
		return set_enum(a, field, text, at, e);
	default:
		return err_set(e, ERR_INPUT, "%s cannot be set", field->name);
	}
}

/* "7,14" */
static int set_list(struct arena *a, const ProtobufCFieldDescriptor *field, struct slice text,
		    ProtobufCMessage *row, struct err *e)
{
	uint32_t *items = ARENA_ARRAY(a, LIST_MAX, uint32_t);
	struct slice rest = text, piece;
	size_t n = 0;
	if (field->type != PROTOBUF_C_TYPE_UINT32)
		return err_set(e, ERR_INPUT, "%s cannot be set", field->name);
	while (slice_cut(&rest, ',', &piece)) {
		if (n == LIST_MAX)
			return wrong(field, "a shorter list", e);
		if (set_u32(field, slice_trim(piece), &items[n++], NULL) < 0)
			return wrong(field, "numbers such as 7,14", e);
	}
	*(size_t *)((char *)row + field->quantifier_offset) = n;
	*(uint32_t **)((char *)row + field->offset) = items;
	return 1;
}

static void clear(ProtobufCMessage *row, const ProtobufCFieldDescriptor *field, struct arena *a)
{
	ProtobufCMessage *fresh = arena_alloc(a, row->descriptor->sizeof_message);
	protobuf_c_message_init(row->descriptor, fresh);
	/* A field ends where the next one of the struct begins. */
	size_t size = field->type == PROTOBUF_C_TYPE_BOOL || field->type == PROTOBUF_C_TYPE_ENUM ||
				      field->type == PROTOBUF_C_TYPE_UINT32
			      ? 4
			      : 8;
	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		*(size_t *)((char *)row + field->quantifier_offset) = 0;
		size = sizeof(void *);
	}
	memcpy((char *)row + field->offset, (char *)fresh + field->offset, size);
}

static int unknown_field(const ProtobufCMessageDescriptor *type, struct slice name, struct err *e)
{
	const char *nearest = NULL;
	size_t best = 4;
	for (unsigned i = 0; i < type->n_fields; i++) {
		size_t distance = text_distance(name, slice_str(type->fields[i].name));
		if (distance < best) {
			best = distance;
			nearest = type->fields[i].name;
		}
	}
	return err_set(e, ERR_INPUT, "there is no field \"%.*s\"%s%s%s",
		       SLICE_ARG(slice_sub(name, 0, 40)), nearest ? "; did you mean " : "",
		       nearest ? nearest : "", nearest ? "?" : "");
}

int shop_field_set(struct arena *a, ProtobufCMessage *row, struct slice name, struct slice value,
		   struct err *e)
{
	const ProtobufCFieldDescriptor *field = schema_field(row->descriptor, name);
	if (!field)
		return unknown_field(row->descriptor, name, e);
	if (!value.len)
		clear(row, field, a);
	if (!value.len)
		return 1;
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return set_list(a, field, value, row, e);
	return set_one(a, field, value, (char *)row + field->offset, e);
}

/* ---- as an admin reads it ---- */

static void put_time(struct buf *out, int64_t seconds)
{
	struct civil day;
	civil_from_utc(seconds, &day);
	if (day.hour || day.minute || day.second)
		clock_put_rfc3339(out, seconds);
	else
		buf_printf(out, "%04lld-%02d-%02d", (long long)day.year, day.month, day.day);
}

static void put_rate(struct buf *out, int64_t rate)
{
	int64_t part = rate % 10000;
	buf_printf(out, "%lld", (long long)(rate / 10000));
	if (part) {
		buf_printf(out, ".%04lld", (long long)part);
		while (out->ptr[out->len - 1] == '0')
			out->len--;
	}
	buf_putc(out, '%');
}

static void put_value(struct buf *out, const ProtobufCFieldDescriptor *field,
		      const struct schema_value *value)
{
	bool words = slice_chr(value->text, ' ') >= 0;
	switch (value->kind) {
	case SCHEMA_INTEGER:
		if (schema_is_time(field))
			put_time(out, value->number);
		else if (slice_ends(slice_str(field->name), SLICE("rate")))
			put_rate(out, value->number);
		else
			buf_printf(out, "%lld", (long long)value->number);
		break;
	case SCHEMA_BOOLEAN:
		buf_puts(out, value->number ? "yes" : "no");
		break;
	case SCHEMA_LIST:
		for (size_t i = 0; i < value->count; i++) {
			struct schema_value item = schema_at(value, i);
			buf_printf(out, "%s%lld", i ? "," : "", (long long)item.number);
		}
		break;
	default:
		buf_printf(out, words ? "\"%.*s\"" : "%.*s", SLICE_ARG(value->text));
	}
}

static bool is_unset(const struct schema_value *value)
{
	return value->kind == SCHEMA_NONE || (value->kind == SCHEMA_LIST && !value->count) ||
	       (value->kind != SCHEMA_TEXT && value->kind != SCHEMA_LIST && !value->number);
}

void shop_row_put(struct buf *out, struct arena *a, const ProtobufCMessage *row)
{
	const ProtobufCMessageDescriptor *type = row->descriptor;
	char *name = shop_row_name(a, row);
	bool vat = type == &rec__vat_rate__descriptor;
	buf_printf(out, "%-24s", name);
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &type->fields[i];
		struct schema_value value = schema_get(row, field);
		bool in_name = strcmp(field->name, "name") == 0 ||
			       (vat && (strcmp(field->name, "country") == 0 ||
					strcmp(field->name, "starts_at") == 0));
		/* A rate of 0 % is a rate. */
		bool rate = vat && strcmp(field->name, "vat_rate") == 0;
		if (in_name || (is_unset(&value) && !rate))
			continue;
		buf_printf(out, " %s=", field->name);
		put_value(out, field, &value);
	}
	buf_putc(out, '\n');
}
