/** What a service's log tells of its level since a place. */
export interface ToldLevels {
  /** The value that each process took last for the option `debug`, by process id: `True`, `False`, `None`. */
  readonly taken: ReadonlyMap<number, string>;
  /** Processes that wrote a line at DEBUG. */
  readonly debugging: ReadonlySet<number>;
  /** Lines that tell of a change in a form without a process id. */
  readonly unattributed: readonly string[];
}

/** Reads what the script `TOLD` prints. Pure. */
export function toldLevels(output: string): ToldLevels {
  const taken = new Map<number, string>();
  const debugging = new Set<number>();
  const unattributed: string[] = [];
  for (const line of output.split('\n')) {
    const pid = Number(PID.exec(line)?.[1]);
    if (line.startsWith('debug ')) {
      if (Number.isInteger(pid)) debugging.add(pid);
      continue;
    }
    const to = CHANGED.exec(line)?.[1];
    if (to === undefined) continue;
    if (Number.isInteger(pid)) taken.set(pid, to);
    else unattributed.push(to);
  }
  return { taken, debugging, unattributed };
}

/** oslo.log's own format: `2026-11-30 07:00:58.123 4711 INFO oslo_config.cfg [-] Option …` (oslo_log/_options.py). */
const PID = /^\w+ [\d-]{10} [\d:.,]{8,16} (\d{1,10}) [A-Z]{1,10} /;
const CHANGED = /Option DEFAULT\.debug changed from \[\w{1,64}\] to \[(\w{1,64})\]/;
