# cmake -DSOURCE=... -P readme.cmake: the README shows the quickstart as it is, with what it prints.
file(READ "${SOURCE}/README.md" readme)
foreach(part examples/quickstart.cpp tests/examples/quickstart.txt)
  file(READ "${SOURCE}/${part}" text)
  string(FIND "${readme}" "${text}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "README.md does not hold ${part} word for word")
  endif()
endforeach()
