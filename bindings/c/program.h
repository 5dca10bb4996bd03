/*
 * The program of both tills: till.c and till_builder.c differ only in where the order comes from.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "sale.h"

/* Reads the command line, does what it asks for, gives the exit status. */
int program_run(int argc, char **argv, sale_order order, int order_is_a_file);

#endif
