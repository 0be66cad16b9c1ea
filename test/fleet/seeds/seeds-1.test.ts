import test from "ava";
import { seedRange } from "./seed-range.ts";

seedRange(test, 1, 250);
