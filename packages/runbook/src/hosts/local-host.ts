import type { Host } from '../host.ts';
import { shellHost } from './shell-host.ts';

export interface LocalHostOptions {
  /** @default 'localhost' */
  readonly name?: string | undefined;
  /** Put before each command: `['ip', 'netns', 'exec', 'lb-1']`, `['chroot', '/target']`. @default nothing */
  readonly prefix?: readonly string[] | undefined;
}

/**
 * This machine.
 *
 * @example
 * const { stdout } = await localHost().run(['uname', '-r']);
 */
export const localHost = ({ name = 'localhost', prefix = [] }: LocalHostOptions = {}): Host =>
  shellHost({
    name,
    carry: (command) => {
      const [first = command[0], ...rest] = [...prefix, ...command];
      return { argv: prefix.length === 0 ? command : [first, ...rest], read: (end) => end };
    },
  });
