/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_GATEWAY_FAKE_DESK_H
#define POSTCLERK_TESTS_GATEWAY_FAKE_DESK_H

#include "gateway.h"

/*
 * A desk without a store, behind the door of desk.h: it remembers what it was
 * asked, and answers from what the test has put in.  One at a time.
 */
#define FAKE_MAILS_MAX 200

struct fake_mail {
	uint64_t id;
	uint32_t uidvalidity, uid;
	size_t size;
	uint8_t sha256[SHA256_SIZE];
	bool truncated, settled, quarantined;
	unsigned times; /* delivered */
};

struct fake_outgoing {
	uint64_t id;
	const char *sender, *recipient, *raw;
	size_t raw_len; /* 0: raw is a string */
	bool done;
	unsigned results;
	Rpc__Delivery delivery;
	char detail[200];
};

struct fake_desk {
	struct fake_mail mails[FAKE_MAILS_MAX];
	size_t n_mails;
	uint32_t cursor_uidvalidity, cursor_uid, owed[FAKE_MAILS_MAX];
	size_t n_owed;
	struct fake_outgoing outgoing[FAKE_MAILS_MAX];
	size_t n_outgoing;
	unsigned claims, alarms, opens, works;
	bool taken;		   /* another process owns the store */
	uint32_t quarantine_uid;   /* this mail is quarantined */
	const char *deliver_error; /* what Deliver answers instead */
};

/* Empties it; what it holds is guarded by a lock while the desk is open. */
void fake_reset(void);
struct fake_desk *fake(void);
void fake_lock(void);
void fake_unlock(void);
void fake_queue(uint64_t id, const char *sender, const char *recipient, const char *raw);
/* The mail of that UID, or null. */
struct fake_mail *fake_find(uint32_t uid);

#endif
