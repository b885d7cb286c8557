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

/** How a search for a hash begins, after the searcher: no bound of size, type 9. */
const FOR_HASH = "F?T?0?9?TTH:";

/** `$Search ip:port pattern` (active) or `$Search Hub:nick pattern` (passive), without the command. */
export function parseSearch(rest: string): Search | undefined {
  const blank = rest.indexOf(" ");
  const searcher = parseSearcher(rest.slice(0, Math.max(blank, 0)));
  if (!searcher || !/^\S/.test(rest.slice(blank + 1, blank + 2))) return undefined;
  const long = `$Search ${rest}`;
  if (!rest.startsWith(FOR_HASH, blank + 1)) return { searcher, long };
  const hash = rest.slice(blank + 1 + FOR_HASH.length);
  if (!/^[A-Z2-7]{39}$/.test(hash)) return { searcher, long };
  const short =
    "nick" in searcher
      ? `$SP ${hash} ${searcher.nick}`
      : `$SA ${hash} ${searcher.ip}:${searcher.port}`;
  return { searcher, long, short };
}

/** `Hub:nick` or `ip:port` */
function parseSearcher(who: string): Searcher | undefined {
  if (/\s/.test(who)) return undefined;
  if (who.startsWith("Hub:") && who.length > 4) return { nick: who.slice(4) };
  const colon = who.lastIndexOf(":");
  const port = who.slice(colon + 1);
  return colon > 0 && /^\d{1,5}$/.test(port) ? { ip: who.slice(0, colon), port } : undefined;
}

/** `$SA hash ip:port` or `$SP hash nick`, without the command. */
export function parseShortSearch(command: "SA" | "SP", rest: string): Search | undefined {
  const [hash = "", who = "", extra] = rest.split(" ");
  if (extra !== undefined) return undefined;
  const search = parseSearch(`${command === "SP" ? "Hub:" : ""}${who} F?T?0?9?TTH:${hash}`);
  return search?.short === undefined ? undefined : search;
}

/**
 * `$SR source …<5>target`, without the command: who found, for whom, and the line as the target gets it: without the
 * last field.
 */
export function parseSearchResult(
  rest: string,
): { source: string; target: string; forwarded: string } | undefined {
  const [start, end] = [rest.indexOf(" "), rest.lastIndexOf("\u0005")];
  const [source, target] = [rest.slice(0, start), rest.slice(end + 1)];
  if (start < 1 || end < start + 2 || !/^\S+$/.test(target)) return undefined;
  return { source, target, forwarded: `$SR ${rest.slice(0, end)}|` };
}
