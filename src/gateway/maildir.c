/* SPDX-License-Identifier: ISC */
#include "maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_MAX 2048

static int failed(const char *path, struct err *e)
{
	return err_set(e, ERR_TEMP, "%s: %s", path, strerror(errno));
}

static int make_dirs(const char *path, struct err *e)
{
	static const char *const parts[] = {"", "/tmp", "/new", "/cur"};
	char dir[PATH_MAX];
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if ((size_t)snprintf(dir, sizeof(dir), "%s%s", path, parts[i]) >= sizeof(dir))
			return err_set(e, ERR_CONFIG, "%s: the path is too long", path);
		if (mkdir(dir, 0700) < 0 && errno != EEXIST)
			return failed(dir, e);
	}
	return 1;
}

static int write_all(int fd, struct slice s)
{
	while (s.len) {
		ssize_t n = write(fd, s.ptr, s.len);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			s = slice_sub(s, (size_t)n, s.len);
	}
	return 1;
}

static int write_file(const char *file, const struct maildir_mail *mail)
{
	struct buf head;
	buf_init(&head, HEAD_MAX);
	buf_printf(&head, "Return-Path: <%.*s>\r\nDelivered-To: %.*s\r\n", SLICE_ARG(mail->sender),
		   SLICE_ARG(mail->recipient));
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		buf_release(&head);
		return -1;
	}
	int result = write_all(fd, buf_slice(&head));
	if (result == 1)
		result = write_all(fd, mail->raw);
	if (result == 1 && fsync(fd) < 0)
		result = -1;
	buf_release(&head);
	/* The file system may report the failed write only here. */
	return close(fd) < 0 ? -1 : result;
}

static int sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	int result = fsync(fd) < 0 ? -1 : 1;
	close(fd);
	return result;
}

int maildir_deliver(const char *path, const struct maildir_mail *mail, struct err *e)
{
	char tmp[PATH_MAX], file[PATH_MAX], dir[PATH_MAX];
	if (make_dirs(path, e) < 0)
		return -1;
	int n = snprintf(tmp, sizeof(tmp), "%s/tmp/%010" PRIu64 ".postclerk", path, mail->id);
	int m = snprintf(file, sizeof(file), "%s/new/%010" PRIu64 ".postclerk", path, mail->id);
	if (n < 0 || (size_t)n >= sizeof(tmp) || m < 0 || (size_t)m >= sizeof(file))
		return err_set(e, ERR_CONFIG, "%s: the path is too long", path);
	snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(file, '/') - file), file);
	if (write_file(tmp, mail) < 0 || rename(tmp, file) < 0 || sync_dir(dir) < 0) {
		failed(file, e);
		unlink(tmp);
		return -1;
	}
	return 1;
}
