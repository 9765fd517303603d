/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roles. A *level* is stored with an account (virtual_users.admin); a *role* is what an actor is
 * towards one object and is worked out for each question by permit() (actions/permit.h). Tables say
 * who may do what as a set of role bits. */
#ifndef MODEL_ROLE_H
#define MODEL_ROLE_H

enum level { LEVEL_USER = 0, LEVEL_SERVER_ADMIN = 1, LEVEL_SUPER_ADMIN = 2 };

enum role {
    ANYBODY = 1,       /* also without a session */
    SIGNED_IN = 2,     /* any account */
    OWNER = 4,         /* the object is the actor's own account */
    DOMAIN_ADMIN = 8,  /* administers the object's domain (or, without an object, any domain) */
    SERVER_ADMIN = 16, /* level 1 or 2, or the console */
    SUPER_ADMIN = 32,  /* level 2 */
    CONSOLE = 64,      /* the command line without --as */
    /* A domain admin of any domain where privacy_level is 1, 2, 3, 4 or above: towards relay
     * domains, access entries and policies, and the names of hosted domains. */
    OPENED_LIST = 128,
    OPENED_ADD = 256,
    OPENED_EDIT = 512,
    OPENED_DELETE = 1024,
    INVITED = 2048 /* holds a one-time link to the object's account, and has no other right */
};

/* "super", "server", "domain", "user": the words of the contract and of JSON. */
const char *role_word(enum level level, int administers_any);

#endif
