// Builds the addon and the wrapper of the default Python, or with --all of every suitable Python, into build/Release.
import { buildNative } from "./common.mjs";

buildNative({ options: { VH_ALL_PYTHONS: process.argv.includes("--all") ? "ON" : "OFF" } });
