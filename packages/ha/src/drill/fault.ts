import * as z from 'zod';
import { argv, word } from '../enroll/config-words.ts';

const onHost = {
  /** Name of the `Host` on which the fault is made. */
  host: word,
  /** The victim in words: `keystone on api-2`. */
  victim: z.string().min(1).max(200),
};
/** Prints the ids of processes; their descendants are hit, too. `['cat', '/run/haproxy.pid']`. */
const pids = argv;

export const DrillFault = z.discriminatedUnion('kind', [
  z.strictObject({
    /** SIGKILL. */
    kind: z.literal('kill'),
    ...onHost,
    pids,
    /** Starts the program again. It must do no harm where the program runs. */
    restart: argv,
  }),
  /** SIGSTOP: it is there, accepts connections, and does nothing; undone by SIGCONT. */
  z.strictObject({ kind: z.literal('freeze'), ...onHost, pids }),
  z.strictObject({
    /**
     * Blocks all traffic through an interface (nftables, ARP included). Choose none through which the host is reached:
     * it could not report the result, and would undo the fault by itself.
     */
    kind: z.literal('partition'),
    ...onHost,
    interface: word,
  }),
  /** Any other fault that commands make and undo. */
  z.strictObject({ kind: z.literal('command'), ...onHost, inject: argv, undo: argv }),
]);

/** A fault that the target should survive. It is plain data, and part of the plan. */
export type DrillFault = Readonly<z.input<typeof DrillFault>>;
export type ParsedFault = Readonly<z.output<typeof DrillFault>>;

type Command = readonly [string, ...string[]];

/** Told by everybody who undoes it, also after a crash: it does not depend on the run. */
const TABLE = 'groundcrew_drill';

/** The commands that make and undo a fault; `pids` are those that were found. */
export function commandsOf(
  fault: ParsedFault,
  found: readonly number[],
): { readonly inject: Command; readonly undo: Command } {
  const ids = found.map(String);
  switch (fault.kind) {
    case 'kill':
      return { inject: ['kill', '-s', 'KILL', ...ids], undo: fault.restart };
    case 'freeze':
      return {
        inject: ['kill', '-s', 'STOP', ...ids],
        // One that has ended meanwhile must not keep the others frozen.
        undo: ['sh', '-c', 'for pid; do kill -s CONT "$pid" 2>/dev/null; done; true', 'sh', ...ids],
      };
    case 'partition':
      return {
        // `create` fails if another drill is going on there. One transaction: all of it or nothing.
        inject: ['nft', FAMILIES.map((family) => cut(family, fault.interface)).join(' ')],
        // `add` first, so that it succeeds where nothing is left to delete.
        undo: [
          'nft',
          FAMILIES.map((family) => `add table ${family} ${TABLE}; delete table ${family} ${TABLE};`).join(
            ' ',
          ),
        ],
      };
    case 'command':
      return { inject: fault.inject, undo: fault.undo };
  }
}

/** A host that goes on to answer ARP for an address that has moved is not cut off. */
const FAMILIES = ['inet', 'arp'] as const;

const cut = (family: string, name: string): string =>
  [
    `create table ${family} ${TABLE};`,
    ...[
      ['input', 'iifname'],
      ['output', 'oifname'],
    ].flatMap(([hook, match]) => [
      `add chain ${family} ${TABLE} ${hook} { type filter hook ${hook} priority -300; policy accept; };`,
      `add rule ${family} ${TABLE} ${hook} ${match} "${name}" drop;`,
    ]),
  ].join(' ');

/** The name of a fault in histories and reports: `freeze keystone on api-2`. */
export const faultName = ({ kind, victim }: Pick<DrillFault, 'kind' | 'victim'>): string =>
  `${kind} ${victim}`;
