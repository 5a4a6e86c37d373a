/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_FRAME_H
#define GATEWAY_FRAME_H

#include <stdint.h>

#include "base.h"

/*
 * A frame on the desk's socket: four bytes of length, big endian, and that
 * many bytes, GATEWAY_FRAME_MAX at most.  Deadlines are values of
 * clock_mono_ms(); FRAME_FOREVER has none.
 */
#define FRAME_FOREVER INT64_MAX

/* Waits for poll(2) events: 1, or 0 when the deadline passed first. */
int frame_wait(int fd, short events, int64_t deadline);

/* 1, or -1 and TEMP when the peer is gone or slow; INPUT when it is too long. */
int frame_write(int fd, struct slice body, int64_t deadline, struct err *e);
/*
 * 1 and the body (a buffer with a ceiling of GATEWAY_FRAME_MAX, emptied
 * first); 0 when the peer closed between two frames; -1 and TEMP.  Memory
 * grows with the bytes that came, not with the length that was announced.
 */
int frame_read(int fd, struct buf *body, int64_t deadline, struct err *e);

#endif
