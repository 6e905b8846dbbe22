import { type Cloud, unlessGone } from '@groundcrew/core';
import { implement, type Implementation } from '@groundcrew/runbook';
import { deletePort, unbindPort } from './mend-actions.ts';
import { unlessServer } from './mend-revisions.ts';

/** What is done in Neutron. */
export function portMends(cloud: Cloud): Implementation[] {
  const { ports } = cloud.network;
  return [
    implement(unbindPort, {
      precondition: ({ server }, { signal }) => unlessServer(cloud, server, signal),
      async done({ port, server }, { signal }) {
        const now = await ports.get({ id: port }, { signal });
        return now.device_id === server ? undefined : {};
      },
      async perform({ port, revision }, { signal }) {
        // As Nova does it for ports that it has not made (`_unbind_ports` of nova/network/neutron.py).
        await ports.update(
          { id: port, device_id: '', device_owner: '', 'binding:host_id': '', ...ifMatch(revision) },
          { signal },
        );
        return {};
      },
      async verify({ port }, _output, { signal }) {
        const { device_id: device } = await ports.get({ id: port }, { signal });
        if (device === '') return undefined;
        return {
          code: 'orphans.port-not-free',
          reason: `port ${port} is of ${device}`,
          remedy: 'Somebody has taken it meanwhile.',
        };
      },
    }),

    implement(deletePort, {
      precondition: ({ server }, { signal }) => unlessServer(cloud, server, signal),
      async done({ port }, { signal }) {
        return (await unlessGone(() => ports.get({ id: port }, { signal }))) === undefined ? {} : undefined;
      },
      async perform({ port, revision }, { signal }) {
        await ports.delete({ id: port, ...ifMatch(revision) }, { signal, missingOk: true });
        return {};
      },
    }),
  ];
}

/** What keeps Neutron from changing a port that has changed; nothing where it does not count its changes. */
const ifMatch = (revision: number | null): { readonly if_match?: string } =>
  revision === null ? {} : { if_match: `revision_number=${revision}` };
