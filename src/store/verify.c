/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>

#include "private.h"

/* Findings are counted on their way to the report. */
struct findings {
	store_report_fn *report;
	void *ctx;
	size_t n;
};

static void found(void *ctx, const char *finding)
{
	struct findings *findings = ctx;

	findings->n++;
	findings->report(findings->ctx, finding);
}

/* ---- pages ---- */

static void on_message(const DB_ENV *env, const char *prefix, const char *message)
{
	(void)prefix;
	found(env->app_private, message);
}

/*
 * Outside the environment: there, the first failed checksum would be the end
 * of it, and of the report.
 */
static void check_file(const char *folder, const char *file, struct findings *findings)
{
	struct err e;
	struct arena *a = arena_open();
	DB *db;
	int ret = db_create(&db, NULL, 0);

	if (!ret) {
		db->get_env(db)->app_private = findings;
		db->set_errcall(db, on_message);
		/* Whatever it finds, verify ends the handle. */
		ret = db->verify(db, arena_printf(a, "%s/%s", folder, file), NULL, NULL, 0);
	}
	/* A table that the store does not have yet is made when it is opened. */
	if (ret && ret != ENOENT) {
		store_error(&e, ret, file);
		found(findings, e.text);
	}
	arena_close(&a);
}

static void check_files(struct store *store, struct findings *findings)
{
	struct arena *a = arena_open();
	const char *folder = store_folder_main(a, store->dir);
	char file[STORE_FILE_NAME_MAX];

	for (size_t i = 0; i < store->n_handles; i++) {
		const struct store_table *table = store->handles[i].table;

		for (int index = STORE_PRIMARY; index < (int)table->n_indexes; index++) {
			store_table_file(table, index, file);
			check_file(folder, file, findings);
		}
	}
	check_file(store_folder_keys(a, store->dir), STORE_VAULT_FILE, findings);
	arena_close(&a);
}

/* ---- indexes ---- */

struct agreement {
	const struct store_handle *handle;
	size_t index;
	struct findings *findings;
	uint64_t bound, there; /* keys that belong to a record, all keys */
};

static void disagree(const struct agreement *agreement, const char *what)
{
	const struct store_table *table = agreement->handle->table;
	char text[256];

	snprintf(text, sizeof(text), "index %s of %s: %s", table->indexes[agreement->index].name,
		 table->name, what);
	found(agreement->findings, text);
}

/* Every key of the record must be in the index, with this primary key. */
static int check_row(struct txn *txn, struct agreement *agreement, const struct store_row *row,
		     struct err *e)
{
	const struct store_index *index = &agreement->handle->table->indexes[agreement->index];
	DB *db = agreement->handle->indexes[agreement->index];
	struct store_keys keys;
	int ret = 0;

	if (store_keys_of(index, row->primary_key, row->value, &keys) < 0)
		disagree(agreement, "refuses a record that is in the table");
	for (size_t i = 0; i < keys.n && !ret; i++) {
		DBT key = store_dbt(store_keys_at(&keys, i));
		DBT primary = store_dbt(row->primary_key);
		DBT nothing = {.flags = DB_DBT_USERMEM | DB_DBT_PARTIAL};

		ret = db->pget(db, txn->handle, &key, &primary, &nothing, DB_GET_BOTH);
		if (!ret) {
			agreement->bound++;
		} else if (ret == DB_NOTFOUND || ret == DB_SECONDARY_BAD) {
			disagree(agreement, "lacks a key of a record");
			ret = 0;
		}
	}
	store_keys_release(&keys);
	return ret ? store_spoil(txn, e, ret, index->name) : 1;
}

static int check_records(struct txn *txn, void *ctx, struct err *e)
{
	struct agreement *agreement = ctx;
	struct store_cursor *cursor;
	struct store_row row;
	int r = store_cursor_open(txn, agreement->handle->table, STORE_PRIMARY,
				  &(struct store_range){0}, &cursor, e);

	while (r > 0 && (r = store_next(cursor, &row, e)) > 0)
		r = check_row(txn, agreement, &row, e);
	return r;
}

/* A key more than those that belong to a record belongs to none. */
static int count_keys(struct txn *txn, void *ctx, struct err *e)
{
	struct agreement *agreement = ctx;
	const struct store_table *table = agreement->handle->table;
	struct store_cursor *cursor;
	struct store_row row;
	int r = store_cursor_open(txn, table, (int)agreement->index, &(struct store_range){0},
				  &cursor, e);

	while (r > 0 && (r = store_next(cursor, &row, e)) > 0)
		agreement->there++;
	return r;
}

static int check_index(struct store *store, const struct store_handle *handle, size_t index,
		       struct findings *findings, struct err *e)
{
	struct agreement agreement = {.handle = handle, .index = index, .findings = findings};
	struct err local;

	if (store_run(store, STORE_SCAN, check_records, &agreement, e) < 0)
		return -1;
	if (store_run(store, STORE_SCAN, count_keys, &agreement, &local) < 0)
		disagree(&agreement, local.text);
	else if (agreement.there > agreement.bound)
		disagree(&agreement, "has keys that no record has");
	return 1;
}

static int check_indexes(struct store *store, struct findings *findings, struct err *e)
{
	for (size_t i = 0; i < store->n_handles; i++) {
		const struct store_handle *handle = &store->handles[i];

		for (size_t index = 0; index < handle->table->n_indexes; index++) {
			if (check_index(store, handle, index, findings, e) < 0)
				return -1;
		}
	}
	return 1;
}

int store_verify_folder(const char *dir, const struct store_schema *schema, bool copied,
			store_report_fn *report, void *ctx, struct err *e)
{
	struct findings findings = {report, ctx, 0};
	struct store *store;
	uint64_t version;
	int r;

	if (store_take_folder(dir, schema, NULL, copied, &store, e) < 0)
		return -1;
	r = store_checkpoint_now(store, e);
	if (r > 0)
		check_files(store, &findings);
	/* Where a page is damaged nothing more can be read. */
	if (r > 0 && findings.n == 0)
		r = store_open_tables(store, &version, e);
	if (r > 0 && findings.n == 0)
		r = check_indexes(store, &findings, e);
	if (r > 0 && findings.n == 0)
		r = store_checkpoint_now(store, e);
	store_release(&store);
	if (r < 0)
		return -1;
	return findings.n == 0;
}

int store_verify(const char *dir, const struct store_schema *schema, store_report_fn *report,
		 void *ctx, struct err *e)
{
	return store_verify_folder(dir, schema, false, report, ctx, e);
}
