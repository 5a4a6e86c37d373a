/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_DESK_H
#define POSTCLERK_DESK_H

#include "base.h"
#include "schema.h"

/*
 * The desk knows what a mail means: its class, thread, authority and answer.
 * It owns the store of one desk directory and the templates in it; it knows
 * no socket.  Whoever wants something of it asks with a Request and gets a
 * Reply, in this process or over the socket (gateway.h).  One desk serves any
 * number of threads.
 */
struct desk;

/* Files of a desk's directory. */
#define DESK_CONF_FILE "postclerk.conf"
#define DESK_SECRET_FILE "secret" /* 32 random bytes in hex, mode 0600 */
#define DESK_STORE_DIR "store"
#define DESK_TEMPLATE_DIR "templates" /* the admin's own; shipped ones stand behind it */
#define DESK_OUT_DIR "out"	      /* Maildir for mail out while no SMTP is set */
#define DESK_SOCKET_FILE "desk.sock"

/*
 * postclerk.conf, read and checked; the caller closes it with conf_close.
 * doc/postclerk.conf.md has every section and option.  CONFIG error with file
 * and line.
 */
int desk_settings_open(const char *dir, struct conf **settings, struct err *e);

/*
 * Opens the store of a directory that desk_create made.  TEMP when another
 * process owns the store (ask it over its socket); CONFIG for a wrong
 * configuration, a missing desk, a store of a newer version.
 */
int desk_open(const char *dir, struct desk **desk, struct err *e);
void desk_close(struct desk **desk);

struct desk_shop {
	struct slice name, address, language, currency, time_zone;
	struct slice country; /* whose VAT it charges; may be empty */
};

/*
 * A new desk that works at once on files alone: directories, a commented
 * postclerk.conf, the secret, the store with its first shop.  INPUT when the
 * directory already holds one, or a value is not what it should be.
 */
int desk_create(const char *dir, const struct desk_shop *shop, struct err *e);

/*
 * Proves the closed store of a desk: pages, checksums, indexes.  Each finding
 * goes to report; 1 when there was none, 0 when there were some.  What the
 * records say of each other is the call "fsck".
 */
typedef void desk_report_fn(void *ctx, const char *finding);
int desk_verify(const char *dir, desk_report_fn *report, void *ctx, struct err *e);

/*
 * Answers any request; the reply lives in the arena and always has a status.
 * What it says to have done is durable when it returns.
 */
Rpc__Reply *desk_handle(struct desk *desk, const Rpc__Request *request, struct arena *a);

/*
 * Processes journaled mails that wait, one transaction each, at most `most`
 * of them.  Returns how many, or -1 when the store cannot go on.  Any number
 * of threads may call it; a mail is processed by one of them.
 */
int desk_work(struct desk *desk, int most, struct err *e);
/* Due jobs, as of clock_now(); likewise. */
int desk_tick(struct desk *desk, int most, struct err *e);
/* Housekeeping of the store's owner: checkpoints; call it every few seconds. */
int desk_maintain(struct desk *desk, struct err *e);
/*
 * Waits until there is something to process, at most timeout_ms; true if there
 * is.  desk_wake ends every wait (at shutdown).
 */
bool desk_wait(struct desk *desk, int timeout_ms);
void desk_wake(struct desk *desk);

#endif
