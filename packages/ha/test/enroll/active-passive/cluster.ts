import { type Catalogue, catalogue, type Component, type PacemakerStatus } from '../../../src/stack.ts';

/** A cluster of three that is well, and fences. */
export const status: PacemakerStatus = {
  host: 'ctl-1',
  version: '2.1.5',
  coordinator: 'ctl-2',
  quorum: true,
  stonith: true,
  noQuorumPolicy: 'stop',
  maintenance: false,
  nodes: ['ctl-1', 'ctl-2', 'ctl-3'].map((name) => ({
    name,
    online: true,
    standby: false,
    maintenance: false,
    unclean: false,
    pending: false,
    type: 'member',
    resources: 0,
  })),
  resources: [],
  failures: [],
};

export function component(name: string): Component {
  const found = (catalogue as Catalogue)[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}
