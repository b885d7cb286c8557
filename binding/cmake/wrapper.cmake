# The wrapper library of one Python, its native tests and its fuzzers.

set(VH_BINDING "${CMAKE_CURRENT_LIST_DIR}/..")

# Sets `result` to a list with the JSON of each Python to build for.
function(vh_find_pythons result)
  set(search "${VH_BINDING}/find-python.sh")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${search}")
  if(VH_PYTHON)
    set(ENV{VH_PYTHON} "${VH_PYTHON}")
  else()
    set(ENV{VH_PYTHON} "")
  endif()
  set(all)
  if(VH_ALL_PYTHONS)
    set(all --all)
  endif()
  execute_process(
    COMMAND sh "${search}" ${all}
    OUTPUT_VARIABLE found ERROR_VARIABLE problem RESULT_VARIABLE status
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${problem}")
  endif()
  string(REPLACE "\n" ";" found "${found}")
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

function(vh_add_wrapper python)
  foreach(field version tag executable library include)
    string(JSON ${field} GET "${python}" ${field})
  endforeach()
  cmake_path(GET library PARENT_PATH library_folder)
  set(out "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/${tag}")
  message(NOTICE "Python ${version}: ${executable}")
  if(NOT VH_PREBUILD)
    file(WRITE "${out}/python.json" "${python}\n")
    set(default_executable "${executable}")
  endif()

  file(GLOB sources CONFIGURE_DEPENDS "${VH_BINDING}/src/core/*.cpp" "${VH_BINDING}/src/capi/*.cpp")
  add_library(vh_objects_${tag} OBJECT ${sources})
  target_compile_definitions(vh_objects_${tag} PRIVATE
    VH_PYTHON_EXECUTABLE="${default_executable}"
    $<$<BOOL:${PYTHON_USE_SINGLE_INTERPRETER}>:PYTHON_USE_SINGLE_INTERPRETER>)
  target_compile_options(vh_objects_${tag} PRIVATE -fno-plt) # most calls go to libpython: 3% of a vh call
  target_include_directories(vh_objects_${tag} SYSTEM PUBLIC "${include}")
  target_link_libraries(vh_objects_${tag} PUBLIC vh_common "${library}" Threads::Threads ${CMAKE_DL_LIBS})

  # No version in its name: binaries that were built for the original ask for this one.
  add_library(vh_python_wrapper_${tag} SHARED)
  target_link_libraries(vh_python_wrapper_${tag} PRIVATE vh_objects_${tag})
  set_target_properties(vh_python_wrapper_${tag} PROPERTIES
    OUTPUT_NAME vh_python_wrapper PREFIX lib SUFFIX .so EXPORT_NAME wrapper
    LIBRARY_OUTPUT_DIRECTORY "${out}" BUILD_RPATH "${library_folder}" INSTALL_RPATH "${library_folder}")
  if(NOT APPLE)
    # The list keeps instances of std:: templates, which no visibility flag hides, out of other plugins' way.
    set(exports "${VH_BINDING}/cmake/exports.map")
    target_link_options(vh_python_wrapper_${tag} PRIVATE
      "LINKER:--version-script=${exports}" LINKER:--exclude-libs,ALL)
    if(NOT VH_SANITIZE) # Clang leaves the sanitizer's functions to the program
      target_link_options(vh_python_wrapper_${tag} PRIVATE LINKER:-z,defs)
    endif()
    set_target_properties(vh_python_wrapper_${tag} PROPERTIES LINK_DEPENDS "${exports}")
  endif()

  if(VH_BUILD_TESTS)
    file(GLOB tests CONFIGURE_DEPENDS "${VH_BINDING}/../test/native/*.cpp")
    vh_add_program(vh_python_tests ${tests})
    target_include_directories(vh_python_tests_${tag} SYSTEM PRIVATE "${VH_BINDING}/third_party/doctest")
  endif()

  if(VH_BUILD_FUZZERS)
    file(GLOB fuzzers CONFIGURE_DEPENDS "${VH_BINDING}/../test/fuzz/*.cpp")
    foreach(fuzzer IN LISTS fuzzers)
      cmake_path(GET fuzzer STEM name)
      vh_add_program(fuzz_${name} "${fuzzer}")
      target_link_options(fuzz_${name}_${tag} PRIVATE -fsanitize=fuzzer)
    endforeach()
  endif()
endfunction()

# A program that has core and C API in it, and so reaches what the library does not export.
macro(vh_add_program name)
  add_executable(${name}_${tag} ${ARGN})
  if(VH_SANITIZE)
    target_sources(${name}_${tag} PRIVATE "${VH_BINDING}/../test/sanitizers/python_allocator.cpp")
  endif()
  target_link_libraries(${name}_${tag} PRIVATE vh_objects_${tag})
  set_target_properties(${name}_${tag} PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY "${out}" BUILD_RPATH "${library_folder}")
endmacro()
