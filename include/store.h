/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_STORE_H
#define POSTCLERK_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

/*
 * The store: tables, indexes, transactions, number series, due jobs and
 * sealed mail in one folder, kept by Berkeley DB.  It knows nothing of what a
 * record means.  One process owns a store; its threads share it, each with
 * transactions of its own.  A process that forks does so before it opens the
 * store, or calls exec at once.
 *
 * Every function that can fail returns -1 and sets *e; 0 says nothing there;
 * 1 says done or got one.  When Berkeley DB loses its environment (a failed
 * checksum, a failed log write) the process logs why and ends with status 75:
 * nothing that is open can be trusted, and the next open recovers.
 */
struct store;
struct txn;

/* ---- schema --------------------------------------------------------------- */

#define STORE_KEY_MAX 512	   /* bytes of a primary or an index key */
#define STORE_VALUE_MAX (96 << 20) /* bytes of a record */
#define STORE_BLOB_MAX (64 << 20)  /* bytes of a raw mail */
#define STORE_INDEX_KEYS_MAX 4096  /* keys one record may have in one index */
#define STORE_TABLES_MAX 128

/* The keys under which one index finds one record. */
struct store_keys;
/* Copies key; the same key twice counts once.  Empty or too long makes the put fail. */
void store_keys_add(struct store_keys *keys, struct slice key);

/*
 * keys() adds any number of index keys of a record; it must depend on nothing
 * but its arguments, and returns 0, or -1 when value is no record of this
 * table (the put then fails).  An index that a store does not have yet, or has
 * with another version, is built when the store is opened.
 */
struct store_index {
	const char *name;
	int (*keys)(struct slice primary_key, struct slice value, struct store_keys *keys);
	uint32_t version; /* raise it when keys() changes its mind */
};

/* Names: lower-case letters, digits and '-'; they become file names. */
struct store_table {
	const char *name;
	const struct store_index *indexes;
	size_t n_indexes;
};

/*
 * Tables are known by the address of their struct.  migrate is called at open
 * when the store is of an older version, with everything else ready and
 * transactions allowed; it must be able to start again after a crash.  The new
 * version is durable once it returned >= 0.  Without it an older store is
 * simply taken over (fields are only ever added).
 */
struct store_schema {
	uint32_t version; /* 1 or more */
	const struct store_table *const *tables;
	size_t n_tables;
	int (*migrate)(struct store *store, uint32_t from, void *ctx, struct err *e);
	void *ctx;
};

/* ---- open and close ------------------------------------------------------- */

struct store_options {
	size_t cache_bytes;	/* 0: STORE_CACHE_DEFAULT */
	uint64_t reserve_bytes; /* writes are refused below this much free disk; 0: the default */
	const char *archive;	/* a folder that old logs move to, for store_heal; null: removed */
	bool create;		/* make the folder and an empty store if there is none */
	bool no_flush;		/* for tests: nothing waits for the disk */
};

#define STORE_CACHE_DEFAULT (64u << 20)
#define STORE_RESERVE_DEFAULT (64u << 20)

/*
 * Take the folder's lock, recover, open every table, build missing indexes,
 * migrate.  TEMP "another process owns the store" when the lock is taken (go
 * through the socket, or exit 75); CONFIG when there is no store, when it was
 * written by a newer postclerk, or when the folder may not be used.  A null
 * options is all defaults.  The schema must outlive the store.
 */
int store_open(const char *dir, const struct store_schema *schema,
	       const struct store_options *options, struct store **store, struct err *e);
/* Flushes, checkpoints and gives the lock back; no transaction may be running. */
void store_close(struct store **store);

/* ---- transactions --------------------------------------------------------- */

#define STORE_TRIES 20
#define STORE_PUTS_MAX 1000 /* records put or deleted in one transaction; more is INPUT */

enum store_mode {
	STORE_DURABLE,	/* the commit is on the disk when store_run returns */
	STORE_DEFERRED, /* a crash may take it back, with all that came after it */
	STORE_READ,	/* reads only; what was read stays as it is until the end: keep it short */
	STORE_SCAN,	/* reads only, of what is committed at the moment of reading; any length */
};

/*
 * Run fn inside a transaction and commit if it returns >= 0.  When the store
 * reports a conflict fn runs again from the start, at most STORE_TRIES times
 * (then TEMP): so fn must have no effect but through txn, and must set *ctx
 * anew each time.  Returns what fn returned.  A call that failed spoils its
 * transaction: it is not committed whatever fn returns.  store_run must not be
 * called from inside fn.
 */
typedef int store_fn(struct txn *txn, void *ctx, struct err *e);
int store_run(struct store *store, enum store_mode mode, store_fn *fn, void *ctx, struct err *e);

/* The second gate: all that was committed so far is on the disk when this returns 1. */
int store_flush(struct store *store, struct err *e);

/* Cleared before each try and when store_run returns: copy out what must live longer. */
struct arena *txn_arena(struct txn *txn);
struct store *txn_store(struct txn *txn);

