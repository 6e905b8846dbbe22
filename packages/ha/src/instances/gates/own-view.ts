import { answersOf, type Gate } from './gate.ts';

const say = answersOf({ id: 'own-view', onMissing: 'closed' });

/** Can this controller still see the cloud? A controller that cannot reach the cloud's API may itself be cut off. */
export const ownView: Gate = {
  id: 'own-view',
  question: 'Can this controller still see the cloud?',
  scope: 'cycle',
  onMissing: 'closed',
  why: 'Whoever cannot read the list of hosts would act on an old one.',
  judge({ cloud, policy }) {
    if (cloud.apiMisses >= policy.apiMisses)
      return [say.closed(`the API did not answer in the last ${cloud.apiMisses} rounds`)];
    if (cloud.hosts === undefined) return [say.missing('the list of compute hosts could not be read')];
    return [say.open('the API answers')];
  },
};
