/* SPDX-License-Identifier: ISC */
#include "header.h"
#include "lex.h"
#include "report.h"
#include "words.h"

#define CALENDAR_MAX (64u << 10)
#define RECEIPT_TEXT_MAX 2000

/* Fields that only mailing lists write (RFC 2369, 2919, and before them). */
static const char *const list_fields[] = {
	"List-Id",	     "List-Post",    "List-Unsubscribe", "List-Subscribe",
	"List-Help",	     "List-Archive", "List-Owner",	 "Mailing-List",
	"X-Mailing-List",    "X-List-Id",    "X-BeenThere",	 "X-Listserver",
	"X-Mailman-Version", "X-ML-Name",    "X-MLServer",	 "X-Mailing-List-Name"};

void classify_list(struct classifier *c)
{
	for (size_t i = 0; i < sizeof(list_fields) / sizeof(*list_fields); i++)
		c->out->list |= mail_field(c->m, list_fields[i], 0).ptr != NULL;
	c->out->list |= slice_starts_nocase(mail_field(c->m, "Precedence", 0), SLICE("list"));
	struct slice id = words_text(&c->r, mail_field(c->m, "List-Id", 0));
	ptrdiff_t open = slice_chr(id, '<'), close = slice_chr(id, '>');
	c->out->list_id = open >= 0 && close > open ? slice_sub(id, (size_t)open + 1, (size_t)close)
						    : slice_trim(id);
}

static const struct {
	const char *word;
	enum mail_disposition disposition;
} dispositions[] = {
	{"displayed", MAIL_DISPOSITION_DISPLAYED},   {"deleted", MAIL_DISPOSITION_DELETED},
	{"dispatched", MAIL_DISPOSITION_DISPATCHED}, {"processed", MAIL_DISPOSITION_PROCESSED},
	{"denied", MAIL_DISPOSITION_DENIED},	     {"failed", MAIL_DISPOSITION_FAILED},
};

/* "automatic-action/MDN-sent-automatically; displayed/error": the word behind the modes. */
static enum mail_disposition read_disposition(struct slice value)
{
	ptrdiff_t semicolon = slice_chr(value, ';');
	struct slice word = slice_trim(slice_sub(value, (size_t)(semicolon + 1), value.len));
	for (size_t i = 0; i < sizeof(dispositions) / sizeof(*dispositions); i++)
		if (slice_starts_nocase(word, slice_str(dispositions[i].word)))
			return dispositions[i].disposition;
	return MAIL_DISPOSITION_UNKNOWN;
}

static void read_receipt(struct classifier *c, struct slice bytes)
{
	struct input in = {bytes, 0};
	struct header h;
	header_read(&c->r, &in, NULL, NULL, &h);
	struct mail_class *out = c->out;
	out->disposition = read_disposition(header_find(h.fields, h.n, SLICE("disposition"), 0));
	struct slice from = header_find(h.fields, h.n, SLICE("final-recipient"), 0);
	out->receipt_from = classifier_typed_address(c, from);
	struct slice id = header_find(h.fields, h.n, SLICE("original-message-id"), 0);
	if (id.len)
		out->original_message_id = classifier_message_id(id);
}

/* Receipts of programs that know no RFC 8098: a title before the old subject, and a sentence. */
static bool is_prose_receipt(const struct mail *m)
{
	static const char *const titles[] = {
		"read:",  "gelesen:", "lu :",	      "lu:",	    "leído:",
		"letto:", "gelezen:", "läst:",	      "lest:",	    "læst:",
		"lido:",  "luettu:",  "przeczytano:", "прочитано:", "okundu:",
		"已读:",  "已读：",   "開封済み:",    "開封済み：", "return receipt"};
	static const char *const sentences[] = {"was read",
						"was displayed",
						"has been displayed",
						"wurde gelesen",
						"gelesen am",
						"a été lu",
						"a été ouvert",
						"fue leído",
						"se leyó",
						"è stato letto",
						"is gelezen",
						"gelezen op",
						"lästes",
						"ble lest",
						"blev læst",
						"foi lida",
						"został przeczytany",
						"było przeczytane",
						"прочитано",
						"阅读",
						"開封",
						"return receipt"};
	bool titled = false;
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		titled |= slice_starts_nocase(m->subject, slice_str(titles[i]));
	return titled && m->text.len <= RECEIPT_TEXT_MAX &&
	       lex_has_any(m->text, sentences, sizeof(sentences) / sizeof(*sentences));
}

void classify_receipt(struct classifier *c)
{
	const struct mail_part *part = classifier_part(c, "message/disposition-notification");
	if (!part)
		part = classifier_part(c, "message/global-disposition-notification");
	if (part)
		read_receipt(c, mail_part_bytes(c->r.a, part));
	else if (is_prose_receipt(c->m))
		c->out->disposition = MAIL_DISPOSITION_DISPLAYED;
}

static enum mail_calendar read_method(struct slice word)
{
	for (int i = MAIL_CALENDAR_PUBLISH; i < MAIL_CALENDAR_FILE; i++)
		if (slice_eq_nocase(slice_trim(word),
				    slice_str(mail_calendar_name((enum mail_calendar)i))))
			return (enum mail_calendar)i;
	return MAIL_CALENDAR_FILE;
}

/* The parameter (RFC 6047 2.4), else the property of the object itself. */
static enum mail_calendar method_of(struct classifier *c, const struct mail_part *part)
{
	struct slice method = mail_part_param(part, "method"), line;
	if (method.len)
		return read_method(method);
	struct slice rest = slice_sub(mail_part_bytes(c->r.a, part), 0, CALENDAR_MAX);
	while (slice_line(&rest, &line))
		if (slice_starts_nocase(line, SLICE("method:")))
			return read_method(slice_sub(line, 7, line.len));
	return MAIL_CALENDAR_FILE;
}

static bool is_calendar(const struct mail_part *part)
{
	struct slice name = part->filename;
	return mail_part_is(part, "text/calendar") || mail_part_is(part, "application/ics") ||
	       (!part->is_multipart && !part->is_message && name.len > 4 &&
		slice_eq_nocase(slice_sub(name, name.len - 4, name.len), SLICE(".ics")));
}

void classify_calendar(struct classifier *c)
{
	struct mail_class *out = c->out;
	for (size_t i = 0; i < c->m->n_parts; i++) {
		const struct mail_part *part = &c->m->parts[i];
		if (!is_calendar(part) || classifier_is_within_mail(c->m, part))
			continue;
		enum mail_calendar method = method_of(c, part);
		/* An invitation and its file are two parts: the one that says more counts. */
		if (out->calendar == MAIL_CALENDAR_NONE || method < out->calendar) {
			out->calendar = method;
			out->calendar_part = i;
		}
	}
}
