/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_DATE_H
#define POSTCLERK_MAIL_DATE_H

#include "reader.h"

/*
 * A date as RFC 5322 3.3 and 4.3 write it, and as clients do: no weekday, no
 * seconds, two-digit years, zone names, asctime.  UTC seconds; false when it is
 * no date or an impossible one (T15).
 */
bool date_read(struct reader *r, struct slice value, int64_t *seconds);

#endif
