import { isUtf8 } from 'node:buffer';
import type { OperationSpec } from '../record/operation.ts';
import { isShape } from '../record/shape.ts';

/**
 * The entity that an answer has in its headers. Metadata that a client has given is text in UTF-8, of which `fetch` makes a
 * character of each byte; its names have no case, and come out in small letters.
 */
export function fieldsOfHeaders(
  { output, outputHeaders = '' }: OperationSpec,
  headers: Headers,
): Record<string, unknown> {
  const names = output !== undefined && isShape(output) ? Object.keys(output.fields) : [];
  const fields = names.flatMap((name): [string, unknown][] => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  const prefix = outputHeaders.toLowerCase();
  const metadata = [...headers]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]): [string, string] => [name.slice(prefix.length), textOf(value)]);
  return Object.fromEntries([...fields, ['metadata', Object.fromEntries(metadata)]]);
}

/** What a client sent in UTF-8; what is no UTF-8 stays as it is. */
function textOf(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}

/** Text as a header carries it: each byte of its UTF-8 is a character. */
export const headerText = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
