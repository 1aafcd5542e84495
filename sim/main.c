/*
 * The program. Everything it does is in app/.
 */
#include "lyncsim/app.h"

int main(int argc, char **argv)
{
    return app_main(argc, argv);
}
