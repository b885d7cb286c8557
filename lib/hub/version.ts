/**
 * Who this software is.
 * @packageDocumentation
 */
import { readFileSync } from "node:fs";

const PACKAGE = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { version: string };

/** The software's name and version: "vh-python 1.2.3". */
export const SOFTWARE = `vh-python ${PACKAGE.version}`;
