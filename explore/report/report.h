// The verdict, for people to read.

#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#include "schedule/search.h"

// Prints it; brief is one line. Returns the exit status: 0 when nothing is
// wrong. With one_output two different outputs are wrong too.
int report_search(const Search *search, bool one_output, bool brief);

// Prints a finding with the places in it.
void report_finding(const Finding *wrong);

#endif
