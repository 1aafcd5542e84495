/*
 * How does a test get certificates? In one line each, always the same ones.
 */
#ifndef LYNCSIM_TESTS_TEST_LAB_H
#define LYNCSIM_TESTS_TEST_LAB_H

#include <stdint.h>

#include "lyncsim/credential.h"
#include "lyncsim/mint.h"
#include "lyncsim/trust_anchors.h"

/* 2014-01-01 and 2017-01-01; a good time to judge at lies between. */
#define TEST_LAB_NOT_BEFORE_S INT64_C(1388534400)
#define TEST_LAB_NOT_AFTER_S INT64_C(1483228800)
#define TEST_LAB_NOW_S INT64_C(1420070400)

/* Issue by profile with subject as text and the lab's validity where the
 * profile says nothing; profile may be NULL. The name is the subject unless
 * the profile has one. Fails the test when it cannot be made. */
struct credential *test_lab_issue(const char *subject,
                                  const struct credential *issuer,
                                  const struct certificate_profile *profile);
struct credential *test_lab_authority(const char *subject,
                                      const struct credential *issuer);
/* A leaf with these dNSNames, "" ending the list. */
struct credential *test_lab_leaf(const char *subject, const char *const *sans,
                                 const struct credential *issuer);
/* Anchors with this one root; owned by the caller. */
struct trust_anchors *test_lab_trusting(const struct credential *root);

#endif
