import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt, since } from '../../record/shape.ts';

/** The console that a token leads to. */
export const ConsoleTarget = answer({
  instance_uuid: z.string(),
  host: z.string().nullable(),
  port: z.number(),
  internal_access_path: z.string().nullable(),
  tls_port: since('2.99', z.number().nullable().optional()),
});
export type ConsoleTarget = OutputAt<typeof ConsoleTarget>;

/** Tokens of consoles, as a console proxy asks for them. */
export const consoleAuthTokens = resource({
  name: 'consoleAuthTokens',
  operations: {
    /** Show which server and port a console token opens. Administrators only; 404 once it has expired. */
    get: operation({
      verb: 'GET',
      path: 'os-console-auth-tokens/{id}',
      receive: 'console',
      input: args({ id: z.string() }),
      output: ConsoleTarget,
      // Before 2.31 only RDP consoles were answered.
      since: '2.31',
    }),
  },
});
