/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "markdown.h"
#include "template_set.h"
#include "url.h"

/*
 * Filters that know of currencies, mail and the desk's words; the language's
 * own are the engine's.  Each result that is markup is made for the kind of
 * part it stands in.
 */

#define ADDRESS_LINES_MAX 16
#define RESULT_MAX (64u << 10)

static enum liquid_escape escape_of(const struct liquid_call *call)
{
	const struct template_render *render = liquid_user(call->context);
	return render ? render->escape : LIQUID_ESCAPE_NONE;
}

static struct slice argument(const struct liquid_call *call, size_t i)
{
	if (i >= call->n_args)
		return (struct slice){0};
	return liquid_text(call->context, call->args[i]);
}

static bool named(const struct liquid_call *call, const char *name, struct liquid_value *value)
{
	for (size_t i = 0; i < call->n_named; i++) {
		if (!slice_eq(call->named[i].name, slice_str(name)))
			continue;
		*value = call->named[i].value;
		return true;
	}
	return false;
}

/* Moves what was written into the render's arena, and pays for it. */
static int finish(const struct liquid_call *call, struct buf *text, bool safe,
		  struct liquid_value *result)
{
	bool failed = buf_failed(text);
	struct slice copy = {0};
	if (!failed)
		copy = arena_copy(liquid_arena(call->context), buf_slice(text));
	buf_release(text);
	if (failed)
		return liquid_fail(call->context, "the result is longer than %u bytes", RESULT_MAX);
	*result = safe ? liquid_safe(copy) : liquid_string(copy);
	return liquid_charge(call->context, copy.len) < 0 ? -1 : 1;
}

/* ---- money ---- */

/* The argument, or the currency of what this mail is about, of the customer, of the shop. */
static struct slice currency_of(const struct liquid_call *call)
{
	static const char *const owners[] = {"invoice", "credit",   "refund", "statement",
					     "order",	"customer", "shop"};
	struct slice currency = argument(call, 0);
	for (size_t i = 0; !currency.len && i < sizeof(owners) / sizeof(owners[0]); i++) {
		struct liquid_value owner, value;
		if (liquid_global(call->context, slice_str(owners[i]), &owner) &&
		    liquid_get(call->context, owner, SLICE("currency"), &value) &&
		    value.kind == LIQUID_STRING)
			currency = value.string;
	}
	return currency;
}

/* Languages that write the sign before the amount; the others write it behind a space. */
static bool sign_first(struct slice language)
{
	static const char *const languages[] = {"en", "nl", "ja", "zh", "ko"};
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (slice_starts_nocase(language, slice_str(languages[i])))
			return true;
	return !language.len;
}

struct money_form {
	bool sign, code, trim_zeros;
};

/* "25,00" without its decimals when they are all zero. */
static void trim_zeros(struct buf *number, int exponent)
{
	size_t tail = (size_t)exponent + 1;
	if (exponent <= 0 || number->len <= tail)
		return;
	for (size_t i = number->len - (size_t)exponent; i < number->len; i++)
		if (number->ptr[i] != '0')
			return;
	number->len -= tail;
}

static void put_money(struct buf *out, struct buf *number, struct slice currency,
		      struct slice language, const struct money_form *form)
{
	struct slice digits = buf_slice(number);
	bool minus = slice_starts(digits, SLICE("-"));
	if (form->sign && sign_first(language)) {
		buf_puts(out, minus ? "-" : "");
		struct slice sign = money_sign(currency);
		buf_put(out, sign);
		if (slice_eq(sign, currency))
			buf_puts(out, "\u00a0");
		buf_put(out, slice_sub(digits, minus, digits.len));
	} else {
		buf_put(out, digits);
		if (form->sign && !form->code)
			buf_printf(out, "\u00a0%.*s", SLICE_ARG(money_sign(currency)));
	}
	if (form->code)
		buf_printf(out, "\u00a0%.*s", SLICE_ARG(currency));
}