/* ---- records -------------------------------------------------------------- */

/* 1 and a view that lives in the transaction's arena, 0 not there. */
int store_get(struct txn *txn, const struct store_table *table, struct slice key,
	      struct slice *value, struct err *e);
/* The same, to change the record afterwards: takes the write lock at once. */
int store_get_rmw(struct txn *txn, const struct store_table *table, struct slice key,
		  struct slice *value, struct err *e);
/* Insert or replace. */
int store_put(struct txn *txn, const struct store_table *table, struct slice key,
	      struct slice value, struct err *e);
/* 0, and nothing changed, when the key exists. */
int store_insert(struct txn *txn, const struct store_table *table, struct slice key,
		 struct slice value, struct err *e);
/* 0 when it was not there. */
int store_delete(struct txn *txn, const struct store_table *table, struct slice key, struct err *e);

/* ---- iteration ------------------------------------------------------------ */

#define STORE_PRIMARY (-1)

/* Which keys, in byte order; all zero is all of them. */
struct store_range {
	struct slice prefix; /* only keys that start with it */
	struct slice from;   /* only keys >= from */
	struct slice below;  /* only keys < below; empty: no upper end */
	bool backward;
	bool update; /* to change what is found: takes the write locks at once */
};

struct store_row {
	struct slice key; /* the index key, or the primary key */
	struct slice primary_key;
	struct slice value;
};

struct store_cursor;

/*
 * index is the position in table->indexes, or STORE_PRIMARY.  Records of the
 * same index key come in the order of their primary keys.  The range is
 * copied.  Whoever changes keys of the index he walks may meet a record again.
 */
int store_cursor_open(struct txn *txn, const struct store_table *table, int index,
		      const struct store_range *range, struct store_cursor **cursor, struct err *e);
/* 1 and views that are good until the next call on this cursor; 0 no more. */
int store_next(struct store_cursor *cursor, struct store_row *row, struct err *e);
/* Optional: the end of the transaction does it too. */
void store_cursor_close(struct store_cursor **cursor);

/*
 * What a range of an index leads to, without the records themselves: each
 * index key with a primary key, in byte order, many at a time, so that a set
 * can be collected or counted at little cost.  Reads what is committed at the
 * moment of reading and keeps no lock.  fn returns 1 to go on, 0 to stop, -1
 * and *e.  1 at the end of the range, 0 when fn stopped it.  Forward only.
 */
typedef int store_walk_fn(void *ctx, struct slice key, struct slice primary_key, struct err *e);
int store_walk(struct txn *txn, const struct store_table *table, int index,
	       const struct store_range *range, store_walk_fn *fn, void *ctx, struct err *e);

/* 1 and the first row of that range, copied to the transaction's arena; 0 none. */
int store_first(struct txn *txn, const struct store_table *table, int index,
		const struct store_range *range, struct store_row *row, struct err *e);

/* ---- keys ----------------------------------------------------------------- */

/*
 * Builds a key whose byte order is the order of its parts.  Zero it first; too
 * long is sticky and gives a key that every function above refuses.
 */
struct store_key {
	uint8_t bytes[STORE_KEY_MAX + 1];
	size_t len;
};

/* Append a number in as many bytes as it has, the highest first. */
void store_key_u8(struct store_key *key, uint8_t n);
void store_key_u32(struct store_key *key, uint32_t n);
void store_key_u64(struct store_key *key, uint64_t n);
/* Negative numbers sort before positive ones. */
void store_key_i64(struct store_key *key, int64_t n);
/* Any bytes, ended so that "a" sorts before "ab" whatever part follows. */
void store_key_text(struct store_key *key, struct slice text);
/* As they are: only as the last part, or of a fixed length. */
void store_key_bytes(struct store_key *key, struct slice bytes);

static inline struct slice store_key_slice(const struct store_key *key)
{
	return slice_of(key->bytes, key->len);
}

/* Take the next part off the front of *rest; false when it does not begin with one. */
bool store_key_take_u8(struct slice *rest, uint8_t *n);
bool store_key_take_u32(struct slice *rest, uint32_t *n);
bool store_key_take_u64(struct slice *rest, uint64_t *n);
bool store_key_take_i64(struct slice *rest, int64_t *n);
bool store_key_take_text(struct slice *rest, struct arena *a, struct slice *text);

/* ---- number series -------------------------------------------------------- */

/*
 * The next number of a series, without gaps: it is handed out if and only if
 * this transaction commits.  A new series begins at first.
 */
int store_series_next(struct txn *txn, const char *name, uint64_t first, uint64_t *n,
		      struct err *e);

/* From now on the series hands out nothing below `next` (numbers came from elsewhere). */
int store_series_raise(struct txn *txn, const char *name, uint64_t next, struct err *e);

/*
 * A store that was restored from a backup is a new incarnation, counted from
 * 1; it is part of tokens and idempotency keys.
 */
uint64_t store_incarnation(const struct store *store);
/*
 * Move every series `skip` numbers on and count the incarnation up, durably
 * and in one transaction.  gap (may be null) is told of the numbers from..to,
 * both inclusive, that this store will never hand out.
 */
