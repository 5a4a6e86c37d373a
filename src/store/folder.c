/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "private.h"

char *store_folder_main(struct arena *a, const char *dir)
{
	return arena_printf(a, "%s/main", dir);
}

char *store_folder_keys(struct arena *a, const char *dir)
{
	return arena_printf(a, "%s/keys", dir);
}

/* Berkeley DB flushes files but not the folders that name them. */
int store_folder_flush(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int failed;

	if (fd < 0)
		return store_error(e, errno, path);
	failed = fsync(fd) ? errno : 0;
	close(fd);
	return failed ? store_error(e, failed, path) : 1;
}

int store_folder_sync(const char *dir, struct err *e)
{
	struct arena *a = arena_open();
	int r = store_folder_flush(store_folder_main(a, dir), e);

	if (r > 0)
		r = store_folder_flush(store_folder_keys(a, dir), e);
	if (r > 0)
		r = store_folder_flush(dir, e);
	if (r > 0)
		r = store_folder_flush(arena_printf(a, "%s/..", dir), e);
	arena_close(&a);
	return r;
}

int store_folder_prepare(const char *dir, bool create, struct err *e)
{
	struct arena *a = arena_open();
	const char *paths[] = {dir, store_folder_main(a, dir), store_folder_keys(a, dir)};
	struct stat st;
	int r = 1;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && r > 0; i++) {
		if (create && mkdir(paths[i], 0700) && errno != EEXIST)
			r = store_error(e, errno, paths[i]);
		else if (stat(paths[i], &st) || !S_ISDIR(st.st_mode))
			r = err_set(e, ERR_CONFIG, "there is no store in %s", dir);
	}
	if (r > 0 && !create && stat(arena_printf(a, "%s/main/store-meta.db", dir), &st))
		r = err_set(e, ERR_CONFIG, "there is no store in %s", dir);
	arena_close(&a);
	return r;
}

int store_lock_take(const char *dir, int *fd, struct err *e)
{
	struct arena *a = arena_open();
	const char *path = arena_printf(a, "%s/lock", dir);
	int failed = 0;

	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0 || flock(*fd, LOCK_EX | LOCK_NB))
		failed = errno;
	arena_close(&a);
	if (!failed)
		return 1;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	if (failed == EWOULDBLOCK)
		return err_set(e, ERR_TEMP, "another process owns the store in %s", dir);
	return store_error(e, failed, dir);
}

int store_folder_room(const char *dir, uint64_t reserve, struct err *e)
{
	struct statvfs fs;

	if (statvfs(dir, &fs))
		return store_error(e, errno, dir);
	if ((uint64_t)fs.f_bavail * fs.f_frsize >= reserve)
		return 1;
	return err_set(e, ERR_TEMP, "disk full: less than %llu MiB are free for %s",
		       (unsigned long long)(reserve >> 20), dir);
}
