import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';

/** The part of a file that was not read, since it was too much. */
export interface Unread {
  /** Lines of which only the first 65,536 characters were taken. */
  longLines: number;
  /** It unpacks to more than a gibibyte: the rest was not read. */
  tooLarge: boolean;
}

/** The lines of a file, gzip's too, some at a time, in bounded memory whatever is in it; `unread` tells what was left out. */
export async function* readLines(
  file: string,
  unread: Unread,
  signal: AbortSignal | undefined,
): AsyncGenerator<string[]> {
  const isPacked = file.endsWith('.gz');
  const stream = isPacked ? unpack(file) : createReadStream(file);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let cut = false;
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      bytes += chunk.length;
      if (isPacked && bytes > MOST_UNPACKED) {
        unread.tooLarge = true;
        return;
      }
      const lines: string[] = [];
      const parts = decoder.write(chunk).split('\n');
      for (const [index, part] of parts.entries()) {
        // Past the bound nothing is added, so that no line takes more memory than that.
        if (!cut) {
          rest += part;
          if (rest.length > LONGEST_LINE) {
            rest = rest.slice(0, LONGEST_LINE);
            cut = true;
            unread.longLines += 1;
          }
        }
        if (index === parts.length - 1) break;
        lines.push(rest);
        rest = '';
        cut = false;
      }
      if (lines.length > 0) yield lines;
    }
    rest += cut ? '' : decoder.end();
    if (rest !== '') yield [rest];
  } finally {
    stream.destroy();
  }
}

function unpack(file: string) {
  // The error of either end comes out of the reading of the last stream.
  return pipeline(createReadStream(file), createGunzip(), () => {});
}

const LONGEST_LINE = 65_536;
const MOST_UNPACKED = 2 ** 30;
