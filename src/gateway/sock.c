/* SPDX-License-Identifier: ISC */
#include "sock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "desk.h"

#define BACKLOG 64

/*
 * The address by way of a descriptor of the directory, so that its length does
 * not matter and no process has to change its working directory.
 */
static int address(const char *dir, int *dir_fd, struct sockaddr_un *name, struct err *e)
{
	*dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*dir_fd < 0)
		return err_set(e, ERR_CONFIG, "%s: %s", dir, strerror(errno));
	*name = (struct sockaddr_un){.sun_family = AF_UNIX};
	int n = snprintf(name->sun_path, sizeof(name->sun_path), "/proc/self/fd/%d/%s", *dir_fd,
			 DESK_SOCKET_FILE);
	assert(n > 0 && (size_t)n < sizeof(name->sun_path));
	(void)n;
	return 1;
}

static int bind_here(int fd, int dir_fd, const struct sockaddr_un *name)
{
	/* The mode of a socket's file is that of the descriptor at bind(2). */
	if (fchmod(fd, 0600) < 0)
		return -1;
	if (unlinkat(dir_fd, DESK_SOCKET_FILE, 0) < 0 && errno != ENOENT)
		return -1;
	if (bind(fd, (const struct sockaddr *)name, sizeof(*name)) < 0)
		return -1;
	return listen(fd, BACKLOG);
}

int sock_listen(const char *dir, int *fd, struct err *e)
{
	struct sockaddr_un name;
	int dir_fd;
	if (address(dir, &dir_fd, &name, e) < 0)
		return -1;
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int result = 1;
	if (*fd < 0 || bind_here(*fd, dir_fd, &name) < 0) {
		result =
			err_set(e, ERR_CONFIG, "%s/%s: %s", dir, DESK_SOCKET_FILE, strerror(errno));
		if (*fd >= 0)
			close(*fd);
	}
	close(dir_fd);
	return result;
}

bool sock_peer_allowed(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 || size != sizeof(peer))
		return false;
	return peer.uid == 0 || peer.uid == geteuid();
}

static int connect_result(int fd, int error, const char *dir, struct err *e)
{
	if (error == ENOENT || error == ECONNREFUSED)
		return 0;
	if (error)
		return err_set(e, error == EACCES || error == EPERM ? ERR_DENIED : ERR_TEMP,
			       "%s/%s: %s", dir, DESK_SOCKET_FILE, strerror(error));
	/* Root may talk to anybody's desk; anybody else only to their own or root's. */
	if (geteuid() != 0 && !sock_peer_allowed(fd))
		return err_set(e, ERR_DENIED, "%s/%s belongs to another user's process", dir,
			       DESK_SOCKET_FILE);
	return 1;
}

int sock_connect(const char *dir, int *fd, struct err *e)
{
	struct sockaddr_un name;
	int dir_fd;
	if (address(dir, &dir_fd, &name, e) < 0)
		return -1;
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error = 0;
	if (*fd < 0 || connect(*fd, (const struct sockaddr *)&name, sizeof(name)) < 0)
		error = errno;
	close(dir_fd);
	int result = connect_result(*fd, error, dir, e);
	if (result != 1 && *fd >= 0)
		close(*fd);
	return result;
}

int sock_accept(int listener, int *fd, struct err *e)
{
	*fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (*fd >= 0) {
		if (sock_peer_allowed(*fd))
			return 1;
		log_event(LOG_LEVEL_WARNING, "peer-refused");
		close(*fd);
		return 0;
	}
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return err_set(e, ERR_TEMP, "accepting a connection: %s", strerror(errno));
	default:
		return 0;
	}
}
