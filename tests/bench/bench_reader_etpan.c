/* SPDX-License-Identifier: ISC */
#include "bench_reader.h"

#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>

const char contestant_name[] = "libetpan";

struct raw {
	const char *bytes;
	size_t n;
};

void *contestant_load(const char *bytes, size_t n)
{
	struct raw *raw = malloc(sizeof(*raw));
	if (!raw)
		abort();
	*raw = (struct raw){bytes, n};
	return raw;
}

static size_t decoded(const char *value)
{
	size_t index = 0;
	char *text = NULL;
	if (!value || mailmime_encoded_phrase_parse("iso-8859-1", value, strlen(value), &index,
						    "utf-8", &text) != MAILIMF_NO_ERROR)
		return 0;
	size_t n = strlen(text);
	free(text);
	return n;
}

static size_t mailbox(const struct mailimf_mailbox *box)
{
	return decoded(box->mb_display_name) + strlen(box->mb_addr_spec);
}

static size_t mailboxes(const struct mailimf_mailbox_list *list)
{
	size_t n = 0;
	for (clistiter *i = list ? clist_begin(list->mb_list) : NULL; i; i = clist_next(i))
		n += mailbox(clist_content(i));
	return n;
}

static size_t addresses(const struct mailimf_address_list *list)
{
	size_t n = 0;
	for (clistiter *i = list ? clist_begin(list->ad_list) : NULL; i; i = clist_next(i)) {
		const struct mailimf_address *who = clist_content(i);
		if (who->ad_type == MAILIMF_ADDRESS_MAILBOX)
			n += mailbox(who->ad_data.ad_mailbox);
		else
			n += mailboxes(who->ad_data.ad_group->grp_mb_list);
	}
	return n;
}

static size_t fields(struct mailimf_fields *all)
{
	struct mailimf_single_fields one;
	if (!all)
		return 0;
	mailimf_single_fields_init(&one, all);
	size_t n = one.fld_subject ? decoded(one.fld_subject->sbj_value) : 0;
	n += one.fld_from ? mailboxes(one.fld_from->frm_mb_list) : 0;
	n += one.fld_to ? addresses(one.fld_to->to_addr_list) : 0;
	return n + (one.fld_cc ? addresses(one.fld_cc->cc_addr_list) : 0);
}

static int is_text(const struct mailmime_content *content)
{
	const struct mailmime_type *type = content ? content->ct_type : NULL;
	return !type || (type->tp_type == MAILMIME_TYPE_DISCRETE_TYPE &&
			 type->tp_data.tp_discrete_type->dt_type == MAILMIME_DISCRETE_TYPE_TEXT);
}

static size_t utf8_length(struct mailmime_content *content, const char *bytes, size_t n)
{
	const char *charset = content ? mailmime_content_charset_get(content) : "us-ascii";
	char *utf8 = NULL;
	size_t length = 0;
	if (charconv_buffer("utf-8", charset, bytes, n, &utf8, &length) != MAIL_CHARCONV_NO_ERROR)
		return n;
	charconv_buffer_free(utf8);
	return length;
}

static size_t single(struct mailmime *mime)
{
	const struct mailmime_data *data = mime->mm_data.mm_single;
	size_t index = 0, n = 0;
	char *out = NULL;
	if (!data || data->dt_type != MAILMIME_DATA_TEXT ||
	    mailmime_part_parse(data->dt_data.dt_text.dt_data, data->dt_data.dt_text.dt_length,
				&index, data->dt_encoding, &out, &n) != MAILIMF_NO_ERROR)
		return 0;
	if (is_text(mime->mm_content_type))
		n = utf8_length(mime->mm_content_type, out, n);
	mailmime_decoded_part_free(out);
	return n;
}

static size_t parts(struct mailmime *mime)
{
	size_t n = 0;
	switch (mime->mm_type) {
	case MAILMIME_SINGLE:
		return single(mime);
	case MAILMIME_MULTIPLE:
		for (clistiter *i = clist_begin(mime->mm_data.mm_multipart.mm_mp_list); i;
		     i = clist_next(i))
			n += parts(clist_content(i));
		return n;
	case MAILMIME_MESSAGE:
		if (mime->mm_data.mm_message.mm_msg_mime)
			n += parts(mime->mm_data.mm_message.mm_msg_mime);
		return n;
	default:
		return 0;
	}
}

size_t contestant_read(void *mail)
{
	const struct raw *raw = mail;
	struct mailmime *mime = NULL;
	size_t index = 0;
	if (mailmime_parse(raw->bytes, raw->n, &index, &mime) != MAILIMF_NO_ERROR)
		return 0;
	size_t n = fields(mime->mm_data.mm_message.mm_fields) + parts(mime);
	mailmime_free(mime);
	return n;
}
