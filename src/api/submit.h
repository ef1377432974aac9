/* SPDX-License-Identifier: MIT */
/* submit.h - what can be asked for, when a job is submitted and later. */
#pragma once

#include <stdint.h>

#define PRIORITY_MAX 1000000000
#define NAME_MAX_LEN 1024
#define MEM_MAX_MB   (INT64_C(1) << 40)
