import { type Component, defineComponent } from '../define-component.ts';
import { vipObserver } from '../vip/observe-vip.ts';
import { refuseWithoutSpare } from '../vip/refuse-vip.ts';
import { judgeHaproxy } from './judge-haproxy.ts';
import { haproxyObserver, type HaproxyStatus, type HaproxyTarget } from './observe-haproxy.ts';
import { refuseLastServer } from './refuse-haproxy.ts';

export const haproxy: Component<'haproxy', 'haproxy', HaproxyTarget, HaproxyStatus> = defineComponent({
  ...haproxyObserver,
  name: 'haproxy',
  title: 'HAProxy',
  mode: 'active-active',
  state: 'stateless',
  stops: 'no API and, where it is in between, no database can be reached',
  wanted: 2,
  essential: false,
  checks: [
    {
      id: 'runtime',
      expects: 'the stats socket answers `show info`',
      every: 2_000,
      rise: 10,
      fall: 2,
      source: { kind: 'kolla', where: 'roles/loadbalancer: check_alive of keepalived' },
    },
  ],
  needs: [],
  unsafe: [
    {
      id: 'haproxy.last-server',
      moves: ['drain', 'reconfigure'],
      when: 'a backend has one server that is up, or the balancer could not be asked',
      why: 'draining it stops the service',
      source: { kind: 'field', where: 'maintenance of the last server of a backend' },
      refuses: refuseLastServer,
    },
    {
      id: 'haproxy.no-spare',
      moves: ['stop', 'restart', 'upgrade'],
      when: 'nobody would take the virtual address over',
      why: 'with its HAProxy down, the host that has the address serves nobody',
      source: {
        kind: 'kolla',
        where: 'roles/loadbalancer: keepalived gives the address up with its HAProxy',
      },
      refuses: (_, view) => refuseWithoutSpare(view.seen(vipObserver), view),
      refusesUnseen: false,
    },
  ],
  sign: 'answers',
  // An old process closes its sockets before it says that it stops, unless it hands them on, from 1.8 on, which tells it.
  replica: ({ address, stopping }) => ({ at: address, works: !stopping }),
  judge: judgeHaproxy,
});
