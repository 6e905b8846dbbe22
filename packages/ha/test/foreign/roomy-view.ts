import type { CloudView } from '../../src/instances/situation.ts';
import { hostView, serverView } from '../instances/situations.ts';

// A world in which nothing but the input of the test keeps a server where it is; the inputs name their sources.
/** Three hosts with room, and a server on the first. */
export const roomyView = (): CloudView => ({
  apiMisses: 0,
  hosts: ['a', 'b', 'c'].map((name) => hostView(name, { free: { vcpus: 16, memory: 32_768, disk: 1000 } })),
  servers: [serverView('s', 'a')],
  schedulers: [{ host: 'ctl', up: true }],
  completeness: 'complete',
  gaps: [],
});
