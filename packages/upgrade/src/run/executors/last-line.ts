/** What a program said last, short enough for a message. */
export const lastLine = (text: string): string =>
  text.trimEnd().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
