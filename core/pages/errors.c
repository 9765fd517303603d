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
     N_("This form can no longer be used"),
     {N_("Go back, load the page again and repeat the change.")}},
    {403, TEXT_SIGN_IN_FIRST, N_("Sign in first"), {N_("Sign in, then repeat what you did.")}},
    {403,
     TEXT_MAILBOX_PROTECTED,
     N_("This account is protected"),
     {N_("Ask somebody who may do at least what this account may do.")}},
    {400,
     TEXT_NONE,
     N_("This request could not be understood"),
     {N_("Go back, load the page again and repeat what you did.")}},
    {403,
     TEXT_NONE,
     N_("This is not open to your account"),
     {N_("Ask a server admin if you think that it should be."),
      N_("If you have several accounts, sign in with the other one.")}},
    {404,
     TEXT_NONE,
     N_("There is nothing here"),
     {N_("Check the address for a slip of the pen."),
      N_("What was here may have been renamed or deleted.")}},
    {405,
     TEXT_NONE,
     N_("This address does not take that kind of request"),
     {N_("Use the links and forms of the pages.")}},
    {409,
     TEXT_NONE,
     N_("Somebody else changed this first"),
     {N_("Load the page again and look at what is there now.")}},
    {410,
     TEXT_LINK_OVER,
     N_("This link leads nowhere (any more)"),
     {N_("If you have set your password with it, sign in."),
      N_("Else ask whoever gave it to you for a new one."),
      N_("Copy the whole link, without a line break.")}},
    {413, TEXT_NONE, N_("That was too large"), {N_("Send less at once.")}},
    {421,
     TEXT_NONE,
     N_("This server does not answer for that name"),
     {N_("Use the address that you were given."),
      N_("Server admins: add the name to `hosts` in the configuration.")}},
    {422,
     TEXT_NONE,
     N_("Something is still missing"),
     {N_("Go back and look at the marked fields.")}},
    {429, TEXT_NONE, N_("Too many attempts"), {N_("Wait a moment, then try again.")}},
};

void page_fill_error(struct page *p, int status, enum text_key text, const char *arg)
{
    struct value *vm = p->vm, *mends = value_set_list(vm, "mends");
    size_t n = sizeof errors / sizeof *errors, i = 0;
    while (i < n &&
           !(errors[i].status == status && (errors[i].text == TEXT_NONE || errors[i].text == text)))
        i++;
    value_set_int(vm, "code", status);
    value_set_text(vm, "heading",
                   page_say(p, i < n ? errors[i].heading : N_("Something went wrong")));
    value_set_text(vm, "text", page_format(p, text, arg));
    for (size_t j = 0; i < n && j < 3 && errors[i].mends[j] != NULL; j++)
        value_add_text(mends, page_say(p, errors[i].mends[j]));
    value_set_url(vm, "back", p->session != NULL ? page_url(p, "overview") : login_url(p));
}
