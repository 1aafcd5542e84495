/*
 * Just enough of a Lync Server Management Shell to paste a remedy into: the
 * cmdlets of trusted applications, with literal and quoted values.
 */
#ifndef LYNCSIM_TESTS_POWERSHELL_H
#define LYNCSIM_TESTS_POWERSHELL_H

#include "lyncsim/topology.h"

/* Run the lines on the topology, as the product would. NULL when all went
 * well, else what was wrong, owned by the caller. Assignments to variables
 * are passed over, Enable-CsTopology enables what there is. */
char *powershell_run(struct topology *topology, char *const *lines,
                     size_t count);

#endif
