/*
 * Which subcommand was asked for, and with which exit code does it end?
 */
#ifndef LYNCSIM_APP_H
#define LYNCSIM_APP_H

/* The exit codes of every command. */
enum app_exit {
    APP_EXIT_OK = 0,       /* as expected, accepted */
    APP_EXIT_NO = 1,       /* an expectation failed, refused */
    APP_EXIT_USAGE = 2,    /* usage or input file wrong */
    APP_EXIT_UNABLE = 3,   /* port taken, file unreadable, unreachable */
    APP_EXIT_INTERNAL = 4, /* our own fault */
};

/* Run the program; the result is its exit code. argv is borrowed. */
int app_main(int argc, char **argv);

#endif
