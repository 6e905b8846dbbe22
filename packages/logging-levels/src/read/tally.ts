import type { Gap } from '@groundcrew/core';
import { gap } from '../log-files.ts';
import type { LogRecord } from '../parse.ts';
import type { LogFormat } from './log-format.ts';
import type { ReadPart } from './stream-records.ts';

/** What was read of one file, stream or journal. */
export interface SourceReport {
  readonly source: string;
  readonly records: number;
  /** The number of messages in each format. */
  readonly formats: Readonly<Partial<Record<LogFormat, number>>>;
  /** Lines that belong to no message. */
  readonly strays: number;
}

interface CountedPart extends ReadPart {
  records: number;
  readonly formats: Partial<Record<LogFormat, number>>;
}

/** Counts what comes out of the sources. */
export class Tally {
  readonly gaps: Gap[] = [];
  readonly #parts = new Map<string, CountedPart>();

  part(name: string): ReadPart {
    return this.#of(name);
  }

  async *counting(some: AsyncIterable<LogRecord> | Iterable<LogRecord>): AsyncGenerator<LogRecord> {
    for await (const record of some) {
      const part = this.#of(record.source ?? '');
      part.records += 1;
      const format = record.format ?? 'oslo';
      part.formats[format] = (part.formats[format] ?? 0) + 1;
      yield record;
    }
  }

  report(): { readonly sources: readonly SourceReport[]; readonly gaps: readonly Gap[] } {
    const parts = [...this.#parts];
    return {
      sources: parts.map(([source, { records: count, formats, strays }]) => ({
        source,
        records: count,
        formats: { ...formats },
        strays,
      })),
      gaps: [...this.gaps, ...parts.flatMap(([name, part]) => gapsOf(name, part))],
    };
  }

  #of(name: string): CountedPart {
    const known = this.#parts.get(name);
    if (known !== undefined) return known;
    const part: CountedPart = {
      records: 0,
      formats: {},
      strays: 0,
      dropped: 0,
      longLines: 0,
      tooLarge: false,
      failure: undefined,
    };
    this.#parts.set(name, part);
    return part;
  }
}

function gapsOf(name: string, part: ReadPart & { readonly records: number }): Gap[] {
  const { failure, strays, dropped, longLines, tooLarge, records: count } = part;
  const gaps: Gap[] = [];
  if (failure !== undefined)
    gaps.push(gap(name, 'failed', failure, 'Is the file whole, and readable for this user?'));
  if (strays > 0)
    gaps.push(
      gap(
        name,
        count === 0 ? 'unsupported' : 'cut',
        count === 0
          ? `none of its ${strays} lines has a form that is known`
          : `${strays} lines belong to no message`,
        'Give `format` what the configuration of the service has, or let it use the JSON formatter.',
      ),
    );
  const lost = [
    dropped > 0 && `${dropped} lines of very long messages were not kept`,
    longLines > 0 && `${longLines} lines were read to their 65,536th byte only`,
    tooLarge && 'it unpacks to more than 1 GiB, and was read to there only',
  ];
  for (const why of lost)
    if (why !== false) gaps.push(gap(name, 'cut', why, 'Look at these lines yourself.'));
  return gaps;
}
