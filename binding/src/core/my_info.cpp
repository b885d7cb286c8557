#include "core/my_info.h"

#include <cstddef>

namespace vh {
namespace {

constexpr Py_ssize_t kFields = 6;

struct MyInfoObject {
  PyUnicodeObject str;
  PyObject* fields;  // a tuple of six str
};

PyObject* fields(PyObject* self) {
  return reinterpret_cast<MyInfoObject*>(self)->fields;
}

// MyINFO((nick, desc, tag, speed, email, share))
PyObject* make(PyTypeObject* type, PyObject* args, PyObject* keywords) {
  PyObject* given = nullptr;
  if (keywords && PyDict_GET_SIZE(keywords))
    return PyErr_Format(PyExc_TypeError, "MyINFO() takes no keywords");
  if (!PyArg_ParseTuple(args, "O:MyINFO", &given)) return nullptr;
  Owned six(PySequence_Tuple(given));
  if (!six) return nullptr;
  bool good = PyTuple_GET_SIZE(six.get()) == kFields;
  for (Py_ssize_t i = 0; good && i < kFields; ++i)
    good = PyUnicode_Check(PyTuple_GET_ITEM(six.get(), i));
  if (!good) return PyErr_Format(PyExc_TypeError, "MyINFO() takes six strings");
  const auto field = [&](Py_ssize_t i) { return PyTuple_GET_ITEM(six.get(), i); };
  Owned line(PyUnicode_FromFormat("$MyINFO $ALL %U %U%U$ $%U$%U$%U$", field(0), field(1), field(2),
                                  field(3), field(4), field(5)));
  Owned str_args(line ? PyTuple_Pack(1, line.get()) : nullptr);
  PyObject* self = str_args ? PyUnicode_Type.tp_new(type, str_args.get(), nullptr) : nullptr;
  if (self) reinterpret_cast<MyInfoObject*>(self)->fields = six.release();
  return self;
}

void dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  Py_XDECREF(fields(self));
  PyUnicode_Type.tp_dealloc(self);
  Py_DECREF(type);
}

PyObject* iterate(PyObject* self) {
  return PyObject_GetIter(fields(self));
}

PyObject* item(PyObject* self, Py_ssize_t index) {
  return PySequence_GetItem(fields(self), index);
}

// By int one of the fields; a slice is of the text, as of any str.
PyObject* subscript(PyObject* self, PyObject* key) {
  if (PySlice_Check(key)) return PyUnicode_Type.tp_as_mapping->mp_subscript(self, key);
  return PyObject_GetItem(fields(self), key);
}

PyObject* reduce(PyObject* self, PyObject*) {
  return Py_BuildValue("O(O)", Py_TYPE(self), fields(self));
}

PyObject* get_field(PyObject* self, void* index) {
  return Py_NewRef(PyTuple_GET_ITEM(fields(self), reinterpret_cast<Py_ssize_t>(index)));
}

void* at(Py_ssize_t index) {
  return reinterpret_cast<void*>(index);
}

PyGetSetDef kAttributes[] = {
    {"nick", get_field, nullptr, nullptr, at(0)},  {"desc", get_field, nullptr, nullptr, at(1)},
    {"tag", get_field, nullptr, nullptr, at(2)},   {"speed", get_field, nullptr, nullptr, at(3)},
    {"email", get_field, nullptr, nullptr, at(4)}, {"share", get_field, nullptr, nullptr, at(5)},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMethodDef kMethods[] = {
    {"__reduce__", reduce, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

constexpr const char* kDoc =
    "A user's MyINFO: the whole \"$MyINFO ...\" line as a str, which unpacks and indexes (by int)\n"
    "as (nick, desc, tag, speed, email, share) and has these as attributes.";

template <typename F>
void* slot(F* function) {
  return reinterpret_cast<void*>(function);
}

PyType_Slot kSlots[] = {
    {Py_tp_new, slot(make)},   {Py_tp_dealloc, slot(dealloc)},       {Py_tp_iter, slot(iterate)},
    {Py_sq_item, slot(item)},  {Py_mp_subscript, slot(subscript)},   {Py_tp_getset, kAttributes},
    {Py_tp_methods, kMethods}, {Py_tp_doc, const_cast<char*>(kDoc)}, {0, nullptr},
};

PyType_Spec kSpec = {"vh.MyINFO", sizeof(MyInfoObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                     kSlots};

}  // namespace

Owned make_my_info_class() {
  return Owned(PyType_FromSpecWithBases(&kSpec, reinterpret_cast<PyObject*>(&PyUnicode_Type)));
}

}  // namespace vh
