/**
 * Tells whether a text has a control character (Unicode's Cc: those of ASCII, DEL, and the 32 behind it), which ends a line,
 * a header or a string elsewhere. For what is refused; what is shown goes through `visible`.
 *
 * @example hasControls('a\r\nBcc: b'); // true
 */
export const hasControls = (text: string): boolean => CONTROL.test(text);

const CONTROL = /\p{Cc}/u;
