cmake_minimum_required(VERSION 3.20)

# Is ./dev a POSIX script that knows each verb its help names, and refuses
# others?
execute_process(COMMAND sh -n ${ROOT}/dev COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${ROOT}/dev help OUTPUT_VARIABLE help
                COMMAND_ERROR_IS_FATAL ANY)
file(READ ${ROOT}/dev script)
foreach(verb demo test build lint fuzz coverage bench clean)
  if(NOT help MATCHES "\n  ${verb} ")
    message(FATAL_ERROR "./dev help does not name ${verb}.")
  endif()
  if(NOT script MATCHES "\nverb_${verb}[(][)] {")
    message(FATAL_ERROR "./dev has no verb_${verb}().")
  endif()
endforeach()

execute_process(COMMAND ${ROOT}/dev frobnicate RESULT_VARIABLE result
                ERROR_VARIABLE error OUTPUT_QUIET)
if(NOT result EQUAL 2 OR NOT error MATCHES "there is no verb \"frobnicate\"")
  message(FATAL_ERROR "./dev frobnicate ends with ${result}: ${error}")
endif()
