// The verdict of a search, as text.

#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#include "schedule/search.h"

// Prints the verdict; brief leaves out the outputs. Returns the exit status: 0
// if there is no finding, otherwise 1. With one_output two different outputs
// are a finding, too.
int report_search(const Search *search, bool one_output, bool brief);

// Prints a finding with the places in it.
void report_finding(const Finding *wrong);

#endif
