import type { Duration } from '@groundcrew/ground';
import type { CallOptions } from '../options/call-options.ts';

/** Options of a transfer of the bytes of an image or an object. */
export interface TransferOptions extends CallOptions {
  /** Time without a byte moving until the transfer is given up. @default '1m' */
  readonly stall?: Duration | undefined;
  /** Called as bytes move. After a repeated attempt it starts again from 0. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** The time that a transfer may stand still, in milliseconds. */
export const DEFAULT_STALL = 60_000;
/** The number of times that a download is resumed. */
export const DEFAULT_RESUMES = 4;
