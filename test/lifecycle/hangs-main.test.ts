import { testHangs } from "./hangs.js";

testHangs("main");