static int money(const struct liquid_call *call, const struct money_form *form,
		 struct liquid_value *result)
{
	int64_t amount;
	struct slice currency = currency_of(call);
	if (!liquid_integer(call->input, &amount))
		return liquid_fail(call->context, "money needs an amount in minor units");
	if (!currency.len)
		return liquid_fail(call->context, "money does not know the currency: "
						  "write money: order.currency");
	if (money_exponent(currency) < 0)
		return liquid_fail(call->context, "\"%.*s\" is no currency",
				   SLICE_ARG(slice_sub(currency, 0, 20)));
	struct slice language = liquid_language(call->context);
	struct buf number, out;
	buf_init(&number, 64);
	buf_init(&out, 128);
	money_put_local(&number, amount, currency, language);
	if (form->trim_zeros)
		trim_zeros(&number, money_exponent(currency));
	put_money(&out, &number, currency, language, form);
	buf_release(&number);
	return finish(call, &out, false, result);
}

static int filter_money(const struct liquid_call *call, struct liquid_value *result)
{
	return money(call, &(struct money_form){.sign = true}, result);
}

static int filter_money_with_currency(const struct liquid_call *call, struct liquid_value *result)
{
	return money(call, &(struct money_form){.sign = true, .code = true}, result);
}

static int filter_money_without_currency(const struct liquid_call *call,
					 struct liquid_value *result)
{
	return money(call, &(struct money_form){0}, result);
}

static int filter_money_without_trailing_zeros(const struct liquid_call *call,
					       struct liquid_value *result)
{
	return money(call, &(struct money_form){.sign = true, .trim_zeros = true}, result);
}

/* ---- links ---- */

/* RFC 6068 2: line ends are %0D%0A, whatever they were. */
static void put_field(struct buf *out, const char *name, struct slice text, char *separator)
{
	struct slice line;
	if (!text.len)
		return;
	buf_putc(out, *separator);
	buf_puts(out, name);
	for (bool first = true; slice_line(&text, &line); first = false) {
		buf_puts(out, first ? "=" : "%0D%0A");
		url_put_encoded(out, line, "-._~");
	}
	*separator = '&';
}

/* {{ address | mailto: "#release O10042", subject: "…" }} */
static int filter_mailto(const struct liquid_call *call, struct liquid_value *result)
{
	struct slice address = liquid_text(call->context, call->input);
	struct liquid_value value;
	struct buf out;
	char separator = '?';
	if (slice_chr(address, '@') < 1)
		return liquid_fail(call->context, "mailto needs a mail address");
	buf_init(&out, RESULT_MAX);
	buf_puts(&out, "mailto:");
	url_put_encoded(&out, address, "-._~@");
	if (named(call, "subject", &value))
		put_field(&out, "subject", liquid_text(call->context, value), &separator);
	struct slice body = argument(call, 0);
	if (body.len) {
		put_field(&out, "body", body, &separator);
		/* The cursor stands below the command. */
		buf_puts(&out, "%0D%0A");
	}
	if (out.len > TEMPLATE_MAILTO_MAX || buf_failed(&out)) {
		size_t len = out.len;
		buf_release(&out);
		return liquid_fail(call->context, "a mailto link of %zu octets is longer than %d",
				   len, TEMPLATE_MAILTO_MAX);
	}
	return finish(call, &out, false, result);
}

/* {{ "Track it" | link_to: url, button: true }} */
static int filter_link_to(const struct liquid_call *call, struct liquid_value *result)
{
	enum liquid_escape escape = escape_of(call);
	struct slice label = liquid_text(call->context, call->input), url = argument(call, 0);
	struct liquid_value button;
	bool as_button = named(call, "button", &button) && liquid_truthy(button);
	struct buf out;
	buf_init(&out, RESULT_MAX);
	switch (escape) {
	case LIQUID_ESCAPE_HTML:
	case LIQUID_ESCAPE_XML:
		buf_puts(&out, "<a href=\"");
		url_put(&out, url, true);
		buf_puts(&out, as_button ? "\" class=\"button\">" : "\">");
		liquid_escape_put(&out, LIQUID_ESCAPE_HTML, label);
		buf_puts(&out, "</a>");
		break;
	case LIQUID_ESCAPE_MARKDOWN:
		buf_putc(&out, '[');
		liquid_escape_put(&out, escape, label);
		buf_puts(&out, "](<");
		url_put(&out, url, false);
		buf_puts(&out, as_button ? "> \"button\")" : ">)");
		break;
	default:
		buf_put(&out, label);
		buf_puts(&out, " <");
		url_put(&out, url, false);
		buf_putc(&out, '>');
		break;
	}
	return finish(call, &out, true, result);
}

