import { dirname } from 'node:path/posix';
import { aHost, aSudo, checkedOptions, inSeconds } from '../option-parts.ts';
import { Secret } from '@groundcrew/core';
import { z } from 'zod';
import { aPositiveDuration, type Duration, optionsSchema } from '@groundcrew/ground';
import {
  type Host,
  type Implementation,
  implement,
  type Refusal,
  type StepContext,
} from '@groundcrew/runbook';
import type { HaproxyServer } from '../components/haproxy/haproxy-stat.ts';
import { observeVip } from '../components/vip/observe-vip.ts';
import { activateConfig, type ConfigKind, confirmVip, drainServer, stageConfig } from './enroll-actions.ts';
import { EnrollError, lastWords } from './enroll-error.ts';
import type { EnrollRefusal } from './enroll-refusal.ts';
import { digestOf } from './managed-file.ts';
import { readFileOf } from './observe-enrollment.ts';
import { type EnrollSecrets, renderConfig } from './render-config.ts';
import { serversOn, tellHaproxy } from './runtime-socket.ts';
import { LOOK, settled } from './settled.ts';

export interface EnrollImplementationsOptions extends EnrollSecrets {
  /** Every host that the plan names: balancers, and replicas with settings. */
  readonly hosts: readonly Host[];
  /** `true` runs commands as root, a name as that user, by `sudo -n`. @default as the user of the connection */
  readonly sudo?: boolean | string | undefined;
  /** The time that a program may take until it works with its new configuration. @default '60s' */
  readonly within?: Duration | undefined;
}

const implementationsOptions = optionsSchema<EnrollImplementationsOptions>({
  hosts: z.array(aHost),
  sudo: aSudo.optional(),
  within: aPositiveDuration.optional(),
  vrrpPassword: z.instanceof(Secret).optional(),
  settings: z.record(z.string(), z.instanceof(Secret)).optional(),
});

/** Looks in a row at the same owner, before it counts as settled. */
const SETTLED = 4;

const MODES: Readonly<Record<ConfigKind, number>> = {
  haproxy: 0o600,
  check: 0o755,
  keepalived: 0o600,
  settings: 0o640,
};

/** Copies the old file aside, once in a run; the new file has the owner and mode of the old one. */
const ACTIVATE = `set -e
if [ -e "$1" ]; then
    [ -e "$3" ] || { cp -p -- "$1" "$3.new" && mv -f -- "$3.new" "$3"; }
    chown --reference="$1" -- "$2"
    chmod --reference="$1" -- "$2"
fi
mv -f -- "$2" "$1"`;
const RESTORE = `if [ -e "$2" ]; then mv -f -- "$2" "$1"; echo restored; else rm -f -- "$1"; fi`;

/**
 * Implementations of the actions of `planEnrollment` and `planRetirement`. A file is replaced only if it is still as it
 * was when the plan was made; a step that was interrupted is done again. Undoing a step puts the old file back, and
 * makes the program load it.
 */
