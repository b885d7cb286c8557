// A Python process that reads a line of JSON from its stdin and answers with one: what most write who need no package.
// One line is under way at a time, since what calls a hook needs its answer before it goes on.
import { spawn } from "node:child_process";
import path from "node:path";
import { getUserClass } from "../peers.mjs";

export const clock = "wall";

export async function open(python) {
  const file = path.join(import.meta.dirname, "json_lines.py");
  const child = spawn(python.executable, [file], { stdio: ["pipe", "pipe", "inherit"] });
  const send = (value) => child.stdin.write(`${JSON.stringify(value)}\n`);
  let answer;
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    rest += text;
    if (!text.endsWith("\n")) return;
    const { called, result } = JSON.parse(rest);
    rest = "";
    if (called) send(getUserClass(...called));
    else answer(result);
  });
  const call = (...request) =>
    new Promise((resolve) => {
      answer = resolve;
      send(request);
    });
  return {
    hook: (nick, msg) => call("hook", nick, msg),
    ask: (n) => call("ask", n),
    echo: (value) => call("echo", value),
    close: () => child.stdin.end(),
  };
}
