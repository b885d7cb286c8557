/** What `vh-python register` takes from its command line and from standard input. */
import { describe, expect, it } from "vitest";
import { parseOptions, UsageError } from "../../lib/cli/options.js";
import { parsePassword } from "../../lib/cli/password.js";
import { SetupError } from "../../lib/hub/index.js";

describe("the command line", () => {
  it("names a user, a class and the hub's folder", () => {
    expect(parseOptions(["register", "Аня", "10"])).toEqual({
      command: "register",
      options: { nick: "Аня", userClass: 10 },
    });
    expect(parseOptions(["--base-dir", "x", "register", "al", "0"])).toEqual({
      command: "register",
      options: { nick: "al", userClass: 0, baseDir: "x" },
    });
  });

  it.each([
    [["register"], "register needs a nick and a class"],
    [["register", "al"], "register needs a nick and a class"],
    [["register", "a b", "3"], "Not a nick: a b"],
    [["register", "", "3"], "Not a nick: "],
    [["register", "al", "6"], "Not one of the classes 0 to 5 and 10: 6"],
    [["register", "al", "op"], "Not one of the classes 0 to 5 and 10: op"],
    [["register", "al", ""], "Not one of the classes 0 to 5 and 10: "],
    [["register", "al", "3", "--port", "1"], "register takes no --port"],
    [["run", "--metrics-port", "x"], "Not a TCP port: x"],
    [["run", "--metrics-host", "::1"], "--metrics-host needs --metrics-port"],
  ])("%j makes no sense", (args, message) => {
    const parsing = () => parseOptions(args);
    expect(parsing).toThrow(UsageError);
    expect(parsing).toThrow(message);
  });

  it("is not repeated where it may hold a password", () => {
    const parsing = () => parseOptions(["register", "al", "3", "hunter2"]);
    expect(parsing).toThrow(/^register takes a nick and a class alone$/);
  });
});

describe("a password", () => {
  it.each([
    ["s3cret", "s3cret"],
    ["s3cret\n", "s3cret"],
    [" two words \r\n", " two words "],
    ["\ufeffпароль\n", "пароль"],
    ["", ""],
    ["\n", ""],
  ])("%j is %j", (text, password) => {
    expect(parsePassword(Buffer.from(text))).toBe(password);
  });

  it.each([
    [Buffer.from("a\nb\n"), "more than one line"],
    [Buffer.from("a\n\n"), "more than one line"],
    [Buffer.from("a|b"), "cannot have a |"],
    [Buffer.from("a\tb"), "control characters"],
    [Buffer.from("p\xe4ss", "latin1"), "not UTF-8"],
  ])("is not %j", (bytes, why) => {
    const parsing = () => parsePassword(bytes);
    expect(parsing).toThrow(SetupError);
    expect(parsing).toThrow(why);
  });
});
