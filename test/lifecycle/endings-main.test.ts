import { testEndings } from "./endings.js";

testEndings("main");
