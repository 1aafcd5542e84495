cmake_minimum_required(VERSION 3.20)

# Would clang-format change anything?
file(GLOB_RECURSE files ${ROOT}/include/*.h ${ROOT}/sim/*.c ${ROOT}/sim/*.h
     ${ROOT}/tests/*.c ${ROOT}/tests/*.h)
execute_process(COMMAND ${CLANG_FORMAT} --dry-run --Werror ${files}
                RESULT_VARIABLE result ERROR_VARIABLE output)
if(NOT result EQUAL 0)
  string(REGEX MATCHALL "[^\n]*error:[^\n]*" places "${output}")
  list(JOIN places "\n" places)
  message(FATAL_ERROR "clang-format -i would change:\n${places}")
endif()
