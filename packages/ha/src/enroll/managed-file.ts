import { createHash } from 'node:crypto';
import { frozenText } from './frozen-text.ts';

/** The owner of a file, as its first lines tell. */
export type FileOwner =
  | { readonly state: 'absent' }
  /** This package wrote it, and it is unchanged. */
  | { readonly state: 'ours'; readonly digest: string; readonly model: unknown }
  /** This package wrote it, and it was changed since. */
  | { readonly state: 'edited'; readonly digest: string }
  | { readonly state: 'foreign'; readonly digest: string }
  /** It could not be read. */
  | { readonly state: 'unseen'; readonly why: string };

const MARK = '# Written by groundcrew; what is changed here by hand is kept from being overwritten.';
const MODEL = '# groundcrew-model ';
const DIGEST = '# groundcrew-digest ';
/** A script has to begin with its interpreter. */
const SHEBANG = /^#!.*\n/;

/**
 * A configuration with its mark: what it was made from, so that more can be added to it later without reading the
 * program's own language, and a digest, so that changes by hand are seen. The model holds no secret.
 */
export function sealed(kind: string, model: unknown, body: string): string {
  const [shebang = ''] = SHEBANG.exec(body) ?? [];
  const rest = body.slice(shebang.length);
  const told = inLines(frozenText({ kind, model }));
  return `${shebang}${MARK}\n${told}${DIGEST}${digestOf(`${shebang}${told}${rest}`)}\n\n${rest}`;
}

/** The owner of the text. */
export function ownerOf(kind: string, text: string): FileOwner {
  const digest = digestOf(text);
  const [shebang = ''] = SHEBANG.exec(text) ?? [];
  const lines = text.slice(shebang.length).split('\n');
  if (lines[0] !== MARK) return { state: 'foreign', digest };
  const at = lines.findIndex((line) => line.startsWith(DIGEST));
  const told = lines.slice(1, Math.max(1, at)).map((line) => `${line}\n`);
  const rest = lines.slice(at + 2).join('\n');
  if (lines[at + 1] !== '' || lines[at] !== `${DIGEST}${digestOf(`${shebang}${told.join('')}${rest}`)}`)
    return { state: 'edited', digest };
  const parsed = JSON.parse(told.map((line) => line.slice(MODEL.length, -1)).join('')) as {
    readonly kind?: unknown;
    readonly model?: unknown;
  };
  return parsed.kind === kind ? { state: 'ours', digest, model: parsed.model } : { state: 'foreign', digest };
}

/** keepalived reads lines of at most 1023 bytes, and takes what is beyond for the next line, comment or not. */
const inLines = (text: string): string =>
  (text.match(/.{1,100}/gu) ?? []).map((piece) => `${MODEL}${piece}\n`).join('');

export const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
