import { z } from 'zod';
import { parseStrictly } from '@groundcrew/ground';
import { commandFault } from './host-errors.ts';
import type { Host } from './host.ts';
import { shellHost } from './shell-host.ts';

export interface LocalHostOptions {
  /** @default 'localhost' */
  readonly name?: string | undefined;
  /** Put before each command: `['ip', 'netns', 'exec', 'lb-1']`, `['chroot', '/target']`. @default nothing */
  readonly prefix?: readonly string[] | undefined;
}

/**
 * Makes the host of this machine.
 *
 * @throws CommandInputError on an option that it does not know, or of another kind
 * @example
 * const { stdout } = await localHost().run(['uname', '-r']);
 */
export function localHost(options: LocalHostOptions = {}): Host {
  parseStrictly(localOptions, options, commandFault);
  const { name = 'localhost', prefix = [] } = options;
  return shellHost({
    name,
    carry: (command) => {
      const [first = command[0], ...rest] = [...prefix, ...command];
      return { argv: prefix.length === 0 ? command : [first, ...rest], read: (end) => end };
    },
  });
}

const localOptions = z.strictObject({
  name: z.string().min(1).optional(),
  prefix: z.array(z.string()).optional(),
});
