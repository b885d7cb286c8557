# The Node addon. It sees no Python and links none: it opens the wrapper of the Python that is wanted at run time, so the
# same file loads on every machine.

file(GLOB napi CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/../src/napi/*.cpp")
add_library(vh_python_addon MODULE ${napi} ${CMAKE_JS_SRC})
target_compile_definitions(vh_python_addon PRIVATE NAPI_VERSION=8 NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS
  # A worker that is being terminated takes no exceptions any more; without this the wrappers abort the process.
  NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS)
target_include_directories(vh_python_addon SYSTEM PRIVATE ${CMAKE_JS_INC})
target_link_libraries(vh_python_addon PRIVATE vh_common Threads::Threads ${CMAKE_DL_LIBS} ${CMAKE_JS_LIB})
set_target_properties(vh_python_addon PROPERTIES OUTPUT_NAME vh_python PREFIX "" SUFFIX .node)
if(APPLE)
  target_link_options(vh_python_addon PRIVATE -undefined dynamic_lookup)
else()
  # Threads of scripts outlive the worker that loaded it, and with that Node's hold on it.
  target_link_options(vh_python_addon PRIVATE LINKER:-z,nodelete)
endif()
