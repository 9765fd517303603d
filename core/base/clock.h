/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two clocks: deadlines and limits use the one that never jumps; what people read, the wall's. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);
/* CPU time of this process, microseconds. */
int64_t clock_cpu_us(void);
/* Seconds since 1970, UTC. */
int64_t clock_now(void);

#endif
