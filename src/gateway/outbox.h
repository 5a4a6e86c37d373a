/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_OUTBOX_H
#define GATEWAY_OUTBOX_H

#include "base.h"

/* Only who holds it sends: nothing goes out twice because two processes did. */
#define OUTBOX_LOCK_FILE "outbox.lock"

/*
 * The outbox process: sends what is due until stop_fd is readable (1).  CONFIG
 * when the smtp section cannot work, TEMP when another process sends.
 */
int outbox_serve(const char *dir, const struct conf *conf, int stop_fd, struct err *e);

#endif
