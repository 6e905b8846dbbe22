import { type Duration, milliseconds } from '@groundcrew/ground';
import { type Clock, systemClock } from '@groundcrew/core';
import { appendLines, readLines } from '../json-lines.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { checkAnchoring } from './options.ts';
import type { Trail } from './trail.ts';

/** A place for checkpoints that the owner of the store cannot reach. */
export interface Anchors {
  /** Durable when it resolves. The same one may come again. */
  keep(checkpoint: Checkpoint): Promise<void>;
  /** The checkpoints that were kept, for `verify({ anchors })`. */
  read(): Promise<readonly Checkpoint[]>;
}

export interface AnchorOptions {
  readonly anchors: Pick<Anchors, 'keep'>;
  /** The time between two checkpoints: the longest end of the trail that could be cut off unseen. @default '1h' */
  readonly every?: Duration | undefined;
  /** Ends it, after one more. */
  readonly signal: AbortSignal;
  /** Told of what failed; it is tried again the next time. */
  readonly trouble?: ((error: unknown) => void) | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Signs the trail from time to time, and keeps what it signed elsewhere. A checkpoint names the one before, so that the
 * last one stands for all: what could not be kept, or was signed by a process that died, is made up for by the next.
 *
 * @throws InputError that names the field; otherwise nothing but what `trouble` throws
 * @example
 * void anchorTrail(trail, { anchors: fileAnchors('/mnt/other-owner/anchors'), every: '10m', signal });
 * const { ok, bad } = await trail.verify({ keys, anchors: await fileAnchors('/mnt/other-owner/anchors').read() });
 */
export async function anchorTrail(
  trail: Pick<Trail, 'checkpoint' | 'checkpoints'>,
  options: AnchorOptions,
): Promise<void> {
  checkAnchoring(options);
  const { anchors, every = '1h', signal, trouble, clock = systemClock } = options;
  let kept: string | undefined;
  const once = async (): Promise<void> => {
    try {
      await trail.checkpoint();
      const last = (await trail.checkpoints()).at(-1);
      if (last === undefined || last.signature === kept) return;
      await anchors.keep(last);
      kept = last.signature;
    } catch (error) {
      trouble?.(error);
    }
  };
  while (!signal.aborted) {
    await once();
    await clock.sleep(milliseconds(every), signal).catch(() => undefined);
  }
  await once();
}

/** A file of JSON lines, flushed at each: on a machine, or with an owner, that is not the store's. */
export const fileAnchors = (path: string): Anchors => ({
  keep: (checkpoint) => appendLines(path, [checkpoint]),
  read: () => readLines(path, 'checkpoint', parseCheckpoint),
});
