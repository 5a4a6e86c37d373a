/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <string.h>

#include "imap_private.h"

/* What the server may send around a mail: flags, dates, its own chatter. */
#define FETCH_CHATTER 4096

struct mailimap_set *imap_set(const uint32_t *uids, size_t n)
{
	assert(n > 0 && n <= IMAP_SET_MAX);
	struct mailimap_set *set = mailimap_set_new_empty();
	for (size_t i = 0; set && i < n;) {
		size_t end = i + 1;
		while (end < n && uids[end] == uids[end - 1] + 1)
			end++;
		assert(uids[i] != 0);
		if (mailimap_set_add_interval(set, uids[i], uids[end - 1]) != MAILIMAP_NO_ERROR)
			die("out of memory");
		i = end;
	}
	if (!set)
		die("out of memory");
	return set;
}

static struct mailimap_set *mail_set(const struct imap_mail *mails, size_t n)
{
	uint32_t uids[IMAP_SET_MAX];
	assert(n <= IMAP_SET_MAX);
	for (size_t i = 0; i < n; i++)
		uids[i] = mails[i].uid;
	return imap_set(uids, n);
}

/* An odd ENVELOPE or BODYSTRUCTURE would fail the whole answer: neither is asked for. */
static struct mailimap_fetch_type *fetch_type(bool body, uint32_t part)
{
	struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();
	if (!type)
		die("out of memory");
	struct mailimap_fetch_att *atts[] = {
		mailimap_fetch_att_new_uid(),
		mailimap_fetch_att_new_rfc822_size(),
		!body  ? NULL
		: part ? mailimap_fetch_att_new_body_peek_section_partial(
				 mailimap_section_new(NULL), 0, part)
		       : mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL)),
	};
	for (size_t i = 0; i < sizeof(atts) / sizeof(atts[0]); i++)
		if (atts[i] &&
		    mailimap_fetch_type_new_fetch_att_list_add(type, atts[i]) != MAILIMAP_NO_ERROR)
			die("out of memory");
	return type;
}

/* What one untagged FETCH says of what was asked. */
struct answer {
	uint32_t uid;
	uint64_t size;
	bool has_size;
	struct slice raw;
};

static void read_static(const struct mailimap_msg_att_static *att, struct answer *answer)
{
	switch (att->att_type) {
	case MAILIMAP_MSG_ATT_UID:
		answer->uid = att->att_data.att_uid;
		break;
	case MAILIMAP_MSG_ATT_RFC822_SIZE:
		answer->size = att->att_data.att_rfc822_size;
		answer->has_size = true;
		break;
	case MAILIMAP_MSG_ATT_BODY_SECTION:
		if (att->att_data.att_body_section->sec_body_part)
			answer->raw = slice_of(att->att_data.att_body_section->sec_body_part,
					       att->att_data.att_body_section->sec_length);
		break;
	default:
		break;
	}
}

static struct answer read_answer(const struct mailimap_msg_att *att)
{
	struct answer answer = {0};
	for (clistiter *i = clist_begin(att->att_list); i; i = clist_next(i)) {
		const struct mailimap_msg_att_item *item = clist_content(i);
		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC)
			read_static(item->att_data.att_static, &answer);
	}
	return answer;
}

static struct imap_mail *find_mail(struct imap_mail *mails, size_t n, uint32_t uid)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (mails[middle].uid < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && mails[low].uid == uid ? &mails[low] : NULL;
}

/* Answers nobody asked for (a flag changed elsewhere) come between the others. */
static void take_answers(clist *list, struct imap_mail *mails, size_t n)
{
	for (clistiter *i = clist_begin(list); i; i = clist_next(i)) {
		struct answer answer = read_answer(clist_content(i));
		struct imap_mail *mail = find_mail(mails, n, answer.uid);
		if (!mail)
			continue;
		mail->there = true;
		if (answer.has_size)
			mail->size = answer.size;
		if (answer.raw.ptr)
			mail->raw = answer.raw;
	}
}

static void free_answers(void *list)
{
	mailimap_fetch_list_free(list);
}

/* The answers stay in the arena, since the mails' bytes are theirs. */
static int fetch(struct imap *imap, struct arena *a, struct imap_mail *mails, size_t n,
		 struct mailimap_fetch_type *type, struct err *e)
{
	struct mailimap_set *set = mail_set(mails, n);
	clist *list = NULL;
	int code = mailimap_uid_fetch(imap->session, set, type, &list);
	mailimap_set_free(set);
	mailimap_fetch_type_free(type);
	if (imap_result(imap, code, "FETCH", e) != 1)
		return -1;
	for (size_t i = 0; i < n; i++)
		mails[i].there = false;
	if (!list)
		return 1;
	take_answers(list, mails, n);
	if (a)
		arena_adopt(a, list, free_answers);
	else
		free_answers(list);
	return 1;
}

int imap_sizes(struct imap *imap, struct imap_mail *mails, size_t n, struct err *e)
{
	imap_allow(imap, n * FETCH_CHATTER);
	return fetch(imap, NULL, mails, n, fetch_type(false, 0), e);
}

int imap_bodies(struct imap *imap, struct arena *a, struct imap_mail *mails, size_t n,
		uint32_t part, struct err *e)
{
	size_t quota = n * FETCH_CHATTER;
	for (size_t i = 0; i < n; i++) {
		quota += part && mails[i].size > part ? part : mails[i].size;
		mails[i].raw = slice_of(NULL, 0);
	}
	imap_allow(imap, quota);
	return fetch(imap, a, mails, n, fetch_type(true, part), e);
}
