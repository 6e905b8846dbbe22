import { isConnectionError, isServerError, isTimeout } from '@groundcrew/core';
import type { CinderLogCalls } from './cinder-log-calls.ts';
import { answersInRow, workersOf } from './cinder-workers.ts';
import type { LevelCall, LoggerLevels } from './level-calls.ts';
import type { CinderTarget } from './level-target.ts';
import type { LevelContext } from './strategy.ts';

/** The calls that a host needs, by the levels that it told; none: it has what is wanted. */
type CallsNeeded = (host: string, levels: LoggerLevels) => readonly LevelCall[];

/**
 * Sets and reads until all that are heard need no call any more, for so many answers in a row that a process with another level would
 * have been heard.
 *
 * @param expected - hosts that are waited for, if they are not heard at once
 * @returns who agreed at last, of those that were expected and others
 */
export async function settleLevels(
  calls: CinderLogCalls,
  target: CinderTarget,
  expected: Iterable<string>,
  needed: CallsNeeded,
  { signal, clock, progress }: LevelContext,
): Promise<ReadonlySet<string>> {
  const workers = workersOf(target);
  const inRow = answersInRow(target);
  // Read in each round, and what is given may be the keys of a map, which are used up once read.
  const awaited = [...expected];
  const streaks = new Map<string, number>();
  let disagreed = 0;
  let failed = 0;

  const round = async (): Promise<boolean> => {
    let wrongHosts = 0;
    for (const [host, levels] of await calls.heard(signal)) {
      const wrong = needed(host, levels);
      streaks.set(host, wrong.length === 0 ? (streaks.get(host) ?? 0) + 1 : 0);
      if (wrong.length === 0) continue;
      disagreed += 1;
      wrongHosts += 1;
      // Not the same number each time: where workers take turns, one and the same would hear every call.
      const times = workers === 1 ? 1 : 1 + (disagreed % Math.min(inRow, 8));
      for (let again = 0; again < times; again += 1)
        for (const one of wrong) await calls.set(one, host, signal);
    }
    return wrongHosts > 0;
  };

  for (let asked = 1; asked <= 40 + 30 * inRow; asked += 1) {
    try {
      if (await round()) {
        progress(`${target.service}: set again, for answers differed`, { answers: asked });
        // A service does it some time after the API accepted it.
        if (workers === 1 || disagreed > inRow)
          await clock.sleep(Math.min(10 * 2 ** Math.min(disagreed, 7), 1_000), signal);
      }
      failed = 0;
    } catch (error) {
      // It may be starting again, and then has its configured levels.
      failed += 1;
      if (failed > PATIENCE || !mayPass(error)) throw error;
      streaks.clear();
      await clock.sleep(1_000, signal);
    }
    const isHeard = asked > 10 + 4 * inRow || awaited.every((host) => streaks.has(host));
    if (isHeard && failed === 0 && [...streaks.values()].every((streak) => streak >= inRow)) break;
  }
  return new Set([...streaks].flatMap(([host, streak]) => (streak >= inRow ? [host] : [])));
}

/** Failures in a row, of an API that starts again, that are waited out; so many seconds. */
const PATIENCE = 30;

const mayPass = (error: unknown): boolean =>
  isConnectionError(error) || isServerError(error) || isTimeout(error);
