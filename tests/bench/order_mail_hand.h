/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BENCH_ORDER_MAIL_HAND_H
#define POSTCLERK_BENCH_ORDER_MAIL_HAND_H

#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"

/*
 * The order mail of TEMPLATES.md 3 as somebody in a hurry for microseconds
 * would write it: no template, no limits, every text known when compiling.
 * What an engine costs is measured against it.
 */
struct hand_mail;

/* Room that the mail's longest form, with 200 lines, does not fill. */
#define HAND_ROOM (1u << 18)

/* The mail's data as plain structs; views of the tree. */
struct hand_mail *hand_mail_new(struct arena *a, const struct json *data);
/* Writes the mail to out (HAND_ROOM bytes); how many bytes. */
size_t hand_mail_render(const struct hand_mail *mail, char *out);

#endif
