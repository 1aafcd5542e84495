cmake_minimum_required(VERSION 3.20)

# Calls with a better replacement, and words that promise work. PATTERN=WHERE=
# WHY: a line of a file whose path matches WHERE must not match PATTERN.
set(call "(^|[^a-zA-Z0-9_.>])")
set(rules
  "${call}(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets) *[(]=^(include|sim)/=unbounded or unterminated: ls_buf, ls_strf"
  "${call}(atoi|atol|atoll|atof|scanf|sscanf|fscanf) *[(]=.=errors go unseen: ls_str_to_u64"
  "${call}(strtok|asctime|ctime|localtime|gmtime|strerror_r|tmpnam|mktemp|tempnam) *[(]=.=hidden state or a race"
  "${call}(system|popen|alloca|longjmp|setjmp|rand|srand|random) *[(]=.=not here"
  "${call}(malloc|calloc|realloc|strdup|strndup|asprintf) *[(]=^sim/[^b]=memory comes from base/alloc"
  "${call}(printf|puts|putchar|perror|fprintf|fputs|vfprintf) *[(]=^sim/(base|pki|sip|topology|trust|tls|trace|frontend|peer|scenario|report)/=the core does not print"
  "${call}exit *[(]=^sim/(base|pki|sip|topology|trust|tls|trace|frontend|peer|scenario|report|net)/=only app/ ends the program"
  "${call}(time|gettimeofday|clock_gettime) *[(]=^sim/(base|pki|sip|topology|trust|tls|trace|frontend|peer|scenario|report)/=time is an argument"
  "${call}(socket|connect|listen|accept|bind|recv|send|getaddrinfo) *[(]=^sim/(base|pki|sip|topology|trust|tls|trace|frontend|peer|scenario|report)/=sockets belong to net/"
  "(TODO|FIXME|(^|[^X])XXX([^X]|$))=.=an issue remembers better"
  "^(.*[^:\"'])?//=.=comments are /* */")

set(faults "")
file(GLOB_RECURSE files RELATIVE ${ROOT}
     ${ROOT}/include/*.h ${ROOT}/sim/*.c ${ROOT}/sim/*.h ${ROOT}/tests/*.c
     ${ROOT}/tests/*.h)
foreach(file IN LISTS files)
  file(READ ${ROOT}/${file} text)
  # What would split or join lines when they are a list.
  string(REGEX REPLACE "[][;]" " " text "${text}")
  string(REPLACE "\\\n" " \n" text "${text}")
  string(REPLACE "\n" ";" lines "${text}")
  foreach(rule IN LISTS rules)
    string(REGEX MATCH "^(.*)=([^=]*)=([^=]*)$" matched "${rule}")
    set(pattern "${CMAKE_MATCH_1}")
    set(where "${CMAKE_MATCH_2}")
    set(why "${CMAKE_MATCH_3}")
    if(NOT file MATCHES "${where}")
      continue()
    endif()
    set(found "${lines}")
    list(FILTER found INCLUDE REGEX "${pattern}")
    foreach(line IN LISTS found)
      # What a comment says is not called, but what it promises counts.
      if(NOT line MATCHES "^ *([*]|/[*])" OR why MATCHES "remembers")
        string(STRIP "${line}" line)
        string(APPEND faults "\n${file}: ${line}\n    ${why}")
      endif()
    endforeach()
  endforeach()
endforeach()

if(NOT faults STREQUAL "")
  message(FATAL_ERROR "What this project does without:${faults}")
endif()
