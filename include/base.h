/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_H
#define POSTCLERK_BASE_H

/*
 * The ground floor: what every room stands on.  It knows nothing of mail,
 * records or the store.  PCRE2, GnuTLS, jansson, libconfuse and libunistring
 * are known here only, each in one file.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/money.h"
#include "base/pattern.h"
#include "base/slice.h"
#include "base/text.h"

#endif
