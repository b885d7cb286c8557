// ScriptCommand and ScriptQuery: scripts talk to each other, and to a hub in C.
#include "c_api.h"

namespace vh::test {
namespace {

std::vector<int> g_scripts;

// The hub distributes the command itself, to all scripts.
w_Targs* distribute(int, w_Targs* args) {
  for (const int script : g_scripts) w_free_args(w_CallHook(script, W_OnScriptCommand, args));
  return w_pack("l", 1L);
}

constexpr char kListener[] =
    "heard = []\n"
    "def OnScriptCommand(cmd, data, plugin, script): heard.append((cmd, data, plugin, script))\n";

}  // namespace

TEST_CASE_FIXTURE(CApi, "without a slot the core hands a command to every script, the caller too") {
  const int a = load(kListener), b = load(kListener);
  CHECK(run(a, "vh.ScriptCommand('c', 'd')") == "True");
  CHECK(run(a, "heard == [('c', 'd', '', vh.path)]") == "True");
  CHECK(run(b, "[h[:3] for h in heard]") == "[('c', 'd', '')]");
  CHECK(run(a, "heard[0][3]") == run(b, "heard[0][3]"));
  CHECK(run(b, "vh.ScriptCommand('c', 'd', 'p', 's')") == "True");
  CHECK(run(a, "heard[1]") == "('c', 'd', 'p', 's')");
}

TEST_CASE_FIXTURE(CApi, "a hub that distributes a command itself does it alone") {
  callbacks[W_ScriptCommand] = distribute;
  g_scripts = {load(kListener), load(kListener)};
  CHECK(run(g_scripts[0], "vh.ScriptCommand('c', 'd')") == "True");
  for (const int script : g_scripts) CHECK(run(script, "len(heard)") == "1");
}

TEST_CASE_FIXTURE(CApi, "a hub that only listens leaves the distribution to the core") {
  callbacks[W_ScriptCommand] = say;
  const int a = load(kListener), b = load(kListener);
  CHECK(run(a, "vh.ScriptCommand('c', 'd', 'p', 's')") == "True");
  CHECK(said() == std::vector<std::string>{"ScriptCommand ssss(\"c\", \"d\", \"p\", \"s\")"});
  for (const int script : {a, b}) CHECK(run(script, "len(heard)") == "1");
}

TEST_CASE_FIXTURE(CApi, "the hub gets the caller's path when no script is named") {
  callbacks[W_ScriptCommand] = say;
  const int id = load("");
  run(id, "vh.ScriptCommand('c', 'd')");
  const std::string path = run(id, "vh.path");
  CHECK(said() == std::vector<std::string>{"ScriptCommand ssss(\"c\", \"d\", \"\", \"" +
                                           path.substr(1, path.size() - 2) + "\")"});
}

TEST_CASE_FIXTURE(CApi, "a command that breeds commands is a RecursionError") {
  const int id = load(
      "errors = []\n"
      "def OnScriptCommand(*args):\n"
      "    try: vh.ScriptCommand('c', 'd')\n"
      "    except RecursionError as error: errors.append(str(error))\n");
  const Stderr quiet;
  CHECK(run(id, "vh.ScriptCommand('c', 'd')") == "True");
  CHECK(run(id, "len(errors) > 0") == "True");
}

TEST_CASE_FIXTURE(CApi, "a query is answered by the scripts, never by the hub") {
  callbacks[W_ScriptQuery] = say;
  const int a = load("def name_and_version(): return 'Asker', '1'\n");
  load(
      "def name_and_version(): return 'First', '1'\n"
      "def OnScriptQuery(cmd, data, recipient, sender): return f'{cmd} {data} {recipient}'\n");
  load(
      "vh.name_and_version('Second', '2')\n"
      "def OnScriptQuery(cmd): return 'second caf\\udce9' if cmd == 'q' else None\n");
  CHECK(run(a, "vh.ScriptQuery('q', 'd')") == "['q d ', 'second caf\\udce9']");
  CHECK(run(a, "vh.ScriptQuery('q', 'd', 'First')") == "['q d First']");
  CHECK(run(a, "vh.ScriptQuery('q', 'd', 'nobody')") == "[]");
  CHECK(run(a, "vh.ScriptQuery('_get_script_name', '')") == "['Asker', 'First', 'Second']");
  CHECK(run(a, "[(n, t) for n, p, t in vh.ScriptQuery('x', 'd', verbose=True)]") ==
        "[('First', 'x d ')]");
  CHECK(said().empty());
}

TEST_CASE_FIXTURE(CApi, "a plugin asks by w_CallHook") {
  const int id = load("def OnScriptQuery(cmd, data, recipient, sender): return cmd + data\n");
  const Args args(w_pack("ssss", "c", "d", "", "plugin"));
  CHECK(taken(w_CallHook(id, W_OnScriptQuery, args.get())) == "s(\"cd\")");
}

}  // namespace vh::test
