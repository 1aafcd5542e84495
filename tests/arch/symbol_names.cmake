cmake_minimum_required(VERSION 3.20)

# Every symbol of the core is called after its file (tls_session.c exports tls_…;
# base/ may say ls_), or it is declared in the header of that file, where the
# texts of its enums live. topology_yaml_print.c shares topology_yaml.h.
execute_process(COMMAND ${NM} --defined-only --extern-only ${LIBRARY}
                OUTPUT_VARIABLE output ERROR_QUIET
                COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" lines "${output}")

function(is_declared symbol stem result)
  set(${result} FALSE PARENT_SCOPE)
  while(TRUE)
    file(GLOB headers ${ROOT}/include/lyncsim/${stem}.h
         ${ROOT}/sim/*/${stem}.h)
    foreach(header IN LISTS headers)
      file(READ ${header} text)
      if(text MATCHES "[^a-z0-9_]${symbol}[(]")
        set(${result} TRUE PARENT_SCOPE)
        return()
      endif()
    endforeach()
    if(NOT stem MATCHES "^(.+)_[a-z0-9]+$")
      return()
    endif()
    set(stem ${CMAKE_MATCH_1})
  endwhile()
endfunction()

set(faults "")
set(count 0)
foreach(line IN LISTS lines)
  if(line MATCHES "^([a-z0-9_]+)[.]c[.]o:$")
    set(stem ${CMAKE_MATCH_1})
    string(REGEX MATCH "^[a-z0-9]+" word ${stem})
  elseif(line MATCHES " [TDBRC] ([A-Za-z_][A-Za-z0-9_]*)$")
    set(symbol ${CMAKE_MATCH_1})
    math(EXPR count "${count} + 1")
    if(symbol MATCHES "^(ls|${word})_")
      continue()
    endif()
    is_declared(${symbol} ${stem} declared)
    if(NOT declared)
      string(APPEND faults "\n${stem}.c exports ${symbol}")
    endif()
  endif()
endforeach()

if(count EQUAL 0)
  message(FATAL_ERROR "There is no symbol in ${LIBRARY}.")
endif()
if(NOT faults STREQUAL "")
  message(FATAL_ERROR "Symbols that are not called after their file:${faults}")
endif()
