/* SPDX-License-Identifier: ISC */
#ifndef DESK_SUBJECT_H
#define DESK_SUBJECT_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * The base subject (RFC 5256 2.1): what is left of a subject without the marks
 * of replies, forwards and mailing lists, in the words of many clients, and
 * without our own tag "[T10001]".  Subjects are decoded, one line, UTF-8, as
 * mail.subject; nothing is looked at beyond SUBJECT_LOOK_MAX bytes.
 */
#define SUBJECT_LOOK_MAX 1024

/* A view of the subject; empty when nothing is left. */
struct slice subject_base(struct slice subject);

/*
 * The same base subject: compared without case, accents and amounts of space.
 * An empty one says nothing and is the same as any.
 */
bool subject_same(struct slice a, struct slice b);

/* The next "[T1234]" of *rest, which is moved behind it; false when there is none. */
bool subject_next_tag(struct slice *rest, uint64_t *thread);

#endif
