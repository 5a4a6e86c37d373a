/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "bounce.h"
#include "lex.h"

/* RFC 3463 and its registry, and what large receivers add. */
static const struct {
	const char *detail; /* the status without its first number */
	enum mail_bounce bounce;
} statuses[] = {
	{"1.0", MAIL_BOUNCE_REJECTED},	     {"1.1", MAIL_BOUNCE_USER_UNKNOWN},
	{"1.2", MAIL_BOUNCE_HOST_UNKNOWN},   {"1.3", MAIL_BOUNCE_USER_UNKNOWN},
	{"1.4", MAIL_BOUNCE_FILTERED},	     {"1.5", MAIL_BOUNCE_DELIVERED},
	{"1.6", MAIL_BOUNCE_HAS_MOVED},	     {"1.7", MAIL_BOUNCE_REJECTED},
	{"1.8", MAIL_BOUNCE_REJECTED},	     {"1.9", MAIL_BOUNCE_SYSTEM_ERROR},
	{"1.10", MAIL_BOUNCE_NOT_ACCEPTED},  {"2.0", MAIL_BOUNCE_FILTERED},
	{"2.1", MAIL_BOUNCE_SUSPENDED},	     {"2.2", MAIL_BOUNCE_MAILBOX_FULL},
	{"2.3", MAIL_BOUNCE_TOO_LARGE},	     {"2.4", MAIL_BOUNCE_FILTERED},
	{"3.0", MAIL_BOUNCE_SYSTEM_ERROR},   {"3.1", MAIL_BOUNCE_SYSTEM_FULL},
	{"3.2", MAIL_BOUNCE_NOT_ACCEPTED},   {"3.3", MAIL_BOUNCE_SYSTEM_ERROR},
	{"3.4", MAIL_BOUNCE_TOO_LARGE},	     {"3.5", MAIL_BOUNCE_SYSTEM_ERROR},
	{"4.0", MAIL_BOUNCE_NETWORK_ERROR},  {"4.1", MAIL_BOUNCE_EXPIRED},
	{"4.2", MAIL_BOUNCE_NETWORK_ERROR},  {"4.3", MAIL_BOUNCE_SYSTEM_ERROR},
	{"4.4", MAIL_BOUNCE_HOST_UNKNOWN},   {"4.5", MAIL_BOUNCE_RATE_LIMITED},
	{"4.6", MAIL_BOUNCE_NETWORK_ERROR},  {"4.7", MAIL_BOUNCE_EXPIRED},
	{"4.8", MAIL_BOUNCE_NETWORK_ERROR},  {"4.14", MAIL_BOUNCE_NETWORK_ERROR},
	{"4.31", MAIL_BOUNCE_NETWORK_ERROR}, {"5.1", MAIL_BOUNCE_SYNTAX_ERROR},
	{"5.2", MAIL_BOUNCE_SYNTAX_ERROR},   {"5.3", MAIL_BOUNCE_RATE_LIMITED},
	{"5.4", MAIL_BOUNCE_SYNTAX_ERROR},   {"5.5", MAIL_BOUNCE_SYNTAX_ERROR},
	{"5.6", MAIL_BOUNCE_SYNTAX_ERROR},   {"6.", MAIL_BOUNCE_CONTENT_ERROR},
	{"7.1", MAIL_BOUNCE_SECURITY},	     {"7.2", MAIL_BOUNCE_FILTERED},
	{"7.4", MAIL_BOUNCE_SECURITY},	     {"7.5", MAIL_BOUNCE_SECURITY},
	{"7.7", MAIL_BOUNCE_POLICY},	     {"7.8", MAIL_BOUNCE_SECURITY},
	{"7.9", MAIL_BOUNCE_SECURITY},	     {"7.10", MAIL_BOUNCE_STARTTLS},
	{"7.11", MAIL_BOUNCE_STARTTLS},	     {"7.12", MAIL_BOUNCE_SECURITY},
	{"7.13", MAIL_BOUNCE_SUSPENDED},     {"7.14", MAIL_BOUNCE_SECURITY},
	{"7.17", MAIL_BOUNCE_HAS_MOVED},     {"7.18", MAIL_BOUNCE_HAS_MOVED},
	{"7.20", MAIL_BOUNCE_AUTH_FAILURE},  {"7.21", MAIL_BOUNCE_AUTH_FAILURE},
	{"7.22", MAIL_BOUNCE_AUTH_FAILURE},  {"7.23", MAIL_BOUNCE_AUTH_FAILURE},
	{"7.24", MAIL_BOUNCE_AUTH_FAILURE},  {"7.25", MAIL_BOUNCE_REQUIRE_PTR},
	{"7.26", MAIL_BOUNCE_AUTH_FAILURE},  {"7.27", MAIL_BOUNCE_NOT_ACCEPTED},
	{"7.28", MAIL_BOUNCE_RATE_LIMITED},  {"7.29", MAIL_BOUNCE_AUTH_FAILURE},
	{"7.30", MAIL_BOUNCE_SECURITY},	     {"7.509", MAIL_BOUNCE_AUTH_FAILURE},
	{"7.51", MAIL_BOUNCE_BLOCKED},	     {"7.60", MAIL_BOUNCE_BLOCKED},
	{"7.64", MAIL_BOUNCE_BLOCKED},	     {"7.65", MAIL_BOUNCE_BAD_REPUTATION},
	{"7.70", MAIL_BOUNCE_BLOCKED},	     {"7.", MAIL_BOUNCE_SECURITY},
};

