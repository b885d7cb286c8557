// Loading, unloading and ending, in good order and in bad.
#include <climits>
#include <filesystem>
#include <fstream>

#include "c_api.h"

namespace vh::test {
namespace {

bool exists(const std::string& path) {
  return std::filesystem::exists(path);
}

}  // namespace

TEST_CASE_FIXTURE(CApi, "a script sees what it was loaded with") {
  const int id = load("");
  CHECK(run(id, "(vh.myid, vh.botname, vh.opchatname, vh.basedir, vh.starttime, vh.config_name)") ==
        "(" + std::to_string(id) + ", 'Bot', 'OpChat', '/etc/hub', 1234.0, 'config')");
  CHECK(run(id, "(vh.name, __name__, vh.path == __file__)") == "('script', 'script', True)");
}

TEST_CASE_FIXTURE(CApi, "w_Load takes nulls for everything but the path") {
  const std::string path = write("");
  const int id = w_ReserveID();
  const Args args(
      w_pack("lssssls", long{id}, path.c_str(), nullptr, nullptr, nullptr, 0L, nullptr));
  CHECK(w_Load(args.get()) == id);
  CHECK(run(id, "(vh.botname, vh.basedir)") == "('', '')");
}

TEST_CASE_FIXTURE(CApi, "w_Load refuses what is no description of a script") {
  const Stderr quiet;
  const std::string path = write("");
  CHECK(w_Load(nullptr) == -1);
  CHECK(w_Load(Args(w_pack("")).get()) == -1);
  CHECK(w_Load(Args(w_pack("ls", long{w_ReserveID()}, path.c_str())).get()) == -1);
  CHECK(load_file("/nowhere/at/all.py") == -1);
  CHECK(load_file("") == -1);
  CHECK(load_file("/") == -1);
  const int id = w_ReserveID();
  const Args pathless(w_pack("lssssls", long{id}, nullptr, "", "", "", 0L, ""));
  CHECK(w_Load(pathless.get()) == -1);
  for (const long stranger : {-1L, LONG_MIN, LONG_MAX, long{id} + 1, long{id} + (1L << 32)}) {
    CAPTURE(stranger);
    const Args args(w_pack("lssssls", stranger, path.c_str(), "", "", "", 0L, ""));
    CHECK(w_Load(args.get()) == -1);
  }
  const int loaded = load("");
  CHECK(load_file(path, loaded) == -1);
  CHECK(run(loaded, "1") == "1");
}

TEST_CASE_FIXTURE(CApi, "a script that fails to load says why and leaves nothing behind") {
  struct Row {
    std::string source;
    std::string said;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"def broken(:\n", "SyntaxError"},
           {"raise SystemExit(3)\n", "SystemExit: 3"},
           {"import sys\nsys.exit()\n", "SystemExit"},
           {"raise KeyboardInterrupt\n", "KeyboardInterrupt"},
           {"import nothing_of_that_name\n", "ModuleNotFoundError"},
           {"def f(): f()\nf()\n", "RecursionError"},
           {"x = '\\xff'\nx.encode('ascii')\n", "UnicodeEncodeError"},
       }) {
    CAPTURE(row.source);
    const int id = w_ReserveID();
    std::string text;
    {
      const Stderr captured;
      CHECK(load_file(write("def OnTimer(ms): pass\n" + row.source), id) == -1);
      text = captured.text();
    }
    CHECK(text.find(row.said) != text.npos);
    CHECK(w_HasHook(id, W_OnTimer) == 0);
    CHECK(taken(w_CallHook(id, W_OnTimer, nullptr)) == "NULL");
    CHECK(w_Unload(id) == 0);
    // The number may be used again for what was to be loaded under it.
    CHECK(load("", id) == id);
  }
}

TEST_CASE_FIXTURE(CApi, "ids grow by one and are never given again") {
  const int first = w_ReserveID();
  CHECK(w_ReserveID() == first + 1);
  const int id = load("");
  CHECK(id == first + 2);
  CHECK(w_Unload(id) == 1);
  CHECK(w_ReserveID() == first + 3);
  w_End();
  CHECK(w_Begin(callbacks) == 1);
  CHECK(w_ReserveID() == first + 4);
}

