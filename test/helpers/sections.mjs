// Tables of Python sources, kept as Python: files of sections that begin with `# --- name`. For tests and the soak.
import { readFileSync } from "node:fs";
import path from "node:path";

const fixtures = path.join(import.meta.dirname, "../fixtures");

function sections(file) {
  const [, ...parts] = readFileSync(path.join(fixtures, file), "utf8").split(/^# --- /m);
  return parts.map((part) => {
    const end = part.indexOf("\n");
    return [part.slice(0, end), part.slice(end + 1)];
  });
}

/** Scripts that leave threads behind, by what these do. Their hub has mc and pm. */
export const LIVE = Object.fromEntries(
  ["working", "waiting", "io", "pools"].flatMap((file) => sections(`live/${file}.py`)),
);

/** Scripts with a function hang() that never returns, by where it hangs: in lines marked "here". */
export const HANGS = Object.fromEntries(sections("hangs.py"));
