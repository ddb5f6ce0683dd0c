// The memory of a process, for the cells with a result in bytes.

#ifndef RESIDENT_H
#define RESIDENT_H

#ifdef __cplusplus
extern "C" {
#endif

// The bytes of this process that lie in memory now. Where the system does
// not say, it ends the driver as for a cell that it does not have.
long long resident_bytes(void);

#ifdef __cplusplus
}
#endif

#endif
