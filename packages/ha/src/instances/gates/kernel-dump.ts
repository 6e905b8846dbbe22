import { answersOf, type Gate } from './gate.ts';

const say = answersOf({ id: 'kernel-dump', onMissing: 'open' });

/**
 * Is it dumping its kernel? Then its power is left alone until the dump ends, `dumpLimit` at most. (InstanceHA
 * evacuates a dumping host without fencing it; here nothing is evacuated without proof of off.)
 */
export const kernelDump: Gate = {
  id: 'kernel-dump',
  question: 'Is it dumping its kernel?',
  scope: 'host',
  onMissing: 'open',
  why: 'Few clouds can tell, and a lost dump costs less than lost servers.',
  judge({ now, cloud, policy }, candidates) {
    return candidates.map((host) => {
      const since = cloud.hosts?.find((hostView) => hostView.host === host)?.dumpingSince;
      if (since === undefined) return say.missing('nothing tells of a dump', host);
      const seconds = Math.round((now - since) / 1000);
      const limit = policy.dumpLimit / 1000;
      return seconds < limit
        ? say.closed(`dumping its kernel for ${seconds} s of ${limit}`, host)
        : say.open(`dumping for ${seconds} s, longer than ${limit}`, host);
    });
  },
};
