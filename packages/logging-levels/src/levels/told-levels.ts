/** What a service's log tells of its level since a place. */
export interface ToldLevels {
  /** Whether the option `debug` is on since each process last took a value for it, by process id. */
  readonly taken: ReadonlyMap<number, boolean>;
  /** Processes that wrote a line at DEBUG. */
  readonly debugging: ReadonlySet<number>;
  /** The same, of lines in a form without a process id, in their order. */
  readonly unattributed: readonly boolean[];
}

/** Reads what the script `TOLD` prints. Pure. */
export function toldLevels(output: string): ToldLevels {
  const taken = new Map<number, boolean>();
  const debugging = new Set<number>();
  const unattributed: boolean[] = [];
  for (const line of output.split('\n')) {
    const pid = Number(PID.exec(line)?.[1]);
    if (line.startsWith('debug ')) {
      if (Number.isInteger(pid)) debugging.add(pid);
      continue;
    }
    const to = CHANGED.exec(line)?.[1];
    if (to === undefined) continue;
    if (Number.isInteger(pid)) taken.set(pid, isTrue(to));
    else unattributed.push(isTrue(to));
  }
  return { taken, debugging, unattributed };
}

/** oslo.log's own format: `2026-11-30 07:00:58.123 4711 INFO oslo_config.cfg [-] Option …` (oslo_log/_options.py). */
const PID = /^\w+ [\d-]{10} [\d:.,]{8,16} (\d{1,10}) [A-Z]{1,10} /;
const CHANGED = /Option DEFAULT\.debug changed from \[\w{1,64}\] to \[(\w{1,64})\]/;

/**
 * oslo.config's words for true (`types.Boolean`). The log has the text of the file, `[false] to [true]`, and `None` for an option that is
 * not set: then it is its default, false.
 */
export const isTrue = (word: string): boolean => TRUE.has(word.toLowerCase());

const TRUE: ReadonlySet<string> = new Set(['true', '1', 'on', 'yes']);
