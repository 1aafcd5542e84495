/*
 * A Front End that dials: Bob is signed in over a connection that his
 * application opened, and Ann sends to him.
 */
#ifndef LYNCSIM_TESTS_DIAL_SCENE_H
#define LYNCSIM_TESTS_DIAL_SCENE_H

#include "lyncsim/connection.h"
#include "lyncsim/front_end.h"

#include "support/lab.h"

#define DIAL_SCENE_ANN 1u /* their connections */
#define DIAL_SCENE_BOB 2u

struct dial_scene {
    struct lab *lab;
    struct front_end *front_end;
    struct connection *dialled; /* NULL before dial_scene_dial() */
    uint64_t dialled_id;
    uint64_t now_ms;
};

extern const struct tls_versions dial_scene_version;
extern const struct sip_caller dial_scene_ann;
extern const struct sip_caller dial_scene_bob;

/* rest_ms: how long a place rests after a failure. */
void dial_scene_begin(struct dial_scene *scene, enum application_way way,
                      uint32_t rest_ms);
void dial_scene_end(struct dial_scene *scene);

/* What is said at once to who asks; owned by the caller. */
char *dial_scene_ask(struct dial_scene *scene, const struct sip_caller *caller,
                     const char *text);
/* The same of a MESSAGE of Ann's. */
char *dial_scene_answer(struct dial_scene *scene, unsigned number,
                        const char *uri);
/* A MESSAGE of Ann's that goes on: nothing is said at once. */
void dial_scene_send(struct dial_scene *scene, unsigned number,
                     const char *uri);
/* What waits for a connection; owned by the caller. */
char *dial_scene_mail(struct dial_scene *scene, uint64_t connection_id);
void dial_scene_expect_mail(struct dial_scene *scene, uint64_t connection_id,
                            const char *part);
/* The next dial, which is to the known application, and that it got there. */
void dial_scene_dial(struct dial_scene *scene);
void dial_scene_join(struct dial_scene *scene);

#endif
