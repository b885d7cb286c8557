#include "core/my_info.h"

namespace vh {
namespace {

constexpr const char* kSource = R"(
class MyINFO(str):
    """A user's MyINFO: the whole "$MyINFO ..." line as a str, which unpacks and indexes
    as (nick, desc, tag, speed, email, share) and has these as attributes."""

    __slots__ = ("_fields",)
    __module__ = "vh"

    def __new__(cls, fields):
        nick, desc, tag, speed, email, share = fields
        self = str.__new__(cls, f"$MyINFO $ALL {nick} {desc}{tag}$ ${speed}${email}${share}$")
        self._fields = tuple(fields)
        return self

    def __iter__(self):
        return iter(self._fields)

    def __getitem__(self, index):
        return str(self)[index] if isinstance(index, slice) else self._fields[index]

    def __reduce__(self):
        return MyINFO, (self._fields,)

    def __str__(self):
        return "".join(("", str.__str__(self)))

    nick = property(lambda self: self._fields[0])
    desc = property(lambda self: self._fields[1])
    tag = property(lambda self: self._fields[2])
    speed = property(lambda self: self._fields[3])
    email = property(lambda self: self._fields[4])
    share = property(lambda self: self._fields[5])
)";

}  // namespace

Owned make_my_info_class() {
  Owned scope(PyDict_New());
  if (!scope || PyDict_SetItemString(scope.get(), "__builtins__", PyEval_GetBuiltins()) < 0)
    return Owned();
  Owned defined(PyRun_String(kSource, Py_file_input, scope.get(), scope.get()));
  return defined ? Owned::borrow(PyDict_GetItemString(scope.get(), "MyINFO")) : Owned();
}

}  // namespace vh
