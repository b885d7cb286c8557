/** Child processes that scripts make, and the standard library in a script. */
import { expect, test } from "vitest";
import { run, survives, type Body } from "../helpers/child.js";

survives(
  "os.fork beside interpreters other than the main one, which CPython cannot do: an exception",
  {
    "of a script in an interpreter of its own, and of one in the main": ({
      load,
      chat,
      errors,
      assert,
    }) => {
      for (const interpreter of ["own", "main"] as const) {
        const script = load(
          `
        import os
        def OnParsedMsgChat(nick, msg): os.fork()
        def OnUserLogin(nick): os.forkpty()
      `,
          { interpreter },
        );
        assert.equal(chat().allowed, true);
        script.host.dispatch("OnUserLogin", "alice");
        assert.deepEqual(errors.splice(0), [
          "RuntimeError OnParsedMsgChat",
          "RuntimeError OnUserLogin",
        ]);
        script.unload();
      }
    },
  },
);

/** In the main interpreter, and with no other: what may be forked. It prints what it found out. */
const FORKS: Record<string, { body: Body<[]>; says: string }> = {
  "a child that returns from the hook ends, and never returns into the hub": {
    body: ({ facade, fs, write }) => {
      const host = new facade.ScriptHost();
      host.load(
        write(`
        import os
        def OnParsedMsgChat(nick, msg):
            pid = os.fork()
            if pid == 0:
                open("child", "w").write("was here")
                return 0
            _, status = os.waitpid(pid, 0)
            assert os.waitstatus_to_exitcode(status) == 0, status
            return 1
      `),
        { interpreter: "main" },
      );
      console.log(host.dispatch("OnParsedMsgChat", "a", "b").allowed);
      console.log(fs.readFileSync("child", "utf8"));
    },
    says: "true\nwas here\n",
  },

  "a child that raises, exits, forks again, makes threads, calls vh": {
    body: ({ facade, fs, write }) => {
      const host = new facade.ScriptHost({
        hub: {
          Topic: () => {
            console.log("never");
            return "x";
          },
        },
      });
      const script = host.load(
        write(`
        import os, sys, threading, vh
        def child(what):
            if what == "raise": raise ValueError
            if what == "exit": sys.exit(3)
            if what == "fork": return os.fork()
            if what == "thread":
                t = threading.Thread(target=len, args=([],))
                t.start()
                t.join()
            if what in ("vh", "query"):
                try: said = vh.Topic() if what == "vh" else vh.ScriptQuery("a", "b")
                except RuntimeError as e: said = str(e)
                with open(what, "w") as f: f.write(said)
            if what == "_exit": os._exit(5)
        def f(what):
            pid = os.fork()
            if pid == 0: return child(what)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        def UnLoad(): print("UnLoad")
      `),
        { interpreter: "main" },
      );
      for (const what of ["raise", "exit", "fork", "thread", "_exit", "vh", "query"])
        console.log(what, script.call("f", what));
      for (const what of ["vh", "query"])
        console.log(fs.readFileSync(what, "utf8").includes("fork"));
    },
    says: "raise 1\nexit 3\nfork 0\nthread 0\n_exit 5\nvh 0\nquery 0\ntrue\ntrue\nUnLoad\n",
  },

  "a child at load, in a nested hook, in UnLoad, and one that outlives its parent's call": {
    body: ({ facade, write, sleep, fs }) => {
      const host = new facade.ScriptHost();
      const script = host.load(
        write(`
        import os, time, vh
        def fork(mark):
            if os.fork() == 0:
                time.sleep(0.05)
                open(mark, "w").close()
                return True
        fork("load")
        def OnScriptCommand(cmd): fork("nested")
        def OnParsedMsgChat(nick, msg): vh.ScriptCommand("x", "y")
        def UnLoad(): fork("unload")
      `),
        { interpreter: "main" },
      );
      host.dispatch("OnParsedMsgChat", "a", "b");
      script.unload();
      return sleep(500).then(() => {
        for (const mark of ["load", "nested", "unload"]) console.log(mark, fs.existsSync(mark));
      });
    },
    says: "load true\nnested true\nunload true\n",
  },
};

for (const [name, { body, says }] of Object.entries(FORKS))
  test(`os.fork in the main interpreter alone: ${name}`, async () => {
    expect(await run(body, [], { bare: true })).toMatchObject({
      code: 0,
      signal: null,
      stdout: says,
    });
  });

