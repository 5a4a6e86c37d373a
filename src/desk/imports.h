/* SPDX-License-Identifier: ISC */
#ifndef DESK_IMPORTS_H
#define DESK_IMPORTS_H

#include "state.h"

/*
 * The end of an import that came by mail: its report, to the agent who asked
 * for it, and the import is forgotten.
 */
int imports_report(struct work *work, const Rec__Import *import, struct err *e);

#endif
