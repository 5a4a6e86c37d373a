/* SPDX-License-Identifier: ISC */
#include "linter.h"

/*
 * Address fields in the forms that we write: "addr, phrase <addr>".  Groups,
 * comments and routes are findings.
 */

static bool is_atom_letter(unsigned char c)
{
	return c > 127 || (c > ' ' && c < 127 && !strchr("()<>[]:;@\\,.\"", c));
}

static bool is_labels(struct slice s, bool domain)
{
	for (struct slice label; slice_cut(&s, '.', &label);) {
		if (label.len == 0)
			return false;
		for (size_t i = 0; i < label.len; i++)
			if (!is_atom_letter((unsigned char)label.ptr[i]) ||
			    (domain && strchr("!#$%&'*+/=?^_`{|}~", label.ptr[i])))
				return false;
	}
	return true;
}

static bool is_quoted(struct slice s)
{
	if (s.len < 3 || s.ptr[0] != '"' || s.ptr[s.len - 1] != '"')
		return false;
	for (size_t i = 1; i + 1 < s.len; i++)
		if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 127 || strchr("\"\\", s.ptr[i]))
			return false;
	return true;
}

static void lint_addr(struct linter *l, const struct lint_field *field, struct slice addr)
{
	size_t at = addr.len;
	while (at > 0 && addr.ptr[at - 1] != '@')
		at--;
	struct slice local = slice_sub(addr, 0, at ? at - 1 : 0);
	struct slice domain = slice_sub(addr, at, addr.len);
	bool valid = local.len > 0 && local.len <= 64 && domain.len > 0 && domain.len <= 255 &&
		     (is_quoted(local) || is_labels(local, false)) && is_labels(domain, true);
	if (!valid)
		lint_find(l, "O1", field->line, "%.*s holds \"%.*s\", which is no address.",
			  SLICE_ARG(field->name), SLICE_ARG(slice_sub(addr, 0, 100)));
	if (slice_find(addr, SLICE("=?")) >= 0)
		lint_find(l, "O7", field->line, "An encoded word stands in an address of %.*s.",
			  SLICE_ARG(field->name));
	for (size_t i = 0; i < addr.len; i++)
		l->utf8_address = l->utf8_address || (unsigned char)addr.ptr[i] > 127;
}

/* The length of the quoted string at the start of s, all of s when it does not end. */
static size_t quoted_length(struct slice s)
{
	for (size_t i = 1; i < s.len; i++) {
		if (s.ptr[i] == '\\')
			i++;
		else if (s.ptr[i] == '"')
			return i + 1;
	}
	return s.len;
}

/* A name before an address: atoms, quoted strings and encoded words. */
static void lint_phrase(struct linter *l, const struct lint_field *field, struct slice phrase)
{
	while (phrase.len > 0) {
		size_t n = 0;
		if (phrase.ptr[0] == '"') {
			n = quoted_length(phrase);
			if (slice_find(slice_sub(phrase, 0, n), SLICE("=?")) >= 0)
				lint_find(l, "O7", field->line,
					  "An encoded word stands in a quoted string of %.*s.",
					  SLICE_ARG(field->name));
		} else {
			while (n < phrase.len && phrase.ptr[n] != '"')
				n++;
			struct slice words = slice_sub(phrase, 0, n);
			for (size_t i = 0; i < n; i++)
				if (words.ptr[i] != ' ' &&
				    !is_atom_letter((unsigned char)words.ptr[i]))
					lint_find(l, "O1", field->line,
						  "A name in %.*s needs quotes.",
						  SLICE_ARG(field->name));
			lint_words(l, field, words);
		}
		phrase = slice_sub(phrase, n, phrase.len);
	}
}

/* Up to the next comma that stands in no quotes. */
static struct slice cut_mailbox(struct slice *rest)
{
	size_t n = 0;
	while (n < rest->len && rest->ptr[n] != ',')
		n += rest->ptr[n] == '"' ? quoted_length(slice_sub(*rest, n, rest->len)) : 1;
	struct slice mailbox = slice_sub(*rest, 0, n);
	*rest = n < rest->len ? slice_sub(*rest, n + 1, rest->len) : (struct slice){0};
	return slice_trim(mailbox);
}

/* Where the angle bracket behind a name opens, or the length. */
static size_t find_angle(struct slice s)
{
	size_t n = 0;
	while (n < s.len && s.ptr[n] != '<')
		n += s.ptr[n] == '"' ? quoted_length(slice_sub(s, n, s.len)) : 1;
	return n;
}

size_t lint_addresses(struct linter *l, const struct lint_field *field)
{
	size_t count = 0;
	struct slice rest = field->value;
	do {
		struct slice mailbox = cut_mailbox(&rest);
		size_t angle = find_angle(mailbox);
		count++;
		if (angle >= mailbox.len) {
			lint_addr(l, field, mailbox);
			continue;
		}
		lint_phrase(l, field, slice_trim(slice_sub(mailbox, 0, angle)));
		if (!slice_ends(mailbox, SLICE(">")))
			lint_find(l, "O1", field->line, "%.*s has text behind an address.",
				  SLICE_ARG(field->name));
		lint_addr(l, field, slice_sub(mailbox, angle + 1, mailbox.len - 1));
	} while (rest.ptr);
	return count;
}
