import { z } from 'zod';
import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Implementation, Target } from '@groundcrew/runbook';
import { type Cloud, unlessGone } from '@groundcrew/core';
import { aChannel, type Channel, noticeImplementations } from './channel.ts';
import { aNoticeBook, type NoticeBook } from './notice-book.ts';
import { otherImplementations } from './other-implementations.ts';
import { ruleImplementations } from './rule-implementations.ts';
import { serverImplementations } from './server-implementations.ts';

export interface ResponseImplementationsOptions {
  readonly cloud: Cloud;
  readonly channels: readonly Channel[];
  readonly notices: NoticeBook;
}

const implementationsOptions = optionsSchema<ResponseImplementationsOptions>({
  cloud: anObjectWith<Cloud>('a Cloud', 'compute', 'network'),
  channels: z.array(aChannel),
  notices: aNoticeBook,
});

/**
 * Implements the actions in the plans of `planResponses` and `planUndo`.
 *
 * @example
 * run(plan, { approved, implementations: responseImplementations({ cloud, channels, notices }), revisionOf: revisionsIn(cloud), journal });
 */
export function responseImplementations(options: ResponseImplementationsOptions): Implementation[] {
  parseArguments('responseImplementations', implementationsOptions, options);
  const { cloud, channels, notices } = options;
  return [
    ...ruleImplementations(cloud),
    ...serverImplementations(cloud),
    ...otherImplementations(cloud),
    ...noticeImplementations(channels, notices, cloud.clock),
  ];
}

/** The revisions of things now, for `run`: it refuses a plan that was made for others. */
export function revisionsIn(
  cloud: Cloud,
): (target: Target, signal: AbortSignal) => Promise<string | undefined> {
  const read = ({ kind, id }: Target, signal: AbortSignal): Promise<unknown> => {
    const options = { signal };
    switch (kind) {
      case 'security group':
        return cloud.network.securityGroups
          .get({ id }, options)
          .then((securityGroup) => securityGroup.revision_number);
      case 'port':
        return cloud.network.ports.get({ id }, options).then((port) => port.revision_number);
      case 'server':
        return cloud.compute.servers.get({ id }, options).then((server) => server.updated);
      case 'image':
        return cloud.image.images.get({ id }, options).then((image) => image.updated_at);
      default:
        return Promise.resolve('');
    }
  };
  return async (target, signal) => {
    const revision = await unlessGone(() => read(target, signal));
    return typeof revision === 'string' || typeof revision === 'number' ? String(revision) : undefined;
  };
}
