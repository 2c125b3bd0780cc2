# cmake -DSOURCE=... -P readme.cmake: the README has to show the quickstart and its output as they are, and links between
# our files have to lead somewhere.
file(READ "${SOURCE}/README.md" readme)
foreach(part examples/quickstart.cpp tests/examples/quickstart.txt)
  file(READ "${SOURCE}/${part}" text)
  string(FIND "${readme}" "${text}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "README.md does not hold ${part} word for word")
  endif()
endforeach()

file(GLOB texts "${SOURCE}/*.md" "${SOURCE}/*/*.md" "${SOURCE}/.github/*.md")
foreach(text IN LISTS texts)
  file(READ "${text}" content)
  string(REPLACE "](" "LINK(" content "${content}")  # a bracket would join elements of a list
  string(REGEX MATCHALL "LINK[(][A-Za-z0-9_./-]+[)]" links "${content}")
  get_filename_component(folder "${text}" DIRECTORY)
  foreach(link IN LISTS links)
    string(REGEX REPLACE "^LINK.|.$" "" link "${link}")
    if(NOT EXISTS "${folder}/${link}")
      message(SEND_ERROR "${text} links to ${link}, which is not there")
    endif()
  endforeach()
endforeach()
