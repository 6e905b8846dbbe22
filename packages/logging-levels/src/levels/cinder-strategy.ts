import type { Cloud } from '@groundcrew/core';
import type { LevelsBefore } from './actions.ts';
import { type CinderBefore, cinderBefore } from './cinder-before.ts';
import { cinderCoverage } from './cinder-coverage.ts';
import { type CinderLogCalls, cinderLogCalls } from './cinder-log-calls.ts';
import type { LevelCoverage } from './coverage.ts';
import { callsNeeded } from './level-calls.ts';
import { LevelError } from './level-error.ts';
import type { CinderTarget } from './level-target.ts';
import { settleLevels } from './settle-levels.ts';
import type { LevelContext, LevelStrategy } from './strategy.ts';

/**
 * Cinder's API, 3.32 and newer. `set-log` is answered with 202 before a service has done it, passes over services that are down,
 * and changes one process of the API: the one that serves the request, as `get-log` tells the levels of one
 * (cinder/api/contrib/services.py of 21.3.1). So a level is set and read until so many answers in a row agree that a process with
 * another level would have been heard.
 */
export function cinderStrategy(cloud: Cloud, target: CinderTarget): LevelStrategy {
  const calls = cinderLogCalls(cloud, target);
  return {
    remember: ({ signal }) => cinderBefore(calls, target, signal),
    set: async (before, _until, context) => lend(calls, target, own(before), context),
    restore: async (before, context) => putBack(calls, target, own(before), context),
  };
}

async function lend(
  calls: CinderLogCalls,
  target: CinderTarget,
  before: CinderBefore,
  context: LevelContext,
): Promise<LevelCoverage> {
  const { service: binary, prefix } = target;
  const level = target.level.toUpperCase();
  const noted = new Set(before.hosts.map(({ host }) => host));
  const agreed = await settleLevels(
    calls,
    target,
    noted,
    (host, levels) =>
      // A host that nobody noted could not be put back.
      noted.has(host) && Object.values(levels).some((one) => one !== level) ? [{ prefix, level }] : [],
    context,
  );
  const coverage = cinderCoverage(target, noted, agreed, await calls.states(context.signal));
  if (coverage.confirmed === 0)
    throw new LevelError('levels.not-confirmed', `no ${binary} tells that it has ${level}`, {
      remedy: 'Look whether the services are up and reached by the message bus.',
    });
  return coverage;
}

async function putBack(
  calls: CinderLogCalls,
  target: CinderTarget,
  before: CinderBefore,
  context: LevelContext,
): Promise<LevelCoverage> {
  const { service: binary, prefix } = target;
  const lent = target.level.toUpperCase();
  const levelsOf = new Map(before.hosts.map(({ host, levels }) => [host, levels]));
  // A call for the API reaches any host of it, also one that came later: it is configured as the others are.
  const others = binary === 'cinder-api' ? before.hosts[0]?.levels : undefined;
  const agreed = await settleLevels(
    calls,
    target,
    levelsOf.keys(),
    (host, levels) => {
      const wanted = levelsOf.get(host) ?? others;
      return wanted === undefined ? [] : callsNeeded(wanted, levels, { within: prefix, lent });
    },
    context,
  );
  const states = await calls.states(context.signal);
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
  return cinderCoverage(target, levelsOf.keys(), agreed, states);
}

function own(before: LevelsBefore): CinderBefore {
  if (before.kind !== 'cinder')
    throw new LevelError('levels.not-restored', 'the journal holds what another strategy noted');
  return before;
}
