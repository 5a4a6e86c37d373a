/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_NOTIFY_H
#define GATEWAY_NOTIFY_H

/*
 * Tells the service manager (sd_notify(3)): "READY=1", "STOPPING=1".  Does
 * nothing without NOTIFY_SOCKET in the environment, and never fails.
 */
void notify_manager(const char *state);

#endif
