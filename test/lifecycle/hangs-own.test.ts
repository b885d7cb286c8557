import { testHangs } from "./hangs.js";

testHangs("own");
