import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { randomFillSync } from 'node:crypto';

const MEBIBYTE = 1024 * 1024;
const BLOCK = 4096;

/** A volume of a size, in MiB, of which a share is data that no compression makes smaller, in pieces of a MiB; the rest are zeros. */
export function makeVolume(file: string, mebibytes: number, share = 1): void {
  const descriptor = openSync(file, 'w');
  try {
    ftruncateSync(descriptor, mebibytes * MEBIBYTE);
    const piece = Buffer.alloc(MEBIBYTE);
    const every = Math.round(1 / share);
    for (let at = 0; at < mebibytes; at += every) {
      randomFillSync(piece);
      writeSync(descriptor, piece, 0, MEBIBYTE, at * MEBIBYTE);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Writes on a share of the blocks of 4 KiB, evenly scattered, as a database does between two backups. @returns how many */
export function writeScattered(file: string, mebibytes: number, share: number): number {
  const descriptor = openSync(file, 'r+');
  const blocks = (mebibytes * MEBIBYTE) / BLOCK;
  const every = Math.round(1 / share);
  const block = Buffer.alloc(BLOCK);
  let written = 0;
  try {
    for (let at = every >> 1; at < blocks; at += every, written += 1) {
      randomFillSync(block);
      writeSync(descriptor, block, 0, BLOCK, at * BLOCK);
    }
  } finally {
    closeSync(descriptor);
  }
  return written;
}