export function enrollImplementations(options: EnrollImplementationsOptions): readonly Implementation[] {
  const {
    hosts,
    sudo,
    within = 60_000,
  } = checkedOptions('enrollImplementations', implementationsOptions, options);
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const hostOf = (name: string): Host => {
    const host = byName.get(name);
    if (host === undefined) throw new EnrollError('enroll.no-host', `no host ${name} was given`);
    return host;
  };
  const here = ({ signal }: StepContext) => ({ signal, sudo });
  const wanted = ({ kind, model }: { readonly kind: ConfigKind; readonly model: unknown }): string =>
    renderConfig(kind, model, options);

  return [
    implement(stageConfig, {
      async perform(input, context) {
        const host = hostOf(input.host);
        const candidate = `${input.path}.candidate`;
        await host.run(['mkdir', '-p', '--', dirname(input.path)], here(context));
        await host.upload(wanted(input), candidate, { ...here(context), mode: MODES[input.kind] });
        if (input.check === undefined) return { candidate };
        const [program, ...rest] = input.check;
        const { exitCode, stdout, stderr } = await host.run([program, ...rest, candidate], {
          ...here(context),
          expect: 'any',
          timeout: '1m',
        });
        if (exitCode === 0) return { candidate };
        await host.run(['rm', '-f', '--', candidate], here(context));
        throw new EnrollError(
          'enroll.not-accepted',
          `${program} on ${host.name} does not accept it: ${lastWords(stderr) || lastWords(stdout) || `exit code ${exitCode}`}`,
          'Nothing was changed. Correct what it says, and plan anew.',
        );
      },
      async compensate({ host, path }, _, context) {
        await hostOf(host).run(['rm', '-f', '--', `${path}.candidate`], here(context));
      },
    }),

    implement(activateConfig, {
      async precondition(input, context) {
        const now = await readFileOf(hostOf(input.host), input.path, here(context));
        const digest = now === undefined ? 'absent' : digestOf(now);
        // Done already, by an attempt that was cut off: it is done again, from the reload on.
        if (digest === input.before || now === wanted(input)) return undefined;
        return refuse(
          'enroll.changed',
          `${input.path} on ${input.host} is not as it was when this was planned`,
          input,
          'Plan anew.',
        );
      },
      async perform(input, context) {
        const host = hostOf(input.host);
        const text = wanted(input);
        const backup = backupOf(input.path, context.run);
        if ((await readFileOf(host, input.path, here(context))) !== text) {
          const candidate = `${input.path}.candidate`;
          const { owner } = input;
          // Written again: what was checked may be gone by now, and must not be something else.
          await host.upload(text, candidate, { ...here(context), mode: MODES[input.kind], owner });
          await host.run(['sh', '-c', ACTIVATE, 'sh', input.path, candidate, backup], here(context));
        }
        if (input.reload !== undefined) await host.run(input.reload, { ...here(context), timeout: '2m' });
        const { exitCode } = await host.run(['test', '-e', backup], { ...here(context), expect: [0, 1] });
        return { backup: exitCode === 0 ? backup : null };
      },
      async verify(input, _, context) {
        const host = hostOf(input.host);
        const { expect, ready } = input;
        const complaint = await settled(
          async () => {
            if (ready !== undefined) {
              const { exitCode, stderr } = await host.run(ready, {
                ...here(context),
                expect: 'any',
                timeout: '20s',
              });
              if (exitCode !== 0) return `${ready[0]}: ${lastWords(stderr) || `exit code ${exitCode}`}`;
            }
            if (expect === undefined) return undefined;
            return notUp(expect.backends, await serversOn(host, expect.socket, here(context)));
          },
          context,
          within,
        );
        return complaint === undefined
          ? undefined
          : refuse(
              'enroll.not-working',
              `${input.host}, after ${inSeconds(within)}: ${complaint}`,
              input,
              LOOK_AT_IT,
            );
      },
      async compensate({ host: name, path, reload, stop }, _, context) {
        const host = hostOf(name);
        const backup = backupOf(path, context.run);
        const { stdout } = await host.run(['sh', '-c', RESTORE, 'sh', path, backup], here(context));
        const then = stdout.includes('restored') ? reload : stop;
        if (then !== undefined) await host.run(then, { ...here(context), timeout: '2m' });
      },
    }),

    implement(confirmVip, {
      async perform({ address, hosts: names }, context) {
        let owner = '';
        let looks = 0;
        const complaint = await settled(
          async () => {
            const seen = await observeVip(
              { address, hosts: names.map(hostOf) },
              { signal: context.signal, sudo, now: () => context.clock.now() },
            );
            // Without a value there is a gap, which is told below.
            const owners = seen.value?.owners ?? [];
            const [first = '', another] = owners;
            looks = first !== '' && first === owner ? looks + 1 : 1;
            owner = first;
            const [gap] = seen.gaps;
            if (gap !== undefined) return `${gap.what}: ${gap.why}`;
            if (first === '') return `nobody has ${address}`;
            if (another !== undefined) return `${owners.join(' and ')} both have ${address}`;
            return looks >= SETTLED ? undefined : `${first} has had ${address} for a moment`;
          },
          context,
          within,
        );
        if (complaint !== undefined)
          throw new EnrollError('enroll.not-working', `after ${inSeconds(within)}: ${complaint}`, LOOK_AT_IT);
        return { owner };
      },
      // It only looked.
      compensate: async () => undefined,
    }),

    implement(drainServer, {
      async precondition(input, context) {
        const { host, socket, backend, server, stay } = input;
        const servers = await serversOn(hostOf(host), socket, here(context));
        const others = servers.filter(
          (candidate) => candidate.proxy === backend && stay.includes(candidate.name),
        );
        if (others.some(({ up }) => up === true)) return undefined;
        return refuse(
          'enroll.last-replica',
          `on ${host}, no other server of ${backend} than ${server} is up`,
          input,
          'Get one of them up first.',
        );
      },
      async perform({ host, socket, backend, server, drainMs }, context) {
        await tellHaproxy(hostOf(host), socket, `set server ${backend}/${server} state drain`, here(context));
        const until = context.clock.now() + drainMs;
        for (;;) {
          const servers = await serversOn(hostOf(host), socket, here(context));
          const found = servers.find((candidate) => candidate.proxy === backend && candidate.name === server);
          if (found === undefined)
            throw new EnrollError('enroll.changed', `${host} has no server ${server} of ${backend} any more`);
          const left = found.sessions;
          // A server that does not tell its sessions is not known to be drained.
          if (left === undefined)
            throw new EnrollError(
              'enroll.not-working',
              `${host} does not tell how many sessions ${server} of ${backend} has`,
              LOOK_AT_IT,
            );
          if (left === 0 || context.clock.now() >= until) return { sessionsLeft: left };
          await context.clock.sleep(LOOK, context.signal);
        }
      },
      async compensate({ host, socket, backend, server }, _, context) {
        await tellHaproxy(hostOf(host), socket, `set server ${backend}/${server} state ready`, here(context));
      },
    }),
  ];
}

function notUp(
  backends: readonly { readonly backend: string; readonly servers: readonly string[] }[],
  seen: readonly HaproxyServer[],
): string | undefined {
  for (const { backend, servers } of backends) {
    const own = seen.filter(({ proxy }) => proxy === backend);
    const extra = own.find(({ name }) => !servers.includes(name));
    if (extra !== undefined) return `${backend} still has the server ${extra.name}`;
    for (const name of servers) {
      const server = own.find((candidate) => candidate.name === name);
      if (server === undefined) return `${backend} has no server ${name}`;
      // Checks that are on their way, or said nothing yet, are no "up" that somebody saw.
      if (server.up !== true || !/^(?:\* )?L\dOK/.test(server.check ?? ''))
        return `${name} of ${backend} is ${server.status}: ${server.checkSaid ?? 'no check yet'}`;
    }
  }
  return undefined;
}

const backupOf = (path: string, run: string): string =>
  `${path}.before-${digestOf(run).slice('sha256:'.length, 'sha256:'.length + 12)}`;

const LOOK_AT_IT = 'Look at its log; run again to try once more, or roll back.';

const refuse = (
  code: EnrollRefusal['code'],
  reason: string,
  { host }: { readonly host: string },
  remedy: string,
): Refusal => ({ code, reason, remedy, subject: { kind: 'host', id: host } });