static const struct {
	const char *name, *detail;
	bool hard;
} bounces[] = {
#define MAIL_BOUNCE_ROW(id, name, detail, hard) [MAIL_BOUNCE_##id] = {name, detail, hard},
	MAIL_BOUNCES(MAIL_BOUNCE_ROW)
#undef MAIL_BOUNCE_ROW
};

const char *mail_bounce_name(enum mail_bounce bounce)
{
	assert(bounce < MAIL_BOUNCE_COUNT);
	return bounces[bounce].name;
}

static bool is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

static bool is_class(char ch)
{
	return ch == '2' || ch == '4' || ch == '5';
}

/* One to three digits from i on; how many. */
static size_t digits_at(struct slice s, size_t i)
{
	size_t n = 0;
	while (n < 4 && i + n < s.len && is_digit(s.ptr[i + n]))
		n++;
	return n <= 3 ? n : 0;
}

struct slice bounce_status_at(struct slice s)
{
	if (s.len < 5 || !is_class(s.ptr[0]) || s.ptr[1] != '.')
		return SLICE("");
	size_t subject = digits_at(s, 2), dot = 2 + subject;
	if (!subject || dot >= s.len || s.ptr[dot] != '.')
		return SLICE("");
	size_t detail = digits_at(s, dot + 1), end = dot + 1 + detail;
	/* A fourth number makes it an address of the network. */
	bool goes_on = end + 1 < s.len && s.ptr[end] == '.' && is_digit(s.ptr[end + 1]);
	return detail && !goes_on ? slice_sub(s, 0, end) : SLICE("");
}

/* Lower case, one space for white space and controls, the first BOUNCE_WORDS_MAX bytes. */
static struct slice squeeze(struct arena *a, struct slice s)
{
	s = slice_sub(slice_trim(s), 0, BOUNCE_WORDS_MAX);
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] + 32) : s.ptr[i];
		if (c == '\n' || c == '\r' || c == '\t')
			c = ' ';
		if (c != ' ' || (n > 0 && out[n - 1] != ' '))
			out[n++] = c;
	}
	return slice_of(out, n);
}

/* "550 " or "550-" as a word. */
static bool is_reply_code(struct slice s, size_t i)
{
	return i + 2 < s.len && is_class(s.ptr[i]) && is_digit(s.ptr[i + 1]) &&
	       s.ptr[i + 1] <= '5' && is_digit(s.ptr[i + 2]) &&
	       (i + 3 == s.len || strchr(" -:#_),.<", s.ptr[i + 3])) &&
	       (i == 0 || strchr(" :'\"([;=", s.ptr[i - 1]));
}

static struct slice find_code(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		/* "250 ok" in a transcript is not about the failure. */
		if (is_reply_code(text, i) && text.ptr[i] != '2')
			return slice_sub(text, i, i + 3);
	}
	return SLICE("");
}

static bool is_vague(struct slice status)
{
	return !status.len || slice_ends(status, SLICE(".0.0"));
}

/* "5.1.0 - Unknown address error 550-'5.2.2 … Mailbox Full'": the far server knows better. */
static bool is_general(struct slice status)
{
	return is_vague(status) || slice_ends(status, SLICE(".0"));
}

/* The status of that class that says the most, of equal ones the first. */
static struct slice find_status(struct slice text, char class)
{
	struct slice general = SLICE("");
	for (size_t i = 0; i + 4 < text.len; i++) {
		if (!is_digit(text.ptr[i]) || (class && text.ptr[i] != class) ||
		    (i > 0 && (is_digit(text.ptr[i - 1]) || strchr(".-/", text.ptr[i - 1]))))
			continue;
		struct slice status = bounce_status_at(slice_sub(text, i, i + 12));
		if (status.len && !is_general(status) && status.ptr[0] != '2')
			return status;
		if (status.len && status.ptr[0] != '2' && (!general.len || is_vague(general)))
			general = status;
	}
	return general;
}

