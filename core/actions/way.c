/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/way.h"

#include <string.h>

#include "actions/task.h"
#include "model/address.h"
#include "store/alias.h"
#include "store/domain.h"

enum { STEPS_MOST = 20, ADDRESSES_MOST = 1000, CHAIN_MOST = 4000 };
#define STEP " \xe2\x86\x92 "

/* An address, and the key by which Postfix finds it: itself, or the catch-all of its domain. */
struct step {
    const char *address, *key;
};

struct walk {
    struct store *store;
    struct arena *arena;
    const struct actor *who;
    struct step path[STEPS_MOST + 1];
    size_t depth, seen_n;
    const char *seen[ADDRESSES_MOST];
    enum text_key found; /* what is the matter; TEXT_NONE */
    const char *arg;
    bool left;
};

static bool is_found(const struct hop *hops, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(hops[i].at, key) == 0)
            return true;
    return false;
}

/* Key by key: the address, it without its extension, the catch-all. NULL: nothing stands there. */
static const char *key_of(const struct hop *hops, size_t n, const char *address)
{
    const char *domain = strrchr(address, '@');
    if (is_found(hops, n, address))
        return address;
    for (size_t i = 0; i < n; i++)
        if (hops[i].at[0] != '@')
            return hops[i].at;
    return is_found(hops, n, domain) ? domain : NULL;
}

/* Of other people's domains nothing is told. */
static bool may_know(struct walk *w, const char *address)
{
    struct domain d;
    if (actor_reach(w->who).everything)
        return true;
    return domain_find(w->store, w->arena, strrchr(address, '@') + 1, &d) == OUT_OK &&
           permit(w->who, ACTION_DOMAIN_SHOW, &(struct object){.domain = &d}) == OUT_OK;
}

static void chain_put(struct walk *w, struct str *chain, const char *address, bool *hidden)
{
    bool known = may_know(w, address);
    if (known || !*hidden)
        str_printf(chain, "%s%s", chain->len > 0 ? STEP : "", known ? address : "\xe2\x80\xa6");
    *hidden = !known;
}

static void circle(struct walk *w, size_t from, const char *address)
{
    struct str chain;
    bool hidden = false;
    if (w->left && strcmp(address, w->path[0].address) != 0)
        return;
    str_init(&chain, w->arena, CHAIN_MOST);
    for (size_t i = from; i < w->depth; i++)
        chain_put(w, &chain, w->path[i].address, &hidden);
    chain_put(w, &chain, address, &hidden);
    w->found = TEXT_ALIAS_CIRCLE;
    w->arg = chain.data;
}

static void too_much(struct walk *w, enum text_key why, int most)
{
    if (w->left)
        return;
    w->found = why;
    w->arg = arena_printf(w->arena, "%d", most);
}

static bool was_seen(struct walk *w, const char *key)
{
    for (size_t i = 0; i < w->seen_n; i++)
        if (strcmp(w->seen[i], key) == 0)
            return true;
    return false;
}

static enum outcome walk_on(struct walk *w, const char *address);

static enum outcome walk_each(struct walk *w, const struct hop *hops, size_t n, const char *address,
                              const char *key)
{
    enum outcome o = OUT_OK;
    w->path[w->depth++] = (struct step){address, key};
    for (size_t i = 0; o == OUT_OK && w->found == TEXT_NONE && i < n; i++) {
        bool onwards = strcmp(hops[i].at, key) == 0 && hops[i].destination[0] != '\0' &&
                       strcmp(hops[i].destination, key) != 0; /* a copy is kept */
        if (onwards)
            o = walk_on(w, lower_text(w->arena, hops[i].destination));
    }
    w->depth--;
    return o;
}

static enum outcome walk_on(struct walk *w, const char *address)
{
    struct hop *hops;
    size_t n;
    enum outcome o = alias_hops(w->store, w->arena, address, &hops, &n);
    const char *key = o == OUT_OK ? key_of(hops, n, address) : NULL;
    if (key == NULL)
        return o;
    for (size_t i = 0; i < w->depth; i++)
        if (strcmp(w->path[i].key, key) == 0) {
            circle(w, i, address);
            return OUT_OK;
        }
    if (was_seen(w, key))
        return OUT_OK;
    if (w->depth > STEPS_MOST - 1)
        too_much(w, TEXT_ALIAS_DEEP, STEPS_MOST);
    else if (w->seen_n == ADDRESSES_MOST)
        too_much(w, TEXT_ALIAS_WIDE, ADDRESSES_MOST);
    else {
        w->seen[w->seen_n++] = key;
        return walk_each(w, hops, n, address, key);
    }
    return OUT_OK;
}

enum outcome way_walk(struct store *store, struct arena *a, const struct actor *who,
                      const char *address, bool left, enum text_key *found_r, const char **arg_r)
{
    struct walk *w = ARENA_NEW(a, struct walk);
    w->store = store;
    w->arena = a;
    w->who = who;
    w->left = left;
    enum outcome o = walk_on(w, lower_text(a, address));
    *found_r = w->found;
    *arg_r = w->arg;
    return o;
}

enum outcome way_is_straight(struct task *t, const char *address, bool left, const char *field)
{
    enum text_key found;
    const char *arg;
    enum outcome o = way_walk(t->store, t->arena, t->who, address, left, &found, &arg);
    return o == OUT_OK && found != TEXT_NONE ? refuse_at(t, OUT_WRONG, field, found, arg) : o;
}
