import { type Cloud, isConnectionError, isServerError, isTimeout } from '@groundcrew/core';
import type { LevelsBefore } from './actions.ts';
import { callsNeeded, type LevelCall, type LoggerLevels } from './level-calls.ts';
import type { LevelCoverage } from './coverage.ts';
import { LevelError } from './level-error.ts';
import type { CinderTarget } from './level-target.ts';
import type { LevelContext, LevelStrategy } from './strategy.ts';

/**
 * Cinder's API, 3.32 and newer. `set-log` is answered with 202 before a service has done it, passes over services that are down,
 * and changes one process of the API: the one that serves the request, as `get-log` tells the levels of one
 * (cinder/api/contrib/services.py of 21.3.1). So a level is set and read until so many answers in a row agree that a process with
 * another level would have been heard.
 */
export function cinderStrategy(cloud: Cloud, target: CinderTarget): LevelStrategy {
  const { service: binary, server, prefix, restoreTo } = target;
  const workers = workersOf(target);
  const { services } = cloud.blockStorage;
  const level = target.level.toUpperCase() as 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';
  const inRow = answersInRow(target);

  const heard = async (signal: AbortSignal): Promise<ReadonlyMap<string, LoggerLevels>> => {
    const answers = await services.getLog({ binary, server, prefix }, { signal });
    return new Map(answers.map(({ host, levels }) => [host, levels]));
  };
  const call = async (one: LevelCall, host: string, signal: AbortSignal): Promise<void> => {
    const wanted = one.level as typeof level;
    // Of the API it is not asked.
    const at = binary === 'cinder-api' ? null : host;
    await services.setLog({ binary, server: at, prefix: one.prefix, level: wanted }, { signal });
  };
  const statesOf = async (signal: AbortSignal): Promise<ReadonlyMap<string, boolean>> => {
    const all = await Array.fromAsync(services.list({ binary }, { signal }));
    return new Map(
      all.filter(({ host }) => isOn(host, server)).map(({ host, state }) => [host, state === 'up']),
    );
  };

  /**
   * Sets and reads until all that are heard need no call any more, for `inRow` answers each. Returns who agreed at last, of those
   * that were expected and others.
   */
  async function settle(
    expected: Iterable<string>,
    needed: (host: string, levels: LoggerLevels) => readonly LevelCall[],
    { signal, clock, progress }: LevelContext,
  ): Promise<ReadonlySet<string>> {
    const streaks = new Map<string, number>();
    let disagreed = 0;
    let failed = 0;

    const round = async (): Promise<boolean> => {
      let calls = 0;
      for (const [host, levels] of await heard(signal)) {
        const wrong = needed(host, levels);
        streaks.set(host, wrong.length === 0 ? (streaks.get(host) ?? 0) + 1 : 0);
        if (wrong.length === 0) continue;
        disagreed += 1;
        calls += 1;
        // Not the same number each time: where workers take turns, one and the same would hear every call.
        const times = workers === 1 ? 1 : 1 + (disagreed % Math.min(inRow, 8));
        for (let again = 0; again < times; again += 1) for (const one of wrong) await call(one, host, signal);
      }
      return calls > 0;
    };

    for (let asked = 1; asked <= 40 + 30 * inRow; asked += 1) {
      try {
        if (await round()) {
          progress(`${binary}: set again, for answers differed`, { answers: asked });
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
      const isHeard = asked > 10 + 4 * inRow || [...expected].every((host) => streaks.has(host));
      if (isHeard && failed === 0 && [...streaks.values()].every((streak) => streak >= inRow)) break;
    }
    return new Set([...streaks].flatMap(([host, streak]) => (streak >= inRow ? [host] : [])));
  }

  async function coverageOf(
    hosts: Iterable<string>,
    agreed: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<LevelCoverage> {
    const states = binary === 'cinder-api' ? new Map<string, boolean>() : await statesOf(signal);
    const down = [...states].flatMap(([host, up]) => (up ? [] : [`${binary} on ${host}`]));
    const unverifiable: string[] = [];
    let asked = 0;
    let confirmed = 0;
    for (const host of hosts) {
      if (states.get(host) === false) continue;
      const count = workers ?? 1;
      asked += count;
      const name = `${binary} on ${host}`;
      if (!agreed.has(host)) {
        unverifiable.push(`${name}: its answers do not agree`);
        continue;
      }
      confirmed += 1;
      if (workers === null)
        unverifiable.push(`${name}: nobody told how many workers it has; ${inRow} answers in a row agree`);
      else if (count > 1)
        unverifiable.push(`${name}: ${count - 1} of ${count} workers; ${inRow} answers in a row agree`);
    }
    return { asked, confirmed, unverifiable, down };
  }

  return {
    async remember({ signal }): Promise<LevelsBefore> {
      const hosts = new Map<string, LoggerLevels>();
      for (let asked = 0; asked < inRow; asked += 1)
        for (const [host, levels] of await heard(signal)) {
          const before = hosts.get(host);
          hosts.set(host, before === undefined ? levels : merged(host, before, levels));
        }
      const noted = [...hosts].filter(([, levels]) => Object.keys(levels).length > 0);
      if (noted.length === 0)
        throw new LevelError(
          'levels.no-logger',
          `no ${binary}${server === null ? '' : ` on ${server}`} that is up told of a logger${prefix === '' ? '' : ` ${prefix}*`}`,
          { remedy: 'Look at the list of services (`openstack volume service list`), and at the prefix.' },
        );
      // Another lease may have lent it: the end of this one would put back what that one lent.
      if (noted.every(([, levels]) => Object.values(levels).every((one) => one === level)))
        throw new LevelError(
          'levels.already',
          `every logger of ${binary} that was asked for has ${level} already`,
          {
            remedy: 'Nothing is to be done; if another lease lent it, restoreLevels ends that one.',
          },
        );
      return { kind: 'cinder', hosts: noted.map(([host, levels]) => ({ host, levels: checked(levels) })) };
    },

    async set(before, _until, context) {
      if (before.kind !== 'cinder') throw foreign();
      const noted = new Set(before.hosts.map(({ host }) => host));
      const agreed = await settle(
        noted,
        (host, levels) =>
          // A host that nobody noted could not be put back.
          noted.has(host) && Object.values(levels).some((one) => one !== level) ? [{ prefix, level }] : [],
        context,
      );
      const coverage = await coverageOf(noted, agreed, context.signal);
      if (coverage.confirmed === 0)
        throw new LevelError('levels.not-confirmed', `no ${binary} tells that it has ${level}`, {
          remedy: 'Look whether the services are up and reached by the message bus.',
        });
      return coverage;
    },

    async restore(before, context) {
      if (before.kind !== 'cinder') throw foreign();
      const levelsOf = new Map(before.hosts.map(({ host, levels }) => [host, levels]));
      // A call for the API reaches any host of it, also one that came later: it is configured as the others are.
      const others = binary === 'cinder-api' ? before.hosts[0]?.levels : undefined;
      const agreed = await settle(
        levelsOf.keys(),
        (host, levels) => {
          const wanted = levelsOf.get(host) ?? others;
          return wanted === undefined ? [] : callsNeeded(wanted, levels, { within: prefix, lent: level });
        },
        context,
      );
      const coverage = await coverageOf(levelsOf.keys(), agreed, context.signal);
      const states = binary === 'cinder-api' ? undefined : await statesOf(context.signal);
      // One that is no longer in the list has no process; one that is down may have, and still the level that it was lent.
      const left = [...levelsOf.keys()].filter(
        (host) => !agreed.has(host) && (states === undefined || states.has(host)),
      );
      if (left.length > 0)
        throw new LevelError(
          'levels.not-restored',
          `${binary} on ${left.join(', ')}: it is not known whether the levels are what they were`,
          { remedy: 'Restore again when it is up: the journal keeps what they were.' },
        );
      return coverage;
    },
  };

  function merged(host: string, a: LoggerLevels, b: LoggerLevels): LoggerLevels {
    const differing = Object.keys(a).filter((name) => name in b && a[name] !== b[name]);
    const all = { ...b, ...a };
    if (differing.length === 0) return all;
    if (restoreTo === null)
      throw new LevelError(
        'levels.mixed',
        `workers of ${binary} on ${host} have different levels already: ${differing.slice(0, 3).join(', ')}${differing.length > 3 ? ', …' : ''}`,
        { remedy: 'Say with restoreTo which level all of them are to have afterwards.' },
      );
    return Object.fromEntries(Object.keys(all).map((name) => [name, restoreTo.toUpperCase()]));
  }

  function checked(levels: LoggerLevels): Record<string, string> {
    const odd = Object.entries(levels).filter(([, one]) => !SETTABLE.has(one));
    if (odd.length > 0)
      throw new LevelError(
        'levels.foreign-level',
        `${binary}: ${odd
          .slice(0, 3)
          .map(([name, one]) => `${name} has ${one}`)
          .join(', ')}: Cinder could not put that back`,
        { remedy: 'Name a prefix that leaves it out.' },
      );
    return { ...levels };
  }
}

const SETTABLE: ReadonlySet<string> = new Set(['DEBUG', 'INFO', 'WARNING', 'ERROR']);

/** Failures in a row, of an API that starts again, that are waited out; so many seconds. */
const PATIENCE = 30;

const mayPass = (error: unknown): boolean =>
  isConnectionError(error) || isServerError(error) || isTimeout(error);

/** `host` is that host and each of its backends, as for Cinder. */
const isOn = (host: string, server: string | null): boolean =>
  server === null || host === server || host.startsWith(`${server}@`);

/** A volume service and a scheduler are one process on each host (or backend); of the others there may be many. */
const workersOf = ({ service, workers }: CinderTarget): number | null =>
  workers ?? (service === 'cinder-volume' || service === 'cinder-scheduler' ? 1 : null);

/**
 * Answers that must agree. Of `n` workers that requests reach at random, one is missed by `6n` of them once in 400 times; those
 * that take turns are all heard by `n`. Where nobody told the number, they are as many as for four.
 */
function answersInRow(target: CinderTarget): number {
  const workers = workersOf(target) ?? 4;
  return workers === 1 ? 1 : 6 * workers;
}

const foreign = (): LevelError =>
  new LevelError('levels.not-restored', 'the journal holds what another strategy noted');
