// What record.c is told by whoever runs the program.

#ifndef RECORD_H
#define RECORD_H

// A run begins; returns the lane of main.
unsigned record_main(void);

// The program ends well, in the calling thread.
void record_exit(void);

#endif
