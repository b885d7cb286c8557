// JSON text as a source and as a sink of events.
//
// The events are RapidJSON's, and two of ours for what Python tells apart and JSON does not:
// StartTuple and StartSet, which EndArray ends. Only sources of Python's values send them.
#pragma once

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace vh {

// A sink: JSON text, by one of RapidJSON's writers.
template <typename Writer = rapidjson::Writer<rapidjson::StringBuffer>>
class TextSink : public Writer {
 public:
  TextSink() : Writer(buffer_) {}
  bool StartTuple() { return this->StartArray(); }
  bool StartSet() { return this->StartArray(); }

  std::size_t size() const { return buffer_.GetSize(); }
  std::string_view text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  rapidjson::StringBuffer buffer_;
};

// Sends a string, or the key of an entry. False when the sink will not have it, or it is longer
// than RapidJSON can count.
template <typename Sink>
bool send_text(Sink& sink, std::string_view text, bool key = false) {
  const auto length = static_cast<rapidjson::SizeType>(text.size());
  if (length != text.size()) return false;
  return key ? sink.Key(text.data(), length, true) : sink.String(text.data(), length, true);
}

// What RapidJSON asks of a sink, but never calls here: numbers come as they were written, in
// RawNumber.
struct NumbersAsWritten {
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
};

inline bool is_integer(std::string_view number) {
  return number.find_first_of(".eE") == number.npos;
}
// None when it is beyond 64 bits.
std::optional<std::int64_t> to_integer(std::string_view number);
// None when it is too large. What is too small to tell from zero is zero.
std::optional<double> to_real(std::string_view number);

// Where a \u escape stands for half a surrogate pair whose other half is missing, or npos.
std::size_t find_lone_low_surrogate(std::string_view text);

// A source: sends what a JSON text says, and says what is wrong with it.
template <typename Sink>
rapidjson::ParseResult parse_json(std::string_view text, Sink& sink) {
  // Longer than RapidJSON can count.
  if (text.size() > std::numeric_limits<rapidjson::SizeType>::max())
    return {rapidjson::kParseErrorTermination, 0};
  // RapidJSON looks after the high ones alone.
  if (const std::size_t at = find_lone_low_surrogate(text); at != text.npos)
    return {rapidjson::kParseErrorStringUnicodeSurrogateInvalid, at};
  constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<flags>(stream, sink);
  // A NUL ends a text as far as RapidJSON can see.
  if (!result.IsError() && stream.Tell() != text.size())
    return {rapidjson::kParseErrorDocumentRootNotSingular, stream.Tell()};
  return result;
}

}  // namespace vh