TEST_CASE_FIXTURE(CApi, "unloading runs UnLoad once, and a second time finds nothing") {
  callbacks[W_mc] = say;
  const int id = load(
      "import atexit\n"
      "def UnLoad(): vh.mc('bye')\n"
      "def OnTimer(ms): pass\n");
  CHECK(w_Unload(id) == 1);
  CHECK(w_Unload(id) == 0);
  CHECK(said() == std::vector<std::string>{"mc ss(\"bye\", NULL)"});
  CHECK(w_HasHook(id, W_OnTimer) == 0);
  CHECK(taken(w_CallFunction(id, "UnLoad", nullptr)) == "NULL");
  for (const int nobody : {-1, INT_MIN, INT_MAX, w_ReserveID()}) CHECK(w_Unload(nobody) == 0);
}

TEST_CASE_FIXTURE(CApi, "an UnLoad that raises or exits does not keep the script") {
  for (const std::string body : {"1 / 0", "raise SystemExit", "UnLoad()"}) {
    CAPTURE(body);
    const int id = load("def UnLoad(): " + body + "\n");
    const Stderr quiet;
    CHECK(w_Unload(id) == 1);
    CHECK(w_Unload(id) == 0);
  }
}

TEST_CASE_FIXTURE(CApi, "the same file is two scripts when it is loaded twice") {
  const std::string path = write("count = [0]\n");
  const int a = load_file(path), b = load_file(path);
  CHECK(a != b);
  CHECK(run(a, "count.append(1)") == "None");
  CHECK(run(b, "count") == "[0]");
  CHECK(w_Unload(a) == 1);
  CHECK(run(b, "count") == "[0]");
}

TEST_CASE_FIXTURE(CApi, "w_End tells every script once, then unloads it") {
  callbacks[W_mc] = say;
  for (const std::string name : {"a", "b"})
    load("def OnUnLoad(code): vh.mc(f'" + name + " OnUnLoad {code}')\n" + "def UnLoad(): vh.mc('" +
         name + " UnLoad')\n");
  const int told = load(
      "def OnUnLoad(code): vh.mc(f'told OnUnLoad {code}')\n"
      "def UnLoad(): vh.mc('told UnLoad')\n");
  w_free_args(w_CallHook(told, W_OnUnLoad, Args(w_pack("l", 3L)).get()));
  CHECK(w_End() == 1);
  CHECK(w_End() == 1);
  std::vector<std::string> expected;
  for (const std::string text :
       {"told OnUnLoad 3", "a OnUnLoad 0", "b OnUnLoad 0", "a UnLoad", "b UnLoad", "told UnLoad"})
    expected.push_back(std::string("mc ss(\"") + text + "\", NULL)");
  CHECK(said() == expected);
  CHECK(taken(w_CallHook(told, W_OnUnLoad, nullptr)) == "NULL");
  CHECK(w_Unload(told) == 0);
}

TEST_CASE_FIXTURE(CApi, "after w_End nothing is loaded until w_Begin is called again") {
  const std::string path = write("def OnTimer(ms): return 5\n");
  CHECK(w_End() == 1);
  const Stderr quiet;
  CHECK(load_file(path) == -1);
  CHECK(w_Begin(callbacks) == 1);
  CHECK(w_Begin(callbacks) == 1);
  const int id = load_file(path);
  CHECK(taken(w_CallHook(id, W_OnTimer, Args(w_pack("d", 1.0)).get())) == "l(5)");
}

TEST_CASE_FIXTURE(CApi, "an interpreter ends with its script") {
  const std::string flag = write("") + ".ended";
  const int id =
      load("import atexit\natexit.register(lambda: open('" + flag + "', 'w').close())\n");
  CHECK_FALSE(exists(flag));
  CHECK(w_Unload(id) == 1);
  CHECK(exists(flag));
}

