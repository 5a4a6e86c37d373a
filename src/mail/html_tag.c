/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "html.h"

/* Attributes that matter, and where they go. */
static const struct {
	struct slice name;
	size_t offset;
} attributes[] = {
#define ATTRIBUTE(name, member)                                                                    \
	{                                                                                          \
		SLICE(name), offsetof(struct html_attributes, member)                              \
	}
	ATTRIBUTE("id", id),
	ATTRIBUTE("alt", alt),
	ATTRIBUTE("dir", dir),
	ATTRIBUTE("href", href),
	ATTRIBUTE("name", name),
	ATTRIBUTE("class", class),
	ATTRIBUTE("style", style),
	ATTRIBUTE("start", start),
	ATTRIBUTE("width", width),
	ATTRIBUTE("height", height),
	ATTRIBUTE("data-marker", marker),
#undef ATTRIBUTE
};

static void take(struct html_attributes *out, struct slice name, struct slice value)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		if (name.len != attributes[i].name.len ||
		    !slice_eq_nocase(name, attributes[i].name))
			continue;
		struct slice *member = (struct slice *)(void *)((char *)out + attributes[i].offset);
		/* Of two with one name browsers take the first. */
		if (!member->ptr)
			*member = value;
		return;
	}
	out->hidden |= slice_eq_nocase(name, SLICE("hidden"));
	out->signature |= slice_eq_nocase(name, SLICE("data-signatureblock"));
}

static size_t skip_blanks(struct slice html, size_t i)
{
	while (i < html.len && html_is_blank(html.ptr[i]))
		i++;
	return i;
}

/* Behind '=': the value and where it ends. */
static size_t read_value(struct slice html, size_t i, struct slice *value)
{
	i = skip_blanks(html, i);
	if (i < html.len && (html.ptr[i] == '"' || html.ptr[i] == '\'')) {
		ptrdiff_t end = slice_chr(slice_sub(html, i + 1, html.len), html.ptr[i]);
		size_t to = end < 0 ? html.len : i + 1 + (size_t)end;
		*value = slice_sub(html, i + 1, to);
		return end < 0 ? to : to + 1;
	}
	size_t from = i;
	while (i < html.len && !html_is_blank(html.ptr[i]) && html.ptr[i] != '>')
		i++;
	*value = slice_sub(html, from, i);
	return i;
}

size_t html_read_attributes(struct slice html, size_t at, struct html_attributes *out)
{
	size_t i = at;
	*out = (struct html_attributes){0};
	while (i < html.len && html.ptr[i] != '>') {
		char c = html.ptr[i];
		if (html_is_blank(c) || c == '/') {
			i++;
			continue;
		}
		size_t from = i++;
		while (i < html.len && !html_is_blank(html.ptr[i]) && html.ptr[i] != '/' &&
		       html.ptr[i] != '>' && html.ptr[i] != '=')
			i++;
		struct slice name = slice_sub(html, from, i), value = SLICE("");
		i = skip_blanks(html, i);
		if (i < html.len && html.ptr[i] == '=')
			i = read_value(html, i + 1, &value);
		take(out, name, value);
	}
	return i < html.len ? i + 1 : i;
}

/* "0", "0px", ".0pt" */
static bool is_zero(struct slice value)
{
	size_t i = 0, digits = 0;
	for (; i < value.len && (value.ptr[i] == '0' || value.ptr[i] == '.'); i++)
		digits += value.ptr[i] == '0';
	return digits && (i == value.len || value.ptr[i] < '0' || value.ptr[i] > '9');
}

/* The sides of a style that only together say something. */
struct sides {
	bool clipped, flat;	       /* overflow, height */
	bool no_border, top, top_wide; /* Outlook's and Windows Mail's divider */
};

static bool has(struct slice value, const char *word)
{
	return slice_find_nocase(value, slice_str(word)) >= 0;
}

static bool is_name(struct slice name, const char *want)
{
	return slice_eq_nocase(name, slice_str(want));
}

