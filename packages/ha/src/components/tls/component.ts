import { type Component, defineComponent } from '../define-component.ts';
import { judgeTls } from './judge-tls.ts';
import { tlsObserver, type TlsStatus, type TlsTarget } from './observe-tls.ts';

export const tls: Component<'tls', 'tls', TlsTarget, TlsStatus> = defineComponent({
  ...tlsObserver,
  name: 'tls',
  title: 'TLS certificates',
  mode: 'independent',
  state: 'local',
  stops: 'clients that check certificates talk to nobody',
  wanted: 1,
  checks: [
    {
      id: 'certificate',
      expects: 'a certificate for the name that clients ask for, trusted, and valid for 30 days more',
      source: { kind: 'upstream', where: 'RFC 9525, RFC 5280' },
    },
  ],
  judge: judgeTls,
});
