import { open, readFile } from 'node:fs/promises';
import { parseArguments } from '@groundcrew/ground';
import * as z from 'zod';

const Entry = z.looseObject({
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** The component that was tested: `keystone`. */
  target: z.string().min(1),
  /** `kill`, `freeze`, `partition`, … and of whom: `kill haproxy on lb-1`. */
  fault: z.string().min(1),
  healed: z.boolean(),
  /** Milliseconds; `atMost` includes what the sampling could have missed. */
  downtime: z.object({ ms: z.number().min(0), atMost: z.number().min(0) }),
  mttr: z.number().min(0).optional(),
  /** Times as long as before, in the recovery period. */
  degradation: z.number().optional(),
});

/** One drill, as it is kept. Members beyond these are kept, too. */
export type DrillEntry = Readonly<z.output<typeof Entry>>;

export interface DrillRecords {
  readonly entries: readonly DrillEntry[];
  /** Lines that could not be read; 1 is the first. A history with such lines does not tell that nothing has got worse. */
  readonly unreadable: readonly number[];
}

/** A comparison of one drill with earlier drills of the same target and fault. */
export interface Regression {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly because: string;
  /** Milliseconds; the median of the earlier ones that are compared with. */
  readonly usual: number | undefined;
}

export interface DrillHistory {
  /** Durable when it resolves. */
  append(entry: DrillEntry): Promise<void>;
  /** An absent file is an empty history. */
  read(): Promise<DrillRecords>;
  /** Has it got worse than it was in earlier drills? See `compareDrill`. */
  check(entry: DrillEntry): Promise<Regression>;
}

/**
 * The drills of one's stack, as lines of JSON in a file that only grows. Whoever was killed while writing leaves half a
 * line, which is told as unreadable, and costs nothing else.
 *
 * @example
 * const history = drillHistory('/var/lib/groundcrew/drills.jsonl');
 * const { verdict, because } = await history.check(entry);
 */
export function drillHistory(path: string): DrillHistory {
  const history: DrillHistory = {
    async append(entry) {
      const line = JSON.stringify(parseArguments('drillHistory.append', Entry, entry));
      const file = await open(path, 'a+', 0o600);
      try {
        // Behind half a line of somebody who died, a new one begins.
        const { size } = await file.stat();
        const last = Buffer.alloc(1);
        if (size > 0) await file.read(last, 0, 1, size - 1);
        const torn = size > 0 && last.toString('latin1') !== '\n';
        await file.appendFile(`${torn ? '\n' : ''}${line}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      return recordsIn(text);
    },
    check: async (entry) => compareDrill(entry, await history.read()),
  };
  return history;
}

function recordsIn(text: string): DrillRecords {
  const entries: DrillEntry[] = [];
  const unreadable: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = Entry.safeParse(jsonOf(line));
    if (parsed.success) entries.push(parsed.data);
    else unreadable.push(index + 1);
  }
  return { entries, unreadable };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Fewer earlier drills than this say nothing about what is usual. */
const ENOUGH = 3;
/** The number of the latest earlier drills that count: a stack changes. */
const LATEST = 10;
/** Times the usual downtime, and milliseconds beyond it, that are no regression. */
const WORSE = 1.5;
const NOTICED = 500;

/**
 * Compares a drill with the ten latest earlier ones of the same target and fault. It is worse if it did not heal and
 * they did, or if its downtime exceeds their median by more than half and by more than half a second, by what is
 * certain of it: its error bar is in its favour.
 */
export function compareDrill(entry: DrillEntry, { entries, unreadable }: DrillRecords): Regression {
  const earlier = entries
    .filter(({ target, fault, at }) => target === entry.target && fault === entry.fault && at < entry.at)
    .slice(-LATEST);
  const healed = earlier.filter((drill) => drill.healed).map(({ downtime }) => downtime.atMost);
  const usual = healed.toSorted((a, b) => a - b)[Math.floor(healed.length / 2)];
  if (!entry.healed && usual !== undefined)
    return { verdict: 'fail', because: `it did not heal; ${healed.length} earlier drills did`, usual };
  if (earlier.length < ENOUGH || usual === undefined)
    return {
      verdict: 'unknown',
      because: `${healed.length} earlier drills healed; at least ${ENOUGH} are needed to know what is usual`,
      usual,
    };
  const { ms } = entry.downtime;
  const told = `down for ${Math.round(ms)} ms; usually ${Math.round(usual)} ms at most`;
  if (ms > usual * WORSE && ms > usual + NOTICED) return { verdict: 'fail', because: told, usual };
  if (unreadable.length > 0)
    return { verdict: 'unknown', because: `${unreadable.length} lines of the history cannot be read`, usual };
  return { verdict: 'pass', because: told, usual };
}
