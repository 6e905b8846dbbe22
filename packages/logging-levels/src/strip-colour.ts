/**
 * A line without the sequences that colour a terminal, move its cursor or set its title (ECMA-48: CSI, OSC, and those of two
 * characters). Every repetition is bounded, so that no line takes more than linear time.
 */
export const stripColour = (line: string): string =>
  // Looking for the escape is cheaper than for the sequences, which few lines have.
  line.includes('\u001B') ? line.replaceAll(SEQUENCE, '') : line;

const SEQUENCE =
  // oxlint-disable-next-line no-control-regex
  /\u001B(?:\[[0-?]{0,64}[ -/]{0,4}[@-~]|\][^\u0007\u001B]{0,2048}(?:\u0007|\u001B\\)|[@-Z\\^_])/g;
