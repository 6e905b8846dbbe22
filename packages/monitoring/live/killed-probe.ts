// A probe in a process of its own, which tells each state that it sees, until it is killed.
import { connect } from '@groundcrew/core';
import { z } from 'zod';
import { bootProbe, probe, volumeProbe } from '../src/probes.ts';

const { attachTo, flavor, image, kind, mark } = z
  .object({
    kind: z.enum(['boot', 'volume']),
    mark: z.string(),
    image: z.string(),
    flavor: z.string(),
    attachTo: z.string(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

const cloud = connect({ cloud: 'lab-member' });
cloud.events.on('wait', ({ state }) => console.log(state));
const what = kind === 'boot' ? bootProbe({ image, flavor, network: 'none' }) : volumeProbe({ attachTo });
await probe(cloud, what, { mark })(new AbortController().signal);
