/* SPDX-License-Identifier: ISC */
#include "mail/compose.h"

#include <assert.h>

#include "base/clock.h"
#include "draft.h"
#include "encode.h"
#include "mail/envelope.h"

static void put_people(struct buf *out, const char *field, const struct mail_person *people,
		       size_t n)
{
	if (n == 0)
		return;
	struct fold f;
	fold_open(&f, out, slice_str(field));
	for (size_t i = 0; i < n; i++) {
		bool last = i + 1 == n;
		if (encode_phrase(&f, people[i].name, MAIL_DRAFT_NAME_MAX))
			fold_glued(&f, SLICE("<"), people[i].addr, last ? SLICE(">") : SLICE(">,"));
		else
			fold_glued(&f, SLICE(""), people[i].addr, last ? SLICE("") : SLICE(","));
	}
	fold_close(&f);
}

static void put_id(struct fold *f, struct slice id)
{
	assert(mail_id_safe(draft_bare_id(id)));
	fold_glued(f, SLICE("<"), draft_bare_id(id), SLICE(">"));
}

static void put_id_field(struct buf *out, struct slice name, struct slice id)
{
	if (id.len == 0)
		return;
	struct fold f;
	fold_open(&f, out, name);
	put_id(&f, id);
	fold_close(&f);
}

/*
 * RFC 5322 3.6.4: the parent's references, then the parent; of a long thread
 * the first and the last ones.
 */
static void put_references(struct buf *out, const struct mail_draft *draft)
{
	struct slice parent = draft_bare_id(draft->in_reply_to);
	size_t n = 0, total = parent.len > 0;
	for (size_t i = 0; i < draft->references_count; i++)
		total += !slice_eq(draft_bare_id(draft->references[i]), parent);
	if (total == 0)
		return;
	struct fold f;
	fold_open(&f, out, SLICE("References"));
	for (size_t i = 0; i < draft->references_count; i++) {
		if (slice_eq(draft_bare_id(draft->references[i]), parent))
			continue;
		if (n == 0 || n + MAIL_DRAFT_REFERENCES_MAX > total)
			put_id(&f, draft->references[i]);
		n++;
	}
	if (parent.len > 0)
		put_id(&f, parent);
	fold_close(&f);
}

/* RFC 3834 5, and the field by which Exchange's responders are told to keep quiet. */
static void put_auto_submitted(struct buf *out, enum mail_auto_submitted kind)
{
	static const char *const names[] = {
		[MAIL_AUTO_NONE] = NULL,
		[MAIL_AUTO_REPLIED] = "auto-replied",
		[MAIL_AUTO_GENERATED] = "auto-generated",
	};
	assert(kind < sizeof(names) / sizeof(*names));
	if (!names[kind])
		return;
	fold_field(out, "Auto-Submitted", slice_str(names[kind]));
	fold_field(out, "X-Auto-Response-Suppress", SLICE("All"));
}

/* RFC 2369 3.2, RFC 8058 3.1 */
static void put_unsubscribe(struct buf *out, struct slice https, struct slice mailto)
{
	if (https.len == 0 && mailto.len == 0)
		return;
	struct fold f;
	fold_open(&f, out, SLICE("List-Unsubscribe"));
	if (https.len > 0)
		fold_glued(&f, SLICE("<"), https, mailto.len > 0 ? SLICE(">,") : SLICE(">"));
	if (mailto.len > 0)
		fold_glued(&f, SLICE("<"), mailto, SLICE(">"));
	fold_close(&f);
	if (https.len > 0)
		fold_field(out, "List-Unsubscribe-Post", SLICE("List-Unsubscribe=One-Click"));
}

static void put_extra(struct buf *out, const struct mail_extra *extra)
{
	if (extra->kind == MAIL_EXTRA_TEXT) {
		encode_text_field(out, extra->name, extra->value, MAIL_EXTRA_VALUE_MAX);
		return;
	}
	if (extra->kind == MAIL_EXTRA_ID) {
		put_id_field(out, extra->name, extra->value);
		return;
	}
	struct fold f;
	fold_open(&f, out, extra->name);
	fold_words(&f, extra->value);
	fold_close(&f);
}

static void put_header(struct buf *out, const struct mail_draft *draft)
{
	buf_puts(out, "Date: ");
	clock_put_rfc5322(out, draft->date);
	buf_puts(out, "\r\n");
	put_people(out, "From", &draft->from, 1);
	put_people(out, "Sender", &draft->sender, draft->sender.addr.len > 0);
	put_people(out, "Reply-To", &draft->reply_to, draft->reply_to.addr.len > 0);
	put_people(out, "To", draft->to, draft->to_count);
	put_people(out, "Cc", draft->cc, draft->cc_count);
	encode_text_field(out, SLICE("Subject"), draft->subject, MAIL_DRAFT_SUBJECT_MAX);
	put_id_field(out, SLICE("Message-ID"), draft->message_id);
	put_id_field(out, SLICE("In-Reply-To"), draft->in_reply_to);
	put_references(out, draft);
	put_auto_submitted(out, draft->auto_submitted);
	put_unsubscribe(out, draft->unsubscribe_https, draft->unsubscribe_mailto);
	for (size_t i = 0; i < draft->extra_count; i++)
		put_extra(out, &draft->extra[i]);
}

int mail_compose(const struct mail_draft *draft, struct buf *out, struct err *e)
{
	if (draft_check(draft, e) < 0)
		return -1;
	put_header(out, draft);
	draft_put_body(out, draft);
	if (buf_failed(out))
		return err_set(e, ERR_INPUT, "The mail is larger than %zu bytes.", out->max);
	return 1;
}
