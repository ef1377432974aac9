// SPDX-License-Identifier: MIT
#include "os/system.h"

#include <mach/mach.h>
#include <sys/sysctl.h>
#include <unistd.h>

static int read_cpu(struct system_load *l)
{
    host_cpu_load_info_data_t cpu;
    mach_msg_type_number_t count = HOST_CPU_LOAD_INFO_COUNT;
    if (host_statistics(mach_host_self(), HOST_CPU_LOAD_INFO, (host_info_t)&cpu, &count) !=
        KERN_SUCCESS)
        return -1;
    l->cpu_busy = (int64_t)cpu.cpu_ticks[CPU_STATE_USER] + cpu.cpu_ticks[CPU_STATE_NICE] +
                  cpu.cpu_ticks[CPU_STATE_SYSTEM];
    l->cpu_total = l->cpu_busy + cpu.cpu_ticks[CPU_STATE_IDLE];
    return 0;
}

int system_load(struct system_load *l)
{
    uint64_t bytes = 0;
    size_t size = sizeof bytes;
    vm_statistics64_data_t vm;
    mach_msg_type_number_t count = HOST_VM_INFO64_COUNT;
    if (read_cpu(l) != 0 || sysctlbyname("hw.memsize", &bytes, &size, NULL, 0) != 0 ||
        host_statistics64(mach_host_self(), HOST_VM_INFO64, (host_info64_t)&vm, &count) !=
            KERN_SUCCESS)
        return -1;
    int64_t pages = (int64_t)vm.free_count + vm.inactive_count + vm.purgeable_count;
    l->mem_total_mb = (int64_t)(bytes >> 20);
    l->mem_available_mb = pages * getpagesize() >> 20;
    return 0;
}