/* ---- addresses ---- */

struct lines {
	struct slice items[ADDRESS_LINES_MAX];
	size_t n;
};

static void add_line(struct lines *lines, struct slice text)
{
	text = slice_trim(text);
	if (text.len && lines->n < ADDRESS_LINES_MAX)
		lines->items[lines->n++] = text;
}

static struct slice field(const struct liquid_call *call, const char *name)
{
	struct liquid_value value;
	if (!liquid_get(call->context, call->input, slice_str(name), &value) ||
	    value.kind == LIQUID_NIL)
		return (struct slice){0};
	return liquid_text(call->context, value);
}

static void add_street(const struct liquid_call *call, struct lines *lines)
{
	struct liquid_value value, item;
	struct slice key;
	if (!liquid_get(call->context, call->input, SLICE("lines"), &value))
		return;
	if (value.kind == LIQUID_LIST)
		for (size_t i = 0; i < value.list->count; i++)
			add_line(lines, liquid_text(call->context, value.list->items[i]));
	if (value.kind != LIQUID_OBJECT || !value.object.class->array)
		return;
	size_t n = value.object.class->count(&value);
	for (size_t i = 0; i < n && lines->n < ADDRESS_LINES_MAX; i++)
		if (value.object.class->at(&value, i, liquid_arena(call->context), &key, &item))
			add_line(lines, liquid_text(call->context, item));
}

/* Where the postcode stands (Universal Postal Union, S42). */
static void add_city(const struct liquid_call *call, struct lines *lines, struct slice country)
{
	static const char *const behind[] = {"US", "CA", "AU"};
	static const char *const below[] = {"GB", "IE"};
	struct arena *a = liquid_arena(call->context);
	struct slice postcode = field(call, "postcode"), city = field(call, "city");
	struct slice region = field(call, "region");
	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		if (!slice_eq_nocase(country, slice_str(behind[i])))
			continue;
		add_line(lines, slice_str(arena_printf(a, "%.*s%s%.*s %.*s", SLICE_ARG(city),
						       region.len ? " " : "", SLICE_ARG(region),
						       SLICE_ARG(postcode))));
		return;
	}
	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		if (!slice_eq_nocase(country, slice_str(below[i])))
			continue;
		add_line(lines, city);
		add_line(lines, postcode);
		return;
	}
	add_line(lines,
		 slice_str(arena_printf(a, "%.*s %.*s", SLICE_ARG(postcode), SLICE_ARG(city))));
}

static struct slice word(const struct liquid_call *call, const char *prefix, struct slice key)
{
	const struct template_render *render = liquid_user(call->context);
	char name[64];
	if (!render || strlen(prefix) + key.len >= sizeof(name))
		return (struct slice){0};
	snprintf(name, sizeof(name), "%s%.*s", prefix, SLICE_ARG(key));
	return template_view_word(render->view, slice_str(name));
}

static void add_country(const struct liquid_call *call, struct lines *lines, struct slice country)
{
	struct slice name = word(call, "country.", country);
	add_line(lines, name.len ? name : country);
}

static const char *line_end(enum liquid_escape escape)
{
	switch (escape) {
	case LIQUID_ESCAPE_HTML:
	case LIQUID_ESCAPE_XML:
		return "<br>\n";
	case LIQUID_ESCAPE_MARKDOWN:
		return "\\\n";
	case LIQUID_ESCAPE_HEADER:
		return ", ";
	default:
		return "\n";
	}
}

