/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_LINK_H
#define GATEWAY_LINK_H

#include "gateway.h"

/*
 * A link to the running desk only, as the processes beside it use: tries for
 * wait_ms.  TEMP when there is none by then.
 */
int link_connect(const char *dir, int64_t wait_ms, struct link **link, struct err *e);

/* The desk in this process, or null. */
struct desk *link_desk(struct link *link);

/* gateway_call and gateway_reply_check in one: 1 only when the desk said yes. */
int link_ask(struct link *link, struct arena *a, const Rpc__Request *request, Rpc__Reply **reply,
	     struct err *e);

#endif
