/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "private.h"

#define CHUNK_BYTES (1 << 20)
#define LOG_PREFIX "log."

/* An errno, or 0 when all of it is on the disk. */
static int copy_bytes(int from, int to)
{
	ssize_t n;

	do
		n = sendfile(to, from, NULL, CHUNK_BYTES);
	while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 || fsync(to) ? errno : 0;
}

static int copy_file(const char *from, const char *to, struct err *e)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int failed = in < 0 || out < 0 ? errno : copy_bytes(in, out);

	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) && !failed)
		failed = errno;
	return failed ? store_error(e, failed, in < 0 ? from : to) : 1;
}

static void close_folder(void *folder)
{
	closedir(folder);
}

/* Every file whose name starts so; what is there already is replaced. */
static int copy_files(struct arena *a, const char *from, const char *to, const char *prefix,
		      struct err *e)
{
	DIR *folder = opendir(from);
	struct dirent *entry;

	if (!folder)
		return store_error(e, errno, from);
	arena_adopt(a, folder, close_folder);
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.' ||
		    !slice_starts(slice_str(entry->d_name), slice_str(prefix)))
			continue;
		if (copy_file(arena_printf(a, "%s/%s", from, entry->d_name),
			      arena_printf(a, "%s/%s", to, entry->d_name), e) < 0)
			return -1;
	}
	return 1;
}

/* ---- the archive ---- */

static int archive_one(struct arena *a, const char *log, const char *archive, struct err *e)
{
	const char *name = strrchr(log, '/');
	const char *part = arena_printf(a, "%s/part", archive);

	/* Under its name it is whole; a crash before unlink only copies it again. */
	if (copy_file(log, part, e) < 0)
		return -1;
	if (rename(part, arena_printf(a, "%s/%s", archive, name ? name + 1 : log)) || unlink(log))
		return store_error(e, errno, archive);
	return 1;
}

int store_retire_logs(DB_ENV *env, const char *archive, struct err *e)
{
	struct arena *a;
	char **logs = NULL;
	int r = 1, ret = env->log_archive(env, archive ? &logs : NULL,
					  archive ? DB_ARCH_ABS : DB_ARCH_REMOVE);

	if (ret)
		return store_error(e, ret, "logs");
	a = arena_open();
	for (char **log = logs; log && *log && r > 0; log++)
		r = archive_one(a, *log, archive, e);
	if (r > 0 && logs)
		r = store_folder_flush(archive, e);
	arena_close(&a);
	free(logs);
	return r;
}

/* ---- healing ---- */

/* Old pages, and every log from then till now: the newest copy of a log is the longest. */
static int gather(struct arena *a, const char *dir, const char *base, const char *archive,
		  const char *to, struct err *e)
{
	const char *folder = store_folder_main(a, to);
	const char *keys = store_folder_keys(a, to);

	if (mkdir(to, 0700) || mkdir(folder, 0700) || mkdir(keys, 0700))
		return store_error(e, errno, to);
	if (copy_files(a, store_folder_main(a, base), folder, "", e) < 0 ||
	    copy_files(a, archive, folder, LOG_PREFIX, e) < 0 ||
	    copy_files(a, store_folder_main(a, dir), folder, LOG_PREFIX, e) < 0)
		return -1;
	return copy_files(a, store_folder_keys(a, dir), keys, "", e);
}

static void log_finding(void *ctx, const char *finding)
{
	(void)ctx;
	log_event(LOG_LEVEL_ERROR, "store-heal", LOG_STR("finding", finding));
}

static int replace(struct arena *a, const char *dir, const char *healed, struct err *e)
{
	const char *damaged = arena_printf(a, "%s.damaged", dir);
	struct stat st;

	if (stat(damaged, &st) == 0)
		return store_error(e, EEXIST, damaged);
	if (rename(dir, damaged) || rename(healed, dir))
		return store_error(e, errno, dir);
	return store_folder_sync(dir, e);
}

int store_heal(const char *dir, const struct store_schema *schema, const char *base,
	       const char *archive, struct err *e)
{
	struct arena *a;
	const char *healed;
	int lock, r;

	if (store_folder_prepare(dir, false, e) < 0 || store_folder_prepare(base, false, e) < 0 ||
	    store_lock_take(dir, &lock, e) < 0)
		return -1;
	a = arena_open();
	healed = arena_printf(a, "%s.healed", dir);
	r = gather(a, dir, base, archive, healed, e);
	if (r > 0)
		r = store_verify_folder(healed, schema, true, log_finding, NULL, e);
	if (r == 0)
		r = err_set(e, ERR_TEMP, "%s is still not sound: see the log", healed);
	if (r > 0)
		r = replace(a, dir, healed, e);
	arena_close(&a);
	close(lock);
	return r;
}
