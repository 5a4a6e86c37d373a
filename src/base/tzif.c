/* SPDX-License-Identifier: ISC */
#include "tzif.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

#define HEADER_SIZE 44
#define TYPE_SIZE 6
#define OFFSET_MAX (26 * 3600) /* RFC 8536 3.2: less than 26 hours */

struct change {
	int64_t at; /* UTC seconds */
	unsigned type;
};

struct tzif {
	struct change *changes; /* by time, each later than the one before */
	size_t change_count;
	struct tzif_time *types;
	size_t type_count;
	struct tz_rule rule;
	bool has_rule;
};

/* The six counts of a header, in the order of the file, and the width of a time. */
struct counts {
	uint32_t utc, standard, leap, time, type, chars;
	size_t width;
	char version;
};

static int64_t read_number(const char *p, size_t width)
{
	assert(width == 1 || width == 4 || width == 8);
	uint64_t value = (unsigned char)*p & 0x80 ? UINT64_MAX : 0;
	for (size_t i = 0; i < width; i++)
		value = value << 8 | (unsigned char)p[i];
	return (int64_t)value;
}

static bool take(struct slice *rest, size_t n, struct slice *part)
{
	if (rest->len < n)
		return false;
	*part = slice_sub(*rest, 0, n);
	*rest = slice_sub(*rest, n, rest->len);
	return true;
}

static bool take_header(struct slice *rest, size_t width, struct counts *c)
{
	struct slice header;
	if (!take(rest, HEADER_SIZE, &header) || !slice_starts(header, SLICE("TZif")))
		return false;
	uint32_t *const fields[] = {&c->utc, &c->standard, &c->leap, &c->time, &c->type, &c->chars};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		*fields[i] = (uint32_t)read_number(header.ptr + 20 + 4 * i, 4);
	c->width = width;
	c->version = header.ptr[4];
	return true;
}

/* Counts are 32 bits, so that their sum does not overflow a size. */
static size_t data_size(const struct counts *c)
{
	return c->time * (c->width + 1) + (size_t)c->type * TYPE_SIZE + c->chars +
	       c->leap * (c->width + 4) + (size_t)c->standard + c->utc;
}

static bool parse_types(struct tzif *t, const struct counts *c, struct slice types,
			struct slice names)
{
	t->types = mem_new(c->type, sizeof(*t->types));
	t->type_count = c->type;
	for (size_t i = 0; i < c->type; i++) {
		const char *p = types.ptr + i * TYPE_SIZE;
		int64_t offset = read_number(p, 4);
		size_t from = (unsigned char)p[5];
		if (from >= names.len || offset < -OFFSET_MAX || offset > OFFSET_MAX)
			return false;
		t->types[i].offset = (int)offset;
		for (size_t k = 0; k < sizeof(t->types[i].name) - 1; k++) {
			if (from + k >= names.len || !names.ptr[from + k])
				break;
			t->types[i].name[k] = names.ptr[from + k];
		}
	}
	return c->type > 0;
}

static bool parse_changes(struct tzif *t, const struct counts *c, struct slice times,
			  struct slice indexes)
{
	t->changes = mem_new(c->time, sizeof(*t->changes));
	t->change_count = c->time;
	for (size_t i = 0; i < c->time; i++) {
		struct change *change = &t->changes[i];
		change->at = read_number(times.ptr + i * c->width, c->width);
		change->type = (unsigned char)indexes.ptr[i];
		if (change->type >= c->type || (i && change->at <= change[-1].at))
			return false;
	}
	return true;
}

static bool parse_data(struct tzif *t, const struct counts *c, struct slice *rest)
{
	struct slice data, times, indexes, types, names;
	return take(rest, data_size(c), &data) && take(&data, c->time * c->width, &times) &&
	       take(&data, c->time, &indexes) && take(&data, (size_t)c->type * TYPE_SIZE, &types) &&
	       take(&data, c->chars, &names) && parse_types(t, c, types, names) &&
	       parse_changes(t, c, times, indexes);
}

static bool parse_footer(struct tzif *t, struct slice rest)
{
	struct slice line;
	if (!slice_starts(rest, SLICE("\n")))
		return false;
	rest = slice_sub(rest, 1, rest.len);
	if (!slice_line(&rest, &line) || line.len == 0)
		return true;
	t->has_rule = tz_rule_parse(line, &t->rule);
	return t->has_rule;
}

static bool parse_file(struct tzif *t, struct slice rest)
{
	struct counts c;
	struct slice skipped;
	if (!take_header(&rest, 4, &c))
		return false;
	if (c.version == '\0')
		return parse_data(t, &c, &rest);
	/* From version 2 on the data that count come second, with wide times. */
	return take(&rest, data_size(&c), &skipped) && take_header(&rest, 8, &c) &&
	       parse_data(t, &c, &rest) && parse_footer(t, rest);
}

struct tzif *tzif_parse(struct slice file)
{
	struct tzif *t = mem_new(1, sizeof(*t));
	if (parse_file(t, file))
		return t;
	tzif_free(t);
	return NULL;
}

void tzif_free(struct tzif *t)
{
	if (!t)
		return;
	free(t->changes);
	free(t->types);
	free(t);
}

struct tzif_time tzif_at(const struct tzif *t, int64_t seconds)
{
	size_t low = 0, high = t->change_count;
	assert(t->type_count > 0);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (t->changes[middle].at <= seconds)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == t->change_count && t->has_rule)
		return tz_rule_at(&t->rule, seconds);
	/* RFC 8536 3.2: type 0 is for times before the first change. */
	assert(low == 0 || t->changes[low - 1].type < t->type_count);
	return t->types[low ? t->changes[low - 1].type : 0];
}
