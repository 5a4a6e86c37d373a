/* SPDX-License-Identifier: ISC */
#include "split.h"

#include "record/message.h"
#include "subject.h"

#define SUBJECTS_COMPARED 20 /* newest messages of the thread */

int split_is_due(struct work *work, const Rec__Thread *thread, struct slice subject, struct err *e)
{
	struct message_list list;
	struct message_query query = {.thread = thread->id, .limit = SUBJECTS_COMPARED};
	int64_t days = conf_integer(work->desk->settings, "desk", 0, "split-after-days");
	/* Without a subject nothing says that it is about something else. */
	if (days == 0 || !subject_base(subject).len ||
	    subject_same(subject, slice_str(thread->subject)))
		return 0;
	if (message_list(work->change.txn, work->arena, &query, &list, e) < 0)
		return -1;
	int64_t last = list.n ? list.items[0]->created_at : thread->created_at;
	if (work->change.now - last < days * 86400)
		return 0;
	/* An event's mail has a subject of its own, and is answered with that. */
	for (size_t i = 0; i < list.n; i++)
		if (list.items[i]->subject[0] &&
		    subject_same(subject, slice_str(list.items[i]->subject)))
			return 0;
	return 1;
}
