# The wrapper library of one Python, and its native tests.

set(VH_BINDING "${CMAKE_CURRENT_LIST_DIR}/..")

# Sets `result` to a list with the JSON of each Python to build for.
function(vh_find_pythons result)
  set(search "${VH_BINDING}/find-python.sh")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${search}")
  set(ENV{VH_PYTHON} "${VH_PYTHON}")
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

  file(GLOB core CONFIGURE_DEPENDS "${VH_BINDING}/src/core/*.cpp")
  add_library(vh_core_${tag} OBJECT ${core})
  target_compile_definitions(vh_core_${tag} PRIVATE VH_PYTHON_EXECUTABLE="${default_executable}")
  target_include_directories(vh_core_${tag} SYSTEM PUBLIC "${include}")
  target_link_libraries(vh_core_${tag} PUBLIC vh_common "${library}" Threads::Threads ${CMAKE_DL_LIBS})

  file(GLOB capi CONFIGURE_DEPENDS "${VH_BINDING}/src/capi/*.cpp")
  add_library(vh_capi_${tag} OBJECT ${capi})
  target_link_libraries(vh_capi_${tag} PUBLIC vh_core_${tag})

  add_library(vh_python_wrapper_${tag} SHARED)
  target_link_libraries(vh_python_wrapper_${tag} PRIVATE vh_core_${tag} vh_capi_${tag})
  set_target_properties(vh_python_wrapper_${tag} PROPERTIES
    OUTPUT_NAME vh_python_wrapper PREFIX lib SUFFIX .so
    LIBRARY_OUTPUT_DIRECTORY "${out}" BUILD_RPATH "${library_folder}")
  if(NOT APPLE)
    # The list keeps instances of std:: templates, which no visibility flag hides, out of other plugins' way.
    set(exports "${VH_BINDING}/cmake/exports.map")
    target_link_options(vh_python_wrapper_${tag} PRIVATE
      "LINKER:--version-script=${exports}" LINKER:--exclude-libs,ALL LINKER:-z,defs)
    set_target_properties(vh_python_wrapper_${tag} PROPERTIES LINK_DEPENDS "${exports}")
  endif()

  if(VH_BUILD_TESTS)
    file(GLOB tests CONFIGURE_DEPENDS "${VH_BINDING}/../test/native/*.cpp")
    add_executable(vh_python_tests_${tag} ${tests})
    target_link_libraries(vh_python_tests_${tag} PRIVATE vh_core_${tag} vh_capi_${tag})
    target_include_directories(vh_python_tests_${tag} SYSTEM PRIVATE "${VH_BINDING}/third_party/doctest")
    set_target_properties(vh_python_tests_${tag} PROPERTIES
      OUTPUT_NAME vh_python_tests RUNTIME_OUTPUT_DIRECTORY "${out}" BUILD_RPATH "${library_folder}")
  endif()
endfunction()
