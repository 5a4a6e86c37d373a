/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "private.h"

/* One command on its way into words; it may go on over several lines. */
struct scan {
	struct arena *arena;
	struct slice line; /* what is left of the current line */
	struct slice rest; /* lines behind it */
	unsigned lines;	   /* taken so far, blank ones too */
	unsigned wraps;	   /* lines an open quote went on over */
	struct buf word;
	struct buf echo;
};

/* The next code point of the line as it is, and as it is meant; false at its end. */
static bool peek(const struct scan *s, uint32_t *raw, uint32_t *plain)
{
	struct slice rest = s->line;
	if (!text_next(&rest, raw))
		return false;
	*plain = typing_plain(*raw);
	return true;
}

static void skip(struct scan *s)
{
	uint32_t raw;
	text_next(&s->line, &raw);
}

static void skip_spaces(struct scan *s)
{
	uint32_t raw, plain;
	while (peek(s, &raw, &plain) && (plain == ' ' || plain == 0))
		skip(s);
}

/* An open quote goes on with the next line that is not blank. */
static int next_line(struct scan *s, struct err *e)
{
	struct slice line;
	while (slice_line(&s->rest, &line)) {
		enum line_kind kind = typing_kind(line);
		s->lines++;
		if (kind == LINE_BLANK)
			continue;
		if (kind == LINE_COMMAND || ++s->wraps > COMMAND_WRAP_MAX)
			break;
		s->line = line;
		buf_putc(&s->word, ' ');
		buf_putc(&s->echo, ' ');
		buf_put(&s->echo, line);
		return 1;
	}
	return err_set(e, ERR_INPUT, "a quote is not closed (a text goes on over %d lines at most)",
		       COMMAND_WRAP_MAX);
}

static struct slice take_word(struct scan *s)
{
	struct slice word = arena_copy(s->arena, slice_trim(buf_slice(&s->word)));
	buf_clear(&s->word);
	return word;
}

/*
 * Behind the opening quote.  A straight quote is closed by a straight one, a
 * curly one by any, since clients curl quotes by guessing.
 */
static int scan_quoted(struct scan *s, bool straight, struct err *e)
{
	for (;;) {
		uint32_t raw, plain;
		if (!peek(s, &raw, &plain)) {
			if (next_line(s, e) < 0)
				return -1;
			continue;
		}
		skip(s);
		if (straight ? raw == '"' : plain == '"')
			return 1;
		if (raw == '\\' && peek(s, &raw, &plain) && (raw == '\\' || plain == '"'))
			skip(s);
		else if (plain == '\\')
			raw = '\\';
		uint32_t meant = typing_quoted(raw);
		if (meant)
			text_put_code_point(&s->word, meant);
	}
}

/* Up to a space, or to the '=' behind a name. */
static bool scan_word(struct scan *s, bool stop_at_equals)
{
	uint32_t raw, plain;
	while (peek(s, &raw, &plain) && plain != ' ') {
		if (plain == '=' && stop_at_equals && s->word.len)
			return true;
		skip(s);
		if (plain)
			text_put_code_point(&s->word, plain);
	}
	return false;
}

/* Anything else before a '=' is a word that happens to hold one. */
static bool is_name(struct slice word)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && (i == 0 || (c != '_' && c != '-' && (c < '0' || c > '9'))))
			return false;
	}
	return word.len > 0;
}

static struct slice lower(struct arena *a, struct slice name)
{
	char *copy = arena_str(a, name);
	for (char *p = copy; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p |= 0x20;
	return slice_of(copy, name.len);
}

/* A value: in quotes or a word. */
static int scan_value(struct scan *s, struct token *token, struct err *e)
{
	uint32_t raw, plain;
	token->quoted = peek(s, &raw, &plain) && plain == '"';
	if (!token->quoted) {
		scan_word(s, false);
		token->text = take_word(s);
		return 1;
	}
	skip(s);
	if (scan_quoted(s, raw == '"', e) < 0)
		return -1;
	token->text = take_word(s);
	if (peek(s, &raw, &plain) && plain != ' ' && plain != 0)
		return err_set(e, ERR_INPUT, "put a space behind the closing quote");
	return 1;
}

static int scan_token(struct scan *s, struct token *token, struct err *e)
{
	uint32_t raw, plain;
	*token = (struct token){.quoted = false};
	if (peek(s, &raw, &plain) && plain == '"')
		return scan_value(s, token, e);
	if (!scan_word(s, true) || !is_name(buf_slice(&s->word))) {
		scan_word(s, false);
		token->text = take_word(s);
		return 1;
	}
	token->name = lower(s->arena, take_word(s));
	skip(s); /* the '=' */
	return scan_value(s, token, e);
}

static int scan_tokens(struct scan *s, struct tokens *tokens, struct err *e)
{
	const size_t most = sizeof(tokens->items) / sizeof(tokens->items[0]);
	for (tokens->n = 0;; tokens->n++) {
		uint32_t raw, plain;
		skip_spaces(s);
		if (!peek(s, &raw, &plain))
			return 1;
		if (tokens->n == most)
			return err_set(e, ERR_INPUT,
				       "too many words: put a text into quotes, \"like this\"");
		if (scan_token(s, &tokens->items[tokens->n], e) < 0)
			return -1;
	}
}

static struct slice echo_of(struct scan *s)
{
	struct buf line;
	buf_init(&line, 4 * COMMAND_VALUE_MAX);
	text_put_line(&line, buf_slice(&s->echo), COMMAND_VALUE_MAX);
	struct slice echo = arena_copy(s->arena, buf_slice(&line));
	buf_release(&line);
	return echo;
}

int scan_command(struct arena *a, struct slice *rest, unsigned *lines, struct tokens *tokens,
		 struct slice *echo, struct err *e)
{
	struct scan s = {.arena = a, .rest = *rest, .lines = 1};
	bool got = slice_line(&s.rest, &s.line);
	struct slice behind_first = s.rest, first = s.line;
	assert(got);
	/* Room for everything a block may hold: what is longer is refused by its argument. */
	buf_init(&s.word, COMMAND_TEXT_MAX * 4);
	buf_init(&s.echo, COMMAND_TEXT_MAX * 4);
	buf_put(&s.echo, first);
	skip_spaces(&s);
	assert(typing_kind(first) == LINE_COMMAND);
	skip(&s); /* the '#' */
	int result = scan_tokens(&s, tokens, e);
	if (result < 0) {
		/* Lines behind an open quote may be the customer's text, or commands: judged by
		 * themselves. */
		s.rest = behind_first;
		s.lines = 1;
		buf_clear(&s.echo);
		buf_put(&s.echo, first);
	}
	*echo = echo_of(&s);
	*rest = s.rest;
	*lines = s.lines;
	buf_release(&s.word);
	buf_release(&s.echo);
	return result;
}
