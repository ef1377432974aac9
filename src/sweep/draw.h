/* SPDX-License-Identifier: MIT */
/* draw.h - a picture of a sweep: for each parameter the metric over its values, the best marked. */
#pragma once

#include "sweep/points.h"

/* SVG, PNG or PDF, by the name. 0, or -1 with *e. */
int draw_points(const char *path, const struct points *p, struct err *e);
