/*
 * What the programs of this folder need of the system, the same on POSIX and on Windows.
 */

#ifndef SYSTEM_H
#define SYSTEM_H

/* A shared library, loaded by its path. NULL, and the reason on stderr, where it cannot be. */
void *load_library(const char *path);
/* Not 0 where it was unloaded. */
int unload_library(void *library);
/* Fills in the pointer to a function: C has no cast from an object pointer. Not 0 where it is there. */
int find_function(void *library, const char *name, void *function);

/* A millisecond. */
void sleep_briefly(void);

/* The most memory that this program has had, in KiB. */
long peak_memory(void);

/*
 * A host may have floating-point exceptions unmasked, as every Delphi program has: invalid operations,
 * divisions by zero and overflows then end the program. This does it for the calling thread.
 */
void unmask_floating_point(void);
/* The control words of its floating-point units, for comparison. */
unsigned long floating_point_control(void);

#endif