TEST_CASE_FIXTURE(CApi, "output reaches the process's streams, errors included") {
  const Stderr captured;
  load("import sys\nsys.stderr.write('to stderr\\npartial')\n");
  CHECK(captured.text() == "to stderr\n");
  CHECK(w_End() == 1);
  CHECK(captured.text() == "to stderr\npartial\n");
}

TEST_CASE_FIXTURE(CApi, "an On function that is no hook is warned of, with the nearest name") {
  const Stderr captured;
  load("def OnParsedMesgChat(nick, msg): pass\n");
  CHECK(captured.text().find("did you mean OnParsedMsgChat?") != std::string::npos);
}

TEST_CASE_FIXTURE(CApi, "many scripts come and go") {
  for (int i = 0; i < 20; ++i) {
    const int id = load("def OnTimer(ms): return vh.myid\n");
    CHECK(taken(w_CallHook(id, W_OnTimer, Args(w_pack("d", 1.0)).get())) ==
          "l(" + std::to_string(id) + ")");
    CHECK(w_Unload(id) == 1);
  }
}

ALONE_TEST_CASE("nothing is hurt by calls before w_Begin") {
  const Stderr quiet;
  CHECK(w_End() == 1);
  CHECK(w_Unload(0) == 0);
  CHECK(w_HasHook(0, W_OnTimer) == 0);
  CHECK(w_CallHook(0, W_OnTimer, nullptr) == nullptr);
  CHECK(w_CallFunction(0, "f", nullptr) == nullptr);
  CHECK(w_GetHook(W_OnTimer) == nullptr);
  CHECK(w_RegisterFunction(0, "f", CApi::say) == 0);
  CHECK(w_UnregisterFunction(0, "f") == 0);
  CHECK(taken(w_pack("ls", 1L, "text")) == "ls(1, \"text\")");
  const int id = w_ReserveID();
  CHECK(id == 0);
  CHECK(CApi::load_file("/nowhere.py", id) == -1);
  CHECK(w_RegisterFunction(id, "f", CApi::say) == 1);

  CApi hub;
  CHECK(hub.load("vh.CallDynamicFunction('f')\n", id) == id);
  CHECK(CApi::said() == std::vector<std::string>{"-1 ()"});
}

ALONE_TEST_CASE("a process may exit with scripts loaded") {
  const ScriptFile file("import threading\nthreading.Thread(target=lambda: None).start()\n");
  REQUIRE(w_Begin(nullptr) == 1);
  CHECK(CApi::load_file(file.path()) == 0);
}

ALONE_TEST_CASE("VH_SINGLE_INTERPRETER=1 loads scripts into one __main__",
                "VH_SINGLE_INTERPRETER=1") {
  CApi hub;
  hub.callbacks[W_mc] = CApi::say;
  const int a = hub.load("shared = 5\ndef OnTimer(ms): return 'a', vh.myid\n");
  const int b = hub.load("def OnTimer(ms): return 'b', vh.myid\ndef UnLoad(): vh.mc('b')\n");
  CHECK(CApi::run(b, "shared") == "5");
  const Args args(w_pack("d", 1.0));
  CHECK(taken(w_CallHook(a, W_OnTimer, args.get())) == "sl(\"a\", " + std::to_string(a) + ")");
  CHECK(taken(w_CallHook(b, W_OnTimer, args.get())) == "sl(\"b\", " + std::to_string(b) + ")");
  CHECK(w_Unload(a) == 1);
  CHECK(CApi::run(b, "'shared' in globals()") == "False");
  CHECK(taken(w_CallHook(b, W_OnTimer, args.get())) == "sl(\"b\", " + std::to_string(b) + ")");
  CHECK(w_End() == 1);
  CHECK(CApi::said() == std::vector<std::string>{"mc ss(\"b\", NULL)"});
}

ALONE_TEST_CASE("VH_SINGLE_INTERPRETER=0 is no single interpreter", "VH_SINGLE_INTERPRETER=0") {
  CApi hub;
  hub.load("shared = 5\n");
  CHECK(CApi::run(hub.load(""), "shared").starts_with("NameError"));
}

}  // namespace vh::test
