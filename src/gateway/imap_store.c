/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "imap_private.h"

static int store(struct imap *imap, const uint32_t *uids, size_t n, struct mailimap_flag *flag,
		 struct err *e)
{
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	if (!flag || !flags || mailimap_flag_list_add(flags, flag) != MAILIMAP_NO_ERROR)
		die("out of memory");
	struct mailimap_store_att_flags *change =
		mailimap_store_att_flags_new_add_flags_silent(flags);
	if (!change)
		die("out of memory");
	struct mailimap_set *set = imap_set(uids, n);
	imap_allow(imap, 0);
	int code = mailimap_uid_store(imap->session, set, change);
	mailimap_set_free(set);
	mailimap_store_att_flags_free(change);
	return imap_result(imap, code, "STORE", e);
}

int imap_keyword(struct imap *imap, const uint32_t *uids, size_t n, const char *keyword,
		 struct err *e)
{
	char *copy = strdup(keyword);
	if (!copy)
		die("out of memory");
	return store(imap, uids, n, mailimap_flag_new_flag_keyword(copy), e);
}

static bool has(struct imap *imap, const char *extension)
{
	return mailimap_has_extension(imap->session, extension);
}

static int copy_and_expunge(struct imap *imap, const uint32_t *uids, size_t n,
			    struct mailimap_set *set, const char *name, struct err *e)
{
	imap_allow(imap, 0);
	int result = imap_result(imap, mailimap_uid_copy(imap->session, set, name), "COPY", e);
	if (result != 1)
		return result;
	result = store(imap, uids, n, mailimap_flag_new_deleted(), e);
	if (result != 1)
		return result;
	imap_allow(imap, 0);
	return imap_result(imap, mailimap_uid_expunge(imap->session, set), "EXPUNGE", e);
}

static int move_once(struct imap *imap, const uint32_t *uids, size_t n, const char *name,
		     struct err *e)
{
	struct mailimap_set *set = imap_set(uids, n);
	int result;
	if (has(imap, "MOVE")) {
		imap_allow(imap, 0);
		int code = mailimap_uid_move(imap->session, set, name);
		result = imap_result(imap, code, "MOVE", e);
	} else if (has(imap, "UIDPLUS")) {
		result = copy_and_expunge(imap, uids, n, set, name, e);
	} else {
		/* A plain EXPUNGE would take what other people have marked deleted. */
		err_set(e, ERR_CONFIG, "%s: the server can neither MOVE nor UID EXPUNGE",
			imap->host);
		result = 0;
	}
	mailimap_set_free(set);
	return result;
}

int imap_move(struct imap *imap, const uint32_t *uids, size_t n, const char *folder, struct err *e)
{
	struct buf name;
	if (imap_folder_name(folder, &name, e) < 0)
		return 0;
	int result = move_once(imap, uids, n, buf_str(&name), e);
	if (result == 0) {
		imap_allow(imap, 0);
		int code = mailimap_create(imap->session, buf_str(&name));
		struct err why;
		int made = imap_result(imap, code, "CREATE", &why);
		if (made == 1)
			result = move_once(imap, uids, n, buf_str(&name), e);
		else if (made < 0)
			result = -1;
	}
	buf_release(&name);
	return result;
}
