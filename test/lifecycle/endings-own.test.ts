import { testEndings } from "./endings.js";

testEndings("own");
