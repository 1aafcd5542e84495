cmake_minimum_required(VERSION 3.20)

# Arrows point one way: a folder includes from the folders to its left and its
# own, and each library is known in its folders only.
#   base < pki, sip < topology < trust < tls < trace < frontend, peer
#        < scenario < report < net < app
set(rank_base 0)
set(rank_pki 1)
set(rank_sip 1)
set(rank_topology 2)
set(rank_trust 3)
set(rank_tls 4)
set(rank_trace 5)
set(rank_frontend 6)
set(rank_peer 6)
set(rank_scenario 7)
set(rank_report 8)
set(rank_net 9)
set(rank_app 10)

# Headers without a .c file.
set(folder_of_byte_set base)
set(folder_of_wire base)

# PATTERN=FILES: where a header of a library may stand. The first match counts.
set(libraries
  "^openssl/ssl[.]h$=^sim/tls/"
  "^openssl/crypto[.]h$=^sim/(base/library_memory[.]c$|pki/|trust/|tls/)"
  "^openssl/=^sim/(pki|trust|tls)/"
  "^osip=^sim/sip/"
  "^uv[.]h$=^sim/net/"
  "^libfyaml[.]h$=^sim/base/yaml_events[.]c$"
  "^jansson[.]h$=^sim/(base/library_memory[.]c$|topology/|report/)"
  "^expat[.]h$=^sim/topology/import_xml[.]c$"
  "^idn2[.]h$=^sim/(topology|trust)/"
  "^argp[.]h$=^sim/app/"
  "^libwebsockets=^sim/web/"
  "^pcap=^sim/trace/")

set(faults "")

file(GLOB sources RELATIVE ${ROOT} ${ROOT}/sim/*/*.c)
foreach(source IN LISTS sources)
  get_filename_component(stem ${source} NAME_WE)
  get_filename_component(folder ${source} DIRECTORY)
  get_filename_component(folder ${folder} NAME)
  set(folder_of_${stem} ${folder})
endforeach()

function(check_own file folder header)
  get_filename_component(stem ${header} NAME_WE)
  set(other "${folder_of_${stem}}")
  if(other STREQUAL "" OR other STREQUAL folder)
    return()
  endif()
  if(NOT rank_${other} LESS rank_${folder})
    set(faults "${faults}\n${file}: ${folder}/ must not include "
               "\"${header}\" of ${other}/")
    string(CONCAT faults ${faults})
    set(faults "${faults}" PARENT_SCOPE)
  endif()
endfunction()

function(check_library file header)
  foreach(row IN LISTS libraries)
    string(FIND ${row} "=" split)
    string(SUBSTRING ${row} 0 ${split} pattern)
    math(EXPR split "${split} + 1")
    string(SUBSTRING ${row} ${split} -1 files)
    if(header MATCHES "${pattern}")
      if(NOT file MATCHES "${files}")
        set(faults "${faults}\n${file}: <${header}> is for ${files} only"
            PARENT_SCOPE)
      endif()
      return()
    endif()
  endforeach()
endfunction()

file(GLOB files RELATIVE ${ROOT}
     ${ROOT}/include/lyncsim/*.h ${ROOT}/sim/*/*.h ${ROOT}/sim/*/*.c)
foreach(file IN LISTS files)
  get_filename_component(stem ${file} NAME_WE)
  get_filename_component(folder ${file} DIRECTORY)
  get_filename_component(folder ${folder} NAME)
  if(folder STREQUAL "lyncsim")
    set(folder "${folder_of_${stem}}")
  endif()
  if(folder STREQUAL "")
    continue()
  endif()
  file(STRINGS ${ROOT}/${file} lines REGEX "^ *# *include")
  foreach(line IN LISTS lines)
    if(line MATCHES "\"lyncsim/([a-z0-9_]+[.]h)\"")
      check_own(${file} ${folder} ${CMAKE_MATCH_1})
    elseif(line MATCHES "\"([^\"]+)\"")
      if(NOT EXISTS ${ROOT}/sim/${folder}/${CMAKE_MATCH_1})
        set(faults "${faults}\n${file}: \"${CMAKE_MATCH_1}\" is not in "
                   "sim/${folder}")
        string(CONCAT faults ${faults})
      endif()
    elseif(line MATCHES "<([^>]+)>")
      check_library(${file} ${CMAKE_MATCH_1})
    endif()
  endforeach()
endforeach()

if(NOT faults STREQUAL "")
  message(FATAL_ERROR "Includes that point the wrong way:${faults}")
endif()