static enum mail_bounce status_meaning(struct slice status)
{
	if (is_vague(status))
		return MAIL_BOUNCE_UNDEFINED;
	struct slice detail = slice_sub(status, 2, status.len);
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		struct slice row = slice_str(statuses[i].detail);
		bool prefix = slice_ends(row, SLICE(".")) || row.len == 4;
		if (prefix ? slice_starts(detail, row) : slice_eq(detail, row))
			return statuses[i].bounce;
	}
	return MAIL_BOUNCE_UNDEFINED;
}

/* The server let the recipient pass and refused the mail. */
static bool is_after_data(struct slice text)
{
	static const char *const signs[] = {"in reply to end of data",
					    "in reply to data",
					    ">>> data",
					    "after end of data",
					    "refused to accept your message (data)",
					    "smtp command data",
					    "after data"};
	return lex_has_any(text, signs, sizeof(signs) / sizeof(*signs));
}

static bool is_after_mail_from(struct slice text)
{
	static const char *const signs[] = {"in reply to mail from", ">>> mail from",
					    "after mail from"};
	return lex_has_any(text, signs, sizeof(signs) / sizeof(*signs));
}

static enum mail_bounce why(const struct mail_recipient *to, struct slice diagnostic,
			    struct slice words)
{
	enum mail_bounce bounce = bounce_meaning(diagnostic);
	/* "Message will be retried" is said before the reason. */
	if (bounce == MAIL_BOUNCE_UNDEFINED || bounce == MAIL_BOUNCE_EXPIRED) {
		enum mail_bounce other = bounce_meaning(words);
		bounce = other == MAIL_BOUNCE_UNDEFINED ? bounce : other;
	}
	if (bounce == MAIL_BOUNCE_UNDEFINED)
		bounce = status_meaning(to->status);
	if (bounce == MAIL_BOUNCE_UNDEFINED && to->reply_code.len && is_vague(to->status))
		bounce = MAIL_BOUNCE_ON_HOLD;
	if (bounce == MAIL_BOUNCE_SECURITY && is_after_mail_from(words))
		bounce = MAIL_BOUNCE_REJECTED;
	bool of_user = to->status.len > 3 && strchr("15", to->status.ptr[2]);
	if (bounce == MAIL_BOUNCE_USER_UNKNOWN && !of_user &&
	    (is_after_data(diagnostic) || is_after_data(words)))
		bounce = MAIL_BOUNCE_FILTERED;
	return bounce;
}

bool bounce_is_answer(struct arena *a, struct slice words)
{
	struct slice text = squeeze(a, words);
	return find_code(text).len > 0 &&
	       (bounce_meaning(text) != MAIL_BOUNCE_UNDEFINED || !is_vague(find_status(text, 0)));
}

static void complete_status(struct arena *a, struct mail_recipient *to, struct slice diagnostic,
			    struct slice words)
{
	char class = to->status.len ? to->status.ptr[0] : 0;
	if (is_general(to->status)) {
		struct slice found = find_status(diagnostic, class);
		if (is_vague(found) && is_vague(to->status))
			found = find_status(words, class);
		if (found.len && (is_vague(to->status) || !is_general(found)))
			to->status = arena_copy(a, found);
	}
	if (!to->reply_code.len)
		to->reply_code = find_code(diagnostic);
	if (!to->reply_code.len)
		to->reply_code = find_code(words);
	if (to->reply_code.len)
		to->reply_code = arena_copy(a, to->reply_code);
}

void bounce_judge(struct arena *a, struct mail_recipient *to, struct slice words)
{
	struct slice diagnostic = squeeze(a, to->diagnostic), more = squeeze(a, words);
	if (to->action >= MAIL_ACTION_DELIVERED) {
		to->bounce = MAIL_BOUNCE_DELIVERED;
		return;
	}
	complete_status(a, to, diagnostic, more);
	to->bounce = why(to, diagnostic, more);
	if (!to->status.len) {
		bool temporary = to->reply_code.len ? to->reply_code.ptr[0] == '4'
						    : to->action == MAIL_ACTION_DELAYED;
		to->status = slice_str(arena_printf(a, "%c.%s", temporary ? '4' : '5',
						    bounces[to->bounce].detail));
	}
	to->hard = to->action != MAIL_ACTION_DELAYED && slice_starts(to->status, SLICE("5")) &&
		   bounces[to->bounce].hard;
}
