#include "capi/args.h"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "capi/json_builder.h"

namespace vh::capi {
namespace {

constexpr bool is_letter(char c) {
  return c == 'l' || c == 's' || c == 'd' || c == 'p' || c == 'D' || c == 'L' || c == 'O';
}

bool is_text(char letter) {
  return letter == 's' || letter == 'D';
}

// ---- The layout of a block ----

constexpr std::size_t kElements = offsetof(w_Targs, args);

std::size_t packing_at(std::size_t count) {
  return kElements + count * sizeof(w_Telement);
}
std::size_t format_at(std::size_t count) {
  return packing_at(count) + sizeof(Packing);
}
// Aligned for pointers: the texts begin with the arrays of "L".
std::size_t texts_at(std::size_t count) {
  const std::size_t end = format_at(count) + count + 1;
  return (end + alignof(char*) - 1) / alignof(char*) * alignof(char*);
}

// Puts elements into a block one by one, each with its letter: a call to copy a format of one or
// two letters takes longer than they do.
class Elements {
 public:
  Elements(char* block, std::size_t count, Packing packing)
      : args_(reinterpret_cast<w_Targs*>(block)), letters_(block + format_at(count)) {
    block[packing_at(count)] = static_cast<char>(packing);
    letters_[count] = '\0';
    args_->format = letters_;
  }
  void put(const w_Telement& element) {
    args_->args[size_] = element;
    letters_[size_++] = element.type;
  }
  w_Targs* args() const { return args_; }

 private:
  w_Targs* args_;
  char* letters_;
  std::size_t size_ = 0;
};

// Null when memory is short.
char* allocate(std::size_t count, std::size_t texts) {
  return static_cast<char*>(std::malloc(texts_at(count) + texts));
}

// ---- Packing ----

// Reads one element of the variable arguments.
w_Telement read_element(char letter, std::va_list* values) {
  w_Telement element{};
  element.type = letter;
  switch (letter) {
    case 'l':
      element.l = va_arg(*values, long);
      break;
    case 'd':
      element.d = va_arg(*values, double);
      break;
    case 'L':
      element.L = va_arg(*values, char**);
      break;
    case 'O':
      element.O = va_arg(*values, PyObject*);
      break;
    case 'p':
      element.p = va_arg(*values, void*);
      break;
    default:
      element.s = va_arg(*values, char*);
  }
  return element;
}

std::size_t length_of(char* const* list) {
  std::size_t length = 0;
  while (list[length]) ++length;
  return length;
}

// The arrays of all lists come first, then the characters of all texts.
struct Room {
  std::size_t pointers = 0, characters = 0;

  void add(const w_Telement& element) {
    if (is_text(element.type) && element.s) characters += std::strlen(element.s) + 1;
    if (element.type != 'L' || !element.L) return;
    pointers += length_of(element.L) + 1;
    for (char** text = element.L; *text; ++text) characters += std::strlen(*text) + 1;
  }
};

class TextCopier {
 public:
  TextCopier(char* texts, const Room& room)
      : pointer_(reinterpret_cast<char**>(texts)),
        character_(texts + room.pointers * sizeof(char*)) {}

  void copy(w_Telement& element) {
    if (is_text(element.type) && element.s) element.s = copy(element.s);
    if (element.type != 'L' || !element.L) return;
    char** list = pointer_;
    for (char** text = element.L; *text; ++text) *pointer_++ = copy(*text);
    *pointer_++ = nullptr;
    element.L = list;
  }

 private:
  char* copy(const char* text) {
    const std::size_t size = std::strlen(text) + 1;
    char* copied = character_;
    std::memcpy(copied, text, size);
    character_ += size;
    return copied;
  }

