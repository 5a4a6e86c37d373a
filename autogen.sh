#!/bin/sh
# SPDX-License-Identifier: ISC
# Makes ./configure from a fresh checkout.
cd "$(dirname "$0")" && mkdir -p m4 && exec autoreconf --install --warnings=no-obsolete
