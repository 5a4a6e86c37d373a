/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <db.h>
#include <pthread.h>
#include <stdlib.h>

#include "io.h"

/*
 * Berkeley DB writes pages and log buffers that it filled in part only.  What
 * was in that memory before, such as a mail in clear, would be on the disk for
 * good; so it gets none but zeros.
 */
static void *zeroed(size_t size)
{
	return calloc(1, size ? size : 1);
}

static void set_malloc(void)
{
	int failed = db_env_set_func_malloc(zeroed);

	assert(!failed);
	(void)failed;
}

void store_io_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, set_malloc);
}

void store_io_set(const struct store_io *io)
{
	static const struct store_io none;
	int failed = 0;

	store_io_init();
	if (!io)
		io = &none;
	failed |= db_env_set_func_fsync(io->fsync);
	failed |= db_env_set_func_write(io->write);
	failed |= db_env_set_func_pwrite(io->pwrite);
	failed |= db_env_set_func_ftruncate(io->ftruncate);
	failed |= db_env_set_func_rename(io->rename);
	failed |= db_env_set_func_unlink(io->unlink);
	failed |= db_env_set_func_malloc(io->malloc ? io->malloc : zeroed);
	assert(!failed);
	(void)failed;
}
