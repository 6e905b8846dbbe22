import * as z from 'zod';
import { aDurationBetween } from '../option-parts.ts';
import { filePath, ipAddress, tcpPort, urlPath, word } from './config-words.ts';

const HOUR = 3_600_000;
const DAY = 86_400_000;

const Check = z.strictObject({
  /**
   * Path that is requested with GET. Without it HAProxy only checks that connections are accepted, which a frozen server
   * does.
   */
  path: urlPath.optional(),
  /** @default the server's own */
  port: tcpPort.optional(),
  /** HTTP status codes of a working server. */
  expect: z
    .string()
    .regex(/^[1-5]\d\d(?:-[1-5]\d\d)?(?:,[1-5]\d\d(?:-[1-5]\d\d)?)*$/, 'needs codes like `200-399`')
    .default('200-399'),
  /** Time between two checks of a server that is up; 1 ms to 1 h. */
  every: aDurationBetween(1, HOUR).default(500),
  /** Time between two checks while its state is in doubt; 1 ms to 1 h. */
  everyInDoubt: aDurationBetween(1, HOUR).default(200),
  /** The time that an answer may take, after the connection; 1 ms to 1 h. */
  timeout: aDurationBetween(1, HOUR).default(1_000),
  rise: z.int().min(1).max(100).default(2),
  fall: z.int().min(1).max(100).default(2),
});

const Server = z.strictObject({
  name: word,
  address: ipAddress,
  port: tcpPort,
  /** `true` for a server that gets connections only when no other is up. */
  backup: z.boolean().default(false),
});

export const HaproxyService = z.strictObject({
  name: word,
  mode: z.enum(['http', 'tcp']).default('http'),
  bind: z.strictObject({
    address: ipAddress,
    port: tcpPort,
    /** PEM of certificate and key: TLS ends here. */
    certificate: filePath.optional(),
  }),
  balance: z.enum(['roundrobin', 'leastconn', 'source', 'first']).default('leastconn'),
  check: Check.prefault({}),
  /** Each from 1 ms to 1 day. */
  timeouts: z
    .strictObject({
      connect: aDurationBetween(1, DAY).default(1_000),
      queue: aDurationBetween(1, DAY).default(5_000),
      client: aDurationBetween(1, DAY).default(60_000),
      server: aDurationBetween(1, DAY).default(60_000),
    })
    .prefault({}),
  servers: z.array(Server).min(1).max(500),
});

export const HaproxyModel = z
  .strictObject({
    /** Socket of the runtime API. */
    socket: filePath,
    /** User that it runs as once it has its ports. @default the user that starts it */
    user: word.optional(),
    group: word.optional(),
    /** Socket of the log, such as `/dev/log`. @default it writes no log */
    log: filePath.optional(),
    maxConnections: z.int().min(10).max(1_000_000).default(4_000),
    services: z.array(HaproxyService).max(200),
  })
  .superRefine(({ services }, context) => {
    const say = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const names = new Set<string>();
    const binds = new Set<string>();
    for (const [at, { name, bind, servers }] of services.entries()) {
      if (names.has(name)) say(['services', at, 'name'], `${name} is there twice`);
      names.add(name);
      const where = `${bind.address} port ${bind.port}`;
      if (binds.has(where)) say(['services', at, 'bind', 'port'], `${where} is taken`);
      binds.add(where);
      const own = new Set<string>();
      for (const [index, server] of servers.entries()) {
        if (own.has(server.name))
          say(['services', at, 'servers', index, 'name'], `${server.name} is there twice`);
        own.add(server.name);
      }
    }
  });

/** The content of a configuration of HAProxy. */
export type HaproxyModel = Readonly<z.output<typeof HaproxyModel>>;
export type HaproxyModelInput = Readonly<z.input<typeof HaproxyModel>>;
export type HaproxyServiceModel = Readonly<z.output<typeof HaproxyService>>;
