# cmake -DHOW=... -DSOURCE=... -DBUILD=... -DWORK=... [-DVERSION=...] [-DREFUSED=ON] -P run.cmake
# Configures, builds and runs the consumer project; with REFUSED its configuration must fail on the version.
function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${what} failed:\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK}")
set(compiler "-DCMAKE_CXX_COMPILER=${CXX}")
if(HOW STREQUAL "copied")  # include/ is all that is needed
  file(MAKE_DIRECTORY "${WORK}")
  file(COPY "${SOURCE}/include" DESTINATION "${WORK}")
  run("compiling" "${CXX}" -std=c++20 -fno-rtti -I "${WORK}/include" "${SOURCE}/tests/consumer/main.cpp"
      "${SOURCE}/tests/consumer/other.cpp" -o "${WORK}/consumer")
  run("running" "${WORK}/consumer")
  return()
endif()
if(HOW STREQUAL "installed")
  run("installing" "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/prefix")
endif()
set(configure "${CMAKE_COMMAND}" -S "${SOURCE}/tests/consumer" -B "${WORK}/build" "${compiler}" "-DHOW=${HOW}"
    "-DVERSION=${VERSION}" "-DEVENDRAW_SOURCE=${SOURCE}" "-DCMAKE_PREFIX_PATH=${WORK}/prefix")
if(REFUSED)
  execute_process(COMMAND ${configure} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(status EQUAL 0 OR NOT output MATCHES "compatible with requested")
    message(FATAL_ERROR "version ${VERSION} was not refused:\n${output}")
  endif()
  return()
endif()
run("configuring" ${configure})
run("building" "${CMAKE_COMMAND}" --build "${WORK}/build")
run("running" "${WORK}/build/consumer")
