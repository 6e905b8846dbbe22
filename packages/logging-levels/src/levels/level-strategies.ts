import { aClock, anObjectWith, type Clock, systemClock } from '@groundcrew/ground';
import type { Cloud } from '@groundcrew/core';
import type { Host } from '@groundcrew/runbook';
import { z } from 'zod';
import { cinderStrategy } from './cinder-strategy.ts';
import { configuredStrategy } from './configured-strategy.ts';
import { LevelError } from './level-error.ts';
import type { LevelTarget } from './level-target.ts';
import type { LevelStrategy } from './strategy.ts';

/** What levels are changed with. */
export interface LevelAccess {
  /** The cloud, for Cinder's services; as an administrator. */
  readonly cloud?: Cloud | undefined;
  /** The hosts, for services that are reached by their configuration. */
  readonly hosts?: readonly Host[] | undefined;
  /** The clock of leases and of waiting. @default that of the cloud, or the machine's */
  readonly clock?: Clock | undefined;
}

/** Parts of the schemas of options. */
export const accessOptions = {
  cloud: anObjectWith<Cloud>('a Cloud', 'endpoint').optional(),
  hosts: z.array(anObjectWith<Host>('a Host', 'run', 'upload', 'download')).optional(),
  clock: aClock.optional(),
};

export const clockOf = ({ clock, cloud }: LevelAccess): Clock => clock ?? cloud?.clock ?? systemClock;

export function strategyFor(target: LevelTarget, { cloud, hosts = [] }: LevelAccess): LevelStrategy {
  if (target.kind === 'cinder') {
    if (cloud === undefined)
      throw new LevelError('levels.no-cloud', `${target.service}: no cloud was given`, {
        remedy: 'Give cloud, connected as an administrator.',
      });
    return cinderStrategy(cloud, target);
  }
  const host = hosts.find(({ name }) => name === target.host);
  if (host === undefined)
    throw new LevelError('levels.no-host', `no host ${target.host} was given`, {
      remedy: 'Give it in hosts.',
    });
  return configuredStrategy(host, target);
}
