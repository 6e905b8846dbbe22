import { heldOff, waitingFor } from '../held-off.ts';
import { serversToMove } from '../servers-to-move.ts';
import { answersOf, type Gate } from './gate.ts';

const say = answersOf({ id: 'anything-to-move', onMissing: 'closed' });

/**
 * Would anything be evacuated? Cutting the power of an empty host helps nobody, unless a server elsewhere waits for the proof
 * that it does not run there.
 */
export const anythingToMove: Gate = {
  id: 'anything-to-move',
  question: 'Are there servers to move?',
  scope: 'host',
  onMissing: 'closed',
  why: 'What cannot be listed cannot be evacuated.',
  judge(situation, candidates) {
    const { cloud, policy } = situation;
    const off = heldOff(situation);
    return candidates.map((host) => {
      const { servers } = cloud;
      if (servers === undefined) return say.missing('the list of servers could not be read', host);
      const view = cloud.hosts?.find((hostView) => hostView.host === host);
      if (view?.protected === false) return say.closed('it is taken out of protection', host);
      const count = serversToMove(host, servers, policy, off).length;
      if (count > 0) return say.open(`${count} servers to move`, host);
      const waiting = waitingFor(host, situation).length;
      if (waiting > 0)
        return say.open(`${waiting} servers elsewhere wait for the proof that it is off`, host);
      const hidden = servers.filter(({ hostHidden }) => hostHidden === true).length;
      return hidden === 0
        ? say.closed('no server on it is to be moved', host)
        : say.missing(`Nova does not tell on which host ${hidden} servers are`, host);
    });
  },
};
