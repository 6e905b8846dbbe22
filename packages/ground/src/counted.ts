/**
 * A number with its noun: `1 node`, `3 nodes`.
 *
 * @param many - the form for every number but 1. @default the noun with an s
 * @example counted(2, 'device is', 'devices are') // '2 devices are'
 */
export const counted = (count: number, noun: string, many = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : many}`;
