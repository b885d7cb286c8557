/**
 * The grammar of searches and their results, as pure functions: `$Search`, the short forms `$SA` and `$SP` of the
 * extension TTHS, and `$SR`.
 * @packageDocumentation
 */

/** Who asks: an active user by address, a passive one by nick. */
export type Searcher = { nick: string } | { ip: string; port: string };

/** A search, in the forms that clients understand; lines without their `|`. */
export interface Search {
  searcher: Searcher;
  /** `$Search …` */
  long: string;
  /** `$SA …` or `$SP …`; undefined when the search is for something else than a hash. */
  short?: string;
}

/** Who asks, and either a hash (no bound of size, type 9) or anything else that is no blank. */
const SEARCH = /^(?:Hub:(\S+)|(\S+):(\d{1,5})) (?:F\?T\?0\?9\?TTH:([A-Z2-7]{39})$|\S)/;

/** `$Search ip:port pattern` (active) or `$Search Hub:nick pattern` (passive), without the command. */
export function parseSearch(rest: string): Search | undefined {
  const match = SEARCH.exec(rest);
  if (!match) return undefined;
  const [, nick, ip = "", port = "", hash] = match;
  const searcher = nick === undefined ? { ip, port } : { nick };
  const long = `$Search ${rest}`;
  if (hash === undefined) return { searcher, long };
  const short = nick === undefined ? `$SA ${hash} ${ip}:${port}` : `$SP ${hash} ${nick}`;
  return { searcher, long, short };
}

/** `$SA hash ip:port` or `$SP hash nick`, without the command. */
export function parseShortSearch(command: "SA" | "SP", rest: string): Search | undefined {
  const [hash = "", who = "", extra] = rest.split(" ");
  if (extra !== undefined) return undefined;
  const search = parseSearch(`${command === "SP" ? "Hub:" : ""}${who} F?T?0?9?TTH:${hash}`);
  return search?.short === undefined ? undefined : search;
}

const RESULT = "$SR ";

/** `$SR source …<5>target`: who found, for whom, and the line as the target gets it: without the last field. */
export function parseSearchResult(
  line: string,
): { source: string; target: string; forwarded: string } | undefined {
  const [start, end] = [line.indexOf(" ", RESULT.length), line.lastIndexOf("\u0005")];
  const [source, target] = [line.slice(RESULT.length, start), line.slice(end + 1)];
  if (start <= RESULT.length || end < start + 2 || !/^\S+$/.test(target)) return undefined;
  return { source, target, forwarded: `${line.slice(0, end)}|` };
}
