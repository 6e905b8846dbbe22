import type { Cloud } from '@groundcrew/core';
import type { CommandResult } from '@groundcrew/runbook/hosts';
import {
  attachmentReader,
  type AttachmentReaderOptions,
  imageReader,
  type VolumeReader,
} from '../../src/volume-bytes.ts';
import { bytesOf } from '../repository/bytes.ts';

const MEBIBYTE = 2 ** 20;

/**
 * A reader of which the first mebibyte is taken: the smallest volume has a thousand, and what is made in the cloud for one is made for
 * the other.
 */
const firstMebibyteOf = (reader: VolumeReader): VolumeReader => ({
  way: reader.way,
  needs: reader.needs,
  async open(volume, options) {
    const open = await reader.open(volume, options);
    return {
      size: MEBIBYTE,
      at: open.at,
      content: beginningOf(open.content),
      [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
    };
  },
});

async function* beginningOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = MEBIBYTE;
  for await (const piece of content) {
    yield piece.subarray(0, left);
    left -= Math.min(left, piece.length);
    if (left === 0) return;
  }
}

/** A machine that has the device of every volume: a gibibyte, of which the beginning is told. */
const machine: AttachmentReaderOptions['host'] = {
  name: 'backup-1',
  async run(command, { onStdout } = {}): Promise<CommandResult> {
    if (command[0] === 'dd') for await (const piece of bytesOf(7, MEBIBYTE)) await onStdout?.(piece);
    const stdout = command[0] === 'blockdev' ? `${2 ** 30}\n` : '';
    return { host: 'backup-1', command, exitCode: 0, stdout, stderr: '', dropped: 0, durationMs: 0 };
  },
};

/** Both ways to the bytes of volumes, cut short. */
export const readers: Readonly<Record<VolumeReader['way'], (cloud: Cloud) => VolumeReader>> = {
  image: (cloud) => firstMebibyteOf(imageReader(cloud)),
  attachment: (cloud) =>
    firstMebibyteOf(attachmentReader({ cloud, host: machine, connector: { host: 'backup-1' } })),
};
