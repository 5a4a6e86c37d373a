/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>

#include "private.h"

static const struct {
	int ret;
	enum err_class class;
	const char *text; /* null: the library's own words */
} kinds[] = {
	{DB_LOCK_DEADLOCK, ERR_CONFLICT, "met another transaction"},
	{DB_LOCK_NOTGRANTED, ERR_CONFLICT, "waited too long for another transaction"},
	{DB_RUNRECOVERY, ERR_TEMP,
	 "the store must be opened again; if that fails, heal it from a backup"},
	{DB_SECONDARY_BAD, ERR_TEMP, "an index does not agree with its table; run fsck"},
	{DB_PAGE_NOTFOUND, ERR_TEMP, "a page is missing; run fsck"},
	{DB_CHKSUM_FAIL, ERR_TEMP, "a page is damaged; heal the store from a backup"},
	{DB_VERIFY_BAD, ERR_TEMP, "a file is damaged; heal the store from a backup"},
	{DB_VERSION_MISMATCH, ERR_CONFIG, "written by another version of Berkeley DB"},
	{DB_OLD_VERSION, ERR_CONFIG, "written by an older version of Berkeley DB"},
	{STORE_BAD_RECORD, ERR_TEMP, "an index refuses the record"},
	{ENOSPC, ERR_TEMP, "disk full"},
	{EDQUOT, ERR_TEMP, "disk full: the quota is used up"},
	{EIO, ERR_TEMP, "the disk failed"},
	{ENOMEM, ERR_TEMP, "too many locks or too little memory for one transaction"},
	{EACCES, ERR_CONFIG, "not allowed: check owner and mode of the store's folder"},
	{EPERM, ERR_CONFIG, "not allowed: check owner and mode of the store's folder"},
	{EROFS, ERR_CONFIG, "the file system is read-only"},
	{ENOENT, ERR_CONFIG, "a file or folder is missing"},
	{ENOTDIR, ERR_CONFIG, "a part of the path is no folder"},
	{EEXIST, ERR_CONFIG, "it exists already"},
};

int store_error(struct err *e, int ret, const char *what)
{
	assert(ret != 0);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].ret == ret)
			return err_set(e, kinds[i].class, "%s: %s", what, kinds[i].text);
	}
	/* A code we do not know refuses nobody's mail. */
	return err_set(e, ERR_TEMP, "%s: %s", what, db_strerror(ret));
}