survives("other processes", {
  "subprocess.run, Popen, os.system, shell": ({ assert, load }) => {
    const script = load(`
      import os, subprocess, sys
      def f():
          return [subprocess.run(["echo", "a"], capture_output=True, text=True).stdout,
                  subprocess.check_output("echo $((1+1))", shell=True, text=True),
                  os.system("exit 3") >> 8, os.popen("echo p").read(),
                  subprocess.run([sys.executable, "-c", "import ssl, sqlite3; print(6*7)"],
                                 capture_output=True, text=True).stdout]
      def late():
          try: subprocess.run(["sleep", "60"], timeout=0.05)
          except subprocess.TimeoutExpired: return "TimeoutExpired"
      def missing():
          try: subprocess.run(["no-such-program"])
          except FileNotFoundError: return "FileNotFoundError"
    `);
    assert.deepEqual(script.call("f"), ["a\n", "2\n", 3, "p\n", "42\n"]);
    assert.equal(script.call("late"), "TimeoutExpired");
    assert.equal(script.call("missing"), "FileNotFoundError");
  },

  "sys.executable is the real Python, not Node": ({ assert, load, host }) => {
    const script = load(`
      import os, subprocess, sys
      def f():
          version = subprocess.run([sys.executable, "--version"], capture_output=True, text=True).stdout
          return [version.strip(), os.path.basename(sys.executable), sys.prefix == sys.base_prefix, sys.argv]
    `);
    const [version, name, same, argv] = script.call("f") as [string, string, boolean, unknown];
    assert.equal(version, `Python ${host.pythonVersion}`);
    assert.match(name, /^python/);
    assert.deepEqual([same, Array.isArray(argv)], [true, true]);
  },

  "multiprocessing with spawn, of a module beside the script": ({ assert, load, write }) => {
    write("def square(x): return x * x", "helper_module.py");
    const script = load(`
      import multiprocessing, os, sys
      sys.path.insert(0, os.path.dirname(__file__))
      import helper_module
      def f():
          context = multiprocessing.get_context("spawn")
          with context.Pool(2) as pool:
              return pool.map(helper_module.square, range(5))
    `);
    assert.deepEqual(script.call("f"), [0, 1, 4, 9, 16]);
  },

  "concurrent.futures with processes by spawn": ({ assert, load, write }) => {
    write("def cube(x): return x ** 3", "helper_cube.py");
    const script = load(`
      import concurrent.futures, multiprocessing
      import helper_cube
      def f():
          context = multiprocessing.get_context("spawn")
          with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
              return list(pool.map(helper_cube.cube, range(3)))
    `);
    assert.deepEqual(script.call("f"), [0, 1, 8]);
    script.unload();
  },
});

/** What opens windows or browsers, runs something by being imported, or is not for this platform. */
const NOT_IMPORTED =
  /^(antigravity|this|idlelib|turtledemo|turtle|tkinter|_tkinter|lib2to3|__main__|test|nt|winreg|winsound|msvcrt|msilib|_win.*|_msi|_overlapped|_scproxy|_wmi|_ios_support|_android_support|ntpath)$/;

for (const interpreter of ["own", "main"] as const)
  test(`every module of the standard library imports: interpreter ${interpreter}`, async () => {
    const end = await run(
      ({ assert, load }, interpreter, notImported) => {
        for (let turn = 0; turn < 2; turn++) {
          const script = load(
            `
            import importlib, re, sys, warnings
            warnings.simplefilter("ignore")
            def imports(skip):
                failed = []
                for name in sorted(sys.stdlib_module_names):
                    if re.match(skip, name): continue
                    try: importlib.import_module(name)
                    except BaseException as e: failed.append(f"{name}: {type(e).__name__}: {e}")
                return failed
            def works():
                import ctypes, datetime, decimal, hashlib, json, sqlite3, ssl, zlib
                db = sqlite3.connect(":memory:")
                db.create_function("twice", 1, lambda x: x * 2)
                array = (ctypes.c_int * 3)(3, 1, 2)
                compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
                ctypes.CDLL(None).qsort(array, 3, ctypes.sizeof(ctypes.c_int), compare(lambda a, b: a[0] - b[0]))
                return [db.execute("select twice(21)").fetchone()[0], list(array), str(decimal.Decimal(1) / 8),
                        bool(ssl.create_default_context()), hashlib.sha256(b"").hexdigest()[:8],
                        zlib.decompress(zlib.compress(b"z")).decode(), datetime.date(2000, 1, 1).isoformat()]
          `,
            { interpreter: interpreter as "own" },
          );
          const failed = (script.call("imports", notImported) as string[]).filter(
            // A Python may have been built without what needs a library that was not there.
            (text) =>
              !/ModuleNotFoundError: No module named '_(dbm|gdbm|curses|curses_panel|lzma|bz2|uuid|tkinter|readline)'/.test(
                text,
              ) && !/^(_\\w+|readline|ossaudiodev|spwd|nis): ModuleNotFoundError/.test(text),
          );
          assert.deepEqual(failed, []);
          assert.deepEqual(script.call("works"), [
            42,
            [1, 2, 3],
            "0.125",
            true,
            "e3b0c442",
            "z",
            "2000-01-01",
          ]);
          script.unload();
        }
      },
      [interpreter, NOT_IMPORTED.source],
      { deadline: 50, bare: true },
    );
    expect(end).toMatchObject({ code: 0, signal: null });
  });