static void read_visibility(struct slice name, struct slice value, struct html_style *out,
			    struct sides *s)
{
	if (is_name(name, "display"))
		out->hides |= has(value, "none");
	else if (is_name(name, "visibility"))
		out->hides |= has(value, "hidden") || has(value, "collapse");
	else if (is_name(name, "opacity"))
		out->hides |= is_zero(value);
	else if (is_name(name, "overflow"))
		s->clipped |= has(value, "hidden");
	else if (is_name(name, "max-height") || is_name(name, "height"))
		s->flat |= is_zero(value);
	else if (is_name(name, "font-size")) {
		out->sized = true;
		out->tiny = is_zero(value);
	} else if (is_name(name, "white-space")) {
		out->pre = slice_starts_nocase(value, SLICE("pre"));
	}
}

static void read_box(struct slice name, struct slice value, struct html_style *out, struct sides *s)
{
	if (is_name(name, "margin") || is_name(name, "margin-top"))
		out->no_margin = is_zero(value);
	else if (is_name(name, "border") || is_name(name, "border-width"))
		s->no_border |= has(value, "none") || is_zero(value);
	else if (is_name(name, "border-left"))
		s->no_border = false;
	else if (is_name(name, "border-top") || is_name(name, "border-top-style"))
		s->top |= has(value, "solid");
	else if (is_name(name, "padding") || is_name(name, "padding-top"))
		s->top_wide |= slice_starts(value, SLICE("3.0pt 0")) ||
			       slice_starts(value, SLICE("3pt 0")) || slice_eq(value, SLICE("5px"));
}

void html_read_style(struct slice style, struct html_style *out)
{
	struct sides s = {0};
	struct slice rule;
	*out = (struct html_style){0};
	while (slice_cut(&style, ';', &rule)) {
		ptrdiff_t colon = slice_chr(rule, ':');
		if (colon < 0)
			continue;
		struct slice name = slice_trim(slice_sub(rule, 0, (size_t)colon));
		struct slice value = slice_trim(slice_sub(rule, (size_t)colon + 1, rule.len));
		read_visibility(name, value, out, &s);
		read_box(name, value, out, &s);
	}
	out->hides |= s.clipped && s.flat;
	out->no_border = s.no_border;
	/* border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in */
	out->divider = s.top && s.top_wide;
}

