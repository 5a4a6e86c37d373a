/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "private.h"

#define PAGE_BYTES 4096
#define BLOB_PAGE_BYTES 16384 /* most mails fit into a quarter of it */
#define NAME_MAX_BYTES 64
#define OWN_PREFIX "store-"

const struct store_table store_meta_table = {.name = OWN_PREFIX "meta"};
const struct store_table store_series_table = {.name = OWN_PREFIX "series"};
const struct store_table store_blob_table = {.name = OWN_PREFIX "blob"};

void store_table_file(const struct store_table *table, int index, char name[STORE_FILE_NAME_MAX])
{
	assert(index == STORE_PRIMARY || (size_t)index < table->n_indexes);
	if (index == STORE_PRIMARY)
		snprintf(name, STORE_FILE_NAME_MAX, "%s.db", table->name);
	else
		snprintf(name, STORE_FILE_NAME_MAX, "%s.%s.db", table->name,
			 table->indexes[index].name);
}

int store_table_open(struct store *store, struct store_handle *handle, int index, struct err *e)
{
	/* A failed checksum is how a garbled page shows: without, it goes unnoticed. */
	uint32_t flags = index == STORE_PRIMARY ? DB_CHKSUM : DB_CHKSUM | DB_DUPSORT;
	DB **db = index == STORE_PRIMARY ? &handle->db : &handle->indexes[index];
	char file[STORE_FILE_NAME_MAX];
	int ret;

	assert(!*db);
	store_table_file(handle->table, index, file);
	ret = db_create(db, store->env, 0);
	if (ret)
		return store_error(e, ret, file);
	if (!(ret = (*db)->set_flags(*db, flags)) &&
	    !(ret = (*db)->set_pagesize(*db, handle->table == &store_blob_table ? BLOB_PAGE_BYTES
										: PAGE_BYTES)))
		ret = (*db)->open(*db, NULL, file, NULL, DB_BTREE,
				  DB_CREATE | DB_THREAD | DB_AUTO_COMMIT, 0600);
	return ret ? store_error(e, ret, file) : 1;
}

/* A handle that is bound to its table follows every key to the record: this one does not. */
int store_table_open_walked(struct store *store, struct store_handle *handle, int index,
			    struct err *e)
{
	DB **db = &handle->walked[index];
	char file[STORE_FILE_NAME_MAX];
	int ret;

	assert(!*db);
	store_table_file(handle->table, index, file);
	ret = db_create(db, store->env, 0);
	if (!ret)
		ret = (*db)->open(*db, NULL, file, NULL, DB_BTREE,
				  DB_THREAD | DB_AUTO_COMMIT | DB_RDONLY, 0);
	return ret ? store_error(e, ret, file) : 1;
}

int store_table_remove(struct store *store, const struct store_table *table, int index,
		       struct err *e)
{
	char file[STORE_FILE_NAME_MAX];
	int ret;

	store_table_file(table, index, file);
	ret = store->env->dbremove(store->env, NULL, file, NULL, DB_AUTO_COMMIT);
	return ret && ret != ENOENT ? store_error(e, ret, file) : 1;
}

void store_table_close(struct store_handle *handle)
{
	for (size_t i = 0; handle->indexes && i < handle->table->n_indexes; i++) {
		if (handle->walked[i])
			handle->walked[i]->close(handle->walked[i], 0);
		handle->walked[i] = NULL;
		if (handle->indexes[i])
			handle->indexes[i]->close(handle->indexes[i], 0);
		handle->indexes[i] = NULL;
	}
	if (handle->db)
		handle->db->close(handle->db, 0);
	handle->db = NULL;
}

static bool good_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n <= NAME_MAX_BYTES && name[n] == '\0';
}

static int check_table(const struct store_table *table, struct err *e)
{
	if (!good_name(table->name) || slice_starts(slice_str(table->name), SLICE(OWN_PREFIX)))
		return err_set(e, ERR_CONFIG, "\"%s\" is no name for a table", table->name);
	for (size_t i = 0; i < table->n_indexes; i++) {
		if (!good_name(table->indexes[i].name))
			return err_set(e, ERR_CONFIG, "\"%s\" is no name for an index of %s",
				       table->indexes[i].name, table->name);
		for (size_t j = 0; j < i; j++) {
			if (strcmp(table->indexes[i].name, table->indexes[j].name) == 0)
				return err_set(e, ERR_CONFIG, "%s has two indexes named %s",
					       table->name, table->indexes[i].name);
		}
	}
	return 1;
}

int store_schema_check(const struct store_schema *schema, struct err *e)
{
	if (schema->version == 0)
		return err_set(e, ERR_CONFIG, "a schema's version is 1 or more");
	if (schema->n_tables > STORE_TABLES_MAX)
		return err_set(e, ERR_CONFIG, "more than %d tables", STORE_TABLES_MAX);
	for (size_t i = 0; i < schema->n_tables; i++) {
		if (check_table(schema->tables[i], e) < 0)
			return -1;
		for (size_t j = 0; j < i; j++) {
			if (strcmp(schema->tables[i]->name, schema->tables[j]->name) == 0)
				return err_set(e, ERR_CONFIG, "two tables are named %s",
					       schema->tables[i]->name);
		}
	}
	return 1;
}
