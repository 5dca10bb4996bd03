# For find_package(SequraPos). It gives two targets to link with:
#
#     SequraPos::cpp         #include <sequra_pos.hpp>, and the library
#     SequraPos::SequraPos   #include <sequra_pos.h>, and the library
#
# The library is looked for beside this package: in the prefix where it was installed, or in the
# repository that it is in. SequraPos_LIBRARY says otherwise: a shared library, a static one, or on
# Windows the import library.

# PREFIX/lib/cmake/SequraPos, or bindings/cpp/cmake.
get_filename_component(SequraPos_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

find_path(SequraPos_INCLUDE_DIR sequra_pos.hpp HINTS "${SequraPos_PREFIX}/include" NO_DEFAULT_PATH)
find_library(SequraPos_LIBRARY NAMES sequra_pos sequra_pos.dll
  HINTS "${SequraPos_PREFIX}/lib" "${SequraPos_PREFIX}/lib64" "${SequraPos_PREFIX}/target/release")
mark_as_advanced(SequraPos_INCLUDE_DIR SequraPos_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SequraPos
  REQUIRED_VARS SequraPos_LIBRARY SequraPos_INCLUDE_DIR VERSION_VAR SequraPos_VERSION)
if(NOT SequraPos_FOUND OR TARGET SequraPos::SequraPos)
  return()
endif()

add_library(SequraPos::SequraPos UNKNOWN IMPORTED)
set_target_properties(SequraPos::SequraPos PROPERTIES
  IMPORTED_LOCATION "${SequraPos_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${SequraPos_INCLUDE_DIR}")
if(SequraPos_LIBRARY MATCHES "[.]a$" AND NOT SequraPos_LIBRARY MATCHES "[.]dll[.]a$")
  # A static library needs from the system what the shared one asks for by itself.
  set_target_properties(SequraPos::SequraPos PROPERTIES
    INTERFACE_COMPILE_DEFINITIONS SQ_STATIC
    INTERFACE_LINK_LIBRARIES "${CMAKE_DL_LIBS};pthread;m")
endif()

add_library(SequraPos::cpp INTERFACE IMPORTED)
set_target_properties(SequraPos::cpp PROPERTIES INTERFACE_LINK_LIBRARIES SequraPos::SequraPos)
