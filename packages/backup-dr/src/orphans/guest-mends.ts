import { implement, type Implementation, type StepContext } from '@groundcrew/runbook';
import type { Host } from '@groundcrew/runbook/hosts';
import { guestsOf } from './domains-of.ts';
import { checkGuests, powerOffGuest } from './mend-actions.ts';
import { type OrphanMendsAccess, unlessServer } from './mend-revisions.ts';
import { OrphanError } from './orphan-error.ts';
import type { HypervisorDomain } from './orphan-sources.ts';
import { runningUnknown } from './running-unknown.ts';

type Asked = Pick<StepContext, 'signal' | 'clock'>;

/** What is done at hypervisors. */
export function guestMends({ cloud, hosts = {}, sudo }: OrphanMendsAccess): Implementation[] {
  function hostOf(name: string): Pick<Host, 'run'> {
    const host = hosts[name];
    if (host !== undefined) return host;
    throw new OrphanError('orphans.no-host', `${name} is not among the hosts that were given`, {
      remedy: 'Give all hosts that were asked when it was planned.',
    });
  }

  const guestsOn = (name: string, { signal, clock }: Asked): Promise<readonly HypervisorDomain[]> =>
    guestsOf(name, hostOf(name), { sudo, signal, now: () => clock.now() });

  const running = async (name: string, id: string, asked: Asked): Promise<HypervisorDomain | undefined> =>
    (await guestsOn(name, asked)).find((guest) => guest.id === id && guest.isRunning);

  return [
    implement(checkGuests, {
      async perform({ servers, unknown, hosts: names }, context) {
        const guests: HypervisorDomain[] = [];
        for (const name of names) {
          context.progress(`asking ${name} for its guests`);
          guests.push(...(await guestsOn(name, context)).filter(({ isRunning }) => isRunning));
        }
        const inTheWay = unknown
          ? await runningUnknown(cloud, guests, context.signal)
          : guests.filter(({ id }) => servers.includes(id));
        if (inTheWay.length === 0) return { hosts: names.length, guests: guests.length };
        throw new OrphanError(
          'orphans.guest-runs',
          `${inTheWay.map(({ id, name, host }) => `${name} (${id}) runs on ${host}`).join(', ')}, and Nova does not know it`,
          { remedy: 'Bring its server back, or power it off, and plan anew.' },
        );
      },
    }),

    implement(powerOffGuest, {
      precondition: ({ guest }, { signal }) => unlessServer(cloud, guest, signal),
      async done({ host, guest }, context) {
        return (await running(host, guest, context)) === undefined ? {} : undefined;
      },
      async perform({ host, guest, name }, context) {
        const found = await running(host, guest, context);
        if (found === undefined) return {};
        if (found.name !== name)
          throw new OrphanError('orphans.changed', `guest ${guest} on ${host} is ${found.name} by now`);
        await hostOf(host).run(['virsh', '--connect', 'qemu:///system', 'destroy', guest], {
          ...(sudo === undefined ? {} : { sudo }),
          signal: context.signal,
        });
        return {};
      },
      async verify({ host, guest }, _output, context) {
        if ((await running(host, guest, context)) === undefined) return undefined;
        return {
          code: 'orphans.guest-runs',
          reason: `guest ${guest} still runs on ${host}`,
          remedy: 'Look for what starts it again: its own definition (`virsh dominfo`), a cluster.',
        };
      },
    }),
  ];
}
