/** One secret in one encoding. */
export interface Canary {
  /** What it is, for whoever reads that it got out. */
  readonly what: string;
  /** The text that holds it. */
  readonly text: string;
}

/** A number as letters, so that no two canaries have the same text and a word of letters stays one. */
export function lettersOf(index: number): string {
  let letters = '';
  for (let rest = index, turn = 0; turn < 3; turn += 1) {
    letters = String.fromCodePoint(97 + (rest % 26)) + letters;
    rest = Math.floor(rest / 26);
  }
  return letters;
}

/** As Python's `urllib.parse.quote` writes it into a URL. */
export const inUrl = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27');
/** A text as it stands in a string of JSON. */
export const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
/** As Python writes it between single quotes. */
export const inPython = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", String.raw`\'`)
    .replaceAll('\n', String.raw`\n`);
/** As HTML has it, with what Django and Horizon escape. */
export const inHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What stands before the secret in what is encoded as a whole. */
export const BEFORE_IN_BASE64 = {
  basic: 'demo:',
  userData: '#cloud-config\nchpasswd: {list: demo:',
  script: '#!/bin/sh\necho demo:',
  claim: '{"sub":"',
} as const;

/** Every secret of the canaries has one of these, in whichever encoding; what they mean stands nowhere else. */
const LEAK = new RegExp(
  [
    'c4n4ry',
    'zanzi',
    'пароль',
    inUrl('пар'),
    String.raw`\\u043f\\u0430`,
    'Qz9',
    'krax',
    'qwen',
    'zork',
    ...Object.values(BEFORE_IN_BASE64).map((text) =>
      base64(text)
        .slice(text.length > 12 ? 14 : 0, -4)
        .replaceAll('+', String.raw`\+`),
    ),
  ].join('|'),
);

/** What of a secret is in a text, with what stands around it; `undefined` if it has none. */
export function leakIn(text: string): string | undefined {
  const index = LEAK.exec(text)?.index;
  return index === undefined ? undefined : text.slice(Math.max(0, index - 120), index + 120);
}
