// `npm run bench:instructions`: counts the instructions of the hot paths under callgrind, and exits with 1 when a call
// costs over 5% more than counts.json says. With --update writes that file instead.
import { check, update } from "./check.mjs";

if (process.argv.includes("--update")) update();
else process.exitCode = check().every(({ passed }) => passed) ? 0 : 1;
