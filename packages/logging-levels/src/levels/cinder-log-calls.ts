import type { Cloud } from '@groundcrew/core';
import type { LevelCall, LoggerLevels } from './level-calls.ts';
import type { CinderTarget, SettableLevel } from './level-target.ts';

/** What Cinder's API is asked about the levels of one target. */
export interface CinderLogCalls {
  /** What one process of each host tells of its loggers. */
  heard(signal: AbortSignal): Promise<ReadonlyMap<string, LoggerLevels>>;
  /** Asks a host to set a level. It is accepted before it is done. */
  set(call: LevelCall, host: string, signal: AbortSignal): Promise<void>;
  /** Whether the service of each host is up; `undefined` of the API, which is in no list of services. */
  states(signal: AbortSignal): Promise<ReadonlyMap<string, boolean> | undefined>;
}

export function cinderLogCalls(
  cloud: Cloud,
  { service: binary, server, prefix }: CinderTarget,
): CinderLogCalls {
  const { services } = cloud.blockStorage;
  return {
    async heard(signal) {
      const answers = await services.getLog({ binary, server, prefix }, { signal });
      return new Map(answers.map(({ host, levels }) => [host, levels]));
    },
    async set(one, host, signal) {
      const level = one.level as Uppercase<SettableLevel>;
      // Of the API it is not asked.
      const at = binary === 'cinder-api' ? null : host;
      await services.setLog({ binary, server: at, prefix: one.prefix, level }, { signal });
    },
    async states(signal) {
      if (binary === 'cinder-api') return undefined;
      const all = await Array.fromAsync(services.list({ binary }, { signal }));
      return new Map(
        all.filter(({ host }) => isOn(host, server)).map(({ host, state }) => [host, state === 'up']),
      );
    },
  };
}

/** `host` is that host and each of its backends, as for Cinder. */
const isOn = (host: string, server: string | null): boolean =>
  server === null || host === server || host.startsWith(`${server}@`);