/* {{ order.shipping | format_address }} in lines, or with a separator in one. */
static int filter_format_address(const struct liquid_call *call, struct liquid_value *result)
{
	struct lines lines = {0};
	struct slice country = field(call, "country"), separator = argument(call, 0);
	struct buf out;
	if (call->input.kind != LIQUID_OBJECT && call->input.kind != LIQUID_HASH)
		return liquid_fail(call->context, "format_address needs an address");
	add_line(&lines, field(call, "name"));
	add_line(&lines, field(call, "company"));
	add_street(call, &lines);
	add_city(call, &lines, country);
	add_country(call, &lines, country);
	bool plain = separator.len > 0;
	enum liquid_escape escape = escape_of(call);
	if (!plain)
		separator = slice_str(line_end(escape));
	buf_init(&out, RESULT_MAX);
	for (size_t i = 0; i < lines.n; i++) {
		if (i)
			buf_put(&out, separator);
		if (plain)
			buf_put(&out, lines.items[i]);
		else
			liquid_escape_put(&out, escape, lines.items[i]);
	}
	return finish(call, &out, !plain, result);
}

/* ---- words ---- */

/* "{name}" in a word becomes the named argument. */
static void put_filled(const struct liquid_call *call, struct slice text, struct buf *out)
{
	while (text.len) {
		ptrdiff_t open = slice_chr(text, '{');
		struct slice behind =
			slice_sub(text, open < 0 ? text.len : (size_t)open + 1, text.len);
		ptrdiff_t close = slice_chr(behind, '}');
		char name[40];
		struct liquid_value value;
		buf_put(out, slice_sub(text, 0, open < 0 ? text.len : (size_t)open));
		if (open < 0)
			return;
		text = behind;
		if (close < 0 || (size_t)close >= sizeof(name)) {
			buf_putc(out, '{');
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)close, behind.ptr);
		if (named(call, name, &value))
			buf_put(out, liquid_text(call->context, value));
		text = slice_sub(behind, (size_t)close + 1, behind.len);
	}
}

/* {{ "line.AUS" | t }} from locale/LANGUAGE.json */
static int filter_t(const struct liquid_call *call, struct liquid_value *result)
{
	struct slice key = liquid_text(call->context, call->input);
	struct slice text = word(call, "", key);
	struct buf out;
	if (!text.ptr)
		return liquid_fail(call->context, "there is no word \"%.*s\" in locale/",
				   SLICE_ARG(slice_sub(key, 0, 60)));
	if (!call->n_named) {
		*result = liquid_string(text);
		return 1;
	}
	buf_init(&out, RESULT_MAX);
	put_filled(call, text, &out);
	return finish(call, &out, false, result);
}

/* What a person wrote, with its lines: {{ note.text | paragraphs }} */
static int filter_paragraphs(const struct liquid_call *call, struct liquid_value *result)
{
	struct slice text = liquid_text(call->context, call->input);
	if (liquid_charge(call->context, text.len * 4) < 0)
		return -1;
	*result = liquid_safe(template_prose(liquid_arena(call->context), text, escape_of(call)));
	return 1;
}

static const struct liquid_filter filters[] = {
	{"money", 0, 1, false, filter_money},
	{"money_with_currency", 0, 1, false, filter_money_with_currency},
	{"money_without_currency", 0, 1, false, filter_money_without_currency},
	{"money_without_trailing_zeros", 0, 1, false, filter_money_without_trailing_zeros},
	{"mailto", 0, 1, true, filter_mailto},
	{"link_to", 1, 1, true, filter_link_to},
	{"format_address", 0, 1, false, filter_format_address},
	{"t", 0, 0, true, filter_t},
	{"paragraphs", 0, 0, false, filter_paragraphs},
};

void template_filters(struct liquid_env *env)
{
	liquid_env_filters(env, filters, sizeof(filters) / sizeof(filters[0]), NULL);
}
