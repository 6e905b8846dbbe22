import { isIP } from 'node:net';
import type { CheckOptions } from '../../probing/ask.ts';
import { type ComponentObserver, observeOne, type ReadingOptions } from '../component-observer.ts';
import { Secret, type Observed } from '@groundcrew/core';
import { importOptional } from '@groundcrew/ground';
import type { RowDataPacket } from 'mysql2';
import * as z from 'zod';
import { host, hostAndPort, port } from '../../probing/address.ts';
import { type GaleraNode, galeraNode } from './galera-node.ts';
import { greeted } from './mysql-greeting.ts';

const GaleraTarget = z.strictObject({
  host,
  port: port.default(3306),
  user: z.string().min(1),
  password: z.instanceof(Secret),
  /** A socket of this machine, instead of host and port; `host` still names the node. */
  socketPath: z.string().min(1).optional(),
  /**
   * Certificates in PEM that the server's is checked against, and so is its name, if `host` is one; without it the
   * connection is not encrypted.
   */
  ca: z.string().min(1).optional(),
});

/** One database node, asked itself and not through a load balancer. */
export interface GaleraTarget extends Readonly<z.input<typeof GaleraTarget>> {}

type Target = z.output<typeof GaleraTarget>;

const addressOf = ({ host: name, port: number, socketPath }: Target): string =>
  socketPath ?? hostAndPort(name, number);

async function readNode(
  { host: name, port: number, user, password, socketPath, ca }: Target,
  { signal, timeout }: ReadingOptions,
): Promise<GaleraNode> {
  // The driver cannot check the name of a certificate against an IP address.
  const verifyIdentity = isIP(name) === 0 && socketPath === undefined;
  const stream = await greeted(
    socketPath === undefined ? { host: name, port: number } : { path: socketPath },
    signal,
  );
  // Loaded when the first database is asked: most users of this package never do.
  const { createConnection } = await importOptional('mysql2', () => import('mysql2'), 'Observing Galera');
  const connection = createConnection({
    stream,
    // Not to connect to, which has been done: the certificate must be for it.
    host: name,
    port: number,
    user,
    password: password.reveal(),
    ...(ca === undefined ? {} : { ssl: { ca, verifyIdentity } }),
    connectTimeout: timeout,
    // What the driver makes of types does not matter here: all values come as text.
    typeCast: false,
  });
  // After the deadline nobody listens any more, and an error without a listener would end the process.
  connection.on('error', () => undefined);
  signal.addEventListener('abort', () => connection.destroy(), { once: true });
  stream.resume();
  const asked = connection.promise();
  await asked.connect();
  // One after the other: the protocol has no second question before the first answer.
  const status = await asked.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'wsrep%'");
  const variables = await asked.query<RowDataPacket[]>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name LIKE 'wsrep%' OR Variable_name IN ('version', 'read_only')`,
  );
  return galeraNode({
    host: name,
    port: number,
    status: table(status[0]),
    variables: table(variables[0]),
  });
}

/** The id of findings and refusals while a database node was not seen. */
export const UNSEEN = 'mariadb.unseen';
/** The words for what is not known then. */
export const STANDS_UNKNOWN = 'How the database stands is not known';

/** The observer of database nodes. */
export const galeraObserver: ComponentObserver<'galera', GaleraTarget, GaleraNode> = {
  key: 'galera',
  target: GaleraTarget,
  source: (target: Target) => `galera ${addressOf(target)}`,
  observe: readNode,
  unseen: { id: UNSEEN, severity: 'critical', means: STANDS_UNKNOWN },
};

/**
 * Asks a MariaDB node how it stands in its Galera cluster. A database without Galera is an answer
 * (`wsrep: 'off'`). A node that receives a full state transfer does not listen yet, and is a gap.
 *
 * @throws InputError
 * @example
 * const node = await observeGalera({ host: 'db-1', user: 'monitor', password });
 * if (node.value?.wsrep !== 'off') console.log(node.value?.wsrep.localState);
 */
export async function observeGalera(
  target: GaleraTarget,
  options: CheckOptions = {},
): Promise<Observed<GaleraNode | undefined>> {
  return observeOne('observeGalera', galeraObserver, target, options);
}

const Rows = z.array(z.looseObject({ Variable_name: z.unknown(), Value: z.unknown() }));

function table(rows: unknown): ReadonlyMap<string, string> {
  const entries = Rows.parse(rows).map(({ Variable_name, Value }): [string, string] => [
    text(Variable_name).toLowerCase(),
    text(Value),
  ]);
  return new Map(entries);
}

// A value of another kind is as one that is not told: `told` makes `undefined` of both.
const text = (value: unknown): string =>
  Buffer.isBuffer(value) ? value.toString('utf8') : typeof value === 'string' ? value : '';
