import { type Component, defineComponent } from '../define-component.ts';
import { judgeVips } from './judge-vip.ts';
import { keepalivedReplicas } from './keepalived-replicas.ts';
import { vipObserver, type VipStatus, type VipTarget } from './observe-vip.ts';
import { refuseWithoutSpare } from './refuse-vip.ts';

export const keepalived: Component<'keepalived', 'vips', VipTarget, VipStatus> = defineComponent({
  ...vipObserver,
  name: 'keepalived',
  title: 'keepalived with its virtual addresses',
  mode: 'active-passive',
  state: 'stateless',
  stops: 'the addresses stay where they are, and are lost with their host',
  wanted: 2,
  essential: false,
  checks: [
    {
      id: 'alive',
      expects: 'its script finds HAProxy (or ProxySQL) answering; adverts every second',
      every: 2_000,
      rise: 10,
      fall: 2,
      source: { kind: 'kolla', where: 'roles/loadbalancer/templates/keepalived/keepalived.conf.j2' },
    },
  ],
  needs: [
    {
      component: 'haproxy',
      kind: 'soft',
      why: 'its check script gives the address up where HAProxy does not answer',
    },
  ],
  unsafe: [
    {
      id: 'keepalived.no-spare',
      moves: ['stop', 'restart', 'upgrade'],
      when: 'nobody would take the address over, or two have it',
      why: 'the address is gone, or moves to the wrong side',
      source: { kind: 'kolla', where: 'roles/loadbalancer: nopreempt, all BACKUP' },
      refuses: refuseWithoutSpare,
      refusesUnseen: false,
    },
    {
      id: 'keepalived.router-id',
      moves: ['reconfigure'],
      when: 'another VRRP group on the network has the same virtual router id',
      why: 'two groups believe that they are one: two masters, or none',
      source: { kind: 'upstream', where: 'RFC 5798, virtual router identifier' },
    },
  ],
  replicas: keepalivedReplicas,
  judge: (seen, _, view) => judgeVips(seen, view),
});