typedef int store_gap_fn(struct txn *txn, void *ctx, const char *series, uint64_t from, uint64_t to,
			 struct err *e);
int store_new_incarnation(struct store *store, uint64_t skip, store_gap_fn *gap, void *ctx,
			  struct err *e);

/* ---- things due ----------------------------------------------------------- */

/* A table of due things has keys of these two parts; same time: first come, first served. */
struct store_due {
	int64_t at; /* UTC seconds */
	uint64_t sequence;
	struct slice value;
};

/* due->at and due->value in, due->sequence out. */
int store_due_put(struct txn *txn, const struct store_table *table, struct store_due *due,
		  struct err *e);
/* 1 and the earliest thing, due or not, value in the transaction's arena; 0 none. */
int store_due_peek(struct txn *txn, const struct store_table *table, struct store_due *due,
		   struct err *e);
/* The earliest with at <= now, taken out of the table; 0 nothing due. */
int store_due_take(struct txn *txn, const struct store_table *table, int64_t now,
		   struct store_due *due, struct err *e);
/* 0 when it was gone. */
int store_due_remove(struct txn *txn, const struct store_table *table, int64_t at,
		     uint64_t sequence, struct err *e);

/* ---- what must be erasable ------------------------------------------------ */

/*
 * Deleted records stay readable in pages, logs and backups: so personal data
 * is sealed, and erasing it destroys the key.  Keys live in an environment of
 * their own, and a key is on the disk before anybody gets its number: no
 * record can name a key that a crash takes back, and a key that nobody uses
 * harms nobody.  They are made in batches, so that a batch of mails waits for
 * the disk at most twice.
 *
 * Numbers begin at 1.  May be called inside a transaction or outside.
 */
int store_secret_new(struct store *store, uint32_t *number, struct err *e);
/* context says what the bytes belong to; the same one is needed to open them. */
int store_secret_seal(struct store *store, struct arena *a, uint32_t number, struct slice context,
		      struct slice plain, struct slice *sealed, struct err *e);
/* 0 when the key was destroyed. */
int store_secret_open(struct store *store, struct arena *a, uint32_t number, struct slice context,
		      struct slice sealed, struct slice *plain, struct err *e);
/*
 * Destroy a key, durably; outside transactions, since nothing takes it back.
 * Its bytes are gone from pages at once, and from the logs with the next
 * store_checkpoint.  0 when it was gone already.
 */
int store_secret_erase(struct store *store, uint32_t number, struct err *e);

/*
 * Raw mail, compressed and sealed with a key of its own.  Part of the
 * transaction; 0, and nothing changed, when there is a blob of that id.
 */
int store_blob_put(struct txn *txn, uint64_t id, struct slice bytes, struct err *e);
/* 0 when there is none, or it was erased.  Memory of the transaction's arena. */
int store_blob_get(struct txn *txn, uint64_t id, struct slice *bytes, struct err *e);
/*
 * Outside transactions: destroys the key, then drops the bytes.  Decide it
 * durably first; it may be repeated after a crash.  0 when there is none.
 */
int store_blob_erase(struct store *store, uint64_t id, struct err *e);

/* ---- care ----------------------------------------------------------------- */

#define STORE_CHECKPOINT_KIB (64 * 1024)
#define STORE_CHECKPOINT_MS 30000

/*
 * To be called about once a second by the owner: checkpoints when enough was
 * written or enough time went by, removes logs that recovery no longer needs,
 * and wipes destroyed keys from the key logs.  1 when it did something.
 */
int store_checkpoint(struct store *store, struct err *e);

/*
 * A copy of a running store in a new folder `dir`, which is then recovered and
 * verified as store_verify does.  The copy is a whole store; to run it, open
 * it and call store_new_incarnation.  An existing dir is a CONFIG error.
 */
int store_backup(struct store *store, const char *dir, struct err *e);

/*
 * Prove a closed store: page structure and checksums of every file, and that
 * every index has exactly the keys of its records.  Each finding goes to
 * report; returns 1 when there was none, 0 when there were some.
 */
typedef void store_report_fn(void *ctx, const char *finding);
int store_verify(const char *dir, const struct store_schema *schema, store_report_fn *report,
		 void *ctx, struct err *e);

/*
 * Give a closed store with damaged pages back what they held: a copy of base,
 * a backup of this store, is recovered with every log since then, those in the
 * archive (options.archive) and those still in dir, verified, and put in the
 * place of dir, which stays as "DIR.damaged".  Nothing durable is lost.  The
 * keys are taken as they are: their logs are wiped and cannot heal them.  An
 * archive serves one incarnation: a restored store needs a new one.
 */
int store_heal(const char *dir, const struct store_schema *schema, const char *base,
	       const char *archive, struct err *e);

struct store_stats {
	uint64_t commits, aborts, retries, checkpoints;
};
/* What was counted since the store was opened. */
void store_stats(struct store *store, struct store_stats *stats);

#endif
