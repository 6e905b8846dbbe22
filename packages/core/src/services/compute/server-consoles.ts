import { z } from 'zod';
import { operation } from '../../record/operation.ts';
import { answer, args } from '../../record/shape.ts';

const Console = answer({
  type: z.string(),
  /** It holds a token: whoever has the URL has the console. */
  url: z.string(),
});
const typed = <const T extends string>(...types: [T, ...T[]]) =>
  args({ id: z.string(), type: z.enum(types) });

/** A server's log, and its consoles before 2.6; from then on see `remoteConsoles`. */
export const serverConsoles = {
  /** Read what the guest wrote to its serial console, as text. */
  getConsoleOutput: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'os-getConsoleOutput',
    receive: 'output',
    input: args({
      id: z.string(),
      /** Lines from the end; all that there are if absent. */
      length: z.number().int().min(-1).nullable().default(null),
    }),
    output: z.string(),
    idempotent: true,
  }),
  /** Open a VNC console. */
  getVncConsole: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'os-getVNCConsole',
    receive: 'console',
    input: typed('novnc', 'xvpvnc'),
    output: Console,
    until: '2.6',
  }),
  /** Open a SPICE console. */
  getSpiceConsole: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'os-getSPICEConsole',
    receive: 'console',
    input: typed('spice-html5'),
    output: Console,
    until: '2.6',
  }),
  /** Open a serial console. */
  getSerialConsole: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'os-getSerialConsole',
    receive: 'console',
    input: typed('serial'),
    output: Console,
    until: '2.6',
  }),
  /** For Hyper-V, which left Nova with 2024.1 (29.0.0). */
  getRdpConsole: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'os-getRDPConsole',
    receive: 'console',
    input: typed('rdp-html5'),
    output: Console,
    until: '2.6',
  }),
};
