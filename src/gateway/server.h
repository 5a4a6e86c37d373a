/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_SERVER_H
#define GATEWAY_SERVER_H

#include "desk.h"

/* More connections at once wait in the socket's queue. */
#define SERVER_CONNECTIONS 64

struct server_options {
	int listener; /* of sock_listen */
	int stop_fd;  /* readable when it is time to end */
	int workers;  /* of the crew */
};

/*
 * Answers requests on the socket, one thread a connection, and makes the desk
 * work, until stop_fd is readable (1) or the store cannot go on (-1).
 */
int server_run(struct desk *desk, const struct server_options *options, struct err *e);

#endif