  char** pointer_;
  char* character_;
};

w_Targs* pack_as_given(std::string_view letters, std::va_list* values, Packing packing) {
  char* block = allocate(letters.size(), 0);
  if (!block) return nullptr;
  Elements elements(block, letters.size(), packing);
  for (const char letter : letters) elements.put(read_element(letter, values));
  return elements.args();
}

w_Targs* pack_copied(std::string_view letters, std::va_list* values) {
  SmallArray<w_Telement, 8> given(letters.size());
  Room room;
  for (const char letter : letters) room.add(given.emplace(read_element(letter, values)));
  char* block = allocate(letters.size(), room.pointers * sizeof(char*) + room.characters);
  if (!block) return nullptr;
  TextCopier copier(block + texts_at(letters.size()), room);
  Elements elements(block, letters.size(), Packing::Copied);
  for (std::size_t i = 0; i < letters.size(); ++i) {
    copier.copy(given[i]);
    elements.put(given[i]);
  }
  return elements.args();
}

char* duplicate(std::string_view text) {
  auto* copied = static_cast<char*>(std::malloc(text.size() + 1));
  if (!copied) return nullptr;
  std::memcpy(copied, text.data(), text.size());
  copied[text.size()] = '\0';
  return copied;
}

// ---- Values ----

// A view, where the kind has a text: the text ends with a NUL.
w_Telement to_element(const Value& value) {
  w_Telement element{};
  switch (value.kind()) {
    case Kind::Bool:
      element.type = 'l';
      element.l = value.as_bool();
      break;
    case Kind::Int:
      element.type = 'l';
      element.l = value.as_int();
      break;
    case Kind::Float:
      element.type = 'd';
      element.d = value.as_float();
      break;
    case Kind::Json:
      element.type = 'D';
      element.s = const_cast<char*>(value.bytes().data());
      break;
    case Kind::String:
      element.type = 's';
      element.s = const_cast<char*>(value.bytes().data());
      break;
    default:  // None; what C has no letter for does not get here
      element.type = 's';
  }
  return element;
}

void print_quoted(std::string& out, const char* text) {
  out += '"';
  for (; *text; ++text) {
    const auto byte = static_cast<unsigned char>(*text);
    if (byte == '"' || byte == '\\') out += '\\';
    if (byte < 0x20 || byte == 0x7F) {
      constexpr char kHex[] = "0123456789abcdef";
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += *text;
    }
  }
  out += '"';
}

template <typename... Number>
void print_number(std::string& out, Number... number) {
  char digits[40];
  out.append(digits, std::to_chars(digits, std::end(digits), number...).ptr);
}

void print(std::string& out, const w_Telement& element, char letter) {
  const bool null = letter != 'l' && letter != 'd' && !element.p;
  if (null) {
    out += "NULL";
  } else if (letter == 'l') {
    print_number(out, element.l);
  } else if (letter == 'd') {
    print_number(out, element.d);
  } else if (letter == 'L') {
    out += '[';
    for (char** text = element.L; *text; ++text) {
      if (text != element.L) out += ", ";
      print_quoted(out, *text);
    }
    out += ']';
  } else if (letter == 'D') {
    out += element.s;
  } else if (letter == 's') {
    print_quoted(out, element.s);
  } else {
    out += "0x";
    print_number(out, reinterpret_cast<std::uintptr_t>(element.p), 16);
  }
}

// Whether arguments of the format `have` can be read by the format `wanted`.
bool fits(const char* have, const char* wanted) {
  bool optional = false;
  for (; *wanted; ++wanted) {
    if (*wanted == '|') {
      if (std::exchange(optional, true)) return false;
    } else if (!is_letter(*wanted)) {
      return false;
    } else if (*have) {
      if (*have++ != *wanted) return false;
    } else if (!optional) {
      return false;
    }
  }
  return !*have;
}

// Null when the object is not of this file's making.
const char* packing_of(const w_Targs* args) {
  if (!args->format) return nullptr;
  const auto* block = reinterpret_cast<const char*>(args);
  std::size_t count = 0;
  while (is_letter(args->format[count])) ++count;  // most have one: sooner than strlen is called
  const bool is_ours = !args->format[count] && args->format == block + format_at(count);
  return is_ours ? block + packing_at(count) : nullptr;
}

}  // namespace

w_Targs* pack(const char* format, std::va_list* values, Packing packing) {
  if (!format) return nullptr;
  bool has_texts = false;
  std::size_t length = 0;
  for (; format[length]; ++length) {
    const char letter = format[length];
    if (!is_letter(letter)) return nullptr;
    has_texts |= is_text(letter) || letter == 'L';
  }
  const std::string_view letters(format, length);
  return has_texts && packing == Packing::Copied ? pack_copied(letters, values)
                                                 : pack_as_given(letters, values, packing);
}

bool unpack(const w_Targs* args, const char* format, std::va_list targets) {
  if (!args || !args->format || !format || !fits(args->format, format)) return false;
  const char* have = args->format;
  for (std::size_t i = 0; *format; ++format) {
    if (*format == '|') continue;
    const w_Telement element = have[i] ? args->args[i++] : w_Telement{};
    void* target = va_arg(targets, void*);
    if (!target) continue;
    if (*format == 'l')
      *static_cast<long*>(target) = element.l;
    else if (*format == 'd')
      *static_cast<double*>(target) = element.d;
    else
      *static_cast<void**>(target) = element.p;
  }
  return true;
}

void free_args(w_Targs* args) {
  if (!args) return;
  const char* packing = packing_of(args);
  if (packing && *packing == static_cast<char>(Packing::OnStack)) return;
  if (packing && *packing == static_cast<char>(Packing::Owning)) {
    for (std::size_t i = 0; args->format[i]; ++i) {
      w_Telement& element = args->args[i];
      if (is_text(args->format[i])) std::free(element.s);
      if (args->format[i] != 'L' || !element.L) continue;
      for (char** text = element.L; *text; ++text) std::free(*text);
      std::free(element.L);
    }
  }
  std::free(args);
}

std::string print(const w_Targs* args) {
  if (!args || !args->format) return "NULL";
  std::string out = "(";
  for (std::size_t i = 0; args->format[i]; ++i) {
    if (i) out += ", ";
    print(out, args->args[i], args->format[i]);
  }
  return out + ")";
}

w_Targs* pack_returned(const Returned& returned, long none) {
  // Nearly all return a number or nothing.
  if (!returned.is_tuple && !returned.single.is_text()) {
    const Value& value = returned.single;
    const bool is_none = value.kind() == Kind::None;
    char* block = allocate(1, 0);
    if (!block) return nullptr;
    Elements elements(block, 1, Packing::Owning);
    elements.put(to_element(is_none ? Value::integer(none) : value.borrow()));
    return elements.args();
  }
  const std::span<const Value> values =
      returned.is_tuple ? std::span<const Value>(returned.items) : std::span(&returned.single, 1);
  char* block = allocate(values.size(), 0);
  if (!block) return nullptr;
  Elements elements(block, values.size(), Packing::Owning);
  bool complete = true;
  for (const Value& value : values) {
    w_Telement element = to_element(value);
    if (is_text(element.type) && element.s) {
      element.s = duplicate(value.bytes());
      complete = complete && element.s;
    }
    elements.put(element);
  }
  if (complete) return elements.args();
  free_args(elements.args());
  return nullptr;
}

Value to_other_value(char letter, const w_Telement& element) {
  switch (letter) {
    case 'd':
      return Value::real(element.d);
    case 'p':
      return Value::integer(reinterpret_cast<std::intptr_t>(element.p));
    case 'O':
      return element.O ? Value::object(element.O) : Value();
    case 's':
      return element.s ? Value::view(element.s) : Value();
    case 'D':
      return element.s ? json_view(element.s) : Value();
    case 'L':
      return element.L ? json_of_list(element.L) : Value();
    default:
      return Value();
  }
}

ArgumentValues::ArgumentValues(const w_Targs* args) : values_(format_of(args).size()) {
  if (!args || !args->format) return;
  for (std::size_t i = 0; args->format[i]; ++i)
    values_.emplace(to_value(args->format[i], args->args[i]));
}

CallbackArguments::CallbackArguments(std::span<const Value> values) {
  const std::size_t size = texts_at(values.size());
  if (size > few_.size()) {
    many_ = std::make_unique<char[]>(size);
    block_ = many_.get();
  }
  Elements elements(block_, values.size(), Packing::OnStack);
  for (const Value& value : values) elements.put(to_element(value));
}

}  // namespace vh::capi
