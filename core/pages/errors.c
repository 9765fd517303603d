/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page "error": what happened, what to do, the request's id (which the shell carries). */
#include "pages/page.h"

/* The first row that fits: a row with a text speaks for that text alone. */
static const struct {
    int status;
    enum text_key text;
    const char *heading;
    const char *mends[3];
} errors[] = {
    {403,
     TEXT_TOKEN_MISSING,
     "This form can no longer be used",
     {"Go back, load the page again and repeat the change."}},
    {403, TEXT_SIGN_IN_FIRST, "Sign in first", {"Sign in, then repeat what you did."}},
    {403,
     TEXT_MAILBOX_PROTECTED,
     "This account is protected",
     {"Ask somebody who may do at least what this account may do."}},
    {400,
     TEXT_NONE,
     "This request could not be understood",
     {"Go back, load the page again and repeat what you did."}},
    {403,
     TEXT_NONE,
     "This is not open to your account",
     {"Ask a server admin if you think that it should be.",
      "If you have several accounts, sign in with the other one."}},
    {404,
     TEXT_NONE,
     "There is nothing here",
     {"Check the address for a slip of the pen.",
      "What was here may have been renamed or deleted."}},
    {405,
     TEXT_NONE,
     "This address does not take that kind of request",
     {"Use the links and forms of the pages."}},
    {409,
     TEXT_NONE,
     "Somebody else changed this first",
     {"Load the page again and look at what is there now."}},
    {413, TEXT_NONE, "That was too large", {"Send less at once."}},
    {421,
     TEXT_NONE,
     "This server does not answer for that name",
     {"Use the address that you were given.",
      "Server admins: add the name to `hosts` in the configuration."}},
    {422, TEXT_NONE, "Something is still missing", {"Go back and look at the marked fields."}},
    {429, TEXT_NONE, "Too many attempts", {"Wait a moment, then try again."}},
};

void page_fill_error(struct page *p, int status, enum text_key text, const char *arg)
{
    struct value *vm = p->vm, *mends = value_set_list(vm, "mends");
    size_t n = sizeof errors / sizeof *errors, i = 0;
    while (i < n &&
           !(errors[i].status == status && (errors[i].text == TEXT_NONE || errors[i].text == text)))
        i++;
    value_set_int(vm, "code", status);
    value_set_text(vm, "heading", i < n ? errors[i].heading : "Something went wrong");
    value_set_text(vm, "text", text_format(p->a, text, arg));
    for (size_t j = 0; i < n && j < 3 && errors[i].mends[j] != NULL; j++)
        value_add_text(mends, errors[i].mends[j]);
    value_set_url(vm, "back", page_url(p, p->session != NULL ? "overview" : "login"));
}