/* How clients mark what they add, by the value of an id, a class or a name. */
static const struct {
	struct slice value;
	enum html_mark_kind kind;
	bool container;
} structures[] = {
	/* Gmail; its forwards and answers below share the class, so its content decides. */
	{SLICE("gmail_quote"), HTML_MARK_QUOTE, true},
	{SLICE("gmail_attr"), HTML_MARK_ATTRIBUTION, false},
	{SLICE("gmail_signature"), HTML_MARK_SIGNATURE, false},
	{SLICE("gmail_signature_prefix"), HTML_MARK_SIGNATURE, false},
	/* Outlook, its web and mobile forms, Hotmail */
	{SLICE("divRplyFwdMsg"), HTML_MARK_COPY, false},
	{SLICE("appendonsend"), HTML_MARK_COPY, false},
	{SLICE("stopSpelling"), HTML_MARK_COPY, false},
	{SLICE("OLK_SRC_BODY_SECTION"), HTML_MARK_COPY, false},
	{SLICE("mail-editor-reference-message-container"), HTML_MARK_COPY, false},
	{SLICE("ms-outlook-mobile-reference-message"), HTML_MARK_COPY, false},
	{SLICE("Signature"), HTML_MARK_SIGNATURE, false},
	{SLICE("signature"), HTML_MARK_SIGNATURE, false},
	{SLICE("ms-outlook-mobile-signature"), HTML_MARK_SIGNATURE, false},
	{SLICE("ms-outlook-ios-signature"), HTML_MARK_SIGNATURE, false},
	/* Thunderbird, SeaMonkey */
	{SLICE("moz-cite-prefix"), HTML_MARK_ATTRIBUTION, false},
	{SLICE("moz-forward-container"), HTML_MARK_FORWARD, false},
	{SLICE("moz-signature"), HTML_MARK_SIGNATURE, false},
	/* Apple */
	{SLICE("AppleMailSignature"), HTML_MARK_SIGNATURE, false},
	{SLICE("AppleOriginalContents"), HTML_MARK_QUOTE, false},
	/* Yahoo */
	{SLICE("yahoo_quoted"), HTML_MARK_QUOTE, false},
	{SLICE("yahoo-signature"), HTML_MARK_SIGNATURE, false},
	/* Proton, Tuta, Zoho, Roundcube, Zimbra, Evolution, Airmail, Spark */
	{SLICE("protonmail_quote"), HTML_MARK_QUOTE, true},
	{SLICE("protonmail_signature_block"), HTML_MARK_SIGNATURE, false},
	{SLICE("tutanota_quote"), HTML_MARK_QUOTE, true},
	{SLICE("zmail_extra"), HTML_MARK_QUOTE, true},
	{SLICE("reply-intro"), HTML_MARK_ATTRIBUTION, false},
	{SLICE("forwardbody1"), HTML_MARK_FORWARD, false},
	{SLICE("_rc_sig"), HTML_MARK_SIGNATURE, false},
	{SLICE("zwchr"), HTML_MARK_DIVIDER, false},
	{SLICE("__DIVIDER__"), HTML_MARK_DIVIDER, false},
	{SLICE("__SIG_PRE__"), HTML_MARK_SIGNATURE, false},
	{SLICE("__SIG_POST__"), HTML_MARK_SIGNATURE, false},
	{SLICE("-x-evo-signature-wrapper"), HTML_MARK_SIGNATURE, false},
	{SLICE("airmail_on"), HTML_MARK_ATTRIBUTION, false},
	{SLICE("bloop_sign"), HTML_MARK_SIGNATURE, false},
	{SLICE("messageReplySection"), HTML_MARK_QUOTE, true},
	{SLICE("messageSignatureSection"), HTML_MARK_SIGNATURE, false},
	/* GMX and WEB.DE, Samsung, NetEase and other Asian web mailers, Front, Lark */
	{SLICE("quote"), HTML_MARK_QUOTE, true},
	{SLICE("quoted-content"), HTML_MARK_QUOTE, false},
	{SLICE("composer_signature"), HTML_MARK_SIGNATURE, false},
	{SLICE("isReplyContent"), HTML_MARK_QUOTE, false},
	{SLICE("isForwardContent"), HTML_MARK_FORWARD, false},
	{SLICE("divNeteaseMailSignature"), HTML_MARK_SIGNATURE, false},
	{SLICE("front-signature"), HTML_MARK_SIGNATURE, false},
	{SLICE("history-quote-wrapper"), HTML_MARK_QUOTE, false},
	{SLICE("lark-mail-quote"), HTML_MARK_QUOTE, false},
};

static enum html_mark_kind find_structure(struct slice value, bool *container)
{
	/* Outlook renames what it quotes. */
	while (slice_starts(value, SLICE("x_")))
		value = slice_sub(value, 2, value.len);
	if (slice_starts(value, SLICE("yahoo_quoted_")))
		value = SLICE("yahoo_quoted");
	for (size_t i = 0; i < sizeof(structures) / sizeof(*structures); i++) {
		if (value.len != structures[i].value.len || !slice_eq(value, structures[i].value))
			continue;
		*container = structures[i].container;
		return structures[i].kind;
	}
	return HTML_MARK_NONE;
}

enum html_mark_kind html_structure(const struct html_attributes *with, bool *container)
{
	const struct slice *values[] = {&with->id, &with->name, &with->marker};
	struct slice rest = with->class, word;
	enum html_mark_kind kind = HTML_MARK_NONE;
	*container = false;
	if (with->signature)
		return HTML_MARK_SIGNATURE;
	for (size_t i = 0; !kind && i < sizeof(values) / sizeof(*values); i++)
		if (values[i]->len)
			kind = find_structure(*values[i], container);
	while (!kind && slice_cut(&rest, ' ', &word))
		kind = find_structure(slice_trim(word), container);
	return kind;
}
