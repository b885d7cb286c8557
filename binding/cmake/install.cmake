# Installs the wrapper of the one Python, its headers, and what finds them: a CMake package and a pkg-config file. Both
# work from wherever the folder is moved to. No consumer needs to know Python.

string(JSON tag GET "${pythons}" tag)
set(wrapper vh_python_wrapper_${tag})
set(headers_folder "${CMAKE_INSTALL_INCLUDEDIR}/vh_python")
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/vh_python")

add_library(vh_python::wrapper ALIAS ${wrapper})
target_include_directories(${wrapper} INTERFACE
  "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:${headers_folder}>")
install(TARGETS ${wrapper} EXPORT vh_python LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY include/ DESTINATION "${headers_folder}")

include(CMakePackageConfigHelpers)
write_basic_package_version_file(vh_python-config-version.cmake COMPATIBILITY SameMajorVersion)
install(EXPORT vh_python NAMESPACE vh_python:: FILE vh_python-config.cmake DESTINATION "${package_folder}")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/vh_python-config-version.cmake" DESTINATION "${package_folder}")

set(pc_folder "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH pc_prefix "${pc_folder}" "${CMAKE_INSTALL_PREFIX}")
file(RELATIVE_PATH pc_libdir "${CMAKE_INSTALL_PREFIX}" "${CMAKE_INSTALL_FULL_LIBDIR}")
configure_file(cmake/vh_python.pc.in vh_python.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/vh_python.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

set(licences "${CMAKE_INSTALL_DATADIR}/licenses/vh_python")
install(FILES ../LICENSE DESTINATION "${licences}")
install(FILES third_party/rapidjson/LICENSE DESTINATION "${licences}" RENAME LICENSE.rapidjson)
