import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

const FIRST = [
  'network-changed',
  'network-vif-plugged',
  'network-vif-unplugged',
  'network-vif-deleted',
] as const;

const eventsOf = <const N extends string>(...names: [N, ...N[]]) =>
  z.array(
    z.strictObject({
      name: z.enum(names),
      server_uuid: z.string(),
      /** @default 'completed' */
      status: z.enum(['failed', 'completed', 'in-progress']).optional(),
      /** The subject of the event: a port's id, a volume's id, `POWER_ON`. */
      tag: z.string().optional(),
    }),
  );

/** The results of the events, each with its `code`. */
export const ExternalEventResults = answer({
  events: z.array(
    tolerant({
      name: z.string(),
      server_uuid: z.string(),
      status: z.string(),
      tag: z.string().nullable().optional(),
      /** 200 taken, 404 no such server, 422 the server has no host, 400 not for this server. */
      code: z.number(),
    }),
  ),
});
export type ExternalEventResults = OutputAt<typeof ExternalEventResults>;

/** Events about servers that other services send to Nova. For services (`service` role), not for people. */
export const serverExternalEvents = resource({
  name: 'serverExternalEvents',
  operations: {
    /** Tell events. 207 if some were not taken: look at each `code`. */
    create: operation({
      verb: 'POST',
      path: 'os-server-external-events',
      input: args({
        events: changes(
          ['2.1', eventsOf(...FIRST)],
          ['2.51', eventsOf(...FIRST, 'volume-extended')],
          ['2.76', eventsOf(...FIRST, 'volume-extended', 'power-update')],
          ['2.82', eventsOf(...FIRST, 'volume-extended', 'power-update', 'accelerator-request-bound')],
          [
            '2.93',
            eventsOf(
              ...FIRST,
              'volume-extended',
              'power-update',
              'accelerator-request-bound',
              'volume-reimaged',
            ),
          ],
        ),
      }),
      output: ExternalEventResults,
    }),
  },
});
