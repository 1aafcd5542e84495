/*
 * What do the libraries do when there is no memory left? They end the program
 * as everything here does (alloc.h). One that only failed would be taken at its
 * word: half an object would be printed as a whole, and a certificate refused
 * that is sound.
 */
#ifndef LYNCSIM_LIBRARY_MEMORY_H
#define LYNCSIM_LIBRARY_MEMORY_H

/* OpenSSL and jansson; once, before anything of theirs is used. */
void library_memory_init(void);

#endif
