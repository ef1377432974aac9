// SPDX-License-Identifier: MIT
#include <time.h>

#include "os/clock.h"
#include "os/system.h"
#include "tap.h"

int main(void)
{
    int64_t wall = clock_wall_us(), boot = clock_boot_us();
    ok(wall / 1000000 >= time(NULL) - 1 && wall / 1000000 <= time(NULL),
       "the wall clock is time()");
    ok(boot > 0 && clock_boot_us() >= boot, "the boot clock never goes back");
    is_int((intmax_t)strlen(clock_boot_id()), 36, "a boot has an id");
    is_str(clock_boot_id(), clock_boot_id(), "which does not change");

    struct system_load l = {0};
    is_int(system_load(&l), 0, "the machine's load is known");
    ok(l.cpu_busy > 0 && l.cpu_busy <= l.cpu_total, "no CPU is busier than it can be");
    ok(l.mem_available_mb > 0 && l.mem_available_mb <= l.mem_total_mb, "nor is memory");
    return done_testing();
}
