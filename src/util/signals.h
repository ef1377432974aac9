/* SPDX-License-Identifier: MIT */
/* signals.h - signals by name. */
#pragma once

/* "TERM" for SIGTERM; NULL for one without a name (real-time signals). Static. */
const char *signal_name(int signal);
