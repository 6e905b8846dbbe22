import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import { ControlPlaneError } from './control-plane-error.ts';
import type { ControlPlanePart } from './control-plane-part.ts';

export interface RabbitmqDefinitionsOptions {
  readonly host: Pick<Host, 'run' | 'name'>;
  /** As root, or as the user of that name: `rabbitmqctl` wants the broker's cookie. @default as who one is */
  readonly sudo?: boolean | string | undefined;
  /** The command, with what it needs: a node, a container. @default ['rabbitmqctl'] */
  readonly command?: readonly [string, ...string[]] | undefined;
  /** @default 'rabbitmq' */
  readonly name?: string | undefined;
}

const definitionsOptions = optionsSchema<RabbitmqDefinitionsOptions>({
  host: anObjectWith<RabbitmqDefinitionsOptions['host']>('a Host', 'run', 'name'),
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
  command: z.tuple([z.string().min(1)], z.string()).optional(),
  name: z
    .string()
    .regex(/^[a-z\d][a-z\d-]{0,40}$/, 'must be a short name in lower case')
    .optional(),
});

const definitions = z.looseObject({
  vhosts: z.array(z.looseObject({ name: z.string() })),
  users: z.array(z.looseObject({ name: z.string() })),
  queues: z.array(z.unknown()).optional(),
});

/**
 * The definitions of a RabbitMQ: virtual hosts, users with the hashes of their passwords, permissions, policies, queues
 * (`rabbitmqctl export_definitions`, 3.8 and newer). Messages are not in it: OpenStack's are of the moment, and are sent again or
 * have timed out.
 *
 * @throws InputError naming the field
 */
export function rabbitmqDefinitions(options: RabbitmqDefinitionsOptions): ControlPlanePart {
  parseArguments('rabbitmqDefinitions', definitionsOptions, options);
  const { host, sudo, command = ['rabbitmqctl'], name = 'rabbitmq' } = options;
  return {
    name,
    kind: 'definitions',
    host: host.name,
    async store({ writer }) {
      const { stdout, dropped } = await host.run([...command, ...EXPORT], {
        ...(sudo === undefined ? {} : { sudo }),
        signal: writer.signal,
        timeout: '5m',
        keep: LONGEST_DEFINITIONS,
      });
      const text = stdout.slice(Math.max(0, stdout.indexOf('{')));
      const read = dropped === 0 ? definitionsIn(text) : undefined;
      if (read === undefined)
        throw new ControlPlaneError(
          'control-plane.definitions',
          `what rabbitmqctl of ${host.name} printed are no definitions`,
          {
            remedy: 'Run `rabbitmqctl export_definitions -` by hand.',
          },
        );
      await writer.put(`${name}.json`, bytes(text), { tags: { host: host.name, part: name } });
      const { vhosts, users, queues = [] } = read;
      return {
        facts: { vhosts: vhosts.map((vhost) => vhost.name), users: users.length, queues: queues.length },
        gaps: [],
      };
    },
  };
}

/** The arguments that print them. */
export const EXPORT = ['--quiet', 'export_definitions', '-'] as const;

/** Bytes of what is printed. */
export const LONGEST_DEFINITIONS = 64 * 1024 * 1024;

/** The definitions in a text; `undefined` if it has none. What stands before the first brace is passed over. */
export function definitionsIn(text: string): z.output<typeof definitions> | undefined {
  try {
    return definitions.safeParse(JSON.parse(text.slice(Math.max(0, text.indexOf('{'))))).data;
  } catch {
    return undefined;
  }
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
