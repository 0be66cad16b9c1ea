/**
 * What of a status may be new: "words", which say how the machine stands, or only "counts", which go on with each change of data. A
 * machine with much to do is spared the status that nobody reads.
 */
export type StatusNews = "words" | "counts";
