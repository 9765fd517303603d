-- SPDX-License-Identifier: GPL-3.0-or-later
-- The rules that are held against drawn pages and against a theme's files; those of the compiler stand in
-- theme/mistakes.lua. code -> { level, what is wrong in a sentence, how to mend it }. Codes are kept from release
-- to release.

return {
  MB040 = { "error", "A page cannot be drawn by the theme.", "Its own file and line are told; the parent's page or block stood in meanwhile." },
  MB041 = { "error", "A form of the model is not drawn.", "Draw it: {% use \"form\" form=vm.form %}, or {% form vm.form %} with its fields." },
  MB042 = { "error", "A field of a form has no control.", "Walk the fields: {% for f in form.fields %}{% use \"field\" f=f %}{% end %}." },
  MB043 = { "error", "A form has no button that sends it.", "Add <button type=\"submit\">{{ form.submit }}</button>, and one named `generate` where form.generate is set." },
  MB044 = { "error", "A mistake in a form is not shown.", "Show form.error and every e.text of form.errors: {% use \"error-summary\" form=vm.form %}." },
  MB045 = { "error", "A way that the model offers is not shown.", "Link the address where it is there: {% if vm.edit %}<a href=\"{{ vm.edit }}\">...</a>{% end %}." },
  MB046 = { "error", "A secret that is shown once is not shown.", "Print it: {{ vm.password }}." },
  MB047 = { "error", "A button of the model is not drawn.", "Draw it: {% use \"action-button\" action=m.toggle label=m.email %}." },
  MB048 = { "error", "The page that the core names is not marked.", "Keep one <main id=\"main\"> in the layout, around the block that the page fills." },
  MB049 = { "error", "What the core says is not shown.", "Show shell.flash and each of shell.notices: {% use \"flash\" flash=shell.flash %}." },
  MB050 = { "warning", "The rows of a list cannot be picked, for the form below it.", "Put it at the head of each row: {% use \"pick\" form=vm.bulk id=m.id label=m.email %}." },

  MB051 = { "error", "An id stands twice in a page.", "Give each its own, with the record's number in rows: id=\"mb-{{ m.id }}\"." },
  MB052 = { "error", "An element stands where HTML does not allow it.", "Put it into the element that may hold it; a browser would move it." },
  MB053 = { "error", "Something to press stands inside something to press.", "Put links, buttons and controls side by side." },
  MB054 = { "warning", "Something refers to an id that is not in the page.", "Write the id of an element that is always drawn together with this one." },

  MB060 = { "error", "A control has no label.", "Give it an id and a <label for=\"...\">, or an aria-label." },
  MB061 = { "error", "A button or link has no name.", "Put words into it; beside an icon they may be hidden: <span class=\"quietly\">." },
  MB062 = { "warning", "A heading skips a level.", "Use the next level and let the style make it smaller." },
  MB063 = { "error", "A page has no h1, or more than one.", "Give each page one <h1>, the name of what it shows." },
  MB064 = { "error", "A page has no main element, or more than one.", "Keep one <main> in the layout." },
  MB065 = { "warning", "A table's cells have no headings.", "Use <th scope=\"col\"> in the head and <th scope=\"row\"> for what a row is about." },
  MB066 = { "error", "An image has no alt.", "Say what it shows, or alt=\"\" where it only decorates." },
  MB067 = { "warning", "Two landmarks of a kind cannot be told apart.", "Give each nav an aria-label of its own." },
  MB068 = { "warning", "A tabindex above 0 changes the order of the keyboard.", "Leave it out; order the elements as they are to be reached." },
  MB069 = { "warning", "A meter or a progress bar has no name.", "Give it an aria-label." },

  MB070 = { "error", "Two colours are too close to be read.", "Make one lighter or darker until the ratio is reached." },
  MB071 = { "warning", "A colour cannot be read by the check.", "Write it as #rrggbb, rgb(), hsl() or oklch(), or as light-dark() of two of them." },
  MB072 = { "warning", "A token of base is given a value for one scheme.", "Write light-dark(#..., #...), or name one scheme in theme.lua: schemes = { \"dark\" }." },

  MB080 = { "warning", "The theme's styles are heavy.", "Keep them below 10 KB compressed; drop what repeats base's." },
  MB081 = { "warning", "A picture is heavy.", "Keep it below 100 KB; SVG or WebP are smaller." },
  MB082 = { "warning", "A page is heavy.", "Keep a list of fifty rows below 24 KB compressed; print less in each row." },
  MB083 = { "error", "A file is not what its name says, or may not be an asset.", "Assets are css, svg, png, jpg, webp, ico and woff2; SVG without scripts and links." },

  MB110 = { "warning", "A side is named left or right.", "Use the logical property: margin-inline-start, inset-inline-end, text-align: start. Mirrored scripts then work." },
  MB111 = { "warning", "A style is forced with !important.", "Write a selector that is stronger, or use the token." },
  MB112 = { "warning", "A colour is written outside the tokens.", "Define it as a custom property in :root, for both schemes, and use var(--name)." },
  MB113 = { "error", "A style loads from elsewhere.", "The page's policy refuses it: put the file into assets/ and name it by its file name." },
  MB114 = { "error", "A style cannot be read.", "A brace, a quote or a sign is missing." },
  MB115 = { "warning", "A custom property is given and read by nothing.", "Write the token's name as `mailboy theme docs tokens` has it, or leave it out." },
  MB116 = { "warning", "A custom property is read and given by nothing.", "Write its name as it is given, or a value behind it: var(--name, 1rem)." },
  MB117 = { "warning", "A style names a file that is not there.", "Put it into assets/ and name it by its file name." },
  MB118 = { "warning", "The ring around what has the focus is taken away.", "Who works by keyboard sees by it where he is: keep it, or draw another in the same rule (outline, box-shadow, border, background)." },
  MB119 = { "warning", "A browser leaves out this declaration.", "Write the property's name and its value as CSS has them." },

  MB122 = { "warning", "An asset is used by nothing.", "Delete it, or use asset(\"name\") or url(name)." },
  MB123 = { "warning", "A setting is read by nothing.", "Delete it from theme.lua, or read it: {{ setting(\"name\") }}." },
  MB124 = { "warning", "A component or layout is used by nothing.", "Delete it, or use it." },
}
