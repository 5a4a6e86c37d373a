/* SPDX-License-Identifier: ISC */
#include <libxml/HTMLparser.h>

#include "html.h"

/*
 * libxml2's lookup is a search along its table of 253, so it has a cache and a
 * budget; what comes later stays as it is written.
 */
#define LOOKUPS_MAX 20000
#define NAME_MAX_SIZE 12

/* HTML 5 names that mails have and the table of HTML 4 lacks. */
static const struct {
	const char *name;
	uint32_t value;
} names[] = {
	{"nbsp", 0xa0},	   {"apos", '\''},    {"Tab", '\t'},	  {"NewLine", '\n'},
	{"excl", '!'},	   {"num", '#'},      {"dollar", '$'},	  {"percnt", '%'},
	{"lpar", '('},	   {"rpar", ')'},     {"ast", '*'},	  {"plus", '+'},
	{"comma", ','},	   {"period", '.'},   {"sol", '/'},	  {"colon", ':'},
	{"semi", ';'},	   {"equals", '='},   {"quest", '?'},	  {"commat", '@'},
	{"lsqb", '['},	   {"lbrack", '['},   {"rsqb", ']'},	  {"rbrack", ']'},
	{"bsol", '\\'},	   {"lowbar", '_'},   {"grave", '`'},	  {"lcub", '{'},
	{"lbrace", '{'},   {"rcub", '}'},     {"rbrace", '}'},	  {"verbar", '|'},
	{"vert", '|'},	   {"check", 0x2713}, {"cross", 0x2717},  {"star", 0x2606},
	{"starf", 0x2605}, {"phone", 0x260e}, {"hyphen", 0x2010}, {"dash", 0x2010},
	{"AMP", '&'},	   {"LT", '<'},	      {"GT", '>'},	  {"QUOT", '"'},
	{"COPY", 0xa9},	   {"REG", 0xae},     {"Scaron", 0x160},  {"scaron", 0x161},
	{"ccaron", 0x10d}, {"Ccaron", 0x10c}, {"zcaron", 0x17e},  {"Zcaron", 0x17d},
	{"lstrok", 0x142}, {"Lstrok", 0x141}, {"eogon", 0x119},	  {"aogon", 0x105},
	{"sacute", 0x15b}, {"cacute", 0x107}, {"nacute", 0x144},  {"zacute", 0x17a},
	{"zdot", 0x17c},   {"ecaron", 0x11b}, {"rcaron", 0x159},  {"uring", 0x16f},
};

/* What Windows' clients mean by the numbers of C1 controls. */
static const uint16_t windows[32] = {
	0x20ac, 0x81,	0x201a, 0x192,	0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,	0x2030, 0x160,
	0x2039, 0x152,	0x8d,	0x17d,	0x8f,	0x90,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x2dc,	0x2122, 0x161,	0x203a, 0x153,	0x9d,	0x17e,	0x178,
};

static uint32_t look_up(struct html_entities *e, struct slice name)
{
	char c_name[NAME_MAX_SIZE + 1];
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_eq(name, slice_str(names[i].name)))
			return names[i].value;
	if (++e->lookups > LOOKUPS_MAX)
		return 0;
	memcpy(c_name, name.ptr, name.len);
	c_name[name.len] = '\0';
	const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)c_name);
	return entity ? entity->value : 0;
}

/* 0 when it is no entity we can tell. */
static uint32_t named(struct html_entities *e, struct slice name)
{
	uint64_t key = 0;
	if (name.len > NAME_MAX_SIZE)
		return 0;
	if (name.len > sizeof(key))
		return look_up(e, name);
	memcpy(&key, name.ptr, name.len);
	size_t slot = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 58);
	if (e->cache[slot].name != key) {
		e->cache[slot].value = look_up(e, name);
		e->cache[slot].name = key;
	}
	return e->cache[slot].value;
}

static int digit_value(char c, uint32_t base)
{
	char low = (char)(c | 0x20);
	if (c >= '0' && c <= '9')
		return c - '0';
	return base == 16 && low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static uint32_t numbered(struct slice digits)
{
	uint32_t value = 0, base = 10;
	if (digits.len && (digits.ptr[0] == 'x' || digits.ptr[0] == 'X')) {
		base = 16;
		digits = slice_sub(digits, 1, digits.len);
	}
	for (size_t i = 0; i < digits.len; i++) {
		int digit = digit_value(digits.ptr[i], base);
		if (digit < 0)
			return 0;
		value = value * base + (uint32_t)digit;
		if (value > 0x10ffff)
			return 0xfffd;
	}
	if (value >= 0x80 && value < 0xa0)
		return windows[value - 0x80];
	return value >= 0xd800 && value < 0xe000 ? 0xfffd : value;
}

static bool is_name_char(char c)
{
	char low = (char)(c | 0x20);
	return (c >= '0' && c <= '9') || (low >= 'a' && low <= 'z');
}

size_t html_entity(struct html_entities *e, struct slice html, size_t at, uint32_t *c)
{
	size_t i = at + 1;
	bool number = i < html.len && html.ptr[i] == '#';
	i += number;
	size_t from = i;
	while (i < html.len && i - from <= NAME_MAX_SIZE && is_name_char(html.ptr[i]))
		i++;
	struct slice name = slice_sub(html, from, i);
	*c = !name.len ? 0 : number ? numbered(name) : named(e, name);
	if (!*c) {
		*c = '&';
		return 1;
	}
	return i - at + (i < html.len && html.ptr[i] == ';');
}
