# SPDX-License-Identifier: GPL-3.0-or-later
# Turns FILES into one C table NAME[] of {path below ROOT, bytes, size} (base/embed.h).
set(table "")
set(bodies "")
set(n 0)
foreach(file ${FILES})
  file(RELATIVE_PATH path ${ROOT} ${file})
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  string(APPEND bodies "static const unsigned char f${n}[] = {\n${bytes}0};\n")
  string(APPEND table "    {\"${path}\", (const char *)f${n}, sizeof f${n} - 1},\n")
  math(EXPR n "${n} + 1")
endforeach()
file(WRITE ${OUTPUT} "/* made by core/embed.cmake */\n#include \"base/embed.h\"\n\n${bodies}
const struct embedded ${NAME}[] = {\n${table}    {0, 0, 0},\n};\n")
