/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_STORE_IO_H
#define POSTCLERK_STORE_IO_H

#include <sys/types.h>

/*
 * The one place where faults come in: every write, flush and file operation
 * of the store goes through these, so that tests can count, refuse, drop or
 * tear them (RELIABILITY.md P1, P2, P7).  A null member is the system's own.
 */
struct store_io {
	int (*fsync)(int fd);
	ssize_t (*write)(int fd, const void *bytes, size_t n);
	ssize_t (*pwrite)(int fd, const void *bytes, size_t n, off_t at);
	int (*ftruncate)(int fd, off_t size);
	int (*rename)(const char *from, const char *to);
	int (*unlink)(const char *path);
	void *(*malloc)(size_t size); /* must give zeros: see io.c */
};

/* Called before an environment is opened. */
void store_io_init(void);
/* For the whole process, before any store is open; a null io takes all faults away. */
void store_io_set(const struct store_io *io);

#endif
