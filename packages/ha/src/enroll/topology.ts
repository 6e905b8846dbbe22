import * as z from 'zod';
import { argv, filePath, ipAddress, tcpPort, urlPath, word } from './config-words.ts';
import { aVrrpInterval } from './keepalived-model.ts';
import { HaproxyService } from './haproxy-model.ts';

const Haproxy = z.strictObject({
  config: filePath.default('/etc/haproxy/haproxy.cfg'),
  /** Socket of the runtime API. */
  socket: filePath.default('/run/haproxy/admin.sock'),
  user: word.optional(),
  group: word.optional(),
  log: filePath.optional(),
  /** Command that checks a configuration; the path of the file is added. */
  check: argv.prefault(['haproxy', '-c', '-f']),
  /** Command that makes the running program load a new configuration, or starts it. */
  reload: argv.prefault(['systemctl', 'reload-or-restart', 'haproxy']),
  /**
   * Command that stops the program, if it had no configuration before and the enrolment is undone.
   *
   * @default it is left running
   */
  stop: argv.optional(),
});

const Keepalived = z.strictObject({
  config: filePath.default('/etc/keepalived/keepalived.conf'),
  /** Path of the script that checks HAProxy. Only root may write there, or keepalived does not run it. */
  script: filePath.default('/etc/keepalived/groundcrew-check-haproxy'),
  check: argv.prefault(['keepalived', '--config-test', '--use-file']),
  reload: argv.prefault(['systemctl', 'reload-or-restart', 'keepalived']),
  stop: argv.optional(),
});

const Balancer = z.strictObject({
  /** Name of the `Host` of the balancer. */
  host: word,
  /** Machine or rack with which the balancer fails. @default the host's name */
  failsWith: z.string().min(1).optional(),
  /** Address from which it sends VRRP adverts; `interface` has it. */
  address: ipAddress,
  interface: word,
  haproxy: Haproxy.prefault({}),
  keepalived: Keepalived.prefault({}),
});

export const EnrollTopology = z
  .strictObject({
    /** The address of everything behind these balancers. */
    vip: z.strictObject({
      address: ipAddress,
      prefix: z.int().min(1).max(128),
      /** Id of the virtual router, 1 to 255, unique on this network. */
      routerId: z.int().min(1).max(255),
    }),
    balancers: z.array(Balancer).min(1).max(50),
    /**
     * Time between two adverts, 10 ms to 40 s. A balancer that vanishes is missed after a bit more than three of them.
     * Fractions of a second need VRRP 3 everywhere, and hosts that are never too busy to speak in time.
     */
    advertInterval: aVrrpInterval.default(1_000),
    /** Sends adverts by multicast instead of to the addresses of the other balancers. */
    multicast: z.boolean().default(false),
    /** Uses a password, given to `enrollImplementations`. It protects from another router with the same id. */
    authenticated: z.boolean().default(false),
  })
  .superRefine(({ balancers, vip, advertInterval, authenticated }, context) => {
    const say = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    // RFC 5798, VRRP 3, has no authentication; RFC 3768, VRRP 2, no fractions of a second and no IPv6.
    if (authenticated && advertInterval % 1_000 !== 0)
      say(['advertInterval'], 'fractions of a second are VRRP 3, which has no authentication: choose one');
    if (authenticated && vip.address.includes(':'))
      say(['authenticated'], 'IPv6 is VRRP 3, which has no authentication');
    if (!vip.address.includes(':') && vip.prefix > 32) say(['vip', 'prefix'], 'is more than 32');
    for (const [at, { address }] of balancers.entries())
      if (address.includes(':') !== vip.address.includes(':'))
        say(['balancers', at, 'address'], 'one virtual router speaks IPv4 or IPv6, not both');
    for (const member of ['host', 'address'] as const) {
      const seen = new Set<string>();
      for (const [at, balancer] of balancers.entries()) {
        if (seen.has(balancer[member])) say(['balancers', at, member], `${balancer[member]} is there twice`);
        seen.add(balancer[member]);
      }
    }
  });

/** The balancers that components are put behind, with the paths and commands of their programs. */
export type EnrollTopology = Readonly<z.input<typeof EnrollTopology>>;
export type ParsedTopology = Readonly<z.output<typeof EnrollTopology>>;
export type Balancer = ParsedTopology['balancers'][number];

/** One setting of an oslo configuration file. */
export const Setting = z.strictObject({
  section: z.string().regex(/^[A-Za-z0-9_.:-]+$/, 'needs the name of a section'),
  option: z.string().regex(/^[A-Za-z0-9_.-]+$/, 'needs the name of an option'),
  value: z
    .string()
    .regex(/^[^\r\n\0]*$/, 'needs a value of one line')
    // The plan is printed: a value with a password in it does not belong there.
    .refine(
      (value) => !/:\/\/[^/\s]*:[^/\s]*@/.test(value),
      'carries a password: name it in `secret` instead',
    )
    .optional(),
  /** Instead of `value`: the name of a secret that `enrollImplementations` is given. */
  secret: word.optional(),
  why: z.string().optional(),
});
export type Setting = Readonly<z.output<typeof Setting>>;

const Replica = z.strictObject({
  /** Name of the server in HAProxy's configuration. */
  name: word,
  address: ipAddress,
  /** @default what the catalogue says of the component */
  port: tcpPort.optional(),
  /** Machine or rack with which the replica fails. @default its address */
  failsWith: z.string().min(1).optional(),
  /** The file to which its settings are written, and its form. @default the caller writes them */
  settings: z
    .strictObject({
      /** Name of the `Host` of the replica. */
      host: word,
      /** A file of its own, in a folder that the program reads: `/etc/keystone/keystone.conf.d/50-groundcrew.conf`. */
      path: filePath,
      /** @default it keeps its owner; a new file is root's */
      owner: z
        .string()
        .regex(/^[a-z_][a-z0-9_-]*(?::[a-z_][a-z0-9_-]*)?$/, 'needs `user` or `user:group`')
        .optional(),
      /** Command that makes the program load the settings. */
      restart: argv.optional(),
    })
    .optional(),
});

export const EnrollOptions = z.strictObject({
  /** All replicas that serve, including those that are enrolled already. */
  replicas: z.array(Replica).min(1).max(500),
  topology: EnrollTopology,
  /** Port for clients. @default that of the component */
  port: tcpPort.optional(),
  /** PEM of certificate and key on the balancers: TLS ends there. */
  certificate: filePath.optional(),
  /** Path of the health check. @default the catalogue's */
  healthPath: urlPath.optional(),
  /** Deviations from the defaults of `renderHaproxy`. */
  tuning: HaproxyService.pick({ balance: true, check: true, timeouts: true }).partial().optional(),
  /** Settings that are written to each replica with `settings`; `haSettings` proposes them. @default none */
  settings: z.array(Setting).max(200).default([]),
  /** Overwrite files that somebody else wrote, or that were changed by hand. A copy is kept beside them. */
  adopt: z.boolean().default(false),
});

export type EnrollOptions = Readonly<z.input<typeof EnrollOptions>>;
export type ParsedEnrollment = Readonly<z.output<typeof EnrollOptions>>;
export type Replica = ParsedEnrollment['replicas'][number];
