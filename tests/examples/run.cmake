# cmake -DPROGRAM=... -DEXPECTED=... -P run.cmake: the program must print exactly the text of the file.
execute_process(COMMAND ${PROGRAM} RESULT_VARIABLE status OUTPUT_VARIABLE output)
file(READ "${EXPECTED}" expected)
if(NOT status EQUAL 0 OR NOT output STREQUAL expected)
  message(FATAL_ERROR "status ${status}, output:\n${output}\nexpected:\n${expected}")
endif()
