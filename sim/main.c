/*
 * The program. Everything it does is in app/.
 */
#include "lyncsim/app.h"
#include "lyncsim/library_memory.h"

int main(int argc, char **argv)
{
    library_memory_init();
    return app_main(argc, argv);
}
