// Writes the reference of vh's functions and constants, from the native tables, between its markers in
// docs/script-authors.md, or in the file that is named.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format, resolveConfig } from "prettier";
import { loadNative } from "../dist/native.js";
import { root } from "./common.mjs";

const BEGIN = "<!-- vh-reference:begin -->";
const END = "<!-- vh-reference:end -->";
const MEANINGS = {
  eCR_: "why a connection is closed",
  eBOT_: "what IsRobotNickBad says",
  eBF_: "what a ban goes by; bits, which combine",
  eIT_: "the type of a configuration variable, in OnSetConfig",
  eUC_: "user classes",
  eMF_: "the flag of a MyINFO; bits",
  eUR_: "what a user may be kept from; bits",
};

function signature({ name, parameters, result }) {
  const list = parameters.map(({ name, type, default: value }) => {
    if (type === "object") return `*${name}`;
    return `${name}: ${type}${value === undefined ? "" : ` = ${value}`}`;
  });
  return `${name}(${list.join(", ")}) -> ${result}`;
}

function constants(table) {
  const names = Object.keys(table);
  const prefixes = new Set(names.map((name) => name.slice(0, name.indexOf("_") + 1)));
  return [...prefixes].map((prefix) => {
    const meaning = MEANINGS[prefix];
    if (meaning === undefined) throw new Error(`say in MEANINGS what the constants ${prefix}* are`);
    const members = names.filter((name) => name.startsWith(prefix));
    const list = members.map((name) => `${name.slice(prefix.length)} ${table[name]}`);
    return `- \`${prefix}\`, ${meaning}: ${list.join(", ")}`;
  });
}

/** Text that markdown and its formulas are to leave as it is. */
function plain(text) {
  return text.replace(/[\\`*$]/g, "\\$&");
}

function reference(tables) {
  const functions = tables.functions.map((row) => `- \`${signature(row)}\`: ${plain(row.doc)}`);
  return [
    ...functions,
    "",
    "The constants are ints; `vh.eCR_KICKED` is 2, and so on:",
    "",
    ...constants(tables.constants),
  ].join("\n");
}

const file = process.argv[2] ?? path.join(root, "docs", "script-authors.md");
const text = readFileSync(file, "utf8");
const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
if (begin < 0 || end < begin) throw new Error(`${file} lacks ${BEGIN} … ${END}`);
const written =
  text.slice(0, begin + BEGIN.length) + `\n\n${reference(loadNative().tables)}\n` + text.slice(end);
const style = await resolveConfig(path.join(root, "docs", "script-authors.md"));
writeFileSync(file, await format(written, { ...style, parser: "markdown" }));
