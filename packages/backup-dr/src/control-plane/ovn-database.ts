import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import { pulled } from '../repository/pulled.ts';
import { ControlPlaneError } from './control-plane-error.ts';
import type { ControlPlanePart } from './control-plane-part.ts';
import { readOvsdbSnapshot } from './ovsdb-snapshot.ts';

export interface OvnDatabaseOptions {
  readonly host: Pick<Host, 'run' | 'name'>;
  /** @default 'OVN_Northbound': the other one OVN makes of it, and of what its chassis say */
  readonly database?: string | undefined;
  /** As OVSDB names its servers: `unix:PATH`, `tcp:HOST:PORT`, `ssl:…`. @default 'unix:/run/ovn/ovnnb_db.sock' */
  readonly server?: string | undefined;
  /** `ovsdb-client`, with what it needs: a container, the options of TLS. @default ['ovsdb-client'] */
  readonly command?: readonly [string, ...string[]] | undefined;
  /** As root, or as the user of that name. @default as who one is */
  readonly sudo?: boolean | string | undefined;
  /** @default 'ovn-northbound' */
  readonly name?: string | undefined;
}

const databaseOptions = optionsSchema<OvnDatabaseOptions>({
  host: anObjectWith<OvnDatabaseOptions['host']>('a Host', 'run', 'name'),
  database: z
    .string()
    .regex(/^[A-Za-z_][\w-]{0,60}$/, 'must be the name of a database')
    .optional(),
  server: z
    .string()
    .regex(/^(?:unix|tcp|ssl):\S+$/, 'must be unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT')
    .optional(),
  command: z.tuple([z.string().min(1)], z.string()).optional(),
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
  name: z
    .string()
    .regex(/^[a-z\d][a-z\d-]{0,40}$/, 'must be a short name in lower case')
    .optional(),
});

/** Bytes of a snapshot that are held to be looked at; a larger one is stored, and not looked at. */
const LONGEST = 256 * 1024 * 1024;

/**
 * An OVSDB of OVN at one moment, by `ovsdb-client backup`, streamed; the server goes on. What was stored is looked at: every record must
 * have its hash, and the rows of each table are counted, which a restored one must have.
 *
 * @throws InputError naming the field
 * @example ovnDatabase({ host: sshHost({ host: 'controller-1' }), sudo: true })
 */
export function ovnDatabase(options: OvnDatabaseOptions): ControlPlanePart {
  parseArguments('ovnDatabase', databaseOptions, options);
  const {
    host,
    database = 'OVN_Northbound',
    server = 'unix:/run/ovn/ovnnb_db.sock',
    command = ['ovsdb-client'],
    sudo,
    name = 'ovn-northbound',
  } = options;
  return {
    name,
    kind: 'ovsdb',
    host: host.name,
    async store({ writer, progress }) {
      progress(`reading ${database}`);
      const held = new HeldBytes(LONGEST);
      const content = pulled(async (hand, signal) => {
        await host.run([...command, 'backup', server, database], {
          ...(sudo === undefined ? {} : { sudo }),
          signal,
          timeout: '1h',
          onStdout: hand,
        });
      }, writer.signal);
      await writer.put(`${name}.ovsdb`, held.of(content), { tags: { host: host.name, part: name } });
      const bytes = held.bytes();
      if (bytes === undefined)
        return {
          facts: { database },
          gaps: [{ what: `${name} of ${host.name}`, why: `it was stored, and is too large to be looked at` }],
        };
      const read = readOvsdbSnapshot(bytes);
      if ('why' in read)
        throw new ControlPlaneError(
          'control-plane.ovsdb',
          `what ovsdb-client of ${host.name} wrote is no snapshot: ${read.why}`,
          { remedy: `Run \`ovsdb-client backup ${server} ${database}\` by hand.` },
        );
      return { facts: read, gaps: [] };
    },
  };
}

/** Keeps what passes, up to a limit. */
class HeldBytes {
  #pieces: Uint8Array[] | undefined = [];
  #size = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async *of(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      this.#size += piece.length;
      if (this.#size > this.#limit) this.#pieces = undefined;
      this.#pieces?.push(piece);
      yield piece;
    }
  }

  /** `undefined`: it was more. */
  bytes(): Uint8Array | undefined {
    return this.#pieces === undefined ? undefined : Buffer.concat(this.#pieces);
  }
}
